/* SPDX-License-Identifier: Apache-2.0 */
/* SAADC: analog-to-digital converter (PS v1.7, 6.23). */
#ifndef SIM_PERIPH_SAADC_H
#define SIM_PERIPH_SAADC_H

#include "sim/periph/easydma.h"

enum { SAADC_CHANNELS = 8, SAADC_FIFO = 16 };

struct analog;

struct saadc {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct saadc_state {
        int32_t sum;              /* of the conversions of one result so far */
        uint32_t conversions;     /* how many these are */
        uint8_t fifo[SAADC_FIFO]; /* results that are not in RAM yet, oldest first; unused: 0 */
        uint8_t waiting;          /* bytes of fifo in use */
        uint8_t busy;             /* a conversion is under way, of channel `channel` */
        uint8_t channel;
        uint8_t continuous; /* samples follow each other at the rate of SAMPLERATE */
        uint8_t unused[4];
    } state;
    /* Wiring. */
    unsigned result; /* EasyDMA channel */
    struct analog *analog;
};

extern const struct block_spec saadc_spec;

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void saadc_init(struct saadc *saadc, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, no conversion. The transfer is EasyDMA's to drop. */
void saadc_reset(struct saadc *saadc, enum reset_kind reason);

#endif
