/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk of 96 KiB in RAM with a FAT file system and a small file on it (MSC, bulk-only).
 */
#include "firmware/class/fat.h"
#include "firmware/class/msc.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum {
    CONFIGURATION_SIZE = CONFIGURATION_HEADER_SIZE + MSC_BYTES_SIZE,
    BLOCKS = 192,
};

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0, 0, 0, 0x0103)};

static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, 1, SELF_POWERED),
    MSC_BYTES,
};

static const char *const strings[] = {"Fencepost", "RAM disk", NULL};
static const struct function *const functions[] = {&msc_function};

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .strings = strings,
    .string_count = 3,
    .functions = functions,
    .function_count = 1,
};

static uint8_t disk[BLOCKS * MSC_BLOCK_SIZE] __attribute__((aligned(4)));

int main(void)
{
    fat_format(disk, BLOCKS, "This disk is in the RAM of an nRF52840.\r\n");
    msc_begin(disk, BLOCKS);
    device_run(&device, msc_work);
}
