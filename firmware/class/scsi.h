/* SPDX-License-Identifier: Apache-2.0 */
/* SCSI commands of a direct-access device with removable medium (SPC-2, SBC). Part of msc.c. */
#ifndef FIRMWARE_CLASS_SCSI_H
#define FIRMWARE_CLASS_SCSI_H

#include <stdbool.h>
#include <stdint.h>

/* What the device intends to do for a command (BOT 1.0, 6.7: Dn, Di, Do). */
struct scsi_intent {
    bool good; /* false: the command has failed, and REQUEST SENSE tells why */
    bool to_host;
    uint8_t *data; /* `size` bytes, to or from the host */
    uint32_t size;
};

/* The medium: `count` blocks of 512 bytes. */
void scsi_begin(uint8_t *blocks, uint32_t count);

/* Executes a command block of `size` bytes, 1..16; for reads and writes says where the bytes are.
 */
struct scsi_intent scsi_execute(const uint8_t *command, uint32_t size);

#endif
