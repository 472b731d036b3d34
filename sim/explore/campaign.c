/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/campaign.h"

#include "sim/base/heap.h"
#include "sim/explore/campaign_state.h"
#include "sim/explore/shrink.h"
#include "sim/explore/story.h"
#include "sim/explore/token.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    SLOTS_MAX = 1 << 15,
    SLOTS_MIN = 1 << 9,
    ROUNDS_MAX = 12,
    CUT_JOBS = 16, /* that wait for each slice when a search is cut */
};

#define RESERVE ((size_t)32 << 20) /* to come to an orderly end when memory is short */

/* ---- In any process -------------------------------------------------------------------------- */

uint8_t *campaign_slot(const struct campaign *campaign, uint32_t slot)
{
    return slot == NO_SLOT ? NULL : campaign->slots + (size_t)slot * SLOT_BYTES;
}

/* Answers of one step behind those of the steps before. */
static void append(struct walk *all, const struct walk *step)
{
    for (uint32_t i = 0; i < step->answers; i++) {
        if (all->answers == LOG_MAX) {
            all->overflow = 1;
            return;
        }
        all->answer[all->answers++] = step->answer[i];
    }
}

/* From decision to decision by the strategy's choice. */
static void walk_onward(struct campaign *campaign, const struct job *job, struct walk *walk)
{
    const struct strategy *strategy = campaign->options.strategy;
    struct walk *step = heap_allocate(1, sizeof *step);
    struct pick_state state = {0};

    strategy->start(&state, job, &campaign->options);
    *step = *walk;
    while (step->end == WALK_DECISION && !walk->overflow) {
        uint32_t taken = strategy->pick(&state, step);
        struct branch branch = step->branch[taken];

        state.decisions++;
        walker_go_on(campaign->walker, &branch, NULL, 0, step);
        append(walk, step);
    }
    step->answers = 0;
    walk->end = step->end;
    walk->rule = step->rule;
    walk->pc = step->pc;
    walk->function = step->function;
    walk->reason = step->reason;
    walk->key = step->key;
    walk->wire = step->wire;
    walk->when = step->when;
    walk->branches = state.decisions; /* how many it had */
    heap_release(step);
}

static void do_job(void *owner, unsigned number)
{
    struct campaign *campaign = owner;
    const struct job *job = &campaign->board->job[number];
    struct walk *walk = &campaign->board->walk[number];
    size_t room = job->into == NO_SLOT ? 0 : SLOT_BYTES;

    walker_take_chances(campaign->walker, job->onward ? job->seed | 1 : 0);
    walker_step(campaign->walker, campaign_slot(campaign, job->slot), &job->branch, job->forced,
                job->forced_count, campaign_slot(campaign, job->into), room, walk);
    if (job->onward)
        walk_onward(campaign, job, walk);
}

/* ---- Life ------------------------------------------------------------------------------------ */

/* What the usual run shows of sharing is known from the start. */
static void learn_from_reference(struct campaign *campaign)
{
    if (!campaign->begun)
        return;
    walker_reference(campaign->walker, &campaign->reference);
    campaign->board->known = campaign->board->learned;
    campaign->knew = campaign->board->known.changes;
}

/* As many as the address space has room for; where it is bounded, others need most of it. With
 * fewer, a search is full sooner. */
static void make_room(struct campaign *campaign)
{
    size_t room = (size_t)SLOTS_MAX * SLOT_BYTES;
    void *probe = NULL;

    campaign->slot_count = SLOTS_MAX;
    while (campaign->slot_count > SLOTS_MIN && !(probe = shared_try(room))) {
        campaign->slot_count /= 2;
        room = 4 * (size_t)campaign->slot_count * SLOT_BYTES;
    }
    shared_release(probe, room);
    campaign->slots = shared_allocate((size_t)campaign->slot_count * SLOT_BYTES);
}

enum status campaign_create(struct campaign **result, const struct plan *plan,
                            const struct campaign_options *options, struct failure *failure)
{
    struct campaign *campaign = heap_allocate(1, sizeof *campaign);
    enum status status;

    *result = NULL;
    campaign->plan = plan;
    campaign->options = *options;
    campaign->board = shared_allocate(sizeof *campaign->board);
    make_room(campaign);
    graph_init(&campaign->graph, campaign->slot_count);
    campaign->graph.by_wire = options->walker.bounds.whole;
    status = walker_create(&campaign->walker, plan, &campaign->options.walker,
                           &campaign->board->known, &campaign->board->learned, failure);
    if (status != STATUS_OK) {
        campaign_destroy(campaign);
        return status;
    }
    campaign->fingerprint = token_fingerprint(walker_machine(campaign->walker));
    campaign->begun = walker_begin(campaign->walker, &campaign->reference);
    learn_from_reference(campaign);
    campaign->crew = crew_create(options->workers, do_job, campaign);
    heap_set_aside(RESERVE);
    *result = campaign;
    return STATUS_OK;
}

void campaign_destroy(struct campaign *campaign)
{
    if (!campaign)
        return;
    crew_destroy(campaign->crew);
    walker_destroy(campaign->walker);
    graph_release(&campaign->graph);
    shared_release(campaign->slots, (size_t)campaign->slot_count * SLOT_BYTES);
    shared_release(campaign->board, sizeof *campaign->board);
    heap_set_aside(0);
    heap_release(campaign);
}

/* ---- Running --------------------------------------------------------------------------------- */

static bool is_failure(const struct campaign_class *class)
{
    return class->end != WALK_CLEAN;
}

void campaign_renew_progress(struct campaign *campaign)
{
    const struct graph *graph = &campaign->graph;
    struct campaign_progress *progress = &campaign->progress;

    progress->steps = graph->steps;
    progress->states = graph->nodes.count;
    progress->classes = graph->classes.count;
    progress->queue = graph_queue(graph);
    progress->covered = graph->share > 0 ? graph->covered / graph->share : 1;
    progress->horizon = graph->horizon;
    progress->missed = exp(graph->log_missed);
    progress->lost = graph->lost;
    progress->failures = 0;
    for (size_t i = 0; i < graph->classes.count; i++)
        progress->failures += is_failure(&graph->classes.item[i]);
}

static bool samples(const struct campaign *campaign)
{
    return campaign->options.strategy->pick != NULL;
}

static bool has_slices(const struct campaign *campaign)
{
    return campaign->options.slices > 1;
}

/* Samples are made in batches of one size, whether a search is stopped in between or not. Until a
 * search is cut into slices it goes step by step: all slices cut at the same place. */
static unsigned batch_size(const struct campaign *campaign)
{
    if (samples(campaign))
        return JOBS - (unsigned)(campaign->graph.jobs % JOBS);
    return has_slices(campaign) && !campaign->graph.cut ? 1 : JOBS;
}

static bool may_give(const struct campaign *campaign)
{
    return !campaign->options.budget || campaign->given < campaign->options.budget;
}

static unsigned give_jobs(struct campaign *campaign)
{
    struct graph *graph = &campaign->graph;
    unsigned size = batch_size(campaign);
    unsigned count = campaign->pending;

    campaign->pending = 0;
    if (count) /* a process died before they were done */
        return count;
    if (graph->jobs % JOBS == 0) {
        graph->batch.nodes = graph->nodes.count;
        graph->batch.horizon = graph->horizon;
    }
    while (
        count < size && may_give(campaign) &&
        campaign->options.strategy->next(graph, &campaign->options, &campaign->board->job[count])) {
        struct job *job = &campaign->board->job[count++];

        job->number = graph->jobs++;
        job->into = job->onward ? NO_SLOT : graph_take_slot(graph);
        campaign->given++;
    }
    return count;
}

static void merge_job(struct campaign *campaign, const struct job *job, const struct walk *walk)
{
    const struct campaign_options *options = &campaign->options;
    struct graph *graph = &campaign->graph;

    options->strategy->merge(graph, options, job, walk);
    if (!samples(campaign))
        graph_leave(graph, job->from);
    graph->steps++;
    if (walk->when > campaign->progress.reached)
        campaign->progress.reached = walk->when;
    if (!samples(campaign) && has_slices(campaign) && !graph->cut &&
        graph_queue(graph) >= (size_t)CUT_JOBS * options->slices)
        graph_cut(graph, options->slice, options->slices);
}

static bool has_failure(const struct graph *graph)
{
    for (size_t i = 0; i < graph->classes.count; i++) {
        if (is_failure(&graph->classes.item[i]))
            return true;
    }
    return false;
}

/* What came behind the first failure within its batch does not count: batches are no part of the
 * result. */
static void merge_jobs(struct campaign *campaign, unsigned count)
{
    bool stops = campaign->options.first_only;

    for (unsigned i = 0; i < count; i++) {
        merge_job(campaign, &campaign->board->job[i], &campaign->board->walk[i]);
        if (stops && has_failure(&campaign->graph))
            return;
    }
}

static bool breaks(struct campaign *campaign, const char *reason)
{
    (void)snprintf(campaign->reason, sizeof campaign->reason, "%s", reason);
    return true;
}

/* True: stop, with `verdict`. */
static bool is_enough(struct campaign *campaign, enum campaign_verdict *verdict)
{
    const struct campaign_options *options = &campaign->options;

    campaign_renew_progress(campaign);
    if (options->first_only && campaign->progress.failures) {
        *verdict = CAMPAIGN_FOUND;
        return true;
    }
    *verdict = heap_is_short() ? CAMPAIGN_BROKEN : CAMPAIGN_STOPPED;
    if (heap_is_short())
        return breaks(campaign, "memory is running out");
    return campaign->enough && campaign->enough(campaign->enough_owner, &campaign->progress);
}

void campaign_on_pause(struct campaign *campaign, campaign_enough *enough, void *owner)
{
    campaign->enough = enough;
    campaign->enough_owner = owner;
}

/* One round with what is known of sharing at its beginning. */
static enum campaign_verdict run_round(struct campaign *campaign)
{
    enum campaign_verdict verdict = CAMPAIGN_STOPPED;
    unsigned count;

    while ((count = give_jobs(campaign))) {
        if (!crew_do(campaign->crew, count)) {
            campaign->pending = count;
            breaks(campaign, crew_reason(campaign->crew));
            return CAMPAIGN_BROKEN;
        }
        merge_jobs(campaign, count);
        if (is_enough(campaign, &verdict))
            return verdict;
    }
    campaign_renew_progress(campaign);
    if (!may_give(campaign) && (samples(campaign) || graph_queue(&campaign->graph)))
        return CAMPAIGN_STOPPED;
    return campaign->graph.full ? CAMPAIGN_FULL : CAMPAIGN_COMPLETE;
}

/* Timings that were not usual have shown accesses the usual run had not: what they share with
 * others has to be decided about as well, from the beginning. */
static bool has_learned(struct campaign *campaign)
{
    struct job_board *board = campaign->board;

    if (board->learned.changes == board->known.changes)
        return false;
    board->known = board->learned;
    return true;
}

/*
 * A state from which no end can be reached: the run goes on from there as usual until somebody
 * loses patience, and that is how it fails. One that ends well after all was only unlucky for ever.
 */
static bool look_for_traps(struct campaign *campaign)
{
    uint32_t trap = graph_finish(&campaign->graph);
    struct job job = {.from = trap};
    struct walk *walk;
    struct choice_answer *answers;
    uint32_t count;
    bool found;

    if (trap == NO_NODE || samples(campaign))
        return false;
    walk = heap_allocate(1, sizeof *walk);
    answers = graph_path(&campaign->graph, trap, NULL, 0, &count);
    walker_replay(campaign->walker, answers, count, walk);
    found = walk->end != WALK_CLEAN;
    if (found)
        (void)graph_class(&campaign->graph, &job, walk);
    heap_release(answers);
    heap_release(walk);
    campaign_renew_progress(campaign);
    return found;
}

/* All rounds, or the rest of them. */
static enum campaign_verdict run_rounds(struct campaign *campaign)
{
    for (;; graph_clear(&campaign->graph, campaign->slot_count)) {
        enum campaign_verdict verdict;

        campaign->progress.round += !campaign->resumed;
        campaign->resumed = false;
        verdict = run_round(campaign);
        if (verdict != CAMPAIGN_COMPLETE || campaign->progress.round == ROUNDS_MAX ||
            !has_learned(campaign))
            return verdict;
    }
}

enum campaign_verdict campaign_run(struct campaign *campaign)
{
    enum campaign_verdict verdict;

    if (campaign->reference.end != WALK_CLEAN && !campaign->progress.round) {
        const struct job usual = {.from = NO_NODE};

        (void)graph_class(&campaign->graph, &usual, &campaign->reference);
        campaign_renew_progress(campaign);
        if (campaign->options.first_only || !campaign->begun)
            return CAMPAIGN_FOUND;
    }
    verdict = run_rounds(campaign);
    if (verdict == CAMPAIGN_COMPLETE && look_for_traps(campaign) && campaign->options.first_only)
        return CAMPAIGN_FOUND;
    return verdict;
}

void campaign_know(struct campaign *campaign, const struct sharing *known)
{
    struct job_board *board = campaign->board;

    sharing_add(&board->learned, known);
    board->known = board->learned;
    campaign->knew = board->known.changes;
}

const struct sharing *campaign_learned(const struct campaign *campaign, bool *more)
{
    *more = campaign->board->learned.changes != campaign->knew;
    return &campaign->board->learned;
}

/* ---- Looking --------------------------------------------------------------------------------- */

uint64_t campaign_fingerprint(const struct campaign *campaign)
{
    return campaign->fingerprint;
}

const char *campaign_reason(const struct campaign *campaign)
{
    return campaign->reason;
}

const struct walk *campaign_reference(const struct campaign *campaign)
{
    return &campaign->reference;
}

const struct campaign_progress *campaign_progress(const struct campaign *campaign)
{
    return &campaign->progress;
}

unsigned campaign_class_count(const struct campaign *campaign)
{
    return (unsigned)campaign->graph.classes.count;
}

const struct campaign_class *campaign_class_at(const struct campaign *campaign, unsigned index)
{
    assert(index < campaign->graph.classes.count);
    return &campaign->graph.classes.item[index];
}

const struct campaign_class *campaign_failure(const struct campaign *campaign)
{
    for (size_t i = 0; i < campaign->graph.classes.count; i++) {
        if (is_failure(&campaign->graph.classes.item[i]))
            return &campaign->graph.classes.item[i];
    }
    return NULL;
}

bool campaign_timing(const struct campaign_class *class, struct timing *timing)
{
    timing->count = class->answers <= TIMING_MAX ? class->answers : 0;
    memcpy(timing->answer, class->answer, timing->count * sizeof timing->answer[0]);
    return class->answers <= TIMING_MAX;
}

/* ---- A failure, made small and told -----------------------------------------------------------
 */

uint32_t campaign_shrink(struct campaign *campaign, const struct campaign_class *class,
                         struct choice_answer *answers, unsigned most, unsigned *tries)
{
    const struct walk wanted = {
        .end = class->end, .rule = class->rule, .pc = class->pc, .reason = class->reason};

    memcpy(answers, class->answer, class->answers * sizeof *answers);
    return shrink(campaign->walker, answers, class->answers, &wanted, most, tries);
}

bool campaign_tell(struct campaign *campaign, const struct campaign_class *class,
                   const struct choice_answer *answers, uint32_t count, struct story *story)
{
    const struct walk wanted = {
        .end = class->end, .rule = class->rule, .pc = class->pc, .reason = class->reason};
    struct walk *walk = heap_allocate(1, sizeof *walk);
    bool same;

    story_begin(story, class->end == WALK_FINDING ? class->pc : 0);
    walker_tell(campaign->walker, story);
    walker_replay(campaign->walker, answers, count, walk);
    walker_tell(campaign->walker, NULL);
    same = walks_fail_alike(walk, &wanted);
    story_conclude(story, walk);
    heap_release(walk);
    return same;
}

void campaign_tell_usual(struct campaign *campaign, struct story *story)
{
    struct walk *walk = heap_allocate(1, sizeof *walk);

    story_begin(story, 0);
    walker_tell(campaign->walker, story);
    walker_replay(campaign->walker, NULL, 0, walk);
    walker_tell(campaign->walker, NULL);
    heap_release(walk);
}

struct walker *campaign_walker(struct campaign *campaign)
{
    return campaign->walker;
}
