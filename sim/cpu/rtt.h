/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SEGGER RTT: the firmware prints into a ring buffer in RAM, and a debug probe reads it while the
 * CPU runs. The probe here is the simulator.
 *
 * Deviations:
 *   1. Only up-channel 0, the terminal, is read. Down-channels (input) stay empty.
 *   2. The probe is infinitely fast: it empties the buffer at every store to WrOff.
 */
#ifndef SIM_CPU_RTT_H
#define SIM_CPU_RTT_H

#include "sim/core/state.h"
#include "sim/core/trace.h"
#include "sim/mem/memory.h"

enum {
    RTT_UP0 = 0x18,   /* of the control block: the first up-channel, aUp[0] */
    RTT_WROFF = 0x24, /* of the control block: aUp[0].WrOff */
};

struct rtt {
    /* Plain state, one registered region. */
    struct rtt_state {
        guest_addr block; /* the control block, 0: not known */
    } state;

    /* Wiring. */
    struct memory *memory;
    struct trace *trace;
};

/* The parts are kept by reference and must outlive `rtt`. The control block is not known yet. */
void rtt_init(struct rtt *rtt, struct memory *memory, struct trace *trace);

void rtt_register_state(struct rtt *rtt, struct state *state);

/* Says where the control block is, e.g. the address of _SEGGER_RTT; 0: not known. It need not be
 * initialised yet. An address outside Data RAM counts as 0. */
void rtt_set_address(struct rtt *rtt, guest_addr block);

/* Searches Data RAM for the control block's signature if its address is not known. Returns whether
 * it is known now. Costs a pass over RAM: call it now and then, not often. */
bool rtt_search(struct rtt *rtt);

/* True when a store of `size` bytes at `store` (alias folded) changes WrOff of up-channel 0, which
 * is the time to call rtt_drain. Cheap: asked at every store. */
static inline bool rtt_touched(const struct rtt *rtt, guest_addr store, uint32_t size)
{
    return rtt->state.block && store - (rtt->state.block + RTT_WROFF - (size - 1)) < size + 3;
}

/*
 * Emits what up-channel 0 holds as OBS_CONSOLE, source "rtt" (an observation holds at most one
 * line, and a line may come in several), and advances RdOff in the guest's memory as a probe does:
 * the CPU makes no access. A control block without signature, with offsets beyond its size or a
 * buffer outside memory is left alone.
 */
void rtt_drain(struct rtt *rtt);

#endif
