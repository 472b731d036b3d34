/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A master outside the chip, for its SPI slaves: what it sends, and when.
 *
 *     # time since power-on, and the bytes of one transaction
 *     10ms  : 01 02 03
 *     12ms  : ff ff ff ff
 */
#ifndef SIM_BOARD_SPI_MASTER_H
#define SIM_BOARD_SPI_MASTER_H

#include "sim/base/status.h"
#include "sim/core/time.h"

#include <stddef.h>
#include <stdint.h>

enum { SPI_MASTER_BYTES = 64 };

struct spi_master_line {
    sim_time when;
    uint16_t size;
    uint8_t bytes[SPI_MASTER_BYTES];
};

/* Constant once it is read. Lines are in order of time. */
struct spi_master {
    unsigned count;
    struct spi_master_line *line;
};

/* Reads the file `path`. Errors name line and column. Released with spi_master_free. */
MUST_CHECK enum status spi_master_read(struct spi_master *master, const char *path,
                                       struct failure *failure);
void spi_master_free(struct spi_master *master);

#endif
