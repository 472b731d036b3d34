/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/report/fake_image.h"

#include "sim/base/compiler.h"

#include <string.h>

#define SOURCE "tests/report/source/usb-3.c"

static const struct {
    guest_addr pc;
    struct source_place place;
} places[] = {
    {FAKE_ANSWER_START, {"usbd_start_epin0", "driver/usbd.h", 31, 5, true}},
    {FAKE_ANSWER_START, {"answer", SOURCE, 9, 5, false}},
    {FAKE_ANSWER_STORE, {"answer", SOURCE, 10, 5, false}},
    {FAKE_INLINED_MEMCPY, {"memcpy", "memory.c", 5, 1, true}},
    {FAKE_INLINED_MEMCPY, {"answer", SOURCE, 10, 5, false}},
    {FAKE_OWN_MEMCPY, {"memcpy", "memory.c", 5, 1, false}},
    {FAKE_MAIN, {"main", SOURCE, 16, 10, false}},
};

static const struct symbol symbols[] = {
    {"memcpy", ".text", FAKE_MEMCPY, 0x40, true, false},
    {"answer", ".text", 0x1100, 0x20, true, true},
    {"buffer", ".bss", FAKE_BUFFER, 64, false, true},
};

static const uint8_t flash[4] = {0x00, 0x12, 0x00, 0x00}; /* FAKE_MAIN */

struct image {
    char unused;
};

const char *image_path(const struct image *image)
{
    (void)image;
    return "build/usb-3.elf";
}

const char *image_build_id(const struct image *image)
{
    (void)image;
    return "0123abcd";
}

bool image_has_debug_info(const struct image *image)
{
    (void)image;
    return true;
}

const struct image *fake_image(void)
{
    static const struct image image;

    return &image;
}

enum image_format image_format(const struct image *image)
{
    (void)image;
    return IMAGE_ELF;
}

bool image_symbol_at(const struct image *image, guest_addr address, struct symbol *symbol)
{
    (void)image;
    for (unsigned i = 0; i < ARRAY_LENGTH(symbols); i++) {
        if (address - symbols[i].address < symbols[i].size) {
            *symbol = symbols[i];
            return true;
        }
    }
    return false;
}

unsigned image_places(const struct image *image, guest_addr pc, struct source_place *found,
                      unsigned room)
{
    unsigned count = 0;

    (void)image;
    for (unsigned i = 0; i < ARRAY_LENGTH(places) && count < room; i++) {
        if (places[i].pc == pc)
            found[count++] = places[i].place;
    }
    return count;
}

unsigned image_unwind(const struct image *image, const struct unwind_start *start,
                      struct frame *frames, unsigned room)
{
    guest_addr at = start->r[13];
    unsigned count = 0;
    uint32_t word;

    (void)image;
    frames[count++] = (struct frame){.pc = start->r[15], .stack = at};
    if (start->r[14])
        frames[count++] = (struct frame){.pc = start->r[14], .stack = at + FAKE_FRAME};
    for (; count < room && start->read(start->owner, at, &word) && word; at += 4) {
        if (word == FAKE_FLASH_WORD && !start->read(start->owner, word, &word))
            break;
        frames[count++] = (struct frame){.pc = word & ~1u, .is_exception = word & 1};
    }
    return count;
}

unsigned image_segment_count(const struct image *image)
{
    (void)image;
    return 1;
}

struct image_segment image_segment(const struct image *image, unsigned index)
{
    (void)image;
    (void)index;
    return (struct image_segment){FAKE_FLASH_WORD, sizeof flash, flash};
}

bool image_local_at(const struct image *image, const struct unwind_start *moment,
                    guest_addr address, struct variable *variable)
{
    (void)image;
    *variable = (struct variable){
        .name = "reply", .function = "answer", .range = {moment->r[13] + FAKE_LOCAL, 16}};
    return range_contains(variable->range, address);
}

bool image_static_at(const struct image *image, guest_addr address, struct variable *variable)
{
    (void)image;
    *variable = (struct variable){.name = "buffer", .function = "", .range = {FAKE_BUFFER, 64}};
    return range_contains(variable->range, address);
}

bool image_member_cut(const struct image *image, const struct variable *variable,
                      struct byte_range window, struct variable *member)
{
    (void)image;
    *member = (struct variable){
        .name = "buffer.tail", .function = "", .range = {FAKE_BUFFER + FAKE_TAIL, 10}};
    return variable->range.start == FAKE_BUFFER && window.start == member->range.start;
}
