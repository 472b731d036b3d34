/* SPDX-License-Identifier: Apache-2.0 */
/* UARTE: UART with EasyDMA (PS v1.7, 6.34). */
#ifndef SIM_PERIPH_UARTE_H
#define SIM_PERIPH_UARTE_H

#include "sim/periph/easydma.h"
#include "sim/periph/uart_wire.h"

enum { UARTE_COUNT = 2 };

struct uarte {
    struct regfile regs;
    struct uart_wire wire;
    /* Plain state, one registered region. */
    struct uarte_state {
        uint8_t held;     /* a byte fetched from RAM waits for the one before to leave */
        uint8_t byte;     /* that byte */
        uint8_t drained;  /* all of the buffer was fetched */
        uint8_t tx_stops; /* STOPTX came while sending */
        uint8_t rx_stops; /* STOPRX came, RXTO is to follow */
        uint8_t flushing; /* the transfer under way is that of FLUSHRX */
        uint16_t amount;  /* RXD.AMOUNT before it */
        uint32_t sent;    /* bytes of the TXD transfer that left the chip */
        uint32_t told;    /* of them, those that TXDRDY as it is now set tells of */
    } state;
    /* Wiring. */
    unsigned number;
    unsigned tx; /* EasyDMA channels */
    unsigned rx;
};

extern const struct block_spec uarte_spec[UARTE_COUNT];

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void uarte_init(struct uarte *uarte, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, wires idle. Transfers are EasyDMA's to drop. */
void uarte_reset(struct uarte *uarte, enum reset_kind reason);

#endif
