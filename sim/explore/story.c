/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/story.h"

#include "sim/base/heap.h"

#include "sim/usb/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a line is worth; those near the end of the story are worth a little more than others. */
enum {
    WORTH_END = 1000,
    WORTH_OTHERWISE = 800,
    WORTH_GUILTY = 700,
    WORTH_PREEMPTION = 600,
    WORTH_SHARED = 500,
    WORTH_START = 400,
    WORTH_DONE = 300,
    WORTH_REQUEST = 200,
    WORTH_WORD = 150,
    WORTH_OTHER = 100,
};

void story_begin(struct story *story, guest_addr guilty)
{
    *story = (struct story){.guilty = guilty};
}

void story_release(struct story *story)
{
    heap_release(story->line);
    *story = (struct story){0};
}

static struct story_line *add(struct story *story, sim_time when, enum story_kind kind,
                              uint32_t weight)
{
    if (story->count == story->room) {
        story->room = story->room ? 2 * story->room : 256;
        story->line = heap_resize(story->line, story->room * sizeof *story->line);
    }
    story->line[story->count] = (struct story_line){
        .when = when, .kind = kind, .weight = weight, .order = (uint32_t)story->count};
    return &story->line[story->count++];
}

/* ---- What is seen ---------------------------------------------------------------------------- */

/* Has EasyDMA moved the byte already? */
static void relate(struct story_line *line, const struct watcher *watcher)
{
    for (uint32_t i = 0; i < TRACKS; i++) {
        const struct track *track = &watcher->state.track[i];
        uint32_t offset = line->address - track->window.start;

        if (!track->transfer || offset >= track->window.size)
            continue;
        line->relation = offset < track->moved ? RELATION_AFTER : RELATION_BEFORE;
        line->reads = track->direction == DMA_READS_RAM;
        return;
    }
}

static void see_fault(struct story *story, const struct observation *seen)
{
    const struct obs_fault *fault = &seen->fault;
    struct story_line *line = add(story, seen->when, STORY_FAULT, WORTH_OTHERWISE);

    line->pc = fault->pc;
    line->number = fault->exception;
    (void)snprintf(line->text, sizeof line->text, "%s", fault->cause ? fault->cause : "");
    if (story->fault)
        return;
    story->fault = fault->pc;
    story->exception = fault->exception;
    memcpy(story->reason, line->text, sizeof story->reason);
}

static void see_access(struct story *story, const struct watcher *watcher,
                       const struct observation *seen)
{
    bool store = seen->kind == OBS_CPU_STORE;
    bool guilty = seen->access.pc == story->guilty;
    struct story_line *line;

    if (seen->access.actor != ACTOR_INSTRUCTION ||
        (!guilty && !watcher_shares(watcher, &seen->access, store)))
        return;
    line = add(story, seen->when, store ? STORY_STORE : STORY_LOAD,
               guilty ? WORTH_GUILTY : WORTH_OTHER);
    line->pc = seen->access.pc;
    line->address = seen->access.address;
    line->value = (uint32_t)seen->access.after;
    line->usual = (uint32_t)seen->access.before;
    line->context = watcher_context(watcher);
    line->caller = guilty ? cpu_get(machine_cpu(watcher->machine), CPU_LR) & ~1u : 0;
    relate(line, watcher);
    if (story->interrupted) /* the first behind an interrupt, on either side of it */
        line->weight = guilty ? WORTH_GUILTY : WORTH_SHARED;
    story->interrupted = false;
    story->shared = story->count;
}

/* The access before an interrupt is what it may have come too early for. */
static void see_interrupt(struct story *story, const struct watcher *watcher,
                          const struct observation *seen)
{
    bool enters = seen->kind == OBS_IRQ_ENTER;
    struct story_line *line;

    if (enters && story->shared && story->line[story->shared - 1].weight == WORTH_OTHER)
        story->line[story->shared - 1].weight = WORTH_SHARED;
    line = add(story, seen->when, enters ? STORY_INTERRUPT : STORY_RETURN,
               enters && story->shared ? WORTH_PREEMPTION : WORTH_OTHER);
    line->number = seen->exception.number;
    line->context = seen->exception.from;
    line->pc = watcher->machine ? machine_trace(watcher->machine)->state.pc : 0;
    if (enters)
        story->preempts = story->shared != 0;
    story->interrupted = story->preempts;
}

static void see_transfer(struct story *story, const struct observation *seen)
{
    struct story_line *line = NULL;

    if (seen->kind == OBS_DMA_OPEN) {
        line = add(story, seen->when, STORY_START, WORTH_START);
        line->pc = seen->dma_open.pc;
        line->address = seen->dma_open.window.start;
        line->number = seen->dma_open.transfer;
        line->value = seen->dma_open.window.size;
        line->channel = seen->dma_open.channel;
    } else if (seen->kind == OBS_DMA_WORD && story->moved != seen->dma_word.transfer) {
        line = add(story, seen->when, STORY_WORD, WORTH_WORD);
        line->address = seen->dma_word.address;
        line->number = seen->dma_word.transfer;
        line->channel = seen->dma_word.channel;
        line->value = seen->dma_word.direction;
        story->moved = seen->dma_word.transfer;
    } else if (seen->kind == OBS_DMA_CLOSE || seen->kind == OBS_DMA_OBSERVED) {
        line = add(story, seen->when, seen->kind == OBS_DMA_CLOSE ? STORY_END : STORY_OBSERVED,
                   WORTH_DONE);
        line->pc = seen->dma_close.pc;
        line->number = seen->dma_close.transfer;
        line->channel = seen->dma_close.channel;
    }
}

static void see_setup(struct story *story, const struct observation *seen)
{
    const struct obs_usb_packet *packet = &seen->usb_packet;
    struct text words = {0};
    struct story_line *line;

    if (packet->sender != USB_FROM_HOST || packet->pid != PID_DATA0 || packet->size != 8 ||
        packet->endpoint != 0 || !packet->payload)
        return;
    line = add(story, seen->when, STORY_REQUEST, WORTH_REQUEST);
    usb_request_print(&words, packet->payload);
    (void)snprintf(line->text, sizeof line->text, "%s", text_string(&words));
    text_free(&words);
}

static void see_host(struct story *story, const struct observation *seen)
{
    struct story_line *line = add(story, seen->when, STORY_HOST, WORTH_OTHER);

    line->value = seen->host.step;
    if (seen->host.step == HOST_FAILED)
        line->weight = WORTH_OTHERWISE;
    (void)snprintf(line->text, sizeof line->text, "%s", seen->host.text ? seen->host.text : "");
    if (seen->host.step == HOST_FAILED && !story->fault)
        memcpy(story->reason, line->text, sizeof story->reason);
}

void story_see(struct story *story, const struct watcher *watcher, const struct observation *seen)
{
    if (seen->kind == OBS_CPU_STORE || seen->kind == OBS_CPU_LOAD)
        see_access(story, watcher, seen);
    else if (seen->kind == OBS_IRQ_ENTER || seen->kind == OBS_IRQ_EXIT)
        see_interrupt(story, watcher, seen);
    else if (seen->kind == OBS_USB_PACKET)
        see_setup(story, seen);
    else if (seen->kind == OBS_HOST)
        see_host(story, seen);
    else if (seen->kind == OBS_FAULT)
        see_fault(story, seen);
    else if (seen->kind == OBS_SLEEP)
        story->shared = 0; /* an interrupt that ends sleep interrupts nothing */
    else
        see_transfer(story, seen);
}

void story_answer(struct story *story, const struct watcher *watcher, const struct choice *choice,
                  uint32_t value)
{
    struct story_line *line;

    if (value == choice->typical)
        return;
    line = add(story, machine_now(watcher->machine), STORY_OTHERWISE, WORTH_OTHERWISE);
    line->point = choice->point;
    line->value = value;
    line->usual = choice->typical;
    line->pc = machine_trace(watcher->machine)->state.pc;
}

/* ---- What is told ---------------------------------------------------------------------------- */

static int by_weight(const void *one, const void *two)
{
    const struct story_line *a = one;
    const struct story_line *b = two;

    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->when != b->when)
        return a->when > b->when ? -1 : 1;
    return a->order > b->order ? -1 : 1;
}

static int by_time(const void *one, const void *two)
{
    const struct story_line *a = one;
    const struct story_line *b = two;

    if (a->when != b->when)
        return a->when < b->when ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* From where on lines matter: what is usual before the first unusual answer is left out. */
static sim_time beginning(const struct story *story)
{
    sim_time last_start = 0;

    for (size_t i = 0; i < story->count; i++) {
        const struct story_line *line = &story->line[i];

        if (!line->weight)
            continue;
        if (line->kind == STORY_OTHERWISE)
            return line->when;
        if (line->kind == STORY_START || line->kind == STORY_REQUEST)
            last_start = line->when;
    }
    return last_start;
}

static void leave_out(struct story *story)
{
    sim_time from = beginning(story);

    for (size_t i = 0; i < story->count; i++) {
        struct story_line *line = &story->line[i];

        /* The transfer or request that was going on belongs to the story. */
        if (line->when < from && line->kind != STORY_START && line->kind != STORY_REQUEST)
            line->weight = 0;
        if (line->when + CYCLES_PER_MS < from)
            line->weight = 0;
    }
}

/* A loop is guilty with one of its stores: the last one told. */
static void keep_last_guilty(struct story *story)
{
    bool kept = false;

    for (size_t i = story->count; i-- > 0;) {
        struct story_line *line = &story->line[i];

        if (line->weight != WORTH_GUILTY)
            continue;
        line->weight = kept ? WORTH_OTHER : WORTH_GUILTY;
        kept = true;
    }
}

/* What the host says to the other answer belongs to the story. */
static void keep_last_words(struct story *story)
{
    for (size_t i = story->count; i-- > 0;) {
        if (story->line[i].kind != STORY_HOST || !story->line[i].weight)
            continue;
        story->line[i].weight = WORTH_OTHERWISE;
        return;
    }
}

static bool is_same_answer(const struct story_line *one, const struct story_line *other)
{
    return other->kind == STORY_OTHERWISE && other->weight && one->point == other->point &&
           one->value == other->value && one->usual == other->usual;
}

/* A host that always hurries is one line, or it would take the place of what comes of it. */
static void unite_answers(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        struct story_line *first = &story->line[i];

        if (first->kind != STORY_OTHERWISE || !first->weight)
            continue;
        for (size_t j = i + 1; j < story->count; j++) {
            if (!is_same_answer(first, &story->line[j]))
                continue;
            first->repeats++;
            story->line[j].weight = 0;
        }
    }
}

void story_conclude(struct story *story, const struct walk *walk)
{
    struct story_line *last;
    size_t left = 0;

    for (size_t i = 0; i < story->count; i++) {
        if (story->line[i].when > walk->failed)
            story->line[i].weight = 0;
    }
    leave_out(story);
    keep_last_guilty(story);
    if (walk->end == WALK_ANSWER)
        keep_last_words(story);
    unite_answers(story);
    last = add(story, walk->failed, STORY_LAST, WORTH_END);
    last->pc = walk->pc;
    last->value = walk->end;
    last->point = walk->rule;
    qsort(story->line, story->count, sizeof *story->line, by_weight);
    while (left < story->count && left < STORY_LINES && story->line[left].weight)
        left++;
    story->count = left;
    qsort(story->line, story->count, sizeof *story->line, by_time);
}
