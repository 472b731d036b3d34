/* SPDX-License-Identifier: Apache-2.0 */
/* The standard requests that the workshop's device understands (USB 2.0, 9.4). */
#ifndef FIRMWARE_COMMON_REQUEST_H
#define FIRMWARE_COMMON_REQUEST_H

#include "driver/usbd.h"

enum request_kind {
    REQUEST_UNKNOWN,
    REQUEST_GET_DEVICE_DESCRIPTOR,
    REQUEST_GET_CONFIGURATION_DESCRIPTOR,
    REQUEST_SET_ADDRESS,
    REQUEST_SET_CONFIGURATION,
};

/* Which request `setup` is. One with a field that the specification does not allow is unknown. */
enum request_kind request_kind(const struct usbd_setup *setup);

/* Logs the request in words, or its fields when it is unknown. */
void request_log(const struct usbd_setup *setup);

#endif
