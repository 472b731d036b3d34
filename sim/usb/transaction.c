/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transactions of a full-speed bus (USB 2.0, 8.4 and 8.5).
 *
 * Its bus time is that before the device has all it needs for its answer (transaction_lead) and
 * that behind it (struct transaction's `rest`).
 *
 * Deviations:
 *   1. The packets of a transaction are seen by the device, and reported, at the instant of its
 *      token. The bus time is spent afterwards, before the next token.
 *   2. The other side answers after the shortest inter-packet delay, 2 bit times; it may take 6.5.
 *   3. There are no transmission errors but those a script asks for. A lost ACK of the device is
 *      still reported as sent; a packet with a wrong CRC or too many bytes is one that the other
 *      side never saw.
 */
#include "sim/usb/bus_time.h"
#include "sim/usb/host_state.h"

static void report_data(struct host *host, enum usb_sender sender, uint8_t endpoint, uint8_t pid,
                        const uint8_t *payload, size_t size, uint32_t transfer, bool intact)
{
    if (!trace_wants(host->wiring.trace, OBS_USB_PACKET))
        return;
    trace_emit(host->wiring.trace, (struct observation){
                                       .kind = OBS_USB_PACKET,
                                       .usb_packet = {.sender = sender,
                                                      .pid = pid,
                                                      .address = host->state.address,
                                                      .endpoint = endpoint,
                                                      .frame = host->state.frame,
                                                      .size = (uint16_t)size,
                                                      .payload = size ? payload : NULL,
                                                      .transfer = transfer,
                                                      .damaged = !intact},
                                   });
}

/* Packets without a payload. */
static void report(struct host *host, enum usb_sender sender, uint8_t endpoint, uint8_t pid)
{
    report_data(host, sender, endpoint, pid, NULL, 0, 0, true);
}

static void report_handshake(struct host *host, uint8_t endpoint, enum usb_answer answer)
{
    switch (answer) {
    case USB_ANSWER_ACK:
        report(host, USB_FROM_DEVICE, endpoint, PID_ACK);
        break;
    case USB_ANSWER_NAK:
        report(host, USB_FROM_DEVICE, endpoint, PID_NAK);
        break;
    case USB_ANSWER_STALL:
        report(host, USB_FROM_DEVICE, endpoint, PID_STALL);
        break;
    case USB_ANSWER_NONE:
        break;
    }
}

/* Behind a packet of the host: what the device says, or how long the host waits. */
static sim_time handshake_time(enum usb_answer answer)
{
    return bus_time(answer == USB_ANSWER_NONE ? BUS_SILENCE_BITS
                                              : BUS_GAP_BITS + bus_handshake_bits(PID_ACK));
}

sim_time transaction_lead_out(const struct host *host, uint8_t endpoint, uint8_t pid,
                              const uint8_t *bytes, size_t size)
{
    return bus_time(bus_token_bits(PID_OUT, host->state.address, endpoint) + BUS_GAP_BITS +
                    bus_data_bits(pid, bytes, size));
}

sim_time transaction_lead_setup(const struct host *host, const uint8_t setup[8])
{
    return bus_time(bus_token_bits(PID_SETUP, host->state.address, 0) + BUS_GAP_BITS +
                    bus_data_bits(PID_DATA0, setup, 8));
}

sim_time transaction_lead_in(const struct host *host, uint8_t endpoint)
{
    return bus_time(bus_token_bits(PID_IN, host->state.address, endpoint));
}

/* Of the device's data packet, from the end of the token on. */
static sim_time data_time(const struct usb_data *data)
{
    return bus_time(BUS_GAP_BITS + bus_data_bits(data->pid, data->bytes, data->size));
}

static sim_time ack_time(void)
{
    return bus_time(BUS_GAP_BITS + bus_handshake_bits(PID_ACK));
}

void transaction_sof(struct host *host)
{
    report(host, USB_FROM_HOST, 0, PID_SOF);
    host->wiring.port->sof(host->wiring.device, host->state.frame);
}

struct transaction transaction_setup(struct host *host, const uint8_t setup[8], bool intact)
{
    struct transaction result;

    report(host, USB_FROM_HOST, 0, PID_SETUP);
    report_data(host, USB_FROM_HOST, 0, PID_DATA0, setup, 8, 0, intact);
    result.answer = USB_ANSWER_NONE; /* to a packet with a wrong CRC (USB 2.0, 8.3.5) */
    if (intact)
        result.answer = host->wiring.port->setup(host->wiring.device, host->state.address, setup);
    report_handshake(host, 0, result.answer);
    result.rest = handshake_time(result.answer);
    return result;
}

struct transaction transaction_out(struct host *host, uint8_t endpoint, enum usb_pid pid,
                                   const uint8_t *bytes, size_t size, bool intact)
{
    struct transaction result;

    report(host, USB_FROM_HOST, endpoint, PID_OUT);
    report_data(host, USB_FROM_HOST, endpoint, (uint8_t)pid, bytes, size, 0, intact);
    result.answer = USB_ANSWER_NONE;
    if (intact)
        result.answer = host->wiring.port->out(host->wiring.device, host->state.address, endpoint,
                                               pid, bytes, size);
    report_handshake(host, endpoint, result.answer);
    result.rest = handshake_time(result.answer);
    return result;
}

struct transaction transaction_in(struct host *host, uint8_t endpoint, struct usb_data *data,
                                  bool intact)
{
    struct transaction result;

    report(host, USB_FROM_HOST, endpoint, PID_IN);
    result.answer = host->wiring.port->in(host->wiring.device, host->state.address, endpoint, data);
    if (result.answer == USB_ANSWER_ACK) {
        report_data(host, USB_FROM_DEVICE, endpoint, data->pid, data->bytes, data->size,
                    data->transfer, intact);
        result.rest = data_time(data) + ack_time();
        if (!intact)
            result.answer = USB_ANSWER_NONE; /* as far as the host can tell */
    } else {
        report_handshake(host, endpoint, result.answer);
        result.rest = handshake_time(result.answer);
    }
    return result;
}

void transaction_acknowledge(struct host *host, uint8_t endpoint)
{
    report(host, USB_FROM_HOST, endpoint, PID_ACK);
    host->wiring.port->in_acknowledged(host->wiring.device, host->state.address, endpoint);
}

struct transaction transaction_isochronous_out(struct host *host, uint8_t endpoint,
                                               const uint8_t *bytes, size_t size, bool intact)
{
    report(host, USB_FROM_HOST, endpoint, PID_OUT);
    report_data(host, USB_FROM_HOST, endpoint, PID_DATA0, bytes, size, 0, intact);
    host->wiring.port->isochronous_out(host->wiring.device, host->state.address, endpoint, bytes,
                                       size, intact);
    return (struct transaction){.answer = USB_ANSWER_ACK};
}

struct transaction transaction_isochronous_in(struct host *host, uint8_t endpoint,
                                              struct usb_data *data)
{
    struct transaction result = {.answer = USB_ANSWER_NONE, .rest = bus_time(BUS_SILENCE_BITS)};

    report(host, USB_FROM_HOST, endpoint, PID_IN);
    if (!host->wiring.port->isochronous_in(host->wiring.device, host->state.address, endpoint,
                                           data))
        return result;
    report_data(host, USB_FROM_DEVICE, endpoint, data->pid, data->bytes, data->size, data->transfer,
                true);
    result.answer = USB_ANSWER_ACK;
    result.rest = data_time(data);
    return result;
}
