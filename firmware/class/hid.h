/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A keyboard: Human Interface Device class with the boot protocol (HID 1.11; appendix B, E). One a
 * program; its interface is 0, or 2 behind a serial port.
 */
#ifndef FIRMWARE_CLASS_HID_H
#define FIRMWARE_CLASS_HID_H

#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"

enum {
    HID_IN = 0x83, /* endpoint */
    HID_REPORT_DESCRIPTOR_SIZE = 63,
    HID_BYTES_SIZE = 9 + 9 + 7,
    HID_INTERVAL = 10, /* ms */
};

/* The descriptors of the interface: HID 1.11, 6.2.1 and E.3 to E.5. */
#define HID_BYTES(interface)                                                                       \
    INTERFACE_BYTES(interface, 0, 1, 0x03, 0x01, 0x01), HID_CLASS_BYTES,                           \
        ENDPOINT_BYTES(HID_IN, ENDPOINT_INTERRUPT, 8, HID_INTERVAL)
#define HID_CLASS_BYTES                                                                            \
    9, DESCRIPTOR_HID, LE16(0x0111), 0, 1, DESCRIPTOR_REPORT, LE16(HID_REPORT_DESCRIPTOR_SIZE)

/* The function, as interface 0 or 2. */
extern const struct function hid_function;
extern const struct function hid_second_function;

/* A report in the boot protocol: modifiers, reserved, six keys (HID 1.11, B.1). */
struct hid_report {
    uint8_t modifiers;
    uint8_t reserved;
    uint8_t keys[6];
};

/* The keys that are down from now on. To be called from the interrupt. */
void hid_press(uint8_t modifiers, uint8_t key);

/* The host has the present state of the keys. */
bool hid_is_told(void);

/* LEDs as the host wants them: bit 0 Num Lock, 1 Caps Lock, 2 Scroll Lock, 3 Compose, 4 Kana. */
uint8_t hid_leds(void);

/* What the function has to do about an event: sends what is due. From the interrupt. */
void hid_on_event(enum usbd_event event);

#endif
