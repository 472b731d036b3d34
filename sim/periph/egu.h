/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EGU: turns tasks into events and interrupts (PS v1.7, 6.8). Six of them; their interrupt lines
 * are the software interrupts SWI0 to SWI5.
 */
#ifndef SIM_PERIPH_EGU_H
#define SIM_PERIPH_EGU_H

#include "sim/periph/regfile.h"

enum { EGUS = 6 };

struct egu {
    struct regfile regs;
};

/* EGU0..EGU5. */
extern const struct block_spec egu_spec[EGUS];

/* Connects the unit to bus and state. `egu` and `fabric` must stay in place. */
void egu_init(struct egu *egu, struct fabric *fabric, const struct block_spec *spec);

void egu_reset(struct egu *egu, enum reset_kind reason);

#endif
