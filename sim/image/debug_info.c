/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/debug_info.h"
#include "sim/image/discarded.h"

#include "sim/base/heap.h"

/* A real unit has some hundred ranges; garbage may claim any number. */
#define RANGES_LIMIT 1000000u

struct debug_info *debug_info_new(void)
{
    return heap_allocate(1, sizeof(struct debug_info));
}

void debug_info_close(struct debug_info *debug)
{
    if (!debug)
        return;
    if (debug->frames[1])
        (void)dwarf_cfi_end(debug->frames[1]); /* that of .debug_frame belongs to `dwarf` */
    if (debug->dwarf)
        (void)dwarf_end(debug->dwarf);
    heap_release(debug->ranges);
    heap_release(debug->statics);
    heap_release(debug);
}

bool image_has_debug_info(const struct image *image)
{
    const uint8_t *bytes;
    size_t size;

    return image_section(image, ".debug_info", &bytes, &size) && size > 0;
}

static void add_range(struct debug_info *debug, struct unit_range range)
{
    if (debug->range_count == debug->range_capacity) {
        debug->range_capacity = debug->range_capacity ? 2 * debug->range_capacity : 64;
        debug->ranges = heap_resize(debug->ranges, debug->range_capacity * sizeof *debug->ranges);
    }
    debug->ranges[debug->range_count++] = range;
}

/* .debug_aranges would be quicker, but clang does not write it. */
static void add_unit(struct debug_info *debug, Dwarf_Die *unit)
{
    ptrdiff_t offset = 0;
    Dwarf_Addr base = 0;
    Dwarf_Addr start;
    Dwarf_Addr end;

    while (debug->range_count < RANGES_LIMIT &&
           (offset = dwarf_ranges(unit, offset, &base, &start, &end)) > 0)
        if (start < end && end <= UINT32_MAX)
            add_range(debug, (struct unit_range){(guest_addr)start, (guest_addr)end,
                                                 dwarf_dieoffset(unit)});
}

static void add_units(struct debug_info *debug)
{
    Dwarf_Off offset = 0;
    Dwarf_Off next;
    size_t header_size;
    Dwarf_Die unit;

    while (dwarf_nextcu(debug->dwarf, offset, &next, &header_size, NULL, NULL, NULL) == 0) {
        if (dwarf_offdie(debug->dwarf, offset + header_size, &unit))
            add_unit(debug, &unit);
        offset = next;
    }
}

struct debug_info *debug_info_of(const struct image *image)
{
    struct debug_info *debug = image->debug;

    if (!debug)
        return NULL;
    if (!debug->is_open) {
        debug->is_open = true;
        discarded_move_away(image);
        debug->dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
        if (debug->dwarf) {
            debug->frames[0] = dwarf_getcfi(debug->dwarf);
            add_units(debug);
        }
        debug->frames[1] = dwarf_getcfi_elf(image->elf);
    }
    return debug->dwarf || debug->frames[1] ? debug : NULL;
}

bool debug_info_unit(const struct debug_info *debug, guest_addr pc, Dwarf_Die *unit)
{
    const struct unit_range *found = NULL;

    for (size_t i = 0; i < debug->range_count; i++) {
        const struct unit_range *range = &debug->ranges[i];

        if (pc < range->start || pc >= range->end)
            continue;
        if (!found || is_discarded_address(found->start))
            found = range;
    }
    return found && dwarf_offdie(debug->dwarf, found->unit, unit);
}
