/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mem/bus.h"

#include <assert.h>
#include <stdio.h>

void bus_init(struct bus *bus, struct trace *trace)
{
    *bus = (struct bus){.trace = trace};
}

void bus_claim(struct bus *bus, struct byte_range range, const char *name,
               const struct bus_ops *ops, void *owner)
{
    assert(bus->count < BUS_BLOCKS);
    bus->block[bus->count++] =
        (struct bus_block){.range = range, .name = name, .ops = ops, .owner = owner};
}

void bus_name_unmodelled(struct bus *bus, struct byte_range range, const char *name)
{
    bus_claim(bus, range, name, NULL, NULL);
}

static const struct bus_block *find(const struct bus *bus, guest_addr address)
{
    for (unsigned i = bus->count; i-- > 0;) {
        if (range_contains(bus->block[i].range, address))
            return &bus->block[i];
    }
    return NULL;
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
    trace_emit(bus->trace,
               (struct observation){.kind = OBS_UNMODELLED,
                                    .unmodelled = {.pc = bus->trace->state.pc,
                                                   .address = address,
                                                   .size = size,
                                                   .write = write,
                                                   .value = value,
                                                   .block = block ? block->name : NULL}});
}

uint32_t bus_read(struct bus *bus, guest_addr address, unsigned size)
{
    const struct bus_block *block = find(bus, address);
    uint32_t value = 0;

    if (!block || !block->ops ||
        !block->ops->read(block->owner, address - block->range.start, size, &value))
        report_unmodelled(bus, block, address, size, false, 0);
    if (trace_wants(bus->trace, OBS_MMIO_READ))
        trace_emit(bus->trace, (struct observation){.kind = OBS_MMIO_READ,
                                                    .mmio = {.pc = bus->trace->state.pc,
                                                             .address = address,
                                                             .size = size,
                                                             .value = value}});
    return value;
}

static void write(struct bus *bus, guest_addr address, unsigned size, uint32_t value)
{
    const struct bus_block *block = find(bus, address);

    if (!block || !block->ops ||
        !block->ops->write(block->owner, address - block->range.start, size, value))
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
}

void bus_trigger(struct bus *bus, guest_addr address, uint32_t value)
{
    write(bus, address, 4, value);
}

bool bus_peek(const struct bus *bus, guest_addr address, unsigned size, uint32_t *value)
{
    const struct bus_block *block = find(bus, address);

    return block && block->ops && block->ops->peek &&
           block->ops->peek(block->owner, address - block->range.start, size, value);
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
        (void)snprintf(name, room, "%s.%s", block->name, reg);
    else
        (void)snprintf(name, room, "%s+0x%03x", block->name, address - block->range.start);
}
