/* SPDX-License-Identifier: Apache-2.0 */
/* CRYPTOCELL with EasyDMA around it, used the way a vendor's library does. Offsets are from
 * 0x5002b000.
 */
#ifndef TESTS_PERIPH_CC_BENCH_H
#define TESTS_PERIPH_CC_BENCH_H

#include "sim/periph/cryptocell.h"
#include "tests/periph/serial_bench.h"

enum { CC_IN = 0x20001000, CC_OUT = 0x20001800 };

/* Where data goes: offset of CRYPTO_CTL, and values. */
enum { CC_CRYPTO_CTL = 0x900, CC_CRYPTO_BUSY = 0x910 };

/* The bench of the test that runs. */
extern struct serial_bench *cc_bench;

/* For cmocka. */
int cc_set_up(void **state);
int cc_tear_down(void **state);

void cc_write(uint32_t offset, uint32_t value);
uint32_t cc_read(uint32_t offset);

/* Bytes as words, first byte lowest, from `offset` on. `size` is a multiple of 4. */
void cc_write_bytes(uint32_t offset, const uint8_t *bytes, uint32_t size);

/* Reads them back and compares. */
void cc_assert_bytes(uint32_t offset, const uint8_t *bytes, uint32_t size);

/* Puts bytes into RAM at CC_IN. */
void cc_put(const void *bytes, uint32_t size);

/* Moves `size` bytes from CC_IN through the engine to `to`, 0: nowhere. */
void cc_move(guest_addr to, uint32_t size);

/* Hexadecimal text as bytes; returns how many. */
uint32_t cc_bytes(const char *text, uint8_t *bytes);

#endif
