/* SPDX-License-Identifier: Apache-2.0 */
/* TEMP: temperature sensor (PS v1.7, 6.28). */
#ifndef SIM_PERIPH_TEMP_H
#define SIM_PERIPH_TEMP_H

#include "sim/periph/regfile.h"

struct temp {
    struct regfile regs;
    struct fabric *fabric;
    /* Of the board, in quarters of a degree Celsius; plain state, one registered region. It
     * outlives a reset. */
    int32_t quarters;
};

extern const struct block_spec temp_spec;

/* Connects the sensor to bus, state and events, at 25 degrees. `temp` and `fabric` must stay. */
void temp_init(struct temp *temp, struct fabric *fabric, const struct block_spec *spec);

void temp_reset(struct temp *temp, enum reset_kind reason);

#endif
