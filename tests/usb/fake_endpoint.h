/* SPDX-License-Identifier: Apache-2.0 */
/* An endpoint pair of the fake device: every OUT packet comes back as an IN packet. */
#ifndef TESTS_USB_FAKE_ENDPOINT_H
#define TESTS_USB_FAKE_ENDPOINT_H

#include "sim/usb/port.h"

#include <stdbool.h>

enum { FAKE_PACKETS = 128 };

struct fake_endpoint {
    /* What it does wrong. */
    bool silent;
    bool halted_in;
    bool halted_out;
    bool nak_for_ever;
    bool strange_pid;
    bool wrong_toggle;         /* of IN packets */
    unsigned naks_each_packet; /* so many before it sends or takes a packet */
    unsigned damages;          /* changes a byte of the n-th packet it sends, from 1; 0: none */
    unsigned swallows;         /* loses the n-th packet it takes, from 1; 0: none */

    /* Its state: a queue of packets. */
    struct {
        uint16_t size;
        uint8_t bytes[USB_PACKET_MAX + 1];
    } packet[FAKE_PACKETS];
    unsigned first;
    unsigned count;
    bool toggle_in;
    bool toggle_out;
    unsigned naks;

    /* What it saw. */
    unsigned taken;
    unsigned sent; /* and acknowledged */
    unsigned repeated_out;
    unsigned tokens;
};

/* After a bus reset or SET_CONFIGURATION: empty, DATA0, not halted. Mischief is kept. */
void fake_endpoint_reset(struct fake_endpoint *endpoint);

/* Puts a packet into its IN queue. */
void fake_endpoint_queue(struct fake_endpoint *endpoint, const uint8_t *bytes, size_t size);

enum usb_answer fake_endpoint_out(struct fake_endpoint *endpoint, enum usb_pid pid,
                                  const uint8_t *bytes, size_t size);
enum usb_answer fake_endpoint_in(struct fake_endpoint *endpoint, struct usb_data *data);
void fake_endpoint_acknowledged(struct fake_endpoint *endpoint);

#endif
