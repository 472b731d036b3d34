/* SPDX-License-Identifier: Apache-2.0 */
/* ECB: AES electronic codebook mode encryption (PS v1.7, 6.7). */
#ifndef SIM_PERIPH_ECB_H
#define SIM_PERIPH_ECB_H

#include "sim/periph/aes.h"
#include "sim/periph/easydma.h"

struct ecb {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct ecb_state {
        sim_time started;
        uint8_t input[2 * AES_BLOCK]; /* key and clear text */
        uint8_t cipher[AES_BLOCK];
    } state;
    /* Wiring. */
    unsigned reader; /* EasyDMA channels */
    unsigned writer;
};

extern const struct block_spec ecb_spec;

/* Connects the block to bus, state, events and EasyDMA. All must stay in place. */
void ecb_init(struct ecb *ecb, struct fabric *fabric, const struct block_spec *spec);

void ecb_reset(struct ecb *ecb, enum reset_kind reason);

#endif
