/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The BOS descriptor announces a capability that does not follow (USB 3.2, 9.6.2).
 *
 * red: bos
 */
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"

#include <stddef.h>

static const uint8_t descriptor[DEVICE_SIZE] = {
    DEVICE_SIZE,  DESCRIPTOR_DEVICE, LE16(0x0201), 0xff, 0, 0, 64,
    LE16(0x2020), LE16(0x0201),      LE16(0x0100), 0,    0, 0, 1};

enum { SIZE = CONFIGURATION_HEADER_SIZE + INTERFACE_SIZE, BOS_SIZE = 5 + 7 };

static const uint8_t configuration[SIZE] = {
    CONFIGURATION_BYTES(SIZE, 1, SELF_POWERED),
    INTERFACE_BYTES(0, 0, 0, 0xff, 0, 0),
};

static const uint8_t bos[BOS_SIZE] = {
    5, DESCRIPTOR_BOS, LE16(BOS_SIZE), 2, 7, DESCRIPTOR_CAPABILITY, 2, LE32(0),
};

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .bos = bos,
};

int main(void)
{
    device_run(&device, NULL);
}
