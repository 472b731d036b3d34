/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data watchpoint and trace unit: the cycle counter (Armv7-M C1.8).
 *
 * Deviations:
 *   1. Of the unit only CYCCNT counts. Comparators and the profiling counters read as zero.
 *   2. CYCCNT also counts while the CPU sleeps.
 */
#ifndef SIM_CPU_DWT_H
#define SIM_CPU_DWT_H

#include "sim/core/time.h"

#include <stdbool.h>

struct dwt {
    sim_time since; /* when CYCCNT was `count` */
    uint32_t count;
    uint32_t control; /* CYCCNTENA */
};

/* `running`: DEMCR.TRCENA is set. False when there is no such register. */
bool dwt_read(const struct dwt *dwt, sim_time now, bool running, uint32_t offset, uint32_t *value);
bool dwt_write(struct dwt *dwt, sim_time now, bool running, uint32_t offset, uint32_t value);

/* Must be called before DEMCR.TRCENA changes from `running`. */
void dwt_settle(struct dwt *dwt, sim_time now, bool running);

#endif
