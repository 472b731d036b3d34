/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States kept to come back to, and their keys.
 *
 * All states of an exploration are near one root, so of each only the blocks that differ from the
 * root are kept, in memory the caller provides: worker processes share it.
 *
 * The key tells whether two states are the same *but for time*: registers, memory, peripherals,
 * host and what is going to happen next, without when. Left out are clocks and counters, what the
 * checker remembers of the past, and stack memory below the stack pointer, which the program has
 * given back.
 */
#ifndef SIM_EXPLORE_KEEP_H
#define SIM_EXPLORE_KEEP_H

#include "sim/soc/machine.h"

struct keep;

/* Bytes that are clocks or counters, wherever they lie in a registered region. */
struct keep_clock {
    const void *start;
    size_t size;
};

/* The present state of `machine` becomes the root. Released with keep_destroy. */
struct keep *keep_create(struct machine *machine);
void keep_destroy(struct keep *keep);

/* Further bytes that make no difference between two states. To be called before the first key. */
void keep_ignore(struct keep *keep, const void *start, size_t size);

/* A region, by the name it was registered with, that makes no difference at all. */
void keep_ignore_region(struct keep *keep, const char *name);

/* RAM that makes no difference at present, e.g. dead stack. Replaces the range given before. */
void keep_ignore_ram(struct keep *keep, struct byte_range dead);

/* The key of the present state. */
uint64_t keep_key(struct keep *keep);

/* Copies what differs from the root to `bytes`; returns its size, or 0 when `room` was too small.
 * keep_restore puts it back; NULL is the root. */
size_t keep_save(struct keep *keep, uint8_t *bytes, size_t room);
void keep_restore(struct keep *keep, const uint8_t *bytes);

#endif
