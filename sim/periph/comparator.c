/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/periph/comparator.h"

#include "sim/base/compiler.h"

#include <string.h>

/* Between the thresholds the output stays as it is. */
static bool output(const struct comparator *comparator, bool before)
{
    struct comparison comparison = comparator->kind->compare(comparator);

    if (comparison.input > comparison.up)
        return true;
    return comparison.input >= comparison.down && before;
}

static void renew(void *owner)
{
    struct comparator *comparator = owner;
    bool before = comparator->state.above;
    bool above;

    if (!comparator->state.running)
        return;
    above = output(comparator, before);
    if (above == before)
        return;
    comparator->state.above = above;
    regfile_raise(&comparator->regs, above ? COMPARATOR_UP : COMPARATOR_DOWN);
    regfile_raise(&comparator->regs, COMPARATOR_CROSS);
    if (comparator->kind->crossed)
        comparator->kind->crossed(comparator, above);
}

static void is_ready(void *owner, const struct event *event)
{
    struct comparator *comparator = owner;

    (void)event;
    comparator->state.running = 1;
    comparator->state.above = output(comparator, false);
    regfile_raise(&comparator->regs, COMPARATOR_READY);
}

static void start(void *owner, unsigned index, uint32_t value)
{
    struct comparator *comparator = owner;
    const struct comparator_kind *kind = comparator->kind;

    (void)index;
    if (!regfile_enabled(&comparator->regs)) {
        regfile_misuse(&comparator->regs, MISUSE_DISABLED, COMPARATOR_START, value);
        return;
    }
    if (comparator->state.running ||
        scheduler_when(comparator->fabric->scheduler, kind->ready, 0) != SIM_TIME_NEVER)
        return;
    scheduler_add(comparator->fabric->scheduler, kind->ready, 0,
                  choose(comparator->fabric->chooser, kind->start_time, 0), 0);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct comparator *comparator = owner;

    (void)index, (void)value;
    scheduler_cancel(comparator->fabric->scheduler, comparator->kind->ready, 0);
    comparator->state.running = 0;
}

static void sample(void *owner, unsigned index, uint32_t value)
{
    struct comparator *comparator = owner;

    (void)index, (void)value;
    if (comparator->state.running)
        regfile_set(&comparator->regs, COMPARATOR_RESULT, comparator->state.above);
}

/* PSEL, thresholds and references act at once. */
static void setting_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    renew(owner);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct comparator *comparator = owner;

    if (!regfile_enabled(&comparator->regs))
        stop(owner, index, value);
}

const struct reg_hook comparator_hooks[] = {
    {COMPARATOR_START, start, NULL},
    {COMPARATOR_STOP, stop, NULL},
    {COMPARATOR_SAMPLE, sample, NULL},
    {0x500, enable_written, NULL},
    {0x504, setting_written, NULL},
    {0x508, setting_written, NULL},
    {0x50c, setting_written, NULL},
    {0x538, setting_written, NULL},
    {0, NULL, NULL},
};

const struct reg_short comparator_shorts[COMPARATOR_SHORTS] = {
    {.bit = 0, .event = COMPARATOR_READY, .task = COMPARATOR_SAMPLE},
    {.bit = 1, .event = COMPARATOR_READY, .task = COMPARATOR_STOP},
    {.bit = 2, .event = COMPARATOR_DOWN, .task = COMPARATOR_STOP},
    {.bit = 3, .event = COMPARATOR_UP, .task = COMPARATOR_STOP},
    {.bit = 4, .event = COMPARATOR_CROSS, .task = COMPARATOR_STOP},
};

void comparator_init(struct comparator *comparator, struct fabric *fabric,
                     const struct block_spec *spec, const struct comparator_kind *kind)
{
    *comparator = (struct comparator){.fabric = fabric, .kind = kind};
    regfile_init(&comparator->regs, spec, fabric, comparator);
    state_register(fabric->state, spec->name, &comparator->state, sizeof comparator->state);
    scheduler_handle(fabric->scheduler, kind->ready, is_ready, comparator);
    analog_listen(fabric->analog, renew, comparator);
}

void comparator_reset(struct comparator *comparator)
{
    scheduler_cancel(comparator->fabric->scheduler, comparator->kind->ready, 0);
    regfile_reset(&comparator->regs);
    memset(&comparator->state, 0, sizeof comparator->state);
}
