/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The states an exploration has seen, how they follow each other, and the classes they end in.
 *
 * A state is entered once: a walk that comes to a known one ends there, unless it has more time
 * left than the walks before (struct slack), so that more could follow.
 */
#ifndef SIM_EXPLORE_GRAPH_H
#define SIM_EXPLORE_GRAPH_H

#include "sim/explore/campaign.h"

#define NO_NODE UINT32_MAX
#define NO_SLOT UINT32_MAX

struct job;

struct node {
    uint64_t key;
    uint32_t parent;
    uint32_t answers_at; /* of the step that led here, in the pool */
    uint32_t answers;
    uint32_t class; /* of an end; NO_NODE: a decision */
    uint32_t slot;
    uint32_t kept;  /* bytes of the state in the slot */
    uint32_t open;  /* jobs that still start here */
    bool elsewhere; /* other slices go on from here */
    uint64_t novelty;
    uint32_t picked; /* coverage: how often a walk was started here */
    struct slack slack;
    double weight;
    uint32_t branches;
    uint32_t branches_at; /* in their pool */
    guest_addr at;
};

struct edge {
    uint32_t from;
    uint32_t to;
    double raw;
};

/* A job that waits; the rest of struct job follows from its node. */
struct waiting {
    uint32_t from;
    struct branch branch;
    uint32_t forced_count;
    struct choice_answer forced[FORCED_MAX];
    double weight;
};

#define LIST(type)                                                                                 \
    struct {                                                                                       \
        type *item;                                                                                \
        size_t count;                                                                              \
        size_t room;                                                                               \
    }

struct graph {
    LIST(struct node) nodes;
    LIST(struct edge) edges;
    LIST(struct waiting) waiting; /* first in, first out: from `served` on */
    size_t served;
    LIST(struct branch) branches;
    LIST(struct choice_answer) answers;
    LIST(struct campaign_class) classes;
    LIST(uint32_t) free_slots;
    struct {
        uint64_t key;
        uint32_t node; /* + 1; 0: empty */
    } * table;
    size_t table_size; /* a power of two */
    double covered;
    double share;      /* of the tree that this slice explores; whole: 1 */
    uint32_t horizon;  /* steps of the longest sampled walk */
    double log_missed; /* pct: logarithm of the chance that all walks have missed a bug */
    uint64_t jobs;     /* given in this round */
    uint64_t steps;    /* merged, in all rounds */
    bool by_wire;      /* findings differ when the host received something else */
    bool full;         /* a state could not be kept */
    bool cut;          /* into slices */
    bool lost;         /* a deviation could not be kept for a step of its own */
    /* As it was when the batch under way began: where jobs are made of what other jobs came to,
     * only whole batches count, so that a search may be stopped within one. */
    struct {
        size_t nodes;
        uint32_t horizon;
    } batch;
};

void graph_init(struct graph *graph, uint32_t slots);
void graph_release(struct graph *graph);

/* Forgets all states and classes. */
void graph_clear(struct graph *graph, uint32_t slots);

/* The node with `key`, or NO_NODE. */
uint32_t graph_find(const struct graph *graph, uint64_t key);

/* Finds nodes that were put there by other means than graph_add. */
void graph_index(struct graph *graph);

/* The walk of `job` came to a new state; returns its node. */
uint32_t graph_add(struct graph *graph, const struct job *job, const struct walk *walk);

/* ... to a known one: whether it has to be entered again, because more time is left. */
bool graph_has_more_time(const struct graph *graph, uint32_t node, const struct slack *slack);

void graph_link(struct graph *graph, uint32_t from, uint32_t to, double raw);

/* The class `walk` belongs to; a new one is made if there is none. */
uint32_t graph_class(struct graph *graph, const struct job *job, const struct walk *walk);

/* Jobs for all branches of `node`, which share `weight`. */
void graph_enqueue(struct graph *graph, uint32_t node, const struct walk *walk, double weight);

/* The same step as `job`, with another answer to a question that was met on the way. */
void graph_enqueue_retro(struct graph *graph, const struct job *job, const struct retro *retro,
                         uint32_t value, double weight);

bool graph_next(struct graph *graph, struct job *job);

/* Leaves of the jobs that wait every `slices`th, from number `slice` on, and gives up the others:
 * they belong to other slices of the same search. */
void graph_cut(struct graph *graph, unsigned slice, unsigned slices);

uint32_t graph_take_slot(struct graph *graph);
void graph_give_slot(struct graph *graph, uint32_t slot);

/* A job from `node` is done: with the last, its state is not needed any more. */
void graph_leave(struct graph *graph, uint32_t node);

/* Jobs that wait. */
size_t graph_queue(const struct graph *graph);

/* All answers on the way from the root to the end of `walk`, by number; allocated. */
struct choice_answer *graph_path(const struct graph *graph, uint32_t node,
                                 const struct choice_answer *last, uint32_t last_count,
                                 uint32_t *count);

/* Counts the timings that lead to each class, and finds a state from which no end can be reached
 * (NO_NODE: none). For a graph that was explored completely. */
uint32_t graph_finish(struct graph *graph);

#endif
