/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/systick.h"

enum {
    SYST_CSR = 0x010,
    SYST_RVR = 0x014,
    SYST_CVR = 0x018,
    CSR_ENABLE = 1,
    CSR_TICKINT = 2,
    CSR_CLKSOURCE = 4,
    CSR_COUNTFLAG = 0x10000,
    COUNTER_MASK = 0xffffff,
};
#define CALIB_NOREF_SKEW 0xc0000000u

static uint32_t current(const struct systick *systick, sim_time now)
{
    sim_time elapsed = now - systick->since;

    if (!(systick->control & CSR_ENABLE))
        return systick->value;
    if (elapsed <= systick->value)
        return systick->value - (uint32_t)elapsed;
    elapsed -= (sim_time)systick->value + 1; /* one tick to load RELOAD */
    return systick->reload - (uint32_t)(elapsed % ((sim_time)systick->reload + 1));
}

/* Schedules the next step from 1 to 0, counted from `since`. RELOAD 0 stops the counter at 0. */
static void schedule(struct systick *systick, struct scheduler *scheduler)
{
    sim_time ticks = systick->value ? systick->value : (sim_time)systick->reload + 1;

    /* Due in this very instant: the event is handled next and continues from there. */
    if (scheduler_when(scheduler, EVENT_SYSTICK, 0) <= scheduler->state.now)
        return;
    (void)scheduler_cancel(scheduler, EVENT_SYSTICK, 0);
    if ((systick->control & CSR_ENABLE) && (systick->value || systick->reload))
        scheduler_add(scheduler, EVENT_SYSTICK, 0, systick->since + ticks - scheduler->state.now,
                      0);
}

static void settle(struct systick *systick, const struct scheduler *scheduler)
{
    systick->value = current(systick, scheduler->state.now);
    systick->since = scheduler->state.now;
}

uint32_t systick_peek(const struct systick *systick, const struct scheduler *scheduler,
                      uint32_t offset)
{
    switch (offset) {
    case SYST_CSR:
        return systick->control | (systick->counted ? CSR_COUNTFLAG : 0);
    case SYST_RVR:
        return systick->reload;
    case SYST_CVR:
        return current(systick, scheduler->state.now);
    default:
        return CALIB_NOREF_SKEW;
    }
}

uint32_t systick_read(struct systick *systick, const struct scheduler *scheduler, uint32_t offset)
{
    uint32_t value = systick_peek(systick, scheduler, offset);

    if (offset == SYST_CSR)
        systick->counted = 0;
    return value;
}

void systick_write(struct systick *systick, struct scheduler *scheduler, uint32_t offset,
                   uint32_t value)
{
    settle(systick, scheduler);
    switch (offset) {
    case SYST_CSR:
        systick->control = value & (CSR_ENABLE | CSR_TICKINT | CSR_CLKSOURCE);
        break;
    case SYST_RVR:
        systick->reload = value & COUNTER_MASK;
        break;
    case SYST_CVR:
        systick->value = 0;
        systick->counted = 0;
        break;
    default:
        break;
    }
    schedule(systick, scheduler);
}

bool systick_elapsed(struct systick *systick, struct scheduler *scheduler)
{
    systick->value = 0;
    systick->since = scheduler->state.now;
    systick->counted = 1;
    schedule(systick, scheduler);
    return systick->control & CSR_TICKINT;
}

void systick_reset(struct systick *systick, struct scheduler *scheduler)
{
    *systick = (struct systick){.since = scheduler->state.now};
    (void)scheduler_cancel(scheduler, EVENT_SYSTICK, 0);
}
