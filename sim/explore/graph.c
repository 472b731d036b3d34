/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/graph.h"

#include "sim/base/heap.h"
#include "sim/explore/strategy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_FIRST = 1 << 12 };

/* Room for one more item. */
#define GROW(list)                                                                                 \
    do {                                                                                           \
        if ((list).count == (list).room) {                                                         \
            (list).room = (list).room ? 2 * (list).room : 64;                                      \
            (list).item = heap_resize((list).item, (list).room * sizeof *(list).item);             \
        }                                                                                          \
    } while (0)

/* ---- Life ------------------------------------------------------------------------------------ */

static void empty_table(struct graph *graph, size_t size)
{
    heap_release(graph->table);
    graph->table = heap_allocate(size, sizeof *graph->table);
    graph->table_size = size;
}

static void fill_slots(struct graph *graph, uint32_t slots)
{
    graph->free_slots.count = 0;
    for (uint32_t slot = slots; slot-- > 0;) {
        GROW(graph->free_slots);
        graph->free_slots.item[graph->free_slots.count++] = slot;
    }
}

void graph_init(struct graph *graph, uint32_t slots)
{
    memset(graph, 0, sizeof *graph);
    graph->share = 1;
    empty_table(graph, TABLE_FIRST);
    fill_slots(graph, slots);
}

static void release_classes(struct graph *graph)
{
    for (size_t i = 0; i < graph->classes.count; i++)
        heap_release(graph->classes.item[i].answer);
    graph->classes.count = 0;
}

void graph_clear(struct graph *graph, uint32_t slots)
{
    release_classes(graph);
    graph->nodes.count = 0;
    graph->edges.count = 0;
    graph->waiting.count = 0;
    graph->branches.count = 0;
    graph->answers.count = 0;
    graph->served = 0;
    graph->covered = 0;
    graph->share = 1;
    graph->log_missed = 0;
    graph->jobs = 0;
    graph->full = false;
    graph->cut = false;
    graph->lost = false;
    empty_table(graph, TABLE_FIRST);
    fill_slots(graph, slots);
}

void graph_release(struct graph *graph)
{
    release_classes(graph);
    heap_release(graph->nodes.item);
    heap_release(graph->edges.item);
    heap_release(graph->waiting.item);
    heap_release(graph->branches.item);
    heap_release(graph->answers.item);
    heap_release(graph->classes.item);
    heap_release(graph->free_slots.item);
    heap_release(graph->table);
}

/* ---- Nodes ----------------------------------------------------------------------------------- */

static size_t place_of(const struct graph *graph, uint64_t key)
{
    size_t at = (size_t)key & (graph->table_size - 1);

    while (graph->table[at].node && graph->table[at].key != key)
        at = (at + 1) & (graph->table_size - 1);
    return at;
}

uint32_t graph_find(const struct graph *graph, uint64_t key)
{
    size_t at = place_of(graph, key);

    return graph->table[at].node ? graph->table[at].node - 1 : NO_NODE;
}

static void insert(struct graph *graph, uint64_t key, uint32_t node)
{
    size_t at = place_of(graph, key);

    graph->table[at].key = key;
    graph->table[at].node = node + 1;
}

static void index_node(struct graph *graph, uint32_t node)
{
    if (2 * graph->nodes.count > graph->table_size) {
        empty_table(graph, 2 * graph->table_size);
        for (uint32_t i = 0; i < node; i++)
            insert(graph, graph->nodes.item[i].key, i);
    }
    insert(graph, graph->nodes.item[node].key, node);
}

void graph_index(struct graph *graph)
{
    size_t size = TABLE_FIRST;

    while (size < 2 * graph->nodes.count + 2)
        size *= 2;
    empty_table(graph, size);
    for (uint32_t i = 0; i < graph->nodes.count; i++)
        insert(graph, graph->nodes.item[i].key, i);
}

static uint32_t keep_answers(struct graph *graph, const struct walk *walk)
{
    uint32_t at = (uint32_t)graph->answers.count;

    for (uint32_t i = 0; i < walk->answers; i++) {
        GROW(graph->answers);
        graph->answers.item[graph->answers.count++] = walk->answer[i];
    }
    return at;
}

static uint32_t keep_branches(struct graph *graph, const struct walk *walk)
{
    uint32_t at = (uint32_t)graph->branches.count;

    for (uint32_t i = 0; i < walk->branches; i++) {
        GROW(graph->branches);
        graph->branches.item[graph->branches.count++] = walk->branch[i];
    }
    return at;
}

uint32_t graph_add(struct graph *graph, const struct job *job, const struct walk *walk)
{
    uint32_t node = (uint32_t)graph->nodes.count;

    GROW(graph->nodes);
    graph->nodes.item[graph->nodes.count++] =
        (struct node){.key = walk->key,
                      .parent = job->from,
                      .answers_at = keep_answers(graph, walk),
                      .answers = walk->answers,
                      .class = NO_NODE,
                      .slot = NO_SLOT,
                      .kept = walk->kept,
                      .slack = walk->slack,
                      .weight = job->weight,
                      .branches = walk->branches,
                      .branches_at = keep_branches(graph, walk),
                      .at = walk->at};
    index_node(graph, node);
    return node;
}

bool graph_has_more_time(const struct graph *graph, uint32_t node, const struct slack *slack)
{
    const struct slack *before = &graph->nodes.item[node].slack;

    return slack->dma > before->dma || slack->host > before->host ||
           slack->interrupt > before->interrupt || slack->unready < before->unready;
}

void graph_link(struct graph *graph, uint32_t from, uint32_t to, double raw)
{
    if (from == NO_NODE)
        return;
    GROW(graph->edges);
    graph->edges.item[graph->edges.count++] = (struct edge){from, to, raw};
}

/* ---- Slots ----------------------------------------------------------------------------------- */

uint32_t graph_take_slot(struct graph *graph)
{
    return graph->free_slots.count ? graph->free_slots.item[--graph->free_slots.count] : NO_SLOT;
}

void graph_give_slot(struct graph *graph, uint32_t slot)
{
    if (slot == NO_SLOT)
        return;
    GROW(graph->free_slots);
    graph->free_slots.item[graph->free_slots.count++] = slot;
}

void graph_leave(struct graph *graph, uint32_t node)
{
    struct node *left = node == NO_NODE ? NULL : &graph->nodes.item[node];

    if (!left || --left->open)
        return;
    graph_give_slot(graph, left->slot);
    left->slot = NO_SLOT;
}

/* ---- Jobs ------------------------------------------------------------------------------------ */

static void enqueue(struct graph *graph, struct waiting waiting)
{
    GROW(graph->waiting);
    graph->waiting.item[graph->waiting.count++] = waiting;
    if (waiting.from != NO_NODE)
        graph->nodes.item[waiting.from].open++;
}

void graph_enqueue(struct graph *graph, uint32_t node, const struct walk *walk, double weight)
{
    for (uint32_t i = 0; i < walk->branches; i++)
        enqueue(graph, (struct waiting){.from = node,
                                        .branch = walk->branch[i],
                                        .weight = weight / walk->branches});
}

void graph_enqueue_retro(struct graph *graph, const struct job *job, const struct retro *retro,
                         uint32_t value, double weight)
{
    struct waiting waiting = {.from = job->from,
                              .branch = job->branch,
                              .forced_count = job->forced_count,
                              .weight = weight};

    if (job->forced_count == FORCED_MAX) {
        graph->lost = true;
        return;
    }
    memcpy(waiting.forced, job->forced, sizeof waiting.forced);
    waiting.forced[waiting.forced_count++] = (struct choice_answer){retro->number, value};
    enqueue(graph, waiting);
}

bool graph_next(struct graph *graph, struct job *job)
{
    const struct waiting *first;

    if (graph->served == graph->waiting.count)
        return false;
    first = &graph->waiting.item[graph->served++];
    *job =
        (struct job){.from = first->from,
                     .slot = first->from == NO_NODE ? NO_SLOT : graph->nodes.item[first->from].slot,
                     .branch = first->branch,
                     .forced_count = first->forced_count,
                     .weight = first->weight};
    memcpy(job->forced, first->forced, sizeof job->forced);
    /* Nobody looks back: the room of what was served is used again. */
    if (graph->served > 4096 && 2 * graph->served > graph->waiting.count) {
        graph->waiting.count -= graph->served;
        memmove(graph->waiting.item, graph->waiting.item + graph->served,
                graph->waiting.count * sizeof *graph->waiting.item);
        graph->served = 0;
    }
    return true;
}

size_t graph_queue(const struct graph *graph)
{
    return graph->waiting.count - graph->served;
}

void graph_cut(struct graph *graph, unsigned slice, unsigned slices)
{
    size_t queue = graph_queue(graph);
    size_t kept = 0;

    graph->share = graph->covered;
    for (size_t i = 0; i < queue; i++) {
        struct waiting job = graph->waiting.item[graph->served + i];

        if (i % slices == slice) {
            graph->share += job.weight;
            graph->waiting.item[kept++] = job;
        } else if (job.from != NO_NODE) {
            graph->nodes.item[job.from].elsewhere = true;
            graph_leave(graph, job.from);
        }
    }
    graph->waiting.count = kept;
    graph->served = 0;
    graph->cut = true;
}

/* ---- Paths and classes ----------------------------------------------------------------------- */

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

/* ---- The whole graph ------------------------------------------------------------------------- */

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
