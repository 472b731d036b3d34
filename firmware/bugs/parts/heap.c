/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First fit over a list of blocks in order of address. Compiled without link-time optimisation, as
 * a C library's heap would be: a linker that inlines free() leaves nothing to call.
 */
#include "firmware/bugs/parts/heap.h"

#include "driver/memory.h"

#include <stdbool.h>
#include <stdint.h>

/* In front of each block. */
struct header {
    uint32_t size; /* without the header, a multiple of 8 */
    uint32_t taken;
};

enum { HEAP_BYTES = 2048 };

/* Not initialised: the first block's header is made when it is needed. */
static uint8_t heap[HEAP_BYTES] __attribute__((aligned(8), section(".noinit")));
static bool made;

static struct header *first(void)
{
    struct header *header = (struct header *)heap;

    if (!made)
        *header = (struct header){.size = HEAP_BYTES - sizeof *header, .taken = false};
    made = true;
    return header;
}

/* The header behind this one; NULL behind the last. */
static struct header *next(struct header *header)
{
    uint8_t *behind = (uint8_t *)(header + 1) + header->size;

    return behind < heap + HEAP_BYTES ? (struct header *)behind : NULL;
}

/* Takes up the free blocks that follow. */
static void join(struct header *header)
{
    struct header *behind;

    while ((behind = next(header)) && !behind->taken)
        header->size += (uint32_t)sizeof *behind + behind->size;
}

static void split(struct header *header, uint32_t size)
{
    uint32_t rest = header->size - size;

    if (rest < 2 * sizeof *header)
        return;
    header->size = size;
    *next(header) = (struct header){.size = rest - (uint32_t)sizeof *header, .taken = false};
}

void *malloc(size_t size)
{
    uint32_t wanted = (uint32_t)(size + 7) & ~7u;

    for (struct header *header = first(); header; header = next(header)) {
        if (header->taken)
            continue;
        join(header);
        if (header->size >= wanted) {
            split(header, wanted);
            header->taken = true;
            return header + 1;
        }
    }
    return NULL;
}

void free(void *block)
{
    if (block)
        ((struct header *)block - 1)->taken = false;
}

void *realloc(void *block, size_t size)
{
    uint32_t old = block ? ((struct header *)block - 1)->size : 0;
    uint8_t *grown = malloc(size);

    if (grown && block) {
        memcpy(grown, block, old < size ? old : size);
        free(block);
    }
    return grown;
}
