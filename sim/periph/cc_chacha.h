/* SPDX-License-Identifier: Apache-2.0 */
/* CC_CHACHA: the stream cipher of the CRYPTOCELL engine (PS, CRYPTOCELL). */
#ifndef SIM_PERIPH_CC_CHACHA_H
#define SIM_PERIPH_CC_CHACHA_H

#include "sim/periph/chacha.h"
#include "sim/periph/regfile.h"

struct cc_chacha {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct cc_chacha_state {
        uint32_t left; /* bytes of the key stream that are not used yet */
        uint8_t stream[CHACHA_BLOCK];
    } state;
};

extern const struct block_spec cc_chacha_spec;

/* Connects the registers to bus and state. `chacha` must stay in place. */
void cc_chacha_init(struct cc_chacha *chacha, struct fabric *fabric);
void cc_chacha_reset(struct cc_chacha *chacha);

/* Is what CHACHA_CONTROL and CHACHA_ENDIANNESS say modelled? */
bool cc_chacha_is_able(const struct cc_chacha *chacha);

/* Says that it is not. */
void cc_chacha_report(const struct cc_chacha *chacha);

/* New data begins, with a block of the key stream of its own. */
void cc_chacha_begin(struct cc_chacha *chacha);

/* The next byte of the data, encrypted or decrypted, which is the same. */
uint8_t cc_chacha_take(struct cc_chacha *chacha, uint8_t byte);

#endif
