/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TIMER: timer/counter (PS v1.7, 6.30).
 *
 * Deviations:
 *   1. A start takes effect at once, and the prescaler begins anew with it. On silicon HFCLK may
 *      first have to start, and tasks are synchronised to 16 MHz.
 *   2. A match is a step of the counter to the value of CC. Where the counter already is when CC is
 *      written, cleared or started matches one turn later; the specification does not say.
 *   3. In counter mode COUNT counts after START only. SHUTDOWN stops and clears.
 *   4. MODE, BITMODE and PRESCALER written while the timer runs are unpredictable on silicon; here
 *      it is reported and takes effect at once.
 *   5. PRESCALER above 9 counts as 9.
 */
#include "sim/periph/timer.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_COUNT = (count),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/timer.def"
};

static const struct reg_desc large_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/timer.def"
};

/* The same with four of everything of which the large ones have six. */
enum { SMALL = 4 };
#define SMALL_COUNT(count) ((count) == CC_COUNT ? SMALL : (count))
static const struct reg_desc small_regs[] = {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    REGFILE_DESC(name, offset, SMALL_COUNT(count), stride, kind, reset, brief)
#include "driver/regs/timer.def"
};

static const struct field_desc timer_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/timer.def"
};
/* clang-format on */

enum { MODE_TIMER = 0, PRESCALER_MAX = 9, CYCLES_PER_16_MHZ = 4 };

/* ---- The counter ----------------------------------------------------------------------------- */

static uint32_t mask(const struct timer *timer)
{
    static const uint8_t widths[] = {16, 8, 24, 32};

    return mask32(widths[regfile_get(&timer->regs, BITMODE)]);
}

static sim_time tick(const struct timer *timer)
{
    uint32_t prescaler = regfile_get(&timer->regs, PRESCALER);

    return (sim_time)CYCLES_PER_16_MHZ << (prescaler < PRESCALER_MAX ? prescaler : PRESCALER_MAX);
}

static bool counts_time(const struct timer *timer)
{
    return timer->state.running && regfile_get(&timer->regs, MODE) == MODE_TIMER;
}

static sim_time now(const struct timer *timer)
{
    return timer->fabric->scheduler->state.now;
}

/* Whole ticks since the counter had the value `state.count`. */
static sim_time ticks(const struct timer *timer)
{
    return counts_time(timer) ? (now(timer) - timer->state.since) / tick(timer) : 0;
}

static uint32_t counter(const struct timer *timer)
{
    return (timer->state.count + (uint32_t)ticks(timer)) & mask(timer);
}

static void set_counter(struct timer *timer, uint32_t count)
{
    timer->state.count = count;
    timer->state.since = now(timer);
}

static uint32_t compare_value(const struct timer *timer, unsigned n)
{
    return regfile_get(&timer->regs, CC + 4 * n) & mask(timer);
}

static unsigned compares(const struct timer *timer)
{
    return timer->regs.spec->regs == small_regs ? SMALL : CC_COUNT;
}

/* ---- Matches --------------------------------------------------------------------------------- */

/* Steps from here to the next match of CC[n], at least one. */
static uint64_t steps_to(const struct timer *timer, unsigned n)
{
    uint32_t steps = (compare_value(timer, n) - counter(timer)) & mask(timer);

    return steps ? steps : (uint64_t)mask(timer) + 1;
}

static void schedule_match(struct timer *timer)
{
    struct scheduler *scheduler = timer->fabric->scheduler;
    uint16_t instance = (uint16_t)timer->regs.spec->instance;
    uint64_t steps = UINT64_MAX;
    sim_time when;

    scheduler_cancel(scheduler, EVENT_TIMER_MATCH, instance);
    if (!counts_time(timer))
        return;
    for (unsigned n = 0; n < compares(timer); n++) {
        uint64_t until = steps_to(timer, n);

        if (until < steps)
            steps = until;
    }
    when = timer->state.since + (ticks(timer) + steps) * tick(timer);
    scheduler_add(scheduler, EVENT_TIMER_MATCH, instance, when - now(timer), 0);
}

/* The counter has stepped to its value; shortcuts may clear or stop it in the same instant. */
static void compare(struct timer *timer)
{
    uint32_t count = counter(timer);

    for (unsigned n = 0; n < compares(timer); n++) {
        if (compare_value(timer, n) == count)
            regfile_raise(&timer->regs, EVENTS_COMPARE + 4 * n);
    }
}

static void match_is_due(void *owner, const struct event *event)
{
    (void)event;
    compare(owner);
    schedule_match(owner);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void start(void *owner, unsigned index, uint32_t value)
{
    struct timer *timer = owner;

    (void)index, (void)value;
    if (timer->state.running)
        return;
    timer->state.running = 1;
    timer->state.since = now(timer);
    schedule_match(timer);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct timer *timer = owner;

    (void)index, (void)value;
    set_counter(timer, counter(timer));
    timer->state.running = 0;
    schedule_match(timer);
}

static void clear(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    set_counter(owner, 0);
    schedule_match(owner);
}

static void shut_down(void *owner, unsigned index, uint32_t value)
{
    stop(owner, index, value);
    clear(owner, index, value);
}

static void count(void *owner, unsigned index, uint32_t value)
{
    struct timer *timer = owner;

    (void)index, (void)value;
    if (!timer->state.running || regfile_get(&timer->regs, MODE) == MODE_TIMER)
        return;
    set_counter(timer, (counter(timer) + 1) & mask(timer));
    compare(timer);
}

static void capture(void *owner, unsigned index, uint32_t value)
{
    struct timer *timer = owner;

    (void)value;
    regfile_set(&timer->regs, CC + 4 * index, counter(timer));
    schedule_match(timer);
}

/* ---- Settings -------------------------------------------------------------------------------- */

static void cc_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    schedule_match(owner);
}

/* What the counter has reached must be noted with the old setting, so the write comes here first.
 */
static bool before_write(void *owner, uint32_t offset, bool write)
{
    struct timer *timer = owner;

    if (write && (offset == MODE || offset == BITMODE || offset == PRESCALER)) {
        set_counter(timer, counter(timer));
        timer->before = regfile_get(&timer->regs, offset);
    }
    return true;
}

static void setting_written(struct timer *timer, uint32_t offset, uint32_t value)
{
    if (timer->state.running && regfile_get(&timer->regs, offset) != timer->before)
        regfile_misuse(&timer->regs, MISUSE_RUNNING, offset, value); /* deviation 4 */
    timer->state.count &= mask(timer);
    schedule_match(timer);
}

static void mode_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    setting_written(owner, MODE, value);
}

static void bitmode_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    setting_written(owner, BITMODE, value);
}

static void prescaler_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    setting_written(owner, PRESCALER, value);
}

/* ---- The block ------------------------------------------------------------------------------- */

static const struct reg_hook timer_hooks[] = {
    {TASKS_START, start, NULL},
    {TASKS_STOP, stop, NULL},
    {TASKS_COUNT, count, NULL},
    {TASKS_CLEAR, clear, NULL},
    {TASKS_SHUTDOWN, shut_down, NULL},
    {TASKS_CAPTURE, capture, NULL},
    {MODE, mode_written, NULL},
    {BITMODE, bitmode_written, NULL},
    {PRESCALER, prescaler_written, NULL},
    {CC, cc_written, NULL},
    {0, NULL, NULL},
};

#define SHORTCUTS(n)                                                                               \
    {.bit = SHORTS_COMPARE##n##_CLEAR_LSB,                                                         \
     .event = EVENTS_COMPARE + 4 * (n),                                                            \
     .task = TASKS_CLEAR},                                                                         \
    {                                                                                              \
        .bit = SHORTS_COMPARE##n##_STOP_LSB, .event = EVENTS_COMPARE + 4 * (n), .task = TASKS_STOP \
    }

static const struct reg_short timer_shorts[] = {
    SHORTCUTS(0), SHORTCUTS(1), SHORTCUTS(2), SHORTCUTS(3), SHORTCUTS(4), SHORTCUTS(5),
};

#define TIMER(n, list)                                                                             \
    {                                                                                              \
        .name = "TIMER" #n, .instance = (n), .base = BASE_TIMER##n, .size = REGFILE_SIZE,          \
        .irq = LINE_TIMER##n, .regs = (list), .reg_count = ARRAY_LENGTH(list),                     \
        .fields = timer_fields, .field_count = ARRAY_LENGTH(timer_fields), .hooks = timer_hooks,   \
        .shorts = timer_shorts, .short_count = ARRAY_LENGTH(timer_shorts),                         \
        .accessible = before_write,                                                                \
    }

const struct block_spec timer_spec[TIMERS] = {
    TIMER(0, small_regs), TIMER(1, small_regs), TIMER(2, small_regs),
    TIMER(3, large_regs), TIMER(4, large_regs),
};

void timer_init(struct timer *timer, struct fabric *fabric, const struct block_spec *spec)
{
    *timer = (struct timer){.fabric = fabric};
    regfile_init(&timer->regs, spec, fabric, timer);
    state_register(fabric->state, spec->name, &timer->state, sizeof timer->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_TIMER_MATCH, spec->instance, match_is_due,
                              timer);
}

void timer_reset(struct timer *timer, enum reset_kind reason)
{
    (void)reason;
    scheduler_cancel(timer->fabric->scheduler, EVENT_TIMER_MATCH,
                     (uint16_t)timer->regs.spec->instance);
    regfile_reset(&timer->regs);
    timer->state = (struct timer_state){0};
}
