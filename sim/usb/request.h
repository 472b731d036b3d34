/* SPDX-License-Identifier: Apache-2.0 */
/* SETUP packets: their fields, their numbers and their names (USB 2.0, chapter 9.3 and 9.4). */
#ifndef SIM_USB_REQUEST_H
#define SIM_USB_REQUEST_H

#include "sim/base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum usb_standard_request {
    USB_GET_STATUS = 0,
    USB_CLEAR_FEATURE = 1,
    USB_SET_FEATURE = 3,
    USB_SET_ADDRESS = 5,
    USB_GET_DESCRIPTOR = 6,
    USB_SET_DESCRIPTOR = 7,
    USB_GET_CONFIGURATION = 8,
    USB_SET_CONFIGURATION = 9,
    USB_GET_INTERFACE = 10,
    USB_SET_INTERFACE = 11,
    USB_SYNCH_FRAME = 12,
};

enum usb_descriptor_type {
    USB_DEVICE = 1,
    USB_CONFIGURATION = 2,
    USB_STRING = 3,
    USB_INTERFACE = 4,
    USB_ENDPOINT = 5,
    USB_DEVICE_QUALIFIER = 6,
    USB_OTHER_SPEED = 7,
    USB_INTERFACE_POWER = 8,
    USB_OTG = 9,
    USB_DEBUG = 10,
    USB_INTERFACE_ASSOCIATION = 11,
    USB_BOS = 15,
    USB_DEVICE_CAPABILITY = 16,
};

/* The eight bytes of a SETUP packet as numbers. */
struct usb_request {
    uint8_t type; /* bmRequestType */
    uint8_t request;
    uint16_t value;
    uint16_t index;
    uint16_t length;
};

struct usb_request usb_request_parse(const uint8_t setup[8]);
void usb_request_store(struct usb_request request, uint8_t setup[8]);

/* True when the data stage goes from the device to the host. Without a data stage: false, because
 * the status stage is then an IN as after a write (USB 2.0, 8.5.3). */
bool usb_request_reads(struct usb_request request);

/* True for a standard request (bmRequestType 6..5 = 0) to the device with this number. */
bool usb_request_is(struct usb_request request, enum usb_standard_request number);

/* Appends e.g. "GET_DESCRIPTOR(Device), 64 bytes wanted" or "SET_ADDRESS(1)". */
void usb_request_print(struct text *text, const uint8_t setup[8]);

/* "Device", "Configuration", ...; NULL for a type chapter 9 does not know. */
const char *usb_descriptor_name(uint8_t type);

#endif
