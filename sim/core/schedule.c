/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/core/schedule.h"

#include <assert.h>

static const uint8_t priorities[] = {
#define EVENT(name, priority, brief) [EVENT_##name] = (priority),
#include "sim/core/event.def"
#undef EVENT
};

static const char *const names[] = {
#define EVENT(name, priority, brief) [EVENT_##name] = #name,
#include "sim/core/event.def"
#undef EVENT
};

const char *event_name(enum event_id id)
{
    assert(id < EVENT_ID_COUNT);
    return names[id];
}

/* The total order of the queue: time, then priority of the kind, then insertion. */
static bool comes_before(const struct event *a, const struct event *b)
{
    if (a->when != b->when)
        return a->when < b->when;
    if (priorities[a->id] != priorities[b->id])
        return priorities[a->id] < priorities[b->id];
    return a->order < b->order;
}

static void swap(struct event *a, struct event *b)
{
    struct event kept = *a;

    *a = *b;
    *b = kept;
}

static void sift_up(struct event *heap, uint32_t at)
{
    while (at && comes_before(&heap[at], &heap[(at - 1) / 2])) {
        swap(&heap[at], &heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sift_down(struct event *heap, uint32_t count, uint32_t at)
{
    for (;;) {
        uint32_t first = at;

        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
            if (comes_before(&heap[child], &heap[first]))
                first = child;
        }
        if (first == at)
            return;
        swap(&heap[at], &heap[first]);
        at = first;
    }
}

static void remove_at(struct schedule *state, uint32_t at)
{
    state->heap[at] = state->heap[--state->count];
    /* Unused slots stay zero, so that equal machines have equal bytes. */
    state->heap[state->count] = (struct event){0};
    if (at < state->count) {
        sift_up(state->heap, at);
        sift_down(state->heap, state->count, at);
    }
}

static void renew_attention(struct schedule *state)
{
    state->attention = state->count ? state->heap[0].when : SIM_TIME_NEVER;
}

void scheduler_reset(struct scheduler *scheduler)
{
    scheduler->state = (struct schedule){.attention = SIM_TIME_NEVER};
}

void scheduler_handle(struct scheduler *scheduler, enum event_id id, event_handler *handle,
                      void *owner)
{
    for (unsigned i = 0; i < SCHEDULER_INSTANCES; i++)
        scheduler_handle_instance(scheduler, id, i, handle, owner);
}

void scheduler_handle_instance(struct scheduler *scheduler, enum event_id id, unsigned instance,
                               event_handler *handle, void *owner)
{
    assert(id < EVENT_ID_COUNT && instance < SCHEDULER_INSTANCES);
    scheduler->wiring[id][instance].handle = handle;
    scheduler->wiring[id][instance].owner = owner;
}

/* Whoever handles all instances of an event stands in the last place too. */
static void handle(const struct scheduler *scheduler, const struct event *event)
{
    unsigned last = SCHEDULER_INSTANCES - 1;
    unsigned instance = event->instance < last ? event->instance : last;

    assert(scheduler->wiring[event->id][instance].handle);
    scheduler->wiring[event->id][instance].handle(scheduler->wiring[event->id][instance].owner,
                                                  event);
}

void scheduler_add(struct scheduler *scheduler, enum event_id id, uint16_t instance, sim_time delay,
                   uint64_t argument)
{
    struct schedule *state = &scheduler->state;
    struct event *event;

    assert(id < EVENT_ID_COUNT && state->count < EVENT_QUEUE_CAPACITY);
    event = &state->heap[state->count];
    *event = (struct event){.when = state->now + delay,
                            .order = state->next_order++,
                            .id = (uint16_t)id,
                            .instance = instance,
                            .argument = argument};
    if (event->when < state->attention)
        state->attention = event->when;
    sift_up(state->heap, state->count++);
}

bool scheduler_cancel(struct scheduler *scheduler, enum event_id id, uint16_t instance)
{
    struct schedule *state = &scheduler->state;
    bool found = false;

    for (uint32_t i = 0; i < state->count;) {
        if (state->heap[i].id == id && state->heap[i].instance == instance) {
            remove_at(state, i);
            found = true;
            i = 0; /* the heap moved under us */
        } else {
            i++;
        }
    }
    /* `attention` may now be early; the CPU then looks up once for nothing. */
    return found;
}

bool scheduler_hurry(struct scheduler *scheduler, enum event_id id, uint16_t instance)
{
    struct schedule *state = &scheduler->state;
    uint32_t first = state->count;
    struct event event;

    for (uint32_t i = 0; i < state->count; i++) {
        if (state->heap[i].id == id && state->heap[i].instance == instance &&
            (first == state->count || comes_before(&state->heap[i], &state->heap[first])))
            first = i;
    }
    if (first == state->count)
        return false;
    event = state->heap[first];
    remove_at(state, first);
    handle(scheduler, &event);
    return true;
}

/* Its place in the heap; count: it is not there. */
static uint32_t find_order(const struct schedule *state, uint32_t order)
{
    uint32_t at = 0;

    while (at < state->count && state->heap[at].order != order)
        at++;
    return at;
}

const struct event *scheduler_event(const struct scheduler *scheduler, uint32_t order)
{
    uint32_t at = find_order(&scheduler->state, order);

    return at < scheduler->state.count ? &scheduler->state.heap[at] : NULL;
}

void scheduler_advance(struct scheduler *scheduler, uint32_t order, sim_time when)
{
    struct schedule *state = &scheduler->state;
    uint32_t at = find_order(state, order);

    assert(at < state->count && when >= state->now && when <= state->heap[at].when);
    state->heap[at].when = when;
    sift_up(state->heap, at);
    if (when < state->attention)
        state->attention = when;
}

sim_time scheduler_when(const struct scheduler *scheduler, enum event_id id, uint16_t instance)
{
    sim_time when = SIM_TIME_NEVER;

    for (uint32_t i = 0; i < scheduler->state.count; i++) {
        const struct event *event = &scheduler->state.heap[i];

        if (event->id == id && event->instance == instance && event->when < when)
            when = event->when;
    }
    return when;
}

sim_time scheduler_next(const struct scheduler *scheduler)
{
    return scheduler->state.count ? scheduler->state.heap[0].when : SIM_TIME_NEVER;
}

void scheduler_alert(struct scheduler *scheduler)
{
    scheduler->state.attention = 0;
}

static uint32_t count_ties(const struct schedule *state)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < state->count; i++)
        count += state->heap[i].when == state->heap[0].when;
    return count;
}

/* Position of the event that comes behind `behind` (NULL: first) in the total order. */
static uint32_t next_in_order(const struct schedule *state, const struct event *behind)
{
    uint32_t best = state->count;

    for (uint32_t i = 0; i < state->count; i++) {
        if (behind && !comes_before(behind, &state->heap[i]))
            continue;
        if (best == state->count || comes_before(&state->heap[i], &state->heap[best]))
            best = i;
    }
    return best;
}

/* Where the event that is handled next stands in the heap. */
static uint32_t pick(const struct scheduler *scheduler)
{
    const struct schedule *state = &scheduler->state;
    uint32_t ties = scheduler->tie ? count_ties(state) : 1;
    uint32_t wanted = ties > 1 ? scheduler->tie(scheduler->tie_owner, ties) : 0;
    uint32_t at = 0;

    assert(wanted < ties);
    for (uint32_t i = 0; i < wanted; i++)
        at = next_in_order(state, &state->heap[at]);
    return at;
}

void scheduler_dispatch(struct scheduler *scheduler)
{
    struct schedule *state = &scheduler->state;

    while (state->count && state->heap[0].when <= state->now) {
        uint32_t at = pick(scheduler);
        struct event event = state->heap[at];

        remove_at(state, at);
        handle(scheduler, &event);
    }
    renew_attention(state);
}

void scheduler_skip_to(struct scheduler *scheduler, sim_time when)
{
    assert(when >= scheduler->state.now);
    scheduler->state.now = when;
}
