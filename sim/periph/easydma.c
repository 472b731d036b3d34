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
 */
#include "sim/periph/easydma.h"

#include "sim/base/bits.h"

#include <assert.h>
#include <string.h>

static struct easydma_transfer *transfer_of(struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return &dma->transfer[channel];
}

/* ---- What is reported ------------------------------------------------------------------------ */

static void report_window(struct easydma *dma, unsigned channel, enum observation_kind kind)
{
    const struct easydma_transfer *transfer = &dma->transfer[channel];
    bool in_ram = transfer->window.size && memory_is_data_ram(transfer->window);

    trace_emit(dma->fabric->trace,
               (struct observation){
                   .kind = kind,
                   .dma_open = {.transfer = transfer->number,
                                .channel = dma->wiring[channel].trace_channel,
                                .direction = dma->wiring[channel].channel.direction,
                                .trigger = transfer->trigger,
                                .pc = transfer->pc,
                                .window = transfer->window,
                                .bytes = in_ram ? memory_at(dma->fabric->memory, transfer->window)
                                                : NULL}});
}

static void report_closed(struct easydma *dma, unsigned channel, enum dma_end how)
{
    const struct easydma_transfer *transfer = &dma->transfer[channel];

    trace_emit(dma->fabric->trace,
               (struct observation){.kind = OBS_DMA_CLOSE,
                                    .dma_close = {.transfer = transfer->number,
                                                  .channel = dma->wiring[channel].trace_channel,
                                                  .how = how,
                                                  .amount = transfer->moved}});
}

/* `pc` of the load that told the CPU, `event` what it loaded; 0 when there was none. */
static void report_observed(struct easydma *dma, unsigned channel, guest_addr pc, guest_addr event)
{
    const struct easydma_transfer *transfer = &dma->transfer[channel];

    trace_emit(dma->fabric->trace,
               (struct observation){.kind = OBS_DMA_OBSERVED,
                                    .dma_close = {.transfer = transfer->number,
                                                  .channel = dma->wiring[channel].trace_channel,
                                                  .how = DMA_OBSERVED,
                                                  .amount = transfer->moved,
                                                  .pc = pc,
                                                  .event = event}});
}

static void report_word(struct easydma *dma, unsigned channel, struct byte_range word,
                        const uint8_t *bytes)
{
    struct observation observation = {
        .kind = OBS_DMA_WORD,
        .dma_word = {.transfer = dma->transfer[channel].number,
                     .channel = dma->wiring[channel].trace_channel,
                     .direction = dma->wiring[channel].channel.direction,
                     .address = word.start,
                     .size = word.size}};

    memcpy(observation.dma_word.bytes, bytes, word.size);
    trace_emit(dma->fabric->trace, observation);
}

static void report_misuse(struct easydma *dma, unsigned channel, enum misuse misuse,
                          uint32_t offset, uint32_t value)
{
    struct trace *trace = dma->fabric->trace;

    trace_emit(trace, (struct observation){
                          .kind = OBS_MISUSE,
                          .misuse = {.misuse = misuse,
                                     .pc = trace->state.pc,
                                     .address = dma->wiring[channel].regs->spec->base + offset,
                                     .value = value,
                                     .transfer = dma->transfer[channel].number,
                                     .trigger = dma->fabric->trigger}});
}

/* ---- A transfer, step by step ---------------------------------------------------------------- */

static void schedule(struct easydma *dma, unsigned channel, enum event_id step,
                     enum choice_point delay)
{
    scheduler_add(dma->fabric->scheduler, step, (uint16_t)channel,
                  choose(dma->fabric->chooser, delay, channel), 0);
}

static void latch_window(struct easydma *dma, unsigned channel)
{
    const struct easydma_channel *description = &dma->wiring[channel].channel;
    const struct regfile *regs = dma->wiring[channel].regs;

    dma->transfer[channel].window = (struct byte_range){
        .start = regfile_get(regs, description->ptr),
        .size =
            (regfile_get(regs, description->maxcnt) & description->count_mask) * description->unit};
}

/* As easydma_start says: the next transfer closes one whose end nobody looked at. */
static void close_unobserved(struct easydma *dma, unsigned channel)
{
    if (dma->transfer[channel].number)
        report_observed(dma, channel, 0, 0);
}

void easydma_start(struct easydma *dma, unsigned channel, enum dma_trigger trigger)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);

    assert(!transfer->running);
    close_unobserved(dma, channel);
    *transfer = (struct easydma_transfer){.number = ++dma->fabric->trace->state.transfers,
                                          .running = true,
                                          .trigger = (uint8_t)trigger,
                                          .pc = dma->fabric->trace->state.pc};
    latch_window(dma, channel);
    report_window(dma, channel, OBS_DMA_OPEN);
    schedule(dma, channel, EVENT_DMA_CAPTURE, CHOICE_DMA_CAPTURE);
}

static void capture(void *owner, const struct event *event)
{
    struct easydma *dma = owner;
    unsigned channel = event->instance;
    struct easydma_transfer *transfer = transfer_of(dma, channel);
    uint32_t size;

    latch_window(dma, channel);
    transfer->captured = true;
    report_window(dma, channel, OBS_DMA_CAPTURE);
    size = transfer->window.size;
    if (size && !memory_is_data_ram(transfer->window))
        report_misuse(dma, channel, MISUSE_DMA_OUTSIDE_RAM, dma->wiring[channel].channel.ptr,
                      transfer->window.start);
    if (dma->wiring[channel].ops->started)
        dma->wiring[channel].ops->started(dma->wiring[channel].owner,
                                          dma->wiring[channel].channel.index);
    if (size)
        schedule(dma, channel, EVENT_DMA_WORD, CHOICE_DMA_FIRST_WORD);
    else
        schedule(dma, channel, EVENT_DMA_END, CHOICE_DMA_END);
}

/* The part of the window that lies in the next word of RAM. */
static struct byte_range next_word(const struct easydma_transfer *transfer)
{
    guest_addr start = transfer->window.start + transfer->moved;
    uint32_t to_boundary = 4 - (start & 3);
    uint32_t left = transfer->window.size - transfer->moved;

    return (struct byte_range){.start = start, .size = left < to_boundary ? left : to_boundary};
}

static void move_word(struct easydma *dma, unsigned channel, struct byte_range word)
{
    const struct easydma_ops *ops = dma->wiring[channel].ops;
    unsigned index = dma->wiring[channel].channel.index;
    uint32_t offset = dma->transfer[channel].moved;
    bool in_ram = memory_is_data_ram(dma->transfer[channel].window);
    uint8_t bytes[4] = {0};

    if (dma->wiring[channel].channel.direction == DMA_READS_RAM) {
        if (in_ram)
            memory_master_read(dma->fabric->memory, word.start, bytes, word.size);
        ops->receive(dma->wiring[channel].owner, index, offset, bytes, word.size);
    } else {
        ops->supply(dma->wiring[channel].owner, index, offset, bytes, word.size);
        if (in_ram)
            memory_master_write(dma->fabric->memory, word.start, bytes, word.size);
    }
    report_word(dma, channel, word, bytes);
}

static void move(void *owner, const struct event *event)
{
    struct easydma *dma = owner;
    unsigned channel = event->instance;
    struct easydma_transfer *transfer = transfer_of(dma, channel);
    struct byte_range word = next_word(transfer);

    move_word(dma, channel, word);
    transfer->moved += word.size;
    if (transfer->moved < transfer->window.size)
        schedule(dma, channel, EVENT_DMA_WORD, CHOICE_DMA_NEXT_WORD);
    else
        schedule(dma, channel, EVENT_DMA_END, CHOICE_DMA_END);
}

/* The CPU gave the transfer up before it ended (easydma_release). */
static void close_released(struct easydma *dma, unsigned channel)
{
    struct easydma_transfer *transfer = &dma->transfer[channel];

    report_observed(dma, channel, 0, transfer->released);
    *transfer = (struct easydma_transfer){0};
}

static void end(void *owner, const struct event *event)
{
    struct easydma *dma = owner;
    unsigned channel = event->instance;
    struct easydma_transfer *transfer = transfer_of(dma, channel);
    const struct easydma_channel *description = &dma->wiring[channel].channel;
    uint32_t amount = transfer->moved / description->unit;

    transfer->running = false;
    transfer->ended = true;
    transfer->stale = regfile_get(dma->wiring[channel].regs, description->end_event) != 0;
    regfile_set(dma->wiring[channel].regs, description->amount, amount);
    report_closed(dma, channel, DMA_ENDED);
    if (transfer->released)
        close_released(dma, channel);
    dma->wiring[channel].ops->ended(dma->wiring[channel].owner, description->index, amount);
}

void easydma_abort(struct easydma *dma, unsigned channel)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);

    scheduler_cancel(dma->fabric->scheduler, EVENT_DMA_CAPTURE, (uint16_t)channel);
    scheduler_cancel(dma->fabric->scheduler, EVENT_DMA_WORD, (uint16_t)channel);
    scheduler_cancel(dma->fabric->scheduler, EVENT_DMA_END, (uint16_t)channel);
    /* Also one that has ended unseen: with the block's reset the window is the CPU's again. */
    if (transfer->number)
        report_closed(dma, channel, DMA_DROPPED);
    *transfer = (struct easydma_transfer){0};
}

/* ---- What the CPU notices -------------------------------------------------------------------- */

void easydma_observed(struct easydma *dma, unsigned channel, guest_addr event)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);

    if (!transfer->ended)
        return;
    report_observed(dma, channel, dma->fabric->trace->state.pc, event);
    *transfer = (struct easydma_transfer){0};
}

void easydma_release(struct easydma *dma, unsigned channel, guest_addr event)
{
    struct easydma_transfer *transfer = transfer_of(dma, channel);

    if (transfer->running)
        transfer->released = event;
    else
        easydma_observed(dma, channel, event);
}

static bool ends_with(const struct easydma *dma, unsigned channel, const struct regfile *regs,
                      uint32_t offset)
{
    return dma->wiring[channel].regs == regs && dma->wiring[channel].channel.end_event == offset;
}

/* An event that was set before the end of the open transfer tells nothing about it. */
static void event_read(void *owner, struct regfile *regs, uint32_t offset)
{
    struct easydma *dma = owner;

    for (unsigned i = 0; i < dma->count; i++) {
        if (!ends_with(dma, i, regs, offset))
            continue;
        if (dma->transfer[i].running || dma->transfer[i].stale)
            report_misuse(dma, i, MISUSE_STALE_EVENT, offset, 1);
        else
            easydma_observed(dma, i, regs->spec->base + offset);
    }
}

/* Had the transfer ended in the meantime, nobody would ever know. */
static void event_cleared(void *owner, struct regfile *regs, uint32_t offset)
{
    struct easydma *dma = owner;

    for (unsigned i = 0; i < dma->count; i++) {
        if (ends_with(dma, i, regs, offset) && dma->transfer[i].running)
            report_misuse(dma, i, MISUSE_EVENT_CLEARED, offset, 0);
    }
}

static void descriptor_written(void *owner, struct regfile *regs, uint32_t offset, uint32_t value)
{
    struct easydma *dma = owner;

    for (unsigned i = 0; i < dma->count; i++) {
        const struct easydma_channel *channel = &dma->wiring[i].channel;

        if (dma->wiring[i].regs == regs && (channel->ptr == offset || channel->maxcnt == offset) &&
            dma->transfer[i].running && !dma->transfer[i].captured)
            report_misuse(dma, i, MISUSE_DMA_DESCRIPTOR, offset, value);
    }
}

bool easydma_running(const struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return dma->transfer[channel].running;
}

uint32_t easydma_transfer_number(const struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return dma->transfer[channel].number;
}

uint32_t easydma_ended_number(const struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    return dma->transfer[channel].ended ? dma->transfer[channel].number : 0;
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

void easydma_init(struct easydma *dma, struct fabric *fabric)
{
    *dma = (struct easydma){.fabric = fabric};
    state_register(fabric->state, "EasyDMA", dma->transfer, sizeof dma->transfer);
    scheduler_handle(fabric->scheduler, EVENT_DMA_CAPTURE, capture, dma);
    scheduler_handle(fabric->scheduler, EVENT_DMA_WORD, move, dma);
    scheduler_handle(fabric->scheduler, EVENT_DMA_END, end, dma);
}

void easydma_reset(struct easydma *dma, enum reset_kind reason)
{
    (void)reason;
    for (unsigned channel = 0; channel < dma->count; channel++)
        easydma_abort(dma, channel);
}

unsigned easydma_add(struct easydma *dma, struct regfile *regs, struct easydma_channel channel,
                     const struct easydma_ops *ops, void *owner)
{
    static const struct reg_observer observer = {.event_read = event_read,
                                                 .descriptor_written = descriptor_written,
                                                 .event_cleared = event_cleared};

    assert(dma->count < EASYDMA_CHANNELS);
    assert(channel.unit && ops->ended);
    assert(channel.direction == DMA_READS_RAM ? !!ops->receive : !!ops->supply);
    regs->observe = &observer;
    regs->observer = dma;
    dma->wiring[dma->count].channel = channel;
    dma->wiring[dma->count].regs = regs;
    dma->wiring[dma->count].ops = ops;
    dma->wiring[dma->count].owner = owner;
    dma->wiring[dma->count].trace_channel = trace_add_channel(dma->fabric->trace, channel.name);
    return dma->count++;
}
