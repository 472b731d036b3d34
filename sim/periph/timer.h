/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TIMER: counts time or COUNT tasks, compares and captures (PS v1.7, 6.30). Five of them.
 *
 * Nothing ticks: where the counter is follows from when it was started, and the next match is one
 * scheduled event.
 */
#ifndef SIM_PERIPH_TIMER_H
#define SIM_PERIPH_TIMER_H

#include "sim/periph/regfile.h"

enum { TIMERS = 5 };

/* Plain state, one registered region. The counter had the value `count` at `since` and has counted
 * on from there, if `running` in timer mode. */
struct timer_state {
    sim_time since;
    uint32_t count;
    uint32_t running;
};

struct timer {
    struct regfile regs;
    struct fabric *fabric;
    struct timer_state state;
    uint32_t before; /* what a setting held before it is written; no state, used at once */
};

/* TIMER0..TIMER4. */
extern const struct block_spec timer_spec[TIMERS];

/* Connects the timer to bus, state and events. `timer` and `fabric` must stay in place. */
void timer_init(struct timer *timer, struct fabric *fabric, const struct block_spec *spec);

/* Stopped at 0, registers to their reset values. */
void timer_reset(struct timer *timer, enum reset_kind reason);

#endif
