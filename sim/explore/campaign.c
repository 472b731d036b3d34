/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/campaign.h"

#include "sim/base/heap.h"
#include "sim/explore/crew.h"
#include "sim/explore/graph.h"
#include "sim/explore/shrink.h"
#include "sim/explore/story.h"
#include "sim/explore/strategy.h"
#include "sim/explore/token.h"

#include <assert.h>
#include <string.h>

enum {
    SLOT_BYTES = 512 * 1024, /* address space; memory is used for what is written only */
    SLOTS_MAX = 1 << 15,
    SLOTS_MIN = 1 << 9,
    ROUNDS_MAX = 12,
};

/* What processes share: jobs and what came of them. */
struct job_board {
    struct job job[JOBS];
    struct walk walk[JOBS];
    struct sharing known;
    struct sharing learned;
};

struct campaign {
    const struct plan *plan;
    struct campaign_options options;
    struct walker *walker;
    struct job_board *board;
    uint8_t *slots;
    uint32_t slot_count;
    struct crew *crew;
    struct graph graph;
    uint64_t fingerprint;
    struct walk reference;
    struct campaign_progress progress;
    campaign_enough *enough;
    void *enough_owner;
    bool begun; /* the reference run reached where exploring begins */
};

/* ---- In any process -------------------------------------------------------------------------- */

static uint8_t *slot_bytes(const struct campaign *campaign, uint32_t slot)
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

    walker_step(campaign->walker, slot_bytes(campaign, job->slot), &job->branch, job->forced,
                job->forced_count, slot_bytes(campaign, job->into), room, walk);
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
}

/* As many as the address space has room for: with fewer, a search is full sooner. */
static void make_room(struct campaign *campaign)
{
    campaign->slot_count = SLOTS_MAX;
    while (campaign->slot_count > SLOTS_MIN && !campaign->slots) {
        campaign->slots = shared_try((size_t)campaign->slot_count * SLOT_BYTES);
        if (!campaign->slots)
            campaign->slot_count /= 2;
    }
    if (!campaign->slots)
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
    heap_release(campaign);
}

/* ---- Running --------------------------------------------------------------------------------- */

static bool is_failure(const struct campaign_class *class)
{
    return class->end != WALK_CLEAN;
}

static void renew_progress(struct campaign *campaign)
{
    const struct graph *graph = &campaign->graph;
    struct campaign_progress *progress = &campaign->progress;

    progress->steps = graph->steps;
    progress->states = graph->nodes.count;
    progress->classes = graph->classes.count;
    progress->queue = graph->waiting.count - graph->served;
    progress->covered = graph->covered;
    progress->horizon = graph->horizon;
    progress->failures = 0;
    for (size_t i = 0; i < graph->classes.count; i++)
        progress->failures += is_failure(&graph->classes.item[i]);
}

static unsigned give_jobs(struct campaign *campaign)
{
    struct graph *graph = &campaign->graph;
    unsigned count = 0;

    while (
        count < JOBS && (!campaign->options.budget || graph->jobs < campaign->options.budget) &&
        campaign->options.strategy->next(graph, &campaign->options, &campaign->board->job[count])) {
        struct job *job = &campaign->board->job[count++];

        job->number = graph->jobs++;
        job->into = job->onward ? NO_SLOT : graph_take_slot(graph);
    }
    return count;
}

static void merge_jobs(struct campaign *campaign, unsigned count)
{
    const struct campaign_options *options = &campaign->options;

    for (unsigned i = 0; i < count; i++) {
        const struct job *job = &campaign->board->job[i];
        const struct walk *walk = &campaign->board->walk[i];

        options->strategy->merge(&campaign->graph, options, job, walk);
        if (options->strategy == &strategy_exhaustive)
            graph_leave(&campaign->graph, job->from);
        campaign->graph.steps++;
        if (walk->when > campaign->progress.reached)
            campaign->progress.reached = walk->when;
    }
}

/* True: stop, with `verdict`. */
static bool is_enough(struct campaign *campaign, enum campaign_verdict *verdict)
{
    const struct campaign_options *options = &campaign->options;

    renew_progress(campaign);
    if (options->first_only && campaign->progress.failures) {
        *verdict = CAMPAIGN_FOUND;
        return true;
    }
    *verdict = CAMPAIGN_STOPPED;
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
        crew_do(campaign->crew, count);
        merge_jobs(campaign, count);
        if (is_enough(campaign, &verdict))
            return verdict;
    }
    renew_progress(campaign);
    if (campaign->options.budget && campaign->graph.jobs >= campaign->options.budget)
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

    if (trap == NO_NODE || campaign->options.strategy->pick)
        return false;
    walk = heap_allocate(1, sizeof *walk);
    answers = graph_path(&campaign->graph, trap, NULL, 0, &count);
    walker_replay(campaign->walker, answers, count, walk);
    found = walk->end != WALK_CLEAN;
    if (found)
        (void)graph_class(&campaign->graph, &job, walk);
    heap_release(answers);
    heap_release(walk);
    renew_progress(campaign);
    return found;
}

enum campaign_verdict campaign_run(struct campaign *campaign)
{
    enum campaign_verdict verdict;

    if (campaign->reference.end != WALK_CLEAN && !campaign->progress.round) {
        const struct job usual = {.from = NO_NODE};

        (void)graph_class(&campaign->graph, &usual, &campaign->reference);
        renew_progress(campaign);
        if (campaign->options.first_only || !campaign->begun)
            return CAMPAIGN_FOUND;
    }
    for (;;) {
        uint64_t before = campaign->graph.jobs;

        campaign->progress.round++;
        campaign->graph.jobs = 0;
        verdict = run_round(campaign);
        campaign->graph.jobs += before;
        if (verdict != CAMPAIGN_COMPLETE || campaign->progress.round == ROUNDS_MAX ||
            !has_learned(campaign))
            break;
        graph_clear(&campaign->graph, campaign->slot_count);
    }
    if (verdict == CAMPAIGN_COMPLETE && look_for_traps(campaign) && campaign->options.first_only)
        return CAMPAIGN_FOUND;
    return verdict;
}

/* ---- Looking --------------------------------------------------------------------------------- */

uint64_t campaign_fingerprint(const struct campaign *campaign)
{
    return campaign->fingerprint;
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
                         struct choice_answer *answers, unsigned *tries)
{
    const struct walk wanted = {.end = class->end, .rule = class->rule, .pc = class->pc};

    memcpy(answers, class->answer, class->answers * sizeof *answers);
    return shrink(campaign->walker, answers, class->answers, &wanted, tries);
}

bool campaign_tell(struct campaign *campaign, const struct campaign_class *class,
                   const struct choice_answer *answers, uint32_t count, struct story *story)
{
    const struct walk wanted = {.end = class->end, .rule = class->rule, .pc = class->pc};
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

struct walker *campaign_walker(struct campaign *campaign)
{
    return campaign->walker;
}
