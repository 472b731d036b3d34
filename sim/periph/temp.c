/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TEMP: temperature sensor (PS v1.7, 6.28).
 *
 * Deviations:
 *   1. A, B and T are stored only: the result is the temperature, whatever the calibration.
 *   2. A measurement takes 36 us, the typical time of the electrical specification.
 */
#include "sim/periph/temp.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/temp.def"
};

static const struct reg_desc temp_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/temp.def"
};

static const struct field_desc temp_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/temp.def"
};
/* clang-format on */

enum { ROOM = 25 * 4 };
#define MEASUREMENT (36 * CYCLES_PER_US)

static void measured(void *owner, const struct event *event)
{
    struct temp *temp = owner;

    (void)event;
    regfile_set(&temp->regs, TEMP, (uint32_t)temp->quarters);
    regfile_raise(&temp->regs, EVENTS_DATARDY);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct temp *temp = owner;

    (void)index, (void)value;
    scheduler_cancel(temp->fabric->scheduler, EVENT_TEMP_READY, 0);
}

static void start(void *owner, unsigned index, uint32_t value)
{
    struct temp *temp = owner;

    stop(owner, index, value);
    scheduler_add(temp->fabric->scheduler, EVENT_TEMP_READY, 0, MEASUREMENT, 0);
}

static const struct reg_hook temp_hooks[] = {
    {TASKS_START, start, NULL}, {TASKS_STOP, stop, NULL}, {0, NULL, NULL}};

const struct block_spec temp_spec = {
    .name = "TEMP",
    .base = BASE_TEMP,
    .size = REGFILE_SIZE,
    .irq = LINE_TEMP,
    .regs = temp_regs,
    .reg_count = ARRAY_LENGTH(temp_regs),
    .fields = temp_fields,
    .field_count = ARRAY_LENGTH(temp_fields),
    .hooks = temp_hooks,
};

void temp_init(struct temp *temp, struct fabric *fabric, const struct block_spec *spec)
{
    *temp = (struct temp){.fabric = fabric, .quarters = ROOM};
    regfile_init(&temp->regs, spec, fabric, temp);
    state_register(fabric->state, "TEMP board", &temp->quarters, sizeof temp->quarters);
    scheduler_handle(fabric->scheduler, EVENT_TEMP_READY, measured, temp);
}

void temp_reset(struct temp *temp, enum reset_kind reason)
{
    (void)reason;
    scheduler_cancel(temp->fabric->scheduler, EVENT_TEMP_READY, 0);
    regfile_reset(&temp->regs);
}
