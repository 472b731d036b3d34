/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A composite USB device without a chip: serial port, keyboard, disk and loopback; well-behaved, or
 * with one fault.
 */
#ifndef TESTS_HOSTS_GADGET_H
#define TESTS_HOSTS_GADGET_H

#include "sim/core/schedule.h"
#include "sim/core/wire.h"
#include "sim/usb/port.h"

#include <stdbool.h>

enum { GADGET_BLOCKS = 64, GADGET_QUEUE = 128, GADGET_ENDPOINTS = 8 };

enum gadget_fault {
    GADGET_GOOD,
    FORGETS_LINE_CODING,
    ECHO_LOSES_A_BYTE,
    NO_ECHO,
    ECHO_IN_CAPITALS, /* of what is a letter */
    SHORT_REPORT_DESCRIPTOR,
    NUMBERS_REPORTS, /* and hangs when asked for one without its number */
    KEEPS_PROTOCOL,
    WRONG_TAG,
    WRONG_SIGNATURE,
    NEVER_READY,
    DAMAGED_FAT,
    PASSES_ANY_COMMAND,
    KEEPS_THE_REASON,
    READS_BEHIND_THE_END,
    FORGETS_WRITES,
    WRITE_PROTECTED,
    TAKES_ANY_WRAPPER,
    LOOPBACK_MERGES_PACKETS,
    LOOPBACK_FORGETS_ZLP,
    KEEPS_TOGGLES_IN_RESET,
    TAKES_STALE_PACKETS,
    KEEPS_DATA_IN_RECOVERY,
    GADGET_FAULTS,
};

/* Packets that wait for IN tokens. */
struct gadget_queue {
    unsigned first;
    unsigned count;
    struct {
        uint16_t size;
        uint8_t bytes[USB_PACKET_MAX];
    } packet[GADGET_QUEUE];
};

struct gadget {
    enum gadget_fault fault;
    struct scheduler *scheduler;
    struct wires *wires;
    uint8_t address;
    uint8_t next_address;
    uint8_t configured;
    uint8_t wakeup;
    uint8_t leds;
    uint8_t protocol;
    uint8_t line_coding[7];
    /* Control transfer. */
    uint8_t setup[8];
    uint8_t data[512];
    unsigned size;
    unsigned done;
    unsigned in_flight;
    bool toggle;
    enum { G_IDLE, G_READ, G_WRITE, G_STATUS_IN, G_STATUS_OUT, G_STALL } stage;
    /* Other endpoints. */
    uint8_t halted[2];  /* [in], bit n */
    uint8_t toggles[2]; /* [in], bit n */
    struct gadget_queue queue[GADGET_ENDPOINTS];
    unsigned echoed;
    /* The disk. */
    uint8_t disk[GADGET_BLOCKS * 512];
    enum { BOT_COMMAND, BOT_WRITE, BOT_DEAF } bot;
    uint8_t tag[4];
    uint8_t sense;
    unsigned write_at;
    unsigned write_left;
    unsigned readies;
};

extern const struct usb_port_ops gadget_port;

void gadget_init(struct gadget *gadget, enum gadget_fault fault, struct scheduler *scheduler,
                 struct wires *wires);

/* An empty FAT12 file system with a file in the root directory and one in a subdirectory. */
void gadget_format(uint8_t *disk, unsigned blocks);

#endif
