/* SPDX-License-Identifier: Apache-2.0 */
/* What moves data between RAM and the units AES, HASH and CHACHA of the CRYPTOCELL engine. */
#ifndef SIM_PERIPH_CC_DATA_H
#define SIM_PERIPH_CC_DATA_H

#include "sim/periph/cc_flow.h"
#include "sim/periph/easydma.h"

enum { CC_FIFO = 1024, CC_SRAM = 2048 };

struct cc_data {
    struct cc_flow flow;
    /* Plain state, one registered region. */
    struct cc_data_state {
        uint32_t made;           /* bytes of output since DST_MEM_SIZE was written */
        uint32_t taken;          /* of these, bytes that are in RAM, or were read by the CPU */
        uint32_t by_cpu;         /* bytes that DIN_CPU_DATA says are still to come */
        uint8_t output[CC_FIFO]; /* a ring */
        uint32_t sram_at;        /* where output goes while sram_left */
        uint32_t sram_left;      /* bytes of output that go to the engine's memory */
        uint32_t fetched;        /* what the next read of SRAM_DATA gives */
        uint8_t sram[CC_SRAM];   /* the engine's memory */
    } state;
    /* Wiring. */
    struct regfile *regs; /* those of the engine */
    unsigned din;         /* EasyDMA channels */
    unsigned dout;
    void (*interrupt)(void *owner, uint32_t bits); /* bits of IRR to set */
    void *owner;
};

/* Its registers are `regs`, but those of CHACHA; the caller routes writes to the functions below.
 */
void cc_data_init(struct cc_data *data, struct regfile *regs);
void cc_data_reset(struct cc_data *data);

/* SRC_MEM_SIZE and DST_MEM_SIZE were written. */
void cc_data_read_begins(struct cc_data *data);
void cc_data_write_begins(struct cc_data *data);

/* DIN_CPU_DATA and DIN_BUFFER were written; DOUT_BUFFER is read. */
void cc_data_cpu_begins(struct cc_data *data, uint32_t bytes);
void cc_data_cpu_writes(struct cc_data *data, uint32_t word);
uint32_t cc_data_cpu_reads(struct cc_data *data);

/* DIN_SW_RESET and DOUT_SW_RESET were written. */
void cc_data_reset_din(struct cc_data *data);
void cc_data_reset_dout(struct cc_data *data);

/* SRC_SRAM_SIZE and DST_SRAM_SIZE were written. */
void cc_data_sram_read_begins(struct cc_data *data);
void cc_data_sram_write_begins(struct cc_data *data);

/* SRAM_DATA was written, or is read: a word of the engine's memory, and on to the next. */
void cc_data_poke(struct cc_data *data, uint32_t word);
uint32_t cc_data_peek(struct cc_data *data);

/* A unit stores a word in the engine's memory, at an address in bytes, modulo its size. */
void cc_data_store(struct cc_data *data, uint32_t address, uint32_t word);

/* The CPU read that neither direction is busy any more, or that these bits of IRR are set. */
void cc_data_observed(struct cc_data *data, uint32_t offset);

enum {
    CC_IRR_SRAM_DIN = 1 << 4,
    CC_IRR_SRAM_DOUT = 1 << 5,
    CC_IRR_DIN = 1 << 6,
    CC_IRR_DOUT = 1 << 7,
};

#endif
