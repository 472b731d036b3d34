/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wires of UART and UARTE (PS v1.7, 6.33 and 6.34).
 *
 * Deviations:
 *   1. Bytes, not bits: a byte is on the wire for the time its bits take at the baud rate of the
 *      block that sends or receives it, and arrives whole. Two ends with different settings
 *      understand each other; FRAMING, PARITY and BREAK do not happen.
 *   2. CTS is always active, so that CTS and NCTS are not raised. RTS is obeyed by what the board
 *      sends (a file), with CONFIG.HWFC set; without, it keeps its own pace.
 *   3. What the board sends waits until the receiver is switched on, and while it is off.
 */
#include "sim/periph/uart_wire.h"

#include "sim/base/bits.h"
#include "sim/board/board.h"

#include <assert.h>
#include <string.h>

enum { PSEL_TXD = 0x50c, PSEL_RXD = 0x514, BAUDRATE = 0x524, CONFIG = 0x56c };
enum { CONFIG_HWFC = 1 << 0, CONFIG_PARITY = 7 << 1, CONFIG_STOP = 1 << 4 };
enum { BAUDRATE_RESET = 0x04000000 };
/* RTS goes inactive when the FIFO has room for no more than this (PS v1.7, 6.34.4). */
enum { RTS_RESERVE = 4 };

static bool is_connected(const struct uart_wire *wire, uint32_t psel)
{
    return !(regfile_get(wire->regs, psel) & bit32(31));
}

sim_time uart_wire_byte_time(const struct uart_wire *wire)
{
    uint32_t rate = regfile_get(wire->regs, BAUDRATE);
    uint32_t config = regfile_get(wire->regs, CONFIG);
    unsigned bits = 1 + 8 + (config & CONFIG_PARITY ? 1u : 0) + (config & CONFIG_STOP ? 2u : 1u);

    /* rate * 16 MHz / 2^32 bits a second, 64 MHz: 2^34 / rate cycles a bit. */
    return bits * ((uint64_t)1 << 34) / (rate ? rate : BAUDRATE_RESET);
}

/* ---- Sending --------------------------------------------------------------------------------- */

void uart_wire_send(struct uart_wire *wire, uint8_t byte)
{
    assert(!wire->state.sending);
    wire->state.sending = true;
    wire->state.byte = byte;
    scheduler_add(wire->regs->fabric->scheduler, EVENT_UART_SENT, (uint16_t)wire->id,
                  uart_wire_byte_time(wire), 0);
}

static void byte_is_sent(void *owner, const struct event *event)
{
    struct uart_wire *wire = owner;
    uint8_t byte = wire->state.byte;

    (void)event;
    wire->state.sending = false;
    wire->state.byte = 0;
    if (wire->line && is_connected(wire, PSEL_TXD))
        uart_line_sent(wire->line, byte);
    wire->ops->sent(wire->owner);
}

/* ---- Receiving ------------------------------------------------------------------------------- */

static bool is_ready_to_receive(const struct uart_wire *wire)
{
    bool flow = regfile_get(wire->regs, CONFIG) & CONFIG_HWFC;

    return wire->state.listening && is_connected(wire, PSEL_RXD) &&
           !(flow && wire->depth - wire->state.count <= RTS_RESERVE && wire->state.count);
}

/* Lets the far side begin its next byte, if it has one. */
static void invite(struct uart_wire *wire)
{
    if (wire->state.coming || !wire->line || !uart_line_has_input(wire->line) ||
        !is_ready_to_receive(wire))
        return;
    wire->state.coming = true;
    scheduler_add(wire->regs->fabric->scheduler, EVENT_UART_RECEIVED, (uint16_t)wire->id,
                  wire->line->gap + uart_wire_byte_time(wire), 0);
}

static void arrived(void *uart, uint8_t byte)
{
    struct uart_wire *wire = uart;

    if (!wire->state.listening || !is_connected(wire, PSEL_RXD))
        return;
    if (wire->state.count == wire->depth) {
        wire->ops->overrun(wire->owner);
        return;
    }
    wire->state.fifo[wire->state.count++] = byte;
    wire->ops->received(wire->owner);
}

static void byte_has_come(void *owner, const struct event *event)
{
    struct uart_wire *wire = owner;

    (void)event;
    wire->state.coming = false;
    if (wire->state.listening)
        uart_line_feed(wire->line);
    invite(wire);
}

void uart_wire_listen(struct uart_wire *wire, bool on)
{
    wire->state.listening = on;
    invite(wire);
}

uint8_t uart_wire_take(struct uart_wire *wire)
{
    uint8_t byte = wire->state.fifo[0];

    assert(wire->state.count);
    memmove(wire->state.fifo, wire->state.fifo + 1, UART_FIFO_MAX - 1);
    wire->state.fifo[UART_FIFO_MAX - 1] = 0;
    wire->state.count--;
    invite(wire);
    return byte;
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

void uart_wire_init(struct uart_wire *wire, struct fabric *fabric, unsigned number)
{
    assert(wire->depth <= UART_FIFO_MAX && wire->id < UART_WIRES);
    memset(&wire->state, 0, sizeof wire->state);
    state_register(fabric->state, "UART wire", &wire->state, sizeof wire->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_UART_SENT, wire->id, byte_is_sent, wire);
    scheduler_handle_instance(fabric->scheduler, EVENT_UART_RECEIVED, wire->id, byte_has_come,
                              wire);
    wire->line = fabric->board ? &fabric->board->uart[number] : NULL;
    if (wire->line)
        uart_line_listen(wire->line, (struct uart_listener){.arrived = arrived, .uart = wire});
}

void uart_wire_reset(struct uart_wire *wire)
{
    struct scheduler *scheduler = wire->regs->fabric->scheduler;

    scheduler_cancel(scheduler, EVENT_UART_SENT, (uint16_t)wire->id);
    scheduler_cancel(scheduler, EVENT_UART_RECEIVED, (uint16_t)wire->id);
    memset(&wire->state, 0, sizeof wire->state);
}
