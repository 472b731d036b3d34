/* SPDX-License-Identifier: Apache-2.0 */
/* The POWER half of the page: what power_clock.c joins with the CLOCK half. */
#ifndef SIM_PERIPH_POWER_H
#define SIM_PERIPH_POWER_H

#include "sim/periph/power_clock.h"

/* What outlives a reset. */
struct power_retained {
    uint32_t resetreas;
    uint32_t gpregret;
    uint32_t gpregret2;
};

/* Connects the half to its events and to WIRE_VBUS. */
void power_init(struct power_clock *page);

/* Before the registers are reset: what they will hold again, and the regulator off. */
struct power_retained power_before_reset(struct power_clock *page, enum reset_kind kind);

/* After it: puts the retained content back and looks for VBUS. */
void power_after_reset(struct power_clock *page, struct power_retained retained);

/* Hooks. `page` is a struct power_clock. */
void power_systemoff(void *page, unsigned index, uint32_t value);
void power_intenset(void *page, unsigned index, uint32_t value);
void power_ram_powerset(void *page, unsigned index, uint32_t value);
void power_ram_powerclr(void *page, unsigned index, uint32_t value);
void power_ram_power(void *page, unsigned index, uint32_t value);
void power_pofcon(void *page, unsigned index, uint32_t value);
uint32_t power_usbregstatus(void *page, unsigned index);
uint32_t power_usbpwrrdy(void *page, unsigned index);

#endif
