/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/watcher.h"

#include "sim/base/bits.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/explore/story.h"

#include <string.h>

/* ---- What it sees -----------------------------------------------------------------------------
 */

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
        watcher_see_access(watcher, &seen->access, seen->kind == OBS_CPU_STORE);
    else if (seen->kind == OBS_MMIO_READ || seen->kind == OBS_MMIO_WRITE)
        watcher_see_register(watcher, &seen->mmio, seen->kind == OBS_MMIO_WRITE);
    else if (seen->kind == OBS_DMA_OPEN || seen->kind == OBS_DMA_CAPTURE)
        watcher_see_open(watcher, seen);
    else if (seen->kind == OBS_DMA_WORD)
        watcher_see_word(watcher, &seen->dma_word);
    else if (seen->kind == OBS_DMA_CLOSE)
        watcher_see_close(watcher, &seen->dma_close);
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
