/* SPDX-License-Identifier: Apache-2.0 */
/* QSPI: external flash interface (PS v1.7, 6.19). */
#ifndef SIM_PERIPH_QSPI_H
#define SIM_PERIPH_QSPI_H

#include "sim/board/nor_flash.h"
#include "sim/periph/easydma.h"

struct qspi {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct qspi_state {
        uint32_t address;  /* flash address of the operation, as captured */
        uint32_t held;     /* SCK clocks that wait until the flash is idle; 0: nothing waits */
        uint8_t operation; /* enum operation in qspi_parts.h */
        uint8_t active;    /* between ACTIVATE and DEACTIVATE */
        uint8_t in_frame;  /* a long frame is under way */
        uint8_t status;    /* of the flash, as read last */
    } state;
    struct nor_flash flash; /* what the pins lead to */
    /* Wiring. */
    unsigned read; /* EasyDMA channels */
    unsigned write;
};

extern const struct block_spec qspi_spec;

/* Connects the block to bus, state, events and EasyDMA. All must stay in place. */
void qspi_init(struct qspi *qspi, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, no operation. The flash keeps its cells, and goes on with what
 * it does unless power was off. Transfers are EasyDMA's to drop. */
void qspi_reset(struct qspi *qspi, enum reset_kind reason);

#endif
