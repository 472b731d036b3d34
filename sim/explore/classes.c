/* SPDX-License-Identifier: Apache-2.0 */
/* Paths through the graph of an exploration, and the classes of their ends. */
#include "sim/explore/graph_state.h"

#include <stdlib.h>
#include <string.h>

struct ordered {
    struct choice_answer answer;
    uint32_t place; /* on the way: the latest of a number counts */
};

static int by_number(const void *one, const void *two)
{
    const struct ordered *a = one;
    const struct ordered *b = two;

    if (a->answer.number != b->answer.number)
        return a->answer.number < b->answer.number ? -1 : 1;
    return a->place < b->place ? -1 : 1;
}

static uint32_t count_answers(const struct graph *graph, uint32_t node, uint32_t last)
{
    uint32_t count = last;

    for (; node != NO_NODE; node = graph->nodes.item[node].parent)
        count += graph->nodes.item[node].answers;
    return count;
}

static void place(struct ordered *all, uint32_t end, const struct choice_answer *from,
                  uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        all[end - count + i] = (struct ordered){from[i], end - count + i};
}

struct choice_answer *graph_path(const struct graph *graph, uint32_t node,
                                 const struct choice_answer *last, uint32_t last_count,
                                 uint32_t *count)
{
    uint32_t all = count_answers(graph, node, last_count);
    struct ordered *ordered = heap_allocate(all + 1, sizeof *ordered);
    struct choice_answer *path = heap_allocate(all + 1, sizeof *path);
    uint32_t end = all;

    place(ordered, end, last, last_count);
    end -= last_count;
    for (; node != NO_NODE; node = graph->nodes.item[node].parent) {
        const struct node *at = &graph->nodes.item[node];

        place(ordered, end, graph->answers.item + at->answers_at, at->answers);
        end -= at->answers;
    }
    qsort(ordered, all, sizeof *ordered, by_number);
    *count = 0;
    for (uint32_t i = 0; i < all; i++) {
        if (i + 1 == all || ordered[i + 1].answer.number != ordered[i].answer.number)
            path[(*count)++] = ordered[i].answer;
    }
    heap_release(ordered);
    return path;
}

/* Failures of one kind at one place are one class, whatever else differs; of a conversation that
 * gets no further, for one reason. */
static uint64_t class_key(const struct graph *graph, const struct walk *walk)
{
    if (walk->end == WALK_FINDING)
        return ((uint64_t)walk->rule << 32 | walk->pc) ^ (graph->by_wire ? walk->wire : 0);
    if (walk->end == WALK_CLEAN || walk->end == WALK_ANSWER)
        return walk->key;
    if (walk->end == WALK_FAULT || walk->end == WALK_EXIT)
        return (uint64_t)walk->end << 32 | walk->pc;
    /* Where in its loop it was is chance. */
    return ((uint64_t)walk->end << 32 | walk->function) ^ walk->reason;
}

uint32_t graph_class(struct graph *graph, const struct job *job, const struct walk *walk)
{
    uint64_t key = class_key(graph, walk);
    struct campaign_class *class;

    for (size_t i = 0; i < graph->classes.count; i++) {
        if (graph->classes.item[i].key == key && graph->classes.item[i].end == walk->end)
            return (uint32_t)i;
    }
    GROW(graph->classes);
    class = &graph->classes.item[graph->classes.count++];
    *class = (struct campaign_class){.key = key,
                                     .wire = walk->wire,
                                     .end = walk->end,
                                     .rule = walk->rule,
                                     .pc = walk->pc,
                                     .reason = walk->reason,
                                     .when = walk->when,
                                     .step = graph->steps,
                                     .node = job->from};
    class->answer = graph_path(graph, job->from, walk->answer, walk->answers, &class->answers);
    return (uint32_t)(graph->classes.count - 1);
}
