/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracle of a walker: what has a time of its own is answered with its latest and stays open;
 * ties and the turns of the host are noted, to be answered otherwise in another step.
 */
#include "sim/base/bits.h"
#include "sim/explore/story.h"
#include "sim/explore/watcher.h"

#include <assert.h>
#include <string.h>

enum { USBD_EXCEPTION = 16 + 39 };

static void log_answer(struct watcher *watcher, uint32_t number, uint32_t value)
{
    if (watcher->answers < LOG_MAX)
        watcher->answer[watcher->answers++] = (struct choice_answer){number, value};
    else
        watcher->overflow = 1;
}

static bool same_event(const struct open_question *open, const struct choice *choice)
{
    bool dma = choice->point <= CHOICE_DMA_END;

    if (dma)
        return open->point <= CHOICE_DMA_END && open->instance == choice->instance;
    if (choice->point == CHOICE_IRQ_ENTRY)
        return open->point == CHOICE_IRQ_ENTRY;
    return open->point > CHOICE_DMA_END && open->point != CHOICE_IRQ_ENTRY;
}

/* Where the new question is kept: an event has one at a time. NULL: no room, so it is not open. */
static struct open_question *slot_for(struct watch_state *state, const struct choice *choice)
{
    for (uint32_t i = 0; i < state->opens; i++) {
        if (same_event(&state->open[i], choice))
            return &state->open[i];
    }
    return state->opens < OPEN_MAX ? &state->open[state->opens++] : NULL;
}

static uint32_t postpone(struct watcher *watcher, uint32_t number, const struct choice *choice,
                         sim_time base, uint32_t latest)
{
    struct open_question *open = slot_for(&watcher->state, choice);

    if (!open)
        return choice->typical;
    *open = (struct open_question){.base = base,
                                   .number = number,
                                   .lowest = choice->lowest,
                                   .highest = latest,
                                   .point = (uint16_t)choice->point,
                                   .instance = (uint16_t)choice->instance,
                                   .track = watcher->state.latest,
                                   .event = machine_scheduler(watcher->machine)->state.next_order};
    memset(watcher->state.visit, 0, sizeof watcher->state.visit); /* something happened */
    return latest;
}

/* Is the engine to go on at once? What is wanted may have been reached with the last word. */
static bool in_burst(const struct watch_state *state)
{
    return state->burst && state->burst - 1 == state->latest;
}

static uint32_t answer_dma(struct watcher *watcher, uint32_t number, const struct choice *choice)
{
    if (in_burst(&watcher->state))
        return choice->lowest;
    return postpone(watcher, number, choice, machine_now(watcher->machine), choice->highest);
}

static uint32_t answer_host(struct watcher *watcher, uint32_t number, const struct choice *choice)
{
    sim_time base;

    if (watcher->options->bounds.host_waits || host_streams(machine_host(watcher->machine)))
        return choice->typical;
    if (choice->point == CHOICE_HOST_REQUEST) /* only the token behind it can be noticed */
        return choice->lowest;
    base = host_pause_begins(machine_host(watcher->machine));
    machine_request_stop(watcher->machine); /* to look when it becomes possible */
    return postpone(watcher, number, choice, base, choice->highest);
}

/* Only interrupts whose cause cannot be moved itself. */
static uint32_t answer_interrupt(struct watcher *watcher, uint32_t number,
                                 const struct choice *choice)
{
    uint32_t latest = watcher->options->bounds.interrupt_delay;

    if (choice->instance == USBD_EXCEPTION || !latest)
        return choice->typical;
    if (latest > choice->highest)
        latest = choice->highest;
    return postpone(watcher, number, choice, machine_now(watcher->machine), latest);
}

static void note_retro(struct watcher *watcher, uint32_t number, enum choice_point point,
                       uint32_t others)
{
    if (others && watcher->retros < RETRO_MAX)
        watcher->retro[watcher->retros++] =
            (struct retro){.number = number, .point = (uint16_t)point, .others = others};
}

static uint32_t answer_turn(struct watcher *watcher, uint32_t number, const struct choice *choice)
{
    if (watcher->state.deviations < watcher->options->bounds.deviations)
        note_retro(watcher, number, CHOICE_HOST_TURN, choice->instance & ~bit32(TURN_USUAL));
    return TURN_USUAL;
}

static uint32_t answer_tie(struct watcher *watcher, uint32_t number, const struct choice *choice)
{
    uint32_t count = choice->instance < 32 ? choice->instance : 31;

    if (watcher->options->bounds.ties)
        note_retro(watcher, number, CHOICE_EVENT_TIE, mask32(count) & ~bit32(0));
    return 0;
}

static uint32_t answer_openly(struct watcher *watcher, uint32_t number, struct chooser *chooser,
                              const struct choice *choice)
{
    switch ((unsigned)choice->point) {
    case CHOICE_DMA_CAPTURE:
    case CHOICE_DMA_FIRST_WORD:
    case CHOICE_DMA_NEXT_WORD:
    case CHOICE_DMA_END:
        return answer_dma(watcher, number, choice);
    case CHOICE_HOST_TOKEN:
    case CHOICE_HOST_REQUEST:
    case CHOICE_HOST_BULK:
        return answer_host(watcher, number, choice);
    case CHOICE_IRQ_ENTRY:
        return answer_interrupt(watcher, number, choice);
    case CHOICE_HOST_TURN:
        return answer_turn(watcher, number, choice);
    case CHOICE_EVENT_TIE:
        return answer_tie(watcher, number, choice);
    default: /* what starts up, and what no exploration moves */
        break;
    }
    return chooser_follow(chooser, choice);
}

uint32_t watcher_answer(void *owner, struct chooser *chooser, const struct choice *choice)
{
    struct watcher *watcher = owner;
    uint32_t number = (uint32_t)chooser->state.asked;
    const struct choice_answer *forced =
        answer_find(watcher->forced, watcher->forced_count, number);
    uint32_t value;

    if (forced) {
        watcher->state.deviations +=
            choice->point == CHOICE_HOST_TURN && forced->value != TURN_USUAL;
        value = answer_within(forced->value, choice);
        if (watcher->story)
            story_answer(watcher->story, watcher, choice, value);
    } else if (watcher->plain) {
        return chooser_follow(chooser, choice);
    } else {
        value = answer_openly(watcher, number, chooser, choice);
    }
    if (value != choice->typical)
        log_answer(watcher, number, value);
    return value;
}
