/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/core/air_packet.h"

#include "sim/base/bits.h"

enum { CODED_BIT = 512, TERM2_BITS = 3, CODED_PREAMBLE_US = 80 };

bool air_mode_is_long_range(unsigned mode)
{
    return mode == AIR_BLE_125K || mode == AIR_BLE_500K;
}

sim_time air_bit_time(unsigned mode)
{
    switch (mode) {
    case AIR_NRF_2M:
    case AIR_BLE_2M:
        return CYCLES_PER_US / 2;
    case AIR_BLE_125K:
        return CODED_BIT;
    case AIR_BLE_500K:
        return CODED_BIT / 4;
    case AIR_IEEE802154:
        return CYCLES_PER_US * 4;
    default:
        return CYCLES_PER_US;
    }
}

sim_time air_preamble_time(unsigned mode)
{
    switch (mode) {
    case AIR_BLE_125K:
    case AIR_BLE_500K:
        return CODED_PREAMBLE_US * CYCLES_PER_US;
    case AIR_IEEE802154:
        return 32 * air_bit_time(mode);
    default:
        return 8 * CYCLES_PER_US; /* two bytes at 2 Mbit/s */
    }
}

sim_time air_address_time(unsigned mode, unsigned bytes)
{
    return (sim_time)bytes * 8 * (air_mode_is_long_range(mode) ? CODED_BIT : air_bit_time(mode));
}

sim_time air_coding_time(unsigned mode)
{
    return air_mode_is_long_range(mode) ? AIR_CODING_BITS * CODED_BIT : 0;
}

sim_time air_tail_time(unsigned mode)
{
    return air_mode_is_long_range(mode) ? TERM2_BITS * air_bit_time(mode) : 0;
}

sim_time air_packet_end(const struct air_packet *packet)
{
    return packet->start + air_preamble_time(packet->mode) +
           air_address_time(packet->mode, packet->address_size) + air_coding_time(packet->mode) +
           packet->bits * air_bit_time(packet->mode) + air_tail_time(packet->mode);
}

bool air_packet_bit(const struct air_packet *packet, unsigned bit)
{
    return bit < packet->bits && (packet->bytes[bit / 8] >> bit % 8 & 1);
}

void air_packet_append(struct air_packet *packet, uint32_t value, unsigned count)
{
    for (unsigned i = 0; i < count && packet->bits < 8 * AIR_BYTES; i++) {
        if (value >> i & 1)
            packet->bytes[packet->bits / 8] |= (uint8_t)(1u << packet->bits % 8);
        packet->bits++;
    }
}

uint32_t air_crc(uint32_t crc, uint32_t polynomial, unsigned bytes, bool bit)
{
    unsigned width = 8 * bytes;
    bool top = crc >> (width - 1) & 1;

    crc = crc << 1 & mask32(width);
    return top != bit ? crc ^ (polynomial & mask32(width)) : crc;
}

void air_packet_append_crc(struct air_packet *packet, uint32_t crc, unsigned bytes)
{
    for (unsigned i = 8 * bytes; i-- > 0;)
        air_packet_append(packet, crc >> i & 1, 1);
}
