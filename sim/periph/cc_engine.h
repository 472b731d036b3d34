/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of CRYPTOCELL: its units, their interrupts, and the registers that are not those of
 * RNG, PKA and CHACHA (PS v1.7, 6.6). */
#ifndef SIM_PERIPH_CC_ENGINE_H
#define SIM_PERIPH_CC_ENGINE_H

#include "sim/periph/cc_data.h"
#include "sim/periph/cc_keys.h"
#include "sim/periph/cc_pka.h"
#include "sim/periph/cc_rng.h"

struct cc_engine {
    struct regfile regs;
    struct cc_rng rng;   /* CC_RNG */
    struct cc_pka pka;   /* CC_PKA */
    struct cc_keys keys; /* those of the hardware */
    struct cc_data data; /* AES, HASH, CHACHA, DIN, DOUT */
    /* Wiring: where ENABLE is. */
    const struct regfile *wrapper;
};

extern const struct block_spec cc_engine_spec;

/* Connects the engine to bus and state; `wrapper` are the registers with ENABLE. All must stay in
 * place. */
void cc_engine_init(struct cc_engine *engine, struct fabric *fabric, const struct regfile *wrapper);

void cc_engine_reset(struct cc_engine *engine, enum reset_kind reason);

#endif
