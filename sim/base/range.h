/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of the simulated machine and ranges of its bytes. */
#ifndef SIM_BASE_RANGE_H
#define SIM_BASE_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/* An address on the simulated bus. Never a host pointer. */
typedef uint32_t guest_addr;

/* `size` bytes from `start`. May end at, but not go past, the top of the address space. */
struct byte_range {
    guest_addr start;
    uint32_t size;
};

/* An empty range (a zero-length packet) overlaps nothing. */
static inline bool ranges_overlap(struct byte_range a, struct byte_range b)
{
    return a.size && b.size && (a.start - b.start < b.size || b.start - a.start < a.size);
}

static inline bool range_contains(struct byte_range range, guest_addr address)
{
    return address - range.start < range.size;
}

/* True when every byte of `inner` lies in `outer`. An empty `inner` is in everything. */
static inline bool range_covers(struct byte_range outer, struct byte_range inner)
{
    return !inner.size || (inner.start - outer.start < outer.size &&
                           inner.size <= outer.size - (inner.start - outer.start));
}

#endif
