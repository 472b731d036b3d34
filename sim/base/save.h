/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a whole file, completely or not at all. */
#ifndef SIM_BASE_SAVE_H
#define SIM_BASE_SAVE_H

#include "sim/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Makes `path` a file of exactly these bytes. They go to a temporary file in the same folder that
 * takes the place of `path` when all is on it: a reader, and a full disk, see the old file or the
 * new one. What is no regular file (a device, a pipe) is written to directly.
 */
MUST_CHECK enum status save_file(const char *path, const char *bytes, size_t size,
                                 struct failure *failure);

/* The same for what is too large to be put together in memory: `write` puts it into `file`. False:
 * it could not, errno says why. */
typedef bool save_writer(void *owner, FILE *file);
MUST_CHECK enum status save_by(const char *path, save_writer *write, void *owner,
                               struct failure *failure);

#endif
