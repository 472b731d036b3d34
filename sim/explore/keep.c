/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/keep.h"

#include "sim/base/bits.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/mem/map.h"

#include <assert.h>
#include <string.h>

enum { BLOCK = TRACKED_BLOCK, CLOCKS_MAX = 64, REGION_END = 0xffff };

/* In front of the bytes of a block that differs. */
struct block_head {
    uint16_t region; /* REGION_END: there are no more */
    uint16_t size;
    uint32_t offset;
};

struct kept_region {
    uint8_t *root; /* its content in the root */
    bool ignored;
    uint32_t *changed; /* paged: the root's bitmap */
};

struct keep {
    struct machine *machine;
    struct state *state;
    struct kept_region region[STATE_REGIONS];
    unsigned clocks;
    struct keep_clock clock[CLOCKS_MAX];
    struct byte_range dead; /* in RAM */
    const uint8_t *ram;
    uint32_t ram_changed[TRACKED_BLOCKS / 32]; /* since it was as in the root */
};

/* ---- Making ---------------------------------------------------------------------------------- */

static size_t bitmap_bytes(const struct state_region *region)
{
    return (region->size / STATE_PAGE + 31) / 32 * sizeof(uint32_t);
}

static void keep_root(struct kept_region *kept, const struct state_region *region)
{
    kept->root = heap_resize(NULL, region->size);
    memcpy(kept->root, region->bytes, region->size);
    if (!region->baseline)
        return;
    kept->changed = heap_resize(NULL, bitmap_bytes(region));
    memcpy(kept->changed, region->changed, bitmap_bytes(region));
}

static void ignore_clocks(struct keep *keep)
{
    keep_ignore_region(keep, "schedule"); /* hashed without times: hash_events */
    keep_ignore_region(keep, "choices");
    keep_ignore_region(keep, "trace");
    keep_ignore_region(keep, "bus");
    for (unsigned i = 0; i < keep->state->clocks; i++)
        keep_ignore(keep, keep->state->clock[i].start, keep->state->clock[i].size);
    for (unsigned i = 0; i < keep->state->count; i++) {
        if (!strncmp(keep->state->regions[i].name, "check.", 6))
            keep->region[i].ignored = true;
    }
}

struct keep *keep_create(struct machine *machine)
{
    struct keep *keep = heap_allocate(1, sizeof *keep);

    keep->machine = machine;
    keep->state = machine_state(machine);
    cpu_save(machine_cpu(machine));
    for (unsigned i = 0; i < keep->state->count; i++)
        keep_root(&keep->region[i], &keep->state->regions[i]);
    keep->ram = memory_at(machine_memory(machine), (struct byte_range){RAM_BASE, RAM_SIZE});
    machine_memory(machine)->ram_changed = keep->ram_changed;
    ignore_clocks(keep);
    return keep;
}

void keep_destroy(struct keep *keep)
{
    if (!keep)
        return;
    machine_memory(keep->machine)->ram_changed = NULL;
    for (unsigned i = 0; i < keep->state->count; i++) {
        heap_release(keep->region[i].root);
        heap_release(keep->region[i].changed);
    }
    heap_release(keep);
}

void keep_ignore(struct keep *keep, const void *start, size_t size)
{
    assert(keep->clocks < CLOCKS_MAX);
    keep->clock[keep->clocks++] = (struct keep_clock){start, size};
}

void keep_ignore_region(struct keep *keep, const char *name)
{
    for (unsigned i = 0; i < keep->state->count; i++) {
        if (!strcmp(keep->state->regions[i].name, name))
            keep->region[i].ignored = true;
    }
}

void keep_ignore_ram(struct keep *keep, struct byte_range dead)
{
    keep->dead = dead;
}

/* ---- Blocks that differ ---------------------------------------------------------------------- */

/* What may differ from the root: bit n: piece n of a paged region, or of RAM. */
static uint32_t changed_word(const struct keep *keep, unsigned index, size_t word)
{
    const struct state_region *region = &keep->state->regions[index];

    if (region->baseline)
        return region->changed[word] | keep->region[index].changed[word];
    return keep->ram_changed[word];
}

/*
 * Pages of a paged region that are in their baseline now and in the root, and blocks of RAM that
 * nobody has written to, need no look. `step`: bytes to go on behind.
 */
static bool is_still(const struct keep *keep, unsigned index, size_t offset, size_t *step)
{
    const struct state_region *region = &keep->state->regions[index];
    size_t piece = region->baseline ? STATE_PAGE : BLOCK;
    size_t number = offset / piece;
    uint32_t changed;

    *step = piece - offset % piece;
    if (!region->baseline && region->bytes != keep->ram)
        return false;
    changed = changed_word(keep, index, number / 32);
    if (!changed) /* nor any of the next ones */
        *step = (number / 32 + 1) * 32 * piece - offset;
    return !(changed >> number % 32 & 1);
}

static const uint8_t *bytes_at(const struct state_region *region, size_t offset)
{
    return (const uint8_t *)region->bytes + offset;
}

/* The next block at or behind `offset` that differs from the root; false when there is none. */
static bool next_difference(const struct keep *keep, unsigned index, size_t *offset, size_t *size)
{
    const struct state_region *region = &keep->state->regions[index];
    size_t step;

    while (*offset < region->size) {
        size_t left = region->size - *offset;

        if (is_still(keep, index, *offset, &step)) {
            *offset += step;
            continue;
        }
        *size = left < BLOCK ? left : BLOCK;
        if (memcmp(bytes_at(region, *offset), keep->region[index].root + *offset, *size))
            return true;
        *offset += *size;
    }
    return false;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

static void erase(uint8_t *block, const uint8_t *at, size_t size, const uint8_t *start,
                  size_t length)
{
    const uint8_t *from = start > at ? start : at;
    const uint8_t *to = start + length < at + size ? start + length : at + size;

    if (from < to)
        memset(block + (from - at), 0, (size_t)(to - from));
}

/* The block as a key sees it. */
static void copy_without_clocks(const struct keep *keep, uint8_t block[BLOCK], const uint8_t *from,
                                const uint8_t *at, size_t size)
{
    memcpy(block, from, size);
    for (unsigned i = 0; i < keep->clocks; i++)
        erase(block, at, size, keep->clock[i].start, keep->clock[i].size);
    erase(block, at, size, keep->ram + (keep->dead.start - RAM_BASE), keep->dead.size);
}

static uint64_t hash_region(const struct keep *keep, unsigned index, uint64_t hash)
{
    const struct state_region *region = &keep->state->regions[index];
    const struct kept_region *kept = &keep->region[index];
    size_t offset = 0;
    size_t size;

    for (; next_difference(keep, index, &offset, &size); offset += size) {
        uint8_t now[BLOCK];
        uint8_t then[BLOCK];
        const uint8_t *at = bytes_at(region, offset);

        copy_without_clocks(keep, now, at, at, size);
        copy_without_clocks(keep, then, kept->root + offset, at, size);
        if (!memcmp(now, then, size))
            continue;
        hash = hash_bytes(hash, &index, sizeof index);
        hash = hash_bytes(hash, &offset, sizeof offset);
        hash = hash_bytes(hash, now, size);
    }
    return hash;
}

/* What is going to happen, whenever: a sum, because the queue's order is by time. */
static uint64_t hash_events(const struct keep *keep)
{
    const struct schedule *schedule = &machine_scheduler(keep->machine)->state;
    uint64_t sum = schedule->count;

    for (uint32_t i = 0; i < schedule->count; i++) {
        const struct event *event = &schedule->heap[i];
        uint64_t what[2] = {(uint64_t)event->id << 16 | event->instance, event->argument};

        sum += hash_bytes(HASH_SEED, what, sizeof what);
    }
    return sum;
}

uint64_t keep_key(struct keep *keep)
{
    uint64_t hash;

    cpu_save(machine_cpu(keep->machine));
    hash = hash_events(keep);
    for (unsigned i = 0; i < keep->state->count; i++) {
        if (!keep->region[i].ignored)
            hash = hash_region(keep, i, hash);
    }
    return hash;
}

/* ---- Saving and restoring -------------------------------------------------------------------- */

struct writer {
    uint8_t *bytes;
    size_t room;
    size_t size;
    bool full;
};

static void put(struct writer *writer, const void *bytes, size_t size)
{
    writer->full |= writer->size + size > writer->room;
    if (!writer->full)
        memcpy(writer->bytes + writer->size, bytes, size);
    writer->size += size;
}

static void save_region(const struct keep *keep, unsigned index, struct writer *writer)
{
    const struct state_region *region = &keep->state->regions[index];
    size_t offset = 0;
    size_t size;

    if (region->baseline)
        put(writer, region->changed, bitmap_bytes(region));
    for (; next_difference(keep, index, &offset, &size) && !writer->full; offset += size) {
        struct block_head head = {(uint16_t)index, (uint16_t)size, (uint32_t)offset};

        put(writer, &head, sizeof head);
        put(writer, bytes_at(region, offset), size);
    }
    put(writer, &(struct block_head){.region = REGION_END}, sizeof(struct block_head));
}

size_t keep_save(struct keep *keep, uint8_t *bytes, size_t room)
{
    struct writer writer = {.bytes = bytes, .room = room};

    cpu_save(machine_cpu(keep->machine));
    for (unsigned i = 0; i < keep->state->count; i++)
        save_region(keep, i, &writer);
    return writer.full ? 0 : writer.size;
}

static void restore_root(const struct keep *keep, unsigned index)
{
    const struct state_region *region = &keep->state->regions[index];
    const struct kept_region *kept = &keep->region[index];
    size_t step;

    if (!region->baseline && region->bytes != keep->ram) {
        memcpy(region->bytes, kept->root, region->size);
        return;
    }
    for (size_t offset = 0; offset < region->size; offset += step) {
        if (!is_still(keep, index, offset, &step))
            memcpy((uint8_t *)region->bytes + offset, kept->root + offset, step);
    }
    if (region->baseline)
        memcpy(region->changed, kept->changed, bitmap_bytes(region));
}

static const uint8_t *restore_region(const struct state_region *region, const uint8_t *from)
{
    struct block_head head;

    if (region->baseline) {
        memcpy(region->changed, from, bitmap_bytes(region));
        from += bitmap_bytes(region);
    }
    for (;;) {
        memcpy(&head, from, sizeof head);
        from += sizeof head;
        if (head.region == REGION_END)
            return from;
        memcpy((uint8_t *)region->bytes + head.offset, from, head.size);
        from += head.size;
    }
}

/* RAM is now as in the root, but for the blocks of the kept state. */
static void mark_changed(struct keep *keep, const uint8_t *from)
{
    struct block_head head;

    memcpy(&head, from, sizeof head);
    while (head.region != REGION_END) {
        keep->ram_changed[head.offset / BLOCK / 32] |= bit32(head.offset / BLOCK % 32);
        from += sizeof head + head.size;
        memcpy(&head, from, sizeof head);
    }
}

void keep_restore(struct keep *keep, const uint8_t *bytes)
{
    for (unsigned i = 0; i < keep->state->count; i++) {
        bool is_ram = keep->state->regions[i].bytes == keep->ram;

        restore_root(keep, i);
        if (is_ram)
            memset(keep->ram_changed, 0, sizeof keep->ram_changed);
        if (is_ram && bytes)
            mark_changed(keep, bytes);
        if (bytes)
            bytes = restore_region(&keep->state->regions[i], bytes);
    }
    cpu_restore(machine_cpu(keep->machine));
}
