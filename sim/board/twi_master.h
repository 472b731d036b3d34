/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A master outside the chip, for its TWI slaves: what it does, and when, at 100 kbit/s.
 *
 *     # time since power-on, and one transaction: writes and reads with repeated starts between
 *     10ms : write 42 01 02 03
 *     12ms : write 42 01 read 42 4       # the address, and how many bytes
 */
#ifndef SIM_BOARD_TWI_MASTER_H
#define SIM_BOARD_TWI_MASTER_H

#include "sim/base/status.h"
#include "sim/core/time.h"

#include <stdbool.h>
#include <stdint.h>

enum { TWI_MASTER_BYTES = 64 };

/* One part of a transaction: an address and bytes. */
struct twi_master_part {
    sim_time when; /* of the transaction */
    bool begins;   /* it is the first part of a transaction; else a repeated start */
    bool read;
    uint8_t address; /* 7 bits */
    uint8_t size;
    uint8_t bytes[TWI_MASTER_BYTES]; /* of a write */
};

/* Constant once it is read. Transactions are in order of time. */
struct twi_master {
    unsigned count;
    struct twi_master_part *part;
};

/* Reads the file `path`. Errors name line and column. Released with twi_master_free. */
MUST_CHECK enum status twi_master_read(struct twi_master *master, const char *path,
                                       struct failure *failure);
void twi_master_free(struct twi_master *master);

#endif
