/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A USB device: answers the standard requests from its descriptors, and hands class and vendor
 * requests to its functions (USB 2.0, chapter 9).
 *
 *     static const struct device device = {.descriptor = ..., .configuration = ..., ...};
 *     int main(void) { device_run(&device, work); }
 *
 * Requests are answered in the USBD interrupt; `work` moves the data, in the thread.
 */
#ifndef FIRMWARE_CLASS_DEVICE_H
#define FIRMWARE_CLASS_DEVICE_H

#include "firmware/class/answer.h"

#include <stdbool.h>
#include <stdint.h>

/* One or more interfaces that belong together. All calls come from the USBD interrupt. */
struct function {
    uint8_t first; /* bInterfaceNumber */
    uint8_t count;
    /* Class requests to its interfaces and endpoints, and GET_DESCRIPTOR to its interfaces. NULL:
     * all are stalled. */
    struct answer (*request)(const struct usbd_setup *setup);
    received_function *received;
    /* Its endpoints were opened, empty: by SET_CONFIGURATION or SET_INTERFACE. May be NULL. */
    void (*opened)(void);
    /* The device is no longer configured. May be NULL. */
    void (*closed)(void);
    /* The host has ended the halt of an endpoint of it, which may halt it again. May be NULL. */
    void (*halt_cleared)(uint8_t address);
};

/* What a device is. All of it is constant. */
struct device {
    const uint8_t *descriptor;    /* USB 2.0, table 9-8 */
    const uint8_t *configuration; /* the only one, with all that belongs to it */
    const uint8_t *bos;           /* USB 3.2, 9.6.2; NULL: none */
    const char *const *strings;   /* string 1 is the first; NULL: the serial number of the chip */
    uint8_t string_count;
    uint8_t function_count;
    const struct function *const *functions;
    struct answer (*vendor)(const struct usbd_setup *setup); /* vendor requests; NULL: none */
    received_function *vendor_received;
    void (*event)(enum usbd_event event); /* every event, behind all others; may be NULL */
};

/* Starts the device. It sleeps while the bus is suspended; while there is no VBUS, USBD is off.
 * `work` is called in the thread after every event; it may be NULL. */
_Noreturn void device_run(const struct device *device, void (*work)(void));

/* Configured by the host: its endpoints are open (USB 2.0, 9.1.1.5). */
bool device_configured(void);

/* The alternate setting of an interface. */
uint8_t device_alternate(uint8_t interface);

/* The host has switched remote wake-up on (USB 2.0, 9.4.9). */
bool device_may_wake_host(void);

#endif
