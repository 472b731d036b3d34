/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FPU: the interrupt of the floating-point unit (PS v1.7, 4.2.3; nRF52840 Errata, 87).
 *
 * Deviations:
 *   1. The interrupt is pended when the CPU goes to sleep with an exception flag set in FPSCR,
 * which is what keeps a chip awake. On silicon it is pended by the instruction that sets the flag.
 */
#include "sim/periph/fpu.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

static const struct reg_desc fpu_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/fpu.def"
};

/* The line is the CPU's to drive, so the block has none of its own. */
const struct block_spec fpu_spec = {
    .name = "FPU",
    .base = BASE_FPU,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ,
    .regs = fpu_regs,
    .reg_count = ARRAY_LENGTH(fpu_regs),
};

void fpu_init(struct fpu *fpu, struct fabric *fabric, const struct block_spec *spec)
{
    regfile_init(&fpu->regs, spec, fabric, fpu);
}

void fpu_reset(struct fpu *fpu, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&fpu->regs);
}
