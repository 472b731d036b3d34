/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's turn: what else than its next token a host may send at any time (CHOICE_HOST_TURN).
 *
 * All of it is legal: a handshake is lost on the wire (USB 2.0, 8.5.3.3 and 8.6.4), a control
 * transfer is given up and the request repeated (5.5.5), the bus is reset (7.1.7.5), a read ends
 * with its status stage before all has come (8.5.3).
 *
 * Deviations:
 *   1. After such a bus reset a conversation of the host's own begins again. One that follows a
 *      script says itself when the bus is reset.
 */
#include "sim/base/bits.h"
#include "sim/usb/host_state.h"

/* Bit n: answer n makes a difference now. */
static uint32_t possible_turns(const struct host *host)
{
    uint32_t turns = bit32(TURN_USUAL) | bit32(TURN_LOSES_HANDSHAKE);

    if (host->state.kind == ON_CONTROL && host->state.control.stage != STAGE_SETUP)
        turns |= bit32(TURN_SETUP_AGAIN);
    if (host->state.kind == ON_CONTROL && host->state.control.stage == STAGE_DATA &&
        usb_request_reads(usb_request_parse(host->state.control.setup)))
        turns |= bit32(TURN_STATUS_EARLY);
    if (host->state.automatic)
        turns |= bit32(TURN_BUS_RESET);
    return turns;
}

bool turn_loses_handshake(struct host *host)
{
    bool lost = host->state.deaf;

    host->state.deaf = false;
    if (lost)
        host_say(host, HOST_NOTE, "the handshake of the last packet is lost");
    return lost;
}

static bool reset_bus(struct host *host)
{
    if (!host->state.automatic)
        return true;
    host_say(host, HOST_NOTE, "the host resets the bus and starts again");
    host_abort(host);
    enumerate_again(host);
    return false;
}

bool turn_keeps_to_transfer(struct host *host)
{
    uint32_t possible = possible_turns(host);

    host->state.deaf = false;
    if (!host_transferring(host) || !port_enabled(host))
        return true;
    switch ((enum host_turn)choose(host->wiring.chooser, CHOICE_HOST_TURN, possible)) {
    case TURN_LOSES_HANDSHAKE:
        host->state.deaf = true;
        return true;
    case TURN_SETUP_AGAIN:
        if (host->state.kind == ON_CONTROL && control_again(host))
            host_say(host, HOST_NOTE, "the host gives the transfer up and asks again");
        return true;
    case TURN_BUS_RESET:
        return reset_bus(host);
    case TURN_STATUS_EARLY:
        if (host->state.kind == ON_CONTROL && control_status_early(host))
            host_say(host, HOST_NOTE, "the host ends the data stage early and asks again");
        return true;
    case TURN_USUAL:
    case TURNS:
        break;
    }
    return true;
}
