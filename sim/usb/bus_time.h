/* SPDX-License-Identifier: Apache-2.0 */
/* Full-speed packets as bits on the wire: SYNC, stuffed bits and end of packet included. */
#ifndef SIM_USB_BUS_TIME_H
#define SIM_USB_BUS_TIME_H

#include "sim/core/time.h"

#include <stddef.h>
#include <stdint.h>

enum {
    BUS_GAP_BITS = 2,     /* shortest inter-packet delay (USB 2.0, 7.1.18) */
    BUS_SILENCE_BITS = 18 /* longest wait for an answer (7.1.19) */
};

size_t bus_token_bits(uint8_t pid, uint8_t address, uint8_t endpoint);
size_t bus_data_bits(uint8_t pid, const uint8_t *bytes, size_t size);
size_t bus_handshake_bits(uint8_t pid);

/* At most so many bits are in a transaction with `payload` bytes, whatever they are. */
size_t bus_transaction_bound(size_t payload);

/* 12 Mbit/s at 64 MHz: 16 cycles for 3 bits. */
static inline sim_time bus_time(size_t bits)
{
    return (sim_time)bits * 16 / 3;
}

#endif
