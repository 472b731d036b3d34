/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/core/wire.h"

#include <assert.h>
#include <string.h>

void wires_reset(struct wires *wires)
{
    memset(wires->level, 0, sizeof wires->level);
}

void wire_connect(struct wires *wires, enum wire_id wire, wire_listener *listen, void *owner)
{
    unsigned slot = 0;

    assert(wire < WIRE_COUNT);
    while (slot < WIRE_LISTENERS && wires->wiring[wire][slot].listen)
        slot++;
    assert(slot < WIRE_LISTENERS);
    wires->wiring[wire][slot].listen = listen;
    wires->wiring[wire][slot].owner = owner;
}

void wire_set(struct wires *wires, enum wire_id wire, bool level)
{
    assert(wire < WIRE_COUNT);
    if (wires->level[wire] == level)
        return;
    wires->level[wire] = level;
    for (unsigned slot = 0; slot < WIRE_LISTENERS && wires->wiring[wire][slot].listen; slot++)
        wires->wiring[wire][slot].listen(wires->wiring[wire][slot].owner, wire, level);
}

bool wire_get(const struct wires *wires, enum wire_id wire)
{
    assert(wire < WIRE_COUNT);
    return wires->level[wire];
}
