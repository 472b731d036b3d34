/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of descriptors (USB 2.0, 9.6; endpoint sizes: 5.5.3, 5.6.3, 5.7.3, 5.8.3).
 *
 * Deviations:
 *   1. Class-specific descriptors inside a configuration are stepped over by their lengths only.
 */
#include "sim/usb/descriptor.h"

#include "sim/base/bits.h"
#include "sim/usb/request.h"

#include <string.h>

static bool fail(struct text *fault, const char *descriptor, const char *field, unsigned is,
                 const char *must)
{
    text_printf(fault, "%s descriptor: %s is %u, must be %s", descriptor, field, is, must);
    return false;
}

static bool fail_number(struct text *fault, const char *descriptor, const char *field, unsigned is,
                        unsigned must)
{
    text_printf(fault, "%s descriptor: %s is %u, must be %u", descriptor, field, is, must);
    return false;
}

static bool fail_short(struct text *fault, const char *descriptor, size_t size, size_t needed)
{
    text_printf(fault, "%s descriptor: only %zu of its %zu bytes were sent", descriptor, size,
                needed);
    return false;
}

/* bLength and bDescriptorType of a descriptor whose length is fixed. */
static bool check_head(const uint8_t *bytes, const char *descriptor, unsigned length, unsigned type,
                       struct text *fault)
{
    if (bytes[0] != length)
        return fail_number(fault, descriptor, "bLength", bytes[0], length);
    if (bytes[1] != type)
        return fail_number(fault, descriptor, "bDescriptorType", bytes[1], type);
    return true;
}

/* ---- device ---------------------------------------------------------------------------------- */

static bool good_packet_size(unsigned size)
{
    return size == 8 || size == 16 || size == 32 || size == 64;
}

static bool check_bcd(const char *field, const uint8_t *bytes, struct text *fault)
{
    for (unsigned digit = 0; digit < 4; digit++)
        if (extract32(load_le16(bytes), 4 * digit, 4) > 9) {
            text_printf(fault, "device descriptor: %s is 0x%04x, its digits must be decimal", field,
                        load_le16(bytes));
            return false;
        }
    return true;
}

static bool check_version(const uint8_t *bytes, struct text *fault)
{
    unsigned version = load_le16(bytes);

    if (!check_bcd("bcdUSB", bytes, fault))
        return false;
    if (version >= 0x0100 && version <= 0x0210)
        return true;
    text_printf(fault,
                "device descriptor: bcdUSB is 0x%04x, must be 0x0100 to 0x0210 at full speed",
                version);
    return false;
}

/* Class 0 leaves the class to the interfaces: subclass and protocol must then be 0 as well. */
static bool check_class(const uint8_t *bytes, struct text *fault)
{
    if (bytes[4] == 0 && bytes[5] != 0)
        return fail(fault, "device", "bDeviceSubClass", bytes[5], "0 because bDeviceClass is 0");
    if (bytes[4] == 0 && bytes[6] != 0)
        return fail(fault, "device", "bDeviceProtocol", bytes[6], "0 because bDeviceClass is 0");
    return true;
}

bool usb_check_device(const uint8_t *bytes, size_t size, struct text *fault)
{
    if (size < 8)
        return fail_short(fault, "device", size, DEVICE_DESCRIPTOR_SIZE);
    if (!check_head(bytes, "device", DEVICE_DESCRIPTOR_SIZE, USB_DEVICE, fault) ||
        !check_version(bytes + 2, fault) || !check_class(bytes, fault))
        return false;
    if (!good_packet_size(bytes[7]))
        return fail(fault, "device", "bMaxPacketSize0", bytes[7], "8, 16, 32 or 64");
    if (size < DEVICE_DESCRIPTOR_SIZE)
        return true;
    if (!check_bcd("bcdDevice", bytes + 12, fault))
        return false;
    if (bytes[17] == 0)
        return fail(fault, "device", "bNumConfigurations", 0, "at least 1");
    return true;
}

/* ---- configuration --------------------------------------------------------------------------- */

bool usb_check_configuration_header(const uint8_t *bytes, size_t size, struct text *fault)
{
    if (size < CONFIGURATION_DESCRIPTOR_SIZE)
        return fail_short(fault, "configuration", size, CONFIGURATION_DESCRIPTOR_SIZE);
    if (!check_head(bytes, "configuration", CONFIGURATION_DESCRIPTOR_SIZE, USB_CONFIGURATION,
                    fault))
        return false;
    if (load_le16(bytes + 2) < CONFIGURATION_DESCRIPTOR_SIZE)
        return fail(fault, "configuration", "wTotalLength", load_le16(bytes + 2), "at least 9");
    if (bytes[4] == 0)
        return fail(fault, "configuration", "bNumInterfaces", 0, "at least 1");
    if (bytes[5] == 0)
        return fail(fault, "configuration", "bConfigurationValue", 0,
                    "at least 1: 0 means not configured");
    if (!(bytes[7] & 0x80))
        return fail(fault, "configuration", "bmAttributes bit 7", 0, "1 (reserved, set to one)");
    if (bytes[7] & 0x1f) {
        text_printf(fault,
                    "configuration descriptor: bmAttributes is 0x%02x, bits 4 to 0 must be 0",
                    bytes[7]);
        return false;
    }
    if (bytes[8] > 250)
        return fail(fault, "configuration", "bMaxPower", bytes[8], "at most 250 (500 mA)");
    return true;
}

/* Where the walk through a configuration stands. */
struct walk {
    uint32_t seen[8];    /* bit n: interface number n was there */
    unsigned interfaces; /* different numbers */
    int interface;       /* the present one, -1 before the first */
    unsigned announced;  /* endpoints of the present alternate setting */
    unsigned endpoints;  /* endpoints found in it */
    uint32_t addresses;  /* bit n: OUT endpoint n, bit 16 + n: IN endpoint n used in it */
    struct text *fault;
};

static bool end_interface(const struct walk *walk)
{
    if (walk->interface < 0 || walk->endpoints == walk->announced)
        return true;
    text_printf(walk->fault,
                "interface descriptor: interface %d announces bNumEndpoints %u, but %u follow%s",
                walk->interface, walk->announced, walk->endpoints, walk->endpoints == 1 ? "s" : "");
    return false;
}

static bool check_interface(struct walk *walk, const uint8_t *bytes)
{
    uint8_t number = bytes[2];

    if (!end_interface(walk))
        return false;
    if (bytes[0] != INTERFACE_DESCRIPTOR_SIZE)
        return fail_number(walk->fault, "interface", "bLength", bytes[0],
                           INTERFACE_DESCRIPTOR_SIZE);
    if (!(walk->seen[number / 32] & bit32(number % 32))) {
        walk->seen[number / 32] |= bit32(number % 32);
        walk->interfaces++;
    }
    walk->interface = number;
    walk->announced = bytes[4];
    walk->endpoints = 0;
    walk->addresses = 0;
    return true;
}

static bool check_endpoint_size(const struct walk *walk, const uint8_t *bytes)
{
    unsigned size = extract32(load_le16(bytes + 4), 0, 11);

    switch (bytes[3] & 3) {
    case 0:
    case 2:
        if (!good_packet_size(size))
            return fail(walk->fault, "endpoint", "wMaxPacketSize", size,
                        "8, 16, 32 or 64 for a bulk or control endpoint at full speed");
        return true;
    case 1:
        if (size > 1023)
            return fail(walk->fault, "endpoint", "wMaxPacketSize", size,
                        "at most 1023 for an isochronous endpoint at full speed");
        return true;
    default:
        if (size == 0 || size > 64)
            return fail(walk->fault, "endpoint", "wMaxPacketSize", size,
                        "1 to 64 for an interrupt endpoint at full speed");
        if (bytes[6] == 0)
            return fail(walk->fault, "endpoint", "bInterval", 0,
                        "1 to 255 for an interrupt endpoint at full speed");
        return true;
    }
}

static bool check_endpoint(struct walk *walk, const uint8_t *bytes)
{
    uint32_t bit;

    /* Audio devices have two bytes more (Audio 1.0, 4.6.1.1). */
    if (bytes[0] != ENDPOINT_DESCRIPTOR_SIZE && bytes[0] != ENDPOINT_DESCRIPTOR_SIZE + 2)
        return fail_number(walk->fault, "endpoint", "bLength", bytes[0], ENDPOINT_DESCRIPTOR_SIZE);
    if (walk->interface < 0) {
        text_printf(walk->fault, "endpoint descriptor: it stands before the first interface");
        return false;
    }
    if ((bytes[2] & 0x0f) == 0 || bytes[2] & 0x70) {
        text_printf(walk->fault,
                    "endpoint descriptor: bEndpointAddress is 0x%02x, must be 0x01 to 0x0f (OUT) "
                    "or 0x81 to 0x8f (IN)",
                    bytes[2]);
        return false;
    }
    bit = bit32((bytes[2] & 0x0fu) + (bytes[2] & 0x80 ? 16u : 0u));
    if (walk->addresses & bit) {
        text_printf(walk->fault, "endpoint descriptor: bEndpointAddress 0x%02x is there twice",
                    bytes[2]);
        return false;
    }
    walk->addresses |= bit;
    walk->endpoints++;
    return check_endpoint_size(walk, bytes);
}

/* At least the bLength bytes of the part are there. */
static bool check_part(struct walk *walk, const uint8_t *bytes)
{
    switch (bytes[1]) {
    case USB_INTERFACE:
        return check_interface(walk, bytes);
    case USB_ENDPOINT:
        return check_endpoint(walk, bytes);
    case USB_DEVICE:
    case USB_CONFIGURATION:
    case USB_STRING:
        text_printf(walk->fault,
                    "configuration descriptor: a descriptor of type %u stands inside it", bytes[1]);
        return false;
    default:
        return true; /* deviation 1 */
    }
}

static bool check_parts(struct walk *walk, const uint8_t *bytes, size_t total)
{
    size_t at = CONFIGURATION_DESCRIPTOR_SIZE;

    while (at < total) {
        size_t left = total - at;

        if (left < 2 || bytes[at] < 2 || bytes[at] > left) {
            text_printf(walk->fault,
                        "configuration descriptor: the descriptor at byte %zu has bLength %u, "
                        "but %zu byte%s left of wTotalLength %zu",
                        at, bytes[at], left, left == 1 ? " is" : "s are", total);
            return false;
        }
        if (!check_part(walk, bytes + at))
            return false;
        at += bytes[at];
    }
    return end_interface(walk);
}

bool usb_check_configuration(const uint8_t *bytes, size_t size, struct text *fault)
{
    struct walk walk = {.interface = -1, .fault = fault};
    size_t total;

    if (!usb_check_configuration_header(bytes, size, fault))
        return false;
    total = load_le16(bytes + 2);
    if (size != total) {
        text_printf(fault, "configuration descriptor: wTotalLength is %zu, but %zu bytes were sent",
                    total, size);
        return false;
    }
    if (!check_parts(&walk, bytes, total))
        return false;
    if (walk.interfaces == bytes[4])
        return true;
    text_printf(fault, "configuration descriptor: bNumInterfaces is %u, but %u follow%s", bytes[4],
                walk.interfaces, walk.interfaces == 1 ? "s" : "");
    return false;
}

const uint8_t *usb_next_descriptor(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *next;

    if (at[0] < 2 || at[0] > end - at)
        return NULL;
    next = at + at[0];
    return end - next >= 2 && next[0] >= 2 && next[0] <= end - next ? next : NULL;
}

/* ---- strings --------------------------------------------------------------------------------- */

bool usb_check_string(const uint8_t *bytes, size_t size, unsigned index, struct text *fault)
{
    if (size < 2)
        return fail_short(fault, "string", size, 2);
    if (bytes[1] != USB_STRING)
        return fail_number(fault, "string", "bDescriptorType", bytes[1], USB_STRING);
    if (bytes[0] != size) {
        text_printf(fault, "string descriptor: bLength is %u, but %zu bytes were sent", bytes[0],
                    size);
        return false;
    }
    if (bytes[0] % 2)
        return fail(fault, "string", "bLength", bytes[0], "even");
    if (index == 0 && bytes[0] < 4)
        return fail(fault, "string", "bLength", bytes[0], "at least 4 in the list of languages");
    return true;
}

static void print_character(struct text *text, uint32_t code)
{
    if (code < 0x20 || (code >= 0xd800 && code < 0xe000))
        code = '?';
    if (code < 0x80)
        text_printf(text, "%c", (char)code);
    else if (code < 0x800)
        text_printf(text, "%c%c", (char)(0xc0 | code >> 6), (char)(0x80 | (code & 0x3f)));
    else if (code < 0x10000)
        text_printf(text, "%c%c%c", (char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3f)),
                    (char)(0x80 | (code & 0x3f)));
    else
        text_printf(text, "%c%c%c%c", (char)(0xf0 | code >> 18), (char)(0x80 | (code >> 12 & 0x3f)),
                    (char)(0x80 | (code >> 6 & 0x3f)), (char)(0x80 | (code & 0x3f)));
}

void usb_print_string(struct text *text, const uint8_t *bytes, size_t size)
{
    for (size_t at = 2; at + 1 < size; at += 2) {
        uint32_t code = load_le16(bytes + at);
        uint32_t low = at + 3 < size ? load_le16(bytes + at + 2) : 0;

        if (code >= 0xd800 && code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
            at += 2;
        }
        print_character(text, code);
    }
}
