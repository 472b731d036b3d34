/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WDT: watchdog timer (PS v1.7, 6.36).
 *
 * Deviations:
 *   1. It counts its own 32.768 kHz, which starts with it, whatever LFCLK does; LFCLKSTAT does not
 *      show the RC oscillator that a watchdog forces on.
 *   2. Virtual time stands still while a debugger halts the CPU, so HALT makes no difference.
 *   3. Settings written while it runs are reported, and keep their values.
 *   4. The reset comes two periods of 32.768 kHz after TIMEOUT if its interrupt is enabled, else at
 *      once.
 *   5. RAM keeps its content through the reset; the specification does not promise it.
 */
#include "sim/periph/wdt.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/lfclk.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/wdt.def"
};

static const struct reg_desc wdt_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/wdt.def"
};

static const struct field_desc wdt_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/wdt.def"
};
/* clang-format on */

enum { RELOAD = 0x6e524635, SHORTEST = 15, PERIODS_AFTER_TIMEOUT = 2 };

static uint64_t edges(const struct wdt *wdt)
{
    return lfclk_edges(wdt->fabric->scheduler->state.now);
}

/* ---- Time ------------------------------------------------------------------------------------ */

static void schedule_at(struct wdt *wdt, enum event_id id, uint64_t edge)
{
    struct scheduler *scheduler = wdt->fabric->scheduler;

    scheduler_cancel(scheduler, id, 0);
    scheduler_add(scheduler, id, 0, lfclk_edge_time(edge) - scheduler->state.now, 0);
}

/* The whole time begins anew. */
static void reload(struct wdt *wdt)
{
    uint64_t crv = regfile_get(&wdt->regs, CRV);

    regfile_set(&wdt->regs, REQSTATUS, regfile_get(&wdt->regs, RREN));
    wdt->state.left = (crv < SHORTEST ? SHORTEST : crv) + 1;
    wdt->state.deadline = edges(wdt) + wdt->state.left;
    if (!wdt->state.paused)
        schedule_at(wdt, EVENT_WDT_TIMEOUT, wdt->state.deadline);
}

static void pause(struct wdt *wdt)
{
    wdt->state.paused = 1;
    wdt->state.left = wdt->state.deadline - edges(wdt);
    scheduler_cancel(wdt->fabric->scheduler, EVENT_WDT_TIMEOUT, 0);
}

static void go_on(struct wdt *wdt)
{
    wdt->state.paused = 0;
    wdt->state.deadline = edges(wdt) + wdt->state.left;
    schedule_at(wdt, EVENT_WDT_TIMEOUT, wdt->state.deadline);
}

static bool pauses_in_sleep(const struct wdt *wdt)
{
    return !(regfile_get(&wdt->regs, CONFIG) & bit32(CONFIG_SLEEP_LSB));
}

/* Once TIMEOUT has come, nothing stops the reset. */
static bool is_over(const struct wdt *wdt)
{
    return scheduler_when(wdt->fabric->scheduler, EVENT_WDT_RESET, 0) != SIM_TIME_NEVER;
}

static void sleep_changed(void *owner, enum wire_id wire, bool asleep)
{
    struct wdt *wdt = owner;

    (void)wire;
    if (!wdt->state.running || !pauses_in_sleep(wdt) || is_over(wdt))
        return;
    if (asleep && !wdt->state.paused)
        pause(wdt);
    else if (!asleep && wdt->state.paused)
        go_on(wdt);
}

static void time_is_over(void *owner, const struct event *event)
{
    struct wdt *wdt = owner;
    bool interrupts = regfile_get(&wdt->regs, INTENSET);

    (void)event;
    schedule_at(wdt, EVENT_WDT_RESET, edges(wdt) + (interrupts ? PERIODS_AFTER_TIMEOUT : 0));
    regfile_raise(&wdt->regs, EVENTS_TIMEOUT);
}

static void reset_is_due(void *owner, const struct event *event)
{
    struct wdt *wdt = owner;

    (void)event;
    wire_set(wdt->fabric->wires, WIRE_RESET_WATCHDOG, true);
}

/* ---- Registers ------------------------------------------------------------------------------- */

static void start(void *owner, unsigned index, uint32_t value)
{
    struct wdt *wdt = owner;

    (void)index, (void)value;
    if (wdt->state.running)
        return;
    wdt->state.running = 1;
    for (uint32_t i = 0; i < ARRAY_LENGTH(wdt->state.settings); i++)
        wdt->state.settings[i] = regfile_get(&wdt->regs, CRV + 4 * i);
    regfile_set(&wdt->regs, RUNSTATUS, 1);
    reload(wdt);
}

static void rr_written(void *owner, unsigned index, uint32_t value)
{
    struct wdt *wdt = owner;
    uint32_t missing = regfile_get(&wdt->regs, REQSTATUS) & ~bit32(index);

    if (value != RELOAD || !wdt->state.running || is_over(wdt))
        return;
    regfile_set(&wdt->regs, REQSTATUS, missing);
    if (!missing)
        reload(wdt);
}

/* Deviation 3. To write what is there already changes nothing. */
static void setting_written(struct wdt *wdt, uint32_t offset)
{
    uint32_t value = regfile_get(&wdt->regs, offset);
    uint32_t kept = wdt->state.settings[(offset - CRV) / 4];

    if (!wdt->state.running || value == kept)
        return;
    regfile_misuse(&wdt->regs, MISUSE_RUNNING, offset, value);
    regfile_set(&wdt->regs, offset, kept);
}

static void crv_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    setting_written(owner, CRV);
}

static void rren_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    setting_written(owner, RREN);
}

static void config_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    setting_written(owner, CONFIG);
}

static const struct reg_hook wdt_hooks[] = {
    {TASKS_START, start, NULL},     {CRV, crv_written, NULL}, {RREN, rren_written, NULL},
    {CONFIG, config_written, NULL}, {RR, rr_written, NULL},   {0, NULL, NULL}};

/* ---- The block ------------------------------------------------------------------------------- */

const struct block_spec wdt_spec = {
    .name = "WDT",
    .base = BASE_WDT,
    .size = REGFILE_SIZE,
    .irq = LINE_WDT,
    .regs = wdt_regs,
    .reg_count = ARRAY_LENGTH(wdt_regs),
    .fields = wdt_fields,
    .field_count = ARRAY_LENGTH(wdt_fields),
    .hooks = wdt_hooks,
};

void wdt_init(struct wdt *wdt, struct fabric *fabric, const struct block_spec *spec)
{
    *wdt = (struct wdt){.fabric = fabric};
    regfile_init(&wdt->regs, spec, fabric, wdt);
    state_register(fabric->state, "WDT time", &wdt->state, sizeof wdt->state);
    scheduler_handle(fabric->scheduler, EVENT_WDT_TIMEOUT, time_is_over, wdt);
    scheduler_handle(fabric->scheduler, EVENT_WDT_RESET, reset_is_due, wdt);
    wire_connect(fabric->wires, WIRE_CPU_ASLEEP, sleep_changed, wdt);
}

void wdt_reset(struct wdt *wdt, enum reset_kind reason)
{
    if (reset_keeps_watchdog(reason) && wdt->state.running)
        return;
    scheduler_cancel(wdt->fabric->scheduler, EVENT_WDT_TIMEOUT, 0);
    scheduler_cancel(wdt->fabric->scheduler, EVENT_WDT_RESET, 0);
    regfile_reset(&wdt->regs);
    memset(&wdt->state, 0, sizeof wdt->state);
}
