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

static void note_packet(struct wire_log *log, const struct observation *seen)
{
    const struct obs_usb_packet *packet = &seen->usb_packet;

    if (packet->sender != USB_FROM_DEVICE || (packet->pid & PID_KIND) != PID_DATA)
        return;
    log->packets = grow(log->packets, &log->packet_room, log->count + 1, sizeof *log->packets);
    log->bytes = grow(log->bytes, &log->byte_room, log->used + packet->size, 1);
    log->packets[log->count++] = (struct wire_packet){.when = seen->when,
                                                      .transfer = packet->transfer,
                                                      .endpoint = packet->endpoint,
                                                      .pid = packet->pid,
                                                      .size = packet->size,
                                                      .at = log->used};
    if (packet->size)
        memcpy(log->bytes + log->used, packet->payload, packet->size);
    log->used += packet->size;
}

static void note_start(struct wire_log *log, const struct obs_dma_open *open)
{
    size_t before = log->start_room;

    log->starts = grow(log->starts, &log->start_room, open->transfer + 1u, sizeof *log->starts);
    memset(log->starts + before, 0, (log->start_room - before) * sizeof *log->starts);
    log->starts[open->transfer] = open->pc;
}

static void see(void *owner, const struct observation *seen)
{
    struct wire_log *log = owner;

    if (seen->kind == OBS_USB_PACKET)
        note_packet(log, seen);
    else
        note_start(log, &seen->dma_open);
}

void wire_log_attach(struct wire_log *log, struct trace *trace)
{
    trace_subscribe(trace, TRACE_KIND(USB_PACKET) | TRACE_KIND(DMA_OPEN), see, log);
}

void wire_log_free(struct wire_log *log)
{
    heap_release(log->packets);
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
    for (size_t i = 0; i < log->count; i++) {
        if (log->packets[i].transfer == transfer)
            return &log->packets[i];
    }
    return NULL;
}

bool wire_packets_equal(const struct wire_log *one, const struct wire_packet *first,
                        const struct wire_log *two, const struct wire_packet *second)
{
    return first->endpoint == second->endpoint && first->pid == second->pid &&
           first->size == second->size &&
           (!first->size || !memcmp(one->bytes + first->at, two->bytes + second->at, first->size));
}
