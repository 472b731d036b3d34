/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following a script: one step after the other, each begun by EVENT_HOST_SCRIPT.
 *
 * The program is constant; where the host is in it is struct script_state. A step that takes time
 * sets a phase and returns; whoever ends it calls back (script_port_ready and the like).
 */
#include "sim/usb/script.h"

#include "sim/usb/host_state.h"

#include <assert.h>
#include <string.h>

#define PATIENCE (2 * CYCLES_PER_SECOND) /* for a device to attach or to detach */
#define LOOP_TIME CYCLES_PER_US          /* so that no loop goes round in no time */

_Static_assert((int)SCRIPT_LOOPS == (int)SCRIPT_LOOPS_MAX,
               "the parser allows what the host can do");

/* ---- Where it is ----------------------------------------------------------------------------- */

bool script_running(const struct host *host)
{
    return host->state.script.phase != SCRIPT_OFF;
}

bool script_enumerates(const struct host *host)
{
    return host->state.script.phase == SCRIPT_ENUMERATION;
}

const struct step *script_step(const struct host *host)
{
    assert(host->state.script.phase != SCRIPT_PROGRAM);
    assert(host->state.script.step < script_of(host)->steps);
    return &script_of(host)->step[host->state.script.step];
}

static bool is_transfer(const struct step *step)
{
    return step->kind == STEP_CONTROL || step->kind == STEP_IN || step->kind == STEP_OUT ||
           step->kind == STEP_STREAM;
}

/* EVENT_HOST_SCRIPT in `delay`, and what it will mean. */
static void wait_in(struct host *host, enum script_phase phase, sim_time delay)
{
    host->state.script.phase = (uint8_t)phase;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_SCRIPT, 0);
    scheduler_add(host->wiring.scheduler, EVENT_HOST_SCRIPT, 0, delay, 0);
}

/* Waits for somebody else. */
static void wait_for(struct host *host, enum script_phase phase)
{
    host->state.script.phase = (uint8_t)phase;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_SCRIPT, 0);
}

void script_wait_for_port(struct host *host)
{
    wait_for(host, SCRIPT_PORT);
}

static void go_to(struct host *host, uint32_t step, sim_time delay)
{
    host->state.script.step = step;
    host->state.script.done++;
    if (is_transfer(script_step(host)))
        delay += frame_pause(host, CHOICE_HOST_REQUEST, 0);
    wait_in(host, SCRIPT_STEP, delay);
}

void script_next(struct host *host)
{
    go_to(host, host->state.script.step + 1, 0);
}

void script_begin(struct host *host)
{
    memset(&host->state.script, 0, sizeof host->state.script);
    wait_in(host, SCRIPT_STEP, 0);
}

void script_await_program(struct host *host)
{
    wait_in(host, SCRIPT_PROGRAM, CYCLES_PER_MS);
}

/* ---- Ends ------------------------------------------------------------------------------------ */

void script_stop(struct host *host)
{
    wait_for(host, SCRIPT_OFF);
}

const struct conversation *script_of(const struct host *host)
{
    return host->state.on_program ? program_chapter(host) : host->script;
}

void script_give_up(struct text *text, struct host *host)
{
    unsigned line;

    if (host->state.script.phase == SCRIPT_PROGRAM) {
        script_stop(host);
        return;
    }
    line = script_step(host)->line;
    if (host->state.on_program)
        program_print_line(text, host, line);
    else
        text_printf(text, "%s:%u: ", script_of(host)->name, line);
    script_stop(host);
}

void script_fail(struct host *host, const char *reason)
{
    host_give_up(host, reason);
}

static void complete(struct host *host)
{
    struct text text = {0};

    text_printf(&text, "%s: done, %u step%s", script_of(host)->name, host->state.script.done,
                host->state.script.done == 1 ? "" : "s");
    script_stop(host);
    if (host->state.on_program) {
        text_free(&text);
        program_next(host);
        return;
    }
    host->state.outcome = HOST_DONE;
    host_say(host, HOST_COMPLETED, text_string(&text));
    text_free(&text);
}

/* ---- Steps of the port ----------------------------------------------------------------------- */

/* True when a device is there. Else it is waited for, and the step is done again. */
static bool have_device(struct host *host, sim_time patience)
{
    if (port_has_device(host))
        return true;
    wait_in(host, SCRIPT_ATTACH, patience ? patience : PATIENCE);
    port_plug(host);
    return false;
}

static void attach(struct host *host, const struct step *step)
{
    if (have_device(host, step->time))
        script_next(host);
}

static void detach(struct host *host)
{
    port_unplug(host);
    script_next(host);
}

static void reset(struct host *host, const struct step *step)
{
    if (!have_device(host, 0))
        return;
    script_wait_for_port(host);
    if (step->time)
        port_reset_for(host, step->time);
    else
        port_reset(host);
}

static void suspend(struct host *host)
{
    if (!port_enabled(host)) {
        script_fail(host, "there is no traffic that could be suspended: no device was reset");
        return;
    }
    port_suspend(host);
    script_next(host);
}

static void resume(struct host *host)
{
    if (host->state.phase != PORT_SUSPENDED) {
        script_fail(host, "the bus is not suspended, it cannot be resumed");
        return;
    }
    script_wait_for_port(host);
    port_resume(host);
}

static void wait_for_detach(struct host *host, const struct step *step)
{
    if (host->state.phase > PORT_EMPTY)
        wait_in(host, SCRIPT_DETACH, step->time ? step->time : PATIENCE);
    else
        script_next(host);
}

/* The device may have woken the bus already. */
static void wait_for_wake_up(struct host *host, const struct step *step)
{
    if (host->state.phase == PORT_SUSPENDED)
        wait_in(host, SCRIPT_WAKE_UP, step->time ? step->time : PATIENCE);
    else if (host->state.phase == PORT_RESUME || host->state.phase == PORT_RECOVERY)
        script_wait_for_port(host);
    else if (host->state.woken)
        script_next(host);
    else
        script_fail(host, "the bus is not suspended: there is nothing to wake");
}

static void begin_enumeration(struct host *host, const struct step *step)
{
    if (!have_device(host, 0))
        return;
    wait_for(host, SCRIPT_ENUMERATION);
    host->state.profile = (uint8_t)step->profile;
    host->state.automatic = true;
    host->state.attaches = 0;
    enumerate_begin(host);
}

void script_enumerated(struct host *host)
{
    host->state.profile = HOST_SCRIPT;
    script_next(host);
}

static void set_pace(struct host *host, const struct step *step)
{
    host->state.script.paced = step->paced;
    host->state.script.pace = step->time;
    script_next(host);
}

static void say(struct host *host, const struct step *step)
{
    host_say(host, HOST_NOTE, (const char *)script_of(host)->pool + step->data.at);
    script_next(host);
}

/* ---- Loops ----------------------------------------------------------------------------------- */

static void begin_loop(struct host *host, const struct step *step)
{
    struct script_state *script = &host->state.script;

    assert(script->loops < SCRIPT_LOOPS);
    script->rounds[script->loops++] = step->count;
    script_next(host);
}

static void end_loop(struct host *host, const struct step *step)
{
    struct script_state *script = &host->state.script;

    if (--script->rounds[script->loops - 1]) {
        go_to(host, step->partner + 1, LOOP_TIME);
        return;
    }
    script->loops--;
    script_next(host);
}

/* ---- Transfers ------------------------------------------------------------------------------- */

static const uint8_t *data_of(const struct host *host, const struct step *step)
{
    return step->data.size ? script_of(host)->pool + step->data.at : NULL;
}

static struct host_pipe pipe_of(const struct host *host, const struct step *step, uint8_t endpoint,
                                bool reads)
{
    struct host_pipe pipe = {0};

    if (!endpoint)
        return pipe;
    pipe = host_pipe(host, endpoint, reads);
    if (step->bulk || step->interval) {
        pipe.interval = step->interval;
        pipe.isochronous = false;
    }
    if (step->packet_max)
        pipe.packet_max = step->packet_max;
    if (step->isochronous)
        pipe.isochronous = true;
    pipe.toggle = step->toggle;
    pipe.zlp = step->zlp;
    pipe.patience = step->time;
    return pipe;
}

/* Why nobody can be spoken to. */
static const char *no_transfer(const struct host *host)
{
    if (host->state.phase == PORT_SUSPENDED)
        return "the bus is suspended: resume must come first";
    if (host->state.phase == PORT_ATTACHED)
        return "the device was not reset: reset must come first";
    return "there is no device to speak to: attach and reset must come first";
}

static struct host_stream stream_of(const struct host *host, const struct step *step)
{
    return (struct host_stream){.out = pipe_of(host, step, step->endpoint, false),
                                .in = pipe_of(host, step, step->in_endpoint, true),
                                .size = step->count,
                                .seed = step->seed,
                                .pause = step->pause,
                                .pause_every = step->pause_every,
                                .boundary = step->boundary,
                                .patience = step->time};
}

/* Has said so if it is. */
static bool is_too_big(struct host *host, const struct host_pipe *pipe)
{
    if (pipe->packet_max <= (pipe->isochronous ? USB_ISO_MAX : USB_PACKET_MAX))
        return false;
    script_fail(host, "only packets of isochronous endpoints have more than 64 bytes");
    return true;
}

static void begin_pipe(struct host *host, const struct step *step)
{
    bool reads = step->kind == STEP_IN;
    struct host_pipe pipe = pipe_of(host, step, step->endpoint, reads);

    if (is_too_big(host, &pipe))
        return;
    pipe_begin(host, &pipe, reads, data_of(host, step), reads ? step->count : step->data.size);
}

static void begin_stream(struct host *host, const struct step *step)
{
    struct host_stream stream = stream_of(host, step);

    if (!is_too_big(host, &stream.in) && !is_too_big(host, &stream.out))
        stream_begin(host, &stream);
}

static void begin_transfer(struct host *host, const struct step *step)
{
    if (!port_enabled(host)) {
        script_fail(host, no_transfer(host));
        return;
    }
    wait_for(host, SCRIPT_TRANSFER);
    if (step->data.size || step->kind == STEP_OUT)
        host->state.script.echo = host->state.script.step + 1;
    if (step->kind == STEP_CONTROL) {
        control_begin(host, step->setup, data_of(host, step), step->time);
    } else if (step->kind == STEP_STREAM) {
        begin_stream(host, step);
    } else {
        begin_pipe(host, step);
    }
    if (script_running(host))
        script_clauses_begin(host);
}

void script_transfer_ended(struct host *host)
{
    struct text fault = {0};

    if (script_judge(&fault, host, false))
        script_clauses_settle(host);
    else
        script_fail(host, text_string(&fault));
    text_free(&fault);
}

/* ---- One step -------------------------------------------------------------------------------- */

static void do_step(struct host *host)
{
    const struct step *step = script_step(host);

    switch (step->kind) {
    case STEP_ATTACH:
        attach(host, step);
        break;
    case STEP_DETACH:
        detach(host);
        break;
    case STEP_RESET:
        reset(host, step);
        break;
    case STEP_SUSPEND:
        suspend(host);
        break;
    case STEP_RESUME:
        resume(host);
        break;
    case STEP_WAIT:
        wait_in(host, SCRIPT_TIME, step->time);
        break;
    case STEP_WAIT_DETACH:
        wait_for_detach(host, step);
        break;
    case STEP_WAIT_WAKE_UP:
        wait_for_wake_up(host, step);
        break;
    case STEP_ENUMERATE:
        begin_enumeration(host, step);
        break;
    case STEP_PACE:
        set_pace(host, step);
        break;
    case STEP_SAY:
        say(host, step);
        break;
    case STEP_CONTROL:
    case STEP_IN:
    case STEP_OUT:
    case STEP_STREAM:
        begin_transfer(host, step);
        break;
    case STEP_LOOP:
        begin_loop(host, step);
        break;
    case STEP_END_LOOP:
        end_loop(host, step);
        break;
    case STEP_END:
        complete(host);
        break;
    }
}

static void nobody_came(struct host *host)
{
    const struct step *step = script_step(host);
    sim_time patience = step->kind == STEP_ATTACH && step->time ? step->time : PATIENCE;
    struct text text = {0};

    text_printf(&text, "no device: D+ was not pulled up, or not for long enough, within %.6g ms",
                (double)patience / (double)CYCLES_PER_MS);
    script_fail(host, text_string(&text));
    text_free(&text);
}

static void no_wake_up(struct host *host)
{
    if (!script_step(host)->resumes) {
        script_fail(host, "the device did not signal remote wake-up in the time it was given");
        return;
    }
    host_say(host, HOST_NOTE, "no remote wake-up; the host resumes");
    script_wait_for_port(host);
    port_resume(host);
}

void script_continue(struct host *host)
{
    switch ((enum script_phase)host->state.script.phase) {
    case SCRIPT_STEP:
        do_step(host);
        break;
    case SCRIPT_TIME:
        script_next(host);
        break;
    case SCRIPT_ATTACH:
        nobody_came(host);
        break;
    case SCRIPT_DETACH:
        script_fail(host, "the device did not detach in the time it was given");
        break;
    case SCRIPT_WAKE_UP:
        no_wake_up(host);
        break;
    case SCRIPT_PROGRAM:
        program_next(host);
        break;
    case SCRIPT_TRANSFER:
        script_clause_due(host);
        break;
    case SCRIPT_OFF:
    case SCRIPT_PORT:
    case SCRIPT_ENUMERATION:
        break;
    }
}

/* ---- What it may have waited for ------------------------------------------------------------- */

void script_port_ready(struct host *host)
{
    if (host->state.script.phase == SCRIPT_ATTACH)
        wait_in(host, SCRIPT_STEP, 0);
    else if (host->state.script.phase == SCRIPT_PORT || host->state.script.phase == SCRIPT_WAKE_UP)
        script_next(host);
}

void script_device_gone(struct host *host, bool during)
{
    struct text text = {0};

    if (host->state.script.phase == SCRIPT_DETACH) {
        script_next(host);
    } else if (host->state.script.phase == SCRIPT_TRANSFER && during) {
        text_printf(&text, "the device detached during ");
        host_print_request(&text, host);
        script_fail(host, text_string(&text));
    } else if (host->state.script.phase == SCRIPT_PORT && during) {
        script_fail(host, "the device detached while the bus was reset or resumed");
    }
    text_free(&text);
}
