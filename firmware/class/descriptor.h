/* SPDX-License-Identifier: Apache-2.0 */
/* Writing descriptors, and finding one's way in a configuration (USB 2.0, 9.6). */
#ifndef FIRMWARE_CLASS_DESCRIPTOR_H
#define FIRMWARE_CLASS_DESCRIPTOR_H

#include <stdint.h>

enum descriptor_type {
    DESCRIPTOR_DEVICE = 1,
    DESCRIPTOR_CONFIGURATION = 2,
    DESCRIPTOR_STRING = 3,
    DESCRIPTOR_INTERFACE = 4,
    DESCRIPTOR_ENDPOINT = 5,
    DESCRIPTOR_ASSOCIATION = 11,
    DESCRIPTOR_BOS = 15,
    DESCRIPTOR_CAPABILITY = 16,
    DESCRIPTOR_HID = 0x21,
    DESCRIPTOR_REPORT = 0x22,
    DESCRIPTOR_CLASS_INTERFACE = 0x24,
};

enum endpoint_type { ENDPOINT_ISOCHRONOUS = 1, ENDPOINT_BULK = 2, ENDPOINT_INTERRUPT = 3 };

/* bmAttributes of a configuration. */
enum { SELF_POWERED = 0xc0, BUS_POWERED = 0x80, REMOTE_WAKE_UP = 0x20 };

/* The bytes of a descriptor, for arrays. */
#define LE16(value) (uint8_t)((value)&0xff), (uint8_t)((value) >> 8)
#define LE32(value) LE16((value)&0xffff), LE16((uint32_t)(value) >> 16)

enum { DEVICE_SIZE = 18, CONFIGURATION_HEADER_SIZE = 9, INTERFACE_SIZE = 9, ENDPOINT_SIZE = 7 };

/* Table 9-8, with three strings and one configuration. */
#define DEVICE_BYTES(usb, class, subclass, protocol, product)                                      \
    DEVICE_SIZE, DESCRIPTOR_DEVICE, LE16(usb), class, subclass, protocol, 64, LE16(0x2020),        \
        LE16(product), LE16(0x0100), 1, 2, 3, 1
#define CONFIGURATION_BYTES(total, interfaces, attributes)                                         \
    CONFIGURATION_HEADER_SIZE, DESCRIPTOR_CONFIGURATION, LE16(total), interfaces, 1, 0,            \
        attributes, 50 /* x 2 mA */
#define INTERFACE_BYTES(number, alternate, endpoints, class, subclass, protocol)                   \
    INTERFACE_SIZE, DESCRIPTOR_INTERFACE, number, alternate, endpoints, class, subclass, protocol, 0
#define ENDPOINT_BYTES(address, type, packet, interval)                                            \
    ENDPOINT_SIZE, DESCRIPTOR_ENDPOINT, address, type, LE16(packet), interval
#define ASSOCIATION_BYTES(first, count, class, subclass, protocol)                                 \
    8, DESCRIPTOR_ASSOCIATION, first, count, class, subclass, protocol, 0

/* wTotalLength. */
uint32_t configuration_size(const uint8_t *configuration);

/* The descriptor of an interface with an alternate setting, or NULL. */
const uint8_t *interface_find(const uint8_t *configuration, uint8_t number, uint8_t alternate);

/* The next endpoint descriptor of the interface that `at` belongs to, or NULL. */
const uint8_t *endpoint_after(const uint8_t *configuration, const uint8_t *at);

#endif
