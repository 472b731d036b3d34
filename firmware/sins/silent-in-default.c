/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET_STATUS in state Default is never answered (USB 2.0, 9.4.5).
 *
 * red: default-get-status
 */
#include "firmware/sins/standard.h"

struct answer standard_answer(const struct device *device, const struct usbd_setup *setup)
{
    if (setup->request == GET_STATUS && !has_address())
        return (struct answer){.kind = ANSWER_HARDWARE};
    return right_answer(device, setup);
}

#include "firmware/loopback.c"
