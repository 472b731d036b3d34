/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/debug/packet.h"

enum { ESCAPE = 0x7d, ESCAPE_FLIP = 0x20, CTRL_C = 3 };

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* ---- Coming in ------------------------------------------------------------------------------- */

static void begin(struct packet_reader *reader)
{
    reader->state = PACKET_CONTENT;
    reader->escaped = false;
    reader->too_long = false;
    reader->sum = 0;
    reader->size = 0;
}

static void store(struct packet_reader *reader, uint8_t byte)
{
    reader->sum = (uint8_t)(reader->sum + byte);
    if (byte == ESCAPE && !reader->escaped) {
        reader->escaped = true;
        return;
    }
    if (reader->escaped)
        byte ^= ESCAPE_FLIP;
    reader->escaped = false;
    if (reader->size == PACKET_MAX)
        reader->too_long = true;
    else
        reader->bytes[reader->size++] = (char)byte;
}

static enum packet_event finish(struct packet_reader *reader, uint8_t byte)
{
    int low = digit((char)byte);

    reader->state = PACKET_OUTSIDE;
    reader->bytes[reader->size] = '\0';
    if (low < 0 || reader->too_long || (uint8_t)(reader->told << 4 | low) != reader->sum)
        return PACKET_DAMAGED;
    return PACKET_COMPLETE;
}

enum packet_event packet_feed(struct packet_reader *reader, uint8_t byte)
{
    switch (reader->state) {
    case PACKET_OUTSIDE:
        if (byte == '$')
            begin(reader);
        else if (byte == '-')
            return PACKET_RESEND;
        else if (byte == CTRL_C)
            return PACKET_INTERRUPT;
        break;
    case PACKET_CONTENT:
        if (byte == '#')
            reader->state = PACKET_HIGH_DIGIT;
        else if (byte == '$') /* the rest of the old one was lost */
            begin(reader);
        else
            store(reader, byte);
        break;
    case PACKET_HIGH_DIGIT:
        if (digit((char)byte) < 0) {
            reader->state = PACKET_OUTSIDE;
            return PACKET_DAMAGED;
        }
        reader->told = (uint8_t)digit((char)byte);
        reader->state = PACKET_LOW_DIGIT;
        break;
    case PACKET_LOW_DIGIT:
        return finish(reader, byte);
    }
    return PACKET_PENDING;
}

/* ---- Going out ------------------------------------------------------------------------------- */

static const char digits[] = "0123456789abcdef";

static bool needs_escape(char byte)
{
    return byte == '$' || byte == '#' || byte == ESCAPE || byte == '*';
}

void packet_write(struct text *out, const char *bytes, size_t size)
{
    uint8_t sum = 0;

    text_append(out, "$", 1);
    for (size_t i = 0; i < size; i++) {
        char raw[2] = {ESCAPE, (char)(bytes[i] ^ ESCAPE_FLIP)};

        if (needs_escape(bytes[i])) {
            text_append(out, raw, 2);
            sum = (uint8_t)(sum + ESCAPE + (uint8_t)raw[1]);
        } else {
            text_append(out, &bytes[i], 1);
            sum = (uint8_t)(sum + (uint8_t)bytes[i]);
        }
    }
    text_printf(out, "#%02x", sum);
}

/* ---- Content --------------------------------------------------------------------------------- */

bool packet_number(const char **at, uint64_t *number)
{
    unsigned count = 0;

    *number = 0;
    for (; digit(**at) >= 0 && count < 16; count++)
        *number = *number << 4 | (uint64_t)digit(*(*at)++);
    return count > 0 && digit(**at) < 0;
}

bool packet_skip(const char **at, char c)
{
    if (**at != c)
        return false;
    ++*at;
    return true;
}

void packet_print_hex(struct text *text, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;

    for (size_t i = 0; i < size; i++) {
        char pair[2] = {digits[from[i] >> 4], digits[from[i] & 15]};

        text_append(text, pair, 2);
    }
}

bool packet_hex(const char **at, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        int high = digit((*at)[0]);
        int low = high < 0 ? -1 : digit((*at)[1]);

        if (low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
        *at += 2;
    }
    return true;
}
