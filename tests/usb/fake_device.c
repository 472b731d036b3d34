/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/usb/fake_device.h"

#include "sim/base/bits.h"
#include "sim/usb/request.h"

#include <assert.h>
#include <string.h>

void fake_device_init(struct fake_device *device, struct wires *wires)
{
    static const uint8_t descriptor[] = {0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0x20,
                                         0x20, 0x17, 0x07, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01};
    static const uint8_t configuration[] = {0x09, 0x02, 0x12, 0x00, 0x01, 0x2a, 0x00, 0xc0, 0xfa,
                                            0x09, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};

    memset(device, 0, sizeof *device);
    device->packet_max = 64;
    device->wires = wires;
    memcpy(device->device, descriptor, sizeof descriptor);
    device->device_size = sizeof descriptor;
    memcpy(device->configuration, configuration, sizeof configuration);
    device->configuration_size = sizeof configuration;
}

void fake_device_add_endpoints(struct fake_device *device)
{
    static const uint8_t configuration[] = {
        0x09, 0x02, 0x27, 0x00, 0x01, 0x2a, 0x00, 0xc0, 0xfa, /* configuration 42 */
        0x09, 0x04, 0x00, 0x00, 0x03, 0xff, 0x00, 0x00, 0x00, /* interface 0 */
        0x07, 0x05, 0x81, 0x02, 0x40, 0x00, 0x00,             /* bulk IN 1 */
        0x07, 0x05, 0x01, 0x02, 0x40, 0x00, 0x00,             /* bulk OUT 1 */
        0x07, 0x05, 0x82, 0x03, 0x10, 0x00, 0x05,             /* interrupt IN 2 */
    };

    memcpy(device->configuration, configuration, sizeof configuration);
    device->configuration_size = sizeof configuration;
}

void fake_device_set_string(struct fake_device *device, unsigned index, const char *string)
{
    static const uint8_t languages[] = {4, USB_STRING, 0x09, 0x04};
    size_t length = strlen(string);

    assert(index >= 1 && index < FAKE_STRINGS && length < 126);
    memcpy(device->string[0], languages, sizeof languages);
    device->string_size[0] = sizeof languages;
    device->string_size[index] = 2 + 2 * length;
    device->string[index][0] = (uint8_t)(2 + 2 * length);
    device->string[index][1] = USB_STRING;
    for (size_t i = 0; i < length; i++)
        store_le16(device->string[index] + 2 + 2 * i, (uint8_t)string[i]);
}

void fake_device_attach(struct fake_device *device, bool attached)
{
    device->address = 0;
    device->stage = FAKE_IDLE;
    wire_set(device->wires, WIRE_USB_PULLUP, attached);
}

/* ---- the bus --------------------------------------------------------------------------------- */

static void reset_endpoints(struct fake_device *device)
{
    for (unsigned i = 1; i < FAKE_ENDPOINTS; i++)
        fake_endpoint_reset(&device->endpoint[i]);
}

static void fake_reset_begin(void *owner)
{
    struct fake_device *device = owner;

    assert(!device->in_reset);
    device->in_reset = true;
    device->suspended = false;
    device->resets++;
    device->address = 0;
    device->configured = 0;
    device->stage = FAKE_IDLE;
    reset_endpoints(device);
}

static void fake_reset_end(void *owner)
{
    struct fake_device *device = owner;

    assert(device->in_reset);
    device->in_reset = false;
}

static void fake_sof(void *owner, uint16_t frame)
{
    struct fake_device *device = owner;

    assert(!device->in_reset && !device->suspended && frame < 2048);
    device->frames++;
}

static void fake_suspend(void *owner)
{
    struct fake_device *device = owner;

    device->suspended = true;
}

static void fake_resume(void *owner)
{
    struct fake_device *device = owner;

    device->suspended = false;
}

/* ---- requests -------------------------------------------------------------------------------- */

static void answer_with(struct fake_device *device, const uint8_t *bytes, size_t size)
{
    size_t wanted = load_le16(device->setup + 6);

    if (device->mischief.too_much_data)
        wanted += 4;
    memcpy(device->data, bytes, size);
    device->size = size < wanted || device->mischief.too_much_data ? size : wanted;
    if (device->mischief.too_much_data)
        device->size = wanted;
    device->stage = size ? FAKE_IN : FAKE_STALL;
}

static void get_descriptor(struct fake_device *device)
{
    static const uint8_t qualifier[] = {10, USB_DEVICE_QUALIFIER, 0, 2, 0, 0, 0, 64, 1, 0};
    uint8_t type = device->setup[3];
    uint8_t index = device->setup[2];

    device->stage = FAKE_STALL;
    if (device->mischief.stalls_descriptor[type])
        return;
    if (type == USB_DEVICE)
        answer_with(device, device->device, device->device_size);
    else if (type == USB_CONFIGURATION && index == 0)
        answer_with(device, device->configuration, device->configuration_size);
    else if (type == USB_STRING && index < FAKE_STRINGS)
        answer_with(device, device->string[index], device->string_size[index]);
    else if (type == USB_DEVICE_QUALIFIER && device->mischief.answers_qualifier)
        answer_with(device, qualifier, sizeof qualifier);
}

static void set_configuration(struct fake_device *device)
{
    uint8_t value = device->setup[2];

    if (value != 0 && value != device->configuration[5]) {
        device->stage = FAKE_STALL;
        return;
    }
    device->configured = value;
    device->stage = FAKE_STATUS_IN;
    reset_endpoints(device);
}

/* SET_FEATURE(ENDPOINT_HALT) */
static void set_halt(struct fake_device *device)
{
    uint8_t address = device->setup[4];
    struct fake_endpoint *endpoint = &device->endpoint[address % FAKE_ENDPOINTS];

    *(address & 0x80 ? &endpoint->halted_in : &endpoint->halted_out) = true;
    device->stage = FAKE_STATUS_IN;
}

/* CLEAR_FEATURE(ENDPOINT_HALT) */
static void clear_halt(struct fake_device *device)
{
    uint8_t address = device->setup[4];
    struct fake_endpoint *endpoint = &device->endpoint[address % FAKE_ENDPOINTS];

    if (address & 0x80) {
        endpoint->halted_in = false;
        endpoint->toggle_in = false;
    } else {
        endpoint->halted_out = false;
        endpoint->toggle_out = false;
    }
    device->stage = FAKE_STATUS_IN;
}

static void decode(struct fake_device *device)
{
    struct usb_request request = usb_request_parse(device->setup);

    device->next_address = device->address;
    if (device->mischief.stalls[request.request] || device->mischief.stalls_first) {
        device->mischief.stalls_first -= device->mischief.stalls_first > 0;
        device->stage = FAKE_STALL;
    } else if (usb_request_is(request, USB_GET_DESCRIPTOR)) {
        get_descriptor(device);
    } else if (usb_request_is(request, USB_SET_ADDRESS)) {
        if (!device->mischief.ignores_address)
            device->next_address = (uint8_t)request.value;
        device->stage = FAKE_STATUS_IN;
    } else if (usb_request_is(request, USB_SET_CONFIGURATION)) {
        set_configuration(device);
    } else if (request.type == 0x02 && request.request == USB_CLEAR_FEATURE) {
        clear_halt(device);
    } else if (request.type == 0x02 && request.request == USB_SET_FEATURE) {
        set_halt(device);
    } else if (request.type == 0x01 && request.request == USB_SET_INTERFACE) {
        reset_endpoints(device);
        device->stage = FAKE_STATUS_IN;
    } else if (request.type == 0x40) { /* vendor write: takes everything */
        device->size = request.length;
        device->stage = request.length ? FAKE_OUT : FAKE_STATUS_IN;
    } else if (request.type == 0xc0) { /* vendor read: gives back the last write */
        answer_with(device, device->received, device->received_size);
    } else {
        device->stage = FAKE_STALL;
    }
}

/* Lets go of D+ for an instant, and does not do it again. */
static void detach_once(struct fake_device *device)
{
    device->mischief.detaches_at_ack = false;
    device->mischief.detaches_at_out = false;
    fake_device_attach(device, false);
    fake_device_attach(device, true);
}

/* True when the token gets no answer. */
static bool ignores_token(struct fake_device *device, uint8_t address)
{
    if (device->mischief.silent_first) {
        device->mischief.silent_first--;
        return true;
    }
    return device->mischief.silent || device->in_reset || address != device->address;
}

static enum usb_answer fake_setup(void *owner, uint8_t address, const uint8_t packet[8])
{
    struct fake_device *device = owner;
    struct fake_mischief *mischief = &device->mischief;

    assert(!device->suspended);
    if (ignores_token(device, address))
        return USB_ANSWER_NONE;
    device->setups++;
    if (mischief->detaches_always || device->setups == mischief->detaches_at_request) {
        fake_device_attach(device, false);
        fake_device_attach(device, true);
        return USB_ANSWER_NONE;
    }
    if (mischief->refuses_setup)
        return USB_ANSWER_STALL;
    memcpy(device->setup, packet, sizeof device->setup);
    device->size = 0;
    device->done = 0;
    device->toggle = true;
    device->ended = false;
    device->naks = mischief->naks_each_packet;
    decode(device);
    return USB_ANSWER_ACK;
}

/* ---- data and status stages ------------------------------------------------------------------ */

static bool naks(struct fake_device *device)
{
    if (device->mischief.nak_for_ever)
        return true;
    if (!device->naks)
        return false;
    device->naks--;
    return true;
}

static void send_packet(struct fake_device *device, struct usb_data *data)
{
    struct fake_mischief *mischief = &device->mischief;
    size_t left = device->size - device->done;

    memset(data, 0, sizeof *data);
    data->size = (uint16_t)(left < device->packet_max ? left : device->packet_max);
    if (mischief->too_big_packets)
        data->size = (uint16_t)(device->packet_max + 1);
    memcpy(data->bytes, device->data + device->done, data->size);
    data->pid = device->toggle ? PID_DATA1 : PID_DATA0;
    if (mischief->wrong_toggle)
        data->pid = PID_DATA0;
    if (mischief->strange_pid)
        data->pid = PID_ACK;
    device->in_flight = data->size;
}

static enum usb_answer fake_in(void *owner, uint8_t address, uint8_t endpoint,
                               struct usb_data *data)
{
    struct fake_device *device = owner;

    assert(endpoint < FAKE_ENDPOINTS && !device->suspended);
    if (ignores_token(device, address) || device->mischief.silent_to_in)
        return USB_ANSWER_NONE;
    if (endpoint)
        return fake_endpoint_in(&device->endpoint[endpoint], data);
    if (device->mischief.silent_now_and_then && device->in_tokens++ % 2)
        return USB_ANSWER_NONE;
    if (device->stage == FAKE_STALL)
        return USB_ANSWER_STALL;
    if ((device->stage != FAKE_IN && device->stage != FAKE_STATUS_IN) || naks(device))
        return USB_ANSWER_NAK;
    send_packet(device, data);
    if (device->stage == FAKE_STATUS_IN)
        data->size = device->mischief.data_in_status ? 3 : 0;
    return USB_ANSWER_ACK;
}

static void fake_in_acknowledged(void *owner, uint8_t address, uint8_t endpoint)
{
    struct fake_device *device = owner;

    assert(address == device->address && endpoint < FAKE_ENDPOINTS);
    if (endpoint) {
        fake_endpoint_acknowledged(&device->endpoint[endpoint]);
        return;
    }
    device->acknowledged++;
    if (device->mischief.detaches_at_ack) {
        detach_once(device);
        return;
    }
    if (device->stage == FAKE_STATUS_IN) {
        device->address = device->next_address;
        device->stage = FAKE_IDLE;
        return;
    }
    assert(device->stage == FAKE_IN);
    if (device->mischief.repeats_packet) { /* as if this ACK had not arrived */
        device->mischief.repeats_packet--;
        return;
    }
    device->done += device->in_flight;
    device->toggle = !device->toggle;
    device->naks = device->mischief.naks_each_packet;
    if (device->in_flight < device->packet_max || device->done == load_le16(device->setup + 6))
        device->stage = FAKE_STATUS_OUT;
}

static enum usb_answer take_data(struct fake_device *device, enum usb_pid pid, const uint8_t *bytes,
                                 size_t size)
{
    if (pid != (device->toggle ? PID_DATA1 : PID_DATA0)) {
        device->stale++;
        return USB_ANSWER_ACK;
    }
    assert(size <= device->packet_max && device->done + size <= device->size);
    memcpy(device->received + device->done, bytes, size);
    device->done += size;
    device->received_size = device->done;
    device->toggle = !device->toggle;
    device->naks = device->mischief.naks_each_packet;
    if (device->done == device->size) {
        device->stage = FAKE_STATUS_IN;
        device->toggle = true;
    }
    return USB_ANSWER_ACK;
}

static enum usb_answer fake_out(void *owner, uint8_t address, uint8_t endpoint, enum usb_pid pid,
                                const uint8_t *bytes, size_t size)
{
    struct fake_device *device = owner;

    assert(endpoint < FAKE_ENDPOINTS && !device->suspended);
    if (ignores_token(device, address) || device->mischief.silent_to_out)
        return USB_ANSWER_NONE;
    if (device->mischief.detaches_at_out) {
        detach_once(device);
        return USB_ANSWER_ACK;
    }
    if (endpoint)
        return fake_endpoint_out(&device->endpoint[endpoint], pid, bytes, size);
    if (device->stage == FAKE_STALL)
        return USB_ANSWER_STALL;
    if (naks(device))
        return USB_ANSWER_NAK;
    if (device->stage == FAKE_OUT)
        return take_data(device, pid, bytes, size);
    if (device->stage == FAKE_STATUS_IN) { /* nobody announced this packet */
        device->stage = FAKE_STALL;
        return USB_ANSWER_STALL;
    }
    /* The host may end the data stage early (USB 2.0, 8.5.3.1). */
    assert(device->stage == FAKE_STATUS_OUT || device->stage == FAKE_IN);
    assert(pid == PID_DATA1 && size == 0);
    device->stage = FAKE_IDLE;
    return USB_ANSWER_ACK;
}

static void fake_isochronous_out(void *owner, uint8_t address, uint8_t endpoint,
                                 const uint8_t *bytes, size_t size, bool intact)
{
    struct fake_device *device = owner;

    assert(size <= USB_ISO_MAX && !device->suspended);
    if (ignores_token(device, address) || endpoint != FAKE_ISOCHRONOUS)
        return;
    device->isochronous.taken++;
    device->isochronous.damaged += !intact;
    device->isochronous.loaded = intact;
    device->isochronous.size = (uint16_t)size;
    if (size)
        memcpy(device->isochronous.bytes, bytes, size);
}

static bool fake_isochronous_in(void *owner, uint8_t address, uint8_t endpoint,
                                struct usb_data *data)
{
    struct fake_device *device = owner;

    if (ignores_token(device, address) || endpoint != FAKE_ISOCHRONOUS ||
        !device->isochronous.loaded)
        return false;
    memset(data, 0, sizeof *data);
    data->pid = PID_DATA0;
    data->size = device->isochronous.size;
    memcpy(data->bytes, device->isochronous.bytes, data->size);
    device->isochronous.loaded = false;
    return true;
}

const struct usb_port_ops fake_port = {
    .reset_begin = fake_reset_begin,
    .reset_end = fake_reset_end,
    .sof = fake_sof,
    .suspend = fake_suspend,
    .resume = fake_resume,
    .setup = fake_setup,
    .out = fake_out,
    .in = fake_in,
    .in_acknowledged = fake_in_acknowledged,
    .isochronous_out = fake_isochronous_out,
    .isochronous_in = fake_isochronous_in,
};
