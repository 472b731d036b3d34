/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RNG: random number generator (PS v1.7, 6.19).
 *
 * Its numbers come from the seed of the machine, so that a run can be repeated.
 */
#ifndef SIM_PERIPH_RANDOM_H
#define SIM_PERIPH_RANDOM_H

#include "sim/base/rng.h"
#include "sim/periph/regfile.h"

struct random {
    struct regfile regs;
    struct fabric *fabric;
    struct rng stream; /* plain state, one registered region */
};

extern const struct block_spec random_spec;

/* Connects the block to bus, state and events. `random` and `fabric` must stay in place. */
void random_init(struct random *random, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, generator stopped; a power-on reset begins its stream anew. */
void random_reset(struct random *random, enum reset_kind reason);

#endif
