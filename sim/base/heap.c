/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For hard times. */
static void *aside;
static bool is_short;

void heap_set_aside(size_t size)
{
    free(aside);
    aside = size ? malloc(size) : NULL;
    is_short = false;
}

bool heap_is_short(void)
{
    return is_short;
}

/* True: it is worth another try. */
static bool give_back(void)
{
    if (!aside) {
        (void)fputs("fencepost: out of memory\n", stderr);
        exit(2);
    }
    free(aside);
    aside = NULL;
    is_short = true;
    return true;
}

void *heap_allocate(size_t count, size_t size)
{
    void *memory;

    do
        memory = calloc(count ? count : 1, size ? size : 1);
    while (!memory && give_back());
    return memory;
}

void *heap_allocate_pages(size_t size)
{
    size_t whole = (size + 4095) & ~(size_t)4095;
    void *memory;

    do
        memory = aligned_alloc(4096, whole);
    while (!memory && give_back());
    return memset(memory, 0, whole);
}

void *heap_resize(void *memory, size_t size)
{
    void *resized;

    do
        resized = realloc(memory, size ? size : 1);
    while (!resized && give_back());
    return resized;
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
