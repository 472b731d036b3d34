/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCT: probabilistic concurrency testing, after Burckhardt, Kothari, Musuvathi and Nagarakatte, "A
 * Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 *
 * CPU, EasyDMA, host and interrupt have random priorities; at each decision the most urgent one
 * that can act does. At depth - 1 random decisions the one that has just acted becomes the least
 * urgent. A bug that depends on the order of `depth` events is found by one walk with a chance of
 * at least 1 / (n k^(depth - 1)), n = 4 actors and k decisions of a walk.
 */
#include "sim/explore/strategy.h"

enum { ACTORS = 4, FIRST_HORIZON = 200 };

static bool next(struct graph *graph, const struct campaign_options *options, struct job *job)
{
    (void)strategy_random.next(graph, options, job);
    job->horizon = graph->batch.horizon ? graph->batch.horizon : FIRST_HORIZON;
    return true;
}

/* How long a walk is expected to be: as long as the longest before. */
static void merge(struct graph *graph, const struct campaign_options *options,
                  const struct job *job, const struct walk *walk)
{
    (void)options;
    if (walk->branches > graph->horizon)
        graph->horizon = walk->branches;
    sample_merge(graph, job, walk);
}

static void start(struct pick_state *state, const struct job *job,
                  const struct campaign_options *options)
{
    rng_seed(&state->rng, job->seed);
    for (uint32_t actor = 0; actor < ACTORS; actor++)
        state->priority[actor] = 1000 + actor;
    for (uint32_t actor = ACTORS - 1; actor > 0; actor--) {
        uint32_t other = rng_between(&state->rng, 0, actor);
        uint32_t kept = state->priority[actor];

        state->priority[actor] = state->priority[other];
        state->priority[other] = kept;
    }
    state->depth = options->depth;
    for (uint32_t i = 0; i + 1 < options->depth && i < 16; i++)
        state->change_at[i] = rng_between(&state->rng, 0, job->horizon ? job->horizon - 1 : 0);
}

static bool changes_now(const struct pick_state *state)
{
    for (uint32_t i = 0; i + 1 < state->depth && i < 16; i++) {
        if (state->change_at[i] == state->decisions)
            return true;
    }
    return false;
}

/* The most urgent actor's branch; EasyDMA may have several, any of which is chosen. */
static uint32_t most_urgent(struct pick_state *state, const struct walk *walk)
{
    uint32_t best = 0;
    uint32_t alike = 1;

    for (uint32_t i = 1; i < walk->branches; i++) {
        uint32_t mine = state->priority[walk->branch[i].kind];
        uint32_t least = state->priority[walk->branch[best].kind];

        if (mine > least) {
            best = i;
            alike = 1;
        } else if (mine == least && rng_between(&state->rng, 0, alike++) == 0) {
            best = i;
        }
    }
    return best;
}

static uint32_t pick(struct pick_state *state, const struct walk *walk)
{
    uint32_t taken = most_urgent(state, walk);

    if (changes_now(state)) {
        state->priority[walk->branch[taken].kind] = 100 - state->changes++;
        taken = most_urgent(state, walk);
    }
    return taken;
}

const struct strategy strategy_pct = {
    .name = "pct",
    .brief = "few changes of priority; a stated chance to find a bug of given depth",
    .next = next,
    .merge = merge,
    .start = start,
    .pick = pick,
};
