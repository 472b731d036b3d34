/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/wire_log.h"

#include "sim/base/heap.h"

#include <string.h>

/* DATA0 and DATA1 (USB 2.0, 8.3.1): the lowest bits of a PID say which kind it is. */
enum { PID_KIND = 3, PID_DATA = 3 };

/* Makes room for `wanted` elements, twice as many as last time. The new ones are not set. */
static void *grow(void *memory, size_t *room, size_t wanted, size_t size)
{
    if (wanted <= *room)
        return memory;
    *room = wanted < 64 ? 64 : 2 * wanted;
    return heap_resize(memory, *room * size);
}

static struct wire_packet *add(struct wire_packets *packets, struct wire_packet packet)
{
    packets->packet =
        grow(packets->packet, &packets->room, packets->count + 1, sizeof *packets->packet);
    packets->packet[packets->count] = packet;
    return &packets->packet[packets->count++];
}

/* Room for `size` bytes; returns where it begins. */
static size_t reserve(struct wire_log *log, size_t size)
{
    size_t at = log->used;

    log->bytes = grow(log->bytes, &log->byte_room, at + size, 1);
    log->used += size;
    return at;
}

static void note_packet(struct wire_log *log, const struct observation *seen)
{
    const struct obs_usb_packet *packet = &seen->usb_packet;
    size_t at;

    if (packet->sender != USB_FROM_DEVICE || (packet->pid & PID_KIND) != PID_DATA)
        return;
    at = reserve(log, packet->size);
    (void)add(&log->usb, (struct wire_packet){.when = seen->when,
                                              .transfer = packet->transfer,
                                              .endpoint = packet->endpoint,
                                              .pid = packet->pid,
                                              .size = packet->size,
                                              .channel = WIRE_USB,
                                              .at = at});
    if (packet->size)
        memcpy(log->bytes + at, packet->payload, packet->size);
}

static void note_start(struct wire_log *log, const struct obs_dma_open *open)
{
    size_t before = log->start_room;

    log->starts = grow(log->starts, &log->start_room, open->transfer + 1u, sizeof *log->starts);
    memset(log->starts + before, 0, (log->start_room - before) * sizeof *log->starts);
    log->starts[open->transfer] = open->pc;
}

/* ---- Masters other than USBD ------------------------------------------------------------------
 */

static struct wire_packet *serial_packet(const struct wire_log *log, uint32_t transfer)
{
    uint32_t number = transfer < log->serial_room ? log->serial_of[transfer] : 0;

    return number ? &log->serial.packet[number - 1] : NULL;
}

static void note_capture(struct wire_log *log, const struct observation *seen)
{
    const struct obs_dma_open *capture = &seen->dma_open;
    size_t before = log->serial_room;

    if (trace_channel(log->trace, capture->channel)->far_side != DMA_OFF_CHIP)
        return;
    log->serial_of =
        grow(log->serial_of, &log->serial_room, capture->transfer + 1u, sizeof *log->serial_of);
    memset(log->serial_of + before, 0, (log->serial_room - before) * sizeof *log->serial_of);
    (void)add(&log->serial, (struct wire_packet){.when = seen->when,
                                                 .transfer = capture->transfer,
                                                 .channel = capture->channel,
                                                 .at = reserve(log, capture->window.size)});
    log->serial_of[capture->transfer] = (uint32_t)log->serial.count;
}

/* An SPI sends while it receives: what goes out with the bytes that come in is often anything. */
static void note_exchange(struct wire_log *log, const struct observation *seen)
{
    const struct obs_dma_open *capture = &seen->dma_open;
    const struct dma_channel_name *name = trace_channel(log->trace, capture->channel);

    if (name->far_side != DMA_EXCHANGED)
        return;
    for (size_t i = log->serial.count; i-- > 0;) {
        struct wire_packet *packet = &log->serial.packet[i];

        if (trace_channel(log->trace, packet->channel)->block == name->block) {
            packet->exchange = (uint16_t)capture->window.size;
            return;
        }
    }
}

static void note_word(struct wire_log *log, const struct obs_dma_word *word)
{
    struct wire_packet *packet = serial_packet(log, word->transfer);

    if (!packet)
        return;
    memcpy(log->bytes + packet->at + packet->size, word->bytes, word->size);
    packet->size = (uint16_t)(packet->size + word->size);
}

static void see(void *owner, const struct observation *seen)
{
    struct wire_log *log = owner;

    if (seen->kind == OBS_USB_PACKET) {
        note_packet(log, seen);
    } else if (seen->kind == OBS_DMA_OPEN) {
        note_start(log, &seen->dma_open);
    } else if (seen->kind == OBS_DMA_WORD) {
        note_word(log, &seen->dma_word);
    } else {
        note_capture(log, seen);
        note_exchange(log, seen);
    }
}

void wire_log_attach(struct wire_log *log, struct trace *trace)
{
    log->trace = trace;
    trace_subscribe(trace,
                    TRACE_KIND(USB_PACKET) | TRACE_KIND(DMA_OPEN) | TRACE_KIND(DMA_CAPTURE) |
                        TRACE_KIND(DMA_WORD),
                    see, log);
}

void wire_log_free(struct wire_log *log)
{
    heap_release(log->usb.packet);
    heap_release(log->serial.packet);
    heap_release(log->serial_of);
    heap_release(log->bytes);
    heap_release(log->starts);
    *log = (struct wire_log){0};
}

const uint8_t *wire_log_payload(const struct wire_log *log, const struct wire_packet *packet)
{
    return log->bytes + packet->at;
}

guest_addr wire_log_start(const struct wire_log *log, uint32_t number)
{
    return number < log->start_room ? log->starts[number] : 0;
}

const struct wire_packet *wire_log_packet_of(const struct wire_log *log, uint32_t transfer)
{
    for (size_t i = 0; i < log->usb.count; i++) {
        if (log->usb.packet[i].transfer == transfer)
            return &log->usb.packet[i];
    }
    return serial_packet(log, transfer);
}

bool wire_packets_equal(const struct wire_log *one, const struct wire_packet *first,
                        const struct wire_log *two, const struct wire_packet *second)
{
    return first->endpoint == second->endpoint && first->channel == second->channel &&
           first->pid == second->pid && first->size == second->size &&
           (!first->size || !memcmp(one->bytes + first->at, two->bytes + second->at, first->size));
}
