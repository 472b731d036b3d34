/* SPDX-License-Identifier: Apache-2.0 */
/* UART: a byte at a time, without EasyDMA (PS v1.7, 6.33). It shares its base with UARTE0. */
#ifndef SIM_PERIPH_UART_H
#define SIM_PERIPH_UART_H

#include "sim/periph/uart_wire.h"

struct uart {
    struct regfile regs;
    struct uart_wire wire;
    /* Plain state, one registered region. */
    struct uart_state {
        uint8_t sends; /* the transmitter is on */
        uint8_t held;  /* a byte written to TXD waits for the one before to leave */
        uint8_t byte;  /* that byte */
        uint8_t unused;
    } state;
};

extern const struct block_spec uart_spec;

/* Connects the block to bus, state, events and board. All must stay in place. */
void uart_init(struct uart *uart, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, wires idle. */
void uart_reset(struct uart *uart, enum reset_kind reason);

#endif
