/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step 6: answer all standard requests. The device of step 5 on the stack that the programs with a
 * USB class share (firmware/class): `fencepost check` finds nothing. Runs for ever.
 */
#include "firmware/class/device.h"
#include "firmware/common/descriptors.h"
#include "firmware/common/startup.h"

#include <stddef.h>

static const struct device device = {
    .descriptor = device_descriptor,
    .configuration = configuration_descriptor,
};

int main(void)
{
    device_run(&device, NULL);
}
