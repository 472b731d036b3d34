/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's port: power, attach, reset, frames (USB 2.0, 7.1.7, 9.1.1 and 11.5), and what the
 * public functions do.
 *
 * Deviations:
 *   1. A device that has not attached 2 s after VBUS is reported and given up; a real host waits.
 *      When it attaches later, the host starts after all.
 *   2. A host that gave up leaves the port suspended; a real one disables it, which the device
 *      cannot tell apart.
 *   3. Remote wake-up is not listened to.
 */
#include "sim/usb/host.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/usb/host_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define ATTACH_LIMIT (2 * CYCLES_PER_SECOND)
#define DEBOUNCE (100 * CYCLES_PER_MS)         /* USB 2.0, 7.1.7.3: TATTDB */
#define RESUME_SIGNALLING (20 * CYCLES_PER_MS) /* 7.1.7.7: TDRSMDN */
#define RESUME_RECOVERY (10 * CYCLES_PER_MS)   /* 7.1.7.7: TRSMRCY */

enum { ATTACHES = 5 }; /* times a device may come and go without being configured */

/* ---- for the files of the host ---- */

bool port_enabled(const struct host *host)
{
    return host->state.phase == PORT_ENABLED;
}

void host_step_in(struct host *host, sim_time delay)
{
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_STEP, 0);
    scheduler_add(host->wiring.scheduler, EVENT_HOST_STEP, 0, delay, 0);
}

void host_say(struct host *host, enum host_step step, const char *text)
{
    if (trace_wants(host->wiring.trace, OBS_HOST))
        trace_emit(host->wiring.trace,
                   (struct observation){.kind = OBS_HOST, .host = {.step = step, .text = text}});
}

static void say_bus(struct host *host, enum usb_bus_state bus)
{
    trace_emit(host->wiring.trace,
               (struct observation){.kind = OBS_USB_BUS, .usb_bus = {.state = bus}});
}

/* ---- traffic stops and starts ---- */

static void stop_traffic(struct host *host)
{
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_SOF, 0);
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_STEP, 0);
    control_abort(host);
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

static void handle_token(void *owner, const struct event *event)
{
    (void)event;
    control_token(owner);
}

static bool has_frames(const struct host *host)
{
    return host->state.phase == PORT_RECOVERY || host->state.phase == PORT_ENABLED;
}

static void fall_silent(struct host *host)
{
    if (!has_frames(host))
        return;
    stop_traffic(host);
    host->state.phase = PORT_SUSPENDED;
    say_bus(host, USB_SUSPENDED);
    host->wiring.port->suspend(host->wiring.device);
}

void host_give_up(struct host *host, const char *reason)
{
    memset(host->state.reason, 0, sizeof host->state.reason);
    strncpy(host->state.reason, reason, sizeof host->state.reason - 1);
    host->state.outcome = HOST_GAVE_UP;
    host->state.automatic = false;
    host_say(host, HOST_FAILED, host->state.reason);
    fall_silent(host);
}

/* ---- attach and detach ---- */

static void wait_for_device(struct host *host)
{
    host->state.phase = PORT_EMPTY;
    host->state.outcome = HOST_BUSY;
    host->state.automatic = host->wiring.profile != HOST_MANUAL;
    host_step_in(host, ATTACH_LIMIT);
}

static void attach(struct host *host)
{
    host->state.phase = PORT_DEBOUNCE;
    host->state.outcome = HOST_BUSY;
    host->state.automatic = host->wiring.profile != HOST_MANUAL;
    memset(host->state.reason, 0, sizeof host->state.reason);
    host_step_in(host, DEBOUNCE);
    say_bus(host, USB_ATTACHED);
}

static void forget_device(struct host *host)
{
    host->state.address = 0;
    host->state.configuration = 0;
    host->state.reset_wanted = false;
}

/* "the device detached during GET_DESCRIPTOR(Device), 18 bytes wanted" */
static void print_detach(struct text *text, const struct host *host, bool during)
{
    text_printf(text, "the device detached");
    if (during) {
        text_printf(text, " during ");
        usb_request_print(text, host->state.control.setup);
    }
}

static void detach(struct host *host)
{
    bool during = host->state.control.active;
    bool automatic = host->state.automatic;
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

static void nobody_came(struct host *host)
{
    if (host->wiring.profile == HOST_MANUAL)
        return;
    host_give_up(host, host->state.attaches
                           ? "the device detached and did not come back within 2 s"
                           : "no device: D+ was not pulled up within 2 s after VBUS, so there was "
                             "nothing to enumerate");
}

/* ---- reset
 * -------------------------------------------------------------------------------------------------
 */

void port_reset(struct host *host)
{
    stop_traffic(host);
    forget_device(host);
    host->state.packet_max = USB_PACKET_MAX; /* until the device descriptor tells */
    host->state.phase = PORT_RESET;
    host_step_in(host, host_manners(host->wiring.profile)->reset_ms * CYCLES_PER_MS);
    say_bus(host, USB_RESET_BEGIN);
    host->wiring.port->reset_begin(host->wiring.device);
}

static void end_reset(struct host *host)
{
    host->state.phase = PORT_RECOVERY;
    host_step_in(host, host_manners(host->wiring.profile)->recovery_ms * CYCLES_PER_MS);
    say_bus(host, USB_RESET_END);
    host->wiring.port->reset_end(host->wiring.device);
    if (host->state.phase == PORT_RECOVERY)
        start_frame(host);
}

/* ---- the port's next step ---- */

static void go_on(struct host *host)
{
    if (host->state.automatic)
        enumerate_next(host);
    else
        host->state.outcome = HOST_IDLE;
}

static void end_debounce(struct host *host)
{
    host->state.phase = PORT_ATTACHED;
    if (host->state.automatic)
        enumerate_begin(host);
    else if (host->state.reset_wanted)
        port_reset(host);
    else
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
        host_step_in(host, RESUME_RECOVERY);
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

/* ---- transfers ---- */

static void say_transfer(struct host *host)
{
    const struct control_state *control = &host->state.control;
    enum host_step step = HOST_NOTE;
    struct text text = {0};

    if (control->outcome == TRANSFER_DONE)
        step = HOST_REQUEST;
    else if (control->outcome == TRANSFER_STALLED)
        step = HOST_STALLED;
    usb_request_print(&text, control->setup);
    text_printf(&text, " -> ");
    control_print_result(&text, host);
    host_say(host, step, text_string(&text));
    text_free(&text);
}

/* What every host takes from a transfer, whoever asked for it. */
static void learn(struct host *host)
{
    const struct control_state *control = &host->state.control;
    struct usb_request request = usb_request_parse(control->setup);

    if (usb_request_is(request, USB_SET_ADDRESS))
        host->state.address = (uint8_t)(request.value & 0x7f);
    if (usb_request_is(request, USB_SET_CONFIGURATION))
        host->state.configuration = (uint8_t)request.value;
    if (usb_request_is(request, USB_GET_DESCRIPTOR) && request.value >> 8 == USB_DEVICE &&
        control->stored >= 8) {
        uint8_t size = control->data[7];

        if (size == 8 || size == 16 || size == 32 || size == 64)
            host->state.packet_max = size;
    }
}

void host_transfer_ended(struct host *host)
{
    say_transfer(host);
    if (host->state.control.outcome == TRANSFER_DONE)
        learn(host);
    if (host->state.automatic)
        enumerate_transfer_ended(host);
}

/* ---- public
 * -------------------------------------------------------------------------------------------------
 */

struct host *host_create(const struct host_config *config)
{
    struct host *host = heap_allocate(1, sizeof *host);

    host->wiring = *config;
    scheduler_handle(config->scheduler, EVENT_HOST_SOF, handle_sof, host);
    scheduler_handle(config->scheduler, EVENT_HOST_STEP, handle_step, host);
    scheduler_handle(config->scheduler, EVENT_HOST_TOKEN, handle_token, host);
    wire_connect(config->wires, WIRE_USB_PULLUP, hear_pullup, host);
    state_register(config->state, "usb host", &host->state, sizeof host->state);
    return host;
}

void host_destroy(struct host *host)
{
    heap_release(host);
}

void host_power_on(struct host *host)
{
    stop_traffic(host);
    memset(&host->state, 0, sizeof host->state);
    host->state.packet_max = USB_PACKET_MAX;
    host->state.control.outcome = TRANSFER_DONE; /* none is going on */
    wait_for_device(host);
    wire_set(host->wiring.wires, WIRE_VBUS, true);
    if (wire_get(host->wiring.wires, WIRE_USB_PULLUP) && host->state.phase == PORT_EMPTY)
        attach(host);
}

enum host_outcome host_outcome(const struct host *host)
{
    return (enum host_outcome)host->state.outcome;
}

const char *host_reason(const struct host *host)
{
    return host->state.reason;
}

uint8_t host_device_address(const struct host *host)
{
    return host->state.address;
}

uint8_t host_configuration(const struct host *host)
{
    return host->state.configuration;
}

const uint8_t *host_device_descriptor(const struct host *host, size_t *size)
{
    *size = host->state.device_size;
    return host->state.device;
}

const uint8_t *host_configuration_descriptor(const struct host *host, size_t *size)
{
    *size = host->state.configuration_size;
    return host->state.configuration_bytes;
}

struct usb_device_view host_device_view(const struct host *host)
{
    const struct host_state *state = &host->state;

    return (struct usb_device_view){
        .address = state->address,
        .device = state->device,
        .device_size = state->device_size,
        .configuration = state->configuration_bytes,
        .configuration_size = state->configuration_size,
        .manufacturer = state->string[0],
        .manufacturer_size = state->string_size[0],
        .product = state->string[1],
        .product_size = state->string_size[1],
        .serial = state->string[2],
        .serial_size = state->string_size[2],
    };
}

void host_bus_reset(struct host *host)
{
    host->state.automatic = false;
    host->state.outcome = HOST_BUSY;
    if (host->state.phase >= PORT_ATTACHED)
        port_reset(host);
    else
        host->state.reset_wanted = true;
}

void host_suspend(struct host *host)
{
    host->state.automatic = false;
    fall_silent(host);
}

void host_resume(struct host *host)
{
    if (host->state.phase != PORT_SUSPENDED)
        return;
    host->state.outcome = HOST_BUSY;
    host->state.phase = PORT_RESUME;
    host_step_in(host, RESUME_SIGNALLING);
    say_bus(host, USB_RESUMED);
    host->wiring.port->resume(host->wiring.device);
}

void host_control(struct host *host, const uint8_t setup[8], const uint8_t *data)
{
    assert(!host->state.automatic && !host->state.control.active);
    control_begin(host, setup, data);
    if (!port_enabled(host))
        control_abort(host);
}

enum transfer_outcome host_transfer(const struct host *host)
{
    return (enum transfer_outcome)host->state.control.outcome;
}

const uint8_t *host_transfer_data(const struct host *host, size_t *size)
{
    *size = host->state.control.stored;
    return host->state.control.data;
}
