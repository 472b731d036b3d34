/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: what a packet looks like in RAM and on the air (PS v1.7, 6.20.1 to 6.20.7). */
#include "sim/periph/radio_parts.h"

enum { SKIP_LENGTH = 2, WHITENING_TAPS = 0x44 };

static bool has_s1(const struct radio *radio)
{
    return RADIO_FIELD(radio, PCNF0, S1LEN) || RADIO_FIELD(radio, PCNF0, S1INCL);
}

static bool has_length(const struct radio *radio)
{
    return RADIO_FIELD(radio, PCNF0, LFLEN) != 0;
}

unsigned radio_length_at(const struct radio *radio)
{
    return has_length(radio) ? RADIO_FIELD(radio, PCNF0, S0LEN) : radio_header_bytes(radio);
}

unsigned radio_header_bytes(const struct radio *radio)
{
    return RADIO_FIELD(radio, PCNF0, S0LEN) + has_length(radio) + has_s1(radio);
}

unsigned radio_field_bits(const struct radio *radio, unsigned field)
{
    if (field >= radio_header_bytes(radio) || field < RADIO_FIELD(radio, PCNF0, S0LEN))
        return 8;
    if (has_length(radio) && field == radio_length_at(radio))
        return RADIO_FIELD(radio, PCNF0, LFLEN) < 8 ? RADIO_FIELD(radio, PCNF0, LFLEN) : 8;
    return RADIO_FIELD(radio, PCNF0, S1LEN) < 8 ? RADIO_FIELD(radio, PCNF0, S1LEN) : 8;
}

unsigned radio_crc_bytes(const struct radio *radio)
{
    return RADIO_FIELD(radio, CRCCNF, LEN);
}

/* Bytes that LENGTH and STATLEN ask for, and how many of them are no payload. */
static unsigned asked(const struct radio *radio, uint32_t length)
{
    return length + RADIO_FIELD(radio, PCNF1, STATLEN);
}

static unsigned counted_crc(const struct radio *radio)
{
    return RADIO_FIELD(radio, PCNF0, CRCINC) ? radio_crc_bytes(radio) : 0;
}

bool radio_is_too_long(const struct radio *radio, uint32_t length)
{
    return asked(radio, length) > RADIO_FIELD(radio, PCNF1, MAXLEN);
}

unsigned radio_payload_bytes(const struct radio *radio, uint32_t length)
{
    unsigned bytes =
        radio_is_too_long(radio, length) ? RADIO_FIELD(radio, PCNF1, MAXLEN) : asked(radio, length);

    return bytes > counted_crc(radio) ? bytes - counted_crc(radio) : 0;
}

unsigned radio_largest(const struct radio *radio)
{
    uint32_t longest =
        has_length(radio) ? mask32(radio_field_bits(radio, radio_length_at(radio))) : 0;
    unsigned lqi = RADIO_FIELD(radio, MODE, MODE) == AIR_IEEE802154;

    return radio_header_bytes(radio) + radio_payload_bytes(radio, longest) + lqi;
}

static void address_of_ieee(const struct radio *radio, struct air_packet *packet)
{
    packet->address_size = 1;
    packet->address[0] = (uint8_t)RADIO_FIELD(radio, SFD, SFD);
}

/* The upper BALEN bytes of the base, the lowest first, and the prefix behind them. */
void radio_address(const struct radio *radio, unsigned number, struct air_packet *packet)
{
    uint32_t base = regfile_get(&radio->regs, number ? RADIO_BASE1 : RADIO_BASE0);
    uint32_t prefix = regfile_get(&radio->regs, number < 4 ? RADIO_PREFIX0 : RADIO_PREFIX1);
    unsigned size = RADIO_FIELD(radio, PCNF1, BALEN);

    if (packet->mode == AIR_IEEE802154) {
        address_of_ieee(radio, packet);
        return;
    }
    size = size < 4 ? size : 4;
    packet->address_size = 0;
    for (unsigned i = 4 - size; i < 4; i++)
        packet->address[packet->address_size++] = (uint8_t)(base >> 8 * i);
    packet->address[packet->address_size++] = (uint8_t)(prefix >> 8 * (number % 4));
}

uint32_t radio_air_order(const struct radio *radio, uint32_t value, unsigned bits)
{
    uint32_t turned = 0;

    if (!RADIO_FIELD(radio, PCNF1, ENDIAN))
        return value & mask32(bits);
    for (unsigned i = 0; i < bits; i++)
        turned |= (value >> i & 1) << (bits - 1 - i);
    return turned;
}

uint8_t radio_whitening(const struct radio *radio)
{
    if (!RADIO_FIELD(radio, PCNF1, WHITEEN))
        return 0;
    return (uint8_t)(AIR_WHITENED | RADIO_FIELD(radio, DATAWHITEIV, DATAWHITEIV));
}

/* x^7 + x^4 + 1. The sequence repeats itself after 127 bits. */
bool radio_white_bit(uint8_t whitening, unsigned bit)
{
    uint32_t shift = (uint32_t)(whitening & 0x3f) | 0x40;
    bool out = false;

    if (!whitening)
        return false;
    for (unsigned i = 0; i <= bit % 127; i++) {
        out = shift & 1;
        shift = shift >> 1 ^ (out ? WHITENING_TAPS : 0);
    }
    return out;
}

static uint32_t crc_of_address(uint32_t crc, uint32_t polynomial, unsigned bytes,
                               const struct air_packet *packet)
{
    for (unsigned bit = 0; bit < 8u * packet->address_size; bit++)
        crc = air_crc(crc, polynomial, bytes, packet->address[bit / 8] >> bit % 8 & 1);
    return crc;
}

uint32_t radio_crc(const struct radio *radio, const struct air_packet *packet, unsigned bits)
{
    unsigned bytes = radio_crc_bytes(radio);
    uint32_t polynomial = regfile_get(&radio->regs, RADIO_CRCPOLY);
    uint32_t crc = regfile_get(&radio->regs, RADIO_CRCINIT) & mask32(8 * bytes);
    unsigned skip = RADIO_FIELD(radio, CRCCNF, SKIPADDR);
    unsigned first = 0;

    if (!bytes)
        return 0;
    if (!skip)
        crc = crc_of_address(crc, polynomial, bytes, packet);
    if (skip == SKIP_LENGTH) {
        for (unsigned field = 0; field <= radio_length_at(radio); field++)
            first += radio_field_bits(radio, field);
    }
    for (unsigned bit = first; bit < bits; bit++)
        crc = air_crc(crc, polynomial, bytes, air_packet_bit(packet, bit));
    return crc;
}

unsigned radio_megahertz(const struct radio *radio)
{
    return (RADIO_FIELD(radio, FREQUENCY, MAP) ? 2360 : 2400) +
           RADIO_FIELD(radio, FREQUENCY, FREQUENCY);
}

unsigned radio_mode(const struct radio *radio)
{
    unsigned mode = RADIO_FIELD(radio, MODE, MODE);

    return air_mode_name(mode) ? mode : AIR_NRF_1M;
}
