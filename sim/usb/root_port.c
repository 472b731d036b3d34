/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's root port: power, attach, reset, frames, suspend (USB 2.0, 7.1.7, 9.1.1 and 11.5).
 *
 * Deviations:
 *   1. A device that has not attached 2 s after VBUS is reported and given up; a real host waits.
 *      So does this one while firmware that knows USB is busy with something else. When the
 *      device attaches later, the host starts after all.
 *   2. Resume signalling of a device is taken over by the host at once; a hub has up to 900 us
 *      (7.1.7.7: TURSM). It is obeyed at any time, whether or not DEVICE_REMOTE_WAKEUP was set:
 *      a hub cannot know. A script, or the compliance run, tells them apart.
 */
#include "sim/usb/host_state.h"

#include <assert.h>
#include <string.h>

#define ATTACH_LIMIT (2 * CYCLES_PER_SECOND)
#define A_NAP (200 * CYCLES_PER_MS)
#define DEBOUNCE (100 * CYCLES_PER_MS)         /* 7.1.7.3: TATTDB */
#define RESUME_SIGNALLING (20 * CYCLES_PER_MS) /* 7.1.7.7: TDRSMDN */
#define RESUME_RECOVERY (10 * CYCLES_PER_MS)   /* 7.1.7.7: TRSMRCY */

enum { ATTACHES = 5 }; /* times a device may come and go without being configured */

bool port_enabled(const struct host *host)
{
    return host->state.phase == PORT_ENABLED;
}

static void step_in(struct host *host, sim_time delay)
{
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_STEP, 0);
    scheduler_add(host->wiring.scheduler, EVENT_HOST_STEP, 0, delay, 0);
}

void port_pause(struct host *host, sim_time delay)
{
    assert(port_enabled(host));
    step_in(host, delay);
}

static void say_bus(struct host *host, enum usb_bus_state bus)
{
    trace_emit(host->wiring.trace,
               (struct observation){.kind = OBS_USB_BUS, .usb_bus = {.state = bus}});
}

/* ---- traffic stops and starts ---------------------------------------------------------------- */

static void stop_traffic(struct host *host)
{
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_SOF, 0);
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_STEP, 0);
    host_abort(host);
}

static void start_frame(struct host *host)
{
    host->state.frame = (uint16_t)((host->state.frame + 1) & 0x7ff);
    host->state.frame_start = host->wiring.scheduler->state.now;
    scheduler_add(host->wiring.scheduler, EVENT_HOST_SOF, 0, CYCLES_PER_MS, 0);
    transaction_sof(host);
}

static void handle_sof(void *owner, const struct event *event)
{
    (void)event;
    start_frame(owner);
}

static void send_token(struct host *host)
{
    switch ((enum transfer_kind)host->state.kind) {
    case ON_CONTROL:
        control_token(host);
        break;
    case ON_PIPE:
        pipe_token(host);
        break;
    case ON_STREAM:
        stream_token(host);
        break;
    }
}

static void handle_token(void *owner, const struct event *event)
{
    struct host *host = owner;

    (void)event;
    script_before_token(host);
    if (turn_keeps_to_transfer(host))
        send_token(host);
    script_after_token(host);
}

static void handle_script(void *owner, const struct event *event)
{
    (void)event;
    script_continue(owner);
}

static bool has_frames(const struct host *host)
{
    return host->state.phase == PORT_RECOVERY || host->state.phase == PORT_ENABLED;
}

void port_suspend(struct host *host)
{
    if (!has_frames(host))
        return;
    stop_traffic(host);
    host->state.phase = PORT_SUSPENDED;
    host->state.woken = false;
    say_bus(host, USB_SUSPENDED);
    host->wiring.port->suspend(host->wiring.device);
}

void port_resume(struct host *host)
{
    if (host->state.phase != PORT_SUSPENDED)
        return;
    host->state.outcome = HOST_BUSY;
    host->state.phase = PORT_RESUME;
    step_in(host, RESUME_SIGNALLING);
    say_bus(host, USB_RESUMED);
    host->wiring.port->resume(host->wiring.device);
}

/* USB 2.0, 7.1.7.7 and 11.9: the device woke up, the host goes on with its signal. */
static void hear_resume(void *owner, enum wire_id wire, bool level)
{
    struct host *host = owner;

    (void)wire;
    if (!level || host->state.phase != PORT_SUSPENDED)
        return;
    host->state.woken = true;
    host_say(host, HOST_NOTE, "remote wake-up: the device signals resume");
    port_resume(host);
}

/* ---- attach and detach ----------------------------------------------------------------------- */

/* A conversation of the host's own begins when a device attaches. */
static bool is_automatic(const struct host *host)
{
    if (host->wiring.profile == HOST_SCRIPT || script_running(host))
        return script_enumerates(host);
    return host->wiring.profile != HOST_MANUAL && host->wiring.profile != HOST_NONE;
}

/* A device comes or goes: the conversation goes on, unless it was a script that is over. */
static void reopen(struct host *host)
{
    if (host->wiring.profile == HOST_SCRIPT && !script_running(host))
        return;
    host->state.outcome = HOST_BUSY;
    memset(host->state.reason, 0, sizeof host->state.reason);
}

static void wait_for_device(struct host *host)
{
    host->state.phase = PORT_EMPTY;
    reopen(host);
    host->state.automatic = is_automatic(host);
    host->state.waits = 0;
    step_in(host, ATTACH_LIMIT);
}

static void attach(struct host *host)
{
    host->state.phase = PORT_DEBOUNCE;
    reopen(host);
    host->state.automatic = is_automatic(host);
    host->state.packet_max = USB_PACKET_MAX; /* until the device descriptor tells */
    step_in(host, DEBOUNCE);
    say_bus(host, USB_ATTACHED);
}

static void forget_device(struct host *host)
{
    host->state.address = 0;
    host->state.configuration = 0;
    host->state.reset_wanted = false;
    pipe_reset_toggles(host);
}

/* "the device detached during GET_DESCRIPTOR(Device), 18 bytes wanted" */
static void print_detach(struct text *text, const struct host *host, bool during)
{
    text_printf(text, "the device detached");
    if (during) {
        text_printf(text, " during ");
        host_print_request(text, host);
    }
}

static void detach(struct host *host)
{
    bool during = host_transferring(host);
    bool automatic = host->state.automatic;
    bool resetting = host->state.phase == PORT_RESET || host->state.phase == PORT_RECOVERY ||
                     host->state.phase == PORT_RESUME;
    struct text text = {0};

    stop_traffic(host);
    forget_device(host);
    print_detach(&text, host, during);
    say_bus(host, USB_DETACHED);
    wait_for_device(host);
    if (automatic && ++host->state.attaches >= ATTACHES) {
        text_printf(&text, "; it came and went %d times without being configured", ATTACHES);
        scheduler_cancel(host->wiring.scheduler, EVENT_HOST_STEP, 0);
        host_give_up(host, text_string(&text));
    } else {
        host_say(host, HOST_NOTE, text_string(&text));
        script_device_gone(host, during || resetting);
    }
    text_free(&text);
}

static void hear_pullup(void *owner, enum wire_id wire, bool level)
{
    struct host *host = owner;

    (void)wire;
    if (host->state.phase == PORT_OFF)
        return;
    if (level)
        attach(host);
    else
        detach(host);
}

static void hear_sleep(void *owner, enum wire_id wire, bool level)
{
    struct host *host = owner;

    (void)wire;
    if (level)
        host->state.asleep_since = host->wiring.scheduler->state.now;
}

static bool is_at_work(const struct host *host)
{
    return !wire_get(host->wiring.wires, WIRE_CPU_ASLEEP) ||
           host->wiring.scheduler->state.now - host->state.asleep_since < A_NAP;
}

/* Some firmware formats a disk before it pulls D+ up. Asleep for long, it would wait itself. */
static bool is_worth_waiting(const struct host *host)
{
    const struct host_config *wiring = &host->wiring;

    return wiring->worth_waiting && is_at_work(host) && wiring->worth_waiting(wiring->owner);
}

static void give_up_waiting(struct host *host)
{
    unsigned seconds = (unsigned)(host->state.waits * ATTACH_LIMIT / CYCLES_PER_SECOND);
    struct text text = {0};

    if (host->state.attaches)
        text_printf(&text, "the device detached and did not come back within %u s", seconds);
    else
        text_printf(&text,
                    "no device: D+ was not pulled up within %u s after VBUS, so there was nothing "
                    "to enumerate",
                    seconds);
    host_give_up(host, text_string(&text));
    text_free(&text);
}

static void nobody_came(struct host *host)
{
    if (!host->state.automatic)
        return;
    host->state.waits++;
    if (host->state.waits < UINT8_MAX && is_worth_waiting(host))
        step_in(host, ATTACH_LIMIT);
    else
        give_up_waiting(host);
}

/* ---- reset ----------------------------------------------------------------------------------- */

void port_reset_for(struct host *host, sim_time duration)
{
    stop_traffic(host);
    forget_device(host);
    host->state.phase = PORT_RESET;
    step_in(host, duration);
    say_bus(host, USB_RESET_BEGIN);
    host->wiring.port->reset_begin(host->wiring.device);
}

void port_reset(struct host *host)
{
    port_reset_for(host,
                   host_manners((enum host_profile)host->state.profile)->reset_ms * CYCLES_PER_MS);
}

static void end_reset(struct host *host)
{
    host->state.phase = PORT_RECOVERY;
    step_in(host,
            host_manners((enum host_profile)host->state.profile)->recovery_ms * CYCLES_PER_MS);
    say_bus(host, USB_RESET_END);
    host->wiring.port->reset_end(host->wiring.device);
    if (host->state.phase == PORT_RECOVERY)
        start_frame(host);
}

/* ---- the port's next step -------------------------------------------------------------------- */

static void go_on(struct host *host)
{
    if (host->state.automatic)
        enumerate_next(host);
    else if (script_running(host))
        script_port_ready(host);
    else
        host->state.outcome = HOST_IDLE;
}

static void end_debounce(struct host *host)
{
    host->state.phase = PORT_ATTACHED;
    if (host->state.automatic)
        enumerate_begin(host);
    else if (script_running(host))
        script_port_ready(host);
    else if (host->state.reset_wanted)
        port_reset(host);
    else if (host->state.outcome == HOST_BUSY)
        host->state.outcome = HOST_IDLE;
}

static void handle_step(void *owner, const struct event *event)
{
    struct host *host = owner;

    (void)event;
    switch ((enum port_phase)host->state.phase) {
    case PORT_EMPTY:
        nobody_came(host);
        break;
    case PORT_DEBOUNCE:
        end_debounce(host);
        break;
    case PORT_RESET:
        end_reset(host);
        break;
    case PORT_RESUME:
        host->state.phase = PORT_RECOVERY;
        step_in(host, RESUME_RECOVERY);
        start_frame(host);
        break;
    case PORT_RECOVERY:
        host->state.phase = PORT_ENABLED;
        go_on(host);
        break;
    case PORT_ENABLED:
        enumerate_next(host);
        break;
    case PORT_OFF:
    case PORT_ATTACHED:
    case PORT_SUSPENDED:
        break;
    }
}

/* ---- power ----------------------------------------------------------------------------------- */

void port_connect(struct host *host)
{
    const struct host_config *wiring = &host->wiring;

    scheduler_handle(wiring->scheduler, EVENT_HOST_SOF, handle_sof, host);
    scheduler_handle(wiring->scheduler, EVENT_HOST_STEP, handle_step, host);
    scheduler_handle(wiring->scheduler, EVENT_HOST_SCRIPT, handle_script, host);
    scheduler_handle(wiring->scheduler, EVENT_HOST_TOKEN, handle_token, host);
    wire_connect(wiring->wires, WIRE_USB_PULLUP, hear_pullup, host);
    wire_connect(wiring->wires, WIRE_CPU_ASLEEP, hear_sleep, host);
    wire_connect(wiring->wires, WIRE_USB_RESUME_K, hear_resume, host);
}

bool port_has_device(const struct host *host)
{
    return host->state.phase >= PORT_ATTACHED;
}

void port_plug(struct host *host)
{
    if (host->state.phase != PORT_OFF)
        return;
    wait_for_device(host);
    wire_set(host->wiring.wires, WIRE_VBUS, true);
    if (wire_get(host->wiring.wires, WIRE_USB_PULLUP) && host->state.phase == PORT_EMPTY)
        attach(host);
}

void port_unplug(struct host *host)
{
    bool attached = host->state.phase > PORT_EMPTY;

    stop_traffic(host);
    forget_device(host);
    host->state.phase = PORT_OFF; /* deaf to the pull-up from here on */
    if (attached)
        say_bus(host, USB_DETACHED);
    wire_set(host->wiring.wires, WIRE_VBUS, false);
}

void port_power_on(struct host *host)
{
    stop_traffic(host);
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_SCRIPT, 0);
    memset(&host->state, 0, sizeof host->state);
    program_reset(host);
    host->state.control.outcome = TRANSFER_DONE; /* none is going on */
    host->state.profile = (uint8_t)host->wiring.profile;
    if (host->wiring.script)
        script_begin(host);
    if (host->wiring.profile == HOST_NONE)
        host->state.outcome = HOST_IDLE;
    else
        port_plug(host);
}
