/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk: Mass Storage Class, bulk-only transport with SCSI commands (BOT 1.0; SPC-2, SBC). The
 * medium is an array of blocks. Interface 0; one disk a program.
 */
#ifndef FIRMWARE_CLASS_MSC_H
#define FIRMWARE_CLASS_MSC_H

#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"

enum {
    MSC_OUT = 0x01, /* endpoints */
    MSC_IN = 0x81,
    MSC_BYTES_SIZE = 9 + 7 + 7,
    MSC_BLOCK_SIZE = 512,
};

/* BOT 1.0, 4.3: subclass SCSI, protocol bulk-only. */
#define MSC_BYTES                                                                                  \
    INTERFACE_BYTES(0, 0, 2, 0x08, 0x06, 0x50), ENDPOINT_BYTES(MSC_OUT, ENDPOINT_BULK, 64, 0),     \
        ENDPOINT_BYTES(MSC_IN, ENDPOINT_BULK, 64, 0)

extern const struct function msc_function;

/* Which blocks the disk has. Call it before device_run. */
void msc_begin(uint8_t *blocks, uint32_t count);

/* Executes what the host asks for. Call it from the thread. */
void msc_work(void);

#endif
