/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coverage-guided: walks start at states that were reached by something new, and go on at random.
 *
 * New is a state whose instruction has not been decided at with the same things pending: another
 * order of accesses led there. States that were often started from make room for others.
 */
#include "sim/explore/strategy.h"

/* The state that was started from least often; of equals the latest. */
static uint32_t least_picked(const struct graph *graph)
{
    uint32_t best = NO_NODE;

    for (uint32_t i = 0; i < graph->batch.nodes; i++) {
        const struct node *node = &graph->nodes.item[i];

        if (node->slot == NO_SLOT)
            continue;
        if (best == NO_NODE || node->picked <= graph->nodes.item[best].picked)
            best = i;
    }
    return best;
}

/* From a kept state one step by one of its branches: the new state is kept if it is new. Every
 * other job goes on from a state to the end, at random. */
static bool next(struct graph *graph, const struct campaign_options *options, struct job *job)
{
    uint32_t node = least_picked(graph);
    struct rng rng;

    (void)strategy_random.next(graph, options, job);
    if (node == NO_NODE) {
        job->onward = 0;
        return true;
    }
    rng_seed(&rng, job->seed);
    job->from = node;
    job->slot = graph->nodes.item[node].slot;
    job->branch = graph->branches.item[graph->nodes.item[node].branches_at +
                                       rng_between(&rng, 0, graph->nodes.item[node].branches - 1)];
    job->onward = graph->nodes.item[node].picked % 2;
    graph->nodes.item[node].picked++;
    return true;
}

static uint64_t novelty(const struct walk *walk)
{
    uint64_t pending = walk->at;

    for (uint32_t i = 0; i < walk->branches; i++)
        pending = pending * 31 + walk->branch[i].kind * 8u + (walk->branch[i].through != 0);
    return pending;
}

static bool is_new(const struct graph *graph, const struct walk *walk)
{
    uint64_t what = novelty(walk);
    unsigned alike = 0;

    for (uint32_t i = 0; i < graph->nodes.count; i++)
        alike += graph->nodes.item[i].novelty == what;
    return alike < 4;
}

static void merge(struct graph *graph, const struct campaign_options *options,
                  const struct job *job, const struct walk *walk)
{
    uint32_t node;

    (void)options;
    if (job->onward) {
        sample_merge(graph, job, walk);
        return;
    }
    if (walk->end == WALK_DECISION && walk->kept && graph_find(graph, walk->key) == NO_NODE &&
        is_new(graph, walk)) {
        node = graph_add(graph, job, walk);
        graph->nodes.item[node].slot = job->into;
        graph->nodes.item[node].open = 1; /* it stays */
        graph->nodes.item[node].novelty = novelty(walk);
        return;
    }
    if (walk->end != WALK_DECISION)
        (void)graph_class(graph, job, walk);
    graph_give_slot(graph, job->into);
}

static void start(struct pick_state *state, const struct job *job,
                  const struct campaign_options *options)
{
    strategy_random.start(state, job, options);
}

static uint32_t pick(struct pick_state *state, const struct walk *walk)
{
    return strategy_random.pick(state, walk);
}

const struct strategy strategy_coverage = {
    .name = "coverage",
    .brief = "from states that a new order of accesses led to",
    .next = next,
    .merge = merge,
    .start = start,
    .pick = pick,
};
