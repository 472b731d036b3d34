/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SET_CONFIGURATION(0) leaves the endpoints open (USB 2.0, 9.1.1.5).
 *
 * red: unconfigured-endpoints
 */
#include "driver/endpoint.h"

static void leave_open(uint8_t address)
{
    (void)address;
}

#define endpoint_close leave_open
#include "firmware/class/standard.c"
#include "firmware/loopback.c"
