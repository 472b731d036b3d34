/* SPDX-License-Identifier: Apache-2.0 */
/* CC_RNG: the noise source of the CRYPTOCELL engine (PS, CRYPTOCELL). */
#ifndef SIM_PERIPH_CC_RNG_H
#define SIM_PERIPH_CC_RNG_H

#include "sim/base/rng.h"
#include "sim/periph/regfile.h"

struct cc_rng {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct cc_rng_state {
        struct rng stream;
        sim_time left;       /* of the collection that was stopped, 0: none was */
        uint32_t clocked;    /* RNG_CLK.ENABLE */
        uint32_t collecting; /* 192 bits are on their way */
    } state;
    /* Wiring: told when the interrupt towards the host changes; where RNG_DMA stores words. */
    void (*interrupt)(void *owner, bool pending);
    void (*store)(void *owner, uint32_t address, uint32_t word);
    void *owner;
};

extern const struct block_spec cc_rng_spec;

/* Connects the registers to bus and state; `interrupt`, `store` and `owner` are for the caller to
 * fill in afterwards. All must stay in place. */
void cc_rng_init(struct cc_rng *rng, struct fabric *fabric);

/* At power-on the stream of numbers begins anew. */
void cc_rng_reset(struct cc_rng *rng, enum reset_kind reason);

#endif
