/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/rng.h"

#include <assert.h>

void rng_seed(struct rng *rng, uint64_t seed)
{
    rng->state = seed;
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t z = rng->state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t rng_between(struct rng *rng, uint32_t low, uint32_t high)
{
    uint64_t span = (uint64_t)high - low + 1;

    assert(low <= high);
    /* Multiply-shift: no modulo bias worth naming, no rejection loop of unbounded length. */
    return low + (uint32_t)((rng_next(rng) >> 32) * span >> 32);
}
