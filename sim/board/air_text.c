/* SPDX-License-Identifier: Apache-2.0 */
/* Packets as lines of text. */
#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/board/air.h"
#include "sim/board/lines.h"
#include "sim/core/time_text.h"

#include <ctype.h>

/* Five days: what is read in seconds can also be read when it is printed in microseconds. */
#define LATEST ((uint64_t)5 * 24 * 3600 * CYCLES_PER_SECOND)

enum { USUAL_DBM = -50, LOWEST_MHZ = 2360, HIGHEST_MHZ = 2527 };
enum { BLE_POLYNOMIAL = 0x65b, BLE_INITIAL = 0x555555, IEEE_POLYNOMIAL = 0x1021 };

static const struct {
    const char *name;
    enum air_mode mode;
} modes[] = {{"nrf1m", AIR_NRF_1M},         {"nrf2m", AIR_NRF_2M},     {"ble1m", AIR_BLE_1M},
             {"ble2m", AIR_BLE_2M},         {"ble125k", AIR_BLE_125K}, {"ble500k", AIR_BLE_500K},
             {"ieee802154", AIR_IEEE802154}};

const char *air_mode_name(unsigned mode)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(modes); i++) {
        if (modes[i].mode == (enum air_mode)mode)
            return modes[i].name;
    }
    return NULL;
}

/* A number within the bounds, in decimal; `digits` are those behind a point that are read, too, as
 * if there were no point. */
static bool take_number(struct line_cursor *cursor, int64_t lowest, int64_t highest,
                        unsigned digits, int64_t *number)
{
    const char *at = cursor->at;
    bool negative = *at == '-';
    bool behind_point = false;
    unsigned left = digits;
    int64_t value = 0;

    at += negative;
    if (!isdigit((unsigned char)*at))
        return false;
    for (; isdigit((unsigned char)*at) || (*at == '.' && digits && !behind_point); at++) {
        if (*at == '.') {
            behind_point = true;
        } else if (!behind_point || left) {
            value = value * 10 + (*at - '0');
            left -= behind_point;
        }
        if (value > INT64_MAX / 20)
            return false;
    }
    for (; left && value <= INT64_MAX / 20; left--)
        value *= 10;
    if (left)
        return false;
    value = negative ? -value : value;
    if (value < lowest || value > highest)
        return false;
    *number = value;
    cursor->at = at;
    return true;
}

/* "10ms", "123.015625us" or "1s", to a cycle, up to LATEST. */
static bool take_time(struct line_cursor *cursor, sim_time *when)
{
    static const struct {
        const char *name;
        uint64_t cycles;
    } units[] = {{"us", CYCLES_PER_US}, {"ms", CYCLES_PER_MS}, {"s", CYCLES_PER_SECOND}};
    int64_t millionths;

    if (!take_number(cursor, 0, INT64_MAX, 6, &millionths))
        return false;
    for (unsigned i = 0; i < ARRAY_LENGTH(units); i++) {
        uint64_t number = (uint64_t)millionths;

        if (!line_take_word(cursor, units[i].name))
            continue;
        if (number / 1000000 > LATEST / units[i].cycles)
            return false;
        *when = number / 1000000 * units[i].cycles + number % 1000000 * units[i].cycles / 1000000;
        return true;
    }
    return false;
}

static bool take_mode(struct line_cursor *cursor, uint8_t *mode)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(modes); i++) {
        if (line_take_word(cursor, modes[i].name)) {
            *mode = (uint8_t)modes[i].mode;
            return true;
        }
    }
    return false;
}

static void append_usual_crc(struct air_packet *packet)
{
    bool ieee = packet->mode == AIR_IEEE802154;
    unsigned bytes = ieee ? 2 : 3;
    uint32_t crc = ieee ? 0 : BLE_INITIAL;

    for (unsigned bit = ieee ? 8 : 0; bit < packet->bits; bit++)
        crc = air_crc(crc, ieee ? IEEE_POLYNOMIAL : BLE_POLYNOMIAL, bytes,
                      air_packet_bit(packet, bit));
    air_packet_append_crc(packet, crc, bytes);
}

static enum status read_address(struct line_cursor *cursor, struct air_packet *packet,
                                struct failure *failure)
{
    uint8_t byte;

    while (line_take_byte(cursor, &byte)) {
        if (packet->address_size == AIR_ADDRESS_MAX)
            return line_mistake(cursor, "an address has at most 5 bytes", failure);
        packet->address[packet->address_size++] = byte;
    }
    return packet->address_size
               ? STATUS_OK
               : line_mistake(cursor, "not an address of bytes such as d6 be", failure);
}

static enum status read_bytes(struct line_cursor *cursor, struct air_packet *packet,
                              struct failure *failure)
{
    uint8_t byte;

    while (!line_is_over(cursor)) {
        if (line_take_word(cursor, "crc"))
            append_usual_crc(packet);
        else if (!line_take_byte(cursor, &byte))
            return line_mistake(cursor, "not two hexadecimal digits", failure);
        else if (packet->bits > 8 * (AIR_BYTES - 1))
            return line_mistake(cursor, "a packet has at most 264 bytes", failure);
        else
            air_packet_append(packet, byte, 8);
    }
    return packet->bits ? STATUS_OK : line_mistake(cursor, "no bytes", failure);
}

/* The words between MHz and address, each of which may be left out. */
static enum status read_extras(struct line_cursor *cursor, struct air_packet *packet, int64_t *bits,
                               struct failure *failure)
{
    int64_t number;

    while (!line_is_over(cursor) && *cursor->at != ':') {
        if (line_take_word(cursor, "white")) {
            if (!take_number(cursor, 0, 127, 0, &number))
                return line_mistake(cursor, "not an initial value of 0 to 127", failure);
            packet->whitening = (uint8_t)(AIR_WHITENED | number);
        } else if (line_take_word(cursor, "bits")) {
            if (!take_number(cursor, 1, 8 * AIR_BYTES, 0, bits))
                return line_mistake(cursor, "not a number of bits", failure);
        } else if (take_number(cursor, -127, 20, 0, &number)) {
            packet->dbm = (int16_t)number;
        } else {
            return line_mistake(cursor, "neither dBm of -127 to 20, nor 'white', nor 'bits'",
                                failure);
        }
        line_skip_spaces(cursor);
    }
    return STATUS_OK;
}

static enum status read_packet(struct line_cursor *cursor, struct air_packet *packet,
                               struct failure *failure)
{
    enum status status;
    int64_t number;
    int64_t bits = 0;

    if (!take_time(cursor, &packet->start))
        return line_mistake(cursor, "not a time such as 10ms or 123.25us", failure);
    if (!take_mode(cursor, &packet->mode))
        return line_mistake(cursor, "not a modulation such as ble1m, nrf1m or ieee802154", failure);
    if (!take_number(cursor, LOWEST_MHZ, HIGHEST_MHZ, 0, &number))
        return line_mistake(cursor, "not a frequency such as 2402", failure);
    packet->megahertz = (uint16_t)number;
    line_skip_spaces(cursor);
    status = read_extras(cursor, packet, &bits, failure);
    if (status == STATUS_OK && !line_take_word(cursor, ":"))
        return line_mistake(cursor, "':' and an address are missing", failure);
    if (status == STATUS_OK)
        status = read_address(cursor, packet, failure);
    if (status == STATUS_OK && !line_take_word(cursor, ":"))
        return line_mistake(cursor, "':' and a packet are missing", failure);
    if (status == STATUS_OK)
        status = read_bytes(cursor, packet, failure);
    if (status == STATUS_OK && bits > packet->bits)
        return line_mistake(cursor, "fewer bits than said", failure);
    if (bits)
        packet->bits = (uint16_t)bits;
    return status;
}

static enum status read_line(void *owner, struct line_cursor *cursor, struct failure *failure)
{
    struct air *air = owner;
    struct air_packet packet = {.dbm = USUAL_DBM};
    enum status status = read_packet(cursor, &packet, failure);

    if (status != STATUS_OK)
        return status;
    if (air->count && packet.start < air->packet[air->count - 1].start)
        return failure_set(failure, STATUS_BOARD, cursor->path,
                           "line %u: earlier than the packet before", cursor->number);
    air->packet = heap_resize(air->packet, (air->count + 1) * sizeof packet);
    air->packet[air->count++] = packet;
    return STATUS_OK;
}

enum status air_parse(struct air *air, const char *name, const char *text, size_t size,
                      struct failure *failure)
{
    return lines_parse(name, text, size, read_line, air, failure);
}

enum status air_read(struct air *air, const char *path, struct failure *failure)
{
    return lines_read(path, read_line, air, failure);
}

/* ---- Printing -------------------------------------------------------------------------------- */

static void print_bytes(struct text *text, const uint8_t *bytes, unsigned count)
{
    text_printf(text, " :");
    for (unsigned i = 0; i < count; i++)
        text_printf(text, " %02x", bytes[i]);
}

void air_print(struct text *text, const struct air_packet *packet)
{
    time_print_us(text, packet->start);
    text_printf(text, "us %s %u %d", air_mode_name(packet->mode), packet->megahertz, packet->dbm);
    if (packet->whitening)
        text_printf(text, " white %u", (unsigned)packet->whitening & ~(unsigned)AIR_WHITENED);
    if (packet->bits % 8)
        text_printf(text, " bits %u", packet->bits);
    print_bytes(text, packet->address, packet->address_size);
    print_bytes(text, packet->bytes, (packet->bits + 7u) / 8);
    text_printf(text, "\n");
}
