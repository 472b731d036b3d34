/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standard requests that do not exist are accepted (USB 2.0, 9.2.7).
 *
 * red: unknown-request
 */
#include "firmware/sins/standard.h"

enum { LAST_REQUEST = 12 };

struct answer standard_answer(const struct device *device, const struct usbd_setup *setup)
{
    static const uint8_t nothing[64];

    if (setup->request <= LAST_REQUEST)
        return right_answer(device, setup);
    return setup->request_type & FROM_DEVICE ? send(nothing, sizeof nothing) : accept();
}

#include "firmware/loopback.c"
