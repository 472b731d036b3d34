/* SPDX-License-Identifier: Apache-2.0 */
/* SPIS: SPI slave with EasyDMA (PS v1.7, 6.26). */
#ifndef SIM_PERIPH_SPIS_H
#define SIM_PERIPH_SPIS_H

#include "sim/periph/easydma.h"

enum { SPIS_COUNT = 3, SPIS_FIFO = 4 };

struct spi_device;

struct spis {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct spis_state {
        uint32_t next;           /* transactions of the master that are over or have begun */
        uint32_t done;           /* bytes of the one under way */
        uint8_t fifo[SPIS_FIFO]; /* received and not in RAM yet, oldest first; unused: 0 */
        uint8_t waiting;         /* of fifo */
        uint8_t busy;            /* a transaction is under way */
        uint8_t granted;         /* and the slave takes part in it */
        uint8_t held;            /* a byte to send was fetched */
        uint8_t byte;            /* that byte */
        uint8_t silent;          /* transfers are being ended without ENDRX */
        uint8_t on;              /* enabled */
        uint8_t full;            /* ENDRX was raised for the receive buffer */
    } state;
    /* Wiring. */
    unsigned number;
    unsigned tx; /* EasyDMA channels */
    unsigned rx;
    struct spi_device *device; /* what is plugged in: perhaps a master; NULL: nothing */
};

extern const struct block_spec spis_spec[SPIS_COUNT];

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void spis_init(struct spis *spis, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values; the master goes on with its next transaction. */
void spis_reset(struct spis *spis, enum reset_kind reason);

#endif
