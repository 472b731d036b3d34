/* SPDX-License-Identifier: Apache-2.0 */
/* CC_PKA: the engine for large numbers of CRYPTOCELL (PS, CRYPTOCELL). */
#ifndef SIM_PERIPH_CC_PKA_H
#define SIM_PERIPH_CC_PKA_H

#include "sim/periph/regfile.h"

enum { CC_PKA_SRAM = 4096, CC_PKA_PIPE = 2 };

struct cc_pka {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct cc_pka_state {
        uint32_t pipe[CC_PKA_PIPE]; /* operations, oldest first: it is at work on that */
        uint32_t count;             /* of them */
        uint32_t clocked;           /* PKA_CLK.ENABLE */
        uint32_t write_at;          /* next word of the memory to write */
        uint32_t read_at;           /* next word of it to read */
        uint8_t sram[CC_PKA_SRAM];
    } state;
    /* Wiring: told when all operations are done; asked whether the engine is enabled. */
    void (*done)(void *owner);
    bool (*enabled)(void *owner);
    void *owner;
};

extern const struct block_spec cc_pka_spec;

/* Connects the registers to bus and state; `done`, `enabled` and `owner` are for the caller to fill
 * in afterwards. All must stay in place. */
void cc_pka_init(struct cc_pka *pka, struct fabric *fabric);

/* The engine's memory keeps its content unless the power was off. */
void cc_pka_reset(struct cc_pka *pka, enum reset_kind reason);

/* PKA_CLK was written. */
void cc_pka_clock(struct cc_pka *pka, bool on);

#endif
