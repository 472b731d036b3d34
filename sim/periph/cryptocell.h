/* SPDX-License-Identifier: Apache-2.0 */
/* CRYPTOCELL: the switch of the cryptographic engine (PS v1.7, 6.6). */
#ifndef SIM_PERIPH_CRYPTOCELL_H
#define SIM_PERIPH_CRYPTOCELL_H

#include "sim/periph/cc_engine.h"

struct cryptocell {
    struct regfile regs;
    struct cc_engine engine; /* in the page behind */
};

extern const struct block_spec cryptocell_spec;

/* Connects both pages to bus and state. `cryptocell` and `fabric` must stay in place. */
void cryptocell_init(struct cryptocell *cryptocell, struct fabric *fabric,
                     const struct block_spec *spec);

void cryptocell_reset(struct cryptocell *cryptocell, enum reset_kind reason);

#endif
