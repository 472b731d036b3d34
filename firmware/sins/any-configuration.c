/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every value but 0 configures the device (USB 2.0, 9.4.7).
 *
 * red: address-set-configuration-unknown set-configuration-unknown
 */
#include "firmware/sins/standard.h"

struct answer standard_answer(const struct device *device, const struct usbd_setup *setup)
{
    struct usbd_setup changed = *setup;

    if (setup->request == SET_CONFIGURATION && setup->request_type == 0 && setup->value != 0)
        changed.value = 1;
    return right_answer(device, &changed);
}

#include "firmware/loopback.c"
