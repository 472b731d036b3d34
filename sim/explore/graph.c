/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/graph_state.h"

#include <string.h>

enum { TABLE_FIRST = 1 << 12 };

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
