/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RNG: random number generator (PS v1.7, 6.19).
 *
 * Deviations:
 *   1. The numbers come from a generator with a seed. They are uniform without bias correction too.
 *   2. Times are the typical ones of the electrical specification: 128 us to start, then 30 us a
 *      byte, or 120 us with bias correction. On silicon the latter vary from byte to byte.
 */
#include "sim/periph/random.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/rng.def"
};

static const struct reg_desc random_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/rng.def"
};

static const struct field_desc random_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/rng.def"
};
/* clang-format on */

/* Electrical specification, 6.19.4 (deviation 2). */
#define START_TIME (128 * CYCLES_PER_US)
#define RAW_TIME (30 * CYCLES_PER_US)
#define CORRECTED_TIME (120 * CYCLES_PER_US)

static void schedule_byte(struct random *random, sim_time extra)
{
    sim_time time = regfile_get(&random->regs, CONFIG) ? CORRECTED_TIME : RAW_TIME;

    scheduler_add(random->fabric->scheduler, EVENT_RNG_BYTE, 0, extra + time, 0);
}

/* The next byte is on its way before VALRDY, so that a shortcut can stop it. */
static void byte_is_ready(void *owner, const struct event *event)
{
    struct random *random = owner;

    (void)event;
    regfile_set(&random->regs, VALUE, (uint32_t)(rng_next(&random->stream) >> 56));
    schedule_byte(random, 0);
    regfile_raise(&random->regs, EVENTS_VALRDY);
}

static void start(void *owner, unsigned index, uint32_t value)
{
    struct random *random = owner;

    (void)index, (void)value;
    if (scheduler_when(random->fabric->scheduler, EVENT_RNG_BYTE, 0) == SIM_TIME_NEVER)
        schedule_byte(random, START_TIME);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct random *random = owner;

    (void)index, (void)value;
    scheduler_cancel(random->fabric->scheduler, EVENT_RNG_BYTE, 0);
}

static const struct reg_hook random_hooks[] = {
    {TASKS_START, start, NULL}, {TASKS_STOP, stop, NULL}, {0, NULL, NULL}};

static const struct reg_short random_shorts[] = {
    {.bit = SHORTS_VALRDY_STOP_LSB, .event = EVENTS_VALRDY, .task = TASKS_STOP}};

const struct block_spec random_spec = {
    .name = "RNG",
    .base = BASE_RNG,
    .size = REGFILE_SIZE,
    .irq = LINE_RNG,
    .regs = random_regs,
    .reg_count = ARRAY_LENGTH(random_regs),
    .fields = random_fields,
    .field_count = ARRAY_LENGTH(random_fields),
    .hooks = random_hooks,
    .shorts = random_shorts,
    .short_count = ARRAY_LENGTH(random_shorts),
};

void random_init(struct random *random, struct fabric *fabric, const struct block_spec *spec)
{
    *random = (struct random){.fabric = fabric};
    regfile_init(&random->regs, spec, fabric, random);
    state_register(fabric->state, "RNG stream", &random->stream, sizeof random->stream);
    scheduler_handle(fabric->scheduler, EVENT_RNG_BYTE, byte_is_ready, random);
    rng_seed(&random->stream, fabric->seed);
}

void random_reset(struct random *random, enum reset_kind reason)
{
    scheduler_cancel(random->fabric->scheduler, EVENT_RNG_BYTE, 0);
    regfile_reset(&random->regs);
    if (reason == RESET_POWER_ON)
        rng_seed(&random->stream, random->fabric->seed);
}
