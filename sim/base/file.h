/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a whole file into memory. */
#ifndef SIM_BASE_FILE_H
#define SIM_BASE_FILE_H

#include "sim/base/status.h"

#include <stddef.h>
#include <stdint.h>

/* A firmware with all its debug information is some ten megabytes; a device file has no end. */
#define FILE_SIZE_LIMIT ((size_t)256 << 20)

/* Reads all of `path`. On success the caller owns `bytes` (heap_release) and `size` is not 0. */
MUST_CHECK enum status file_read(const char *path, uint8_t **bytes, size_t *size,
                                 struct failure *failure);

#endif
