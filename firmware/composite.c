/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A composite device: the serial port of cdc-echo and the keyboard of hid-keyboard, tied together
 * by interface associations (USB ECN: Interface Association Descriptor).
 */
#include "firmware/class/cdc.h"
#include "firmware/class/hid.h"
#include "firmware/class/typist.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum {
    HID_INTERFACE = CDC_INTERFACES,
    ASSOCIATION_SIZE = 8,
    CONFIGURATION_SIZE =
        CONFIGURATION_HEADER_SIZE + 2 * ASSOCIATION_SIZE + CDC_BYTES_SIZE + HID_BYTES_SIZE,
};

/* Class EFh, 02h, 01h: look at the associations. */
static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0xef, 0x02, 0x01, 0x0105)};

static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, CDC_INTERFACES + 1, BUS_POWERED | REMOTE_WAKE_UP),
    ASSOCIATION_BYTES(0, CDC_INTERFACES, 0x02, 0x02, 0x01),
    CDC_BYTES,
    ASSOCIATION_BYTES(HID_INTERFACE, 1, 0x03, 0x01, 0x01),
    HID_BYTES(HID_INTERFACE),
};

static const char *const strings[] = {"Fencepost", "CDC and HID", NULL};
static const struct function *const functions[] = {&cdc_function, &hid_second_function};

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .strings = strings,
    .string_count = 3,
    .functions = functions,
    .function_count = 2,
    .event = typist_on_event,
};

int main(void)
{
    device_run(&device, cdc_echo);
}
