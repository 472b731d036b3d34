/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host memory. Out of memory ends the process with one line and exit code 2: no caller could do
 * better, and no caller has to carry a branch for it that no test reaches.
 */
#ifndef SIM_BASE_HEAP_H
#define SIM_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory for `count` elements of `size` bytes. Released with heap_release. */
void *heap_allocate(size_t count, size_t size);

/* Zeroed, aligned to 4096 bytes, as a memory that is mapped into the CPU must be. Released with
 * heap_release_pages (NULL: nothing). */
void *heap_allocate_pages(size_t size);
void heap_release_pages(void *pages);

void *heap_resize(void *memory, size_t size);
char *heap_copy_string(const char *string);
void heap_release(void *memory);

/*
 * Sets `size` bytes aside (0: none any more). When memory runs out they are given back and the
 * allocation succeeds after all; from then on heap_is_short, and who has something to save should
 * do it.
 */
void heap_set_aside(size_t size);
bool heap_is_short(void);

#endif
