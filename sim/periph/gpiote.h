/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GPIOTE: pins make events, tasks move pins (PS v1.7, 6.10).
 *
 * Inputs are WIRE_PIN + n and the two WIRE_DETECT; outputs go through gpio_take.
 */
#ifndef SIM_PERIPH_GPIOTE_H
#define SIM_PERIPH_GPIOTE_H

#include "sim/periph/regfile.h"

enum { GPIOTE_CHANNELS = 8 };

struct gpiote {
    struct regfile regs;
    struct fabric *fabric;
    /* Plain state, one registered region. */
    struct gpiote_state {
        uint8_t pin[GPIOTE_CHANNELS]; /* 1 + the pin that a channel in task mode drives, 0: none */
        uint8_t level[GPIOTE_CHANNELS]; /* it drives it to this */
    } state;
};

extern const struct block_spec gpiote_spec;

/* Connects the block to bus, state and the pins. `gpiote` and `fabric` must stay in place. */
void gpiote_init(struct gpiote *gpiote, struct fabric *fabric, const struct block_spec *spec);

/* All channels off. Call it after the pins were reset, if they are. */
void gpiote_reset(struct gpiote *gpiote, enum reset_kind reason);

#endif
