/* SPDX-License-Identifier: Apache-2.0 */
/* What EasyDMA works on, and how far it is to go on without delay. */
#include "sim/explore/watcher.h"

static struct track *find_track(struct watch_state *state, uint32_t transfer)
{
    for (uint32_t i = 0; i < TRACKS; i++) {
        if (state->track[i].transfer == transfer)
            return &state->track[i];
    }
    return NULL;
}

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

void watcher_see_open(struct watcher *watcher, const struct observation *seen)
{
    begin_track(watcher, &seen->dma_open);
    if (seen->kind == OBS_DMA_OPEN) {
        watcher_stop_behind(watcher, seen->dma_open.pc, seen->dma_open.window.start, ACCESS_OPENS);
    } else if (watcher->state.burst && watcher->state.through == 1) {
        watcher->state.burst = 0;
    }
}

void watcher_see_word(struct watcher *watcher, const struct obs_dma_word *word)
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

void watcher_see_close(struct watcher *watcher, const struct obs_dma_close *close)
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
