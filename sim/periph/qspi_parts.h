/* SPDX-License-Identifier: Apache-2.0 */
/* QSPI's parts: qspi.c has tasks and XIP, qspi_wire.c what goes over the wires, step by step. */
#ifndef SIM_PERIPH_QSPI_PARTS_H
#define SIM_PERIPH_QSPI_PARTS_H

#include "sim/base/bits.h"
#include "sim/periph/qspi.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/qspi.def"
};
/* clang-format on */

enum { OPCODE_CLOCKS = 8 };

enum operation { IDLE, ACTIVATING, READING, WRITING, ERASING, INSTRUCTING, POWERING };

#define FIELD_OF(qspi, reg, field)                                                                 \
    extract32(regfile_get(&(qspi)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

static inline struct easydma *qspi_dma(const struct qspi *qspi)
{
    return qspi->regs.fabric->easydma;
}

/* ---- qspi.c ---------------------------------------------------------------------------------- */

void qspi_show_status(struct qspi *qspi);

/* The operation is over. */
void qspi_finish(struct qspi *qspi);

/* ---- qspi_wire.c ----------------------------------------------------------------------------- */

/* The flash answers to READ and WRITE. */
bool qspi_answers(const struct qspi *qspi);

/* The next step is over after `clocks` of SCK, which begin at once, or when the flash is idle. */
void qspi_step_after(struct qspi *qspi, uint32_t clocks);
void qspi_step_when_idle(struct qspi *qspi, uint32_t clocks);

/* Of an address, and of a custom instruction. */
uint32_t qspi_address_bytes(const struct qspi *qspi);
uint32_t qspi_data_bytes(const struct qspi *qspi);

/* The custom instruction under way is over: CSN goes up. */
void qspi_end_frame(struct qspi *qspi);

/* Connects the wires to events and EasyDMA. */
void qspi_wire_init(struct qspi *qspi);

#endif
