/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/common/descriptors.h"

#define LITTLE16(value) (uint8_t)((value)&0xff), (uint8_t)((value) >> 8)

enum { VENDOR = 0x2020, PRODUCT = 0x0717 };

/* USB 2.0, table 9-8. */
const uint8_t device_descriptor[DEVICE_DESCRIPTOR_SIZE] = {
    DEVICE_DESCRIPTOR_SIZE,
    1,                /* bDescriptorType */
    LITTLE16(0x0200), /* bcdUSB */
    0,
    0,
    0,  /* class, subclass, protocol */
    64, /* bMaxPacketSize0 */
    LITTLE16(VENDOR),
    LITTLE16(PRODUCT),
    LITTLE16(0x0100), /* bcdDevice */
    0,
    0,
    0, /* no strings */
    1, /* bNumConfigurations */
};

/* USB 2.0, tables 9-10 and 9-12. */
const uint8_t configuration_descriptor[CONFIGURATION_SIZE] = {
    9,
    2, /* bDescriptorType */
    LITTLE16(CONFIGURATION_SIZE),
    1, /* bNumInterfaces */
    CONFIGURATION_VALUE,
    0,
    0xc0, /* bmAttributes: self-powered */
    250,  /* bMaxPower: 500 mA */

    9,
    4, /* bDescriptorType */
    0, /* bInterfaceNumber */
    0, /* bAlternateSetting */
    0, /* bNumEndpoints */
    0,
    0,
    0, /* class, subclass, protocol */
    0,
};
