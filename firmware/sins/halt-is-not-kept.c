/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SET_FEATURE(ENDPOINT_HALT) is accepted, and nothing comes of it.
 *
 * red: halt halt-is-alone
 */
#include "driver/endpoint.h"

static enum usbd_status only_say_yes(uint8_t address)
{
    return endpoint_is_open(address) ? USBD_OK : USBD_CLOSED;
}

#define endpoint_halt only_say_yes
#include "firmware/class/standard.c"
#include "firmware/loopback.c"
