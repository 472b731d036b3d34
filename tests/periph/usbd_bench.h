/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD on a chip without a CPU. Registers are poked by offsets typed from the reference manual, not
 * from driver/regs/usbd.def: the tests are the list's independent witness.
 */
#ifndef TESTS_PERIPH_USBD_BENCH_H
#define TESTS_PERIPH_USBD_BENCH_H

#include "sim/periph/usbd.h"
#include "tests/periph/chip.h"

enum { USBD_BASE = 0x40027000, USBD_IRQ = 39, BENCH_LOG = 64, BENCH_BUFFER = 0x20001000 };

/* Typical time until a transfer of up to 64 bytes has ended. */
#define TRANSFER_TIME ((sim_time)(8 + 64 + 16 * 16 + 8))

struct bench {
    struct chip *chip;
    struct easydma easydma;
    struct usbd usbd;
    struct usb_data data; /* what the last IN token was answered with */
    unsigned log_count;   /* DMA_OPEN, DMA_CLOSE and DMA_OBSERVED, oldest first */
    struct observation log[BENCH_LOG];
};

/* CMocka fixtures; `*state` is a struct bench. The first leaves the block as after reset, without
 * VBUS; the second ready, attached, with crystal and erratum 199 latched; the third also reset by
 * the host, with all events cleared. */
int bench_in_reset(void **state);
int bench_ready(void **state);
int bench_on_bus(void **state);
int bench_remove(void **state);

/* Makes the silicon have an erratum, or an answer of its own to what no document settles. */
void bites(struct bench *bench, enum erratum erratum);
void answer(struct bench *bench, enum undocumented question, uint8_t answer);

/* Registers by offset; pass: lets time pass; ram: host pointer to Data RAM. */
uint32_t peek(struct bench *bench, uint32_t offset);
void poke(struct bench *bench, uint32_t offset, uint32_t value);
void pass(struct bench *bench, sim_time duration);
uint8_t *ram(struct bench *bench, guest_addr address);

/* Writes PTR and MAXCNT of EPIN[n] or EPOUT[n] and triggers the start task. */
void start_in(struct bench *bench, unsigned endpoint, guest_addr ptr, uint32_t maxcnt);
void start_out(struct bench *bench, unsigned endpoint, guest_addr ptr, uint32_t maxcnt);

/* What the host does, at the device's present address. */
enum usb_answer host_setup(struct bench *bench, const uint8_t packet[8]);
enum usb_answer host_in(struct bench *bench, uint8_t endpoint);
void host_ack(struct bench *bench, uint8_t endpoint);
enum usb_answer host_out(struct bench *bench, uint8_t endpoint, enum usb_pid pid, const char *bytes,
                         size_t size);

/* The only misuse reported so far was `misuse` of the register at `offset`. */
void assert_misused(const struct bench *bench, enum misuse misuse, uint32_t offset);
void assert_no_misuse(const struct bench *bench);
void forget_misuse(struct bench *bench);

#endif
