/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mem/memory.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"

#include <assert.h>
#include <string.h>

_Static_assert(FLASH_PAGE == STATE_PAGE, "flash pages are the unit of snapshots");

void memory_init(struct memory *memory)
{
    *memory = (struct memory){.flash = heap_allocate_pages(FLASH_SIZE),
                              .ram = heap_allocate_pages(RAM_SIZE),
                              .ficr = heap_allocate_pages(INFO_SIZE),
                              .uicr = heap_allocate_pages(INFO_SIZE),
                              .flash_baseline = heap_allocate_pages(FLASH_SIZE)};
    memset(memory->flash, 0xff, FLASH_SIZE);
    memset(memory->uicr, 0xff, INFO_SIZE);
    memory_set_baseline(memory);
}

void memory_release(struct memory *memory)
{
    heap_release_pages(memory->flash);
    heap_release_pages(memory->ram);
    heap_release_pages(memory->ficr);
    heap_release_pages(memory->uicr);
    heap_release_pages(memory->flash_baseline);
    *memory = (struct memory){0};
}

void memory_ram_changing(struct memory *memory, struct byte_range range)
{
    uint32_t first = (range.start - RAM_BASE) / TRACKED_BLOCK;
    uint32_t last = (range.start - RAM_BASE + range.size - 1) / TRACKED_BLOCK;

    if (!memory->ram_changed || !range.size)
        return;
    for (uint32_t block = first; block <= last; block++)
        memory->ram_changed[block / 32] |= bit32(block % 32);
}

void memory_fill_ram(struct memory *memory, uint8_t pattern)
{
    memory_ram_changing(memory, (struct byte_range){RAM_BASE, RAM_SIZE});
    memory->pattern = pattern;
    memset(memory->ram, pattern, RAM_SIZE);
}

void memory_lose(struct memory *memory, struct byte_range range)
{
    assert(memory_is_data_ram(range));
    memory_ram_changing(memory, range);
    memset(memory_at(memory, range), memory->pattern, range.size);
    if (memory->ram_written)
        memory->ram_written(memory->ram_owner, range);
}

void memory_set_baseline(struct memory *memory)
{
    memcpy(memory->flash_baseline, memory->flash, FLASH_SIZE);
    memset(memory->flash_changed, 0, sizeof memory->flash_changed);
}

void memory_flash_changing(struct memory *memory, struct byte_range range)
{
    if (!range.size)
        return;
    for (uint32_t page = range.start / FLASH_PAGE;
         page <= (range.start + range.size - 1) / FLASH_PAGE && page < FLASH_PAGES; page++)
        memory->flash_changed[page / 32] |= bit32(page % 32);
}

uint8_t *memory_at(const struct memory *memory, struct byte_range range)
{
    const struct {
        struct byte_range place;
        uint8_t *bytes;
    } cells[] = {
        {{RAM_BASE, RAM_SIZE}, memory->ram},      {{FLASH_BASE, FLASH_SIZE}, memory->flash},
        {{RAM_CODE_BASE, RAM_SIZE}, memory->ram}, {{FICR_BASE, INFO_SIZE}, memory->ficr},
        {{UICR_BASE, INFO_SIZE}, memory->uicr},
    };

    for (unsigned i = 0; i < sizeof cells / sizeof *cells; i++) {
        if (range_contains(cells[i].place, range.start))
            return range_covers(cells[i].place, range)
                       ? cells[i].bytes + (range.start - cells[i].place.start)
                       : NULL;
    }
    return NULL;
}

bool memory_peek(const struct memory *memory, guest_addr address, void *bytes, uint32_t size)
{
    const uint8_t *at = memory_at(memory, (struct byte_range){address, size});

    if (!at)
        return false;
    memcpy(bytes, at, size);
    return true;
}

void memory_master_read(const struct memory *memory, guest_addr address, uint8_t *bytes,
                        uint32_t size)
{
    assert(memory_is_data_ram((struct byte_range){address, size}));
    store_buffer_read(&memory->stores, memory->ram, address - RAM_BASE, bytes, size);
}

void memory_master_write(struct memory *memory, guest_addr address, const uint8_t *bytes,
                         uint32_t size)
{
    assert(memory_is_data_ram((struct byte_range){address, size}));
    memory_ram_changing(memory, (struct byte_range){address, size});
    store_buffer_write(&memory->stores, memory->ram, address - RAM_BASE, bytes, size);
    if (memory->ram_written)
        memory->ram_written(memory->ram_owner, (struct byte_range){address, size});
}

bool memory_store_waits(const struct memory *memory, struct byte_range range, uint32_t *number)
{
    return store_buffer_find(&memory->stores, range.start - RAM_BASE, range.size, number);
}

void memory_store_arrives(struct memory *memory, uint32_t number)
{
    store_buffer_arrive(&memory->stores, number);
}

bool memory_is_data_ram(struct byte_range range)
{
    return range_covers((struct byte_range){RAM_BASE, RAM_SIZE}, range);
}

guest_addr memory_fold(guest_addr address)
{
    struct byte_range alias = {RAM_CODE_BASE, RAM_SIZE};

    return range_contains(alias, address) ? address - RAM_CODE_BASE + RAM_BASE : address;
}

void memory_register_state(struct memory *memory, struct state *state)
{
    state_register(state, "ram", memory->ram, RAM_SIZE);
    state_register(state, "store buffer", &memory->stores, sizeof memory->stores);
    state_register(state, "uicr", memory->uicr, INFO_SIZE);
    state_register_paged(state, "flash", memory->flash, FLASH_SIZE, memory->flash_baseline,
                         memory->flash_changed);
}
