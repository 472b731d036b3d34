/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is postponed: what of it may happen at a stop, how it is made to happen, and what of it
 * makes a difference between two states.
 */
#include "sim/base/hash.h"
#include "sim/explore/watcher.h"

#include <string.h>

/* ---- What may happen ------------------------------------------------------------------------- */

static bool is_dma(const struct open_question *open)
{
    return open->point <= CHOICE_DMA_END;
}

/* When it happens unless somebody decides earlier; SIM_TIME_NEVER: it is not open any more. */
static sim_time due(const struct watcher *watcher, const struct open_question *open)
{
    sim_time recognition = cpu_recognition(machine_cpu(watcher->machine));
    const struct event *event = scheduler_event(machine_scheduler(watcher->machine), open->event);

    if (open->point == CHOICE_IRQ_ENTRY)
        return recognition ? recognition : SIM_TIME_NEVER;
    return event ? event->when : SIM_TIME_NEVER;
}

static void forget_closed(struct watcher *watcher)
{
    struct watch_state *state = &watcher->state;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < state->opens; i++) {
        if (due(watcher, &state->open[i]) == SIM_TIME_NEVER)
            continue;
        state->open[kept++] = state->open[i];
    }
    memset(&state->open[kept], 0, (state->opens - kept) * sizeof state->open[0]);
    state->opens = kept;
}

static bool is_token(const struct open_question *open)
{
    return open->point == CHOICE_HOST_TOKEN || open->point == CHOICE_HOST_BULK;
}

/* When a token may stand from `when` on, or something else happen. */
static sim_time with_room(const struct watcher *watcher, const struct open_question *open,
                          sim_time when)
{
    sim_time last = due(watcher, open);

    if (is_token(open) && when < last)
        when = host_token_fits(machine_host(watcher->machine), when);
    return when < last ? when : last;
}

/* From now on. */
static sim_time earliest(const struct watcher *watcher, const struct open_question *open)
{
    sim_time now = machine_now(watcher->machine);
    sim_time first = open->base + open->lowest;

    return with_room(watcher, open, first > now ? first : now);
}

static uint32_t places(const struct watcher *watcher)
{
    uint32_t wanted = watcher->options->bounds.places;

    return wanted ? wanted : FRAME_PLACES;
}

/* So many places of a frame later: what has no room in its frame behind the one may have it behind
 * the other. */
static sim_time shifted(const struct watcher *watcher, const struct open_question *open,
                        uint32_t place)
{
    return with_room(watcher, open,
                     earliest(watcher, open) + place * CYCLES_PER_MS / places(watcher));
}

/* Nothing but the frame is in the way of a token at this instant. */
static bool lacks_room(const struct watcher *watcher, const struct open_question *open)
{
    sim_time now = machine_now(watcher->machine);

    return is_token(open) && now >= open->base + open->lowest && earliest(watcher, open) > now;
}

/* May it happen at this instant; asleep, at its earliest? */
static bool is_ready(const struct watcher *watcher, const struct open_question *open)
{
    return watcher->asleep || earliest(watcher, open) == machine_now(watcher->machine);
}

sim_time watcher_next_ready(const struct watcher *watcher)
{
    sim_time now = machine_now(watcher->machine);
    sim_time next = SIM_TIME_NEVER;

    for (uint32_t i = 0; i < watcher->state.opens; i++) {
        sim_time ready = watcher->state.open[i].base + watcher->state.open[i].lowest;

        if (ready > now && ready < next)
            next = ready;
    }
    return next;
}

void watcher_ready(struct watcher *watcher)
{
    watcher->access = ACCESS_NONE;
    watcher->access_pc = machine_trace(watcher->machine)->state.pc;
    watcher->asleep = false;
}

static void add(struct walk *walk, enum branch_kind kind, uint16_t instance, guest_addr through)
{
    if (walk->branches < BRANCHES_MAX)
        walk->branch[walk->branches++] =
            (struct branch){.kind = (uint16_t)kind, .instance = instance, .through = through};
}

/* EasyDMA may go on through any word that the CPU uses as well, or to its end. */
static void add_dma(struct watcher *watcher, const struct open_question *open, struct walk *walk)
{
    const struct track *track = &watcher->state.track[open->track];
    guest_addr start = track->window.start;
    guest_addr end = start + track->window.size;
    uint32_t ending = ACCESS_OPENS | ACCESS_USBD | ACCESS_SHARED | ACCESS_CONTENDED;

    if (!watcher->asleep && open->point == CHOICE_DMA_CAPTURE &&
        watcher->access & (ACCESS_OPENS | ACCESS_DESCRIPTOR))
        add(walk, BRANCH_DMA, open->instance, 1);
    if (!watcher->asleep && !(watcher->access & ending))
        return;
    for (guest_addr word = (start + track->moved) & ~3u; track->transfer && word < end; word += 4) {
        if (!sharing_is_contended(watcher->known, word))
            continue;
        if (walk->branches + 3 < BRANCHES_MAX)
            add(walk, BRANCH_DMA, open->instance, word >= start ? word : start);
        else
            watcher->lost++;
    }
    add(walk, BRANCH_DMA, open->instance, 0);
}

static void add_branches_of(struct watcher *watcher, const struct open_question *open,
                            struct walk *walk)
{
    uint32_t host = ACCESS_OPENS | ACCESS_USBD | ACCESS_SHARED | ACCESS_NONE;

    if (!watcher->asleep && watcher->access & host && lacks_room(watcher, open))
        sharing_note_full_frame(watcher->learned);
    if (!is_ready(watcher, open))
        return;
    if (is_dma(open))
        add_dma(watcher, open, walk);
    else if (open->point == CHOICE_IRQ_ENTRY &&
             (watcher->asleep || watcher->access & ACCESS_SHARED))
        add(walk, BRANCH_INTERRUPT, open->instance, 0);
    else if (open->point != CHOICE_IRQ_ENTRY && (watcher->asleep || watcher->access & host))
        add(walk, BRANCH_HOST, HOST_NOW, 0);
}

/* The firmware waits for the token, and for nothing else: where in its frame it stands decides what
 * has room behind what follows. */
static void add_shifted(const struct watcher *watcher, struct walk *walk)
{
    const struct open_question *open = &watcher->state.open[0];

    if (!watcher->known->full_frame || watcher->state.opens != 1 || !is_token(open) ||
        (!watcher->asleep && !(watcher->access & ACCESS_WAITS && is_ready(watcher, open))))
        return;
    for (uint32_t place = 1; place < places(watcher); place++)
        add(walk, BRANCH_HOST, (uint16_t)place, 0);
}

static bool may_preempt(const struct watcher *watcher)
{
    const struct walk_bounds *bounds = &watcher->options->bounds;

    return watcher->asleep || !bounds->bounded || watcher->state.preemptions < bounds->preemptions;
}

void watcher_branches(struct watcher *watcher, struct walk *walk)
{
    forget_closed(watcher);
    walk->branches = 0;
    if (!watcher->asleep)
        add(walk, BRANCH_WAIT, 0, 0);
    for (uint32_t i = 0; i < watcher->state.opens && may_preempt(watcher); i++)
        add_branches_of(watcher, &watcher->state.open[i], walk);
    add_shifted(watcher, walk);
}

/* ---- Making it happen ------------------------------------------------------------------------ */

static bool belongs(const struct open_question *open, const struct branch *branch)
{
    if (branch->kind == BRANCH_DMA)
        return is_dma(open) && open->instance == branch->instance;
    if (branch->kind == BRANCH_INTERRUPT)
        return open->point == CHOICE_IRQ_ENTRY;
    return !is_dma(open) && open->point != CHOICE_IRQ_ENTRY;
}

static struct open_question *find_open(struct watch_state *state, const struct branch *branch)
{
    for (uint32_t i = 0; i < state->opens; i++) {
        if (belongs(&state->open[i], branch))
            return &state->open[i];
    }
    return NULL;
}

/* Steps that come one behind the other, each at any of `instants` instants: in how many ways? */
static double ways(double instants, uint32_t steps)
{
    double count = 1;

    for (uint32_t i = 0; i < steps; i++)
        count = count * (instants + i) / (1.0 + i);
    return count;
}

void watcher_count(struct watcher *watcher)
{
    sim_time now = machine_now(watcher->machine);
    sim_time end = now <= watcher->taken.latest ? now : watcher->taken.latest + 1;
    double instants = end > watcher->taken.from ? (double)(end - watcher->taken.from) : 1;

    if (watcher->taken.steps && !watcher->taken.asleep)
        watcher->raw *= ways(instants, watcher->taken.steps);
    watcher->taken.steps = 0;
}

/* The CPU sleeps through all instants that are allowed. */
static void count_asleep(struct watcher *watcher)
{
    watcher->raw *= (double)(watcher->taken.latest - watcher->taken.from + 1);
}

static void begin_to_count(struct watcher *watcher, const struct open_question *open, sim_time when)
{
    watcher->taken.from = when;
    watcher->taken.latest = due(watcher, open);
    watcher->taken.steps = 1;
    watcher->taken.asleep = watcher->asleep;
    watcher->taken.window =
        is_dma(open) ? watcher->state.track[open->track].window : (struct byte_range){0};
    if (watcher->asleep)
        count_asleep(watcher);
}

static void bring_forward(struct watcher *watcher, struct open_question *open, sim_time when)
{
    struct choice_answer answer = {open->number, (uint32_t)(when - open->base)};

    if (when == due(watcher, open)) /* as it is scheduled */
        return;
    if (open->point == CHOICE_IRQ_ENTRY)
        cpu_recognise(machine_cpu(watcher->machine));
    else
        scheduler_advance(machine_scheduler(watcher->machine), open->event, when);
    if (watcher->answers < LOG_MAX)
        watcher->answer[watcher->answers++] = answer;
    else
        watcher->overflow = 1;
}

void watcher_take(struct watcher *watcher, const struct branch *branch)
{
    struct watch_state *state = &watcher->state;
    struct open_question *open = branch->kind == BRANCH_WAIT ? NULL : find_open(state, branch);

    watcher_count(watcher);
    if (open) {
        uint32_t place = branch->kind == BRANCH_HOST ? branch->instance : HOST_NOW;
        sim_time when = place ? shifted(watcher, open, place) : earliest(watcher, open);

        if (is_token(open) && (place || watcher->asleep))
            state->shifted = place;
        if (!watcher->asleep && !place && watcher->options->bounds.bounded)
            state->preemptions++;
        begin_to_count(watcher, open, when);
        if (is_dma(open)) {
            state->burst = open->track + 1;
            state->through = branch->through;
            state->latest = open->track;
        }
        watcher->committed = watcher->asleep ? open->event + 1 : 0;
        bring_forward(watcher, open, when);
        memset(state->visit, 0, sizeof state->visit);
    }
    watcher->resumed = watcher->asleep;
    watcher->asleep = false;
    watcher->access = 0;
    watcher->access_pc = 0;
}

/* ---- What makes a difference ----------------------------------------------------------------- */

uint64_t watcher_hash(const struct watcher *watcher)
{
    const struct watch_state *state = &watcher->state;
    uint64_t parts[] = {state->wire,    state->data,       state->packet,     state->set_up,
                        state->request, state->differs,    state->deviations, state->transfers,
                        state->shifted, state->preemptions};
    uint64_t hash = hash_bytes(HASH_SEED, parts, sizeof parts);

    for (uint32_t i = 0; i < state->opens; i++) {
        const struct open_question *open = &state->open[i];
        bool early = machine_now(watcher->machine) < open->base + open->lowest;
        uint32_t what[2] = {(uint32_t)open->point << 16 | open->instance,
                            early                       ? 1
                            : lacks_room(watcher, open) ? 2
                                                        : 0};

        hash += hash_bytes(HASH_SEED, what, sizeof what);
    }
    return hash;
}

static uint32_t until(const struct watcher *watcher, sim_time when)
{
    sim_time now = machine_now(watcher->machine);

    if (when <= now)
        return 0;
    return when - now > UINT32_MAX ? UINT32_MAX : (uint32_t)(when - now);
}

struct slack watcher_slack(const struct watcher *watcher)
{
    struct slack slack = {0};

    for (uint32_t i = 0; i < watcher->state.opens; i++) {
        const struct open_question *open = &watcher->state.open[i];
        uint32_t wait = until(watcher, due(watcher, open));

        if (is_dma(open)) {
            slack.dma = wait;
        } else if (open->point == CHOICE_IRQ_ENTRY) {
            slack.interrupt = wait;
        } else {
            slack.host = wait;
            slack.unready = until(watcher, open->base + open->lowest);
        }
    }
    return slack;
}
