/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors as a device sent them: checked against USB 2.0, chapter 9.6, for a full-speed device,
 * and printed.
 *
 * A check returns true when the descriptor is well-formed. Otherwise it appends one sentence that
 * names the descriptor, the field and what it must be: "device descriptor: bLength is 17, must be
 * 18".
 */
#ifndef SIM_USB_DESCRIPTOR_H
#define SIM_USB_DESCRIPTOR_H

#include "sim/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DEVICE_DESCRIPTOR_SIZE = 18,
    CONFIGURATION_DESCRIPTOR_SIZE = 9,
    INTERFACE_DESCRIPTOR_SIZE = 9,
    ENDPOINT_DESCRIPTOR_SIZE = 7,
};

/* `size` bytes were received; at least the first 8 must be there, what is there is checked. */
bool usb_check_device(const uint8_t *bytes, size_t size, struct text *fault);

/* Only the 9 bytes of the configuration descriptor itself. */
bool usb_check_configuration_header(const uint8_t *bytes, size_t size, struct text *fault);

/* The configuration with all its interfaces and endpoints. */
bool usb_check_configuration(const uint8_t *bytes, size_t size, struct text *fault);

/* A string descriptor, or the list of languages (index 0). */
bool usb_check_string(const uint8_t *bytes, size_t size, unsigned index, struct text *fault);

/* Appends the string as UTF-8; unpaired surrogates and control characters become "?". */
void usb_print_string(struct text *text, const uint8_t *bytes, size_t size);

/* The descriptor behind the one at `at`; NULL at `end`, or where a length makes no sense. At least
 * the two bytes of `at` itself must be there. */
const uint8_t *usb_next_descriptor(const uint8_t *at, const uint8_t *end);

/* What a host knows of a device. Sizes are 0 for what it did not read. Borrowed. */
struct usb_device_view {
    uint8_t address;
    const uint8_t *device;
    size_t device_size;
    const uint8_t *configuration;
    size_t configuration_size;
    const uint8_t *manufacturer; /* string descriptors */
    size_t manufacturer_size;
    const uint8_t *product;
    size_t product_size;
    const uint8_t *serial;
    size_t serial_size;
};

/* Appends the device as `lsusb -v` would show it, nothing before its descriptor was read. The
 * descriptors must have passed the checks. */
void usb_print_device(struct text *text, const struct usb_device_view *view);

#endif
