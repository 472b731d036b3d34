/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A serial port: Communications Device Class, Abstract Control Model (USB CDC 1.2; PSTN 1.2).
 * Interfaces 0 and 1; one port a program.
 */
#ifndef FIRMWARE_CLASS_CDC_H
#define FIRMWARE_CLASS_CDC_H

#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"

enum {
    CDC_INTERFACES = 2,
    CDC_NOTIFICATION = 0x81, /* endpoints */
    CDC_OUT = 0x02,
    CDC_IN = 0x82,
    CDC_BYTES_SIZE = 9 + 5 + 5 + 4 + 5 + 7 + 9 + 7 + 7,
};

/* The descriptors of both interfaces: CDC 1.2, 5.2.3; PSTN 1.2, 5.3. ACM can do line coding,
 * control line state and serial state, and send a break. */
#define CDC_BYTES                                                                                  \
    INTERFACE_BYTES(0, 0, 1, 0x02, 0x02, 0x01), 5, DESCRIPTOR_CLASS_INTERFACE, 0x00, LE16(0x0120), \
        5, DESCRIPTOR_CLASS_INTERFACE, 0x01, 0x00, 1, 4, DESCRIPTOR_CLASS_INTERFACE, 0x02, 0x06,   \
        5, DESCRIPTOR_CLASS_INTERFACE, 0x06, 0, 1,                                                 \
        ENDPOINT_BYTES(CDC_NOTIFICATION, ENDPOINT_INTERRUPT, 16, 16),                              \
        INTERFACE_BYTES(1, 0, 2, 0x0a, 0x00, 0x00), ENDPOINT_BYTES(CDC_OUT, ENDPOINT_BULK, 64, 0), \
        ENDPOINT_BYTES(CDC_IN, ENDPOINT_BULK, 64, 0)

extern const struct function cdc_function;

/* Sends back what was received, packet by packet, and tells the host of changes of the line. The
 * host waits while its own packets are not fetched. Call it from the thread. */
void cdc_echo(void);

#endif
