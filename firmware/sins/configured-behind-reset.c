/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bus reset leaves the device configured (USB 2.0, 9.1.1.3).
 *
 * red: reset-in-configured reset-in-suspend
 */
#include "firmware/class/standard.h"

void right_reset(const struct device *device);

#define standard_reset right_reset
#include "firmware/class/standard.c"
#undef standard_reset

#include "firmware/common/startup.h"

void standard_reset(const struct device *device)
{
    (void)device;
}

#include "firmware/loopback.c"
