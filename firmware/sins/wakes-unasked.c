/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keyboard wakes the host without being allowed to (USB 2.0, 9.1.1.6).
 *
 * red: quiet-in-suspend
 */
#include "firmware/class/device.h"

static bool always(void)
{
    return true;
}

#define device_may_wake_host always
#include "firmware/class/typist.c"
#include "firmware/hid-keyboard.c"
