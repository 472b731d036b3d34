/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A serial port that sends back what it receives (CDC-ACM), byte for byte and packet for packet.
 */
#include "firmware/class/cdc.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum { CONFIGURATION_SIZE = CONFIGURATION_HEADER_SIZE + CDC_BYTES_SIZE };

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0x02, 0, 0, 0x0101)};

static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, CDC_INTERFACES, SELF_POWERED),
    CDC_BYTES,
};

static const char *const strings[] = {"Fencepost", "CDC echo", NULL};
static const struct function *const functions[] = {&cdc_function};

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .strings = strings,
    .string_count = 3,
    .functions = functions,
    .function_count = 1,
};

int main(void)
{
    device_run(&device, cdc_echo);
}
