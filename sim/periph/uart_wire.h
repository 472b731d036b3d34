/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wires of a UART: bits at the baud rate, and the receiver's FIFO. UART and UARTE are alike in
 * this; what they do with a byte differs.
 */
#ifndef SIM_PERIPH_UART_WIRE_H
#define SIM_PERIPH_UART_WIRE_H

#include "sim/periph/regfile.h"

enum { UART_FIFO_MAX = 6 };

struct uart_line;

/* All are called with the block's owner. None is NULL. */
struct uart_wire_ops {
    void (*sent)(void *owner);     /* the byte of uart_wire_send has left */
    void (*received)(void *owner); /* a byte was added to the FIFO */
    void (*overrun)(void *owner);  /* a byte was lost: the FIFO is full */
};

struct uart_wire {
    /* Plain state, one registered region. */
    struct uart_wire_state {
        uint8_t fifo[UART_FIFO_MAX]; /* oldest first; unused bytes are 0 */
        uint8_t count;               /* of fifo */
        uint8_t listening;           /* the receiver is on */
        uint8_t coming;              /* a byte of the far side is on the wire */
        uint8_t sending;
        uint8_t byte; /* that is being sent */
        uint8_t unused;
    } state;
    /* Wiring. */
    struct regfile *regs;
    struct uart_line *line; /* NULL: the pins lead nowhere */
    const struct uart_wire_ops *ops;
    void *owner;
    unsigned id;    /* instance of the events */
    unsigned depth; /* of the FIFO */
};

/* All wires of the chip, by id. */
enum { UART_WIRE_UARTE0, UART_WIRE_UARTE1, UART_WIRE_UART0, UART_WIRES };

/* Connects `wire`, whose other members are set, to the line `number` of the board. */
void uart_wire_init(struct uart_wire *wire, struct fabric *fabric, unsigned number);

/* Nothing on the wires, FIFO empty, receiver off. */
void uart_wire_reset(struct uart_wire *wire);

/* Cycles that one byte takes, with start, parity and stop bits. */
sim_time uart_wire_byte_time(const struct uart_wire *wire);

/* Sends `byte`; the wire must be idle. */
void uart_wire_send(struct uart_wire *wire, uint8_t byte);

/* Switches the receiver on or off. */
void uart_wire_listen(struct uart_wire *wire, bool on);

/* Takes the oldest byte from the FIFO, which must not be empty. */
uint8_t uart_wire_take(struct uart_wire *wire);

#endif
