/* SPDX-License-Identifier: Apache-2.0 */
/* The standard requests, and the state they change (USB 2.0, 9.4). Part of device.c. */
#ifndef FIRMWARE_CLASS_STANDARD_H
#define FIRMWARE_CLASS_STANDARD_H

#include "firmware/class/device.h"

enum { INTERFACES_MAX = 4 };

/* Recipients, the low five bits of bmRequestType. */
enum { TO_DEVICE = 0, TO_INTERFACE = 1, TO_ENDPOINT = 2 };

/* Answers a standard request. */
struct answer standard_answer(const struct device *device, const struct usbd_setup *setup);

/* The function that an interface or the endpoint of an interface belongs to, as wIndex of `setup`
 * says; NULL when there is none. */
const struct function *standard_function(const struct device *device,
                                         const struct usbd_setup *setup);

/* Back to the state Default: after a bus reset, which has closed all endpoints. */
void standard_reset(const struct device *device);

#endif
