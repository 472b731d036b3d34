/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data out and in at the same time (USB 2.0, 5.6 to 5.8): the two sides take turns as long as both
 * have something to do, and each has the bus alone while the other waits.
 *
 * Deviations:
 *   1. A short packet ends no transfer: to a stream the bytes count, not how they are cut. Packets
 * of length zero are taken and mean nothing.
 *   2. Isochronous packets are sent behind one another from the beginning of the stream; a device
 *      that was not ready for the first ones loses them, and they are counted.
 */
#include "sim/usb/host_state.h"

#include <assert.h>
#include <string.h>

#define PATIENCE (5 * CYCLES_PER_SECOND)

/* Frames that isochronous packets may need to come back when all have been sent. */
enum { ISO_GRACE_FRAMES = 8 };

/* ---- The pattern ----------------------------------------------------------------------------- */

/* Without a period that a buffer could have. */
static uint8_t pattern(const struct stream_state *stream, uint32_t at)
{
    return (uint8_t)((at + stream->seed * 40503u + 1) * 2654435761u >> 24);
}

static void fill(const struct stream_state *stream, uint8_t *bytes, uint32_t at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = pattern(stream, at + (uint32_t)i);
}

static bool fits(const struct stream_state *stream, const struct usb_data *packet, uint32_t at)
{
    for (uint32_t i = 0; i < packet->size; i++)
        if (packet->bytes[i] != pattern(stream, at + i))
            return false;
    return true;
}

static void note_difference(struct stream_state *stream, const struct usb_data *packet, uint32_t at)
{
    for (uint32_t i = 0; i < packet->size; i++) {
        if (packet->bytes[i] != pattern(stream, at + i)) {
            stream->wrong_at = at + i;
            stream->wrong = packet->bytes[i];
            stream->right = pattern(stream, at + i);
            return;
        }
    }
}

/* ---- Whose turn it is ------------------------------------------------------------------------ */

static bool goes_on(const struct stream_state *stream, bool reads)
{
    const struct stream_side *side = &stream->side[reads];

    return side->used && (side->done < stream->size || side->zlp_due);
}

/* Bytes of the packet that is next, as the sender cuts them: to the end of the transfer at most. */
size_t stream_packet_size(const struct stream_state *stream, const struct stream_side *side)
{
    uint32_t left = stream->size - side->done;

    if (side->zlp_due)
        return 0;
    if (stream->boundary && left > stream->boundary - side->done % stream->boundary)
        left = stream->boundary - side->done % stream->boundary;
    return left < side->packet_max ? left : side->packet_max;
}

/* A full packet does not end a transfer (USB 2.0, 5.8.3). */
static void note_boundary(const struct stream_state *stream, struct stream_side *side, size_t size)
{
    bool ends = side->done == stream->size || side->done % stream->boundary == 0;

    side->zlp_due = ends && size == side->packet_max;
}

/* The side whose token comes first; of two that may both go now, the one that did not go last. */
static bool next_side(const struct stream_state *stream, sim_time now)
{
    const struct stream_side *out = &stream->side[0];
    const struct stream_side *in = &stream->side[1];

    if (!goes_on(stream, false) || !goes_on(stream, true))
        return goes_on(stream, true);
    if (out->next <= now && in->next <= now)
        return !stream->turn;
    return in->next < out->next || (in->next == out->next && !stream->turn);
}

/* How long until the device has what it needs for an answer. */
static sim_time lead_of(const struct host *host, bool reads)
{
    const struct stream_state *stream = &host->state.stream;
    const struct stream_side *side = &stream->side[reads];
    size_t size = stream_packet_size(stream, side);
    uint8_t bytes[USB_ISO_MAX];

    if (reads)
        return transaction_lead_in(host, side->endpoint);
    fill(stream, bytes, side->done, size);
    return transaction_lead_out(host, side->endpoint,
                                (uint8_t)pipe_toggle(host, false, side->endpoint), bytes, size);
}

static void schedule_token(struct host *host)
{
    const struct stream_state *stream = &host->state.stream;
    sim_time now = host->wiring.scheduler->state.now;
    sim_time free = host->state.bus_free > now ? host->state.bus_free : now;
    bool reads = next_side(stream, free);
    const struct stream_side *side = &stream->side[reads];

    frame_schedule_token(host, side->packet_max, side->next > free ? side->next - free : 0);
}

/* When this side may send its next token: polled ones in a later frame, bulk soon. */
static void pace(struct host *host, struct stream_side *side, bool refused)
{
    enum choice_point point = refused ? CHOICE_HOST_TOKEN : CHOICE_HOST_BULK;

    if (side->interval)
        side->next = frame_opening(host, side->interval);
    else
        side->next = host->state.bus_free + frame_pause(host, point, side->endpoint);
}

void stream_postpone(struct host *host, sim_time pause)
{
    struct stream_state *stream = &host->state.stream;

    stream->deadline += pause;
    host->state.bus_free = host->wiring.scheduler->state.now + pause;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_TOKEN, 0);
    schedule_token(host);
}

/* ---- The beginning --------------------------------------------------------------------------- */

static void prepare(struct stream_side *side, const struct host_pipe *pipe)
{
    if (!pipe->endpoint)
        return;
    assert(pipe->endpoint < HOST_ENDPOINTS && pipe->packet_max >= 1);
    assert(pipe->packet_max <= (pipe->isochronous ? USB_ISO_MAX : USB_PACKET_MAX));
    side->used = true;
    side->endpoint = pipe->endpoint;
    side->packet_max = pipe->packet_max;
    side->isochronous = pipe->isochronous;
    side->interval = pipe->isochronous && !pipe->interval ? 1 : pipe->interval;
}

void stream_begin(struct host *host, const struct host_stream *wanted)
{
    struct stream_state *stream = &host->state.stream;

    assert(!stream->active && (wanted->out.endpoint || wanted->in.endpoint));
    assert(wanted->size >= 1 && wanted->size <= HOST_STREAM_MAX);
    memset(stream, 0, sizeof *stream);
    prepare(&stream->side[0], &wanted->out);
    prepare(&stream->side[1], &wanted->in);
    stream->size = wanted->size;
    stream->seed = wanted->seed;
    stream->boundary = wanted->boundary;
    stream->pause = wanted->pause;
    stream->pause_every = wanted->pause_every;
    stream->patience = wanted->patience ? wanted->patience : PATIENCE;
    stream->started = host->wiring.scheduler->state.now;
    stream->deadline = stream->started + stream->patience;
    stream->turn = true; /* out begins */
    stream->outcome = TRANSFER_BUSY;
    stream->active = true;
    host->state.kind = ON_STREAM;
    schedule_token(host);
}

/* ---- The end --------------------------------------------------------------------------------- */

/* Ends the stream. Returns false: it does not go on. */
static bool finish(struct host *host, enum transfer_outcome outcome)
{
    struct stream_state *stream = &host->state.stream;

    stream->outcome = (uint8_t)outcome;
    stream->ended = host->state.bus_free; /* of the last transaction */
    stream->active = false;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_TOKEN, 0);
    host_transfer_ended(host);
    return false;
}

static bool finish_with_fault(struct host *host, enum transfer_fault fault, size_t culprit)
{
    host->state.stream.fault = (uint8_t)fault;
    host->state.stream.culprit = (uint16_t)culprit;
    return finish(host, TRANSFER_BABBLE);
}

static bool finish_if_complete(struct host *host)
{
    const struct stream_state *stream = &host->state.stream;

    if (goes_on(stream, false) || goes_on(stream, true))
        return true;
    return finish(host, TRANSFER_DONE);
}

/* ---- Packets --------------------------------------------------------------------------------- */

static bool moved(struct host *host, bool reads, size_t size)
{
    struct stream_state *stream = &host->state.stream;
    struct stream_side *side = &stream->side[reads];
    uint32_t before = side->done;

    if (!side->isochronous)
        pipe_flip_toggle(host, reads, side->endpoint);
    side->done += (uint32_t)size;
    side->packets++;
    if (stream->boundary)
        note_boundary(stream, side, size);
    side->silences = 0;
    side->repeats = 0;
    stream->deadline = host->wiring.scheduler->state.now + stream->patience;
    pace(host, side, false);
    if (reads && stream->pause_every &&
        before / stream->pause_every != side->done / stream->pause_every) {
        side->next = host->state.bus_free + stream->pause;
        stream->deadline += stream->pause;
    }
    return finish_if_complete(host);
}

/* NAK and silence: again later, unless it has been enough. */
static bool refused(struct host *host, bool reads, enum usb_answer answer)
{
    struct stream_side *side = &host->state.stream.side[reads];

    if (answer == USB_ANSWER_STALL)
        return finish(host, TRANSFER_STALLED);
    if (answer == USB_ANSWER_NAK)
        side->silences = 0;
    else if (++side->silences >= HOST_TRIES)
        return finish(host, TRANSFER_SILENT);
    if (host->wiring.scheduler->state.now >= host->state.stream.deadline)
        return finish(host, TRANSFER_TIMED_OUT);
    pace(host, side, true);
    return true;
}

/* As in pipe.c: the device missed the last ACK (USB 2.0, 8.6.4). */
static bool drop_repeated(struct host *host, const struct usb_data *packet)
{
    struct stream_side *side = &host->state.stream.side[1];

    transaction_acknowledge(host, side->endpoint);
    if (!port_enabled(host))
        return false;
    if (++side->repeats >= HOST_TRIES)
        return finish_with_fault(host, FAULT_TOGGLE, packet->pid);
    pace(host, side, false);
    return true;
}

/* More than was written cannot come back. A packet whose ACK was lost may have been taken. */
uint32_t stream_bytes_due(const struct stream_state *stream)
{
    const struct stream_side *out = &stream->side[0];
    uint32_t limit = out->used ? out->done : stream->size;

    if (out->used && out->silences)
        limit += (uint32_t)stream_packet_size(stream, &stream->side[0]);
    return limit - stream->side[1].done;
}

/* Returns whether the stream goes on. */
static bool take_packet(struct host *host, const struct usb_data *packet)
{
    struct stream_state *stream = &host->state.stream;
    struct stream_side *side = &stream->side[1];

    if (packet->pid != PID_DATA0 && packet->pid != PID_DATA1)
        return finish_with_fault(host, FAULT_PID, packet->pid);
    if (packet->size > side->packet_max)
        return finish_with_fault(host, FAULT_PACKET_TOO_BIG, packet->size);
    if (packet->pid != pipe_toggle(host, true, side->endpoint))
        return drop_repeated(host, packet);
    if (packet->size > stream_bytes_due(stream))
        return finish_with_fault(host, FAULT_TOO_MUCH_DATA, packet->size);
    if (stream->boundary && packet->size != stream_packet_size(stream, side))
        return finish_with_fault(host, FAULT_BOUNDARY, packet->size);
    if (stream->side[0].used && !fits(stream, packet, side->done)) {
        note_difference(stream, packet, side->done);
        return finish_with_fault(host, FAULT_DATA, 0);
    }
    if (!script_loses_handshake(host, STAGE_DATA, packet->size))
        transaction_acknowledge(host, side->endpoint);
    return port_enabled(host) && moved(host, true, packet->size);
}

/* ---- Isochronous packets --------------------------------------------------------------------- */

/* Which packet is it? Those before it are lost. */
static bool take_isochronous(struct host *host, const struct usb_data *packet)
{
    struct stream_state *stream = &host->state.stream;
    struct stream_side *side = &stream->side[1];
    uint32_t step = stream->side[0].packet_max;
    uint32_t at = side->done;

    if (packet->size > side->packet_max)
        return finish_with_fault(host, FAULT_PACKET_TOO_BIG, packet->size);
    if (!stream->side[0].used)
        return moved(host, true,
                     packet->size < stream->size - at ? packet->size : stream->size - at);
    while (at < stream->side[0].done && !fits(stream, packet, at))
        at += step;
    if (at >= stream->side[0].done) {
        note_difference(stream, packet, side->done);
        return finish_with_fault(host, FAULT_DATA, 0);
    }
    side->lost += (at - side->done) / step;
    side->done = at;
    return moved(host, true, packet->size);
}

/* Nothing came in this frame. When all was sent and nothing comes any more, the rest is lost. */
static bool miss_isochronous(struct host *host)
{
    struct stream_state *stream = &host->state.stream;
    struct stream_side *in = &stream->side[1];
    struct stream_side *out = &stream->side[0];

    pace(host, in, true);
    if (in->silences < UINT8_MAX)
        in->silences++;
    if (host->wiring.scheduler->state.now >= stream->deadline)
        return finish(host, TRANSFER_SILENT);
    if (!out->used || out->done < stream->size || in->silences < ISO_GRACE_FRAMES)
        return true;
    if (!in->packets)
        return finish(host, TRANSFER_SILENT);
    in->lost += (stream->size - in->done + out->packet_max - 1) / out->packet_max;
    return finish(host, TRANSFER_DONE);
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

static struct transaction send_packet(struct host *host, const struct stream_side *side,
                                      const uint8_t *bytes, size_t size)
{
    enum usb_pid toggle = pipe_toggle(host, false, side->endpoint);
    enum packet_fate fate = script_packet_fate(host, STAGE_DATA, size);

    if (fate != FATE_USUAL)
        return script_disturbed_out(host, fate, side->endpoint, toggle, bytes, size);
    return transaction_out(host, side->endpoint, toggle, bytes, size, true);
}

/* A damaged packet is damaged: a device that uses it all the same shows. */
static struct transaction send_isochronous(struct host *host, const struct stream_side *side,
                                           uint8_t *bytes, size_t size)
{
    bool intact = script_packet_fate(host, STAGE_DATA, size) == FATE_USUAL;

    if (!intact && size)
        bytes[size / 2] ^= 0x5a;
    return transaction_isochronous_out(host, side->endpoint, bytes, size, intact);
}

static bool send(struct host *host)
{
    struct stream_state *stream = &host->state.stream;
    struct stream_side *side = &stream->side[0];
    uint8_t bytes[USB_ISO_MAX];
    size_t size = stream_packet_size(stream, &stream->side[0]);
    sim_time lead = lead_of(host, false);
    struct transaction result;

    fill(stream, bytes, side->done, size);
    if (side->isochronous)
        result = send_isochronous(host, side, bytes, size);
    else
        result = send_packet(host, side, bytes, size);
    host->state.bus_free = host->wiring.scheduler->state.now + lead + result.rest;
    if (!port_enabled(host))
        return false;
    if (result.answer == USB_ANSWER_ACK && !side->isochronous &&
        script_loses_handshake(host, STAGE_DATA, size))
        result.answer = USB_ANSWER_NONE;
    return result.answer == USB_ANSWER_ACK ? moved(host, false, size)
                                           : refused(host, false, result.answer);
}

static bool receive(struct host *host)
{
    struct stream_side *side = &host->state.stream.side[1];
    struct usb_data packet = {0};
    sim_time lead = lead_of(host, true);
    struct transaction result;
    bool intact = script_packet_fate(host, STAGE_DATA, side->packet_max) == FATE_USUAL;

    if (side->isochronous)
        result = transaction_isochronous_in(host, side->endpoint, &packet);
    else
        result = transaction_in(host, side->endpoint, &packet, intact);
    host->state.bus_free = host->wiring.scheduler->state.now + lead + result.rest;
    if (!port_enabled(host))
        return false;
    if (side->isochronous)
        return result.answer == USB_ANSWER_ACK && intact ? take_isochronous(host, &packet)
                                                         : miss_isochronous(host);
    return result.answer == USB_ANSWER_ACK ? take_packet(host, &packet)
                                           : refused(host, true, result.answer);
}

void stream_token(struct host *host)
{
    struct stream_state *stream = &host->state.stream;
    bool reads;

    if (!stream->active || !port_enabled(host))
        return;
    reads = next_side(stream, host->wiring.scheduler->state.now);
    stream->turn = reads;
    if (reads ? receive(host) : send(host))
        schedule_token(host);
}
