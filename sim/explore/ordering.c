/* SPDX-License-Identifier: Apache-2.0 */
/* The watcher's book of orders: what came before what, of the pairs that can conflict. */
#include "sim/explore/watcher.h"

/* ---- Stores and words of EasyDMA ------------------------------------------------------------- */

static void note_words(struct watcher *watcher, const struct track *track,
                       const struct obs_access *access, bool over)
{
    guest_addr end = track->window.start + track->window.size;

    for (guest_addr at = track->window.start; at < end; at = (at & ~3u) + 4) {
        uint32_t size = 4 - (at & 3);
        bool moved = over || at - track->window.start < track->moved;
        const struct order pair = {.access = access->pc,
                                   .other = track->pc,
                                   .where = (at >> 2) - (track->window.start >> 2),
                                   .kind = ORDER_WORD};

        if (ranges_overlap((struct byte_range){at, size},
                           (struct byte_range){access->address, access->size}))
            orders_note(&watcher->learned->orders, &pair,
                        moved ? ORDER_OTHER_FIRST : ORDER_ACCESS_FIRST, !over);
    }
}

static void note_track(struct watcher *watcher, const struct track *track,
                       const struct obs_access *access, bool store, bool over)
{
    if (track->transfer && (store || track->direction == DMA_WRITES_RAM))
        note_words(watcher, track, access, over);
}

/* ---- Thread and handlers --------------------------------------------------------------------- */

static void note_shared(struct watcher *watcher, const struct obs_access *access, bool store)
{
    guest_addr word = access->address & ~3u;
    struct last_use *last = &watcher->state.last[(word >> 2) % LAST_USES];
    bool thread = watcher_context(watcher) == 0;
    guest_addr other;

    if (last->word != word)
        *last = (struct last_use){.word = word};
    other = thread ? last->handler : last->thread;
    if (other && (store || last->stored >> !thread & 1)) {
        const struct order pair = {.access = thread ? access->pc : other,
                                   .other = thread ? other : access->pc,
                                   .where = word,
                                   .kind = ORDER_HANDLER};

        orders_note(&watcher->learned->orders, &pair,
                    thread ? ORDER_OTHER_FIRST : ORDER_ACCESS_FIRST, true);
    }
    if (thread)
        last->thread = access->pc;
    else
        last->handler = access->pc;
    last->stored = (last->stored & ~(thread ? 2u : 1u)) | (store ? (thread ? 2u : 1u) : 0);
}

void watcher_note_order(struct watcher *watcher, const struct obs_access *access, bool store,
                        bool shared)
{
    if (watcher->plain && !watcher->to_window) /* on the way to where exploring begins */
        return;
    for (uint32_t i = 0; i < TRACKS; i++) {
        note_track(watcher, &watcher->state.track[i], access, store, false);
        note_track(watcher, &watcher->state.past[i], access, store, true);
    }
    if (shared)
        note_shared(watcher, access, store);
}

void watcher_keep_past(struct watcher *watcher, const struct track *track)
{
    struct watch_state *state = &watcher->state;

    state->past[state->pasts++ % TRACKS] = *track;
}

/* The words of a transfer that begins are to be moved again. */
void watcher_forget_past(struct watcher *watcher, const struct track *track)
{
    for (uint32_t i = 0; i < TRACKS; i++) {
        if (ranges_overlap(watcher->state.past[i].window, track->window))
            watcher->state.past[i] = (struct track){0};
    }
}
