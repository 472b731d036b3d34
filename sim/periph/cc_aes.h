/* SPDX-License-Identifier: Apache-2.0 */
/* CC_AES: the cipher of the CRYPTOCELL engine (PS, CRYPTOCELL). */
#ifndef SIM_PERIPH_CC_AES_H
#define SIM_PERIPH_CC_AES_H

#include "sim/periph/aes.h"
#include "sim/periph/regfile.h"

struct cc_aes {
    /* Plain state, one registered region. */
    struct cc_aes_state {
        uint32_t waiting; /* bytes of a block that is not complete */
        uint8_t block[AES_BLOCK];
    } state;
    /* Wiring. */
    struct regfile *regs;                                          /* those of the engine */
    void (*put)(void *owner, const uint8_t *bytes, uint32_t size); /* takes what comes out */
    void *owner;
};

/* Its registers are `regs`. `put` and `owner` are for the caller to fill in afterwards. */
void cc_aes_init(struct cc_aes *aes, struct regfile *regs);

/* Forgets a block that is not complete: new data begins, or a reset. */
void cc_aes_begin(struct cc_aes *aes);

/* Is the mode that AES_CONTROL says modelled? */
bool cc_aes_is_able(const struct cc_aes *aes);

/* The next byte of the data, and its end. */
void cc_aes_take(struct cc_aes *aes, uint8_t byte);
void cc_aes_end(struct cc_aes *aes);

/* AES_CMAC_SIZE0_KICK was written. */
void cc_aes_authenticate_nothing(struct cc_aes *aes);

/* AES_SK was written: `key`, of four words, is that of the hardware. */
void cc_aes_sample_key(struct cc_aes *aes, const uint32_t *key);

/* AES_SW_RESET was written. */
void cc_aes_reset_registers(struct cc_aes *aes);

#endif
