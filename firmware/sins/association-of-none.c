/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An interface association names interfaces that do not follow (IAD ECN).
 *
 * red: associations
 */
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"

#include <stddef.h>

static const uint8_t descriptor[DEVICE_SIZE] = {
    DEVICE_SIZE,  DESCRIPTOR_DEVICE, LE16(0x0200), 0xff, 0, 0, 64,
    LE16(0x2020), LE16(0x0201),      LE16(0x0100), 0,    0, 0, 1};

enum { SIZE = CONFIGURATION_HEADER_SIZE + 8 + INTERFACE_SIZE };

static const uint8_t configuration[SIZE] = {
    CONFIGURATION_BYTES(SIZE, 1, SELF_POWERED),
    ASSOCIATION_BYTES(0, 2, 0xff, 0, 0),
    INTERFACE_BYTES(0, 0, 0, 0xff, 0, 0),
};

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
};

int main(void)
{
    device_run(&device, NULL);
}
