/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/formats.h"

#include "sim/base/bits.h"

/* Armv7-M memory map (B3.1): Code up to 0x1fffffff, SRAM from there to 0x3fffffff. */
static bool is_code_region(guest_addr address)
{
    return address < 0x20000000u;
}

static bool is_sram_region(guest_addr address)
{
    return !is_code_region(address) && address < 0x40000000u;
}

/* A full descending stack starts one past its highest word: the end of RAM is the usual value. */
static bool is_stack_pointer(uint32_t word, const struct image_limits *limits)
{
    for (unsigned i = 0; i < limits->count; i++) {
        struct byte_range place = limits->places[i];

        if (is_sram_region(place.start) && word % 4 == 0 && word > place.start &&
            word - place.start <= place.size)
            return true;
    }
    return false;
}

static bool is_thumb_code(const struct image *image, uint32_t word)
{
    return word & 1 && image_loaded(image, word & ~1u, 2);
}

enum status vectors_find(struct image *image, const struct image_limits *limits,
                         struct failure *failure)
{
    const struct image_segment *lowest = image->segments;
    uint32_t stack;
    uint32_t reset;

    if (!image->segment_count || !is_code_region(lowest->address))
        return failure_set(failure, STATUS_NO_VECTOR_TABLE, image->path,
                           "nothing is loaded into flash");
    if (lowest->size < 8)
        return failure_set(failure, STATUS_NO_VECTOR_TABLE, image->path,
                           "only %u bytes are loaded at 0x%08x", lowest->size, lowest->address);
    stack = load_le32(lowest->bytes);
    reset = load_le32(lowest->bytes + 4);
    if (!is_stack_pointer(stack, limits))
        return failure_set(failure, STATUS_NO_VECTOR_TABLE, image->path,
                           "the word at 0x%08x, 0x%08x, is no stack pointer in RAM",
                           lowest->address, stack);
    if (!is_thumb_code(image, reset))
        return failure_set(failure, STATUS_NO_VECTOR_TABLE, image->path,
                           "the word at 0x%08x, 0x%08x, is no Thumb address of loaded code%s",
                           lowest->address + 4, reset,
                           image->format == IMAGE_BIN && !lowest->address
                               ? "; say where the binary goes: app.bin@0x26000"
                               : "");
    image->vector_table = lowest->address;
    return STATUS_OK;
}
