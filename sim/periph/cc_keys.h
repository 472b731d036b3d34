/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of the hardware, and the life cycle, of CRYPTOCELL (PS, CRYPTOCELL, CC_HOST_RGF). */
#ifndef SIM_PERIPH_CC_KEYS_H
#define SIM_PERIPH_CC_KEYS_H

#include "sim/periph/regfile.h"

enum { CC_KEY_WORDS = 4 };

struct cc_keys {
    /* Plain state, one registered region: what is always on. */
    struct cc_keys_state {
        uint32_t k_dr[CC_KEY_WORDS];
        uint32_t written;    /* bit n: k_dr[n] was */
        uint32_t locked;     /* K_PRTL is, until the power goes */
        uint32_t life_cycle; /* HOST_IOT_LCS as written since the reset, 0: it was not */
    } state;
    /* Wiring. */
    struct regfile *regs; /* those of the engine */
};

/* Its registers are `regs`. */
void cc_keys_init(struct cc_keys *keys, struct regfile *regs);

/* To be called behind regfile_reset. */
void cc_keys_reset(struct cc_keys *keys, enum reset_kind reason);

/* HOST_IOT_KDR0 to 3, each once, HOST_IOT_KPRTL_LOCK and HOST_IOT_LCS were written. */
void cc_keys_write(struct cc_keys *keys, unsigned word, uint32_t value);
void cc_keys_lock(struct cc_keys *keys, uint32_t value);
void cc_keys_set_life_cycle(struct cc_keys *keys, uint32_t value);

/* Is K_DR there? */
bool cc_keys_is_retained(const struct cc_keys *keys);

/* The key that HOST_CRYPTOKEY_SEL says, first word lowest; false: nobody knows it. */
bool cc_keys_sample(const struct cc_keys *keys, uint32_t key[CC_KEY_WORDS]);

#endif
