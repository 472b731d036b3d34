/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control writes of more than 512 bytes are refused (USB 2.0, 5.5.3).
 *
 * red: control-writes
 */
#include "firmware/class/loopback.h"

static struct answer refuse_long_ones(const struct usbd_setup *setup)
{
    return setup->length > 512 ? stall() : loopback_vendor(setup);
}

#define loopback_vendor refuse_long_ones
#include "firmware/loopback.c"
