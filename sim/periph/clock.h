/* SPDX-License-Identifier: Apache-2.0 */
/* The CLOCK half of the page: what power_clock.c joins with the POWER half. */
#ifndef SIM_PERIPH_CLOCK_H
#define SIM_PERIPH_CLOCK_H

#include "sim/periph/power_clock.h"

/* Connects the half to its events. */
void clock_init(struct power_clock *page);

/* All oscillators off, nothing pending. The registers are the page's to reset. */
void clock_reset(struct power_clock *page);

/* Hooks of the tasks, by their datasheet names. `page` is a struct power_clock. */
void clock_hfclkstart(void *page, unsigned index, uint32_t value);
void clock_hfclkstop(void *page, unsigned index, uint32_t value);
void clock_lfclkstart(void *page, unsigned index, uint32_t value);
void clock_lfclkstop(void *page, unsigned index, uint32_t value);
void clock_cal(void *page, unsigned index, uint32_t value);
void clock_ctstart(void *page, unsigned index, uint32_t value);
void clock_ctstop(void *page, unsigned index, uint32_t value);

#endif
