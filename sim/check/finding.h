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

/* Which bug it is: which members mean something, and how the two sides are told. */
enum finding_kind {
    FINDING_ACCESS,  /* the CPU used bytes of an open window */
    FINDING_EVENT,   /* what happened at `first` made the window bad; see `about` */
    FINDING_OVERLAP, /* at `first` another transfer was started into the window: see `rival` */
    FINDING_RELEASE, /* nothing orders the store `first` before the start; of `site`, only pc is
                        known, unless `site_known` */
    FINDING_ACQUIRE, /* nothing orders the access `first` behind the load that observed the end */
    FINDING_MISUSE,  /* at `first` a register was used wrongly: see `misuse`; often no transfer */
};

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

/* The second of two transfers into one window. Plain state without padding. */
struct finding_rival {
    sim_time opened;
    uint32_t number;
    struct byte_range window;
    uint16_t channel;
    uint8_t direction; /* enum dma_direction */
    uint8_t trigger;   /* enum dma_trigger */
};

/* A register that was used wrongly. Plain state without padding. */
struct finding_misuse {
    uint32_t misuse; /* enum misuse */
    guest_addr address;
    uint32_t value;    /* read or written */
    uint32_t transfer; /* number of the transfer concerned, which may be over long since, or 0 */
    uint32_t trigger;  /* enum dma_trigger: who did it */
    uint32_t unused;
};

/* Plain state without padding. */
struct finding {
    uint32_t rule;                 /* enum rule_id */
    uint32_t kind;                 /* enum finding_kind */
    uint32_t severity;             /* enum severity, as asked for in this run */
    uint32_t compiler_ordered;     /* RELEASE, ACQUIRE: a compiler barrier is recorded between */
    uint32_t occurrences;          /* transfers in which it happened */
    uint32_t accesses;             /* in the first occurrence */
    uint32_t latest;               /* number of the transfer in which it happened last */
    uint32_t moved_before;         /* bytes the engine had moved when `first` came */
    struct finding_access first;   /* size 0: no access broke the rule, but what happened at `pc` */
    struct finding_access last;    /* of the first occurrence */
    struct finding_access current; /* the last of all */
    uint32_t touched_low;          /* offsets into the window, both ends included */
    uint32_t touched_high;
    uint32_t places;
    uint32_t site_known; /* RELEASE: `site` is all of it, the time of the store too */
    struct finding_place place[FINDING_PLACES]; /* distinct instructions, in order of appearance */
    uint8_t touched_map[EVIDENCE_BYTES / 8];    /* bit n: byte n of the window was accessed */
    uint8_t cpu[EVIDENCE_BYTES];                /* what it loaded or stored last, where touched */
    struct finding_rival rival;
    struct finding_misuse misuse;
    struct byte_range about;  /* object, heap block or part of the stack concerned, else empty */
    struct site site;         /* the CPU at `first` */
    struct transfer transfer; /* of the first occurrence, up to date until ownership ended; number
                               * 0: it is about no transfer that can be told of */
};

/* Whether byte `offset` (below the evidence size) of the window was accessed. */
static inline bool finding_touched(const struct finding *finding, uint32_t offset)
{
    return finding->touched_map[offset / 8] >> offset % 8 & 1;
}

#endif
