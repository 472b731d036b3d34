/* SPDX-License-Identifier: Apache-2.0 */
/* QDEC: counts the steps of a rotary encoder on two pins (PS v1.7, 6.18). */
#ifndef SIM_PERIPH_QDEC_H
#define SIM_PERIPH_QDEC_H

#include "sim/periph/regfile.h"

struct qdec {
    struct regfile regs;
    struct fabric *fabric;
    /* Plain state, one registered region. */
    struct qdec_state {
        uint32_t phases;  /* of the last sample: A in bit 1, B in bit 0 */
        uint32_t samples; /* since the last report */
    } state;
};

extern const struct block_spec qdec_spec;

/* Connects the decoder to bus, state and events. `qdec` and `fabric` must stay in place. */
void qdec_init(struct qdec *qdec, struct fabric *fabric, const struct block_spec *spec);

void qdec_reset(struct qdec *qdec, enum reset_kind reason);

#endif
