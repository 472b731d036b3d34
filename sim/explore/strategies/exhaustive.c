/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exhaustive: every branch of every decision, breadth first, each state once. What it has not seen
 * when it ends does not exist within the bounds, and the first failure it finds has the fewest
 * decisions.
 */
#include "sim/explore/strategy.h"

static bool next(struct graph *graph, const struct campaign_options *options, struct job *job)
{
    (void)options;
    if (!graph->jobs) {
        *job = (struct job){.from = NO_NODE, .slot = NO_SLOT, .weight = 1};
        return true;
    }
    return graph_next(graph, job);
}

/* Other answers to the questions met on the way are steps of their own. */
static void enqueue_retros(struct graph *graph, const struct job *job, const struct walk *walk)
{
    for (uint32_t i = 0; i < walk->retros; i++) {
        for (uint32_t which = 0; which < RETRO_VALUES; which++) {
            if (walk->retro[i].others >> which & 1)
                graph_enqueue_retro(graph, job, &walk->retro[i], walk->retro[i].value[which], 0);
        }
    }
    graph->lost |= walk->lost > 0;
}

static void enter(struct graph *graph, const struct job *job, const struct walk *walk,
                  uint32_t node)
{
    if (!walk->kept) {
        graph->full = true;
        return;
    }
    graph->nodes.item[node].slot = job->into;
    graph->nodes.item[node].kept = walk->kept;
    graph_enqueue(graph, node, walk, job->weight);
}

static void merge_known(struct graph *graph, const struct job *job, const struct walk *walk,
                        uint32_t node)
{
    struct node *known = &graph->nodes.item[node];

    /* While jobs wait at the state as it was kept first, it cannot be replaced. */
    if (walk->end == WALK_DECISION && graph_has_more_time(graph, node, &walk->slack) &&
        !known->open && known->class == NO_NODE) {
        known->slack = walk->slack;
        enter(graph, job, walk, node);
    } else {
        graph_give_slot(graph, job->into);
        graph->covered += job->weight;
    }
}

static void merge(struct graph *graph, const struct campaign_options *options,
                  const struct job *job, const struct walk *walk)
{
    uint32_t node = graph_find(graph, walk->key);

    (void)options;
    if (node != NO_NODE) {
        merge_known(graph, job, walk, node);
    } else {
        node = graph_add(graph, job, walk);
        if (walk->end == WALK_DECISION) {
            enter(graph, job, walk, node);
        } else {
            graph->nodes.item[node].class = graph_class(graph, job, walk);
            graph_give_slot(graph, job->into);
            graph->covered += job->weight;
        }
    }
    graph_link(graph, job->from, node, walk->raw);
    enqueue_retros(graph, job, walk);
}

const struct strategy strategy_exhaustive = {
    .name = "exhaustive",
    .brief = "every branch of every decision, each state once",
    .next = next,
    .merge = merge,
};
