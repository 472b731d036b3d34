/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRYPTOCELL: Arm CryptoCell 310 (PS v1.7, 6.6).
 *
 * Deviations:
 *   1. The engine computes nothing. ENABLE and CC_HOST_RGF are stored only, and its interrupt never
 *      comes; every register of the units (AES, HASH, PKA, RNG, ...) is reported as unmodelled.
 *   2. CC_HOST_RGF answers whether or not the engine is enabled.
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

static const struct reg_desc host_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_host_rgf.def"
};

const struct block_spec cryptocell_spec = {
    .name = "CRYPTOCELL",
    .base = BASE_CRYPTOCELL,
    .size = REGFILE_SIZE,
    .irq = LINE_CRYPTOCELL,
    .regs = cryptocell_regs,
    .reg_count = ARRAY_LENGTH(cryptocell_regs),
    .fields = cryptocell_fields,
    .field_count = ARRAY_LENGTH(cryptocell_fields),
};

const struct block_spec cc_host_rgf_spec = {
    .name = "CC_HOST_RGF",
    .base = BASE_CRYPTOCELL + REGFILE_SIZE,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ,
    .regs = host_regs,
    .reg_count = ARRAY_LENGTH(host_regs),
};

void cryptocell_init(struct cryptocell *cryptocell, struct fabric *fabric,
                     const struct block_spec *spec)
{
    regfile_init(&cryptocell->regs, spec, fabric, cryptocell);
    regfile_init(&cryptocell->host, &cc_host_rgf_spec, fabric, cryptocell);
}

void cryptocell_reset(struct cryptocell *cryptocell, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&cryptocell->regs);
    regfile_reset(&cryptocell->host);
}
