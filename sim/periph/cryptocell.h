/* SPDX-License-Identifier: Apache-2.0 */
/* CRYPTOCELL: the switch of the cryptographic engine, its interrupts, and its noise source (PS
 * v1.7, 6.6). */
#ifndef SIM_PERIPH_CRYPTOCELL_H
#define SIM_PERIPH_CRYPTOCELL_H

#include "sim/periph/cc_data.h"
#include "sim/periph/cc_rng.h"

struct cryptocell {
    struct regfile regs;
    struct regfile host; /* of the units, in the page behind */
    struct cc_rng rng;   /* CC_RNG */
    struct cc_data data; /* AES, HASH, DIN, DOUT */
};

extern const struct block_spec cryptocell_spec;
extern const struct block_spec cc_engine_spec;

/* Connects both pages to bus and state. `cryptocell` and `fabric` must stay in place. */
void cryptocell_init(struct cryptocell *cryptocell, struct fabric *fabric,
                     const struct block_spec *spec);

void cryptocell_reset(struct cryptocell *cryptocell, enum reset_kind reason);

#endif
