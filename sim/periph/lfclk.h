/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edges of the 32.768 kHz clock, 1953.125 cycles apart. They are counted from power-on, whenever
 * and from whatever source the clock was started: its phase is not modelled.
 */
#ifndef SIM_PERIPH_LFCLK_H
#define SIM_PERIPH_LFCLK_H

#include "sim/core/time.h"

/* CYCLES_PER_SECOND / 32768 as a fraction. */
enum { LFCLK_CYCLES = 15625, LFCLK_CYCLES_OVER = 8, LFCLK_HALF = 977 };

/* Edges that have been by `when`. */
static inline uint64_t lfclk_edges(sim_time when)
{
    return when * LFCLK_CYCLES_OVER / LFCLK_CYCLES;
}

/* The first cycle at which edge `n` has been. */
static inline sim_time lfclk_edge_time(uint64_t n)
{
    return (n * LFCLK_CYCLES + LFCLK_CYCLES_OVER - 1) / LFCLK_CYCLES_OVER;
}

#endif
