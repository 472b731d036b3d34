/* SPDX-License-Identifier: Apache-2.0 */
/* NFCT: near field communication tag (PS v1.7, 6.13). */
#ifndef SIM_PERIPH_NFCT_H
#define SIM_PERIPH_NFCT_H

#include "sim/periph/easydma.h"

enum { NFCT_FIFO = 4 };

struct nfc_reader;

struct nfct {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct nfct_state {
        sim_time frame_end;      /* when the last frame of the reader was over; 0: there was none */
        uint32_t next;           /* step of the reader that is due or under way */
        uint32_t done;           /* bytes of the frame under way, either way */
        uint16_t crc;            /* of what was sent of it */
        uint8_t fifo[NFCT_FIFO]; /* received and not in RAM yet, oldest first; unused: 0 */
        uint8_t waiting;         /* of fifo */
        uint8_t power;           /* enum power of nfct.c */
        uint8_t air;             /* enum nfct_air of nfct_parts.h */
        uint8_t field;
        uint8_t selected;
        uint8_t overrun;
        uint8_t held;  /* a byte to send was fetched */
        uint8_t byte;  /* that byte */
        uint8_t late;  /* the next byte to send waits for EasyDMA */
        uint8_t wakes; /* it looks for a field in System OFF */
    } state;
    /* Wiring. */
    unsigned tx; /* EasyDMA channels */
    unsigned rx;
    struct nfc_reader *reader; /* NULL: nobody is there */
};

extern const struct block_spec nfct_spec;

/* Connects the block to bus, state, events, EasyDMA and board. All must stay in place. */
void nfct_init(struct nfct *nfct, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, off; the reader goes on with its next step. */
void nfct_reset(struct nfct *nfct, enum reset_kind reason);

#endif
