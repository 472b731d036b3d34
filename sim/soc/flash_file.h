/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flash and UICR as a file, so that what firmware stores outlives the run: the bytes of flash, then
 * those of UICR, and nothing else.
 */
#ifndef SIM_SOC_FLASH_FILE_H
#define SIM_SOC_FLASH_FILE_H

#include "sim/base/status.h"
#include "sim/mem/memory.h"

/* Fills flash and UICR from `path`. A file that does not exist changes nothing. */
MUST_CHECK enum status flash_file_load(struct memory *memory, const char *path,
                                       struct failure *failure);

/* Makes `path` a file of what is in flash and UICR now. */
MUST_CHECK enum status flash_file_save(const struct memory *memory, const char *path,
                                       struct failure *failure);

#endif
