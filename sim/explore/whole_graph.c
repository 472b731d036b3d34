/* SPDX-License-Identifier: Apache-2.0 */
/* What can be said of a graph when all of it was explored. */
#include "sim/explore/graph_state.h"

/* An edge that leads to an older node may close a loop: timings that go there are not counted, so
 * the count is a lower bound. */
static void count_timings(struct graph *graph)
{
    double *ways = heap_allocate(graph->nodes.count + 1, sizeof *ways);

    for (size_t i = 0; i < graph->classes.count; i++)
        graph->classes.item[i].raw = 0;
    if (graph->nodes.count)
        ways[0] = 1;
    /* Edges were added in the order in which their origins were explored, and a node is explored
     * behind those that led to it first: one pass in that order counts all but late arrivals. */
    for (size_t i = 0; i < graph->edges.count; i++) {
        const struct edge *edge = &graph->edges.item[i];

        if (edge->to > edge->from)
            ways[edge->to] += ways[edge->from] * edge->raw;
    }
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const struct node *node = &graph->nodes.item[i];

        if (node->class != NO_NODE)
            graph->classes.item[node->class].raw += ways[i];
    }
    heap_release(ways);
}

/* Edges by where they lead to: those to node n are list[first[n]] to list[first[n + 1] - 1]. */
struct reverse {
    uint32_t *first;
    uint32_t *list;
};

static struct reverse reverse_edges(const struct graph *graph)
{
    size_t nodes = graph->nodes.count;
    struct reverse reverse = {heap_allocate(nodes + 2, sizeof(uint32_t)),
                              heap_allocate(graph->edges.count + 1, sizeof(uint32_t))};

    for (size_t i = 0; i < graph->edges.count; i++)
        reverse.first[graph->edges.item[i].to + 2]++;
    for (size_t i = 0; i < nodes; i++)
        reverse.first[i + 2] += reverse.first[i + 1];
    for (size_t i = 0; i < graph->edges.count; i++)
        reverse.list[reverse.first[graph->edges.item[i].to + 1]++] = (uint32_t)i;
    return reverse;
}

/* Backwards from the ends: `ends[n]`, one can be reached from node n. */
static void mark_ways_to_ends(const struct graph *graph, const struct reverse *reverse, bool *ends)
{
    uint32_t *open = heap_allocate(graph->nodes.count + 1, sizeof *open);
    size_t count = 0;

    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        ends[i] = graph->nodes.item[i].class != NO_NODE || graph->nodes.item[i].elsewhere;
        if (ends[i])
            open[count++] = i;
    }
    while (count) {
        uint32_t node = open[--count];

        for (uint32_t i = reverse->first[node]; i < reverse->first[node + 1]; i++) {
            uint32_t from = graph->edges.item[reverse->list[i]].from;

            if (!ends[from])
                open[count++] = from;
            ends[from] = true;
        }
    }
    heap_release(open);
}

/* A state from which no end can be reached, the first of them; NO_NODE: all lead on. */
static uint32_t find_trap(const struct graph *graph)
{
    bool *ends = heap_allocate(graph->nodes.count + 1, sizeof *ends);
    struct reverse reverse = reverse_edges(graph);
    uint32_t trap = NO_NODE;

    mark_ways_to_ends(graph, &reverse, ends);
    for (uint32_t i = 0; i < graph->nodes.count && trap == NO_NODE; i++)
        trap = ends[i] ? NO_NODE : i;
    heap_release(ends);
    heap_release(reverse.first);
    heap_release(reverse.list);
    return trap;
}

uint32_t graph_finish(struct graph *graph)
{
    count_timings(graph);
    return find_trap(graph);
}
