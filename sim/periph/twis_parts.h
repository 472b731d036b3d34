/* SPDX-License-Identifier: Apache-2.0 */
/* TWIS's parts: twis.c has its tasks, twis_bus.c what a master outside does, step by step. */
#ifndef SIM_PERIPH_TWIS_PARTS_H
#define SIM_PERIPH_TWIS_PARTS_H

#include "sim/periph/twis.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/twis.def"
};
/* clang-format on */

enum { PREPARED_TX = 1, PREPARED_RX = 2 }; /* bits of `prepared` */

/* What the bus is doing; at the end of it a step comes. */
enum twis_phase {
    PHASE_IDLE,    /* until the next transaction is due */
    PHASE_ADDRESS, /* a start condition and an address */
    PHASE_STRETCH, /* SCL is held: nothing is scheduled */
    PHASE_BYTE,    /* a byte and its acknowledge */
    PHASE_FINISH,  /* the last bytes go to RAM */
    PHASE_STOP,    /* a stop condition */
};

static inline struct easydma *twis_dma(const struct twis *twis)
{
    return twis->regs.fabric->easydma;
}

/* Waits for the next transaction that is not past. */
void twis_await_master(struct twis *twis);

/* The rest of the transaction that is due or under way will not come. */
void twis_skip_transaction(struct twis *twis);

/* The stop condition comes. */
void twis_begin_stop(struct twis *twis);

/* Buffers that were prepared are the CPU's again. */
void twis_take_back(struct twis *twis);

/* Something that SCL was held for has come. */
void twis_go_on(struct twis *twis);

/* Connects the bus to events and EasyDMA. */
void twis_bus_init(struct twis *twis);

#endif
