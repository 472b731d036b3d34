/* SPDX-License-Identifier: Apache-2.0 */
/* A heap of 2 KiB, for programs that have no C library. */
#ifndef FIRMWARE_BUGS_PARTS_HEAP_H
#define FIRMWARE_BUGS_PARTS_HEAP_H

#include <stddef.h>

/* As in ISO C 7.22.3. The memory is never written before it is handed out. */
void *malloc(size_t size);
void free(void *block);
void *realloc(void *block, size_t size);

#endif
