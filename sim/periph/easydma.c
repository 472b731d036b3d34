/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EasyDMA (PS v1.7, 6.1.7).
 *
 * Deviations:
 *   1. No public document says when a word moves. The delays are choice points (DMA_CAPTURE,
 *      DMA_FIRST_WORD, DMA_NEXT_WORD, DMA_END); every answer is a machine a driver must survive.
 *   2. RAM is accessed word by word; the bytes of the first and last word that lie outside the
 *      window are left alone.
 *   3. A window that is not wholly in Data RAM reads as zeros and swallows what is written. The
 *      specification says "HardFault or RAM corruption".
 *   4. The CPU and EasyDMA never make each other wait for RAM.
 *   5. A chained channel (RADIO, CCM, AAR) that reads what another one is still writing waits for
 *      it, word by word. How silicon keeps the two apart is not documented.
 *   6. With LIST set to ArrayList, PTR moves on by MAXCNT at the end of the transfer, unless it was
 *      written since the capture. The specification does not name the instant.
 */
#include "sim/periph/easydma_parts.h"

#include "sim/base/bits.h"

#include <assert.h>
#include <string.h>

enum { LIST_ARRAY = 1, CHAIN_WAIT = 32 };

static struct easydma_transfer *transfer_of(struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return &dma->state.transfer[channel];
}

static const struct easydma_ops *ops_of(const struct easydma *dma, unsigned channel)
{
    return dma->wiring[channel].ops;
}

/* ---- A transfer, step by step ---------------------------------------------------------------- */

static void schedule(struct easydma *dma, unsigned channel, enum event_id step,
                     enum choice_point delay)
{
    dma->state.transfer[channel].moving = true;
    scheduler_add(dma->fabric->scheduler, step, (uint16_t)channel,
                  choose(dma->fabric->chooser, delay, channel), 0);
}

static struct byte_range described_window(const struct easydma *dma, unsigned channel)
{
    const struct easydma_channel *description = &dma->wiring[channel].channel;
    const struct regfile *regs = dma->wiring[channel].regs;
    guest_addr start = regfile_get(regs, description->ptr);
    uint32_t count;

    if (!description->maxcnt)
        return ops_of(dma, channel)->window(dma->wiring[channel].owner, description->index, start);
    count = regfile_get(regs, description->maxcnt) & description->count_mask;
    return (struct byte_range){start, count * description->unit};
}

static void capture(struct easydma *dma, unsigned channel);

void easydma_start(struct easydma *dma, unsigned channel, enum dma_trigger trigger)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);
    struct byte_range window = described_window(dma, channel);

    assert(!transfer->running);
    easydma_leave_behind(dma, channel, trigger, window);
    *transfer = (struct easydma_transfer){.number = ++dma->fabric->trace->state.transfers,
                                          .running = true,
                                          .trigger = (uint8_t)trigger,
                                          .channel = (uint16_t)channel,
                                          .window = window,
                                          .pc = dma->fabric->trace->state.pc,
                                          .capture_by = *dma->fabric->trace->now +
                                                        choice_highest(CHOICE_DMA_CAPTURE)};
    easydma_report_window(dma, transfer, OBS_DMA_OPEN);
    dma->state.ptr_used[channel] = true;
    if (dma->wiring[channel].channel.latched)
        capture(dma, channel);
    else
        schedule(dma, channel, EVENT_DMA_CAPTURE, CHOICE_DMA_CAPTURE);
}

/* Bytes that may move now. */
static uint32_t movable(const struct easydma *dma, unsigned channel)
{
    const struct easydma_transfer *transfer = &dma->state.transfer[channel];
    uint32_t goal = transfer->window.size;

    if (dma->wiring[channel].channel.paced && transfer->requested < goal)
        goal = transfer->requested;
    return goal - transfer->moved;
}

/* Sends what comes next on its way, if anything can come. */
static void go_on(struct easydma *dma, unsigned channel, enum choice_point delay)
{
    const struct easydma_transfer *transfer = &dma->state.transfer[channel];

    if (transfer->moved == transfer->window.size)
        schedule(dma, channel, EVENT_DMA_END, CHOICE_DMA_END);
    else if (movable(dma, channel))
        schedule(dma, channel, EVENT_DMA_WORD, delay);
}

static void capture(struct easydma *dma, unsigned channel)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);

    transfer->window = described_window(dma, channel);
    transfer->captured = true;
    transfer->moving = false;
    easydma_report_window(dma, transfer, OBS_DMA_CAPTURE);
    if (transfer->window.size && !memory_is_data_ram(transfer->window))
        easydma_report_misuse(dma, channel, MISUSE_DMA_OUTSIDE_RAM,
                              dma->wiring[channel].channel.ptr, transfer->window.start);
    if (ops_of(dma, channel)->started)
        ops_of(dma, channel)
            ->started(dma->wiring[channel].owner, dma->wiring[channel].channel.index);
    if (transfer->running && !transfer->moving) /* else the block ended it, or asked already */
        go_on(dma, channel, CHOICE_DMA_FIRST_WORD);
}

static void capture_is_due(void *owner, const struct event *event)
{
    capture(owner, event->instance);
}

void easydma_request(struct easydma *dma, unsigned channel, uint32_t bytes)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);

    assert(transfer->running && transfer->captured && dma->wiring[channel].channel.paced);
    transfer->requested += bytes;
    if (!transfer->moving && movable(dma, channel))
        schedule(dma, channel, EVENT_DMA_WORD,
                 transfer->moved ? CHOICE_DMA_NEXT_WORD : CHOICE_DMA_FIRST_WORD);
}

/* The part of the window that lies in the next word of RAM. */
static struct byte_range next_word(const struct easydma *dma, unsigned channel)
{
    const struct easydma_transfer *transfer = &dma->state.transfer[channel];
    guest_addr start = transfer->window.start + transfer->moved;
    uint32_t to_boundary = 4 - (start & 3);
    uint32_t left = movable(dma, channel);

    return (struct byte_range){.start = start, .size = left < to_boundary ? left : to_boundary};
}

/* Stores that wait and that EasyDMA is about to read over: each may have arrived by now. */
static void let_stores_arrive(struct easydma *dma, unsigned channel, struct byte_range word)
{
    struct memory *memory = dma->fabric->memory;
    uint32_t number = 0;

    while (memory_store_waits(memory, word, &number)) {
        uint32_t waiting = memory->stores.count;

        if (choose(dma->fabric->chooser, CHOICE_STORE_ARRIVES, channel))
            memory_store_arrives(memory, number);
        number += 1 - (waiting - memory->stores.count);
    }
}

static void move_word(struct easydma *dma, unsigned channel, struct byte_range word)
{
    const struct easydma_ops *ops = ops_of(dma, channel);
    unsigned index = dma->wiring[channel].channel.index;
    const struct easydma_transfer *transfer = &dma->state.transfer[channel];
    uint32_t offset = word.start - transfer->window.start;
    bool in_ram = memory_is_data_ram(transfer->window);
    uint8_t bytes[4] = {0};

    if (dma->wiring[channel].channel.direction == DMA_READS_RAM) {
        if (in_ram)
            let_stores_arrive(dma, channel, word);
        if (in_ram)
            memory_master_read(dma->fabric->memory, word.start, bytes, word.size);
        easydma_report_word(dma, transfer, word, bytes);
        ops->receive(dma->wiring[channel].owner, index, offset, bytes, word.size);
    } else {
        ops->supply(dma->wiring[channel].owner, index, offset, bytes, word.size);
        if (in_ram)
            memory_master_write(dma->fabric->memory, word.start, bytes, word.size);
        easydma_report_word(dma, transfer, word, bytes);
    }
}

bool easydma_is_awaited(const struct easydma *dma, unsigned channel, struct byte_range word)
{
    const struct easydma_channel *reader = &dma->wiring[channel].channel;

    for (unsigned i = 0; reader->chained && i < dma->count; i++) {
        const struct easydma_transfer *other = &dma->state.transfer[i];
        guest_addr next = other->window.start + other->moved;
        uint32_t left = other->window.size - other->moved;

        if (other->running && dma->wiring[i].channel.chained &&
            dma->wiring[i].regs != dma->wiring[channel].regs &&
            dma->wiring[i].channel.direction == DMA_WRITES_RAM &&
            ranges_overlap((struct byte_range){next, left}, word))
            return true;
    }
    return false;
}

static void move(void *owner, const struct event *event)
{
    struct easydma *dma = owner;
    unsigned channel = event->instance;
    struct easydma_transfer *transfer = transfer_of(dma, channel);
    struct byte_range word = next_word(dma, channel);

    if (dma->wiring[channel].channel.direction == DMA_READS_RAM &&
        easydma_is_awaited(dma, channel, word)) {
        scheduler_add(dma->fabric->scheduler, EVENT_DMA_WORD, (uint16_t)channel, CHAIN_WAIT, 0);
        return;
    }
    transfer->moved += word.size; /* first: the block may ask for more, or end the transfer */
    move_word(dma, channel, word);
    if (!transfer->running)
        return;
    transfer->moving = false;
    go_on(dma, channel, CHOICE_DMA_NEXT_WORD);
}

void easydma_resize(struct easydma *dma, unsigned channel, uint32_t size)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);

    assert(transfer->running && transfer->captured && size >= transfer->moved);
    if (transfer->window.size == size)
        return;
    transfer->window.size = size;
    easydma_report_window(dma, transfer, OBS_DMA_CAPTURE);
}

void easydma_known(struct easydma *dma, unsigned channel, uint32_t bytes)
{
    const struct easydma_transfer *transfer = transfer_of(dma, channel);

    if (transfer->captured)
        easydma_report_known(dma, transfer, bytes < transfer->moved ? bytes : transfer->moved);
}

/* ---- The end --------------------------------------------------------------------------------- */

/* The CPU gave the transfer up before it ended (easydma_release). */
static void close_released(struct easydma *dma, struct easydma_transfer *transfer)
{
    easydma_report_observed(dma, transfer, 0, transfer->released);
    *transfer = (struct easydma_transfer){0};
}

static void advance_list(struct easydma *dma, unsigned channel)
{
    const struct easydma_channel *description = &dma->wiring[channel].channel;
    struct regfile *regs = dma->wiring[channel].regs;
    struct byte_range window = dma->state.transfer[channel].window;

    if (description->list && regfile_get(regs, description->list) == LIST_ARRAY &&
        regfile_get(regs, description->ptr) == window.start)
        regfile_set(regs, description->ptr, window.start + window.size);
}

static void forget_steps(struct easydma *dma, unsigned channel)
{
    scheduler_cancel(dma->fabric->scheduler, EVENT_DMA_CAPTURE, (uint16_t)channel);
    scheduler_cancel(dma->fabric->scheduler, EVENT_DMA_WORD, (uint16_t)channel);
    scheduler_cancel(dma->fabric->scheduler, EVENT_DMA_END, (uint16_t)channel);
}

void easydma_end(struct easydma *dma, unsigned channel)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);
    const struct easydma_channel *description = &dma->wiring[channel].channel;
    uint32_t amount = transfer->moved / description->unit;

    assert(transfer->running);
    if (transfer->moving)
        forget_steps(dma, channel);
    transfer->running = false;
    transfer->moving = false;
    transfer->ended = true;
    transfer->stale = easydma_events_set(dma, channel);
    if (description->amount)
        regfile_set(dma->wiring[channel].regs, description->amount, amount);
    advance_list(dma, channel);
    easydma_report_closed(dma, transfer, DMA_ENDED);
    if (transfer->released)
        close_released(dma, transfer);
    ops_of(dma, channel)->ended(dma->wiring[channel].owner, description->index, amount);
}

static void drain(void *owner, const struct event *event)
{
    struct easydma *dma = owner;
    unsigned channel = event->instance;

    dma->state.transfer[channel].moving = false;
    if (ops_of(dma, channel)->drained)
        ops_of(dma, channel)
            ->drained(dma->wiring[channel].owner, dma->wiring[channel].channel.index);
    else
        easydma_end(dma, channel);
}

void easydma_abort(struct easydma *dma, unsigned channel)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);

    forget_steps(dma, channel);
    easydma_drop_past(dma, channel);
    /* Also one that has ended unseen: with the block's reset the window is the CPU's again. */
    if (transfer->number)
        easydma_report_closed(dma, transfer, DMA_DROPPED);
    *transfer = (struct easydma_transfer){0};
}

/* ---- What blocks ask ------------------------------------------------------------------------- */

bool easydma_running(const struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return dma->state.transfer[channel].running;
}

bool easydma_captured(const struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return dma->state.transfer[channel].running && dma->state.transfer[channel].captured;
}

struct byte_range easydma_window(const struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return dma->state.transfer[channel].window;
}

uint32_t easydma_size(const struct easydma *dma, unsigned channel)
{
    return easydma_window(dma, channel).size;
}

uint32_t easydma_outstanding(const struct easydma *dma, unsigned channel)
{
    return easydma_captured(dma, channel) ? movable(dma, channel) : 0;
}

uint32_t easydma_transfer_number(const struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return dma->state.transfer[channel].number;
}

uint32_t easydma_ended_number(const struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return dma->state.transfer[channel].ended ? dma->state.transfer[channel].number : 0;
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

void easydma_init(struct easydma *dma, struct fabric *fabric)
{
    *dma = (struct easydma){.fabric = fabric};
    state_register(fabric->state, "EasyDMA", &dma->state, sizeof dma->state);
    scheduler_handle(fabric->scheduler, EVENT_DMA_CAPTURE, capture_is_due, dma);
    scheduler_handle(fabric->scheduler, EVENT_DMA_WORD, move, dma);
    scheduler_handle(fabric->scheduler, EVENT_DMA_END, drain, dma);
}

static void reset_channel(struct easydma *dma, unsigned channel)
{
    easydma_abort(dma, channel);
    dma->state.ptr_used[channel] = false;
}

void easydma_reset(struct easydma *dma, enum reset_kind reason)
{
    (void)reason;
    for (unsigned channel = 0; channel < dma->count; channel++)
        reset_channel(dma, channel);
}

void easydma_reset_base(struct easydma *dma, guest_addr base)
{
    for (unsigned channel = 0; channel < dma->count; channel++) {
        if (dma->wiring[channel].regs->spec->base == base)
            reset_channel(dma, channel);
    }
}

unsigned easydma_add(struct easydma *dma, struct regfile *regs, struct easydma_channel channel,
                     const struct easydma_ops *ops, void *owner)
{
    assert(dma->count < EASYDMA_CHANNELS);
    assert(channel.unit && ops->ended && (channel.maxcnt || ops->window));
    assert(channel.direction == DMA_READS_RAM ? !!ops->receive : !!ops->supply);
    regs->observe = &easydma_observer;
    regs->observer = dma;
    dma->wiring[dma->count].channel = channel;
    dma->wiring[dma->count].regs = regs;
    dma->wiring[dma->count].ops = ops;
    dma->wiring[dma->count].owner = owner;
    dma->wiring[dma->count].trace_channel = trace_add_channel(dma->fabric->trace, channel.name);
    return dma->count++;
}
