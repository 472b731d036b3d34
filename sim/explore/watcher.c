/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/watcher.h"

#include "sim/base/bits.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/explore/story.h"

#include <assert.h>
#include <string.h>

/* Registers that events of host and EasyDMA change, or that change what events do. */
enum {
    USBD_START = 0x40027000,
    USBD_SIZE = 0x1000,
    USBD_EPSTATUS_OFFSET = 0x468,
    USBD_STARTED_OFFSET = 0x104,
    USBD_DESCRIPTORS = 0x600, /* EPIN[0].PTR and all behind it */
    USBD_LATCH = 0xc1c,       /* of erratum 199: acts on tasks alone */
    SCS_SIZE = 0x1000,
    OWN_FRAME_REACH = 512, /* below SP: a push has stored before SP moves */
};

static const guest_addr scs_start = 0xe000e000;

/* ---- Learning and stopping ------------------------------------------------------------------- */

static unsigned context_of(const struct watcher *watcher)
{
    uint32_t contexts = watcher->state.contexts;

    return contexts ? watcher->state.context[contexts - 1].exception : 0;
}

unsigned watcher_context(const struct watcher *watcher)
{
    return context_of(watcher);
}

bool watcher_shares(const struct watcher *watcher, const struct obs_access *access, bool store)
{
    struct byte_range range = {access->address, access->size};

    return sharing_conflicts_in_ram(watcher->known, context_of(watcher), range, store);
}

static guest_addr stack_begin(const struct watcher *watcher)
{
    uint32_t contexts = watcher->state.contexts;

    return contexts ? watcher->state.context[contexts - 1].stack : watcher->stack_top;
}

/* Within the frames of the functions that execute in this context. */
static bool is_own_stack(const struct watcher *watcher, guest_addr address)
{
    guest_addr sp = cpu_get(machine_cpu(watcher->machine), CPU_SP);

    return address < stack_begin(watcher) && address + OWN_FRAME_REACH > sp;
}

static struct track *find_track(struct watch_state *state, uint32_t transfer)
{
    for (uint32_t i = 0; i < TRACKS; i++) {
        if (state->track[i].transfer == transfer)
            return &state->track[i];
    }
    return NULL;
}

/* Has EasyDMA still to move bytes of `range`, in a way that an access notices? */
static bool is_contended(const struct watcher *watcher, struct byte_range range, bool store)
{
    for (uint32_t i = 0; i < TRACKS; i++) {
        const struct track *track = &watcher->state.track[i];

        if (track->transfer && (store || track->direction == DMA_WRITES_RAM) &&
            ranges_overlap(track->window, range))
            return true;
    }
    return false;
}

/* Decisions at one instruction and address are numbered while nothing happens: a loop is not
 * followed for ever, but one that goes through a buffer is not waiting. */
static bool is_visited_enough(struct watcher *watcher, guest_addr pc, guest_addr address)
{
    guest_addr place = pc + 0x9e3779b1u * address;
    uint32_t slot = (place >> 1) % VISITS;

    if (watcher->state.visit[slot].pc != place) {
        watcher->state.visit[slot].pc = place;
        watcher->state.visit[slot].count = 0;
    }
    if (watcher->state.visit[slot].count >= watcher->options->bounds.rounds)
        return true;
    if (++watcher->state.visit[slot].count == watcher->options->bounds.rounds &&
        watcher->options->bounds.rounds > 1)
        watcher->access |= ACCESS_WAITS;
    return false;
}

static void stop_behind(struct watcher *watcher, guest_addr pc, guest_addr address, uint32_t flags)
{
    bool first = watcher->access_pc != pc || !watcher->access;

    if (watcher->plain || !flags || (!watcher->state.opens && flags != ACCESS_OPENS))
        return;
    if (first && is_visited_enough(watcher, pc, address))
        return;
    watcher->access |= flags;
    watcher->access_pc = pc;
    machine_request_stop(watcher->machine);
}

/* What was taken has to come before this access, to be what it is. */
static void end_interval(struct watcher *watcher)
{
    sim_time now = machine_now(watcher->machine);

    if (watcher->taken.steps && watcher->taken.window.size && now <= watcher->taken.latest)
        watcher->taken.latest = now > watcher->taken.from ? now - 1 : now;
}

static void see_access(struct watcher *watcher, const struct obs_access *access, bool store)
{
    struct byte_range range = {access->address, access->size};
    unsigned context = context_of(watcher);
    uint32_t flags = 0;

    if (access->actor == ACTOR_STACKING || is_own_stack(watcher, access->address)) {
        if (store && access->address < watcher->stack_top)
            sharing_note_stack(watcher->learned, access->address & ~3u);
        if (access->actor == ACTOR_STACKING)
            return;
    } else if (watcher->state.armed) {
        sharing_note_ram(watcher->learned, context, range, store);
    }
    if (is_contended(watcher, range, store)) {
        sharing_note_contended(watcher->learned, range);
        flags |= ACCESS_CONTENDED;
    }
    if (sharing_conflicts_in_ram(watcher->known, context, range, store))
        flags |= ACCESS_SHARED;
    if (ranges_overlap(watcher->taken.window, range))
        end_interval(watcher);
    watcher_note_order(watcher, access, store, flags & ACCESS_SHARED);
    stop_behind(watcher, access->pc, access->address, flags);
}

static uint32_t flags_of_register(guest_addr address)
{
    uint32_t offset = address - USBD_START;

    if (address - scs_start < SCS_SIZE)
        return ACCESS_USBD | ACCESS_SHARED;
    if (offset >= USBD_SIZE || offset == USBD_LATCH)
        return 0;
    if (offset >= USBD_DESCRIPTORS && offset < USBD_DESCRIPTORS + 0x200)
        return ACCESS_DESCRIPTOR;
    if (offset == USBD_STARTED_OFFSET || offset == USBD_EPSTATUS_OFFSET)
        return ACCESS_DESCRIPTOR | ACCESS_USBD;
    return ACCESS_USBD;
}

/* The first write to an enable register of NVIC or to SysTick's control: until then no interrupt
 * can come, and what start-up code clears is shared with nobody. */
static bool arms(guest_addr address)
{
    return address == scs_start + 0x10 || address - (scs_start + 0x100) < 0x40;
}

/* A task or an event of a block changes its other registers, and what interrupts: the whole block
 * is one more register of which a write to any of it is a write. */
static guest_addr block_of(guest_addr address)
{
    return (address & ~0xfffu) | 0xffc;
}

static void see_register(struct watcher *watcher, const struct obs_mmio *mmio, bool write)
{
    unsigned context = context_of(watcher);
    uint32_t flags = flags_of_register(mmio->address);

    if (flags)
        end_interval(watcher);
    watcher->state.armed |= write && arms(mmio->address);
    if (watcher->state.armed) {
        sharing_note_register(watcher->learned, context, mmio->address, write);
        sharing_note_register(watcher->learned, context, block_of(mmio->address), write);
    }
    if (sharing_conflicts_in_register(watcher->known, context, mmio->address, write) ||
        sharing_conflicts_in_register(watcher->known, context, block_of(mmio->address), write))
        flags |= ACCESS_SHARED;
    stop_behind(watcher, mmio->pc, mmio->address, flags);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void begin_track(struct watcher *watcher, const struct obs_dma_open *open)
{
    struct watch_state *state = &watcher->state;
    struct track *track = find_track(state, open->transfer);

    if (!track)
        track = find_track(state, 0);
    if (!track) /* none is free: the oldest is over */
        track = &state->track[open->transfer % TRACKS];
    *track = (struct track){.transfer = open->transfer,
                            .direction = open->direction,
                            .window = open->window,
                            .pc = open->pc};
    watcher_forget_past(watcher, track);
    state->latest = (uint32_t)(track - state->track);
}

static void see_open(struct watcher *watcher, const struct observation *seen)
{
    begin_track(watcher, &seen->dma_open);
    if (seen->kind == OBS_DMA_OPEN) {
        stop_behind(watcher, seen->dma_open.pc, seen->dma_open.window.start, ACCESS_OPENS);
    } else if (watcher->state.burst && watcher->state.through == 1) {
        watcher->state.burst = 0;
    }
}

static void see_word(struct watcher *watcher, const struct obs_dma_word *word)
{
    struct watch_state *state = &watcher->state;
    struct track *track = find_track(state, word->transfer);

    if (!track)
        return;
    track->moved += word->size;
    state->latest = (uint32_t)(track - state->track);
    if (state->burst && state->through > 1 && word->address + word->size > state->through)
        state->burst = 0;
}

static void see_close(struct watcher *watcher, const struct obs_dma_close *close)
{
    struct watch_state *state = &watcher->state;
    struct track *track = find_track(state, close->transfer);

    if (!track)
        return;
    if (state->burst && state->burst - 1 == (uint32_t)(track - state->track))
        state->burst = 0;
    watcher_keep_past(watcher, track);
    *track = (struct track){0};
}

/* ---- Everything else ------------------------------------------------------------------------- */

static void enter_context(struct watcher *watcher, const struct obs_exception *exception)
{
    struct watch_state *state = &watcher->state;

    if (state->contexts == CONTEXTS_MAX)
        return;
    state->context[state->contexts].exception = exception->number % SHARING_CONTEXTS;
    state->context[state->contexts++].stack = cpu_get(machine_cpu(watcher->machine), CPU_SP);
}

static void leave_contexts(struct watcher *watcher, unsigned to)
{
    struct watch_state *state = &watcher->state;

    while (state->contexts && state->context[state->contexts - 1].exception != to) {
        state->contexts--;
        memset(&state->context[state->contexts], 0, sizeof state->context[0]);
    }
}

static void see_window(struct watcher *watcher, uint32_t tag, bool returns)
{
    if (tag == WATCH_FROM && !returns) {
        watcher->entries++;
        if (watcher->plain && !watcher->to_window)
            machine_request_stop(watcher->machine);
    }
    if (tag == WATCH_TO && returns == watcher->options->to_returns &&
        (!watcher->plain || watcher->to_window)) {
        watcher->window_over = true;
        machine_request_stop(watcher->machine);
    }
}

/* It was decided what ends the sleep, and that has not happened yet. */
static bool is_committed(const struct watcher *watcher)
{
    return watcher->committed &&
           scheduler_event(machine_scheduler(watcher->machine), watcher->committed - 1) != NULL;
}

/* The CPU would sleep until the next event: which one that is has to be decided. */
static void see_sleep(struct watcher *watcher)
{
    bool decided = watcher->resumed;

    watcher->resumed = false;
    if (watcher->plain || decided || !watcher->state.opens || is_committed(watcher))
        return;
    watcher->asleep = true;
    machine_request_stop(watcher->machine);
}

static void see(void *owner, const struct observation *seen)
{
    struct watcher *watcher = owner;

    if (seen->kind == OBS_CPU_STORE || seen->kind == OBS_CPU_LOAD)
        see_access(watcher, &seen->access, seen->kind == OBS_CPU_STORE);
    else if (seen->kind == OBS_MMIO_READ || seen->kind == OBS_MMIO_WRITE)
        see_register(watcher, &seen->mmio, seen->kind == OBS_MMIO_WRITE);
    else if (seen->kind == OBS_DMA_OPEN || seen->kind == OBS_DMA_CAPTURE)
        see_open(watcher, seen);
    else if (seen->kind == OBS_DMA_WORD)
        see_word(watcher, &seen->dma_word);
    else if (seen->kind == OBS_DMA_CLOSE)
        see_close(watcher, &seen->dma_close);
    else if (seen->kind == OBS_IRQ_ENTER)
        enter_context(watcher, &seen->exception);
    else if (seen->kind == OBS_IRQ_EXIT)
        leave_contexts(watcher, seen->exception.from);
    else if (seen->kind == OBS_CALL || seen->kind == OBS_RETURN)
        see_window(watcher, seen->call.tag, seen->kind == OBS_RETURN);
    else if (seen->kind == OBS_SLEEP)
        see_sleep(watcher);
    else if (seen->kind == OBS_USB_PACKET)
        watcher_see_packet(watcher, &seen->usb_packet);
    else if (seen->kind == OBS_HOST)
        watcher_see_host(watcher, &seen->host);
    else if (seen->kind == OBS_USB_BUS) /* what was under way is over */
        watcher->state.under_way = 0;
    if (watcher->story)
        story_see(watcher->story, watcher, seen);
}

/* ---- Set-up ---------------------------------------------------------------------------------- */

static guest_addr initial_stack(struct machine *machine)
{
    uint8_t bytes[4] = {0};

    (void)memory_peek(machine_memory(machine), FLASH_BASE, bytes, sizeof bytes);
    return load_le32(bytes);
}

void watcher_attach(struct watcher *watcher, struct machine *machine,
                    const struct walker_options *options, const struct sharing *known,
                    struct sharing *learned)
{
    struct chooser *chooser = machine_chooser(machine);
    struct trace *trace = machine_trace(machine);
    uint32_t calls = options->from || options->to ? TRACE_KIND(CALL) | TRACE_KIND(RETURN) : 0u;

    watcher->machine = machine;
    watcher->options = options;
    watcher->known = known;
    watcher->learned = learned;
    watcher->reference = heap_allocate(1, sizeof *watcher->reference);
    watcher->answer = heap_allocate(LOG_MAX, sizeof *watcher->answer);
    watcher->stack_top = initial_stack(machine);
    state_register(machine_state(machine), "explore", &watcher->state, sizeof watcher->state);
    trace_subscribe(trace,
                    TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD) | TRACE_KIND(MMIO_READ) |
                        TRACE_KIND(MMIO_WRITE) | TRACE_KIND(DMA_OPEN) | TRACE_KIND(DMA_CAPTURE) |
                        TRACE_KIND(DMA_WORD) | TRACE_KIND(DMA_CLOSE) | TRACE_KIND(IRQ_ENTER) |
                        TRACE_KIND(IRQ_EXIT) | TRACE_KIND(SLEEP) | TRACE_KIND(USB_PACKET) |
                        TRACE_KIND(HOST) | TRACE_KIND(USB_BUS) | TRACE_KIND(FAULT) | calls,
                    see, watcher);
    chooser->oracle = watcher_answer;
    chooser->oracle_owner = watcher;
    timing_ask_ties(chooser, machine_scheduler(machine));
}

void watcher_release(struct watcher *watcher)
{
    heap_release(watcher->reference);
    heap_release(watcher->answer);
    heap_release(watcher->usual);
}

void watcher_power_on(struct watcher *watcher)
{
    memset(&watcher->state, 0, sizeof watcher->state);
    watcher->state.wire = HASH_SEED;
    watcher->state.data = HASH_SEED;
    watcher->entries = 0;
    trace_watch(machine_trace(watcher->machine), (struct byte_range){RAM_BASE, RAM_SIZE},
                WATCH_STORES | WATCH_LOADS);
}

void watcher_begin(struct watcher *watcher, const struct choice_answer *forced, unsigned count)
{
    watcher->forced = forced;
    watcher->forced_count = count;
    watcher->answers = 0;
    watcher->overflow = 0;
    watcher->retros = 0;
    watcher->lost = 0;
    watcher->strayed = 0;
    watcher->raw = 1;
    watcher->taken.steps = 0;
    watcher->access = 0;
    watcher->access_pc = 0;
    watcher->asleep = cpu_is_asleep(machine_cpu(watcher->machine));
    watcher->resumed = false;
    watcher->committed = 0;
    watcher->window_over = false;
}

void watcher_restored(struct watcher *watcher)
{
    watcher->plain = false;
}

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
        if (sharing_is_contended(watcher->known, word) && walk->branches + 3 < BRANCHES_MAX)
            add(walk, BRANCH_DMA, open->instance, word >= start ? word : start);
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
    state->decided = machine_now(watcher->machine);
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
