/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MWU: memory watch unit (PS v1.7, 6.14).
 *
 * Deviations:
 *   1. It watches nothing: no access raises an event, an interrupt or an NMI. Firmware that enables
 *      a region is told once that this is not modelled, and runs as if it never broke its rules.
 */
#include "sim/periph/mwu.h"

#include "sim/base/compiler.h"
#include "sim/mem/map.h"
#include "sim/periph/notice.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_STRIDE = (stride),
#include "driver/regs/mwu.def"
};

static const struct reg_desc mwu_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/mwu.def"
};

static const struct field_desc mwu_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/mwu.def"
};
/* clang-format on */

enum { PREGION_SIZE = 0x20000 };

static void enabled(void *owner, unsigned index, uint32_t value)
{
    struct mwu *mwu = owner;

    (void)index;
    if (!value || mwu->noticed)
        return;
    mwu->noticed = 1;
    notice_unmodelled(&mwu->regs, REGIONEN, value);
}

static const struct reg_hook mwu_hooks[] = {
    {REGIONEN, enabled, NULL}, {REGIONENSET, enabled, NULL}, {0, NULL, NULL}};

const struct block_spec mwu_spec = {
    .name = "MWU",
    .base = BASE_MWU,
    .size = REGFILE_SIZE,
    .irq = LINE_MWU,
    .regs = mwu_regs,
    .reg_count = ARRAY_LENGTH(mwu_regs),
    .fields = mwu_fields,
    .field_count = ARRAY_LENGTH(mwu_fields),
    .hooks = mwu_hooks,
};

/* The two peripheral regions are where the chip has its peripherals. */
static void place_regions(struct mwu *mwu)
{
    for (uint32_t n = 0; n < 2; n++) {
        uint32_t start = APB_BASE + n * PREGION_SIZE;

        regfile_set(&mwu->regs, PREGION_START + n * PREGION_START_STRIDE, start);
        regfile_set(&mwu->regs, PREGION_END + n * PREGION_END_STRIDE, start + PREGION_SIZE - 1);
    }
}

void mwu_init(struct mwu *mwu, struct fabric *fabric, const struct block_spec *spec)
{
    *mwu = (struct mwu){0};
    regfile_init(&mwu->regs, spec, fabric, mwu);
    state_register(fabric->state, "MWU notice", &mwu->noticed, sizeof mwu->noticed);
    place_regions(mwu);
}

void mwu_reset(struct mwu *mwu, enum reset_kind reason)
{
    if (reason == RESET_POWER_ON)
        mwu->noticed = 0;
    regfile_reset(&mwu->regs);
    place_regions(mwu);
}
