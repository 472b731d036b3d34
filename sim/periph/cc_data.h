/* SPDX-License-Identifier: Apache-2.0 */
/* AES and HASH of the CRYPTOCELL engine, and what moves data between RAM and them. */
#ifndef SIM_PERIPH_CC_DATA_H
#define SIM_PERIPH_CC_DATA_H

#include "sim/periph/aes.h"
#include "sim/periph/easydma.h"
#include "sim/periph/sha.h"

enum { CC_FIFO = 1024 };

struct cc_data {
    /* Plain state, one registered region. */
    struct cc_data_state {
        uint32_t waiting; /* bytes of a block that is not complete */
        uint32_t made;    /* bytes of output since DST_MEM_SIZE was written */
        uint32_t taken;   /* of these, bytes that are in RAM */
        uint8_t block[SHA_BLOCK];
        uint8_t output[CC_FIFO]; /* a ring */
    } state;
    /* Wiring. */
    struct regfile *regs; /* those of the engine */
    unsigned din;         /* EasyDMA channels */
    unsigned dout;
    void (*interrupt)(void *owner, uint32_t bits); /* bits of IRR to set */
    void *owner;
};

/* Its registers are `regs`; the caller routes writes to the functions below. */
void cc_data_init(struct cc_data *data, struct regfile *regs);
void cc_data_reset(struct cc_data *data);

/* SRC_MEM_SIZE and DST_MEM_SIZE were written. */
void cc_data_read_begins(struct cc_data *data);
void cc_data_write_begins(struct cc_data *data);

/* The CPU read that neither direction is busy any more, or that these bits of IRR are set. */
void cc_data_observed(struct cc_data *data, uint32_t offset);

enum { CC_IRR_DIN = 1 << 6, CC_IRR_DOUT = 1 << 7 };

#endif
