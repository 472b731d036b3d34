/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Framing of the GDB remote protocol: $content#checksum, '+' and '-', and the lone byte 3.
 */
#ifndef SIM_DEBUG_PACKET_H
#define SIM_DEBUG_PACKET_H

#include "sim/base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* The longest content we accept, as told to the debugger. */
enum { PACKET_MAX = 0x4000 };

enum packet_event {
    PACKET_PENDING,   /* more bytes are needed */
    PACKET_COMPLETE,  /* `bytes` and `size` hold a packet */
    PACKET_DAMAGED,   /* wrong checksum, or too long */
    PACKET_INTERRUPT, /* the user typed Ctrl-C */
    PACKET_RESEND,    /* the debugger got our last packet damaged */
};

/* Starts as {0}. */
struct packet_reader {
    enum { PACKET_OUTSIDE, PACKET_CONTENT, PACKET_HIGH_DIGIT, PACKET_LOW_DIGIT } state;
    bool escaped;
    bool too_long;
    uint8_t sum;
    uint8_t told; /* high digit of the checksum */
    size_t size;
    char bytes[PACKET_MAX + 1]; /* unescaped, NUL-terminated when complete */
};

/* Takes one byte from the debugger. Never fails, whatever comes. */
enum packet_event packet_feed(struct packet_reader *reader, uint8_t byte);

/* Appends `size` bytes as a packet: escaped where needed, with its checksum. */
void packet_write(struct text *out, const char *bytes, size_t size);

/* ---- Numbers and bytes inside packets ---------------------------------------------------------
 */

/* Reads a hexadecimal number of 1..16 digits and moves *at behind it; false when there is none. */
bool packet_number(const char **at, uint64_t *number);

/* Moves *at behind `c`; false when something else stands there. */
bool packet_skip(const char **at, char c);

/* Two digits a byte, in order. */
void packet_print_hex(struct text *text, const void *bytes, size_t size);

/* Reads exactly `size` bytes and moves *at behind them; false when there are fewer. */
bool packet_hex(const char **at, uint8_t *bytes, size_t size);

#endif
