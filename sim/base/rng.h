/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only source of randomness in the simulator: seeded, the same on every machine, its state one
 * plain word (SplitMix64).
 */
#ifndef SIM_BASE_RNG_H
#define SIM_BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state;
};

void rng_seed(struct rng *rng, uint64_t seed);

uint64_t rng_next(struct rng *rng);

/* Uniform in [low, high], both ends included. low <= high. */
uint32_t rng_between(struct rng *rng, uint32_t low, uint32_t high);

#endif
