/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/core/state.h"

#include "sim/base/bits.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"

#include <assert.h>
#include <string.h>

/* One buffer: for each region its bytes, or for a paged one its bitmap and the changed pages. */
struct snapshot {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
};

static size_t page_count(const struct state_region *region)
{
    return region->size / STATE_PAGE;
}

static size_t bitmap_size(const struct state_region *region)
{
    return (page_count(region) + 31) / 32 * sizeof(uint32_t);
}

static bool page_changed(const uint32_t *bitmap, size_t page)
{
    return bitmap[page / 32] & bit32(page % 32);
}

static void add(struct state *state, struct state_region region)
{
    assert(state->count < STATE_REGIONS);
    state->regions[state->count++] = region;
}

void state_register(struct state *state, const char *name, void *bytes, size_t size)
{
    add(state, (struct state_region){.name = name, .bytes = bytes, .size = size});
}

void state_register_paged(struct state *state, const char *name, void *bytes, size_t size,
                          const void *baseline, uint32_t *changed)
{
    assert(size % STATE_PAGE == 0);
    add(state,
        (struct state_region){
            .name = name, .bytes = bytes, .size = size, .baseline = baseline, .changed = changed});
}

void state_mark_clock(struct state *state, const void *start, size_t size)
{
    assert(state->clocks < STATE_CLOCKS);
    state->clock[state->clocks++] = (struct state_clock){start, size};
}

uint64_t state_region_hash(const struct state_region *region)
{
    uint64_t hash = HASH_SEED;

    if (!region->baseline)
        return hash_bytes(hash, region->bytes, region->size);
    for (size_t page = 0; page < page_count(region); page++) {
        const uint8_t *now = (const uint8_t *)region->bytes + page * STATE_PAGE;
        const uint8_t *then = (const uint8_t *)region->baseline + page * STATE_PAGE;

        /* A page that was changed and changed back is the same state again. */
        if (page_changed(region->changed, page) && memcmp(now, then, STATE_PAGE)) {
            hash = hash_bytes(hash, &page, sizeof page);
            hash = hash_bytes(hash, now, STATE_PAGE);
        }
    }
    return hash;
}

uint64_t state_hash(const struct state *state)
{
    uint64_t hash = HASH_SEED;

    for (unsigned i = 0; i < state->count; i++) {
        uint64_t part = state_region_hash(&state->regions[i]);

        hash = hash_bytes(hash, &part, sizeof part);
    }
    return hash;
}

static void put(struct snapshot *snapshot, const void *bytes, size_t size)
{
    if (snapshot->size + size > snapshot->capacity) {
        snapshot->capacity = (snapshot->size + size) * 2;
        snapshot->bytes = heap_resize(snapshot->bytes, snapshot->capacity);
    }
    memcpy(snapshot->bytes + snapshot->size, bytes, size);
    snapshot->size += size;
}

static void save_pages(struct snapshot *snapshot, const struct state_region *region)
{
    put(snapshot, region->changed, bitmap_size(region));
    for (size_t page = 0; page < page_count(region); page++) {
        if (page_changed(region->changed, page))
            put(snapshot, (const uint8_t *)region->bytes + page * STATE_PAGE, STATE_PAGE);
    }
}

static size_t plain_size(const struct state *state)
{
    size_t size = 0;

    for (unsigned i = 0; i < state->count; i++) {
        const struct state_region *region = &state->regions[i];

        size += region->baseline ? bitmap_size(region) : region->size;
    }
    return size;
}

struct snapshot *snapshot_retake(struct snapshot *snapshot, const struct state *state)
{
    if (!snapshot) {
        snapshot = heap_allocate(1, sizeof *snapshot);
        snapshot->capacity = plain_size(state);
        snapshot->bytes = heap_resize(NULL, snapshot->capacity);
    }
    snapshot->size = 0;
    for (unsigned i = 0; i < state->count; i++) {
        const struct state_region *region = &state->regions[i];

        if (region->baseline)
            save_pages(snapshot, region);
        else
            put(snapshot, region->bytes, region->size);
    }
    return snapshot;
}

struct snapshot *snapshot_take(const struct state *state)
{
    return snapshot_retake(NULL, state);
}

/* Returns how many bytes of the snapshot were used. */
static size_t restore_pages(const uint8_t *saved, const struct state_region *region)
{
    uint32_t bitmap[1024];
    size_t used = bitmap_size(region);

    assert(used <= sizeof bitmap);
    memcpy(bitmap, saved, used);
    for (size_t page = 0; page < page_count(region); page++) {
        size_t offset = page * STATE_PAGE;
        uint8_t *now = (uint8_t *)region->bytes + offset;

        if (page_changed(bitmap, page)) {
            memcpy(now, saved + used, STATE_PAGE);
            used += STATE_PAGE;
        } else if (page_changed(region->changed, page)) {
            memcpy(now, (const uint8_t *)region->baseline + offset, STATE_PAGE);
        }
    }
    memcpy(region->changed, bitmap, bitmap_size(region));
    return used;
}

void snapshot_restore(const struct snapshot *snapshot, struct state *state)
{
    const uint8_t *from = snapshot->bytes;

    for (unsigned i = 0; i < state->count; i++) {
        const struct state_region *region = &state->regions[i];

        if (region->baseline) {
            from += restore_pages(from, region);
        } else {
            memcpy(region->bytes, from, region->size);
            from += region->size;
        }
    }
    assert(from == snapshot->bytes + snapshot->size);
}

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot)
        heap_release(snapshot->bytes);
    heap_release(snapshot);
}

size_t snapshot_size(const struct snapshot *snapshot)
{
    return sizeof *snapshot + snapshot->capacity;
}
