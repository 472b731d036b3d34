/* SPDX-License-Identifier: Apache-2.0 */
/* Which way data takes through the CRYPTOCELL engine (PS, CRYPTOCELL, CRYPTO_CTL). */
#ifndef SIM_PERIPH_CC_FLOW_H
#define SIM_PERIPH_CC_FLOW_H

#include "sim/periph/cc_aes.h"
#include "sim/periph/cc_chacha.h"
#include "sim/periph/cc_hash.h"

struct cc_flow {
    struct cc_aes aes;
    struct cc_hash hash;
    struct cc_chacha chacha;
    /* Wiring. */
    struct regfile *regs;                                          /* those of the engine */
    void (*put)(void *owner, const uint8_t *bytes, uint32_t size); /* takes what comes out */
    void *owner;
};

/* Its registers are `regs`, but those of CHACHA. `put` and `owner` are for the caller to fill in
 * afterwards. */
void cc_flow_init(struct cc_flow *flow, struct regfile *regs);
void cc_flow_reset(struct cc_flow *flow);

/* Is the way modelled, and what the units on it are to do? */
bool cc_flow_is_able(const struct cc_flow *flow);

/* Says which setting is at fault that it is not. */
void cc_flow_report(const struct cc_flow *flow);

/* New data begins; its next byte; its end. */
void cc_flow_begin(struct cc_flow *flow);
void cc_flow_take(struct cc_flow *flow, uint8_t byte);
void cc_flow_end(struct cc_flow *flow);

/* HASH_PAD_FORCE was written. */
void cc_flow_pad(struct cc_flow *flow);

#endif
