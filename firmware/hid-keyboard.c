/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A keyboard with the boot protocol, LEDs and remote wake-up (HID), whose keys press themselves.
 */
#include "firmware/class/hid.h"
#include "firmware/class/typist.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum { CONFIGURATION_SIZE = CONFIGURATION_HEADER_SIZE + HID_BYTES_SIZE };

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0, 0, 0, 0x0102)};

static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, 1, BUS_POWERED | REMOTE_WAKE_UP),
    HID_BYTES(0),
};

static const char *const strings[] = {"Fencepost", "HID keyboard", NULL};
static const struct function *const functions[] = {&hid_function};

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .strings = strings,
    .string_count = 3,
    .functions = functions,
    .function_count = 1,
    .event = typist_on_event,
};

int main(void)
{
    device_run(&device, NULL);
}
