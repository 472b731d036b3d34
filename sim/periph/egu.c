/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EGU: event generator unit (PS v1.7, 6.8).
 *
 * Deviations:
 *   1. The event comes in the instant of its task.
 */
#include "sim/periph/egu.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/egu.def"
};

static const struct reg_desc egu_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/egu.def"
};
/* clang-format on */

static void trigger(void *owner, unsigned index, uint32_t value)
{
    struct egu *egu = owner;

    (void)value;
    regfile_raise(&egu->regs, EVENTS_TRIGGERED + 4 * index);
}

static const struct reg_hook egu_hooks[] = {{TASKS_TRIGGER, trigger, NULL}, {0, NULL, NULL}};

#define EGU(n)                                                                                     \
    {                                                                                              \
        .name = "EGU" #n, .instance = (n), .base = BASE_EGU##n, .size = REGFILE_SIZE,              \
        .irq = LINE_EGU##n, .regs = egu_regs, .reg_count = ARRAY_LENGTH(egu_regs),                 \
        .hooks = egu_hooks,                                                                        \
    }

const struct block_spec egu_spec[EGUS] = {EGU(0), EGU(1), EGU(2), EGU(3), EGU(4), EGU(5)};

void egu_init(struct egu *egu, struct fabric *fabric, const struct block_spec *spec)
{
    regfile_init(&egu->regs, spec, fabric, egu);
}

void egu_reset(struct egu *egu, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&egu->regs);
}
