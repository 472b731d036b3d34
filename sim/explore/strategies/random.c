/* SPDX-License-Identifier: Apache-2.0 */
/* Random: any branch at each decision, with equal chances. Walk n has the seed of the campaign and
 * n, so slices of a campaign do not overlap. */
#include "sim/explore/strategy.h"

static bool next(struct graph *graph, const struct campaign_options *options, struct job *job)
{
    unsigned slices = options->slices ? options->slices : 1;

    *job = (struct job){.from = NO_NODE,
                        .slot = NO_SLOT,
                        .onward = 1,
                        .seed = options->seed * 0x9e3779b97f4a7c15u +
                                (graph->jobs * slices + options->slice)};
    return true;
}

static void merge(struct graph *graph, const struct campaign_options *options,
                  const struct job *job, const struct walk *walk)
{
    (void)options;
    sample_merge(graph, job, walk);
}

static void start(struct pick_state *state, const struct job *job,
                  const struct campaign_options *options)
{
    (void)options;
    rng_seed(&state->rng, job->seed);
}

static uint32_t pick(struct pick_state *state, const struct walk *walk)
{
    return rng_between(&state->rng, 0, walk->branches - 1);
}

const struct strategy strategy_random = {
    .name = "random",
    .brief = "any branch at each decision",
    .next = next,
    .merge = merge,
    .start = start,
    .pick = pick,
};
