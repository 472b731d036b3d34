/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the public functions do, and what the host says about itself.
 *
 * Deviations:
 *   1. A host that gave up leaves the port suspended; a real one disables it, which the device
 *      cannot tell apart.
 */
#include "sim/usb/host.h"

#include "sim/base/heap.h"
#include "sim/usb/host_state.h"

#include <assert.h>
#include <string.h>

void host_say(struct host *host, enum host_step step, const char *text)
{
    if (trace_wants(host->wiring.trace, OBS_HOST))
        trace_emit(host->wiring.trace,
                   (struct observation){.kind = OBS_HOST, .host = {.step = step, .text = text}});
}

void host_give_up(struct host *host, const char *reason)
{
    struct text text = {0};

    if (script_running(host))
        script_give_up(&text, host);
    program_stop(host);
    text_printf(&text, "%s", reason);
    memset(host->state.reason, 0, sizeof host->state.reason);
    strncpy(host->state.reason, text_string(&text), sizeof host->state.reason - 1);
    text_free(&text);
    host->state.outcome = HOST_GAVE_UP;
    host->state.automatic = false;
    host_say(host, HOST_FAILED, host->state.reason);
    port_suspend(host);
}

/* ---- transfers ------------------------------------------------------------------------------- */

bool host_transferring(const struct host *host)
{
    return host->state.control.active || host->state.pipe.active || host->state.stream.active;
}

void host_print_request(struct text *text, const struct host *host)
{
    switch ((enum transfer_kind)host->state.kind) {
    case ON_CONTROL:
        usb_request_print(text, host->state.control.setup);
        break;
    case ON_PIPE:
        pipe_print_request(text, host);
        break;
    case ON_STREAM:
        stream_print_request(text, host);
        break;
    }
}

void host_print_result(struct text *text, const struct host *host)
{
    switch ((enum transfer_kind)host->state.kind) {
    case ON_CONTROL:
        control_print_result(text, host);
        break;
    case ON_PIPE:
        pipe_print_result(text, host);
        break;
    case ON_STREAM:
        stream_print_result(text, host);
        break;
    }
}

static void say_transfer(struct host *host)
{
    enum transfer_outcome outcome = host_transfer(host);
    enum host_step step = HOST_NOTE;
    struct text text = {0};

    if (outcome == TRANSFER_DONE)
        step = HOST_REQUEST;
    else if (outcome == TRANSFER_STALLED)
        step = HOST_STALLED;
    host_print_request(&text, host);
    text_printf(&text, " -> ");
    host_print_result(&text, host);
    host_say(host, step, text_string(&text));
    text_free(&text);
}

static uint8_t *outcome_of(struct host *host)
{
    switch ((enum transfer_kind)host->state.kind) {
    case ON_CONTROL:
        break;
    case ON_PIPE:
        return &host->state.pipe.outcome;
    case ON_STREAM:
        return &host->state.stream.outcome;
    }
    return &host->state.control.outcome;
}

void host_abort(struct host *host)
{
    if (!host_transferring(host))
        return;
    *outcome_of(host) = TRANSFER_SILENT;
    host->state.stream.active = false;
    host->state.pipe.active = false;
    host->state.control.active = false;
    scheduler_cancel(host->wiring.scheduler, EVENT_HOST_TOKEN, 0);
}

static void learn_packet_max(struct host *host, const uint8_t *descriptor)
{
    uint8_t size = descriptor[7];

    if (size == 8 || size == 16 || size == 32 || size == 64)
        host->state.packet_max = size;
}

/* USB 2.0, 9.1.1.5, 9.4.5 and 9.4.10: these requests set data toggles back. */
static void learn_toggles(struct host *host, struct usb_request request)
{
    bool standard = (request.type & 0x60) == 0;

    if (standard && request.request == USB_SET_CONFIGURATION)
        pipe_reset_toggles(host);
    else if (standard && request.request == USB_SET_INTERFACE)
        pipe_reset_interface_toggles(host, (uint8_t)request.index);
    else if (request.type == 0x02 && request.request == USB_CLEAR_FEATURE && request.value == 0)
        pipe_reset_toggle(host, (uint8_t)request.index);
}

/* Descriptors that nobody asked for but the caller: kept when they are whole and well-formed. */
static void keep_descriptor(struct host *host, uint16_t value)
{
    const struct control_state *control = &host->state.control;
    struct host_state *state = &host->state;
    size_t size = control->stored;
    struct text fault = {0};

    if (value == USB_DEVICE << 8 && size == DEVICE_DESCRIPTOR_SIZE &&
        usb_check_device(control->data, size, &fault)) {
        memcpy(state->device, control->data, size);
        state->device_size = (uint8_t)size;
    } else if (value == USB_CONFIGURATION << 8 && size <= sizeof state->configuration_bytes &&
               usb_check_configuration_header(control->data, size, &fault) &&
               usb_check_configuration(control->data, size, &fault)) {
        memcpy(state->configuration_bytes, control->data, size);
        state->configuration_size = (uint32_t)size;
    }
    text_free(&fault);
}

/* What every host takes from a control transfer, whoever asked for it. */
static void learn(struct host *host)
{
    const struct control_state *control = &host->state.control;
    struct usb_request request = usb_request_parse(control->setup);

    learn_toggles(host, request);
    if (usb_request_is(request, USB_SET_ADDRESS))
        host->state.address = (uint8_t)(request.value & 0x7f);
    if (usb_request_is(request, USB_SET_CONFIGURATION))
        host->state.configuration = (uint8_t)request.value;
    if (usb_request_is(request, USB_GET_DESCRIPTOR) && request.value >> 8 == USB_DEVICE &&
        control->stored >= 8)
        learn_packet_max(host, control->data);
    if (usb_request_is(request, USB_GET_DESCRIPTOR) && !host->state.automatic)
        keep_descriptor(host, request.value);
}

void host_transfer_ended(struct host *host)
{
    say_transfer(host);
    if (host->state.kind == ON_CONTROL && host->state.control.outcome == TRANSFER_DONE)
        learn(host);
    if (host->state.automatic)
        enumerate_transfer_ended(host);
    else if (script_running(host))
        script_transfer_ended(host);
}

/* ---- public ---------------------------------------------------------------------------------- */

static void mark_clocks(struct host *host, struct state *state)
{
    struct host_state *clocks = &host->state;

    state_mark_clock(state, &clocks->frame_start, sizeof clocks->frame_start);
    state_mark_clock(state, &clocks->bus_free, sizeof clocks->bus_free);
    state_mark_clock(state, &clocks->asleep_since, sizeof clocks->asleep_since);
    state_mark_clock(state, &clocks->next_poll, sizeof clocks->next_poll);
    state_mark_clock(state, &clocks->control.deadline, sizeof clocks->control.deadline);
    state_mark_clock(state, &clocks->pipe.deadline, sizeof clocks->pipe.deadline);
    state_mark_clock(state, &clocks->script.first_token, sizeof clocks->script.first_token);
    state_mark_clock(state, &clocks->frame, sizeof clocks->frame);
}

struct host *host_create(const struct host_config *config)
{
    struct host *host = heap_allocate(1, sizeof *host);

    assert((config->profile == HOST_SCRIPT) == (config->script != NULL));
    host->wiring = *config;
    host->script = config->script;
    program_create(host);
    port_connect(host);
    state_register(config->state, "usb host", &host->state, sizeof host->state);
    mark_clocks(host, config->state);
    return host;
}

void host_destroy(struct host *host)
{
    program_destroy(host);
    heap_release(host);
}

void host_power_on(struct host *host)
{
    port_power_on(host);
}

enum host_outcome host_outcome(const struct host *host)
{
    return (enum host_outcome)host->state.outcome;
}

bool host_awaits_program(const struct host *host)
{
    return host->state.script.phase == SCRIPT_PROGRAM;
}

void host_reseed(struct host *host, uint64_t seed)
{
    host->wiring.seed = seed;
}

const char *host_reason(const struct host *host)
{
    return host->state.reason;
}

sim_time host_now(const struct host *host)
{
    return host->wiring.scheduler->state.now;
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
    assert(!script_running(host));
    host->state.automatic = false;
    host->state.outcome = HOST_BUSY;
    if (host->state.phase >= PORT_ATTACHED)
        port_reset(host);
    else
        host->state.reset_wanted = true;
}

void host_suspend(struct host *host)
{
    assert(!script_running(host));
    host->state.automatic = false;
    port_suspend(host);
}

void host_resume(struct host *host)
{
    assert(!script_running(host));
    port_resume(host);
}

/* The host is following a conversation of its own, or a transfer is under way. */
static bool is_busy(const struct host *host)
{
    return host->state.automatic || script_running(host) || host_transferring(host);
}

/* A transfer that has just been started ends at once when nobody can be spoken to. */
static void need_device(struct host *host)
{
    if (!port_enabled(host))
        host_abort(host);
}

void host_control(struct host *host, const uint8_t setup[8], const uint8_t *data)
{
    assert(!is_busy(host));
    control_begin(host, setup, data, 0);
    need_device(host);
}

void host_pipe_write(struct host *host, const struct host_pipe *pipe, const uint8_t *data,
                     size_t size)
{
    assert(!is_busy(host) && (data || !size));
    pipe_begin(host, pipe, false, data, size);
    need_device(host);
}

void host_pipe_read(struct host *host, const struct host_pipe *pipe, size_t size)
{
    assert(!is_busy(host));
    pipe_begin(host, pipe, true, NULL, size);
    need_device(host);
}

void host_stream(struct host *host, const struct host_stream *stream)
{
    assert(!is_busy(host));
    stream_begin(host, stream);
    need_device(host);
}

void host_abandon(struct host *host)
{
    script_stop(host);
    program_stop(host);
    host->state.automatic = false;
    if (host->state.outcome == HOST_BUSY)
        host->state.outcome = HOST_IDLE;
    host_abort(host);
}

void host_follow(struct host *host, const struct conversation *script)
{
    assert(!is_busy(host) && host->wiring.profile == HOST_MANUAL);
    host->script = script;
    host->state.outcome = HOST_BUSY;
    memset(host->state.reason, 0, sizeof host->state.reason);
    script_begin(host);
}

enum transfer_outcome host_transfer(const struct host *host)
{
    switch ((enum transfer_kind)host->state.kind) {
    case ON_CONTROL:
        break;
    case ON_PIPE:
        return (enum transfer_outcome)host->state.pipe.outcome;
    case ON_STREAM:
        return (enum transfer_outcome)host->state.stream.outcome;
    }
    return (enum transfer_outcome)host->state.control.outcome;
}

const uint8_t *host_transfer_data(const struct host *host, size_t *size)
{
    if (host->state.kind == ON_STREAM) {
        *size = 0;
        return NULL;
    }
    if (host->state.kind == ON_PIPE) {
        *size = host->state.pipe.done;
        return host->state.pipe.data;
    }
    *size = host->state.control.stored;
    return host->state.control.data;
}
