/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A full-speed device has a device qualifier (USB 2.0, 9.6.2).
 *
 * red: qualifier
 */
#include "firmware/sins/standard.h"

struct answer standard_answer(const struct device *device, const struct usbd_setup *setup)
{
    static const uint8_t qualifier[10] = {10, 6, 0x00, 0x02, 0xff, 0, 0, 64, 1, 0};

    if (setup->request == GET_DESCRIPTOR && setup->value == 6 << 8)
        return send(qualifier, sizeof qualifier);
    return right_answer(device, setup);
}

#include "firmware/loopback.c"
