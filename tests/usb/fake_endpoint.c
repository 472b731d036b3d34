/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/usb/fake_endpoint.h"

#include <assert.h>
#include <string.h>

void fake_endpoint_reset(struct fake_endpoint *endpoint)
{
    endpoint->first = 0;
    endpoint->count = 0;
    endpoint->toggle_in = false;
    endpoint->toggle_out = false;
    endpoint->halted_in = false;
    endpoint->halted_out = false;
    endpoint->naks = endpoint->naks_each_packet;
}

void fake_endpoint_queue(struct fake_endpoint *endpoint, const uint8_t *bytes, size_t size)
{
    unsigned slot = (endpoint->first + endpoint->count) % FAKE_PACKETS;

    assert(size <= sizeof endpoint->packet[slot].bytes && endpoint->count < FAKE_PACKETS);
    endpoint->packet[slot].size = (uint16_t)size;
    if (size)
        memcpy(endpoint->packet[slot].bytes, bytes, size);
    endpoint->count++;
}

static bool naks(struct fake_endpoint *endpoint)
{
    if (endpoint->nak_for_ever)
        return true;
    if (!endpoint->naks)
        return false;
    endpoint->naks--;
    return true;
}

enum usb_answer fake_endpoint_out(struct fake_endpoint *endpoint, enum usb_pid pid,
                                  const uint8_t *bytes, size_t size)
{
    endpoint->tokens++;
    if (endpoint->silent)
        return USB_ANSWER_NONE;
    if (endpoint->halted_out)
        return USB_ANSWER_STALL;
    if (naks(endpoint) || endpoint->count == FAKE_PACKETS)
        return USB_ANSWER_NAK;
    if (pid != (endpoint->toggle_out ? PID_DATA1 : PID_DATA0)) { /* the host missed the ACK */
        endpoint->repeated_out++;
        return USB_ANSWER_ACK;
    }
    if (endpoint->taken + 1 != endpoint->swallows)
        fake_endpoint_queue(endpoint, bytes, size);
    endpoint->toggle_out = !endpoint->toggle_out;
    endpoint->taken++;
    endpoint->naks = endpoint->naks_each_packet;
    return USB_ANSWER_ACK;
}

enum usb_answer fake_endpoint_in(struct fake_endpoint *endpoint, struct usb_data *data)
{
    bool toggle = endpoint->toggle_in != endpoint->wrong_toggle;

    endpoint->tokens++;
    if (endpoint->silent)
        return USB_ANSWER_NONE;
    if (endpoint->halted_in)
        return USB_ANSWER_STALL;
    if (!endpoint->count || naks(endpoint))
        return USB_ANSWER_NAK;
    memset(data, 0, sizeof *data);
    data->pid = endpoint->strange_pid ? PID_ACK : toggle ? PID_DATA1 : PID_DATA0;
    data->size = endpoint->packet[endpoint->first].size;
    memcpy(data->bytes, endpoint->packet[endpoint->first].bytes, data->size);
    if (endpoint->sent + 1 == endpoint->damages)
        data->bytes[5] ^= 1;
    return USB_ANSWER_ACK;
}

void fake_endpoint_acknowledged(struct fake_endpoint *endpoint)
{
    if (endpoint->wrong_toggle)
        return; /* the host cannot have meant this packet */
    assert(endpoint->count);
    endpoint->first = (endpoint->first + 1) % FAKE_PACKETS;
    endpoint->count--;
    endpoint->toggle_in = !endpoint->toggle_in;
    endpoint->sent++;
    endpoint->naks = endpoint->naks_each_packet;
}
