/* SPDX-License-Identifier: Apache-2.0 */
/* FPU: the interrupt line of the floating-point unit. The CPU drives it (sim/cpu/cpu.c). */
#ifndef SIM_PERIPH_FPU_H
#define SIM_PERIPH_FPU_H

#include "sim/periph/regfile.h"

struct fpu {
    struct regfile regs;
};

extern const struct block_spec fpu_spec;

/* Connects the block to bus and state. `fpu` and `fabric` must stay in place. */
void fpu_init(struct fpu *fpu, struct fabric *fabric, const struct block_spec *spec);

void fpu_reset(struct fpu *fpu, enum reset_kind reason);

#endif
