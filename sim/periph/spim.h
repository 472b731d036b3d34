/* SPDX-License-Identifier: Apache-2.0 */
/* SPIM: SPI master with EasyDMA (PS v1.7, 6.25). */
#ifndef SIM_PERIPH_SPIM_H
#define SIM_PERIPH_SPIM_H

#include "sim/periph/easydma.h"

enum { SPIM_COUNT = 4, SPIM_FIFO = 4 };

struct spi_device;

struct spim {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct spim_state {
        uint32_t total;   /* bytes of the exchange: the longer of the two buffers */
        uint32_t tx_size; /* as captured */
        uint32_t rx_size;
        uint32_t begun;          /* bytes that went on the wire */
        uint32_t done;           /* of them, that are over */
        uint8_t fifo[SPIM_FIFO]; /* received and not in RAM yet, oldest first; unused: 0 */
        uint8_t waiting;         /* of fifo */
        uint8_t active;          /* between START and END or STOPPED */
        uint8_t captured;        /* how many of the two channels */
        uint8_t held;            /* the next byte to send was fetched */
        uint8_t fetched;         /* that byte */
        uint8_t on_wire;         /* a byte is under way */
        uint8_t byte;            /* that byte */
        uint8_t suspended;
        uint8_t stops;     /* STOP came */
        uint8_t closing;   /* all bytes are over, CSN is about to go */
        uint8_t disturbed; /* erratum 198: somebody used the RAM it sends from */
        uint8_t unused;
        struct byte_range blocks; /* erratum 198: that RAM, while it sends; else empty */
    } state;
    /* Wiring. */
    unsigned number;
    unsigned tx; /* EasyDMA channels */
    unsigned rx;
    struct spi_device *device; /* NULL: the pins lead nowhere */
};

extern const struct block_spec spim_spec[SPIM_COUNT];

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void spim_init(struct spim *spim, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, wire idle. Transfers are EasyDMA's to drop. */
void spim_reset(struct spim *spim, enum reset_kind reason);

#endif
