/* SPDX-License-Identifier: Apache-2.0 */
/* A packet on the air, and how long its parts take (PS v1.7, 6.20.1 Packet configuration). */
#ifndef SIM_CORE_AIR_PACKET_H
#define SIM_CORE_AIR_PACKET_H

#include "sim/core/time.h"

#include <stdbool.h>
#include <stdint.h>

/* As in RADIO.MODE. */
enum air_mode {
    AIR_NRF_1M = 0,
    AIR_NRF_2M = 1,
    AIR_BLE_1M = 3,
    AIR_BLE_2M = 4,
    AIR_BLE_125K = 5,
    AIR_BLE_500K = 6,
    AIR_IEEE802154 = 15,
};

enum {
    AIR_ADDRESS_MAX = 5,
    AIR_BYTES = 264,     /* S0, LENGTH, S1, 255 of payload, CRC */
    AIR_WHITENED = 0x80, /* of `whitening` */
    AIR_CODING_BITS = 5, /* long range: coding indicator and TERM1, between address and packet */
    AIR_SILENCE = -100,  /* dBm: nobody sends */
};

/* Plain data without padding. */
struct air_packet {
    sim_time start; /* first bit of the preamble */
    uint16_t megahertz;
    int16_t dbm;                      /* where it is heard */
    uint8_t mode;                     /* enum air_mode */
    uint8_t whitening;                /* AIR_WHITENED | initial value, or 0: not whitened */
    uint8_t address_size;             /* 802.15.4: 1, the start-of-frame delimiter */
    uint8_t address[AIR_ADDRESS_MAX]; /* in the order on the air */
    uint16_t bits;                    /* behind the address, CRC and all */
    uint8_t bytes[AIR_BYTES]; /* bit 0 of the first byte is first on the air; before whitening */
    uint8_t unused[2];
};

_Static_assert(sizeof(struct air_packet) % 8 == 0, "no padding");

bool air_mode_is_long_range(unsigned mode);

/* Cycles of a bit behind the address. */
sim_time air_bit_time(unsigned mode);

/* Cycles from the start to the end of the address. */
sim_time air_preamble_time(unsigned mode);
sim_time air_address_time(unsigned mode, unsigned bytes);

/* Cycles of the bits between address and packet, and of those behind the packet. */
sim_time air_coding_time(unsigned mode);
sim_time air_tail_time(unsigned mode);

/* When the last bit is over. */
sim_time air_packet_end(const struct air_packet *packet);

bool air_packet_bit(const struct air_packet *packet, unsigned bit);

/* Appends `count` bits of `value`, the least significant one first; what has no room is lost. */
void air_packet_append(struct air_packet *packet, uint32_t value, unsigned count);

/* The CRC register of `bytes` bytes after one more bit on the air (PS v1.7, 6.20.6 CRC). */
uint32_t air_crc(uint32_t crc, uint32_t polynomial, unsigned bytes, bool bit);

/* Appends the CRC as it is sent: its most significant bit first. */
void air_packet_append_crc(struct air_packet *packet, uint32_t crc, unsigned bytes);

#endif
