/* SPDX-License-Identifier: Apache-2.0 */
/* I2S: inter-IC sound interface (PS v1.7, 6.10). */
#ifndef SIM_PERIPH_I2S_H
#define SIM_PERIPH_I2S_H

#include "sim/periph/easydma.h"

enum { I2S_FIFO = 32, I2S_AHEAD = 8 };

struct codec;

/* Bytes on their way, oldest first; unused: 0. */
struct i2s_fifo {
    uint8_t bytes[I2S_FIFO];
    uint8_t waiting;
};

struct i2s {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct i2s_state {
        struct i2s_fifo tx;
        struct i2s_fifo rx;
        uint8_t runs;     /* started and not stopped */
        uint8_t clocked;  /* frames go by */
        uint8_t late;     /* the next frame waits for EasyDMA */
        uint8_t stopping; /* STOP waits for what is on its way to RAM */
        uint8_t unused[2];
    } state;
    /* Wiring. */
    unsigned tx; /* EasyDMA channels */
    unsigned rx;
    struct codec *codec; /* what is plugged in; NULL: nothing */
};

extern const struct block_spec i2s_spec;

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void i2s_init(struct i2s *i2s, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values; it stands. */
void i2s_reset(struct i2s *i2s, enum reset_kind reason);

#endif
