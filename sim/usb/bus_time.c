/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long packets take: every bit of them, and every bit that is stuffed in
 * (USB 2.0, 7.1.9, 7.1.10 and 8.3).
 */
#include "sim/usb/bus_time.h"

#include "sim/usb/crc.h"
#include "sim/usb/port.h"

enum { SYNC_BITS = 8, END_BITS = 3, PID_BITS = 8 };
enum { RUN_MAX = 6, RUN_AFTER_SYNC = 1 }; /* the last bit of SYNC is a one, and counts */

/* Bits on the wire so far, and ones in a row. */
struct wire_bits {
    size_t count;
    unsigned run;
};

static void put_byte(struct wire_bits *bits, uint8_t byte)
{
    for (unsigned i = 0; i < 8; i++) {
        bits->count++;
        bits->run = byte >> i & 1 ? bits->run + 1 : 0;
        if (bits->run == RUN_MAX) { /* a zero is stuffed in */
            bits->count++;
            bits->run = 0;
        }
    }
}

static struct wire_bits begin(uint8_t pid)
{
    struct wire_bits bits = {SYNC_BITS, RUN_AFTER_SYNC};

    put_byte(&bits, pid);
    return bits;
}

size_t bus_token_bits(uint8_t pid, uint8_t address, uint8_t endpoint)
{
    struct wire_bits bits = begin(pid);
    uint16_t fields = (uint16_t)(address | endpoint << 7);
    uint16_t word = (uint16_t)(fields | usb_crc5(fields) << 11);

    put_byte(&bits, (uint8_t)word);
    put_byte(&bits, (uint8_t)(word >> 8));
    return bits.count + END_BITS;
}

size_t bus_data_bits(uint8_t pid, const uint8_t *bytes, size_t size)
{
    struct wire_bits bits = begin(pid);
    uint16_t crc = usb_crc16(bytes, size);

    for (size_t i = 0; i < size; i++)
        put_byte(&bits, bytes[i]);
    put_byte(&bits, (uint8_t)crc);
    put_byte(&bits, (uint8_t)(crc >> 8));
    return bits.count + END_BITS;
}

size_t bus_handshake_bits(uint8_t pid)
{
    return begin(pid).count + END_BITS;
}

size_t bus_transaction_bound(size_t payload)
{
    size_t token = 16;
    size_t data = 8 * payload + 16;
    size_t pids = 3 * PID_BITS;
    size_t frames = 3 * (SYNC_BITS + END_BITS);

    return frames + (token + data + pids) * 7 / 6 + BUS_SILENCE_BITS + BUS_GAP_BITS;
}
