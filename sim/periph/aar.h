/* SPDX-License-Identifier: Apache-2.0 */
/* AAR: accelerated address resolver (PS v1.7, 6.1). */
#ifndef SIM_PERIPH_AAR_H
#define SIM_PERIPH_AAR_H

#include "sim/periph/aes.h"
#include "sim/periph/easydma.h"

enum { AAR_ADDRESS = 6, AAR_SCRATCH = 3 };

struct aar {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct aar_state {
        uint8_t key[AES_BLOCK]; /* being read */
        uint8_t hash[AES_BLOCK];
        uint8_t address[AAR_ADDRESS];
        uint8_t keys;  /* tried */
        uint8_t found; /* the last of them is it */
    } state;
    /* Wiring: EasyDMA channels. */
    unsigned address;
    unsigned keys;
    unsigned scratch;
};

extern const struct block_spec aar_spec;

/* Connects the block to bus, state, events and EasyDMA. All must stay in place. */
void aar_init(struct aar *aar, struct fabric *fabric, const struct block_spec *spec);

void aar_reset(struct aar *aar, enum reset_kind reason);

#endif
