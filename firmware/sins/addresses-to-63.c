/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses above 63 are refused (USB 2.0, 9.4.6).
 *
 * red: address-127
 */
#include "firmware/sins/standard.h"

struct answer standard_answer(const struct device *device, const struct usbd_setup *setup)
{
    if (setup->request == SET_ADDRESS && setup->value > 63)
        return stall();
    return right_answer(device, setup);
}

#include "firmware/loopback.c"
