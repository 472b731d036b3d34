/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The serial number that the device descriptor names is not there (USB 2.0, 9.6.1).
 *
 * red: strings
 */
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"

#include <stddef.h>

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0xff, 0, 0, 0x0201)};

enum { SIZE = CONFIGURATION_HEADER_SIZE + INTERFACE_SIZE };

static const uint8_t configuration[SIZE] = {
    CONFIGURATION_BYTES(SIZE, 1, SELF_POWERED),
    INTERFACE_BYTES(0, 0, 0, 0xff, 0, 0),
};

static const char *const strings[] = {"Fencepost", "No serial number"};

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .strings = strings,
    .string_count = 2,
};

int main(void)
{
    device_run(&device, NULL);
}
