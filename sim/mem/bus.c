/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mem/bus.h"

#include "sim/base/compiler.h"
#include "sim/mem/map.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void bus_init(struct bus *bus, struct trace *trace)
{
    *bus = (struct bus){.trace = trace};
}

/* Which entry of bus.page stands for `address`; BUS_PAGES: none does. */
static unsigned page_of(guest_addr address)
{
    guest_addr offset = address & 0x0fffffffu;

    if (address < APB_BASE || address >= AHB_BASE + 0x10000000u || offset >= BUS_PAGES / 2 << 12)
        return BUS_PAGES;
    return (address >= AHB_BASE ? BUS_PAGES / 2 : 0) + (offset >> 12);
}

static guest_addr last_byte(const struct bus_block *block)
{
    return block->range.start + (block->range.size - 1);
}

/* First of the blocks, which are in order of address, that does not end before `address`. */
static unsigned first_behind(const struct bus *bus, guest_addr address)
{
    unsigned i = 0;

    while (i < bus->count && last_byte(&bus->block[i]) < address)
        i++;
    return i;
}

/* One walk through blocks and pages, both in order of address. */
static void renew_pages(struct bus *bus)
{
    unsigned block = 0;

    for (unsigned page = 0; page < BUS_PAGES; page++) {
        guest_addr base = page < BUS_PAGES / 2 ? APB_BASE : AHB_BASE;
        guest_addr start = base + ((page % (BUS_PAGES / 2)) << 12);

        while (block < bus->count && last_byte(&bus->block[block]) < start)
            block++;
        bus->page[page] = (uint8_t)block;
    }
}

static const struct bus_block *find(const struct bus *bus, guest_addr address)
{
    unsigned page = page_of(address);

    for (unsigned i = page < BUS_PAGES ? bus->page[page] : 0; i < bus->count; i++) {
        if (bus->block[i].range.start > address)
            break;
        if (range_contains(bus->block[i].range, address))
            return &bus->block[i];
    }
    return NULL;
}

static bool is_free(const struct bus *bus, struct byte_range range)
{
    unsigned i = first_behind(bus, range.start);

    return i == bus->count || bus->block[i].range.start > range.start + (range.size - 1);
}

void bus_claim(struct bus *bus, struct byte_range range, const char *name,
               const struct bus_ops *ops, void *owner)
{
    unsigned at = first_behind(bus, range.start);

    assert(bus->count < BUS_BLOCKS && is_free(bus, range));
    memmove(&bus->block[at + 1], &bus->block[at], (bus->count - at) * sizeof *bus->block);
    bus->block[at] = (struct bus_block){.range = range, .name = name, .ops = ops, .owner = owner};
    bus->count++;
    renew_pages(bus);
}

void bus_name_unmodelled(struct bus *bus, struct byte_range range, const char *name)
{
    if (is_free(bus, range))
        bus_claim(bus, range, name, NULL, NULL);
}

void bus_fall_back(struct bus *bus, const struct bus_ops *ops, void *owner)
{
    bus->fallback = ops;
    bus->fallback_owner = owner;
}

void bus_watch(struct bus *bus, const uint32_t *wanted,
               void (*watch)(void *owner, guest_addr address, bool write), void *owner)
{
    bus->watched = wanted;
    bus->watch = watch;
    bus->watch_owner = owner;
}

static void tell_watch(const struct bus *bus, guest_addr address, bool write)
{
    if (UNLIKELY(bus->watched && *bus->watched))
        bus->watch(bus->watch_owner, address, write);
}

void *bus_owner(const struct bus *bus, guest_addr address, const struct bus_ops *ops)
{
    const struct bus_block *block = find(bus, address);

    return block && block->ops == ops ? block->owner : NULL;
}

static const char *name_of(const struct bus_block *block, guest_addr address)
{
    return block->ops && block->ops->block
               ? block->ops->block(block->owner, address - block->range.start)
               : block->name;
}

/* Returns false when it was there already, or when the list is full. */
static bool remember(struct bus_reported *reported, guest_addr address)
{
    for (uint32_t i = 0; i < reported->count; i++) {
        if (reported->address[i] == address)
            return false;
    }
    if (reported->count == BUS_REPORTED)
        return false;
    reported->address[reported->count++] = address;
    return true;
}

static void report_unmodelled(struct bus *bus, const struct bus_block *block, guest_addr address,
                              unsigned size, bool write, uint32_t value)
{
    if (!remember(&bus->reported, address))
        return;
    trace_emit(bus->trace, (struct observation){
                               .kind = OBS_UNMODELLED,
                               .unmodelled = {.pc = bus->trace->state.pc,
                                              .address = address,
                                              .size = size,
                                              .write = write,
                                              .value = value,
                                              .block = block ? name_of(block, address) : NULL}});
}

static bool read(struct bus *bus, const struct bus_block *block, guest_addr address, unsigned size,
                 uint32_t *value)
{
    if (block && block->ops &&
        block->ops->read(block->owner, address - block->range.start, size, value))
        return true;
    return bus->fallback && bus->fallback->read(bus->fallback_owner, address, size, value);
}

uint32_t bus_read(struct bus *bus, guest_addr address, unsigned size)
{
    const struct bus_block *block = find(bus, address);
    uint32_t value = 0;

    if (!read(bus, block, address, size, &value))
        report_unmodelled(bus, block, address, size, false, 0);
    if (trace_wants(bus->trace, OBS_MMIO_READ))
        trace_emit(bus->trace, (struct observation){.kind = OBS_MMIO_READ,
                                                    .mmio = {.pc = bus->trace->state.pc,
                                                             .address = address,
                                                             .size = size,
                                                             .value = value}});
    tell_watch(bus, address, false);
    return value;
}

static void write(struct bus *bus, guest_addr address, unsigned size, uint32_t value)
{
    const struct bus_block *block = find(bus, address);

    if (block && block->ops &&
        block->ops->write(block->owner, address - block->range.start, size, value))
        return;
    if (!bus->fallback || !bus->fallback->write(bus->fallback_owner, address, size, value))
        report_unmodelled(bus, block, address, size, true, value);
}

void bus_write(struct bus *bus, guest_addr address, unsigned size, uint32_t value)
{
    if (trace_wants(bus->trace, OBS_MMIO_WRITE))
        trace_emit(bus->trace, (struct observation){.kind = OBS_MMIO_WRITE,
                                                    .mmio = {.pc = bus->trace->state.pc,
                                                             .address = address,
                                                             .size = size,
                                                             .value = value}});
    write(bus, address, size, value);
    tell_watch(bus, address, true);
}

void bus_trigger(struct bus *bus, guest_addr address, uint32_t value)
{
    write(bus, address, 4, value);
}

bool bus_peek(const struct bus *bus, guest_addr address, unsigned size, uint32_t *value)
{
    const struct bus_block *block = find(bus, address);

    if (block && block->ops && block->ops->peek &&
        block->ops->peek(block->owner, address - block->range.start, size, value))
        return true;
    return bus->fallback && bus->fallback->peek(bus->fallback_owner, address, size, value);
}

const char *bus_block_name(const struct bus *bus, guest_addr address)
{
    const struct bus_block *block = find(bus, address);

    return block ? name_of(block, address) : NULL;
}

void bus_register_name(void *owner, guest_addr address, char *name, size_t room)
{
    const struct bus *bus = owner;
    const struct bus_block *block = find(bus, address);
    char reg[64];

    if (!block)
        (void)snprintf(name, room, "0x%08x", address);
    else if (block->ops && block->ops->name &&
             block->ops->name(block->owner, address - block->range.start, reg, sizeof reg))
        (void)snprintf(name, room, "%s.%s", name_of(block, address), reg);
    else if (bus->fallback && bus->fallback->name(bus->fallback_owner, address, reg, sizeof reg))
        (void)snprintf(name, room, "%s.%s", name_of(block, address), reg);
    else
        (void)snprintf(name, room, "%s+0x%03x", name_of(block, address),
                       address - block->range.start);
}
