/* SPDX-License-Identifier: Apache-2.0 */
/* TWI: I2C compatible master, a byte at a time, without EasyDMA (PS v1.7, 6.30). */
#ifndef SIM_PERIPH_TWI_H
#define SIM_PERIPH_TWI_H

#include "sim/periph/regfile.h"

enum { TWI_COUNT = 2 };

struct twi_bus;

struct twi {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct twi_state {
        uint8_t step;       /* what is on the bus: enum twi_step of twi.c */
        uint8_t wanted;     /* a start that waits: 1 to write, 2 to read */
        uint8_t reads;      /* direction under way */
        uint8_t in_data;    /* the address was acknowledged */
        uint8_t held;       /* a byte was written to TXD */
        uint8_t byte;       /* that byte, or the one on the wire */
        uint8_t unread;     /* RXD holds a byte that was not read */
        uint8_t suspended;  /* SUSPENDED was raised, RESUME has not come */
        uint8_t suspending; /* SUSPEND came */
        uint8_t stopping;   /* STOP came */
        uint8_t unused[2];
    } state;
    /* Wiring. */
    unsigned number;
    struct twi_bus *bus; /* NULL: the pins lead nowhere */
};

extern const struct block_spec twi_spec[TWI_COUNT];

/* Connects the block to bus, state, events and board. All must stay in place. */
void twi_init(struct twi *twi, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, wires idle. */
void twi_reset(struct twi *twi, enum reset_kind reason);

#endif
