/* SPDX-License-Identifier: Apache-2.0 */
/* SPI: a byte at a time, without EasyDMA (PS v1.7, 6.24). */
#ifndef SIM_PERIPH_SPI_H
#define SIM_PERIPH_SPI_H

#include "sim/periph/regfile.h"

enum { SPI_COUNT = 3, SPI_RECEIVED = 2 };

struct spi_device;

struct spi {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct spi_state {
        uint8_t received[SPI_RECEIVED]; /* not read yet, oldest first; unused: 0 */
        uint8_t waiting;                /* of them */
        uint8_t on_wire;                /* a byte is under way */
        uint8_t byte;                   /* that byte */
        uint8_t held;                   /* the next one was written to TXD already */
        uint8_t next;                   /* that byte */
        uint8_t unused;
    } state;
    /* Wiring. */
    unsigned number;
    struct spi_device *device; /* NULL: the pins lead nowhere */
};

extern const struct block_spec spi_spec[SPI_COUNT];

/* Connects the block to bus, state, events and board. All must stay in place. */
void spi_init(struct spi *spi, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, wire idle. */
void spi_reset(struct spi *spi, enum reset_kind reason);

#endif
