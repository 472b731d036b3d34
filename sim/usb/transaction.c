/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transactions of a full-speed bus (USB 2.0, 8.4 and 8.5), and the time they take.
 *
 * Deviations:
 *   1. The packets of a transaction are seen by the device, and reported, at the instant of its
 *      token. The bus time is spent afterwards, before the next token.
 *   2. Bit stuffing is not counted in the time a transaction takes, only in the room it is given
 *      at the end of a frame.
 *   3. There are no transmission errors but those a script asks for. A lost ACK of the device is
 *      still reported as sent; a packet with a wrong CRC or too many bytes is one that the other
 *      side never saw.
 */
#include "sim/usb/host_state.h"

/* Bits on the wire: SYNC 8, PID 8, end of packet 3 (USB 2.0, 7.1.7 and 8.3). */
enum {
    FRAME_BITS = 8 + 8 + 3,
    TOKEN_BITS = FRAME_BITS + 16,
    DATA_BITS = FRAME_BITS + 16, /* and 8 a byte */
    HANDSHAKE_BITS = FRAME_BITS,
    GAP_BITS = 2,     /* shortest inter-packet delay (7.1.18) */
    SILENCE_BITS = 18 /* longest wait for an answer (7.1.19) */
};

/* 12 Mbit/s at 64 MHz: 16 cycles for 3 bits. */
static sim_time bit_time(size_t bits)
{
    return (sim_time)bits * 16 / 3;
}

sim_time transaction_bound(size_t payload)
{
    size_t bits = TOKEN_BITS + DATA_BITS + 8 * payload + SILENCE_BITS + HANDSHAKE_BITS + GAP_BITS;

    return bit_time(bits * 7 / 6); /* at worst every sixth bit is followed by a stuffed one */
}

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

static size_t handshake_bits(enum usb_answer answer)
{
    return answer == USB_ANSWER_NONE ? SILENCE_BITS : GAP_BITS + HANDSHAKE_BITS;
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
    result.duration =
        bit_time(TOKEN_BITS + GAP_BITS + DATA_BITS + 8 * 8 + handshake_bits(result.answer));
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
    result.duration =
        bit_time(TOKEN_BITS + GAP_BITS + DATA_BITS + 8 * size + handshake_bits(result.answer));
    return result;
}

struct transaction transaction_in(struct host *host, uint8_t endpoint, struct usb_data *data,
                                  bool intact)
{
    struct transaction result;
    size_t bits;

    report(host, USB_FROM_HOST, endpoint, PID_IN);
    result.answer = host->wiring.port->in(host->wiring.device, host->state.address, endpoint, data);
    if (result.answer == USB_ANSWER_ACK) {
        report_data(host, USB_FROM_DEVICE, endpoint, data->pid, data->bytes, data->size,
                    data->transfer, intact);
        bits = GAP_BITS + DATA_BITS + (size_t)8 * data->size + GAP_BITS + HANDSHAKE_BITS;
        if (!intact)
            result.answer = USB_ANSWER_NONE; /* as far as the host can tell */
    } else {
        report_handshake(host, endpoint, result.answer);
        bits = handshake_bits(result.answer);
    }
    result.duration = bit_time(TOKEN_BITS + bits);
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
    return (struct transaction){.answer = USB_ANSWER_ACK,
                                .duration = bit_time(TOKEN_BITS + GAP_BITS + DATA_BITS + 8 * size)};
}

struct transaction transaction_isochronous_in(struct host *host, uint8_t endpoint,
                                              struct usb_data *data)
{
    struct transaction result = {.answer = USB_ANSWER_NONE,
                                 .duration = bit_time(TOKEN_BITS + SILENCE_BITS)};

    report(host, USB_FROM_HOST, endpoint, PID_IN);
    if (!host->wiring.port->isochronous_in(host->wiring.device, host->state.address, endpoint,
                                           data))
        return result;
    report_data(host, USB_FROM_DEVICE, endpoint, data->pid, data->bytes, data->size, data->transfer,
                true);
    result.answer = USB_ANSWER_ACK;
    result.duration = bit_time(TOKEN_BITS + GAP_BITS + DATA_BITS + (size_t)8 * data->size);
    return result;
}
