/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A USB device without a chip that obeys chapter 9 in full, or commits one sin (sins.def).
 *
 * It has a bulk source and sink on endpoint 1, an isochronous endpoint in setting 1, a boot
 * keyboard that never sends on endpoint 2, remote wake-up, strings, BOS with Microsoft OS 2.0, and
 * the vendor requests 0x5b and 0x5c.
 */
#ifndef TESTS_COMPLY_SINNER_H
#define TESTS_COMPLY_SINNER_H

#include "sim/core/schedule.h"
#include "sim/core/wire.h"
#include "sim/usb/port.h"

#include <stdbool.h>

enum sin {
#define SIN(name, cases, brief) SIN_##name,
#include "tests/comply/sins.def"
#undef SIN
    SINS,
};

/* Wiring. */
struct sinner_wiring {
    struct scheduler *scheduler;
    struct wires *wires;
};

/* Plain state. */
struct sinner_state {
    uint32_t sin;
    uint32_t size;
    uint32_t done;
    uint32_t in_flight;
    uint32_t wanted; /* bytes of a control write */
    uint32_t addresses;
    uint32_t refused; /* in a row */
    uint32_t kept;    /* bytes of the vendor's buffer */
    uint8_t stage;    /* enum sinner_stage */
    uint8_t toggle;
    uint8_t skipped;
    uint8_t address;
    uint8_t next_address;
    uint8_t configured;
    uint8_t setting;
    uint8_t protocol;
    uint8_t wakeup;
    uint8_t suspended;
    uint8_t attached_once;
    uint8_t stuck;
    uint8_t repeated;
    uint8_t setup[8];
    uint8_t halted[2];  /* [in], bit n: endpoint n */
    uint8_t toggles[2]; /* [in], bit n */
    uint8_t unused[4];
    uint8_t data[8192];
    uint8_t buffer[4096];
};

struct sinner {
    struct sinner_state state;
    struct sinner_wiring wiring;
};

extern const struct usb_port_ops sinner_port;

void sinner_init(struct sinner *sinner, enum sin sin, struct scheduler *scheduler,
                 struct wires *wires);

#endif
