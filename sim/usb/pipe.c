/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bulk, interrupt and isochronous transfers as the host sees them (USB 2.0, 5.6
 * to 5.8, 8.5.2, 8.5.4, 8.5.5 and 8.6).
 *
 * Deviations:
 *   1. There is one transfer at a time; on a real bus those of several endpoints share the frames.
 *   2. The first poll of an interrupt endpoint comes at once, later ones at least bInterval
 *      frames behind the one before; real hosts round bInterval down to a power of two.
 *   3. After a NAK the next token follows in the same frame, as on hosts that have nothing else to
 * do.
 *   4. Nothing is refused on a halted endpoint: the host asks, and the device answers STALL again.
 */
#include "sim/usb/host_state.h"

#include "sim/base/bits.h"

#include <assert.h>
#include <string.h>

#define PATIENCE (5 * CYCLES_PER_SECOND)

/* ---- Data toggles ---------------------------------------------------------------------------- */

enum usb_pid pipe_toggle(const struct host *host, bool reads, uint8_t endpoint)
{
    return host->state.toggles[reads] >> endpoint & 1 ? PID_DATA1 : PID_DATA0;
}

void pipe_flip_toggle(struct host *host, bool reads, uint8_t endpoint)
{
    host->state.toggles[reads] ^= (uint16_t)(1u << endpoint);
}

static enum usb_pid toggle_of(const struct host *host)
{
    const struct pipe_state *pipe = &host->state.pipe;

    return pipe_toggle(host, pipe->reads, pipe->endpoint);
}

static void flip_toggle(struct host *host)
{
    const struct pipe_state *pipe = &host->state.pipe;

    pipe_flip_toggle(host, pipe->reads, pipe->endpoint);
}

static void force_toggle(struct host *host, uint8_t pid)
{
    if (toggle_of(host) != pid)
        flip_toggle(host);
}

void pipe_reset_toggles(struct host *host)
{
    memset(host->state.toggles, 0, sizeof host->state.toggles);
}

void pipe_reset_toggle(struct host *host, uint8_t address)
{
    host->state.toggles[address >> 7] &= (uint16_t) ~(1u << (address & 15));
}

/* The first of the configuration; NULL as long as the host has not read it. */
static const uint8_t *first_descriptor(const struct host *host)
{
    return host->state.configuration_size >= 2 ? host->state.configuration_bytes : NULL;
}

static const uint8_t *next_descriptor(const struct host *host, const uint8_t *descriptor)
{
    return usb_next_descriptor(descriptor,
                               host->state.configuration_bytes + host->state.configuration_size);
}

static bool is_endpoint(const uint8_t *descriptor)
{
    return descriptor[0] >= ENDPOINT_DESCRIPTOR_SIZE && descriptor[1] == USB_ENDPOINT;
}

void pipe_reset_interface_toggles(struct host *host, uint8_t interface)
{
    bool inside = false;

    for (const uint8_t *descriptor = first_descriptor(host); descriptor;
         descriptor = next_descriptor(host, descriptor)) {
        if (descriptor[1] == USB_INTERFACE && descriptor[0] >= INTERFACE_DESCRIPTOR_SIZE)
            inside = descriptor[2] == interface;
        else if (inside && is_endpoint(descriptor))
            pipe_reset_toggle(host, descriptor[2]);
    }
}

/* ---- What the descriptor says ---------------------------------------------------------------- */

static void take_descriptor(struct host_pipe *pipe, const uint8_t *descriptor)
{
    uint16_t size = load_le16(descriptor + 4) & 0x7ff;
    bool interrupt = (descriptor[3] & 3) == 3;

    pipe->isochronous = (descriptor[3] & 3) == 1;
    if (size >= 1 && size <= (pipe->isochronous ? USB_ISO_MAX : USB_PACKET_MAX))
        pipe->packet_max = size;
    if (pipe->isochronous)
        pipe->interval = 1; /* bInterval is an exponent (9.6.6), and 1 in practice */
    if (interrupt)
        pipe->interval = descriptor[6] ? descriptor[6] : 1;
}

struct host_pipe host_pipe(const struct host *host, uint8_t endpoint, bool reads)
{
    struct host_pipe pipe = {.endpoint = endpoint, .packet_max = USB_PACKET_MAX};
    uint8_t address = (uint8_t)(endpoint | (reads ? 0x80 : 0));

    for (const uint8_t *descriptor = first_descriptor(host); descriptor;
         descriptor = next_descriptor(host, descriptor)) {
        if (is_endpoint(descriptor) && descriptor[2] == address) {
            take_descriptor(&pipe, descriptor);
            break;
        }
    }
    return pipe;
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

static size_t bytes_left(const struct pipe_state *pipe)
{
    return pipe->size - pipe->done;
}

static size_t next_packet_size(const struct pipe_state *pipe)
{
    size_t left = bytes_left(pipe);

    return left < pipe->packet_max ? left : pipe->packet_max;
}

/* How long until the device has what it needs for an answer. */
static sim_time lead_of(const struct host *host)
{
    const struct pipe_state *pipe = &host->state.pipe;

    if (pipe->reads)
        return transaction_lead_in(host, pipe->endpoint);
    return transaction_lead_out(host, pipe->endpoint,
                                (uint8_t)(pipe->isochronous ? PID_DATA0 : toggle_of(host)),
                                pipe->data + pipe->done, next_packet_size(pipe));
}

/* A bulk endpoint has what is left of a frame; one that NAKed is asked a little later. */
static sim_time bulk_pause(struct host *host, bool refused)
{
    enum choice_point point = refused ? CHOICE_HOST_TOKEN : CHOICE_HOST_BULK;

    return frame_pause(host, point, host->state.pipe.endpoint);
}

static void schedule_token(struct host *host, bool refused)
{
    const struct pipe_state *pipe = &host->state.pipe;
    sim_time now = host->wiring.scheduler->state.now;
    sim_time poll = host->state.next_poll[pipe->reads][pipe->endpoint];

    sim_time pause;

    if (!pipe->interval)
        pause = bulk_pause(host, refused);
    else
        pause = poll > now ? poll - now : 0;
    frame_schedule_token(host, pipe->packet_max, pause);
}

static void note_poll(struct host *host)
{
    const struct pipe_state *pipe = &host->state.pipe;

    if (pipe->interval)
        host->state.next_poll[pipe->reads][pipe->endpoint] = frame_opening(host, pipe->interval);
}

void pipe_postpone(struct host *host, sim_time pause)
{
    host->state.pipe.deadline += pause;
    host->state.bus_free = host->wiring.scheduler->state.now + pause;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_TOKEN, 0);
    schedule_token(host, false);
}

/* ---- The transfer ---------------------------------------------------------------------------- */

static void extend_deadline(struct host *host)
{
    host->state.pipe.deadline = host->wiring.scheduler->state.now + host->state.pipe.patience;
}

void pipe_begin(struct host *host, const struct host_pipe *wanted, bool reads, const uint8_t *data,
                size_t size)
{
    struct pipe_state *pipe = &host->state.pipe;

    assert(!pipe->active && wanted->endpoint >= 1 && wanted->endpoint < HOST_ENDPOINTS);
    assert(wanted->packet_max >= 1);
    assert(wanted->packet_max <= (wanted->isochronous ? USB_ISO_MAX : USB_PACKET_MAX));
    assert(size <= HOST_DATA_MAX);
    memset(pipe, 0, sizeof *pipe);
    if (!reads && size)
        memcpy(pipe->data, data, size);
    pipe->size = (uint32_t)size;
    pipe->packet_max = wanted->packet_max;
    pipe->isochronous = wanted->isochronous;
    pipe->interval = wanted->isochronous ? 1 : wanted->interval;
    pipe->patience = wanted->patience ? wanted->patience : PATIENCE;
    pipe->endpoint = wanted->endpoint;
    pipe->reads = reads;
    pipe->zlp = wanted->zlp;
    pipe->strict = wanted->toggle != 0;
    if (wanted->toggle)
        force_toggle(host, wanted->toggle);
    pipe->outcome = TRANSFER_BUSY;
    pipe->active = true;
    host->state.kind = ON_PIPE;
    extend_deadline(host);
    schedule_token(host, false);
}

/* Ends the transfer. Returns false: it does not go on. */
static bool finish(struct host *host, enum transfer_outcome outcome)
{
    host->state.pipe.outcome = (uint8_t)outcome;
    host->state.pipe.active = false;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_TOKEN, 0);
    host_transfer_ended(host);
    return false;
}

static bool finish_with_fault(struct host *host, enum transfer_fault fault, size_t culprit)
{
    host->state.pipe.fault = (uint8_t)fault;
    host->state.pipe.culprit = (uint16_t)culprit;
    return finish(host, TRANSFER_BABBLE);
}

/* A packet arrived at the other side. Returns whether the transfer goes on. */
static bool packet_moved(struct host *host, size_t size)
{
    struct pipe_state *pipe = &host->state.pipe;

    if (!pipe->isochronous)
        flip_toggle(host);
    pipe->done += (uint32_t)size;
    pipe->packets++;
    pipe->silences = 0;
    pipe->repeats = 0;
    extend_deadline(host);
    if (size < pipe->packet_max || (!bytes_left(pipe) && !pipe->zlp))
        return finish(host, TRANSFER_DONE);
    return true;
}

/* As in control transfers: the device missed the last ACK (USB 2.0, 8.6.4). */
static bool drop_repeated(struct host *host, const struct usb_data *packet)
{
    struct pipe_state *pipe = &host->state.pipe;

    transaction_acknowledge(host, pipe->endpoint);
    if (!port_enabled(host))
        return false;
    if (pipe->ignored < UINT8_MAX)
        pipe->ignored++;
    if (++pipe->repeats < HOST_TRIES)
        return true;
    return finish_with_fault(host, FAULT_TOGGLE, packet->pid);
}

/* The host acknowledges what it can use, and nothing else. Returns whether the transfer goes on. */
static bool take_packet(struct host *host, const struct usb_data *packet)
{
    struct pipe_state *pipe = &host->state.pipe;

    if (packet->pid != PID_DATA0 && packet->pid != PID_DATA1)
        return finish_with_fault(host, FAULT_PID, packet->pid);
    if (packet->size > pipe->packet_max)
        return finish_with_fault(host, FAULT_PACKET_TOO_BIG, packet->size);
    if (packet->pid != toggle_of(host))
        return pipe->strict && !pipe->packets ? finish_with_fault(host, FAULT_TOGGLE, packet->pid)
                                              : drop_repeated(host, packet);
    if (packet->size > bytes_left(pipe))
        return finish_with_fault(host, FAULT_TOO_MUCH_DATA, (size_t)pipe->done + packet->size);

    memcpy(pipe->data + pipe->done, packet->bytes, packet->size);
    if (!script_loses_handshake(host, STAGE_DATA, packet->size))
        transaction_acknowledge(host, pipe->endpoint);
    return port_enabled(host) && packet_moved(host, packet->size);
}

/* NAK and silence: again later, unless it has been enough. Returns whether the transfer goes on. */
static bool refused(struct host *host, enum usb_answer answer)
{
    struct pipe_state *pipe = &host->state.pipe;

    if (answer == USB_ANSWER_NAK)
        pipe->silences = 0;
    else if (++pipe->silences >= HOST_TRIES)
        return finish(host, TRANSFER_SILENT);
    if (host->wiring.scheduler->state.now >= pipe->deadline)
        return finish(host, TRANSFER_TIMED_OUT);
    return true;
}

static struct transaction transact(struct host *host, enum packet_fate fate,
                                   struct usb_data *packet)
{
    const struct pipe_state *pipe = &host->state.pipe;

    if (pipe->reads)
        return transaction_in(host, pipe->endpoint, packet, fate == FATE_USUAL);
    if (fate != FATE_USUAL)
        return script_disturbed_out(host, fate, pipe->endpoint, toggle_of(host),
                                    pipe->data + pipe->done, next_packet_size(pipe));
    return transaction_out(host, pipe->endpoint, toggle_of(host), pipe->data + pipe->done,
                           next_packet_size(pipe), true);
}

/* The device's ACK for `size` bytes arrived, or was lost. Returns whether the transfer goes on. */
static bool packet_taken(struct host *host, size_t size)
{
    if (script_loses_handshake(host, STAGE_DATA, size))
        return refused(host, USB_ANSWER_NONE);
    return packet_moved(host, size);
}

/* Returns whether the transfer goes on. */
static bool judge(struct host *host, enum usb_answer answer, const struct usb_data *packet)
{
    switch (answer) {
    case USB_ANSWER_STALL:
        return finish(host, TRANSFER_STALLED);
    case USB_ANSWER_NAK:
    case USB_ANSWER_NONE:
        return refused(host, answer);
    case USB_ANSWER_ACK:
        break;
    }
    return host->state.pipe.reads ? take_packet(host, packet)
                                  : packet_taken(host, next_packet_size(&host->state.pipe));
}

/* ---- Isochronous packets: one a frame, without handshake or toggle ----------------------------
 */

static bool take_isochronous(struct host *host, const struct usb_data *packet)
{
    struct pipe_state *pipe = &host->state.pipe;

    if (packet->size > pipe->packet_max)
        return finish_with_fault(host, FAULT_PACKET_TOO_BIG, packet->size);
    if (packet->size > bytes_left(pipe))
        return finish_with_fault(host, FAULT_TOO_MUCH_DATA, (size_t)pipe->done + packet->size);
    memcpy(pipe->data + pipe->done, packet->bytes, packet->size);
    return packet_moved(host, packet->size);
}

/* Nothing came in this frame, or nothing that could be used. */
static bool miss_isochronous(struct host *host)
{
    if (host->wiring.scheduler->state.now >= host->state.pipe.deadline)
        return finish(host, TRANSFER_SILENT);
    return true;
}

static bool isochronous_token(struct host *host, bool intact, sim_time lead)
{
    const struct pipe_state *pipe = &host->state.pipe;
    size_t size = next_packet_size(pipe);
    struct usb_data packet = {0};
    struct transaction result;

    if (pipe->reads)
        result = transaction_isochronous_in(host, pipe->endpoint, &packet);
    else
        result = transaction_isochronous_out(host, pipe->endpoint, pipe->data + pipe->done, size,
                                             intact);
    host->state.bus_free = host->wiring.scheduler->state.now + lead + result.rest;
    if (!port_enabled(host))
        return false;
    if (!pipe->reads)
        return packet_moved(host, size);
    return result.answer == USB_ANSWER_ACK && intact ? take_isochronous(host, &packet)
                                                     : miss_isochronous(host);
}

/* ---- Tokens that are due --------------------------------------------------------------------- */

/* Returns whether the transfer goes on. */
static bool handshaken_token(struct host *host, enum packet_fate fate, sim_time lead, bool *refused)
{
    struct usb_data packet = {0};
    struct transaction result = transact(host, fate, &packet);

    host->state.bus_free = host->wiring.scheduler->state.now + lead + result.rest;
    *refused = result.answer != USB_ANSWER_ACK;
    /* The device may have let go of D+ in the middle. */
    return port_enabled(host) && judge(host, result.answer, &packet);
}

void pipe_token(struct host *host)
{
    const struct pipe_state *pipe = &host->state.pipe;
    enum packet_fate fate;
    sim_time lead;
    bool refused = false;
    bool goes_on;

    if (!pipe->active || !port_enabled(host))
        return;
    note_poll(host);
    lead = lead_of(host);
    fate = script_packet_fate(host, STAGE_DATA,
                              pipe->reads ? pipe->packet_max : next_packet_size(pipe));
    if (pipe->isochronous)
        goes_on = isochronous_token(host, fate == FATE_USUAL, lead);
    else
        goes_on = handshaken_token(host, fate, lead, &refused);
    if (goes_on)
        schedule_token(host, refused);
}

/* ---- In words -------------------------------------------------------------------------------- */

void pipe_print_request(struct text *text, const struct host *host)
{
    const struct pipe_state *pipe = &host->state.pipe;

    text_printf(text, "%s endpoint %u, %u byte%s %s", pipe->reads ? "IN" : "OUT", pipe->endpoint,
                pipe->size, pipe->size == 1 ? "" : "s", pipe->reads ? "wanted" : "to write");
}

static void print_data(struct text *text, const struct pipe_state *pipe)
{
    if (!pipe->reads) {
        text_printf(text, "ok");
        return;
    }
    text_printf(text, "%u byte%s", pipe->done, pipe->done == 1 ? "" : "s");
    transfer_print_bytes(text, pipe->data, pipe->done);
}

static void print_fault(struct text *text, const struct pipe_state *pipe)
{
    enum transfer_fault fault = (enum transfer_fault)pipe->fault;

    transfer_print_fault(text, fault, pipe->culprit,
                         fault == FAULT_PACKET_TOO_BIG ? pipe->packet_max : pipe->size,
                         pipe->endpoint);
}

static void print_silence(struct text *text, const struct host *host, const char *awaited)
{
    const struct pipe_state *pipe = &host->state.pipe;

    if (pipe->isochronous) {
        text_printf(text, "no isochronous packet came for %.6g s, after %u bytes",
                    (double)pipe->patience / (double)CYCLES_PER_SECOND, pipe->done);
        return;
    }
    text_printf(text, "no answer to %s at address %u, %d times in a row", awaited,
                host->state.address, HOST_TRIES);
    transfer_print_ignored(text, pipe->ignored);
}

void pipe_print_result(struct text *text, const struct host *host)
{
    const struct pipe_state *pipe = &host->state.pipe;
    const char *awaited = pipe->reads ? "IN tokens" : "OUT data packets";

    switch ((enum transfer_outcome)pipe->outcome) {
    case TRANSFER_BUSY:
        text_printf(text, "still going on");
        break;
    case TRANSFER_DONE:
        print_data(text, pipe);
        break;
    case TRANSFER_STALLED:
        text_printf(text, "STALL");
        break;
    case TRANSFER_TIMED_OUT:
        text_printf(text, "the device answered %s with NAK for %.6g s, after %u bytes", awaited,
                    (double)pipe->patience / (double)CYCLES_PER_SECOND, pipe->done);
        transfer_print_ignored(text, pipe->ignored);
        break;
    case TRANSFER_SILENT:
        print_silence(text, host, awaited);
        break;
    case TRANSFER_BABBLE:
        print_fault(text, pipe);
        break;
    }
}
