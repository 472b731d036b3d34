/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SysTick: the 24-bit system timer (Armv7-M B3.3).
 *
 * Deviations:
 *   1. CLKSOURCE is stored, and the processor clock counts either way: no document tells the
 *      frequency of a reference clock. SYST_CALIB says that there is none.
 *   2. The timer also counts while the CPU sleeps.
 */
#ifndef SIM_CPU_SYSTICK_H
#define SIM_CPU_SYSTICK_H

#include "sim/core/schedule.h"

struct systick {
    sim_time since; /* when the counter was `value` */
    uint32_t value;
    uint32_t reload;
    uint32_t control; /* ENABLE, TICKINT, CLKSOURCE */
    uint32_t counted; /* COUNTFLAG */
};

/* Registers by their offset in the system control space, 0x010..0x01c. */
uint32_t systick_read(struct systick *systick, const struct scheduler *scheduler, uint32_t offset);
uint32_t systick_peek(const struct systick *systick, const struct scheduler *scheduler,
                      uint32_t offset);
void systick_write(struct systick *systick, struct scheduler *scheduler, uint32_t offset,
                   uint32_t value);

/* EVENT_SYSTICK: the counter went from 1 to 0. Returns true when the exception is to be pended. */
bool systick_elapsed(struct systick *systick, struct scheduler *scheduler);

void systick_reset(struct systick *systick, struct scheduler *scheduler);

#endif
