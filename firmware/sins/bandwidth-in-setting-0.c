/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setting 0 of an interface takes isochronous bandwidth (USB 2.0, 5.6.3).
 *
 * red: default-bandwidth
 */
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"

#include <stddef.h>

static const uint8_t descriptor[DEVICE_SIZE] = {
    DEVICE_SIZE,  DESCRIPTOR_DEVICE, LE16(0x0200), 0xff, 0, 0, 64,
    LE16(0x2020), LE16(0x0201),      LE16(0x0100), 0,    0, 0, 1};

enum { SIZE = CONFIGURATION_HEADER_SIZE + INTERFACE_SIZE + ENDPOINT_SIZE };

static const uint8_t configuration[SIZE] = {
    CONFIGURATION_BYTES(SIZE, 1, SELF_POWERED),
    INTERFACE_BYTES(0, 0, 1, 0xff, 0, 0),
    ENDPOINT_BYTES(0x88, ENDPOINT_ISOCHRONOUS, 192, 1),
};

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
};

int main(void)
{
    device_run(&device, NULL);
}
