/* SPDX-License-Identifier: Apache-2.0 */
/* PDM: pulse density modulation interface, for microphones (PS v1.7, 6.15). */
#ifndef SIM_PERIPH_PDM_H
#define SIM_PERIPH_PDM_H

#include "sim/periph/easydma.h"

enum { PDM_FIFO = 16 };

struct sound;

struct pdm {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct pdm_state {
        uint8_t fifo[PDM_FIFO]; /* samples that are not in RAM yet, oldest first; unused: 0 */
        uint8_t waiting;        /* bytes of fifo */
        uint8_t runs;           /* samples are taken */
        uint8_t late;           /* the next one waits for room */
        uint8_t stopping;
        uint8_t unused[4];
    } state;
    /* Wiring. */
    unsigned sample;          /* EasyDMA channel */
    struct sound *microphone; /* NULL: none, silence */
};

extern const struct block_spec pdm_spec;

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void pdm_init(struct pdm *pdm, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values; it stands. */
void pdm_reset(struct pdm *pdm, enum reset_kind reason);

#endif
