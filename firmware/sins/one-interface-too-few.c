/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bNumInterfaces says two, and one interface is there (USB 2.0, 9.6.3).
 *
 * red: configuration-descriptors enumerate-linux enumerate-windows enumerate-macos replug
 *     unplugged-in-suspend
 */
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"

#include <stddef.h>

static const uint8_t descriptor[DEVICE_SIZE] = {
    DEVICE_SIZE,  DESCRIPTOR_DEVICE, LE16(0x0200), 0xff, 0, 0, 64,
    LE16(0x2020), LE16(0x0201),      LE16(0x0100), 0,    0, 0, 1};

enum { SIZE = CONFIGURATION_HEADER_SIZE + INTERFACE_SIZE };

static const uint8_t configuration[SIZE] = {
    CONFIGURATION_BYTES(SIZE, 2, SELF_POWERED),
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
