/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an image: either refused with a sentence, or all questions about it are answered
 * without a crash.
 */
#include "sim/image/image_state.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct byte_range places[] = {
    {0, 0x00100000},
    {0x10001000, 0x1000},
    {0x20000000, 0x00040000},
};

/* A memory whose words are a function of their address: now and then a plausible pointer. */
static bool read_memory(void *owner, guest_addr address, uint32_t *word)
{
    const struct image *image = owner;
    const uint8_t *loaded = image_loaded(image, address & ~3u, 4);

    *word = loaded ? (uint32_t)(loaded[0] | loaded[1] << 8) | 1 : 0x20000000u + address % 0x40000;
    return address % 0x1000 != 0;
}

static void ask(const struct image *image, guest_addr address)
{
    struct source_place places_of_address[8];
    struct frame frames[16];
    struct symbol symbol;
    struct variable variable;
    struct variable member;
    struct unwind_start start = {.read = read_memory, .owner = (void *)(uintptr_t)image};

    for (unsigned n = 0; n < 13; n++)
        start.r[n] = 0x20000000u + 64 * n;
    start.r[13] = start.msp = start.psp = 0x2003f000;
    start.r[14] = address % 3 ? 0xfffffff9 : (address | 1);
    start.r[15] = address;
    (void)image_symbol_at(image, address, &symbol);
    (void)image_places(image, address, places_of_address, 8);
    (void)image_unwind(image, &start, frames, 16);
    for (guest_addr at = 0x2003f000; at < 0x2003f080; at += 12)
        if (image_local_at(image, &start, at, &variable))
            (void)image_member_cut(image, &variable, (struct byte_range){at, 7}, &member);
    if (image_static_at(image, 0x20000000 + address % 0x400, &variable))
        (void)image_member_cut(image, &variable, (struct byte_range){variable.range.start + 4, 6},
                               &member);
}

static void ask_everything(const struct image *image)
{
    struct symbol symbol;
    const uint8_t *section;
    size_t size;

    (void)image_has_debug_info(image);
    (void)image_section(image, ".fencepost.fences", &section, &size);
    if (image_symbol_named(image, "main", &symbol))
        ask(image, symbol.address);
    for (unsigned i = 0; i < image_segment_count(image) && i < 4; i++) {
        struct image_segment segment = image_segment(image, i);

        for (uint32_t offset = 0; offset < segment.size && offset < 0x600; offset += 22)
            ask(image, segment.address + offset);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct image_limits limits = {.places = places, .count = 3};
    struct failure failure = {0};
    struct image *image;

    if (image_load_bytes(&image, "fuzz", bytes, size, &limits, &failure) == STATUS_OK)
        ask_everything(image);
    else if (!failure.message[0])
        abort();
    image_free(image);
    return 0;
}
