/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SET_INTERFACE takes every alternate setting for the last one (USB 2.0, 9.4.10).
 *
 * red: no-such-setting
 */
#include "firmware/sins/standard.h"

struct answer standard_answer(const struct device *device, const struct usbd_setup *setup)
{
    struct usbd_setup changed = *setup;

    if (setup->request == SET_INTERFACE && setup->value > 1)
        changed.value = 1;
    return right_answer(device, &changed);
}

#include "firmware/loopback.c"
