/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RTC: real-time counter (PS v1.7, 6.22).
 *
 * Deviations:
 *   1. A task takes effect at the first edge of LFCLK that is at least half a period away (15 to 46
 *      us, as the specification says); without LFCLK, at once.
 *   2. A new CC is compared with the counter after a choice (RTC_COMPARE) of up to one period;
 * until then the old one is. So CC = COUNTER + 2 always matches, CC = COUNTER + 1 may be missed.
 *   3. LFCLK is exact, whatever its source.
 *   4. PRESCALER written while the counter runs is reported, and keeps its value.
 */
#include "sim/periph/rtc.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/lfclk.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_COUNT = (count),
#include "driver/regs/rtc.def"
};

static const struct reg_desc large_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/rtc.def"
};

/* The same with three of everything of which the large ones have four. */
enum { SMALL = 3 };
#define SMALL_COUNT(count) ((count) == CC_COUNT ? SMALL : (count))
static const struct reg_desc small_regs[] = {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    REGFILE_DESC(name, offset, SMALL_COUNT(count), stride, kind, reset, brief)
#include "driver/regs/rtc.def"
};

static const struct field_desc rtc_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/rtc.def"
};
/* clang-format on */

enum { COUNTER_MASK = 0xffffff, NEARLY_OVERFLOWN = 0xfffff0 };
enum { BIT_TICK = 0, BIT_OVRFLW = 1, BIT_COMPARE = 16 };

/* ---- The counter ----------------------------------------------------------------------------- */

static sim_time now(const struct rtc *rtc)
{
    return rtc->fabric->scheduler->state.now;
}

static uint64_t edges_a_step(const struct rtc *rtc)
{
    return (uint64_t)rtc->state.prescaler + 1;
}

/* Steps of the counter since `state.edge`. */
static uint64_t steps(const struct rtc *rtc)
{
    if (!rtc->state.counting)
        return 0;
    return (lfclk_edges(now(rtc)) - rtc->state.edge) / edges_a_step(rtc);
}

static uint32_t counter(const struct rtc *rtc)
{
    return (rtc->state.count + (uint32_t)steps(rtc)) & COUNTER_MASK;
}

/* From here on with `count`; the prescaler begins anew. */
static void set_counter(struct rtc *rtc, uint32_t count)
{
    rtc->state.count = count;
    rtc->state.edge = lfclk_edges(now(rtc));
}

static unsigned compares(const struct rtc *rtc)
{
    return rtc->regs.spec->regs == small_regs ? SMALL : CC_COUNT;
}

/* ---- What happens next ----------------------------------------------------------------------- */

/* The event reaches its register and the PPI only when somebody asked for it. */
static bool is_generated(const struct rtc *rtc, unsigned bit)
{
    return (regfile_get(&rtc->regs, EVTEN) | regfile_get(&rtc->regs, INTENSET)) & bit32(bit);
}

/* When the counter makes its `step`th step from state.edge. */
static sim_time time_of(const struct rtc *rtc, uint64_t step)
{
    return lfclk_edge_time(rtc->state.edge + step * edges_a_step(rtc));
}

/* When the counter steps to `value` next, after this instant and not before `from`. */
static sim_time time_to_reach(const struct rtc *rtc, uint32_t value, sim_time from)
{
    uint32_t distance = (value - counter(rtc)) & COUNTER_MASK;
    uint64_t step = steps(rtc) + (distance ? distance : COUNTER_MASK + 1);
    sim_time when = time_of(rtc, step);

    return when >= from ? when : time_of(rtc, step + COUNTER_MASK + 1);
}

static sim_time earlier(sim_time a, sim_time b)
{
    return a < b ? a : b;
}

static sim_time next_match(const struct rtc *rtc, const struct rtc_compare *compare)
{
    sim_time match = time_to_reach(rtc, compare->value, compare->from);
    sim_time old = time_to_reach(rtc, compare->before, 0);

    return old < compare->from ? earlier(match, old) : match;
}

static void schedule_next(struct rtc *rtc)
{
    struct scheduler *scheduler = rtc->fabric->scheduler;
    uint16_t instance = (uint16_t)rtc->regs.spec->instance;
    sim_time when = SIM_TIME_NEVER;

    scheduler_cancel(scheduler, EVENT_RTC_STEP, instance);
    if (!rtc->state.counting)
        return;
    if (is_generated(rtc, BIT_TICK))
        when = time_of(rtc, steps(rtc) + 1);
    if (is_generated(rtc, BIT_OVRFLW))
        when = earlier(when, time_to_reach(rtc, 0, 0));
    for (unsigned n = 0; n < compares(rtc); n++) {
        if (is_generated(rtc, BIT_COMPARE + n))
            when = earlier(when, next_match(rtc, &rtc->state.compare[n]));
    }
    if (when != SIM_TIME_NEVER)
        scheduler_add(scheduler, EVENT_RTC_STEP, instance, when - now(rtc), 0);
}

static void generate(struct rtc *rtc, unsigned bit, uint32_t event)
{
    if (!is_generated(rtc, bit))
        return;
    if (regfile_get(&rtc->regs, EVTEN) & bit32(bit))
        regfile_raise(&rtc->regs, event);
    else
        regfile_raise_unpublished(&rtc->regs, event);
}

static uint32_t compared_with(const struct rtc *rtc, unsigned n)
{
    const struct rtc_compare *compare = &rtc->state.compare[n];

    return now(rtc) >= compare->from ? compare->value : compare->before;
}

static void step_is_due(void *owner, const struct event *event)
{
    struct rtc *rtc = owner;
    uint32_t count = counter(rtc);

    (void)event;
    generate(rtc, BIT_TICK, EVENTS_TICK);
    if (count == 0)
        generate(rtc, BIT_OVRFLW, EVENTS_OVRFLW);
    for (unsigned n = 0; n < compares(rtc); n++) {
        if (compared_with(rtc, n) == count)
            generate(rtc, BIT_COMPARE + n, EVENTS_COMPARE + 4 * n);
    }
    schedule_next(rtc);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

/* Whether it counts follows from START, STOP and LFCLK. */
static void renew_counting(struct rtc *rtc)
{
    bool counting = rtc->state.started && wire_get(rtc->fabric->wires, WIRE_LFCLK);

    if (counting != (bool)rtc->state.counting)
        set_counter(rtc, counter(rtc));
    rtc->state.counting = counting;
    schedule_next(rtc);
}

static void apply(struct rtc *rtc, uint32_t task)
{
    if (task == TASKS_CLEAR)
        set_counter(rtc, 0);
    else if (task == TASKS_TRIGOVRFLW)
        set_counter(rtc, NEARLY_OVERFLOWN);
    else
        rtc->state.started = task == TASKS_START;
    renew_counting(rtc);
}

static void task_takes_effect(void *owner, const struct event *event)
{
    apply(owner, (uint32_t)event->argument);
}

static void trigger(struct rtc *rtc, uint32_t task)
{
    sim_time when = lfclk_edge_time(lfclk_edges(now(rtc) + LFCLK_HALF - 1) + 1);

    if (wire_get(rtc->fabric->wires, WIRE_LFCLK)) /* deviation 1 */
        scheduler_add(rtc->fabric->scheduler, EVENT_RTC_TASK, (uint16_t)rtc->regs.spec->instance,
                      when - now(rtc), task);
    else
        apply(rtc, task);
}

static void start(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    trigger(owner, TASKS_START);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    trigger(owner, TASKS_STOP);
}

static void clear(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    trigger(owner, TASKS_CLEAR);
}

static void trigger_overflow(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    trigger(owner, TASKS_TRIGOVRFLW);
}

static void lfclk_changed(void *owner, enum wire_id wire, bool level)
{
    (void)wire, (void)level;
    renew_counting(owner);
}

/* ---- Registers ------------------------------------------------------------------------------- */

static void cc_written(void *owner, unsigned index, uint32_t value)
{
    struct rtc *rtc = owner;
    struct rtc_compare *compare = &rtc->state.compare[index];

    (void)value;
    compare->before = compared_with(rtc, index);
    compare->value = regfile_get(&rtc->regs, CC + 4 * index);
    compare->from = now(rtc);
    if (rtc->state.counting)
        compare->from += choose(rtc->fabric->chooser, CHOICE_RTC_COMPARE, rtc->regs.spec->instance);
    schedule_next(rtc);
}

static void prescaler_written(void *owner, unsigned index, uint32_t value)
{
    struct rtc *rtc = owner;

    (void)index;
    if (!rtc->state.counting) {
        rtc->state.prescaler = regfile_get(&rtc->regs, PRESCALER);
        return;
    }
    if (regfile_get(&rtc->regs, PRESCALER) != rtc->state.prescaler)
        regfile_misuse(&rtc->regs, MISUSE_RUNNING, PRESCALER, value); /* deviation 4 */
    regfile_set(&rtc->regs, PRESCALER, rtc->state.prescaler);
}

static void enables_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    schedule_next(owner);
}

static uint32_t counter_read(void *owner, unsigned index)
{
    (void)index;
    return counter(owner);
}

static const struct reg_hook rtc_hooks[] = {
    {TASKS_START, start, NULL},
    {TASKS_STOP, stop, NULL},
    {TASKS_CLEAR, clear, NULL},
    {TASKS_TRIGOVRFLW, trigger_overflow, NULL},
    {INTENSET, enables_written, NULL},
    {INTENCLR, enables_written, NULL},
    {EVTEN, enables_written, NULL},
    {EVTENSET, enables_written, NULL},
    {EVTENCLR, enables_written, NULL},
    {COUNTER, NULL, counter_read},
    {PRESCALER, prescaler_written, NULL},
    {CC, cc_written, NULL},
    {0, NULL, NULL},
};

/* ---- The block ------------------------------------------------------------------------------- */

#define RTC(n, list)                                                                               \
    {                                                                                              \
        .name = "RTC" #n, .instance = (n), .base = BASE_RTC##n, .size = REGFILE_SIZE,              \
        .irq = LINE_RTC##n, .regs = (list), .reg_count = ARRAY_LENGTH(list), .fields = rtc_fields, \
        .field_count = ARRAY_LENGTH(rtc_fields), .hooks = rtc_hooks,                               \
    }

const struct block_spec rtc_spec[RTCS] = {RTC(0, small_regs), RTC(1, large_regs),
                                          RTC(2, large_regs)};

void rtc_init(struct rtc *rtc, struct fabric *fabric, const struct block_spec *spec)
{
    *rtc = (struct rtc){.fabric = fabric};
    regfile_init(&rtc->regs, spec, fabric, rtc);
    state_register(fabric->state, spec->name, &rtc->state, sizeof rtc->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_RTC_STEP, spec->instance, step_is_due, rtc);
    scheduler_handle_instance(fabric->scheduler, EVENT_RTC_TASK, spec->instance, task_takes_effect,
                              rtc);
    wire_connect(fabric->wires, WIRE_LFCLK, lfclk_changed, rtc);
}

void rtc_reset(struct rtc *rtc, enum reset_kind reason)
{
    uint16_t instance = (uint16_t)rtc->regs.spec->instance;

    (void)reason;
    scheduler_cancel(rtc->fabric->scheduler, EVENT_RTC_STEP, instance);
    scheduler_cancel(rtc->fabric->scheduler, EVENT_RTC_TASK, instance);
    regfile_reset(&rtc->regs);
    memset(&rtc->state, 0, sizeof rtc->state);
}
