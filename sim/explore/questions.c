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

enum {
    USBD_EXCEPTION = 16 + 39,
    RARITY = 32, /* questions for one that is answered otherwise by chance */
};

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
    if (in_burst(&watcher->state)) {
        if (watcher->taken.asleep)
            watcher->raw *= choice->highest - choice->lowest + 1;
        watcher->taken.steps++;
        return choice->lowest;
    }
    return postpone(watcher, number, choice, machine_now(watcher->machine), choice->highest);
}

/* What could be answered otherwise is another step, or, by chance, is answered so at once: in one
 * case of RARITY. `usual` is what is answered in this step. */
static uint32_t answer_or(struct watcher *watcher, uint32_t usual, const struct retro *other)
{
    uint32_t which;

    if (!other->others)
        return usual;
    if (watcher->by_chance) {
        which = rng_between(&watcher->chance, 0, RETRO_VALUES * RARITY - 1);
        return which < RETRO_VALUES && other->others >> which & 1 ? other->value[which] : usual;
    }
    if (watcher->forced_count && other->number < watcher->forced[watcher->forced_count - 1].number)
        return usual; /* the step without those forced has noted it already */
    if (watcher->retros < RETRO_MAX)
        watcher->retro[watcher->retros++] = *other;
    else
        watcher->lost++;
    return usual;
}

static bool may_deviate(const struct watcher *watcher)
{
    return watcher->state.deviations < watcher->options->bounds.deviations;
}

/* Something that is not usual, within the bound on such things. */
static uint32_t deviate_or(struct watcher *watcher, uint32_t usual, const struct retro *other)
{
    uint32_t value = may_deviate(watcher) ? answer_or(watcher, usual, other) : usual;

    watcher->state.deviations += value != usual;
    return value;
}

static uint32_t answer_turn(struct watcher *watcher, uint32_t number, const struct choice *choice)
{
    struct retro other = {.number = number, .others = choice->instance & ~bit32(TURN_USUAL)};

    _Static_assert((unsigned)TURNS <= RETRO_VALUES, "one bit each");
    for (uint32_t turn = 0; turn < TURNS; turn++)
        other.value[turn] = turn;
    return deviate_or(watcher, TURN_USUAL, &other);
}

/* As fast, or as slow, as is allowed. */
static uint32_t answer_delay(struct watcher *watcher, uint32_t number, uint32_t usual,
                             const struct choice *choice)
{
    struct retro other = {.number = number, .value = {choice->lowest, choice->highest}};

    other.others = (usual != choice->lowest ? 1u : 0u) | (usual != choice->highest ? 2u : 0u);
    return deviate_or(watcher, usual, &other);
}

static uint32_t answer_host(struct watcher *watcher, uint32_t number, const struct choice *choice)
{
    sim_time base;

    if (watcher->options->bounds.host_waits)
        return choice->typical;
    if (host_streams(machine_host(watcher->machine))) /* two sides at once: see answer_delay */
        return answer_delay(watcher, number, choice->typical, choice);
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
    watcher->access |= ACCESS_SHARED; /* it is possible before the next access as well */
    watcher->access_pc = machine_trace(watcher->machine)->state.pc;
    machine_request_stop(watcher->machine);
    return postpone(watcher, number, choice, machine_now(watcher->machine), latest);
}

/* All but the first; of very many the first ones. */
static uint32_t answer_tie(struct watcher *watcher, uint32_t number, const struct choice *choice)
{
    struct retro other = {.number = number};

    if (!watcher->options->bounds.ties)
        return 0;
    for (uint32_t i = 1; i < choice->instance && i < RETRO_VALUES; i++) {
        other.value[i] = i;
        other.others |= bit32(i);
    }
    watcher->lost += choice->instance > RETRO_VALUES;
    return answer_or(watcher, 0, &other);
}

/* That is what --store-buffer asks for. */
static uint32_t answer_store(struct watcher *watcher, uint32_t number)
{
    const struct retro other = {.number = number, .others = bit32(1), .value = {[1] = 1}};

    return answer_or(watcher, 0, &other);
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
    case CHOICE_USBD_READY:
    case CHOICE_USBD_SHUTDOWN:
    case CHOICE_HFXO_START:
    case CHOICE_LFXO_START:
    case CHOICE_USBREG_READY:
        return answer_delay(watcher, number, chooser_follow(chooser, choice), choice);
    case CHOICE_STORE_ARRIVES:
        return answer_store(watcher, number);
    default: /* what no exploration moves */
        break;
    }
    return chooser_follow(chooser, choice);
}

/* Is this answer to a question of answer_turn or answer_delay another one than usual? */
static bool deviates(const struct watcher *watcher, const struct choice *choice, uint32_t value)
{
    switch ((unsigned)choice->point) {
    case CHOICE_HOST_TURN:
        return value != TURN_USUAL;
    case CHOICE_HOST_TOKEN:
    case CHOICE_HOST_BULK:
        return host_streams(machine_host(watcher->machine)) && value != choice->typical;
    case CHOICE_USBD_READY:
    case CHOICE_USBD_SHUTDOWN:
    case CHOICE_HFXO_START:
    case CHOICE_LFXO_START:
    case CHOICE_USBREG_READY:
        return value != choice->typical;
    default:
        return false;
    }
}

/* An answer that was meant for a question of another kind, and is none that would be explored. */
static bool is_beyond_bounds(const struct watcher *watcher, const struct choice *choice,
                             uint32_t value)
{
    const struct walk_bounds *bounds = &watcher->options->bounds;

    if (choice->point == CHOICE_EVENT_TIE)
        return value && !bounds->ties;
    return watcher->state.deviations > bounds->deviations;
}

uint32_t watcher_answer(void *owner, struct chooser *chooser, const struct choice *choice)
{
    struct watcher *watcher = owner;
    uint32_t number = (uint32_t)chooser->state.asked;
    const struct choice_answer *forced =
        answer_find(watcher->forced, watcher->forced_count, number);
    uint32_t value;

    if (forced) {
        value = answer_within(forced->value, choice);
        watcher->state.deviations += deviates(watcher, choice, value);
        watcher->strayed += is_beyond_bounds(watcher, choice, value);
        if (watcher->to_window)
            watcher->usual[forced - watcher->forced] = choice->typical;
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
