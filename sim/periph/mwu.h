/* SPDX-License-Identifier: Apache-2.0 */
/* MWU: memory watch unit (PS v1.7, 6.14): its registers, without the watching. */
#ifndef SIM_PERIPH_MWU_H
#define SIM_PERIPH_MWU_H

#include "sim/periph/regfile.h"

struct mwu {
    struct regfile regs;
    uint32_t noticed; /* the firmware asked to watch something; plain state, one region */
};

extern const struct block_spec mwu_spec;

/* Connects the unit to bus and state. `mwu` and `fabric` must stay in place. */
void mwu_init(struct mwu *mwu, struct fabric *fabric, const struct block_spec *spec);

void mwu_reset(struct mwu *mwu, enum reset_kind reason);

#endif
