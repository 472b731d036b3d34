/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets as a pcapng capture: one interface for Bluetooth Low Energy (LINKTYPE 256, BLE link layer
 * with a header of the radio), one for 802.15.4 (283, TAP), one for Nordic's own modulations (147,
 * user-defined: address and packet as they were on the air).
 */
#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/board/air.h"

#include <string.h>

enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, PACKET = 6, BYTE_ORDER_MAGIC = 0x1a2b3c4d };
enum { BLE_FIRST_MHZ = 2402, IEEE_FIRST_MHZ = 2405, IEEE_FIRST_CHANNEL = 11 };
enum { BLE_DEWHITENED = 1 << 0, BLE_POWER_VALID = 1 << 1, BLE_PHY_LSB = 14 };
enum { TAP_FCS_TYPE = 0, TAP_CHANNEL = 3, TAP_FCS_16_BITS = 1 };
enum { LARGEST = 32 + AIR_BYTES };

static const struct {
    const char *name;
    uint16_t link_type;
} interfaces[] = {{"ble", 256}, {"ieee802154", 283}, {"nrf", 147}};

enum interface { INTERFACE_BLE, INTERFACE_IEEE, INTERFACE_NRF };

static void add16(struct text *out, uint32_t value)
{
    uint8_t bytes[2];

    store_le16(bytes, (uint16_t)value);
    text_append(out, (const char *)bytes, sizeof bytes);
}

static void add32(struct text *out, uint32_t value)
{
    uint8_t bytes[4];

    store_le32(bytes, value);
    text_append(out, (const char *)bytes, sizeof bytes);
}

/* The bytes, and zeros up to a multiple of four. */
static void add_padded(struct text *out, const void *bytes, size_t size)
{
    text_append(out, bytes, size);
    text_append(out, "\0\0\0", (4 - size % 4) % 4);
}

static uint32_t padded(size_t size)
{
    return (uint32_t)((size + 3) / 4 * 4);
}

static void add_interface(struct text *out, const char *name, uint16_t link_type)
{
    enum { OPTION_NAME = 2, OPTION_RESOLUTION = 9, NANOSECONDS = 9 };
    size_t length = strlen(name);
    uint32_t size = 20 + 4 + padded(length) + 8 + 4;

    add32(out, INTERFACE);
    add32(out, size);
    add16(out, link_type);
    add16(out, 0);
    add32(out, 0); /* no limit to the size of a packet */
    add16(out, OPTION_NAME);
    add16(out, (uint32_t)length);
    add_padded(out, name, length);
    add16(out, OPTION_RESOLUTION);
    add16(out, 1);
    add32(out, NANOSECONDS);
    add32(out, 0); /* end of options */
    add32(out, size);
}

void air_begin_capture(struct text *out)
{
    add32(out, SECTION);
    add32(out, 28);
    add32(out, BYTE_ORDER_MAGIC);
    add16(out, 1);
    add16(out, 0);
    add32(out, UINT32_MAX); /* of unknown size */
    add32(out, UINT32_MAX);
    add32(out, 28);
    for (unsigned i = 0; i < ARRAY_LENGTH(interfaces); i++)
        add_interface(out, interfaces[i].name, interfaces[i].link_type);
}

static uint32_t size_of(const struct air_packet *packet)
{
    return (packet->bits + 7u) / 8;
}

static uint32_t append(uint8_t *frame, uint32_t at, const uint8_t *bytes, uint32_t size)
{
    memcpy(frame + at, bytes, size);
    return at + size;
}

/* Channel, power, noise, reference address, flags; then the packet, in long range with its coding
 * indicator. */
static uint32_t frame_of_ble(const struct air_packet *packet, uint8_t *frame)
{
    bool coded = air_mode_is_long_range(packet->mode);
    uint32_t phy = coded ? 2 : packet->mode == AIR_BLE_2M;
    uint32_t at = 10;

    frame[0] = (uint8_t)((packet->megahertz - BLE_FIRST_MHZ) / 2);
    frame[1] = (uint8_t)packet->dbm;
    store_le16(frame + 8, (uint16_t)(BLE_DEWHITENED | BLE_POWER_VALID | phy << BLE_PHY_LSB));
    at = append(frame, at, packet->address, packet->address_size);
    if (coded)
        frame[at++] = packet->mode == AIR_BLE_500K;
    return append(frame, at, packet->bytes, size_of(packet));
}

/* Everything behind the length byte. */
static uint32_t frame_of_ieee(const struct air_packet *packet, uint8_t *frame)
{
    uint32_t size = size_of(packet);

    store_le16(frame + 2, 20); /* of this header */
    store_le16(frame + 4, TAP_FCS_TYPE);
    store_le16(frame + 6, 1);
    frame[8] = TAP_FCS_16_BITS;
    store_le16(frame + 12, TAP_CHANNEL);
    store_le16(frame + 14, 3);
    store_le16(frame + 16,
               (uint16_t)((packet->megahertz - IEEE_FIRST_MHZ) / 5 + IEEE_FIRST_CHANNEL));
    return append(frame, 20, packet->bytes + 1, size ? size - 1 : 0);
}

static uint32_t frame_of_nrf(const struct air_packet *packet, uint8_t *frame)
{
    uint32_t at = append(frame, 0, packet->address, packet->address_size);

    return append(frame, at, packet->bytes, size_of(packet));
}

static enum interface interface_of(const struct air_packet *packet)
{
    if (packet->mode == AIR_IEEE802154)
        return INTERFACE_IEEE;
    return packet->mode == AIR_NRF_1M || packet->mode == AIR_NRF_2M ? INTERFACE_NRF : INTERFACE_BLE;
}

void air_capture(struct text *out, const struct air_packet *packet)
{
    uint8_t frame[LARGEST] = {0};
    enum interface interface = interface_of(packet);
    uint64_t ns =
        packet->start / CYCLES_PER_US * 1000 + packet->start % CYCLES_PER_US * 1000 / CYCLES_PER_US;
    uint32_t size;

    if (interface == INTERFACE_BLE)
        size = frame_of_ble(packet, frame);
    else if (interface == INTERFACE_IEEE)
        size = frame_of_ieee(packet, frame);
    else
        size = frame_of_nrf(packet, frame);
    add32(out, PACKET);
    add32(out, 32 + padded(size));
    add32(out, interface);
    add32(out, (uint32_t)(ns >> 32));
    add32(out, (uint32_t)ns);
    add32(out, size);
    add32(out, size);
    add_padded(out, frame, size);
    add32(out, 32 + padded(size));
}
