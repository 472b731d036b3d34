/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
    if (!memory) {
        (void)fputs("fencepost: out of memory\n", stderr);
        exit(2);
    }
    return memory;
}

void *heap_allocate(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1));
}

void *heap_allocate_pages(size_t size)
{
    size_t whole = (size + 4095) & ~(size_t)4095;

    return memset(checked(aligned_alloc(4096, whole)), 0, whole);
}

void *heap_resize(void *memory, size_t size)
{
    return checked(realloc(memory, size ? size : 1));
}

char *heap_copy_string(const char *string)
{
    size_t size = strlen(string) + 1;

    return memcpy(heap_allocate(size, 1), string, size);
}

void heap_release(void *memory)
{
    free(memory);
}
