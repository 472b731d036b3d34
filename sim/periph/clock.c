/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CLOCK: clock control (PS v1.7, 5.4).
 *
 * Deviations:
 *   1. HFXO is stable after a choice (HFXO_START) that already contains the debounce time:
 *      HFXODEBOUNCE is stored and changes nothing.
 *   2. The 32.768 kHz crystal is stable after a choice (LFXO_START) that is typically as short as
 *      the RC oscillator's start, 600 us. A real crystal takes about 250 ms, which a firmware that
 *      polls would spend as 16 million instructions of waiting; the lazy policy does so.
 *   3. While that crystal starts, a chip runs LFCLK from the RC oscillator; here LFCLKSTAT shows it
 *      stopped until the chosen source is stable. Only where LFCLK runs already, it goes on from
 * its old source until the new one is stable.
 *   4. The synthesized source starts as fast as RC, also without HFXO, and is exact then, too.
 *   5. LFCLKSTOP acts at once. The calibration timer answers its tasks at once.
 *   6. Calibration takes 16 ms and changes no frequency. Without HFXO it is reported and goes on.
 *   7. TRACECONFIG and LFRCMODE are stored only.
 */
#include "sim/periph/clock.h"

#include "sim/base/bits.h"
#include "sim/periph/page_registers.h"

enum {
    HFXO_RUNNING = 1 << 16 | 1, /* HFCLKSTAT: STATE, SRC = Xtal */
    LFCLK_STATE = 1 << 16,
    LFCLK_FROM_RC = 0,
    LFCLK_FROM_XTAL = 1,
    LFCLK_FROM_HFCLK = 2,
};

#define RC_START (600 * CYCLES_PER_US)
#define CALIBRATION (16 * CYCLES_PER_MS)
#define CTIV_UNIT (250 * CYCLES_PER_MS)

static bool is_pending(const struct power_clock *page, enum event_id id)
{
    return scheduler_when(page->fabric->scheduler, id, 0) != SIM_TIME_NEVER;
}

static bool hfxo_runs(const struct power_clock *page)
{
    return regfile_get(&page->regs, CLOCK_HFCLKSTAT) == HFXO_RUNNING;
}

static bool lfclk_runs(const struct power_clock *page)
{
    return regfile_get(&page->regs, CLOCK_LFCLKSTAT) & LFCLK_STATE;
}

static bool lfclk_runs_from(const struct power_clock *page, uint32_t source)
{
    return regfile_get(&page->regs, CLOCK_LFCLKSTAT) == (LFCLK_STATE | source);
}

static bool lfclk_starts_from(const struct power_clock *page, uint32_t source)
{
    return is_pending(page, EVENT_CLOCK_LFCLK) &&
           regfile_get(&page->regs, CLOCK_LFCLKSRCCOPY) == source;
}

/* ---- HFXO ---------------------------------------------------------------------------------------
 */

static void hfxo_is_stable(void *owner, const struct event *event)
{
    struct power_clock *page = owner;

    (void)event;
    regfile_set(&page->regs, CLOCK_HFCLKSTAT, HFXO_RUNNING);
    wire_set(page->fabric->wires, WIRE_HFXO, true);
    regfile_raise(&page->regs, CLOCK_EVENTS_HFCLKSTARTED);
}

void clock_hfclkstart(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;

    (void)index, (void)value;
    regfile_set(&page->regs, CLOCK_HFCLKRUN, 1);
    if (hfxo_runs(page))
        regfile_raise(&page->regs, CLOCK_EVENTS_HFCLKSTARTED);
    else if (!is_pending(page, EVENT_CLOCK_HFXO))
        scheduler_add(page->fabric->scheduler, EVENT_CLOCK_HFXO, 0,
                      choose(page->fabric->chooser, CHOICE_HFXO_START, 0), 0); /* deviation 1 */
}

void clock_hfclkstop(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;

    (void)index, (void)value;
    scheduler_cancel(page->fabric->scheduler, EVENT_CLOCK_HFXO, 0);
    regfile_set(&page->regs, CLOCK_HFCLKRUN, 0);
    regfile_set(&page->regs, CLOCK_HFCLKSTAT, 0);
    wire_set(page->fabric->wires, WIRE_HFXO, false);
}

/* ---- LFCLK ----------------------------------------------------------------------------------- */

static void lfclk_is_stable(void *owner, const struct event *event)
{
    struct power_clock *page = owner;

    (void)event;
    regfile_set(&page->regs, CLOCK_LFCLKSTAT,
                LFCLK_STATE | regfile_get(&page->regs, CLOCK_LFCLKSRCCOPY));
    wire_set(page->fabric->wires, WIRE_LFCLK, true);
    regfile_raise(&page->regs, CLOCK_EVENTS_LFCLKSTARTED);
}

static sim_time lfclk_start_time(struct power_clock *page, uint32_t source)
{
    if (source == LFCLK_FROM_XTAL)
        return choose(page->fabric->chooser, CHOICE_LFXO_START, 0); /* deviation 2 */
    return RC_START;
}

/* Drivers start RC first and the crystal behind it, without a stop: LFCLK changes its source while
 * it runs, and STARTED comes again with the new one. */
void clock_lfclkstart(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;
    uint32_t source = extract32(regfile_get(&page->regs, CLOCK_LFCLKSRC), CLOCK_LFCLKSRC_SRC_LSB,
                                CLOCK_LFCLKSRC_SRC_WIDTH);

    (void)index, (void)value;
    regfile_set(&page->regs, CLOCK_LFCLKRUN, 1);
    if (lfclk_starts_from(page, source))
        return;
    scheduler_cancel(page->fabric->scheduler, EVENT_CLOCK_LFCLK, 0);
    regfile_set(&page->regs, CLOCK_LFCLKSRCCOPY, source);
    if (lfclk_runs_from(page, source))
        regfile_raise(&page->regs, CLOCK_EVENTS_LFCLKSTARTED);
    else
        scheduler_add(page->fabric->scheduler, EVENT_CLOCK_LFCLK, 0, lfclk_start_time(page, source),
                      0);
}

void clock_lfclkstop(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;

    (void)index, (void)value;
    scheduler_cancel(page->fabric->scheduler, EVENT_CLOCK_LFCLK, 0);
    regfile_set(&page->regs, CLOCK_LFCLKRUN, 0);
    regfile_set(&page->regs, CLOCK_LFCLKSTAT, 0);
    wire_set(page->fabric->wires, WIRE_LFCLK, false);
}

/* ---- Calibration of the RC oscillator -------------------------------------------------------- */

static void calibration_is_done(void *owner, const struct event *event)
{
    struct power_clock *page = owner;

    (void)event;
    regfile_raise(&page->regs, CLOCK_EVENTS_DONE);
}

void clock_cal(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;

    (void)index, (void)value;
    if (!hfxo_runs(page))
        regfile_misuse(&page->regs, MISUSE_NO_HFXO, CLOCK_TASKS_CAL, 1); /* deviation 6 */
    if (!is_pending(page, EVENT_CLOCK_CALIBRATED))
        scheduler_add(page->fabric->scheduler, EVENT_CLOCK_CALIBRATED, 0, CALIBRATION, 0);
}

static void calibration_interval_is_over(void *owner, const struct event *event)
{
    struct power_clock *page = owner;

    (void)event;
    regfile_raise(&page->regs, CLOCK_EVENTS_CTTO);
}

/* The timer counts LFCLK: without it, it never starts. */
void clock_ctstart(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;
    uint32_t interval = regfile_get(&page->regs, CLOCK_CTIV);

    (void)index, (void)value;
    if (!lfclk_runs(page))
        return;
    scheduler_cancel(page->fabric->scheduler, EVENT_CLOCK_CTTO, 0);
    scheduler_add(page->fabric->scheduler, EVENT_CLOCK_CTTO, 0, interval * CTIV_UNIT, 0);
    regfile_raise(&page->regs, CLOCK_EVENTS_CTSTARTED);
}

void clock_ctstop(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;

    (void)index, (void)value;
    scheduler_cancel(page->fabric->scheduler, EVENT_CLOCK_CTTO, 0);
    regfile_raise(&page->regs, CLOCK_EVENTS_CTSTOPPED);
}

/* ---- Life ------------------------------------------------------------------------------------ */

void clock_init(struct power_clock *page)
{
    struct scheduler *scheduler = page->fabric->scheduler;

    scheduler_handle(scheduler, EVENT_CLOCK_HFXO, hfxo_is_stable, page);
    scheduler_handle(scheduler, EVENT_CLOCK_LFCLK, lfclk_is_stable, page);
    scheduler_handle(scheduler, EVENT_CLOCK_CALIBRATED, calibration_is_done, page);
    scheduler_handle(scheduler, EVENT_CLOCK_CTTO, calibration_interval_is_over, page);
}

void clock_reset(struct power_clock *page)
{
    static const enum event_id events[] = {EVENT_CLOCK_HFXO, EVENT_CLOCK_LFCLK,
                                           EVENT_CLOCK_CALIBRATED, EVENT_CLOCK_CTTO};

    for (unsigned i = 0; i < sizeof events / sizeof *events; i++)
        scheduler_cancel(page->fabric->scheduler, events[i], 0);
    wire_set(page->fabric->wires, WIRE_HFXO, false);
    wire_set(page->fabric->wires, WIRE_LFCLK, false);
}
