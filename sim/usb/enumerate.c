/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enumeration: what an operating system asks a new device, row by row (USB 2.0, 9.1.2).
 *
 * The tables of rows stand in manners.c.
 *
 * Deviations:
 *   1. A device always gets address 1, as the first device on an xHCI controller does; also in
 *      later rounds, where Linux counts on.
 *   2. A malformed descriptor ends the conversation at once; real hosts ask again first.
 *   3. Only the first configuration is read, and of the strings only those of the device.
 */
#include "sim/usb/host_state.h"

#include "sim/base/bits.h"
#include "sim/usb/descriptor.h"

#include <assert.h>
#include <string.h>

enum { FIRST_ADDRESS = 1 };

static const struct enumeration_step *present_step(const struct host *host)
{
    return &host_manners((enum host_profile)host->state.profile)->steps[host->state.step];
}

/* ---- the request of a row -------------------------------------------------------------------- */

static uint8_t string_index(const struct host *host, enum enumeration_action action)
{
    return host->state.device[14 + (action - DO_MANUFACTURER)];
}

static bool has_strings(const struct host *host)
{
    return host->state.device[14] || host->state.device[15] || host->state.device[16];
}

/* Rows that make no sense for this device. */
static bool is_skipped(const struct host *host, const struct enumeration_step *step)
{
    switch (step->action) {
    case DO_QUALIFIER: /* only known since USB 2.0 */
        return load_le16(host->state.device + 2) < 0x0200;
    case DO_LANGUAGES:
        return !has_strings(host);
    case DO_MANUFACTURER:
    case DO_PRODUCT:
    case DO_SERIAL:
        return !string_index(host, step->action) || !host->state.language;
    case DO_RESET:
    case DO_DEVICE:
    case DO_ADDRESS:
    case DO_CONFIGURATION:
    case DO_CONFIGURE:
    case DO_END:
        return false;
    }
    return false;
}

static struct usb_request get_descriptor(unsigned type, unsigned index, uint16_t language,
                                         uint16_t length)
{
    return (struct usb_request){0x80, USB_GET_DESCRIPTOR, (uint16_t)(type << 8 | index), language,
                                length};
}

static struct usb_request request_for(const struct host *host, const struct enumeration_step *step)
{
    const struct host_state *state = &host->state;

    assert(step->action != DO_RESET && step->action != DO_END);
    switch (step->action) {
    case DO_DEVICE:
        return get_descriptor(USB_DEVICE, 0, 0, step->length);
    case DO_ADDRESS:
        return (struct usb_request){0x00, USB_SET_ADDRESS, FIRST_ADDRESS, 0, 0};
    case DO_QUALIFIER:
        return get_descriptor(USB_DEVICE_QUALIFIER, 0, 0, step->length);
    case DO_CONFIGURATION:
        return get_descriptor(USB_CONFIGURATION, 0, 0,
                              step->length == WHOLE ? load_le16(state->configuration_bytes + 2)
                                                    : step->length);
    case DO_LANGUAGES:
        return get_descriptor(USB_STRING, 0, 0, step->length);
    case DO_MANUFACTURER:
    case DO_PRODUCT:
    case DO_SERIAL:
        return get_descriptor(USB_STRING, string_index(host, step->action), state->language,
                              step->length);
    case DO_CONFIGURE:
        return (struct usb_request){0x00, USB_SET_CONFIGURATION, state->configuration_bytes[5], 0,
                                    0};
    case DO_RESET:
    case DO_END:
        break;
    }
    return (struct usb_request){0};
}

/* ---- going through the rows ------------------------------------------------------------------ */

static void complete(struct host *host)
{
    struct text text = {0};

    text_printf(&text, "configured as %04x:%04x, configuration %u",
                load_le16(host->state.device + 8), load_le16(host->state.device + 10),
                host->state.configuration);
    host->state.automatic = false;
    host->state.attaches = 0;
    if (script_enumerates(host)) {
        host_say(host, HOST_NOTE, text_string(&text));
        script_enumerated(host);
    } else if (host->wiring.program) {
        host_say(host, HOST_NOTE, text_string(&text));
        program_begin(host);
    } else {
        host->state.outcome = HOST_DONE;
        host_say(host, HOST_COMPLETED, text_string(&text));
    }
    text_free(&text);
}

static void pause_before_next(struct host *host, uint16_t pause_ms)
{
    port_pause(host, pause_ms * CYCLES_PER_MS + frame_pause(host, CHOICE_HOST_REQUEST, 0));
}

static void next_row(struct host *host)
{
    uint16_t pause_ms = present_step(host)->pause_ms;

    host->state.step++;
    host->state.try_number = 0;
    pause_before_next(host, pause_ms);
}

/* Forgets what was learnt; the table starts with a reset. */
static void begin_round(struct host *host)
{
    struct host_state *state = &host->state;

    state->step = 0;
    state->try_number = 0;
    state->packet_max = USB_PACKET_MAX;
    state->device_size = 0;
    state->configuration_size = 0;
    state->language = 0;
    memset(state->device, 0, sizeof state->device);
    memset(state->configuration_bytes, 0, sizeof state->configuration_bytes);
    memset(state->string_size, 0, sizeof state->string_size);
    memset(state->string, 0, sizeof state->string);
    enumerate_next(host);
}

void enumerate_begin(struct host *host)
{
    host->state.round = 0;
    begin_round(host);
}

void enumerate_again(struct host *host)
{
    begin_round(host);
}

void enumerate_next(struct host *host)
{
    const struct enumeration_step *step = present_step(host);
    uint8_t setup[8];

    while (is_skipped(host, step))
        step++;
    host->state.step =
        (uint8_t)(step - host_manners((enum host_profile)host->state.profile)->steps);
    if (step->action == DO_RESET) {
        host->state.step++; /* recovery ends with the next row */
        port_reset(host);
    } else if (step->action == DO_END) {
        complete(host);
    } else {
        usb_request_store(request_for(host, step), setup);
        control_begin(host, setup, NULL, 0);
    }
}

/* ---- when a request failed ------------------------------------------------------------------- */

/* For the rows a conversation depends on. */
static const char *expectation(enum enumeration_action action)
{
    static const char *const words[] = {
        [DO_DEVICE] = "a device descriptor was expected",
        [DO_ADDRESS] = "device not accepting address 1",
        [DO_CONFIGURATION] = "a configuration descriptor was expected",
        [DO_CONFIGURE] = "the device offers this configuration and must accept it",
    };

    assert(action < ARRAY_LENGTH(words) && words[action]);
    return words[action];
}

static void print_failure(struct text *text, const struct host *host)
{
    const struct control_state *control = &host->state.control;
    enum transfer_outcome outcome = (enum transfer_outcome)control->outcome;

    usb_request_print(text, control->setup);
    text_printf(text, ": ");
    if (outcome == TRANSFER_STALLED)
        text_printf(text, "the device answered ");
    control_print_result(text, host);
    text_printf(text, "; %s", expectation(present_step(host)->action));
}

static void give_up(struct host *host)
{
    const struct host_manners *manners = host_manners((enum host_profile)host->state.profile);
    struct text text = {0};

    print_failure(&text, host);
    if (present_step(host)->on_failure == START_OVER)
        text_printf(&text, " (%u attempts, each from a bus reset)", manners->rounds);
    host_give_up(host, text_string(&text));
    text_free(&text);
}

static void start_over(struct host *host)
{
    const struct host_manners *manners = host_manners((enum host_profile)host->state.profile);
    struct text text = {0};

    if (host->state.round + 1 >= manners->rounds) {
        give_up(host);
        return;
    }
    host->state.round++;
    text_printf(&text, "starting again with a bus reset, attempt %u of %u", host->state.round + 1,
                manners->rounds);
    host_say(host, HOST_NOTE, text_string(&text));
    text_free(&text);
    begin_round(host);
}

static void request_failed(struct host *host)
{
    const struct enumeration_step *step = present_step(host);

    host->state.try_number++;
    if (host->state.try_number < step->tries && host->state.control.outcome != TRANSFER_TIMED_OUT) {
        pause_before_next(host, 0);
        return;
    }
    switch (step->on_failure) {
    case START_OVER:
        start_over(host);
        break;
    case GO_ON:
        next_row(host);
        break;
    case STOP:
        give_up(host);
        break;
    }
}

/* ---- when a request was answered ------------------------------------------------------------- */

static bool take_device(struct host *host, struct text *fault)
{
    const struct control_state *control = &host->state.control;
    size_t size = control->stored;
    bool first = !host->state.device_size;

    if (!usb_check_device(control->data, size, fault))
        return false;
    /* As long as the host expects packets of 64 bytes, one packet of a smaller endpoint 0 ends the
     * data stage: only then fewer bytes will do. */
    if (size < present_step(host)->length && size < DEVICE_DESCRIPTOR_SIZE &&
        !(first && size == control->data[7])) {
        text_printf(fault, "device descriptor: only %zu of its 18 bytes were sent", size);
        return false;
    }
    if (size > DEVICE_DESCRIPTOR_SIZE) {
        text_printf(fault, "device descriptor: %zu bytes were sent, must be 18", size);
        return false;
    }
    memcpy(host->state.device, control->data, size);
    host->state.device_size = (uint8_t)size;
    return true;
}

static bool take_configuration(struct host *host, struct text *fault)
{
    const struct control_state *control = &host->state.control;
    size_t size = control->stored;
    bool header = present_step(host)->length == CONFIGURATION_DESCRIPTOR_SIZE;
    size_t total;

    if (!usb_check_configuration_header(control->data, size, fault))
        return false;
    total = load_le16(control->data + 2);
    /* With 255 bytes wanted a longer configuration is cut off: not wrong, but not whole. */
    header = header || (size < total && size == usb_request_parse(control->setup).length);
    if (total > HOST_DATA_MAX) {
        text_printf(fault, "configuration descriptor: wTotalLength is %zu, the host takes %d",
                    total, HOST_DATA_MAX);
        return false;
    }
    if (!header && !usb_check_configuration(control->data, size, fault))
        return false;
    memcpy(host->state.configuration_bytes, control->data, size);
    host->state.configuration_size = (uint32_t)size;
    return true;
}

static bool take_languages(struct host *host, struct text *fault)
{
    const struct control_state *control = &host->state.control;

    if (!usb_check_string(control->data, control->stored, 0, fault))
        return false;
    host->state.language = load_le16(control->data + 2);
    return true;
}

static bool take_string(struct host *host, enum enumeration_action action, struct text *fault)
{
    const struct control_state *control = &host->state.control;
    unsigned slot = (unsigned)(action - DO_MANUFACTURER);

    if (!usb_check_string(control->data, control->stored, 1, fault))
        return false;
    assert(control->stored <= STRING_MAX);
    memcpy(host->state.string[slot], control->data, control->stored);
    host->state.string_size[slot] = (uint8_t)control->stored;
    return true;
}

/* Keeps what was learnt. False: the descriptor is malformed, `fault` says how. */
static bool take_answer(struct host *host, struct text *fault)
{
    enum enumeration_action action = present_step(host)->action;

    switch (action) {
    case DO_DEVICE:
        return take_device(host, fault);
    case DO_CONFIGURATION:
        return take_configuration(host, fault);
    case DO_LANGUAGES:
        return take_languages(host, fault);
    case DO_MANUFACTURER:
    case DO_PRODUCT:
    case DO_SERIAL:
        return take_string(host, action, fault);
    case DO_QUALIFIER:
        host_say(host, HOST_NOTE,
                 "odd: a device that only knows full speed must answer GET_DESCRIPTOR(Device "
                 "Qualifier) with STALL (USB 2.0, 9.6.2)");
        return true;
    case DO_ADDRESS:
    case DO_CONFIGURE:
    case DO_RESET:
    case DO_END:
        return true;
    }
    return true;
}

void enumerate_transfer_ended(struct host *host)
{
    struct text fault = {0};

    if (host->state.control.outcome != TRANSFER_DONE)
        request_failed(host);
    else if (take_answer(host, &fault))
        next_row(host);
    else
        host_give_up(host, text_string(&fault));
    text_free(&fault);
}
