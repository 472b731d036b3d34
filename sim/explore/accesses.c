/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accesses of the CPU: what is learnt from them about sharing, and whether one is a decision.
 */
#include "sim/explore/watcher.h"

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

void watcher_stop_behind(struct watcher *watcher, guest_addr pc, guest_addr address, uint32_t flags)
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

void watcher_see_access(struct watcher *watcher, const struct obs_access *access, bool store)
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
    watcher_stop_behind(watcher, access->pc, access->address, flags);
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

void watcher_see_register(struct watcher *watcher, const struct obs_mmio *mmio, bool write)
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
    watcher_stop_behind(watcher, mmio->pc, mmio->address, flags);
}
