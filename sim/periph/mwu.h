/* SPDX-License-Identifier: Apache-2.0 */
/* MWU: memory watch unit (PS v1.7, 6.14). */
#ifndef SIM_PERIPH_MWU_H
#define SIM_PERIPH_MWU_H

#include "sim/periph/regfile.h"

enum { MWU_REGIONS = 4, MWU_PREGIONS = 2 };

struct mwu {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct mwu_state {
        struct byte_range watched[MWU_REGIONS]; /* as the trace was asked to; empty: not */
        uint32_t kinds[MWU_REGIONS];            /* enum watch_kind */
        uint32_t registers;                     /* not 0: accesses to peripherals count */
    } state;
};

extern const struct block_spec mwu_spec;

/* Connects the unit to bus, trace and state. `mwu` and `fabric` must stay in place. */
void mwu_init(struct mwu *mwu, struct fabric *fabric, const struct block_spec *spec);

/* Nothing is watched any more. */
void mwu_reset(struct mwu *mwu, enum reset_kind reason);

#endif
