/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strategies: which decision is taken next. One file each in sim/explore/strategies.
 *
 * A strategy gives jobs and is told what came of them. `pick` is for strategies that walk from the
 * root to an end in one job: it chooses a branch at each decision on the way, and may know nothing
 * but the walk and its own random stream, because it is called in another process.
 */
#ifndef SIM_EXPLORE_STRATEGY_H
#define SIM_EXPLORE_STRATEGY_H

#include "sim/base/rng.h"
#include "sim/explore/campaign.h"
#include "sim/explore/graph.h"

enum { JOBS = 128 };

/* What is to be walked. Plain data, in shared memory. */
struct job {
    uint32_t from;   /* node; NO_NODE: the root, before the first decision */
    uint32_t slot;   /* of its state; NO_SLOT: the root */
    uint32_t onward; /* to the end, by `pick` */
    uint32_t forced_count;
    uint64_t seed;
    uint64_t number; /* of all jobs */
    double weight;
    struct branch branch;
    struct choice_answer forced[FORCED_MAX];
    uint32_t into;    /* slot for the new state */
    uint32_t horizon; /* pct: steps a walk is expected to have */
};

/* The random stream of one walk and what the strategy remembers of it. */
struct pick_state {
    struct rng rng;
    uint32_t decisions; /* so far; pct: steps, some strategies count more than one a decision */
    uint32_t changes;
    uint32_t priority[8];
    uint32_t change_at[16];
    uint32_t depth;
    uint32_t horizon;
};

struct strategy {
    const char *name;
    const char *brief;
    /* Fills `job`; false: nothing is left, or nothing before the jobs given are merged. */
    bool (*next)(struct graph *graph, const struct campaign_options *options, struct job *job);
    /* `walk` came of `job`. Returns whether the walk's end counts as a class of the graph. */
    void (*merge)(struct graph *graph, const struct campaign_options *options,
                  const struct job *job, const struct walk *walk);
    /* Before the first pick of a walk; NULL for strategies without onward walks. */
    void (*start)(struct pick_state *state, const struct job *job,
                  const struct campaign_options *options);
    /* Index of the branch to take at the decision `walk`. */
    uint32_t (*pick)(struct pick_state *state, const struct walk *walk);
};

extern const struct strategy strategy_exhaustive;
extern const struct strategy strategy_pct;
extern const struct strategy strategy_random;
extern const struct strategy strategy_coverage;

/* A sampled walk came to an end: its class, and nothing else, is kept. */
void sample_merge(struct graph *graph, const struct job *job, const struct walk *walk);

/* NULL: there is none of that name. The second counts from 0. */
const struct strategy *strategy_named(const char *name);
const struct strategy *strategy_at(unsigned index);

#endif
