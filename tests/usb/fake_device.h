/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scripted USB device behind usb_port_ops: well-behaved unless told otherwise.
 *
 * It has its own little control endpoint with data toggles, and it checks the host as well: what
 * must never happen on a bus ends the test.
 */
#ifndef TESTS_USB_FAKE_DEVICE_H
#define TESTS_USB_FAKE_DEVICE_H

#include "sim/core/wire.h"
#include "sim/usb/port.h"
#include "tests/usb/fake_endpoint.h"

#include <stdbool.h>

enum { FAKE_STRINGS = 4, FAKE_ENDPOINTS = 8, FAKE_ISOCHRONOUS = 8 };

/* What a device does wrong. */
struct fake_mischief {
    bool silent;                  /* answers nothing at all */
    bool silent_to_in;            /* accepts SETUP, then does not answer IN */
    bool silent_to_out;           /* the same for OUT */
    bool nak_for_ever;            /* accepts SETUP, then NAKs */
    bool refuses_setup;           /* answers SETUP with STALL */
    bool ignores_address;         /* takes SET_ADDRESS, keeps address 0 */
    bool wrong_toggle;            /* sends DATA0 where DATA1 is due */
    bool strange_pid;             /* sends data under the PID of ACK */
    bool too_big_packets;         /* sends one packet of packet_max + 1 bytes */
    bool too_much_data;           /* sends more than wLength */
    bool data_in_status;          /* sends data in the status stage of a write */
    bool answers_qualifier;       /* has a device qualifier though it is a full-speed device */
    bool stalls[256];             /* this bRequest gets STALL */
    bool stalls_descriptor[256];  /* GET_DESCRIPTOR of this type gets STALL */
    unsigned stalls_first;        /* so many requests get STALL, then all is well */
    unsigned silent_first;        /* so many tokens are not answered, then all is well */
    bool silent_now_and_then;     /* every second IN token */
    unsigned repeats_packet;      /* sends so many data packets again, as if the ACK were lost */
    unsigned detaches_at_request; /* lets go of D+ at the n-th SETUP, from 1; 0 never */
    bool detaches_at_ack;         /* lets go of D+ when its first data packet is acknowledged */
    bool detaches_at_out;         /* lets go of D+ at the first OUT packet */
    bool detaches_always;         /* ... and at each SETUP */
    unsigned naks_each_packet;    /* NAKs so often before it sends or takes a packet */
};

struct fake_device {
    /* Description. */
    uint8_t packet_max;
    uint8_t device[64];
    size_t device_size;
    uint8_t configuration[512];
    size_t configuration_size;
    uint8_t string[FAKE_STRINGS][256]; /* [0] is the list of languages; size 0: STALL */
    size_t string_size[FAKE_STRINGS];
    struct fake_mischief mischief;
    struct fake_endpoint endpoint[FAKE_ENDPOINTS]; /* 1..; [0] is unused */
    struct wires *wires;

    /* Device state. */
    uint8_t address;
    uint8_t next_address; /* taken over with the status stage */
    uint8_t configured;
    enum { FAKE_IDLE, FAKE_IN, FAKE_OUT, FAKE_STATUS_IN, FAKE_STATUS_OUT, FAKE_STALL } stage;
    uint8_t setup[8];
    uint8_t data[4096];
    size_t size;
    size_t done;
    size_t in_flight;
    bool toggle; /* DATA1 is next */
    bool ended;  /* the last data packet was sent */
    unsigned naks;
    unsigned in_tokens;

    /* What it saw. */
    unsigned resets;
    unsigned frames;
    unsigned setups;
    unsigned acknowledged;
    unsigned stale; /* packets of a control write with the wrong toggle */
    /* The isochronous pair: what came last goes back, once. */
    struct {
        uint8_t bytes[USB_ISO_MAX];
        uint16_t size;
        bool loaded;
        unsigned taken;
        unsigned damaged;
    } isochronous;
    bool in_reset;
    bool suspended;
    uint8_t received[4096]; /* data of the last write */
    size_t received_size;
};

extern const struct usb_port_ops fake_port;

/* The device of the workshop: 2020:0717, configuration 42, no endpoints, no strings. */
void fake_device_init(struct fake_device *device, struct wires *wires);

/* A configuration with bulk IN and OUT on endpoint 1, and interrupt IN on endpoint 2: packets of 16
 * bytes, polled every 5 frames. */
void fake_device_add_endpoints(struct fake_device *device);

/* Gives it an ASCII string; index 1..3. Also makes it know the language English. */
void fake_device_set_string(struct fake_device *device, unsigned index, const char *string);

/* Pulls D+ up, or lets go. */
void fake_device_attach(struct fake_device *device, bool attached);

#endif
