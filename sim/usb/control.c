/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control transfers as the host sees them (USB 2.0, 5.5, 8.5.3 and 8.6).
 *
 * Deviations:
 *   1. Each stage has its own time-out of 5 s; Linux gives 5 s to the whole transfer.
 *   2. Only the first HOST_DATA_MAX bytes of a longer answer are kept.
 */
#include "sim/base/bits.h"
#include "sim/usb/host_state.h"

#include <assert.h>
#include <string.h>

#define STAGE_TIME (5 * CYCLES_PER_SECOND)
/* SOF packet and the gap behind it: no token sooner than this into a frame. */
#define FRAME_OPENING (4 * CYCLES_PER_US)
/* The host is quiet for the last bit times of a frame (USB 2.0, 11.2.5). */
#define FRAME_CLOSING (3 * CYCLES_PER_US)

enum { TRIES = 3 }; /* transactions without an answer or without progress, in a row */

static struct usb_request request_of(const struct control_state *control)
{
    return usb_request_parse(control->setup);
}

/* The status stage goes against the data stage; without one it is an IN. */
static bool status_is_in(const struct control_state *control)
{
    return !usb_request_reads(request_of(control));
}

static bool stage_is_in(const struct control_state *control)
{
    return control->stage == STAGE_DATA ? usb_request_reads(request_of(control))
                                        : control->stage == STAGE_STATUS && status_is_in(control);
}

static size_t bytes_left(const struct control_state *control)
{
    return (size_t)(request_of(control).length - control->done);
}

static size_t next_packet_size(const struct host *host)
{
    size_t left = bytes_left(&host->state.control);

    return left < host->state.packet_max ? left : host->state.packet_max;
}

/* ---- when: no transaction crosses the end of a frame ----------------------------------------- */

/* The largest payload the next transaction of this stage may have. */
static size_t payload_bound(const struct host *host)
{
    switch ((enum control_stage)host->state.control.stage) {
    case STAGE_SETUP:
        return 8;
    case STAGE_DATA:
        return host->state.packet_max;
    case STAGE_STATUS:
        return 0;
    }
    return 0;
}

/* `when`, or the first token time of the frame behind it when there is no room left. */
static sim_time fit_into_frame(const struct host *host, sim_time when)
{
    sim_time frame = (when - host->state.frame_start) / CYCLES_PER_MS;
    sim_time start = host->state.frame_start + frame * CYCLES_PER_MS;
    sim_time last = start + CYCLES_PER_MS - FRAME_CLOSING - transaction_bound(payload_bound(host));

    if (when > last)
        return start + CYCLES_PER_MS + FRAME_OPENING;
    return when < start + FRAME_OPENING ? start + FRAME_OPENING : when;
}

static void schedule_token(struct host *host, sim_time busy)
{
    sim_time now = host->wiring.scheduler->state.now;
    sim_time pause = choose(host->wiring.chooser, CHOICE_HOST_TOKEN, 0);
    sim_time when = fit_into_frame(host, now + busy + pause);

    scheduler_add(host->wiring.scheduler, EVENT_HOST_TOKEN, 0, when - now, 0);
}

/* ---- stages ---------------------------------------------------------------------------------- */

static void enter_stage(struct host *host, enum control_stage stage, enum usb_pid toggle)
{
    struct control_state *control = &host->state.control;

    control->stage = (uint8_t)stage;
    control->toggle = (uint8_t)toggle;
    control->silences = 0;
    control->repeats = 0;
    control->deadline = host->wiring.scheduler->state.now + STAGE_TIME;
}

/* Ends the transfer. Returns false: it does not go on. */
static bool finish(struct host *host, enum transfer_outcome outcome)
{
    host->state.control.outcome = (uint8_t)outcome;
    host->state.control.active = false;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_TOKEN, 0);
    host_transfer_ended(host);
    return false;
}

static bool finish_with_fault(struct host *host, enum control_fault fault, size_t culprit)
{
    host->state.control.fault = (uint8_t)fault;
    host->state.control.culprit = (uint16_t)culprit;
    return finish(host, TRANSFER_BABBLE);
}

void control_begin(struct host *host, const uint8_t setup[8], const uint8_t *data)
{
    struct control_state *control = &host->state.control;
    struct usb_request request = usb_request_parse(setup);

    assert(!control->active);
    memset(control, 0, sizeof *control);
    memcpy(control->setup, setup, sizeof control->setup);
    if (!usb_request_reads(request) && request.length) {
        assert(data && request.length <= HOST_DATA_MAX);
        memcpy(control->data, data, request.length);
        control->stored = request.length;
    }
    control->active = true;
    control->outcome = TRANSFER_BUSY;
    enter_stage(host, STAGE_SETUP, PID_DATA0);
    schedule_token(host, 0);
}

void control_abort(struct host *host)
{
    if (!host->state.control.active)
        return;
    host->state.control.active = false;
    host->state.control.outcome = TRANSFER_SILENT;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_TOKEN, 0);
}

static bool after_setup(struct host *host)
{
    bool data = request_of(&host->state.control).length;

    enter_stage(host, data ? STAGE_DATA : STAGE_STATUS, PID_DATA1);
    return true;
}

static void flip_toggle(struct control_state *control)
{
    control->toggle = control->toggle == PID_DATA0 ? PID_DATA1 : PID_DATA0;
    control->silences = 0;
    control->repeats = 0;
}

static void store(struct control_state *control, const struct usb_data *packet)
{
    size_t room = sizeof control->data - control->stored;
    size_t size = packet->size < room ? packet->size : room;

    memcpy(control->data + control->stored, packet->bytes, size);
    control->stored += (uint32_t)size;
    control->done = (uint16_t)(control->done + packet->size);
}

/* A packet with the old toggle says that the device missed the last ACK: acknowledge and drop it
 * (USB 2.0, 8.6.4). Returns whether the transfer goes on. */
static bool drop_repeated(struct host *host, const struct usb_data *packet)
{
    struct control_state *control = &host->state.control;

    transaction_acknowledge(host);
    if (!port_enabled(host))
        return false;
    if (control->ignored < UINT8_MAX)
        control->ignored++;
    if (++control->repeats < TRIES)
        return true;
    return finish_with_fault(host, FAULT_TOGGLE, packet->pid);
}

/* The host acknowledges what it can use, and nothing else. Returns whether the transfer goes on. */
static bool take_packet(struct host *host, const struct usb_data *packet)
{
    struct control_state *control = &host->state.control;
    bool status = control->stage == STAGE_STATUS;

    if (packet->pid != PID_DATA0 && packet->pid != PID_DATA1)
        return finish_with_fault(host, FAULT_PID, packet->pid);
    if (packet->size > host->state.packet_max)
        return finish_with_fault(host, FAULT_PACKET_TOO_BIG, packet->size);
    if (packet->pid != control->toggle)
        return drop_repeated(host, packet);
    if (status && packet->size)
        return finish_with_fault(host, FAULT_STATUS_DATA, packet->size);
    if (!status && packet->size > bytes_left(control))
        return finish_with_fault(host, FAULT_TOO_MUCH_DATA, (size_t)control->done + packet->size);

    transaction_acknowledge(host);
    if (!port_enabled(host))
        return false;
    if (status)
        return finish(host, TRANSFER_DONE);
    store(control, packet);
    flip_toggle(control);
    if (packet->size < host->state.packet_max || !bytes_left(control))
        enter_stage(host, STAGE_STATUS, PID_DATA1);
    return true;
}

/* The device took an OUT packet. Returns whether the transfer goes on. */
static bool packet_taken(struct host *host)
{
    struct control_state *control = &host->state.control;

    if (control->stage == STAGE_STATUS)
        return finish(host, TRANSFER_DONE);
    control->done = (uint16_t)(control->done + next_packet_size(host));
    flip_toggle(control);
    if (!bytes_left(control))
        enter_stage(host, STAGE_STATUS, PID_DATA1);
    return true;
}

/* NAK and silence: again later, unless it has been enough. Returns whether the transfer goes on. */
static bool refused(struct host *host, enum usb_answer answer)
{
    struct control_state *control = &host->state.control;

    if (answer == USB_ANSWER_NAK)
        control->silences = 0;
    else if (++control->silences >= TRIES)
        return finish(host, TRANSFER_SILENT);
    if (host->wiring.scheduler->state.now >= control->deadline)
        return finish(host, TRANSFER_TIMED_OUT);
    return true;
}

static struct transaction transact(struct host *host, struct usb_data *packet)
{
    const struct control_state *control = &host->state.control;

    if (control->stage == STAGE_SETUP)
        return transaction_setup(host, control->setup);
    if (stage_is_in(control))
        return transaction_in(host, packet);
    if (control->stage == STAGE_STATUS)
        return transaction_out(host, PID_DATA1, NULL, 0);
    return transaction_out(host, (enum usb_pid)control->toggle, control->data + control->done,
                           next_packet_size(host));
}

/* Returns whether the transfer goes on. */
static bool judge(struct host *host, enum usb_answer answer, const struct usb_data *packet)
{
    struct control_state *control = &host->state.control;
    bool setup = control->stage == STAGE_SETUP;

    if (answer == USB_ANSWER_NONE)
        return refused(host, answer);
    if (setup && answer != USB_ANSWER_ACK)
        return finish_with_fault(host, FAULT_SETUP_REFUSED,
                                 answer == USB_ANSWER_NAK ? PID_NAK : PID_STALL);
    if (answer == USB_ANSWER_NAK)
        return refused(host, answer);
    if (answer == USB_ANSWER_STALL)
        return finish(host, TRANSFER_STALLED);
    if (setup)
        return after_setup(host);
    return stage_is_in(control) ? take_packet(host, packet) : packet_taken(host);
}

void control_token(struct host *host)
{
    struct usb_data packet = {0};
    struct transaction result;

    if (!host->state.control.active || !port_enabled(host))
        return;
    result = transact(host, &packet);
    if (!port_enabled(host)) /* the device let go of D+ in the middle */
        return;
    if (judge(host, result.answer, &packet))
        schedule_token(host, result.duration);
}

/* ---- in words -------------------------------------------------------------------------------- */

enum { BYTES_SHOWN = 24 };

static void print_data(struct text *text, const struct control_state *control)
{
    if (!usb_request_reads(request_of(control))) {
        text_printf(text, "ok");
        return;
    }
    text_printf(text, "%u byte%s", control->done, control->done == 1 ? "" : "s");
    for (size_t i = 0; i < control->stored && i < BYTES_SHOWN; i++)
        text_printf(text, "%s%02x", i ? " " : ": ", control->data[i]);
    if (control->stored > BYTES_SHOWN)
        text_printf(text, " ...");
}

static const char *awaited(const struct control_state *control)
{
    if (control->stage == STAGE_SETUP)
        return "the SETUP packet";
    if (control->stage == STAGE_DATA)
        return stage_is_in(control) ? "IN tokens in the data stage" : "OUT data packets";
    return stage_is_in(control) ? "IN tokens in the status stage"
                                : "the empty OUT packet of the status stage";
}

static void print_fault(struct text *text, const struct host *host)
{
    const struct control_state *control = &host->state.control;

    switch ((enum control_fault)control->fault) {
    case FAULT_SETUP_REFUSED:
        text_printf(text, "the device answered SETUP with %s, but it must accept every SETUP",
                    control->culprit == PID_NAK ? "NAK" : "STALL");
        break;
    case FAULT_PACKET_TOO_BIG:
        text_printf(text,
                    "the device sent a packet of %u bytes, endpoint 0 carries at most %u a packet",
                    control->culprit, host->state.packet_max);
        break;
    case FAULT_TOO_MUCH_DATA:
        text_printf(text, "the device sent %u bytes, but only %u were asked for", control->culprit,
                    request_of(control).length);
        break;
    case FAULT_STATUS_DATA:
        text_printf(text, "the device sent %u bytes in the status stage, which must be empty",
                    control->culprit);
        break;
    case FAULT_TOGGLE:
        text_printf(text, "the device sent DATA%u %d times where DATA%u was expected",
                    control->culprit == PID_DATA1, TRIES, control->culprit != PID_DATA1);
        break;
    case FAULT_PID:
        text_printf(text, "the device answered IN with PID 0x%02x, neither DATA0 nor DATA1",
                    control->culprit);
        break;
    case FAULT_NONE:
        break;
    }
}

static void print_ignored(struct text *text, const struct control_state *control)
{
    if (control->ignored)
        text_printf(text, "; before that, %u packet%s ignored because of the wrong data toggle",
                    control->ignored, control->ignored == 1 ? " was" : "s were");
}

static void print_silence(struct text *text, const struct host *host)
{
    const struct control_state *control = &host->state.control;

    text_printf(text, "no answer to %s at address %u, %d times in a row", awaited(control),
                host->state.address, TRIES);
    print_ignored(text, control);
}

void control_print_result(struct text *text, const struct host *host)
{
    const struct control_state *control = &host->state.control;

    switch ((enum transfer_outcome)control->outcome) {
    case TRANSFER_BUSY:
        text_printf(text, "still going on");
        break;
    case TRANSFER_DONE:
        print_data(text, control);
        break;
    case TRANSFER_STALLED:
        text_printf(text, "STALL");
        break;
    case TRANSFER_TIMED_OUT:
        text_printf(text, "the device answered %s with NAK for 5 s", awaited(control));
        print_ignored(text, control);
        break;
    case TRANSFER_SILENT:
        print_silence(text, host);
        break;
    case TRANSFER_BABBLE:
        print_fault(text, host);
        break;
    }
}
