/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/checkpoint.h"

#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/base/save.h"
#include "sim/explore/campaign_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/*
 * The file: the mark, what it belongs to, the content in the order of `transfer`, and a hash of all
 * that. Numbers are those of the machine that wrote it: another one would have other states, too.
 */
static const char mark[16] = "fencepost search";

/* One pass over the content, for both directions: `out` is written, or `in` is read. */
struct passage {
    FILE *out;
    FILE *in;
    uint64_t left; /* bytes of `in` */
    uint64_t sum;  /* of all so far */
    bool short_of;
};

static void pass(struct passage *passage, void *bytes, size_t size)
{
    if (passage->in)
        passage->short_of |= size > passage->left;
    if (passage->short_of || !size)
        return;
    if (passage->out)
        passage->short_of |= fwrite(bytes, 1, size, passage->out) != size;
    else
        passage->short_of |= fread(bytes, 1, size, passage->in) != size;
    passage->left -= passage->in ? size : 0;
    passage->sum = hash_bytes(passage->sum, bytes, size);
}

/* Elements from `from` on; what is read begins at 0. */
#define PASS_LIST(passage, list, from)                                                             \
    do {                                                                                           \
        uint64_t count_ = (list).count - (from);                                                   \
        pass((passage), &count_, sizeof count_);                                                   \
        if ((passage)->in)                                                                         \
            (list).item = make_room((passage), (list).item, &(list).count, &(list).room, &count_,  \
                                    sizeof *(list).item);                                          \
        if (count_)                                                                                \
            pass((passage), (list).item + (from), (size_t)count_ * sizeof *(list).item);           \
    } while (0)

/* No more than the rest of the file could hold: nothing else vouches for the number yet. */
static void *make_room(struct passage *passage, void *items, size_t *count, size_t *room,
                       uint64_t *wanted, size_t size)
{
    passage->short_of |= *wanted > passage->left / size;
    if (passage->short_of)
        *wanted = 0;
    if (*wanted > *room) {
        items = heap_resize(items, (size_t)*wanted * size);
        *room = (size_t)*wanted;
    }
    *count = (size_t)*wanted;
    return items;
}

/* ---- What it belongs to ---------------------------------------------------------------------- */

static uint64_t hash_string(uint64_t hash, const char *string)
{
    return hash_bytes(hash, string ? string : "", string ? strlen(string) + 1 : 1);
}

/* Bounds member by member: there is padding between them. */
static uint64_t hash_options(const struct campaign_options *options)
{
    const struct walker_options *walker = &options->walker;
    const struct walk_bounds *bounds = &walker->bounds;
    uint64_t what[] = {
        bounds->interrupt_delay, bounds->rounds,     bounds->deviations, bounds->ties,
        bounds->patience,        bounds->any_answer, bounds->whole,      bounds->host_waits,
        walker->to_returns,      walker->from_count, options->seed,      options->depth,
        options->slice,          options->slices,    bounds->bounded,    bounds->preemptions,
        bounds->places};
    uint64_t hash = hash_bytes(HASH_SEED, what, sizeof what);

    if (walker->checked) {
        const struct checker_options *checker = &walker->checked->checker;
        uint64_t checked[] = {checker->rules_off, (uint64_t)checker->memory_model,
                              (uint64_t)checker->fences, options->judged_by};

        hash = hash_bytes(hash, checked, sizeof checked);
    }
    hash = hash_string(hash, walker->from);
    hash = hash_string(hash, walker->to);
    return hash_string(hash, options->strategy->name);
}

/* The usual run stands for host, silicon and all else that a run is made of; the layout of the
 * state for the version of the program. */
static uint64_t belongs_to(struct campaign *campaign)
{
    const struct state *state = machine_state(walker_machine(campaign->walker));
    uint64_t what[] = {
        campaign->fingerprint,    campaign->reference.key, campaign->reference.wire,
        campaign->reference.when, campaign->plan->timeout, hash_options(&campaign->options),
        sizeof(struct node),      sizeof(struct job),      sizeof(struct campaign_class)};
    uint64_t hash = hash_bytes(HASH_SEED, what, sizeof what);

    for (unsigned i = 0; i < state->count; i++) {
        hash = hash_string(hash, state->regions[i].name);
        hash = hash_bytes(hash, &state->regions[i].size, sizeof state->regions[i].size);
    }
    return hash;
}

/* ---- The content ----------------------------------------------------------------------------- */

static void pass_numbers(struct passage *passage, struct campaign *campaign)
{
    struct graph *graph = &campaign->graph;

    pass(passage, &graph->covered, sizeof graph->covered);
    pass(passage, &graph->share, sizeof graph->share);
    pass(passage, &graph->horizon, sizeof graph->horizon);
    pass(passage, &graph->log_missed, sizeof graph->log_missed);
    pass(passage, &graph->jobs, sizeof graph->jobs);
    pass(passage, &graph->steps, sizeof graph->steps);
    pass(passage, &graph->full, sizeof graph->full);
    pass(passage, &graph->cut, sizeof graph->cut);
    pass(passage, &graph->lost, sizeof graph->lost);
    pass(passage, &graph->batch, sizeof graph->batch);
    pass(passage, &campaign->progress.round, sizeof campaign->progress.round);
    pass(passage, &campaign->progress.reached, sizeof campaign->progress.reached);
    pass(passage, &campaign->knew, sizeof campaign->knew);
    pass(passage, &campaign->board->known, sizeof campaign->board->known);
    pass(passage, &campaign->board->learned, sizeof campaign->board->learned);
}

static void pass_classes(struct passage *passage, struct graph *graph)
{
    PASS_LIST(passage, graph->classes, 0);
    for (size_t i = 0; i < graph->classes.count; i++) {
        struct campaign_class *class = &graph->classes.item[i];
        size_t size = class->answers * sizeof *class->answer;

        if (passage->in) {
            passage->short_of |= size > passage->left;
            class->answer =
                passage->short_of ? NULL : heap_allocate(class->answers + 1, sizeof *class->answer);
        }
        if (class->answer)
            pass(passage, class->answer, size);
    }
}

/* States lie in other slots than they did. */
static void pass_states(struct passage *passage, struct campaign *campaign)
{
    struct graph *graph = &campaign->graph;

    for (size_t i = 0; i < graph->nodes.count && !passage->short_of; i++) {
        struct node *node = &graph->nodes.item[i];

        if (node->slot == NO_SLOT)
            continue;
        if (passage->in)
            node->slot = graph_take_slot(graph);
        passage->short_of |= node->slot == NO_SLOT || node->kept > SLOT_BYTES;
        if (!passage->short_of)
            pass(passage, campaign_slot(campaign, node->slot), node->kept);
    }
}

static void pass_pending(struct passage *passage, struct campaign *campaign)
{
    pass(passage, &campaign->pending, sizeof campaign->pending);
    passage->short_of |= campaign->pending > JOBS;
    for (unsigned i = 0; i < campaign->pending && !passage->short_of; i++) {
        struct job *job = &campaign->board->job[i];

        pass(passage, job, sizeof *job);
        if (!passage->in)
            continue;
        passage->short_of |= job->from != NO_NODE && job->from >= campaign->graph.nodes.count;
        if (passage->short_of)
            return;
        job->slot = job->from == NO_NODE ? NO_SLOT : campaign->graph.nodes.item[job->from].slot;
        job->into = job->into == NO_SLOT ? NO_SLOT : graph_take_slot(&campaign->graph);
    }
}

static void pass_all(struct passage *passage, struct campaign *campaign)
{
    struct graph *graph = &campaign->graph;

    pass_numbers(passage, campaign);
    PASS_LIST(passage, graph->nodes, 0);
    PASS_LIST(passage, graph->edges, 0);
    PASS_LIST(passage, graph->waiting, graph->served);
    PASS_LIST(passage, graph->branches, 0);
    PASS_LIST(passage, graph->answers, 0);
    pass_classes(passage, graph);
    pass_states(passage, campaign);
    pass_pending(passage, campaign);
}

/* ---- Files ----------------------------------------------------------------------------------- */

static bool write_content(void *owner, FILE *file)
{
    struct campaign *campaign = owner;
    struct passage passage = {.out = file, .sum = HASH_SEED};
    char head[sizeof mark];
    uint64_t belongs = belongs_to(campaign);
    uint64_t sum;

    memcpy(head, mark, sizeof head);
    pass(&passage, head, sizeof head);
    pass(&passage, &belongs, sizeof belongs);
    pass_all(&passage, campaign);
    sum = passage.sum;
    pass(&passage, &sum, sizeof sum);
    return !passage.short_of;
}

enum status checkpoint_save(struct campaign *campaign, const char *path, struct failure *failure)
{
    return save_by(path, write_content, campaign, failure);
}

static enum status read_content(struct campaign *campaign, struct passage *passage,
                                const char *path, struct failure *failure)
{
    char head[sizeof mark] = {0};
    uint64_t belongs = 0;
    uint64_t sum;
    uint64_t saved = 0;

    pass(passage, head, sizeof head);
    if (passage->short_of || memcmp(head, mark, sizeof mark) != 0)
        return failure_set(failure, STATUS_CHECKPOINT_UNKNOWN, path, NULL);
    pass(passage, &belongs, sizeof belongs);
    if (!passage->short_of && belongs != belongs_to(campaign))
        return failure_set(failure, STATUS_CHECKPOINT_OTHER, path, NULL);
    pass_all(passage, campaign);
    sum = passage->sum;
    pass(passage, &saved, sizeof saved);
    if (passage->short_of || passage->left || saved != sum)
        return failure_set(failure, STATUS_CHECKPOINT_DAMAGED, path, NULL);
    return STATUS_OK;
}

static enum status open_file(const char *path, FILE **file, uint64_t *size, struct failure *failure)
{
    struct stat about;

    *file = fopen(path, "rb");
    if (!*file && errno == ENOENT)
        return failure_set(failure, STATUS_FILE_MISSING, path, NULL);
    if (!*file || fstat(fileno(*file), &about) != 0)
        return failure_set(failure, STATUS_FILE_UNREADABLE, path, "%s", strerror(errno));
    if (!S_ISREG(about.st_mode))
        return failure_set(failure, STATUS_CHECKPOINT_UNKNOWN, path, NULL);
    *size = (uint64_t)about.st_size;
    return STATUS_OK;
}

enum status checkpoint_load(struct campaign *campaign, const char *path, struct failure *failure)
{
    struct passage passage = {.sum = HASH_SEED};
    enum status status = open_file(path, &passage.in, &passage.left, failure);

    if (status == STATUS_OK) {
        graph_clear(&campaign->graph, campaign->slot_count);
        status = read_content(campaign, &passage, path, failure);
    }
    if (passage.in)
        (void)fclose(passage.in);
    if (status != STATUS_OK)
        return status;
    graph_index(&campaign->graph);
    campaign->resumed = true;
    campaign_renew_progress(campaign);
    return STATUS_OK;
}
