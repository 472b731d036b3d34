/* SPDX-License-Identifier: Apache-2.0 */
/* TWIM: I2C compatible master with EasyDMA (PS v1.7, 6.31). */
#ifndef SIM_PERIPH_TWIM_H
#define SIM_PERIPH_TWIM_H

#include "sim/periph/easydma.h"

enum { TWIM_COUNT = 2 };

struct twi_bus;

struct twim {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct twim_state {
        uint32_t size;      /* of the buffer of the direction under way, as captured */
        uint32_t begun;     /* its bytes that went on the wire */
        uint8_t step;       /* what is on the bus: enum twim_step */
        uint8_t reads;      /* direction under way: 1 is from the slave */
        uint8_t in_data;    /* the address was acknowledged, bytes follow */
        uint8_t wanted;     /* starts that wait: bit 0 to write, bit 1 to read */
        uint8_t suspended;  /* SUSPENDED was raised, RESUME has not come */
        uint8_t suspending; /* SUSPEND came */
        uint8_t stopping;   /* STOP came */
        uint8_t held;       /* a byte to send was fetched */
        uint8_t byte;       /* that byte; then the one on the wire, or the one received */
        uint8_t arrived;    /* a received byte waits for RAM */
        uint8_t unused[2];
    } state;
    /* Wiring. */
    unsigned number;
    unsigned tx; /* EasyDMA channels */
    unsigned rx;
    struct twi_bus *bus; /* NULL: the pins lead nowhere */
};

extern const struct block_spec twim_spec[TWIM_COUNT];

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void twim_init(struct twim *twim, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, wires idle. Transfers are EasyDMA's to drop. */
void twim_reset(struct twim *twim, enum reset_kind reason);

#endif
