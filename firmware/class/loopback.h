/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vendor-specific function that sends back what it gets, on endpoints of each type, and by
 * control transfers with the requests of Linux' usbtest. Interface 0; setting 1 has the isochronous
 * pair as well.
 */
#ifndef FIRMWARE_CLASS_LOOPBACK_H
#define FIRMWARE_CLASS_LOOPBACK_H

#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"

enum {
    LOOPBACK_BULK_OUT = 0x01,
    LOOPBACK_BULK_IN = 0x81,
    LOOPBACK_INTERRUPT_OUT = 0x02,
    LOOPBACK_INTERRUPT_IN = 0x82,
    LOOPBACK_ISO_OUT = 0x08,
    LOOPBACK_ISO_IN = 0x88,
    LOOPBACK_ISO_PACKET = 192,
    LOOPBACK_CONTROL_MAX = 4096,
    LOOPBACK_BYTES_SIZE = 9 + 4 * 7 + 9 + 6 * 7,
};

#define LOOPBACK_PAIRS                                                                             \
    ENDPOINT_BYTES(LOOPBACK_BULK_OUT, ENDPOINT_BULK, 64, 0),                                       \
        ENDPOINT_BYTES(LOOPBACK_BULK_IN, ENDPOINT_BULK, 64, 0),                                    \
        ENDPOINT_BYTES(LOOPBACK_INTERRUPT_OUT, ENDPOINT_INTERRUPT, 64, 1),                         \
        ENDPOINT_BYTES(LOOPBACK_INTERRUPT_IN, ENDPOINT_INTERRUPT, 64, 1)
#define LOOPBACK_BYTES                                                                             \
    INTERFACE_BYTES(0, 0, 4, 0xff, 0, 0), LOOPBACK_PAIRS, INTERFACE_BYTES(0, 1, 6, 0xff, 0, 0),    \
        LOOPBACK_PAIRS,                                                                            \
        ENDPOINT_BYTES(LOOPBACK_ISO_OUT, ENDPOINT_ISOCHRONOUS, LOOPBACK_ISO_PACKET, 1),            \
        ENDPOINT_BYTES(LOOPBACK_ISO_IN, ENDPOINT_ISOCHRONOUS, LOOPBACK_ISO_PACKET, 1)

extern const struct function loopback_function;

/* Vendor requests: 0x5b writes up to 4096 bytes, 0x5c reads them back. For struct device. */
struct answer loopback_vendor(const struct usbd_setup *setup);
bool loopback_vendor_received(const struct usbd_setup *setup, uint32_t size);

/* Sends back what has come. Call it from the thread. */
void loopback_work(void);

#endif
