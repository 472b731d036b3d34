/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCT: probabilistic concurrency testing, after Burckhardt, Kothari, Musuvathi and Nagarakatte, "A
 * Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 *
 * CPU, EasyDMA, host and interrupt have random priorities; the most urgent one that can act does. A
 * step is what comes between two decisions, or one word of EasyDMA that the CPU uses as well. At
 * depth - 1 random steps the one that is about to act becomes the least urgent. A bug that depends
 * on the order of `depth` events is found by one walk with a chance of at least
 * 1 / (n k^(depth - 1)), n = 4 actors and k steps: the chance that the priorities are right from
 * the start, and each change comes at the right step. tests/explore/test_chances.c counts.
 */
#include "sim/explore/strategy.h"

#include <math.h>

enum { ACTORS = 4, CHANGES_MAX = 16, FIRST_HORIZON = 200, NEVER = UINT32_MAX };

static bool next(struct graph *graph, const struct campaign_options *options, struct job *job)
{
    (void)strategy_random.next(graph, options, job);
    job->horizon = graph->batch.horizon ? graph->batch.horizon : FIRST_HORIZON;
    return true;
}

/* A walk that is longer than was thought may have missed what a change in its rest shows. */
static double chance_of(const struct campaign_options *options, const struct job *job,
                        const struct walk *walk)
{
    if (walk->branches > job->horizon)
        return 0;
    return 1 / (ACTORS * pow(job->horizon, options->depth - 1.0));
}

/* How long a walk is expected to be: as long as the longest before. */
static void merge(struct graph *graph, const struct campaign_options *options,
                  const struct job *job, const struct walk *walk)
{
    graph->log_missed += log1p(-chance_of(options, job, walk));
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
    for (uint32_t i = 0; i + 1 < options->depth && i < CHANGES_MAX; i++)
        state->change_at[i] = rng_between(&state->rng, 0, job->horizon ? job->horizon - 1 : 0);
}

/* Takes the first change of priority among the next `steps`; returns how many come before it, or
 * NEVER. */
static uint32_t take_change(struct pick_state *state, uint32_t steps)
{
    uint32_t best = NEVER;
    uint32_t before = steps;

    for (uint32_t i = 0; i + 1 < state->depth && i < CHANGES_MAX; i++) {
        uint32_t at = state->change_at[i];

        if (at != NEVER && at >= state->decisions && at - state->decisions < before) {
            before = at - state->decisions;
            best = i;
        }
    }
    if (best == NEVER)
        return NEVER;
    state->change_at[best] = NEVER;
    return before;
}

static bool is_of(const struct branch *branch, const struct branch *other)
{
    return branch->kind == other->kind &&
           (branch->kind != BRANCH_DMA || branch->instance == other->instance);
}

/* A branch of the most urgent actor; of several channels of EasyDMA any. */
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
        } else if (mine == least && !is_of(&walk->branch[i], &walk->branch[best]) &&
                   rng_between(&state->rng, 0, alike++) == 0) {
            best = i;
        }
    }
    return best;
}

/* The branches of one actor, in order: EasyDMA has one for each step. */
static uint32_t steps_of(const struct walk *walk, uint32_t actor, uint32_t branch[BRANCHES_MAX])
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < walk->branches; i++) {
        if (is_of(&walk->branch[i], &walk->branch[actor]))
            branch[count++] = i;
    }
    return count;
}

/* The most urgent actor goes as far as it can, or until its priority changes. */
static uint32_t pick(struct pick_state *state, const struct walk *walk)
{
    for (;;) {
        uint32_t branch[BRANCHES_MAX] = {0};
        uint32_t actor = most_urgent(state, walk);
        uint32_t steps = steps_of(walk, actor, branch);
        uint32_t before = take_change(state, steps);

        if (before != NEVER)
            state->priority[walk->branch[actor].kind] = 100 - state->changes++;
        if (before == 0)
            continue;
        if (before < steps)
            steps = before;
        state->decisions += steps - 1; /* the caller counts one */
        return branch[steps - 1];
    }
}

const struct strategy strategy_pct = {
    .name = "pct",
    .brief = "few changes of priority; a stated chance to find a bug of given depth",
    .next = next,
    .merge = merge,
    .start = start,
    .pick = pick,
};
