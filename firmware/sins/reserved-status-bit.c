/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reserved bit of the device's status is set (USB 2.0, 9.4.5).
 *
 * red: address-get-status get-status
 */
#include "firmware/sins/standard.h"

struct answer standard_answer(const struct device *device, const struct usbd_setup *setup)
{
    struct answer answer = right_answer(device, setup);

    if (setup->request == GET_STATUS && setup->request_type == FROM_DEVICE)
        reply[0] |= 0x04;
    return answer;
}

#include "firmware/loopback.c"
