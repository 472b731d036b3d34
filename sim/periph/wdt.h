/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WDT: watchdog timer (PS v1.7, 6.36).
 *
 * Input is WIRE_CPU_ASLEEP. The reset is asked for with WIRE_RESET_WATCHDOG.
 */
#ifndef SIM_PERIPH_WDT_H
#define SIM_PERIPH_WDT_H

#include "sim/periph/regfile.h"

struct wdt {
    struct regfile regs;
    struct fabric *fabric;
    /* Plain state, one registered region. */
    struct wdt_state {
        uint64_t deadline; /* edge of LFCLK at which the time is over, unless paused */
        uint64_t left;     /* paused: edges that are left */
        uint32_t running;
        uint32_t paused;
        uint32_t settings[3]; /* CRV, RREN, CONFIG at the start */
        uint32_t unused;
    } state;
};

extern const struct block_spec wdt_spec;

/* Connects the watchdog to bus, state, events and wires. `wdt` and `fabric` must stay in place. */
void wdt_init(struct wdt *wdt, struct fabric *fabric, const struct block_spec *spec);

/* A reset that comes from the CPU changes nothing; any other stops the watchdog. */
void wdt_reset(struct wdt *wdt, enum reset_kind reason);

#endif
