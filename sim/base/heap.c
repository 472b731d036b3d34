/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/heap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };

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

/*
 * Large pieces of calloc are fresh pages of the system, which are zero without being touched: a
 * machine that uses a few pages of its flash pays for no more. Where the piece begins is kept in
 * front of what is given out.
 */
void *heap_allocate_pages(size_t size)
{
    char *piece = heap_allocate(1, size + PAGE + sizeof piece);
    char *pages = piece + sizeof piece;

    pages += (PAGE - (uintptr_t)pages % PAGE) % PAGE;
    memcpy(pages - sizeof piece, &piece, sizeof piece);
    return pages;
}

void heap_release_pages(void *pages)
{
    void *piece;

    if (!pages)
        return;
    memcpy(&piece, (char *)pages - sizeof piece, sizeof piece);
    free(piece);
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
