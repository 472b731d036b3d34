/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The open transfers: who owns which bytes of RAM, and the story of each transfer so far.
 *
 * A transfer is open from its start task until the CPU observed its completion. The engine having
 * physically finished is not completion: the CPU had no way to know. Which events tell the CPU (the
 * end event, one that implies it, a bus reset once the engine has stopped) is for the model to say:
 * it reports them as OBS_DMA_OBSERVED.
 */
#ifndef SIM_CHECK_TRANSFERS_H
#define SIM_CHECK_TRANSFERS_H

#include "sim/core/state.h"
#include "sim/core/trace.h"

enum {
    /* Open at a time. Each takes one snapshot page while it is open and nothing otherwise. */
    TRANSFER_SLOTS = 24,
    /* Of a longer window only this many bytes are remembered; all of it is checked. */
    EVIDENCE_BYTES = 512,
};

enum transfer_fate {
    TRANSFER_OPEN,
    TRANSFER_OBSERVED, /* the CPU read its end event, or one that implies the end, as set */
    TRANSFER_DROPPED,  /* the engine dropped it: abort, disable, or the start was ignored */
    TRANSFER_REPLACED, /* the channel was started again, its end never having been observed */
    TRANSFER_RESET,    /* the system was reset */
};

/* Three pictures of the window as far as they differ in time. */
struct transfer_evidence {
    uint8_t at_start[EVIDENCE_BYTES]; /* when the transfer was started */
    uint8_t now[EVIDENCE_BYTES];      /* with all stores up to now; final when ownership ended */
    uint8_t moved[EVIDENCE_BYTES];    /* what the engine moved, where moved_map has the bit */
    uint8_t moved_map[EVIDENCE_BYTES / 8];
};

/* The story of one transfer. Plain state without padding; SIM_TIME_NEVER: did not happen (yet). */
struct transfer {
    uint32_t number;   /* as in the trace; 0: an empty slot */
    uint16_t channel;  /* trace_channel() names it */
    uint8_t direction; /* enum dma_direction */
    uint8_t trigger;   /* enum dma_trigger */
    struct byte_range window;
    sim_time opened;
    sim_time captured;
    sim_time first_word;
    sim_time last_word;
    sim_time ended;
    sim_time released;         /* end of ownership, see `fate` */
    uint32_t moved;            /* bytes the engine moved so far */
    uint32_t watched;          /* kinds of accesses asked for with trace_watch */
    guest_addr observed_event; /* what the CPU read as set */
    guest_addr observed_pc;    /* 0: it was read before; ownership ended when the engine stopped */
    uint8_t fate;              /* enum transfer_fate */
    uint8_t in_ram;            /* the window lies in Data RAM, `evidence` means something */
    uint8_t compiler_ordered;  /* a compiler barrier was recorded since ownership ended */
    uint8_t ptr_kept;          /* PTR is that of an older transfer of the channel */
    uint8_t chained;           /* hardware keeps it in step with such transfers of other blocks */
    uint8_t unused[3];
    uint32_t known; /* the CPU has observed that so many bytes have moved */
    uint32_t unused_too;
    struct transfer_evidence evidence;
    struct site start; /* the CPU at the instruction that triggered it */
};

struct transfer_slot;

struct transfers {
    struct trace *trace;
    uint32_t watch[2]; /* by enum dma_direction: kinds of accesses to its windows to ask for */
    struct transfer_slot *slots; /* plain state, one registered region */
    struct transfer_slot *empty; /* its baseline: all zeros */
    uint32_t taken[1];           /* bit n: slot n is in use; what a snapshot has to copy */
};

/* Registers the table with `state` as `name`. `watch` as above. Released with transfers_finish. */
void transfers_init(struct transfers *transfers, const char *name, struct trace *trace,
                    struct state *state, const uint32_t watch[2]);
void transfers_finish(struct transfers *transfers);

/*
 * A transfer was started: captures where the CPU is and asks for accesses to the window. Returns
 * NULL, and follows nothing, when all slots are taken.
 */
struct transfer *transfers_open(struct transfers *transfers, const struct observation *opened);

/*
 * Copies `transfer` of another table, to see what happens to its window from now on by the `watch`
 * of this one. Does nothing when that is empty, or all slots are taken.
 */
void transfers_keep(struct transfers *transfers, const struct transfer *transfer);

/* The open transfer with this number; NULL if there is none. */
struct transfer *transfers_find(struct transfers *transfers, uint32_t number);

/* The open transfer at or after slot *cursor, which moves past it; NULL at the end. From 0. */
struct transfer *transfers_next(struct transfers *transfers, unsigned *cursor);

/* PTR and MAXCNT were captured: from here on the captured window is the true one. */
void transfers_capture(struct transfers *transfers, struct transfer *transfer,
                       const struct observation *captured);

/* The engine moved one word of `transfer`. */
void transfers_word(struct transfers *transfers, struct transfer *transfer,
                    const struct observation *word);

/* Bytes of RAM changed, by the CPU or by another transfer: they show in the `now` pictures. */
void transfers_ram_written(struct transfers *transfers, guest_addr address, const uint8_t *bytes,
                           uint32_t size);

/* Ownership of the window ended: takes the watch back and empties the slot. */
void transfers_close(struct transfers *transfers, struct transfer *transfer);

/* Forgets all transfers, for use after trace_reset, which has dropped the watches already. */
void transfers_forget(struct transfers *transfers);

/* How many bytes of the window the evidence holds. */
uint32_t transfer_evidence_size(const struct transfer *transfer);

/* Whether the engine moved the byte at `offset` (below the evidence size) of the window. */
bool transfer_moved_byte(const struct transfer *transfer, uint32_t offset);

#endif
