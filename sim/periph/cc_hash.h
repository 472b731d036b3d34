/* SPDX-License-Identifier: Apache-2.0 */
/* CC_HASH: the hash of the CRYPTOCELL engine (PS, CRYPTOCELL). */
#ifndef SIM_PERIPH_CC_HASH_H
#define SIM_PERIPH_CC_HASH_H

#include "sim/periph/regfile.h"
#include "sim/periph/sha.h"

struct cc_hash {
    /* Plain state, one registered region. */
    struct cc_hash_state {
        uint32_t waiting; /* bytes of a block that is not complete */
        uint8_t block[SHA_BLOCK];
    } state;
    /* Wiring. */
    struct regfile *regs; /* those of the engine */
};

/* Its registers are `regs`. */
void cc_hash_init(struct cc_hash *hash, struct regfile *regs);

/* Forgets a block that is not complete: new data begins, or a reset. */
void cc_hash_begin(struct cc_hash *hash);

/* Is the hash that HASH_CONTROL says modelled? */
bool cc_hash_is_able(const struct cc_hash *hash);

/* The next byte of the data, and its end, which is padded if HASH_PAD_AUTO says so. */
void cc_hash_take(struct cc_hash *hash, uint8_t byte);
void cc_hash_end(struct cc_hash *hash);

/* HASH_PAD_FORCE was written: padding for a message that is empty, or over. */
void cc_hash_pad(struct cc_hash *hash);

/* HASH_SW_RESET was written. */
void cc_hash_reset_registers(struct cc_hash *hash);

#endif
