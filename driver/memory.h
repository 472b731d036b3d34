/* SPDX-License-Identifier: Apache-2.0 */
/* The one thing the driver wants from a C library. */
#ifndef DRIVER_MEMORY_H
#define DRIVER_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);

#endif
