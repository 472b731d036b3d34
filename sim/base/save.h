/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a whole file, completely or not at all. */
#ifndef SIM_BASE_SAVE_H
#define SIM_BASE_SAVE_H

#include "sim/base/status.h"

#include <stddef.h>

/*
 * Makes `path` a file of exactly these bytes. They go to a temporary file in the same folder that
 * takes the place of `path` when all is on it: a reader, and a full disk, see the old file or the
 * new one. What is no regular file (a device, a pipe) is written to directly.
 */
MUST_CHECK enum status save_file(const char *path, const char *bytes, size_t size,
                                 struct failure *failure);

#endif
