/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/segments.h"

#include "sim/base/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pieces_add(struct pieces *pieces, struct piece piece)
{
    struct piece *last = pieces->items ? &pieces->items[pieces->count - 1] : NULL;

    if (!piece.size)
        return;
    /* Records of a text file mostly continue one another, in the file and in the buffer. */
    if (last && last->address + last->size == piece.address &&
        last->bytes + last->size == piece.bytes && piece.address != 0) {
        last->size += piece.size;
        return;
    }
    if (!pieces->items || pieces->count == pieces->capacity) {
        pieces->capacity = pieces->capacity ? 2 * pieces->capacity : 16;
        pieces->items = heap_resize(pieces->items, pieces->capacity * sizeof *pieces->items);
    }
    pieces->items[pieces->count++] = piece;
}

void pieces_free(struct pieces *pieces)
{
    heap_release(pieces->items);
    *pieces = (struct pieces){0};
}

static int by_address(const void *left, const void *right)
{
    const struct piece *a = left;
    const struct piece *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

static guest_addr last_byte(const struct piece *piece)
{
    return piece->address + piece->size - 1;
}

/* " (line 12)" where the file has lines. */
static const char *line_of(const struct piece *piece, char text[32])
{
    text[0] = '\0';
    if (piece->line)
        (void)snprintf(text, 32, " (line %u)", piece->line);
    return text;
}

static bool is_in_memory(const struct piece *piece, const struct image_limits *limits)
{
    struct byte_range range = {piece->address, piece->size};

    for (unsigned i = 0; i < limits->count; i++)
        if (range_covers(limits->places[i], range))
            return true;
    return false;
}

static enum status check(const struct image *image, const struct pieces *pieces,
                         const struct image_limits *limits, enum status twice,
                         struct failure *failure)
{
    char line[32];

    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];
        const struct piece *before = i ? piece - 1 : NULL;

        if (!is_in_memory(piece, limits))
            return failure_set(failure, STATUS_SEGMENT_OUTSIDE_MEMORY, image->path,
                               "0x%08x to 0x%08x%s", piece->address, last_byte(piece),
                               line_of(piece, line));
        if (before && last_byte(before) >= piece->address)
            return failure_set(failure, twice, image->path, "0x%08x is loaded twice%s",
                               piece->address, line_of(piece, line));
    }
    return STATUS_OK;
}

/* All pieces are in memory and none overlap, so their sizes add up to the memory's at most. */
static void copy(struct image *image, const struct pieces *pieces)
{
    size_t used = 0;

    for (size_t i = 0; i < pieces->count; i++)
        used += pieces->items[i].size;
    image->content = heap_allocate(used, 1);
    image->segments = heap_allocate(pieces->count, sizeof *image->segments);

    used = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];
        struct image_segment *last = &image->segments[image->segment_count];

        memcpy(image->content + used, piece->bytes, piece->size);
        if (i && last[-1].address + last[-1].size == piece->address) {
            last[-1].size += piece->size;
        } else {
            *last = (struct image_segment){piece->address, piece->size, image->content + used};
            image->segment_count++;
        }
        used += piece->size;
    }
}

enum status segments_build(struct image *image, struct pieces *pieces,
                           const struct image_limits *limits, enum status twice,
                           struct failure *failure)
{
    enum status status;

    if (pieces->count)
        qsort(pieces->items, pieces->count, sizeof *pieces->items, by_address);
    status = check(image, pieces, limits, twice, failure);
    if (status == STATUS_OK)
        copy(image, pieces);
    return status;
}
