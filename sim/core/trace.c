/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/core/trace.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
#define OBSERVATION(name, member, brief) [OBS_##name] = #name,
#include "sim/core/trace.def"
#undef OBSERVATION
};

static const char *const misuse_sentences[] = {
#define MISUSE(name, sentence) [MISUSE_##name] = sentence,
#include "sim/core/misuse.def"
#undef MISUSE
};

_Static_assert(OBSERVATION_KINDS <= 32, "`wanted` has one bit a kind");

const char *observation_name(enum observation_kind kind)
{
    assert(kind < OBSERVATION_KINDS);
    return kind_names[kind];
}

const char *misuse_sentence(enum misuse misuse)
{
    assert(misuse < MISUSE_COUNT);
    return misuse_sentences[misuse];
}

void trace_init(struct trace *trace, const sim_time *now)
{
    *trace = (struct trace){.now = now};
}

void trace_reset(struct trace *trace)
{
    memset(&trace->state, 0, sizeof trace->state);
}

void trace_subscribe(struct trace *trace, uint32_t kinds, trace_subscriber *see, void *owner)
{
    assert(trace->subscribers < TRACE_SUBSCRIBERS);
    trace->subscriber[trace->subscribers].kinds = kinds;
    trace->subscriber[trace->subscribers].see = see;
    trace->subscriber[trace->subscribers].owner = owner;
    trace->subscribers++;
    trace->wanted |= kinds;
}

void trace_listen_alone(struct trace *trace, uint32_t kinds, trace_subscriber *see, void *owner)
{
    if (see && !trace->alone.see)
        trace->alone.wanted = trace->wanted;
    trace->wanted = see ? kinds : trace->alone.wanted;
    trace->alone.see = see;
    trace->alone.owner = owner;
}

void trace_emit(struct trace *trace, struct observation observation)
{
    uint32_t kind = (uint32_t)1 << observation.kind;

    if (!(trace->wanted & kind))
        return;
    observation.when = *trace->now;
    if (trace->alone.see) {
        trace->alone.see(trace->alone.owner, &observation);
        return;
    }
    for (unsigned i = 0; i < trace->subscribers; i++) {
        if (trace->subscriber[i].kinds & kind)
            trace->subscriber[i].see(trace->subscriber[i].owner, &observation);
    }
}

static struct byte_range span(const struct trace_state *state, enum watch_kind kind)
{
    guest_addr low = UINT32_MAX;
    guest_addr high = 0;

    for (uint32_t i = 0; i < state->watches; i++) {
        struct byte_range range = state->watch[i].range;

        if (!(state->watch[i].kinds & (uint32_t)kind))
            continue;
        low = range.start < low ? range.start : low;
        high = range.start + range.size > high ? range.start + range.size : high;
    }
    return high ? (struct byte_range){low, high - low} : (struct byte_range){0, 0};
}

static void renew_hulls(struct trace_state *state)
{
    state->store_hull = span(state, WATCH_STORES);
    state->load_hull = span(state, WATCH_LOADS);
    state->stack_watches = 0;
    for (uint32_t i = 0; i < state->watches; i++)
        state->stack_watches += (state->watch[i].kinds & WATCH_STACK) != 0;
}

void trace_watch(struct trace *trace, struct byte_range range, uint32_t kinds)
{
    struct trace_state *state = &trace->state;

    assert(state->watches < TRACE_WATCHES);
    state->watch[state->watches].range = range;
    state->watch[state->watches].kinds = kinds;
    state->watches++;
    renew_hulls(state);
}

void trace_unwatch(struct trace *trace, struct byte_range range, uint32_t kinds)
{
    struct trace_state *state = &trace->state;

    for (uint32_t i = 0; i < state->watches; i++) {
        if (state->watch[i].range.start == range.start &&
            state->watch[i].range.size == range.size && state->watch[i].kinds == kinds) {
            state->watch[i] = state->watch[--state->watches];
            memset(&state->watch[state->watches], 0, sizeof state->watch[0]);
            renew_hulls(state);
            return;
        }
    }
    assert(false && "unwatch of a range that is not watched");
}

bool trace_watches(const struct trace *trace, enum watch_kind kind, guest_addr address,
                   uint32_t size)
{
    const struct trace_state *state = &trace->state;
    struct byte_range access = {address, size};

    if (!ranges_overlap(kind == WATCH_STORES ? state->store_hull : state->load_hull, access))
        return false;
    for (uint32_t i = 0; i < state->watches; i++) {
        if ((state->watch[i].kinds & (uint32_t)kind) &&
            ranges_overlap(state->watch[i].range, access))
            return true;
    }
    return false;
}

void trace_note_barrier(struct trace *trace, enum barrier_kind kind)
{
    struct trace_state *state = &trace->state;

    if (kind == BARRIER_DMB || kind == BARRIER_DSB)
        state->stores_at_barrier = state->stores;
    if (kind != BARRIER_ISB)
        state->stores_at_fence = state->stores;
    trace_emit(trace, (struct observation){.kind = OBS_BARRIER,
                                           .barrier = {.pc = state->pc, .kind = kind}});
}

bool trace_unordered_store(const struct trace *trace, struct byte_range range, bool compiler_too,
                           struct recent_store *store)
{
    const struct trace_state *state = &trace->state;
    uint64_t ordered = compiler_too ? state->stores_at_fence : state->stores_at_barrier;

    for (uint64_t n = state->stores; n > ordered && state->stores - n < TRACE_RECENT_STORES; n--) {
        const struct recent_store *recent = &state->recent[(n - 1) % TRACE_RECENT_STORES];

        if (ranges_overlap(range, (struct byte_range){recent->address, recent->size})) {
            *store = *recent;
            return true;
        }
    }
    return false;
}

void trace_site(const struct trace *trace, struct site *site)
{
    memset(site, 0, sizeof *site);
    site->when = *trace->now;
    site->pc = trace->state.pc;
    if (trace->capture)
        trace->capture(trace->capture_owner, site);
}

uint16_t trace_add_channel(struct trace *trace, struct dma_channel_name name)
{
    assert(trace->channels < TRACE_CHANNELS);
    trace->channel[trace->channels] = name;
    return (uint16_t)trace->channels++;
}

const struct dma_channel_name *trace_channel(const struct trace *trace, uint16_t channel)
{
    assert(channel < trace->channels);
    return &trace->channel[channel];
}

void trace_register_name(const struct trace *trace, guest_addr address, char *name, size_t room)
{
    if (trace->register_name)
        trace->register_name(trace->register_owner, address, name, room);
    else
        (void)snprintf(name, room, "0x%08x", address);
}
