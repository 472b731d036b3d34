/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an exploration runs: steps are given in batches, done by all processes, and merged in the
 * order in which they were given; when a round has shown what was not known, all begins again.
 */
#include "sim/base/heap.h"
#include "sim/explore/campaign_state.h"

#include <math.h>
#include <stdio.h>

enum {
    ROUNDS_MAX = 12,
    CUT_JOBS = 16, /* that wait for each slice when a search is cut */
};

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
        progress->failures += graph->classes.item[i].end != WALK_CLEAN;
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

/* Walks of a batch go by what all before have shown. The others may have missed what has to do with
 * it: no chance is counted for them. */
static void begin_batch(struct campaign *campaign)
{
    struct graph *graph = &campaign->graph;

    if (samples(campaign) && has_learned(campaign))
        graph->log_missed = 0;
    graph->batch.nodes = graph->nodes.count;
    graph->batch.horizon = graph->horizon;
}

static unsigned give_jobs(struct campaign *campaign)
{
    struct graph *graph = &campaign->graph;
    unsigned size = batch_size(campaign);
    unsigned count = campaign->pending;

    campaign->pending = 0;
    if (count) /* a process died before they were done */
        return count;
    if (graph->jobs % JOBS == 0)
        begin_batch(campaign);
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

/* What came behind the first failure within its batch does not count: batches are no part of the
 * result. */
static void merge_jobs(struct campaign *campaign, unsigned count)
{
    bool stops = campaign->options.first_only;

    for (unsigned i = 0; i < count; i++) {
        merge_job(campaign, &campaign->board->job[i], &campaign->board->walk[i]);
        if (stops && campaign_failure(campaign))
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
