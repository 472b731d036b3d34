/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: start tasks and endpoint buffers; one EasyDMA for all endpoints (PS v1.7, 6.35 USBD:
 * EasyDMA).
 *
 * Deviations:
 *   1. A start while a transfer is running is lost, queued, or takes EasyDMA away from it, so
 *      that its END never comes (silicon.def, SECOND_START). The manual forbids it and does not
 *      say what happens.
 *   2. MAXCNT is 7 bits wide and the buffers are 64 bytes: what is fetched beyond them is lost,
 *      what is stored beyond them is zeros.
 *   3. A packet whose endpoint was reset or, on endpoint 0, overtaken by a SETUP while EasyDMA
 *      was fetching it never goes to the host (on endpoint 0 that is a question: silicon.def,
 *      LATE_PACKET). The transfer itself runs to its END event.
 */
#include "sim/periph/usbd_parts.h"

#include <string.h>

static bool is_in(unsigned index)
{
    return index < CHANNEL_EPOUT;
}

static bool is_isochronous(unsigned index)
{
    return index == CHANNEL_ISOIN || index == CHANNEL_ISOOUT;
}

static unsigned endpoint_of(unsigned index)
{
    return is_in(index) ? index : index - CHANNEL_EPOUT;
}

/* Registers of the descriptors: 8 endpoints and the isochronous one stand in one row of 0x14. */
static uint16_t descriptor(unsigned index)
{
    return (uint16_t)((is_in(index) ? USBD_EPIN_PTR : USBD_EPOUT_PTR) + 0x14 * endpoint_of(index));
}

static uint16_t end_event(unsigned index)
{
    if (index == CHANNEL_ISOIN)
        return USBD_EVENTS_ENDISOIN;
    return (uint16_t)((is_in(index) ? USBD_EVENTS_ENDEPIN : USBD_EVENTS_ENDEPOUT) +
                      4 * endpoint_of(index));
}

static uint32_t start_task(unsigned index)
{
    return USBD_TASKS_STARTEPIN + 4 * index;
}

/* ---- Who is at work -------------------------------------------------------------------------- */

int usbd_dma_running(const struct usbd *usbd)
{
    for (unsigned index = 0; index < USBD_CHANNELS; index++) {
        if (easydma_running(usbd->easydma, usbd->channel + index))
            return (int)index;
    }
    return -1;
}

uint32_t usbd_dma_transfer(const struct usbd *usbd)
{
    int running = usbd_dma_running(usbd);

    return running < 0 ? 0
                       : easydma_transfer_number(usbd->easydma, usbd->channel + (unsigned)running);
}

uint32_t usbd_dma_ended(const struct usbd *usbd, unsigned channel)
{
    return easydma_ended_number(usbd->easydma, usbd->channel + channel);
}

void usbd_dma_implied(struct usbd *usbd, unsigned channel, uint32_t transfer, uint32_t offset)
{
    if (transfer && transfer == usbd_dma_ended(usbd, channel))
        easydma_observed(usbd->easydma, usbd->channel + channel, usbd->regs.spec->base + offset);
}

void usbd_dma_abort(struct usbd *usbd)
{
    for (unsigned index = 0; index < USBD_CHANNELS; index++) {
        easydma_abort(usbd->easydma, usbd->channel + index);
        scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_AMOUNT, (uint16_t)index);
    }
}

void usbd_dma_abandon(struct usbd *usbd)
{
    for (unsigned index = 0; index < USBD_CHANNELS; index++)
        usbd->state.abandoned[index] =
            easydma_transfer_number(usbd->easydma, usbd->channel + index);
}

uint32_t usbd_usbreset_read(void *owner, unsigned index)
{
    struct usbd *usbd = owner;
    uint32_t value = regfile_get(&usbd->regs, USBD_EVENTS_USBRESET);

    (void)index;
    for (unsigned n = 0; value && n < USBD_CHANNELS; n++) {
        unsigned channel = usbd->channel + n;

        if (usbd->state.abandoned[n] == easydma_transfer_number(usbd->easydma, channel))
            easydma_release(usbd->easydma, channel, usbd->regs.spec->base + USBD_EVENTS_USBRESET);
    }
    return value;
}

/* A bit says that the last start of its channel was captured. */
uint32_t usbd_epstatus_read(void *owner, unsigned index)
{
    struct usbd *usbd = owner;
    uint32_t value = regfile_get(&usbd->regs, USBD_EPSTATUS);

    (void)index;
    for (unsigned n = 0; n < USBD_CHANNELS; n++) {
        if (value & bit32(endpoint_of(n) + (is_in(n) ? 0u : 16u)))
            easydma_start_seen(usbd->easydma, usbd->channel + n);
    }
    return value;
}

/* ---- Start tasks ----------------------------------------------------------------------------- */

/* What a manual would call a mistake already at the start, of the packet that is moved. */
static void check_packet(struct usbd *usbd, unsigned index)
{
    uint32_t maxcnt = regfile_get(&usbd->regs, descriptor(index) + 4u);
    unsigned endpoint = endpoint_of(index);

    /* Endpoint 0 may hold an answer to a request before, which a SETUP overtook. */
    bool early = index == 0 && usbd->state.control.early;
    /* Without a host, what is armed is lost already. */
    bool may_be_fetched = usbd_attached(usbd) && !early;

    if (is_in(index) && usbd->state.in[endpoint].armed && may_be_fetched)
        usbd_misuse(usbd, MISUSE_IN_OVERWRITTEN, start_task(index), 1,
                    usbd->state.in[endpoint].transfer);
    if (index == 0) {
        usbd_control_start_in(usbd, maxcnt);
    } else if (index == CHANNEL_EPOUT) {
        usbd_control_start_out(usbd);
    } else if (!is_in(index)) {
        if (!usbd->state.out[endpoint].full && usbd_notice_was_fetched(usbd, endpoint))
            usbd_misuse(usbd, MISUSE_NOTHING_TO_FETCH, start_task(index), 1, 0);
        usbd_notice_fetch(usbd, endpoint);
    }
}

static void begin(struct usbd *usbd, unsigned index)
{
    if (!is_isochronous(index))
        check_packet(usbd, index);
    if (index >= CHANNEL_EPOUT && index != CHANNEL_ISOOUT)
        usbd->state.out[endpoint_of(index)].fetched = usbd->state.out[endpoint_of(index)].full;
    usbd->state.quirks.spoilt = usbd->state.quirks.spoils_next;
    usbd->state.quirks.spoils_next = false;
    easydma_start(usbd->easydma, usbd->channel + index, usbd->fabric->trigger);
}

/* The engine goes over to the new transfer in the middle of the old one. */
static void take_over(struct usbd *usbd, unsigned running, unsigned index)
{
    easydma_abort(usbd->easydma, usbd->channel + running);
    if (running < USBD_ENDPOINTS)
        usbd->state.in[running].stale = false;
    else if (!is_in(running) && !is_isochronous(running))
        usbd->state.out[endpoint_of(running)].stale = false;
    begin(usbd, index);
}

/* Deviation 1. */
static void start_second(struct usbd *usbd, unsigned index)
{
    usbd_misuse(usbd, MISUSE_DMA_BUSY, start_task(index), 1, usbd_dma_transfer(usbd));
    switch (usbd_answer(usbd, UNDOCUMENTED_SECOND_START)) {
    case SECOND_START_QUEUED:
        usbd->state.queued |= bit32(index);
        break;
    case SECOND_START_CORRUPTS:
        take_over(usbd, (unsigned)usbd_dma_running(usbd), index);
        break;
    default:
        break;
    }
}

static void start(struct usbd *usbd, unsigned index)
{
    if (!usbd_task_arrives(usbd, start_task(index), true) || usbd_start_is_lost(usbd))
        return;
    if (usbd_dma_running(usbd) < 0)
        begin(usbd, index);
    else
        start_second(usbd, index);
}

void usbd_start_epin(void *owner, unsigned index, uint32_t value)
{
    (void)value;
    start(owner, index);
}

void usbd_start_isoin(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    (void)value;
    start(owner, CHANNEL_ISOIN);
}

void usbd_start_epout(void *owner, unsigned index, uint32_t value)
{
    (void)value;
    start(owner, CHANNEL_EPOUT + index);
}

void usbd_start_isoout(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    (void)value;
    start(owner, CHANNEL_ISOOUT);
}

static void start_next_queued(struct usbd *usbd)
{
    for (unsigned index = 0; index < USBD_CHANNELS && usbd_dma_running(usbd) < 0; index++) {
        if (!(usbd->state.queued & bit32(index)))
            continue;
        usbd->state.queued &= ~bit32(index);
        begin(usbd, index);
    }
}

/* ---- The far side of a transfer -------------------------------------------------------------- */

/* Whether the packet is still there to compare with: a bus reset or a SETUP may have dropped it
 * after the firmware read its size, which is nobody's mistake. */
static bool holds_packet(const struct usbd *usbd, unsigned index)
{
    return usbd->state.out[endpoint_of(index)].full;
}

static void check_length(struct usbd *usbd, unsigned index)
{
    uint32_t maxcnt = regfile_get(&usbd->regs, descriptor(index) + 4u);
    uint32_t transfer = usbd_dma_transfer(usbd);

    if (index == CHANNEL_ISOIN)
        usbd_iso_check_length(usbd, descriptor(index) + 4u, maxcnt);
    if (is_isochronous(index))
        return;
    if (maxcnt > USB_PACKET_MAX)
        usbd_misuse(usbd, MISUSE_DMA_TOO_LONG, descriptor(index) + 4u, maxcnt, transfer);
    else if (!is_in(index) && holds_packet(usbd, index) &&
             maxcnt != usbd->state.out[endpoint_of(index)].size)
        usbd_misuse(usbd, MISUSE_SIZE_MISMATCH, descriptor(index) + 4u, maxcnt, transfer);
}

static void started(void *owner, unsigned index)
{
    struct usbd *usbd = owner;
    uint32_t status = regfile_get(&usbd->regs, USBD_EPSTATUS);

    check_length(usbd, index);
    regfile_set(&usbd->regs, USBD_EPSTATUS,
                status | bit32(endpoint_of(index) + (is_in(index) ? 0u : 16u)));
    regfile_raise(&usbd->regs, USBD_EVENTS_STARTED);
}

static uint8_t *buffer_of(struct usbd *usbd, unsigned index, uint32_t *room)
{
    if (is_isochronous(index))
        return usbd_iso_buffer(usbd, is_in(index), room);
    *room = USB_PACKET_MAX;
    return is_in(index) ? usbd->state.in[index].buffer : usbd->state.out[endpoint_of(index)].buffer;
}

static uint32_t clipped(uint32_t offset, uint32_t size, uint32_t room)
{
    if (offset >= room)
        return 0;
    return size < room - offset ? size : room - offset;
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    const struct usbd *usbd = owner;
    uint32_t room;
    uint8_t *buffer = buffer_of(owner, index, &room);

    if (usbd->state.quirks.spoilt)
        memset(buffer + (offset < room ? offset : 0), 0, clipped(offset, size, room));
    else
        memcpy(buffer + (offset < room ? offset : 0), bytes, clipped(offset, size, room));
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    const struct usbd *usbd = owner;
    uint32_t room;
    const uint8_t *buffer = buffer_of(owner, index, &room);

    if (!usbd->state.quirks.spoilt)
        memcpy(bytes, buffer + (offset < room ? offset : 0), clipped(offset, size, room));
}

static bool is_void(struct usbd *usbd, unsigned endpoint)
{
    if (endpoint == 0 && usbd_answer(usbd, UNDOCUMENTED_LATE_PACKET) == LATE_PACKET_SENT)
        return false;
    return usbd->state.in[endpoint].stale;
}

static void finish_in(struct usbd *usbd, unsigned endpoint, uint32_t amount)
{
    struct usbd_in *in = &usbd->state.in[endpoint];

    if (!is_void(usbd, endpoint)) {
        in->size = (uint8_t)(amount < USB_PACKET_MAX ? amount : USB_PACKET_MAX);
        in->transfer = usbd_dma_ended(usbd, endpoint);
        in->armed = true;
        in->sent = false;
    }
    in->stale = false;
}

/* The end of the transfer is what lets endpoints 1..7 take their next packet; not so when one has
 * arrived behind a start that found none. */
static void finish_out(struct usbd *usbd, unsigned endpoint)
{
    struct usbd_out *out = &usbd->state.out[endpoint];

    if (!out->stale && (out->fetched || !out->full)) {
        out->full = false;
        out->accepting = true;
        usbd_notice_fetched(usbd, endpoint);
    }
    out->stale = false;
    if (endpoint)
        return;
    usbd->state.control.fetched = true;
    usbd_turn_begins(usbd);
}

/* Where AMOUNT comes late, it reads as 0 until then. */
static void delay_amount(struct usbd *usbd, unsigned index, uint32_t amount)
{
    struct scheduler *scheduler = usbd->fabric->scheduler;

    if (usbd_answer(usbd, UNDOCUMENTED_AMOUNT) != AMOUNT_LATE)
        return;
    regfile_set(&usbd->regs, descriptor(index) + 8u, 0);
    scheduler_cancel(scheduler, EVENT_USBD_AMOUNT, (uint16_t)index);
    scheduler_add(scheduler, EVENT_USBD_AMOUNT, (uint16_t)index,
                  choose(usbd->fabric->chooser, CHOICE_USBD_AMOUNT, index), amount);
}

static void amount_valid(void *owner, const struct event *event)
{
    struct usbd *usbd = owner;

    regfile_set(&usbd->regs, descriptor(event->instance) + 8u, (uint32_t)event->argument);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct usbd *usbd = owner;

    usbd_count_bytes(usbd, amount);
    delay_amount(usbd, index, amount);
    if (index == CHANNEL_ISOIN)
        usbd_iso_fetched(usbd, amount);
    else if (is_in(index))
        finish_in(usbd, index, amount);
    else if (index != CHANNEL_ISOOUT)
        finish_out(usbd, endpoint_of(index));
    regfile_raise(&usbd->regs, end_event(index));
    usbd_control_dma_free(usbd);
    start_next_queued(usbd);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct easydma_ops ops = {
    .started = started,
    .receive = receive,
    .supply = supply,
    .ended = ended,
};

static struct dma_channel_name name_of(unsigned index)
{
#define IN_NAME(n)                                                                                 \
    {                                                                                              \
        "USBD", "EPIN[" #n "]", "TASKS_STARTEPIN[" #n "]", USB_PACKET_MAX, DMA_ON_CHIP             \
    }
#define OUT_NAME(n)                                                                                \
    {                                                                                              \
        "USBD", "EPOUT[" #n "]", "TASKS_STARTEPOUT[" #n "]", USB_PACKET_MAX, DMA_ON_CHIP           \
    }
    static const struct dma_channel_name names[USBD_CHANNELS] = {
        IN_NAME(0),  IN_NAME(1),  IN_NAME(2),
        IN_NAME(3),  IN_NAME(4),  IN_NAME(5),
        IN_NAME(6),  IN_NAME(7),  {"USBD", "ISOIN", "TASKS_STARTISOIN", USB_ISO_MAX, DMA_ON_CHIP},
        OUT_NAME(0), OUT_NAME(1), OUT_NAME(2),
        OUT_NAME(3), OUT_NAME(4), OUT_NAME(5),
        OUT_NAME(6), OUT_NAME(7), {"USBD", "ISOOUT", "TASKS_STARTISOOUT", USB_ISO_MAX, DMA_ON_CHIP},
    };
#undef IN_NAME
#undef OUT_NAME

    return names[index];
}

void usbd_dma_init(struct usbd *usbd)
{
    for (unsigned index = 0; index < USBD_CHANNELS; index++) {
        struct easydma_channel channel = {
            .name = name_of(index),
            .direction = is_in(index) ? DMA_READS_RAM : DMA_WRITES_RAM,
            .index = index,
            .ptr = descriptor(index),
            .maxcnt = (uint16_t)(descriptor(index) + 4),
            .amount = (uint16_t)(descriptor(index) + 8),
            .end_event = end_event(index),
            .started_event = USBD_EVENTS_STARTED,
            .count_mask = is_isochronous(index) ? 0x3ff : 0x7f,
            .unit = 1,
        };
        unsigned number = easydma_add(usbd->easydma, &usbd->regs, channel, &ops, usbd);

        if (index == 0)
            usbd->channel = number;
    }
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_AMOUNT, amount_valid, usbd);
}
