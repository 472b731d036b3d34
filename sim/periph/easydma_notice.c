/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EasyDMA: what the CPU notices of its transfers.
 *
 * A channel has one transfer at work, and may have some behind it: with double-buffered pointers a
 * shortcut or the PPI starts the next one in the instant in which the first ends, before the CPU
 * could look. An event register is one bit. Read as set, it tells the end of those transfers that
 * found it clear when they ended, and of no other.
 */
#include "sim/periph/easydma_parts.h"

#include "sim/base/bits.h"

#include <assert.h>
#include <string.h>

enum { END_EVENT = 1 }; /* bit of the end event; the bits above are those of `tells` */

/* ---- Events of a channel --------------------------------------------------------------------- */

static uint32_t event_offset(const struct easydma_channel *channel, unsigned bit)
{
    return bit ? channel->tells[bit - 1] : channel->end_event;
}

/* Bit of the event at `offset` of the block `regs`, as in `stale`; 0: the channel has none there.
 */
static uint8_t event_bit(const struct easydma *dma, unsigned channel, const struct regfile *regs,
                         uint32_t offset)
{
    if (dma->wiring[channel].regs != regs)
        return 0;
    for (unsigned bit = 0; bit <= EASYDMA_TELLS; bit++) {
        if (event_offset(&dma->wiring[channel].channel, bit) == offset)
            return (uint8_t)bit32(bit);
    }
    return 0;
}

uint8_t easydma_events_set(const struct easydma *dma, unsigned channel)
{
    uint32_t set = 0;

    for (unsigned bit = 0; bit <= EASYDMA_TELLS; bit++) {
        uint32_t offset = event_offset(&dma->wiring[channel].channel, bit);

        if (offset && regfile_get(dma->wiring[channel].regs, offset))
            set |= bit32(bit);
    }
    return (uint8_t)set;
}

/* ---- Transfers behind the latest one --------------------------------------------------------- */

static unsigned count_past(const struct easydma *dma)
{
    unsigned count = 0;

    while (count < EASYDMA_PAST && dma->state.past[count].number)
        count++;
    return count;
}

static void remove_past(struct easydma *dma, unsigned at)
{
    struct easydma_transfer *past = dma->state.past;

    memmove(&past[at], &past[at + 1], (EASYDMA_PAST - 1 - at) * sizeof *past);
    memset(&past[EASYDMA_PAST - 1], 0, sizeof *past);
}

void easydma_drop_past(struct easydma *dma, unsigned channel)
{
    for (unsigned i = count_past(dma); i-- > 0;) {
        if (dma->state.past[i].channel != channel)
            continue;
        easydma_report_closed(dma, &dma->state.past[i], DMA_DROPPED);
        remove_past(dma, i);
    }
}

/* Whether nobody can tell `transfer` from the one that is started now, with `window`. */
static bool merges(const struct easydma_transfer *transfer, enum dma_trigger trigger,
                   struct byte_range window)
{
    return trigger == DMA_BY_CPU || !transfer->window.size ||
           ranges_overlap(transfer->window, window);
}

static void close_past(struct easydma *dma, unsigned channel, enum dma_trigger trigger,
                       struct byte_range window)
{
    for (unsigned i = count_past(dma); i-- > 0;) {
        struct easydma_transfer *past = &dma->state.past[i];

        if (past->channel != channel || !merges(past, trigger, window))
            continue;
        easydma_report_observed(dma, past, 0, 0);
        remove_past(dma, i);
    }
}

static void keep_as_past(struct easydma *dma, const struct easydma_transfer *transfer)
{
    unsigned count = count_past(dma);

    if (count == EASYDMA_PAST) {
        easydma_report_observed(dma, &dma->state.past[0], 0, 0);
        remove_past(dma, 0);
        count--;
    }
    dma->state.past[count] = *transfer;
}

void easydma_leave_behind(struct easydma *dma, unsigned channel, enum dma_trigger trigger,
                          struct byte_range window)
{
    const struct easydma_transfer *transfer = &dma->state.transfer[channel];

    close_past(dma, channel, trigger, window);
    if (!transfer->number)
        return;
    if (merges(transfer, trigger, window))
        easydma_report_observed(dma, transfer, 0, 0);
    else
        keep_as_past(dma, transfer);
}

/* ---- The end is observed --------------------------------------------------------------------- */

static void observe(struct easydma *dma, unsigned channel, guest_addr event)
{
    struct easydma_transfer *transfer = &dma->state.transfer[channel];

    easydma_report_observed(dma, transfer, dma->fabric->trace->state.pc, event);
    *transfer = (struct easydma_transfer){0};
}

static void observe_block(struct easydma *dma, const struct regfile *regs, guest_addr event)
{
    for (unsigned i = 0; i < dma->count; i++) {
        if (dma->wiring[i].regs == regs && dma->state.transfer[i].ended)
            observe(dma, i, event);
    }
}

/* A packet goes through chained channels one after the other: who knows that it has been read from
 * `window` knows that the block that wrote it there is done. */
static void observe_writers(struct easydma *dma, struct byte_range window, guest_addr event)
{
    for (unsigned i = 0; i < dma->count; i++) {
        const struct easydma_transfer *other = &dma->state.transfer[i];

        if (dma->wiring[i].channel.chained && other->ended &&
            dma->wiring[i].channel.direction == DMA_WRITES_RAM &&
            ranges_overlap(other->window, window))
            observe_block(dma, dma->wiring[i].regs, event);
    }
}

void easydma_observed(struct easydma *dma, unsigned channel, guest_addr event)
{
    const struct easydma_channel *description = &dma->wiring[channel].channel;
    struct byte_range window = dma->state.transfer[channel].window;

    assert(channel < dma->count);
    if (!dma->state.transfer[channel].ended)
        return;
    observe(dma, channel, event);
    if (description->chained && description->direction == DMA_READS_RAM)
        observe_writers(dma, window, event);
}

void easydma_release(struct easydma *dma, unsigned channel, guest_addr event)
{
    struct easydma_transfer *transfer = &dma->state.transfer[channel];

    assert(channel < dma->count);
    if (transfer->running)
        transfer->released = event;
    else
        easydma_observed(dma, channel, event);
}

/* ---- The capture is noticed ------------------------------------------------------------------ */

void easydma_start_seen(struct easydma *dma, unsigned channel)
{
    assert(channel < dma->count);
    dma->state.transfer[channel].start_seen |= dma->state.transfer[channel].captured;
}

/* Whoever reads STARTED as set, or clears it then, knows. */
static void started_used(struct easydma *dma, unsigned channel, const struct regfile *regs,
                         uint32_t offset)
{
    if (dma->wiring[channel].regs == regs && dma->wiring[channel].channel.started_event == offset)
        easydma_start_seen(dma, channel);
}

/* True when the event told the end of a past transfer. */
static bool observe_past(struct easydma *dma, unsigned channel, uint8_t bit, guest_addr event)
{
    bool any = false;

    for (unsigned i = count_past(dma); i-- > 0;) {
        struct easydma_transfer *past = &dma->state.past[i];

        if (past->channel != channel || past->stale & bit)
            continue;
        easydma_report_observed(dma, past, dma->fabric->trace->state.pc, event);
        remove_past(dma, i);
        any = true;
    }
    return any;
}

/* The end event is taken for this transfer's and is none: it was set when the CPU started it. When
 * hardware did, the CPU may rightly be looking at the transfer before. */
static bool misleads(const struct easydma_transfer *transfer, uint8_t bit)
{
    return bit == END_EVENT && transfer->trigger == DMA_BY_CPU &&
           (transfer->running || (transfer->ended && transfer->stale & bit));
}

static void event_read(void *owner, struct regfile *regs, uint32_t offset)
{
    struct easydma *dma = owner;
    guest_addr event = regs->spec->base + offset;
    bool reported = false;

    for (unsigned i = 0; i < dma->count; i++) {
        const struct easydma_transfer *transfer = &dma->state.transfer[i];
        uint8_t bit = event_bit(dma, i, regs, offset);

        started_used(dma, i, regs, offset);
        if (!bit || observe_past(dma, i, bit, event))
            continue;
        if (!reported && misleads(transfer, bit)) {
            easydma_report_misuse(dma, i, MISUSE_STALE_EVENT, offset, 1);
            reported = true; /* two channels with one end event: one mistake */
        } else if (!(transfer->stale & bit)) {
            easydma_observed(dma, i, event);
        }
    }
}

static void forget_stale(struct easydma *dma, unsigned channel, uint8_t bit)
{
    uint8_t kept = (uint8_t)~bit;

    dma->state.transfer[channel].stale &= kept;
    for (unsigned i = count_past(dma); i-- > 0;) {
        if (dma->state.past[i].channel == channel)
            dma->state.past[i].stale &= kept;
    }
}

/* It may have ended by now at some timing. */
static bool may_have_ended(const struct easydma *dma, const struct easydma_transfer *transfer)
{
    sim_time opened = transfer->capture_by - choice_highest(CHOICE_DMA_CAPTURE);

    return *dma->fabric->trace->now - opened >= dma->wiring[transfer->channel].channel.least;
}

/* Had the transfer ended in the meantime, nobody would ever know. If hardware started it, what is
 * cleared is the event of the transfer before; if the next start may cut it off, of one given up.
 */
static bool loses_end(const struct easydma *dma, const struct easydma_transfer *transfer,
                      uint8_t bit)
{
    return bit == END_EVENT && transfer->running && transfer->trigger == DMA_BY_CPU &&
           !dma->wiring[transfer->channel].channel.anew && may_have_ended(dma, transfer);
}

static void event_cleared(void *owner, struct regfile *regs, uint32_t offset)
{
    struct easydma *dma = owner;
    bool reported = false;

    for (unsigned i = 0; i < dma->count; i++) {
        uint8_t bit = event_bit(dma, i, regs, offset);

        started_used(dma, i, regs, offset);
        if (!bit)
            continue;
        if (!reported && loses_end(dma, &dma->state.transfer[i], bit)) {
            easydma_report_misuse(dma, i, MISUSE_EVENT_CLEARED, offset, 0);
            reported = true;
        }
        forget_stale(dma, i, bit);
    }
}

/* ---- The descriptor -------------------------------------------------------------------------- */

/*
 * PTR and MAXCNT may still have to be captured: so early that at some timing they would, and the
 * CPU does not know from STARTED or the end that they were. Of a channel without STARTED, and of a
 * transfer that was given up or that hardware started, the capture of this run has to do.
 */
static bool descriptor_is_taken(const struct easydma *dma, unsigned channel)
{
    const struct easydma_transfer *transfer = &dma->state.transfer[channel];

    if (!transfer->number || transfer->start_seen)
        return false;
    if (!dma->wiring[channel].channel.started_event || transfer->released ||
        transfer->trigger != DMA_BY_CPU)
        return transfer->running && !transfer->captured;
    return *dma->fabric->trace->now <= transfer->capture_by;
}

static void descriptor_written(void *owner, struct regfile *regs, uint32_t offset, uint32_t value)
{
    struct easydma *dma = owner;

    for (unsigned i = 0; i < dma->count; i++) {
        const struct easydma_channel *channel = &dma->wiring[i].channel;

        if (dma->wiring[i].regs != regs || (channel->ptr != offset && channel->maxcnt != offset))
            continue;
        if (channel->ptr == offset)
            dma->state.ptr_used[i] = false;
        if (descriptor_is_taken(dma, i))
            easydma_report_misuse(dma, i, MISUSE_DMA_DESCRIPTOR, offset, value);
    }
}

const struct reg_observer easydma_observer = {.event_read = event_read,
                                              .descriptor_written = descriptor_written,
                                              .event_cleared = event_cleared};
