/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "after": what a host does in the middle of a transfer that a device would not expect.
 *
 * A clause whose point is reached is armed: EVENT_HOST_SCRIPT does it when the packet is over, or
 * so long after it as the clause says; before the next token in any case. A lost handshake is asked
 * for by the transfer itself.
 */
#include "sim/usb/script.h"

#include "sim/usb/host_state.h"

static const struct clause *present_clause(const struct host *host)
{
    const struct step *step = script_step(host);
    unsigned next = host->state.script.clause;

    return next < step->clauses ? &step->clause[next] : NULL;
}

static bool in_transfer(const struct host *host)
{
    return host->state.script.phase == SCRIPT_TRANSFER;
}

/* ---- Points ---------------------------------------------------------------------------------- */

struct progress {
    bool set_up; /* control: the SETUP packet is acknowledged */
    uint32_t packets;
    uint32_t bytes;
};

static struct progress progress_of(const struct host *host)
{
    const struct control_state *control = &host->state.control;
    const struct pipe_state *pipe = &host->state.pipe;

    if (host->state.kind == ON_STREAM)
        return (struct progress){true, stream_packets(host), stream_bytes(host)};
    if (host->state.kind == ON_PIPE)
        return (struct progress){true, pipe->packets, pipe->done};
    return (struct progress){control->stage != STAGE_SETUP, control->packets, control->done};
}

static bool is_reached(const struct host *host, const struct clause *clause)
{
    struct progress progress = progress_of(host);

    switch (clause->point) {
    case POINT_PACKETS:
        return progress.set_up && progress.packets >= clause->count;
    case POINT_BYTES:
        return progress.set_up && progress.bytes >= clause->count;
    case POINT_TIME:
        return host->state.script.first_token != SIM_TIME_NEVER;
    case POINT_STATUS:
        break;
    }
    return false;
}

static sim_time later(sim_time a, sim_time b)
{
    return a > b ? a : b;
}

/* Those that happen with the packet itself, and need no event. */
static bool is_of_packet(enum clause_action action)
{
    return action == ACTION_LOSE_ACK || action == ACTION_SPOIL || action == ACTION_BABBLE ||
           action == ACTION_STALE;
}

/* Arms the next clause if its point is reached. */
static void watch(struct host *host)
{
    const struct clause *clause = present_clause(host);
    struct script_state *script = &host->state.script;
    sim_time now = host->wiring.scheduler->state.now;
    sim_time when;

    if (!clause || script->armed || is_of_packet(clause->action) || !is_reached(host, clause))
        return;
    if (clause->point == POINT_TIME)
        when = later(now, script->first_token + clause->time);
    else
        when = later(now, host->state.bus_free) + clause->time;
    script->armed = true;
    scheduler_add(host->wiring.scheduler, EVENT_HOST_SCRIPT, 0, when - now, 0);
}

void script_before_token(struct host *host)
{
    if (in_transfer(host) && host->state.script.first_token == SIM_TIME_NEVER)
        host->state.script.first_token = host->wiring.scheduler->state.now;
}

void script_after_token(struct host *host)
{
    if (in_transfer(host) && host_transferring(host))
        watch(host);
}

void script_clauses_begin(struct host *host)
{
    struct script_state *script = &host->state.script;

    script->first_token = SIM_TIME_NEVER;
    script->clause = 0;
    script->armed = false;
    watch(host);
}

/* ---- A lost handshake ------------------------------------------------------------------------ */

static bool is_this_packet(const struct host *host, const struct clause *clause,
                           enum control_stage stage, size_t size)
{
    struct progress progress = progress_of(host);

    if (stage == STAGE_STATUS)
        return clause->point == POINT_STATUS;
    if (stage == STAGE_SETUP)
        return clause->point == POINT_PACKETS && clause->count == 0;
    if (clause->point == POINT_PACKETS)
        return progress.packets + 1 == clause->count;
    return clause->point == POINT_BYTES && progress.bytes < clause->count &&
           progress.bytes + size >= clause->count;
}

bool script_loses_handshake(struct host *host, enum control_stage stage, size_t size)
{
    const struct clause *clause = in_transfer(host) ? present_clause(host) : NULL;

    if (turn_loses_handshake(host))
        return true;
    if (!clause || clause->action != ACTION_LOSE_ACK || !is_this_packet(host, clause, stage, size))
        return false;
    host->state.script.clause++;
    host_say(host, HOST_NOTE, "the ACK for the last packet is lost");
    return true;
}

/* ---- Packets that go wrong ------------------------------------------------------------------- */

static enum packet_fate fate_by(enum clause_action action)
{
    switch (action) {
    case ACTION_SPOIL:
        return FATE_SPOILT;
    case ACTION_BABBLE:
        return FATE_BABBLE;
    case ACTION_STALE:
        return FATE_STALE;
    case ACTION_STATUS:
    case ACTION_STOP:
    case ACTION_RESET:
    case ACTION_SUSPEND:
    case ACTION_DETACH:
    case ACTION_WAIT:
    case ACTION_LOSE_ACK:
    case ACTION_EXCESS:
        break;
    }
    return FATE_USUAL;
}

enum packet_fate script_packet_fate(struct host *host, enum control_stage stage, size_t size)
{
    static const char *const words[] = {
        [FATE_SPOILT] = "the next data packet arrives with a wrong CRC",
        [FATE_BABBLE] = "the next data packet is longer than packets may be",
        [FATE_STALE] = "a data packet with the wrong toggle comes first",
    };
    const struct clause *clause = in_transfer(host) ? present_clause(host) : NULL;
    enum packet_fate fate = clause ? fate_by(clause->action) : FATE_USUAL;

    if (fate == FATE_USUAL || !is_this_packet(host, clause, stage, size))
        return FATE_USUAL;
    host->state.script.clause++;
    host_say(host, HOST_NOTE, words[fate]);
    return fate;
}

enum { BABBLE_BYTES = USB_PACKET_MAX + 17 };

struct transaction script_disturbed_out(struct host *host, enum packet_fate fate, uint8_t endpoint,
                                        enum usb_pid pid, const uint8_t *bytes, size_t size)
{
    uint8_t babble[BABBLE_BYTES] = {0};
    struct transaction result;

    if (fate == FATE_BABBLE)
        return transaction_out(host, endpoint, pid, babble, sizeof babble, false);
    if (fate == FATE_SPOILT)
        return transaction_out(host, endpoint, pid, bytes, size, false);
    /* The device acknowledges it as a repetition, or has no time for it; either way it is not the
     * packet that is due. */
    result = transaction_out(host, endpoint, pid == PID_DATA0 ? PID_DATA1 : PID_DATA0, bytes, size,
                             true);
    if (result.answer == USB_ANSWER_ACK)
        result.answer = USB_ANSWER_NAK;
    return result;
}

/* ---- Actions --------------------------------------------------------------------------------- */

/* Notes that the host ends the transfer itself, and judges what came until then. True: go on. */
static bool cut_short(struct host *host, const char *how)
{
    struct progress progress = progress_of(host);
    struct text text = {0};
    bool fits = true;

    if (host_transferring(host)) {
        host_print_request(&text, host);
        text_printf(&text, " -> %s after %u packet%s, %u byte%s", how, progress.packets,
                    progress.packets == 1 ? "" : "s", progress.bytes,
                    progress.bytes == 1 ? "" : "s");
        host_say(host, HOST_NOTE, text_string(&text));
        text_clear(&text);
        host_abort(host);
        fits = script_judge(&text, host, true);
        if (!fits)
            script_fail(host, text_string(&text));
    }
    text_free(&text);
    return fits;
}

static void postpone(struct host *host, sim_time pause)
{
    if (!host_transferring(host))
        return;
    switch ((enum transfer_kind)host->state.kind) {
    case ON_CONTROL:
        control_postpone(host, pause);
        break;
    case ON_PIPE:
        pipe_postpone(host, pause);
        break;
    case ON_STREAM:
        stream_postpone(host, pause);
        break;
    }
}

/* After an action the transfer goes on, or is over. */
static void go_on(struct host *host)
{
    if (host_transferring(host))
        watch(host);
    else
        script_clauses_settle(host);
}

static void act(struct host *host, const struct clause *clause)
{
    switch (clause->action) {
    case ACTION_STATUS:
        control_go_to_status(host);
        go_on(host);
        break;
    case ACTION_WAIT:
        postpone(host, clause->wait);
        go_on(host);
        break;
    case ACTION_STOP:
        if (cut_short(host, "stopped by the host"))
            script_next(host);
        break;
    case ACTION_RESET:
        if (cut_short(host, "cut off by a bus reset")) {
            script_wait_for_port(host);
            port_reset(host);
        }
        break;
    case ACTION_SUSPEND:
        if (cut_short(host, "cut off by suspend")) {
            port_suspend(host);
            script_next(host);
        }
        break;
    case ACTION_DETACH:
        if (cut_short(host, "cut off by unplugging")) {
            port_unplug(host);
            script_next(host);
        }
        break;
    case ACTION_EXCESS:
        control_send_excess(host);
        go_on(host);
        break;
    case ACTION_LOSE_ACK: /* never armed */
    case ACTION_SPOIL:
    case ACTION_BABBLE:
    case ACTION_STALE:
        break;
    }
}

void script_clause_due(struct host *host)
{
    const struct clause *clause = present_clause(host);
    struct script_state *script = &host->state.script;

    script->armed = false;
    script->clause++;
    act(host, clause);
}

/* ---- The end --------------------------------------------------------------------------------- */

static void fail_unreached(struct host *host)
{
    struct progress progress = progress_of(host);
    struct text text = {0};

    host_print_request(&text, host);
    text_printf(&text,
                ": it was over after %u packet%s and %u byte%s, before its \"after\" number %u",
                progress.packets, progress.packets == 1 ? "" : "s", progress.bytes,
                progress.bytes == 1 ? "" : "s", host->state.script.clause + 1u);
    script_fail(host, text_string(&text));
    text_free(&text);
}

void script_clauses_settle(struct host *host)
{
    const struct clause *clause = present_clause(host);

    watch(host);
    if (!clause)
        script_next(host);
    else if (!host->state.script.armed && script_step(host)->expect.outcomes == EXPECT_ANY)
        script_next(host);
    else if (!host->state.script.armed)
        fail_unreached(host);
}
