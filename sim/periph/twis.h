/* SPDX-License-Identifier: Apache-2.0 */
/* TWIS: I2C compatible slave with EasyDMA (PS v1.7, 6.33). */
#ifndef SIM_PERIPH_TWIS_H
#define SIM_PERIPH_TWIS_H

#include "sim/periph/easydma.h"

enum { TWIS_COUNT = 2, TWIS_FIFO = 4 };

struct twi_bus;

struct twis {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct twis_state {
        uint32_t next;           /* part of the master's list that is due or under way */
        uint32_t done;           /* bytes of it */
        uint8_t fifo[TWIS_FIFO]; /* received and not in RAM yet, oldest first; unused: 0 */
        uint8_t waiting;         /* of fifo */
        uint8_t phase;           /* enum twis_phase of twis_parts.h */
        uint8_t prepared;        /* bit 0: TX, bit 1: RX */
        uint8_t suspended;
        uint8_t held;     /* a byte to send was fetched */
        uint8_t byte;     /* that byte */
        uint8_t overread; /* was reported for this part */
        uint8_t unused;
    } state;
    /* Wiring. */
    unsigned number;
    unsigned tx; /* EasyDMA channels */
    unsigned rx;
    struct twi_bus *bus; /* where a master may be; NULL: nobody is */
};

extern const struct block_spec twis_spec[TWIS_COUNT];

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void twis_init(struct twis *twis, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values; the master goes on with its next transaction. */
void twis_reset(struct twis *twis, enum reset_kind reason);

#endif
