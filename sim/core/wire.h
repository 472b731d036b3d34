/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named wires: how a block tells another something without knowing it.
 *
 * The levels are state. Who listens is wiring, set once when the machine is built.
 */
#ifndef SIM_CORE_WIRE_H
#define SIM_CORE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

enum { IRQ_LINES = 48, PIN_LINES = 48 };

enum wire_id {
#define WIRE(name, brief) WIRE_##name,
#include "sim/core/wire.def"
#undef WIRE
    WIRE_IRQ,                        /* the first of IRQ_LINES interrupt lines */
    WIRE_PIN = WIRE_IRQ + IRQ_LINES, /* the first of PIN_LINES: levels of P0.00 .. P1.15 */
    WIRE_COUNT = WIRE_PIN + PIN_LINES,
};

/* Told after the level changed. `wire` says which, so that one listener can serve many. */
typedef void wire_listener(void *owner, enum wire_id wire, bool level);

enum { WIRE_LISTENERS = 8 };

struct wires {
    uint8_t level[WIRE_COUNT]; /* plain state, one registered region */
    struct {
        wire_listener *listen;
        void *owner;
    } wiring[WIRE_COUNT][WIRE_LISTENERS];
};

/* All wires low, nobody told. Wiring is kept. */
void wires_reset(struct wires *wires);

/* Adds a listener; at most WIRE_LISTENERS a wire. Called in the order of connection. */
void wire_connect(struct wires *wires, enum wire_id wire, wire_listener *listen, void *owner);

/* Drives the wire. Listeners hear changes only. */
void wire_set(struct wires *wires, enum wire_id wire, bool level);

bool wire_get(const struct wires *wires, enum wire_id wire);

#endif
