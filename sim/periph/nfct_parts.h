/* SPDX-License-Identifier: Apache-2.0 */
/* NFCT's parts: what nfct.c and nfct_frames.c know of each other. */
#ifndef SIM_PERIPH_NFCT_PARTS_H
#define SIM_PERIPH_NFCT_PARTS_H

#include "sim/base/bits.h"
#include "sim/board/nfc_reader.h"
#include "sim/periph/nfct.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/nfct.def"
};
/* clang-format on */

enum { BIT_TIME = 604, BITS_BYTE = 9, BITS_START = 1, BITS_END = 2 }; /* 128 periods of 13.56 MHz */

/* What is on the air; EVENT_NFCT_AIR comes at the end of a part of it. */
enum nfct_air {
    AIR_IDLE,
    AIR_SELECTING,
    AIR_RX_START,
    AIR_RX_BYTE,
    AIR_RX_END,
    AIR_TX_WAIT,
    AIR_TX_BYTE,
    AIR_TX_CRC,
    AIR_TX_END
};

#define FIELD_OF(nfct, reg, field)                                                                 \
    extract32(regfile_get(&(nfct)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

static inline struct easydma *nfct_dma(const struct nfct *nfct)
{
    return nfct->regs.fabric->easydma;
}

static inline sim_time nfct_now(const struct nfct *nfct)
{
    return nfct->regs.fabric->scheduler->state.now;
}

static inline void nfct_after(struct nfct *nfct, enum event_id event, sim_time delay)
{
    scheduler_add(nfct->regs.fabric->scheduler, event, 0, delay, 0);
}

/* `air` begins, and is over after `delay`. */
void nfct_begin(struct nfct *nfct, enum nfct_air air, sim_time delay);
void nfct_become_idle(struct nfct *nfct);

/* What the reader does now or next, NULL: no more. */
const struct nfc_step *nfct_step(const struct nfct *nfct);
void nfct_await_reader(struct nfct *nfct);

/* Connects frames to events and EasyDMA. */
void nfct_frames_init(struct nfct *nfct);

#endif
