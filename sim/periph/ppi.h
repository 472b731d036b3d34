/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PPI: events trigger tasks of other blocks without the CPU (PS v1.7, 6.16).
 *
 * It hears of every event through fabric.publish and triggers tasks over the bus, in the instant of
 * the event. With that it can start EasyDMA with no store of the CPU at all.
 */
#ifndef SIM_PERIPH_PPI_H
#define SIM_PERIPH_PPI_H

#include "sim/periph/regfile.h"

struct ppi {
    struct regfile regs;
    struct fabric *fabric;
    /* Only while an event is being handled; between instants all three are 0, so they are no
     * state. Bit n is channel n. */
    uint32_t pending; /* its event fired, its tasks are still to be triggered */
    uint32_t fired;   /* took its turn in this chain already */
    bool in_chain;
};

extern const struct block_spec ppi_spec;

/* Connects the block to bus and state. `ppi` and `fabric` must stay in place. */
void ppi_init(struct ppi *ppi, struct fabric *fabric, const struct block_spec *spec);

void ppi_reset(struct ppi *ppi, enum reset_kind reason);

/* The event register at `event` fired. Signature of fabric.publish; `ppi` is a struct ppi. */
void ppi_publish(void *ppi, guest_addr event);

#endif
