/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The peripheral bus: which block answers at which address.
 *
 * A block claims a range of addresses. An access nobody claimed, or a block disowned,
 * is reported once per address as unmodelled and reads as zero: never a silent zero.
 */
#ifndef SIM_MEM_BUS_H
#define SIM_MEM_BUS_H

#include "sim/base/range.h"
#include "sim/core/trace.h"

enum { BUS_BLOCKS = 128, BUS_REPORTED = 256, BUS_PAGES = 256 };

/* Offsets count from the start of the claimed range. Accesses are 1, 2 or 4 bytes, naturally
 * aligned. */
struct bus_ops {
    /* Reads with all side effects. Never NULL. Returns false if it knows no such register. */
    bool (*read)(void *owner, uint32_t offset, unsigned size, uint32_t *value);
    /* Never NULL. Returns false if it knows no such register. */
    bool (*write)(void *owner, uint32_t offset, unsigned size, uint32_t value);
    /* What a debugger sees: no side effect. NULL: nothing to see. */
    bool (*peek)(void *owner, uint32_t offset, unsigned size, uint32_t *value);
    /* Writes the register's name, e.g. "EPIN[3].MAXCNT"; NULL or false: unknown. */
    bool (*name)(void *owner, uint32_t offset, char *name, size_t room);
    /* Which block answers there, where several share a range; NULL: the name of the claim. */
    const char *(*block)(void *owner, uint32_t offset);
};

struct bus {
    struct trace *trace;
    unsigned count;
    struct bus_block {
        struct byte_range range;
        const char *name;
        const struct bus_ops *ops; /* NULL: the name is all we know (not modelled) */
        void *owner;
    } block[BUS_BLOCKS]; /* in order of address, without overlap */
    /* Asked, with whole addresses, about what no block knows; NULL: nobody. */
    const struct bus_ops *fallback;
    void *fallback_owner;
    /* Told of each access of the CPU behind it, as long as *watched is not 0; NULL: nobody. */
    const uint32_t *watched;
    void (*watch)(void *owner, guest_addr address, bool write);
    void *watch_owner;
    /* By page of 4 KiB, APB then AHB: the first block that does not end before it. */
    uint8_t page[BUS_PAGES];
    /* Plain state, one registered region: unmodelled addresses that were reported already. */
    struct bus_reported {
        uint32_t count;
        guest_addr address[BUS_REPORTED];
    } reported;
};

void bus_init(struct bus *bus, struct trace *trace);

/* The range must be free. `name` is static, e.g. "USBD". */
void bus_claim(struct bus *bus, struct byte_range range, const char *name,
               const struct bus_ops *ops, void *owner);

/* Gives an unmodelled block its name, so that the notice can say it. Nothing when a part of the
 * range is claimed. */
void bus_name_unmodelled(struct bus *bus, struct byte_range range, const char *name);

/* Who is asked about registers that the block at their address does not know. `offset` is then the
 * whole address. */
void bus_fall_back(struct bus *bus, const struct bus_ops *ops, void *owner);

/* Who is told of accesses of the CPU while `wanted`, which is plain state, is not 0. One at most.
 */
void bus_watch(struct bus *bus, const uint32_t *wanted,
               void (*watch)(void *owner, guest_addr address, bool write), void *owner);

/* The owner of what is claimed at `address`, if it answers by `ops`; else NULL. */
void *bus_owner(const struct bus *bus, guest_addr address, const struct bus_ops *ops);

/* CPU accesses: traced (MMIO_READ, MMIO_WRITE) after reading and before writing. */
uint32_t bus_read(struct bus *bus, guest_addr address, unsigned size);
void bus_write(struct bus *bus, guest_addr address, unsigned size, uint32_t value);

/* A write by the PPI or another bus master: the same effect, not traced as the CPU's. */
void bus_trigger(struct bus *bus, guest_addr address, uint32_t value);

/* What is there, without any side effect. False if nobody can tell. */
bool bus_peek(const struct bus *bus, guest_addr address, unsigned size, uint32_t *value);

/* The name of the block at `address`, modelled or not; NULL if none is known there. */
const char *bus_block_name(const struct bus *bus, guest_addr address);

/* Writes "BLOCK.REGISTER", "BLOCK+0x123" or "0x40001234". Signature of trace's register_name. */
void bus_register_name(void *bus, guest_addr address, char *name, size_t room);

#endif
