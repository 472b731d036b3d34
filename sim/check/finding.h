/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finding: one bug, as data, with both sides of its story. sim/report renders it.
 *
 * One bug is one finding. The stores of one copy into one transfer's window belong together, and so
 * does the same copy in a later transfer: that is a repeat, counted, while the evidence stays that
 * of the first time.
 */
#ifndef SIM_CHECK_FINDING_H
#define SIM_CHECK_FINDING_H

#include "sim/check/rule.h"
#include "sim/check/transfers.h"

enum { FINDING_PLACES = 16 };

/* One access of the CPU. Plain state without padding. */
struct finding_access {
    sim_time when;
    uint64_t before; /* little-endian; for loads: the bytes read */
    uint64_t after;
    guest_addr pc;
    guest_addr address;
    uint32_t size;
    uint16_t exception; /* IPSR: 0 in thread mode */
    uint16_t actor;     /* enum access_actor */
};

/* An instruction that takes part in the bug, e.g. one of an unrolled copy. */
struct finding_place {
    guest_addr pc;
    uint32_t accesses;
};

/* Plain state without padding. */
struct finding {
    uint32_t rule;                 /* enum rule_id */
    uint32_t occurrences;          /* transfers in which it happened */
    uint32_t accesses;             /* in the first occurrence */
    uint32_t latest;               /* number of the transfer in which it happened last */
    struct finding_access first;   /* size 0: no access broke the rule, but what happened at `pc` */
    struct finding_access last;    /* of the first occurrence */
    struct finding_access current; /* the last of all */
    uint32_t moved_before;         /* bytes the engine had moved when `first` came */
    uint32_t touched_low;          /* offsets into the window, both ends included */
    uint32_t touched_high;
    uint32_t places;
    struct finding_place place[FINDING_PLACES]; /* distinct instructions, in order of appearance */
    uint8_t touched_map[EVIDENCE_BYTES / 8];    /* bit n: byte n of the window was accessed */
    struct byte_range about;  /* object, heap block or part of the stack concerned, else empty */
    struct site site;         /* the CPU at `first` */
    struct transfer transfer; /* of the first occurrence; kept up to date until ownership ended */
};

/* Whether byte `offset` (below the evidence size) of the window was accessed. */
static inline bool finding_touched(const struct finding *finding, uint32_t offset)
{
    return finding->touched_map[offset / 8] >> offset % 8 & 1;
}

#endif
