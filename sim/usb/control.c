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

enum { EXCESS = 8 }; /* bytes of a packet too many */

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

/* What the host sends now: its size, and how long until the device has it. */
static size_t sent_size(const struct host *host)
{
    switch ((enum control_stage)host->state.control.stage) {
    case STAGE_SETUP:
        return 8;
    case STAGE_DATA:
        return next_packet_size(host);
    case STAGE_STATUS:
        return 0;
    }
    return 0;
}

static sim_time lead_of(const struct host *host)
{
    const struct control_state *control = &host->state.control;

    if (control->stage == STAGE_SETUP)
        return transaction_lead_setup(host, control->setup);
    if (stage_is_in(control))
        return transaction_lead_in(host, 0);
    if (control->excess)
        return transaction_lead_out(host, 0, control->toggle, control->data, control->excess);
    return transaction_lead_out(host, 0, control->toggle, control->data + control->done,
                                sent_size(host));
}

static void schedule_token(struct host *host)
{
    frame_schedule_token(host, payload_bound(host), frame_pause(host, CHOICE_HOST_TOKEN, 0));
}

/* ---- stages ---------------------------------------------------------------------------------- */

static void enter_stage(struct host *host, enum control_stage stage, enum usb_pid toggle)
{
    struct control_state *control = &host->state.control;

    control->stage = (uint8_t)stage;
    control->toggle = (uint8_t)toggle;
    control->silences = 0;
    control->repeats = 0;
    control->deadline = host->wiring.scheduler->state.now + control->patience;
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

static bool finish_with_fault(struct host *host, enum transfer_fault fault, size_t culprit)
{
    host->state.control.fault = (uint8_t)fault;
    host->state.control.culprit = (uint16_t)culprit;
    return finish(host, TRANSFER_BABBLE);
}

void control_begin(struct host *host, const uint8_t setup[8], const uint8_t *data,
                   sim_time patience)
{
    struct control_state *control = &host->state.control;
    struct usb_request request = usb_request_parse(setup);

    assert(!control->active);
    host->state.kind = ON_CONTROL;
    memset(control, 0, sizeof *control);
    memcpy(control->setup, setup, sizeof control->setup);
    if (!usb_request_reads(request) && request.length) {
        assert(data && request.length <= HOST_DATA_MAX);
        memcpy(control->data, data, request.length);
        control->stored = request.length;
    }
    control->active = true;
    control->patience = patience ? patience : STAGE_TIME;
    control->outcome = TRANSFER_BUSY;
    enter_stage(host, STAGE_SETUP, PID_DATA0);
    schedule_token(host);
}

static void reschedule_token(struct host *host)
{
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_TOKEN, 0);
    schedule_token(host);
}

void control_go_to_status(struct host *host)
{
    if (!host->state.control.active || host->state.control.stage != STAGE_DATA)
        return;
    enter_stage(host, STAGE_STATUS, PID_DATA1);
    reschedule_token(host);
}

void control_send_excess(struct host *host)
{
    struct control_state *control = &host->state.control;

    if (!control->active || control->stage != STAGE_STATUS || !control->done ||
        usb_request_reads(request_of(control)))
        return;
    control->excess = EXCESS;
    enter_stage(host, STAGE_DATA, control->packets % 2 ? PID_DATA0 : PID_DATA1);
    reschedule_token(host);
}

bool control_again(struct host *host)
{
    struct control_state *control = &host->state.control;
    bool reads = usb_request_reads(request_of(control));

    if (!control->active || control->stage == STAGE_SETUP)
        return false;
    control->done = 0;
    control->packets = 0;
    control->early = false;
    if (reads) {
        memset(control->data, 0, control->stored);
        control->stored = 0;
    }
    enter_stage(host, STAGE_SETUP, PID_DATA0);
    return true;
}

bool control_status_early(struct host *host)
{
    struct control_state *control = &host->state.control;

    if (!control->active || control->stage != STAGE_DATA || !usb_request_reads(request_of(control)))
        return false;
    enter_stage(host, STAGE_STATUS, PID_DATA1);
    control->early = true;
    return true;
}

void control_postpone(struct host *host, sim_time pause)
{
    host->state.control.deadline += pause;
    host->state.bus_free = host->wiring.scheduler->state.now + pause;
    reschedule_token(host);
}

static bool after_setup(struct host *host)
{
    bool data = request_of(&host->state.control).length;

    enter_stage(host, data ? STAGE_DATA : STAGE_STATUS, PID_DATA1);
    return true;
}

static void packet_moved(struct control_state *control)
{
    control->toggle = control->toggle == PID_DATA0 ? PID_DATA1 : PID_DATA0;
    control->packets++;
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

    transaction_acknowledge(host, 0);
    if (!port_enabled(host))
        return false;
    if (control->ignored < UINT8_MAX)
        control->ignored++;
    if (++control->repeats < HOST_TRIES)
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

    if (!script_loses_handshake(host, (enum control_stage)control->stage, packet->size))
        transaction_acknowledge(host, 0);
    if (!port_enabled(host))
        return false;
    if (status)
        return finish(host, TRANSFER_DONE);
    store(control, packet);
    packet_moved(control);
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
    if (control->excess)
        control->excess = 0;
    else
        control->done = (uint16_t)(control->done + next_packet_size(host));
    packet_moved(control);
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
    else if (++control->silences >= HOST_TRIES)
        return finish(host, TRANSFER_SILENT);
    if (host->wiring.scheduler->state.now >= control->deadline)
        return finish(host, TRANSFER_TIMED_OUT);
    return true;
}

static struct transaction transact(struct host *host, enum packet_fate fate,
                                   struct usb_data *packet)
{
    const struct control_state *control = &host->state.control;
    enum usb_pid toggle = (enum usb_pid)control->toggle;
    const uint8_t *bytes = control->data + control->done;
    bool intact = fate == FATE_USUAL;

    if (control->stage == STAGE_SETUP)
        return transaction_setup(host, control->setup, intact);
    if (stage_is_in(control))
        return transaction_in(host, 0, packet, intact);
    if (control->stage == STAGE_STATUS)
        return transaction_out(host, 0, PID_DATA1, NULL, 0, intact);
    if (control->excess)
        return transaction_out(host, 0, toggle, control->data, control->excess, true);
    if (!intact)
        return script_disturbed_out(host, fate, 0, toggle, bytes, next_packet_size(host));
    return transaction_out(host, 0, toggle, bytes, next_packet_size(host), true);
}

/* An ACK of the device may get lost on its way to the host. */
static enum usb_answer received_answer(struct host *host, enum usb_answer answer)
{
    const struct control_state *control = &host->state.control;

    if (answer == USB_ANSWER_ACK && !stage_is_in(control) &&
        script_loses_handshake(host, (enum control_stage)control->stage, sent_size(host)))
        return USB_ANSWER_NONE;
    return answer;
}

/* Returns whether the transfer goes on. */
static bool judge(struct host *host, enum usb_answer answer, const struct usb_data *packet)
{
    struct control_state *control = &host->state.control;
    bool setup = control->stage == STAGE_SETUP;

    if (control->early) /* whatever the device makes of it */
        return control_again(host);
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
    enum packet_fate fate;
    sim_time lead;

    if (!host->state.control.active || !port_enabled(host))
        return;
    lead = lead_of(host);
    fate = script_packet_fate(host, (enum control_stage)host->state.control.stage,
                              stage_is_in(&host->state.control) ? host->state.packet_max
                                                                : sent_size(host));
    result = transact(host, fate, &packet);
    host->state.bus_free = host->wiring.scheduler->state.now + lead + result.rest;
    if (!port_enabled(host)) /* the device let go of D+ in the middle */
        return;
    if (judge(host, received_answer(host, result.answer), &packet))
        schedule_token(host);
}

/* ---- in words -------------------------------------------------------------------------------- */

static void print_data(struct text *text, const struct control_state *control)
{
    if (!usb_request_reads(request_of(control))) {
        text_printf(text, "ok");
        return;
    }
    text_printf(text, "%u byte%s", control->done, control->done == 1 ? "" : "s");
    transfer_print_bytes(text, control->data, control->stored);
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
    enum transfer_fault fault = (enum transfer_fault)control->fault;
    unsigned limit =
        fault == FAULT_PACKET_TOO_BIG ? host->state.packet_max : request_of(control).length;

    transfer_print_fault(text, fault, control->culprit, limit, 0);
}

static void print_silence(struct text *text, const struct host *host)
{
    const struct control_state *control = &host->state.control;

    text_printf(text, "no answer to %s at address %u, %d times in a row", awaited(control),
                host->state.address, HOST_TRIES);
    transfer_print_ignored(text, control->ignored);
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
        text_printf(text, "the device answered %s with NAK for %.6g s", awaited(control),
                    (double)control->patience / (double)CYCLES_PER_SECOND);
        transfer_print_ignored(text, control->ignored);
        break;
    case TRANSFER_SILENT:
        print_silence(text, host);
        break;
    case TRANSFER_BABBLE:
        print_fault(text, host);
        break;
    }
}
