/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/comply/sinner.h"

#include "sim/base/bits.h"
#include "sim/usb/request.h"

#include <string.h>

enum {
    CONFIGURATION_VALUE = 42,
    IN = 1,
    OUT = 0,
    PACKET = 64,
    OS_CODE = 0x20,
    HID_REPORT_SIZE = 45
};
enum sinner_stage { IDLE, READING, WRITING, STATUS_IN, STATUS_OUT, REFUSED, HANGING };

static const uint8_t device_descriptor[18] = {18,   1,    0x01, 0x02, 0,    0, 0, 64, 0x20,
                                              0x20, 0x18, 0x07, 0x00, 0x01, 1, 2, 3,  1};
/* clang-format off */
static const uint8_t configuration[] = {
    9, 2, 0, 0, 2, CONFIGURATION_VALUE, 0, 0xa0, 50,
    9, 4, 0, 0, 2, 0xff, 0, 0, 0,
    7, 5, 0x81, 2, 64, 0, 0,
    7, 5, 0x01, 2, 64, 0, 0,
    9, 4, 0, 1, 3, 0xff, 0, 0, 0,
    7, 5, 0x81, 2, 64, 0, 0,
    7, 5, 0x01, 2, 64, 0, 0,
    7, 5, 0x88, 1, 64, 0, 1,
    9, 4, 1, 0, 1, 3, 1, 1, 0,
    9, 0x21, 0x11, 0x01, 0, 1, 0x22, HID_REPORT_SIZE, 0,
    7, 5, 0x82, 3, 8, 0, 10,
};
static const uint8_t bos[] = {
    5, 15, 33, 0, 1,
    28, 16, 5, 0, 0xdf, 0x60, 0xdd, 0xd8, 0x89, 0x45, 0xc7, 0x4c, 0x9c, 0xd2, 0x65, 0x9d, 0x9e,
    0x64, 0x8a, 0x9f, 0x00, 0x00, 0x03, 0x06, 10, 0, OS_CODE, 0,
};
static const uint8_t os_set[] = {10, 0, 0, 0, 0x00, 0x00, 0x03, 0x06, 10, 0};
/* clang-format on */

/* Where parts of `configuration` begin. */
enum { AT_SECOND_INTERFACE = 62, AT_ISO = 55, AT_KEYBOARD_ENDPOINT = 80, AT_FIRST_ENDPOINT = 18 };

static bool sins(const struct sinner *sinner, enum sin sin)
{
    return sinner->state.sin == sin;
}

/* ---- Descriptors ----------------------------------------------------------------------------- */

static void put(struct sinner *sinner, const void *bytes, size_t size)
{
    memcpy(sinner->state.data, bytes, size);
    sinner->state.size = (uint32_t)size;
    sinner->state.stage = READING;
}

static void put_device(struct sinner *sinner)
{
    uint8_t *data = sinner->state.data;

    put(sinner, device_descriptor, sizeof device_descriptor);
    if (sins(sinner, SIN_CLASS_WITHOUT_VENDOR))
        data[5] = 1;
    if (sins(sinner, SIN_COUNTS_TWO_CONFIGURATIONS))
        data[17] = 2;
}

static void put_configuration(struct sinner *sinner)
{
    uint8_t *data = sinner->state.data;

    put(sinner, configuration, sizeof configuration);
    data[2] = sizeof configuration;
    if (sins(sinner, SIN_INTERFACES_FROM_ONE))
        data[AT_SECOND_INTERFACE + 2] = 2;
    if (sins(sinner, SIN_SHARES_ENDPOINT))
        data[AT_ISO + 2] = 0x82;
    if (sins(sinner, SIN_TAKES_BANDWIDTH))
        data[AT_FIRST_ENDPOINT + 3] = 1;
}

static const char *string_of(unsigned index)
{
    static const char *const strings[] = {NULL, "Sinners", "Device", "0123456789AB"};

    return index < ARRAY_LENGTH(strings) ? strings[index] : NULL;
}

static void put_string(struct sinner *sinner, unsigned index)
{
    static const uint8_t languages[] = {4, USB_STRING, 0x09, 0x04};
    static const uint8_t none[] = {2, USB_STRING};
    const char *string = string_of(sins(sinner, SIN_ANY_STRING) && index > 3 ? 1 : index);
    uint8_t *data = sinner->state.data;
    size_t length = string ? strlen(string) : 0;

    if (!index && sins(sinner, SIN_NO_LANGUAGES))
        put(sinner, none, sizeof none);
    else if (!index)
        put(sinner, languages, sizeof languages);
    if (!string || (sins(sinner, SIN_STRING_IS_MISSING) && index == 2))
        return;
    data[0] = (uint8_t)(2 + 2 * length);
    data[1] = USB_STRING;
    for (size_t i = 0; i < length; i++)
        store_le16(data + 2 + 2 * i, (uint8_t)string[i]);
    if (sins(sinner, SIN_DIFFERENT_IN_CONFIGURED) && sinner->state.configured)
        data[2] = 'X';
    sinner->state.size = (uint32_t)(2 + 2 * length) + sins(sinner, SIN_STRING_TOO_LONG);
    sinner->state.stage = READING;
}

static void put_bos(struct sinner *sinner)
{
    if (sins(sinner, SIN_NO_BOS))
        return;
    put(sinner, bos, sizeof bos);
    if (sins(sinner, SIN_BOS_COUNTS_WRONG))
        sinner->state.data[4] = 2;
}

static void put_report(struct sinner *sinner)
{
    memset(sinner->state.data, 0x05, HID_REPORT_SIZE);
    sinner->state.size = HID_REPORT_SIZE - sins(sinner, SIN_SHORT_REPORT);
    sinner->state.stage = READING;
}

static void get_descriptor(struct sinner *sinner, struct usb_request request)
{
    static const uint8_t qualifier[] = {10, USB_DEVICE_QUALIFIER, 0, 2, 0, 0, 0, 64, 1, 0};
    unsigned type = request.value >> 8;
    unsigned index = request.value & 0xff;

    if (type == USB_DEVICE && !index)
        put_device(sinner);
    else if (type == USB_CONFIGURATION && (!index || sins(sinner, SIN_ANY_CONFIGURATION)))
        put_configuration(sinner);
    else if (type == USB_STRING)
        put_string(sinner, index);
    else if (type == USB_BOS)
        put_bos(sinner);
    else if (type == USB_DEVICE_QUALIFIER && sins(sinner, SIN_HAS_QUALIFIER))
        put(sinner, qualifier, sizeof qualifier);
    else if (type == USB_OTHER_SPEED && sins(sinner, SIN_HAS_OTHER_SPEED))
        put_configuration(sinner);
    else if (type == USB_INTERFACE && sins(sinner, SIN_INTERFACE_ALONE))
        put(sinner, configuration + 9, 9);
}

static void get_hid_descriptor(struct sinner *sinner, struct usb_request request)
{
    if (request.value == 0x2100)
        put(sinner, configuration + AT_SECOND_INTERFACE + 9, 9);
    else if (request.value == 0x2200)
        put_report(sinner);
}

/* ---- What there is --------------------------------------------------------------------------- */

static bool is_interface(const struct sinner *sinner, unsigned number)
{
    return number == 0 || number == (sins(sinner, SIN_INTERFACES_FROM_ONE) ? 2 : 1);
}

static bool is_endpoint(const struct sinner *sinner, unsigned address)
{
    if (address == 0x88)
        return sinner->state.setting == 1;
    return address == 0x81 || address == 0x01 || address == 0x82;
}

static uint8_t *halts_of(struct sinner *sinner, unsigned address)
{
    return &sinner->state.halted[address >> 7];
}

static bool is_halted(struct sinner *sinner, unsigned address)
{
    return address & 15 && *halts_of(sinner, address) >> (address & 7) & 1;
}

static void accept(struct sinner *sinner)
{
    sinner->state.stage = STATUS_IN;
}

static void open_endpoints(struct sinner *sinner, bool keep_halts)
{
    memset(sinner->state.toggles, 0, sizeof sinner->state.toggles);
    if (!keep_halts)
        memset(sinner->state.halted, 0, sizeof sinner->state.halted);
}

/* ---- Standard requests ----------------------------------------------------------------------- */

static void put_status(struct sinner *sinner, unsigned status)
{
    uint8_t bytes[2] = {(uint8_t)status, 0};

    put(sinner, bytes, sizeof bytes);
}

static void get_status_device(struct sinner *sinner)
{
    const struct sinner_state *state = &sinner->state;
    unsigned status = state->wakeup && !sins(sinner, SIN_FORGETS_WAKEUP) ? 2 : 0;

    if (!state->address && sins(sinner, SIN_HANGS_IN_DEFAULT)) {
        sinner->state.stage = HANGING;
        return;
    }
    if (!state->configured && sins(sinner, SIN_NO_STATUS_IN_ADDRESS))
        return;
    if (sins(sinner, SIN_RESERVED_STATUS_BITS))
        status |= 4;
    if (sins(sinner, SIN_SELF_POWERED))
        status |= 1;
    put_status(sinner, status);
}

static void get_status(struct sinner *sinner, struct usb_request request)
{
    bool configured = sinner->state.configured;
    unsigned recipient = request.type & 31;
    unsigned address = request.index & 0xff;

    if (recipient == 0)
        get_status_device(sinner);
    else if (recipient == 1 && (configured || sins(sinner, SIN_INTERFACE_STATUS_IN_ADDRESS)) &&
             (is_interface(sinner, request.index) || sins(sinner, SIN_ANY_INTERFACE_STATUS)))
        put_status(sinner, 0);
    else if (recipient == 2 && (address & 15) == 0)
        put_status(sinner, 0);
    else if (recipient == 2 && (configured || sins(sinner, SIN_ENDPOINT_STATUS_IN_ADDRESS)) &&
             (is_endpoint(sinner, address) || sins(sinner, SIN_ANY_ENDPOINT_STATUS)))
        put_status(sinner, is_halted(sinner, address) && !sins(sinner, SIN_HALT_IS_SECRET));
}

static void halt(struct sinner *sinner, unsigned address, bool set)
{
    uint8_t bit = (uint8_t)(1u << (address & 7));

    accept(sinner);
    if (set)
        *halts_of(sinner, address) |= bit;
    else
        *halts_of(sinner, address) &= (uint8_t)~bit;
    if (sins(sinner, SIN_HALTS_ALL))
        sinner->state.halted[OUT] = sinner->state.halted[IN] = *halts_of(sinner, address);
    if (!set && !sins(sinner, SIN_KEEPS_TOGGLE))
        sinner->state.toggles[address >> 7] &= (uint8_t)~bit;
}

static void endpoint_feature(struct sinner *sinner, struct usb_request request, bool set)
{
    unsigned address = request.index & 0xff;
    bool there = sinner->state.configured || sins(sinner, SIN_HALT_IN_ADDRESS);

    if (request.value != 0)
        return;
    if ((address & 15) == 0) {
        accept(sinner);
        return;
    }
    if (!there || !(is_endpoint(sinner, address) || sins(sinner, SIN_ANY_ENDPOINT_FEATURE)))
        return;
    if (!set && !is_halted(sinner, address) && sins(sinner, SIN_CLEAR_NEEDS_HALT) &&
        sinner->state.configured)
        return;
    halt(sinner, address, set);
}

static void feature(struct sinner *sinner, struct usb_request request, bool set)
{
    unsigned recipient = request.type & 31;

    if (sins(sinner, SIN_ANY_FEATURE) && request.value == 99) {
        accept(sinner);
    } else if (recipient == 0 && request.value == 1) {
        if (!sinner->state.configured && sins(sinner, SIN_NO_WAKEUP_IN_ADDRESS))
            return;
        sinner->state.wakeup = set;
        accept(sinner);
    } else if (recipient == 2) {
        endpoint_feature(sinner, request, set);
    }
}

static void get_configuration(struct sinner *sinner)
{
    uint8_t value = sinner->state.configured;

    if (value && sins(sinner, SIN_WRONG_CONFIGURATION))
        value = 1;
    if (!value && sins(sinner, SIN_CONFIGURATION_ONE_IN_ADDRESS))
        value = 1;
    if (!sins(sinner, SIN_NO_GET_CONFIGURATION))
        put(sinner, &value, 1);
}

/* Opens the endpoints, and commits one or two sins about it. */
static void open_again(struct sinner *sinner, bool keeps_halt, bool keeps_toggles)
{
    uint8_t toggles[2];

    memcpy(toggles, sinner->state.toggles, sizeof toggles);
    open_endpoints(sinner, keeps_halt);
    if (keeps_toggles)
        memcpy(sinner->state.toggles, toggles, sizeof toggles);
}

static void set_configuration(struct sinner *sinner, struct usb_request request)
{
    uint8_t value = (uint8_t)request.value;

    if (!sinner->state.address)
        return;
    if (value && value != CONFIGURATION_VALUE && !sins(sinner, SIN_ANY_CONFIGURATION_VALUE))
        return;
    if (!value && sins(sinner, SIN_CONFIGURED_FOR_GOOD))
        value = CONFIGURATION_VALUE;
    sinner->state.configured = value;
    sinner->state.setting = 0;
    open_again(sinner, sins(sinner, SIN_HALT_SURVIVES_CONFIGURATION),
               sins(sinner, SIN_TOGGLE_SURVIVES_CONFIGURATION));
    accept(sinner);
}

static void get_interface(struct sinner *sinner, struct usb_request request)
{
    uint8_t setting = request.index == 0 ? sinner->state.setting : 0;

    if (sins(sinner, SIN_NO_GET_INTERFACE) && sinner->state.configured)
        return;
    if (sins(sinner, SIN_ALWAYS_SETTING_ZERO))
        setting = 0;
    if ((sinner->state.configured || sins(sinner, SIN_GET_INTERFACE_IN_ADDRESS)) &&
        (is_interface(sinner, request.index) || sins(sinner, SIN_ANY_INTERFACE)))
        put(sinner, &setting, 1);
}

static void set_interface(struct sinner *sinner, struct usb_request request)
{
    if (!sinner->state.configured && !sins(sinner, SIN_SET_INTERFACE_IN_ADDRESS))
        return;
    if (!is_interface(sinner, request.index)) {
        if (sins(sinner, SIN_ANY_INTERFACE))
            accept(sinner);
        return;
    }
    if (request.value > (request.index == 0) && !sins(sinner, SIN_ANY_SETTING))
        return;
    if (request.index == 0 && request.value <= 1) {
        sinner->state.setting = (uint8_t)request.value;
        open_again(sinner, sins(sinner, SIN_HALT_SURVIVES_INTERFACE),
                   sins(sinner, SIN_TOGGLE_SURVIVES_INTERFACE));
    }
    accept(sinner);
}

static void set_address(struct sinner *sinner, struct usb_request request)
{
    struct sinner_state *state = &sinner->state;

    state->addresses++;
    state->next_address =
        (uint8_t)(request.value & (sins(sinner, SIN_ADDRESS_SIX_BITS) ? 63 : 127));
    if (sins(sinner, SIN_ADDRESS_ONCE) && state->address)
        state->next_address = state->address;
    if (sins(sinner, SIN_ADDRESS_TOO_EARLY) && state->address)
        state->address = state->next_address;
    accept(sinner);
}

static void unknown_request(struct sinner *sinner, struct usb_request request)
{
    if (sins(sinner, SIN_UNKNOWN_REQUEST) && request.type & 0x80)
        put_status(sinner, 0);
}

static void standard(struct sinner *sinner, struct usb_request request)
{
    bool reads = request.type & 0x80;

    switch (request.request) {
    case USB_GET_STATUS:
        if (reads)
            get_status(sinner, request);
        break;
    case USB_CLEAR_FEATURE:
    case USB_SET_FEATURE:
        feature(sinner, request, request.request == USB_SET_FEATURE);
        break;
    case USB_SET_ADDRESS:
        set_address(sinner, request);
        break;
    case USB_GET_DESCRIPTOR:
        if (request.type == 0x80)
            get_descriptor(sinner, request);
        else if (request.type == 0x81 && sinner->state.configured)
            get_hid_descriptor(sinner, request);
        break;
    case USB_SET_DESCRIPTOR:
        if (sins(sinner, SIN_HANGS_AT_SET_DESCRIPTOR))
            sinner->state.stage = HANGING;
        break;
    case USB_GET_CONFIGURATION:
        get_configuration(sinner);
        break;
    case USB_SET_CONFIGURATION:
        if (!reads)
            set_configuration(sinner, request);
        break;
    case USB_GET_INTERFACE:
        get_interface(sinner, request);
        break;
    case USB_SET_INTERFACE:
        set_interface(sinner, request);
        break;
    case USB_SYNCH_FRAME:
        if (sins(sinner, SIN_SYNCHS))
            put_status(sinner, 0);
        break;
    default:
        unknown_request(sinner, request);
        break;
    }
}

/* ---- Other requests -------------------------------------------------------------------------- */

static void hid(struct sinner *sinner, struct usb_request request)
{
    if (request.request == 3) {
        put(sinner, &sinner->state.protocol, 1);
    } else if (request.request == 0x0a) {
        accept(sinner);
    } else if (request.request == 0x0b) {
        if (!sins(sinner, SIN_PROTOCOL_STAYS))
            sinner->state.protocol = (uint8_t)request.value;
        accept(sinner);
    }
}

static void vendor(struct sinner *sinner, struct usb_request request)
{
    struct sinner_state *state = &sinner->state;

    if (request.request == OS_CODE && request.index == 7) {
        put(sinner, os_set, sins(sinner, SIN_SHORT_OS_SET) ? 8 : 10);
    } else if (request.request == 0x5b && request.length <= sizeof state->buffer) {
        if (request.length > 512 && sins(sinner, SIN_WRITES_TO_512))
            return;
        state->wanted = request.length;
        state->stage = request.length ? WRITING : STATUS_IN;
    } else if (request.request == 0x5c) {
        put(sinner, state->buffer, state->kept);
    }
}

static void decode(struct sinner *sinner)
{
    struct usb_request request = usb_request_parse(sinner->state.setup);

    if (sins(sinner, SIN_IGNORES_TYPE) && (request.type & 0x60) == 0x60)
        request.type &= 0x9f;
    switch (request.type & 0x60) {
    case 0x00:
        standard(sinner, request);
        break;
    case 0x20:
        if (sinner->state.configured)
            hid(sinner, request);
        break;
    case 0x40:
        vendor(sinner, request);
        break;
    default:
        break;
    }
}

/* The data stage ends with a short packet, or when all that was asked for is there. */
static void limit_answer(struct sinner *sinner)
{
    struct sinner_state *state = &sinner->state;
    uint32_t wanted = load_le16(state->setup + 6);
    bool device = state->setup[1] == USB_GET_DESCRIPTOR && state->setup[3] == USB_DEVICE;

    if (state->stage != READING)
        return;
    if (sins(sinner, SIN_CUTS_AT_64) && state->size > PACKET)
        state->size = PACKET - 1;
    if (state->size > wanted && !(device && sins(sinner, SIN_SENDS_ALL)))
        state->size = wanted;
    if (!wanted)
        state->stage = STATUS_IN;
}

/* ---- The port -------------------------------------------------------------------------------- */

static void reset_begin(void *owner)
{
    struct sinner *sinner = owner;
    struct sinner_state *state = &sinner->state;

    state->address = 0;
    state->next_address = 0;
    if (!sins(sinner, SIN_KEEPS_CONFIGURATION_IN_RESET))
        state->configured = 0;
    state->setting = 0;
    state->protocol = 1;
    state->wakeup = 0;
    state->suspended = 0;
    state->stuck = 0;
    state->stage = IDLE;
    open_endpoints(sinner, false);
    scheduler_cancel(sinner->wiring.scheduler, EVENT_USBD_SUSPEND, 0);
}

static void reset_end(void *owner)
{
    (void)owner;
}

static void sof(void *owner, uint16_t frame)
{
    (void)owner;
    (void)frame;
}

static void suspend(void *owner)
{
    struct sinner *sinner = owner;

    sinner->state.suspended = true;
    if (sins(sinner, SIN_FORGETS_IN_SUSPEND))
        sinner->state.configured = 0;
    scheduler_add(sinner->wiring.scheduler, EVENT_USBD_SUSPEND, 0, 100 * CYCLES_PER_MS, 0);
}

static void resume(void *owner)
{
    struct sinner *sinner = owner;

    sinner->state.suspended = false;
    scheduler_cancel(sinner->wiring.scheduler, EVENT_USBD_SUSPEND, 0);
}

/* A key is pressed 100 ms after each suspend. */
static void press_key(void *owner, const struct event *event)
{
    struct sinner *sinner = owner;

    (void)event;
    if (!sinner->state.suspended || !(sinner->state.wakeup || sins(sinner, SIN_WAKES_UNASKED)))
        return;
    wire_set(sinner->wiring.wires, WIRE_USB_RESUME_K, true);
    wire_set(sinner->wiring.wires, WIRE_USB_RESUME_K, false);
}

static bool is_deaf(const struct sinner *sinner, uint8_t address)
{
    return sinner->state.suspended || address != sinner->state.address ||
           (sins(sinner, SIN_TIRES) && sinner->state.addresses >= 15) ||
           (sinner->state.stuck && sins(sinner, SIN_WANTS_ITS_DATA_READ));
}

static enum usb_answer setup(void *owner, uint8_t address, const uint8_t packet[8])
{
    struct sinner *sinner = owner;
    struct sinner_state *state = &sinner->state;

    if (state->stage == READING && !state->done)
        state->stuck = true;
    if (is_deaf(sinner, address))
        return USB_ANSWER_NONE;
    memcpy(state->setup, packet, sizeof state->setup);
    state->stage = REFUSED;
    state->size = 0;
    state->done = 0;
    state->toggle = 1;
    state->skipped = false;
    state->next_address = state->address;
    if (!(sins(sinner, SIN_STALLS_FOR_GOOD) && state->refused >= 10))
        decode(sinner);
    if (state->stage == REFUSED && usb_request_is(usb_request_parse(packet), USB_GET_DESCRIPTOR))
        state->refused++;
    limit_answer(sinner);
    return USB_ANSWER_ACK;
}

static void control_packet(struct sinner *sinner, struct usb_data *data)
{
    struct sinner_state *state = &sinner->state;
    uint32_t left = state->stage == READING ? state->size - state->done : 0;

    data->pid = state->toggle ? PID_DATA1 : PID_DATA0;
    data->size = (uint16_t)(left < PACKET ? left : PACKET);
    memcpy(data->bytes, state->data + state->done, data->size);
    if (state->in_flight && state->repeated && sins(sinner, SIN_SKIPS_AFTER_REPEAT))
        data->bytes[0] ^= 1;
    state->repeated = true;
    state->in_flight = data->size;
}

static enum usb_answer endpoint_in(struct sinner *sinner, uint8_t endpoint, struct usb_data *data)
{
    struct sinner_state *state = &sinner->state;

    if (!state->configured && !(sins(sinner, SIN_OPEN_IN_ADDRESS) && endpoint == 1))
        return USB_ANSWER_NONE;
    if (endpoint != 1 && endpoint != 2)
        return USB_ANSWER_NONE;
    if (is_halted(sinner, 0x80u | endpoint))
        return sins(sinner, SIN_NO_STALL_IN_HALT) ? USB_ANSWER_NAK : USB_ANSWER_STALL;
    if (endpoint == 2)
        return USB_ANSWER_NAK;
    data->pid = state->toggles[IN] & 2 ? PID_DATA1 : PID_DATA0;
    data->size = 4;
    memset(data->bytes, 0x55, 4);
    return USB_ANSWER_ACK;
}

static enum usb_answer in(void *owner, uint8_t address, uint8_t endpoint, struct usb_data *data)
{
    struct sinner *sinner = owner;

    memset(data, 0, sizeof *data);
    if (is_deaf(sinner, address))
        return USB_ANSWER_NONE;
    if (endpoint)
        return endpoint_in(sinner, endpoint, data);
    switch ((enum sinner_stage)sinner->state.stage) {
    case REFUSED:
        return USB_ANSWER_STALL;
    case READING:
    case STATUS_IN:
        control_packet(sinner, data);
        return USB_ANSWER_ACK;
    case IDLE:
    case WRITING:
    case STATUS_OUT:
    case HANGING:
        break;
    }
    return USB_ANSWER_NAK;
}

static void in_acknowledged(void *owner, uint8_t address, uint8_t endpoint)
{
    struct sinner *sinner = owner;
    struct sinner_state *state = &sinner->state;

    (void)address;
    if (endpoint) {
        state->toggles[IN] ^= (uint8_t)(1u << endpoint);
        return;
    }
    state->repeated = false;
    if (state->stage == STATUS_IN) {
        state->address = state->next_address;
        state->stage = IDLE;
    } else if (state->stage == READING) {
        state->done += state->in_flight;
        state->toggle = !state->toggle;
        if (state->in_flight < PACKET || state->done >= load_le16(state->setup + 6))
            state->stage = STATUS_OUT;
    }
}

static enum usb_answer endpoint_out(struct sinner *sinner, uint8_t endpoint)
{
    if (!sinner->state.configured || endpoint != 1)
        return USB_ANSWER_NONE;
    if (is_halted(sinner, endpoint))
        return sins(sinner, SIN_NO_STALL_IN_HALT) ? USB_ANSWER_NAK : USB_ANSWER_STALL;
    return USB_ANSWER_ACK;
}

static enum usb_answer take_data(struct sinner *sinner, enum usb_pid pid, const uint8_t *bytes,
                                 size_t size)
{
    struct sinner_state *state = &sinner->state;

    if (pid != (state->toggle ? PID_DATA1 : PID_DATA0))
        return USB_ANSWER_ACK;
    memcpy(state->buffer + state->done, bytes, size);
    state->done += (uint32_t)size;
    state->kept = state->done;
    state->toggle = !state->toggle;
    if (size < PACKET || state->done >= state->wanted) {
        state->stage = STATUS_IN;
        state->toggle = 1;
    }
    return USB_ANSWER_ACK;
}

static enum usb_answer out(void *owner, uint8_t address, uint8_t endpoint, enum usb_pid pid,
                           const uint8_t *bytes, size_t size)
{
    struct sinner *sinner = owner;
    struct sinner_state *state = &sinner->state;

    if (is_deaf(sinner, address))
        return USB_ANSWER_NONE;
    if (endpoint)
        return endpoint_out(sinner, endpoint);
    switch ((enum sinner_stage)state->stage) {
    case REFUSED:
        return USB_ANSWER_STALL;
    case WRITING:
        return take_data(sinner, pid, bytes, size);
    case READING: /* ended early, or its last ACK was lost (8.5.3.3) */
    case STATUS_OUT:
    case IDLE: /* the host repeats it */
        state->stage = IDLE;
        return USB_ANSWER_ACK;
    case STATUS_IN:
    case HANGING:
        break;
    }
    return USB_ANSWER_NAK;
}

static void isochronous_out(void *owner, uint8_t address, uint8_t endpoint, const uint8_t *bytes,
                            size_t size, bool intact)
{
    (void)owner, (void)address, (void)endpoint, (void)bytes, (void)size, (void)intact;
}

static bool isochronous_in(void *owner, uint8_t address, uint8_t endpoint, struct usb_data *data)
{
    (void)owner, (void)address, (void)endpoint, (void)data;
    return false;
}

const struct usb_port_ops sinner_port = {
    .reset_begin = reset_begin,
    .reset_end = reset_end,
    .sof = sof,
    .suspend = suspend,
    .resume = resume,
    .setup = setup,
    .out = out,
    .in = in,
    .in_acknowledged = in_acknowledged,
    .isochronous_out = isochronous_out,
    .isochronous_in = isochronous_in,
};

/* Pulls D+ up as long as there is VBUS. */
static void hear_vbus(void *owner, enum wire_id wire, bool level)
{
    struct sinner *sinner = owner;
    struct sinner_state *state = &sinner->state;

    (void)wire;
    if (level && state->attached_once && sins(sinner, SIN_NOT_AGAIN))
        return;
    state->attached_once |= level;
    if (!level) {
        reset_begin(sinner);
        state->configured = 0;
    }
    wire_set(sinner->wiring.wires, WIRE_USB_PULLUP, level);
}

void sinner_init(struct sinner *sinner, enum sin sin, struct scheduler *scheduler,
                 struct wires *wires)
{
    memset(sinner, 0, sizeof *sinner);
    sinner->state.sin = sin;
    sinner->wiring = (struct sinner_wiring){scheduler, wires};
    wire_connect(wires, WIRE_VBUS, hear_vbus, sinner);
    scheduler_handle(scheduler, EVENT_USBD_SUSPEND, press_key, sinner);
}
