/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/campaign.h"

#include "sim/base/heap.h"
#include "sim/explore/campaign_state.h"
#include "sim/explore/shrink.h"
#include "sim/explore/story.h"
#include "sim/explore/token.h"

#include <assert.h>
#include <string.h>

enum { SLOTS_MAX = 1 << 15, SLOTS_MIN = 1 << 9 };

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
        if (campaign->graph.classes.item[i].end != WALK_CLEAN)
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
