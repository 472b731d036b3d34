/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine's state: a list of plain memory regions without pointers.
 *
 * A snapshot is a copy of all regions. Hashing them tells whether two machines are in the same
 * state, on any host. Reverse stepping, exploration and replay stand on this file.
 */
#ifndef SIM_CORE_STATE_H
#define SIM_CORE_STATE_H

#include <stddef.h>
#include <stdint.h>

enum { STATE_REGIONS = 224, STATE_CLOCKS = 48, STATE_PAGE = 4096 };

struct state_region {
    const char *name; /* static string */
    void *bytes;
    size_t size;
    /* Paged regions (flash): only pages that differ from `baseline` are copied. NULL: copied whole.
     * Bit n of `changed` is set by the owner when page n may differ from the baseline. */
    const void *baseline;
    uint32_t *changed;
};

/* Bytes of a region that say when something was or will be, or count what has been. */
struct state_clock {
    const void *start;
    size_t size;
};

struct state {
    unsigned count;
    struct state_region regions[STATE_REGIONS];
    unsigned clocks;
    struct state_clock clock[STATE_CLOCKS];
};

/* Adds a region. `bytes` must stay in place and hold no pointers and no unset padding. */
void state_register(struct state *state, const char *name, void *bytes, size_t size);

/*
 * Adds a region of whole STATE_PAGE pages that rarely differs from `baseline`. `changed` has one
 * bit a page, is set by the owner before it changes a page, and is managed by restore as well.
 */
void state_register_paged(struct state *state, const char *name, void *bytes, size_t size,
                          const void *baseline, uint32_t *changed);

/* Declares bytes of a region to be a clock: two machines that differ in clocks alone do the same,
 * at other times. Snapshots and hashes have them as all others; for those who compare without time.
 */
void state_mark_clock(struct state *state, const void *start, size_t size);

/* Fingerprint of all regions, in order of registration. */
uint64_t state_hash(const struct state *state);

/* Fingerprint of one region, to tell where two machines differ. */
uint64_t state_region_hash(const struct state_region *region);

struct snapshot;

/* A copy of all regions. Released with snapshot_free. */
struct snapshot *snapshot_take(const struct state *state);

/* As snapshot_take, into the memory of an old one (NULL: a new one). Returns the snapshot. */
struct snapshot *snapshot_retake(struct snapshot *snapshot, const struct state *state);

/* Puts every region back. `state` must have the same regions as when the snapshot was taken. */
void snapshot_restore(const struct snapshot *snapshot, struct state *state);

void snapshot_free(struct snapshot *snapshot);

/* Bytes of host memory the snapshot occupies. */
size_t snapshot_size(const struct snapshot *snapshot);

#endif
