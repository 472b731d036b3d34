/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRYPTOCELL: the switch of Arm CryptoCell 310 (PS v1.7, 6.6).
 *
 * Deviations:
 *   1. The engine works whether or not it is enabled; that it is not is reported when data or an
 *      operation is started.
 */
#include "sim/periph/cryptocell.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

static const struct reg_desc cryptocell_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cryptocell.def"
};

static const struct field_desc cryptocell_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/cryptocell.def"
};

const struct block_spec cryptocell_spec = {
    .name = "CRYPTOCELL",
    .base = BASE_CRYPTOCELL,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ, /* the units have it */
    .regs = cryptocell_regs,
    .reg_count = ARRAY_LENGTH(cryptocell_regs),
    .fields = cryptocell_fields,
    .field_count = ARRAY_LENGTH(cryptocell_fields),
};

void cryptocell_init(struct cryptocell *cryptocell, struct fabric *fabric,
                     const struct block_spec *spec)
{
    regfile_init(&cryptocell->regs, spec, fabric, cryptocell);
    cc_engine_init(&cryptocell->engine, fabric, &cryptocell->regs);
}

void cryptocell_reset(struct cryptocell *cryptocell, enum reset_kind reason)
{
    regfile_reset(&cryptocell->regs);
    cc_engine_reset(&cryptocell->engine, reason);
}
