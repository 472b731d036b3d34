/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QSPI (PS v1.7, 6.19).
 *
 * Deviations:
 *   1. The pins lead to a flash of 8 MiB, of which 128 KiB can hold something at one time
 *      (sim/board/nor_flash.c); what is programmed beyond is reported as unmodelled.
 *   2. Words, not bits: one is over after the time of its clocks on SCK, at 32 MHz / (SCKFREQ + 1).
 *      The wire waits for EasyDMA, and no word is read ahead.
 *   3. At 0x12000000 the CPU reads the flash (XIP), but cannot execute from there: that is a bus
 *      fault. The engine executes memory only, and what is seen here moves with XIPOFFSET, ENABLE
 * and each erase: mapping it anew discards all translations (docs/unicorn.md, R7). A read takes no
 *      longer than any other, also while EasyDMA moves or the flash is busy.
 *   4. READY of WRITESTART comes when the last word was sent, READY of ERASESTART when the command
 *      was; the flash is busy for some time after, and the next task waits for it, ACTIVATE too
 *      (as nrfx_qspi.c has it).
 *   5. ADDRCONF sends nothing, SPIMODE, RXDELAY and SCKDELAY have no effect. Flash of 8 MiB needs
 *      no 32-bit addresses: what is above is ignored.
 *   6. The flash has pages of the size of PPSIZE, and understands all opcodes without its QE bit.
 *   7. Without SCK, CSN, IO0 and IO1 all reads give zeros. In deep power-down, too.
 *   8. A task or an instruction while the interface is busy, or not active, is reported and
 * ignored.
 *   9. DEACTIVATE and ENABLE = 0 drop a transfer; DEACTIVATE raises READY.
 */
#include "sim/base/compiler.h"
#include "sim/mem/map.h"
#include "sim/periph/place.h"
#include "sim/periph/qspi_parts.h"

#include <string.h>

/* clang-format off */
static const struct reg_desc qspi_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/qspi.def"
};

static const struct field_desc qspi_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/qspi.def"
};
/* clang-format on */

enum { DPM_UNIT = 256 * 4 }; /* 256 times 62.5 ns, in cycles */

void qspi_show_status(struct qspi *qspi)
{
    bool ready = qspi->state.active && qspi->state.operation == IDLE;

    regfile_set(&qspi->regs, STATUS,
                (uint32_t)qspi->state.status << STATUS_SREG_LSB |
                    (uint32_t)ready << STATUS_READY_LSB |
                    (uint32_t)qspi->flash.state.asleep << STATUS_DPM_LSB);
}

void qspi_finish(struct qspi *qspi)
{
    qspi->state.operation = IDLE;
    qspi_show_status(qspi);
    regfile_raise(&qspi->regs, EVENTS_READY);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static bool may_begin(struct qspi *qspi, uint32_t offset, uint32_t value)
{
    enum misuse misuse = MISUSE_NOT_READY;

    if (!FIELD_OF(qspi, ENABLE, ENABLE))
        misuse = MISUSE_DISABLED;
    else if (qspi->state.operation == READING || qspi->state.operation == WRITING)
        misuse = MISUSE_DMA_BUSY;
    else if (qspi->state.active && qspi->state.operation == IDLE)
        return true;
    regfile_misuse(&qspi->regs, misuse, offset, value); /* deviation 8 */
    return false;
}

static void begin(struct qspi *qspi, enum operation operation)
{
    qspi->state.operation = (uint8_t)operation;
    qspi_show_status(qspi);
}

/* Asks for the status of the flash until it is idle. */
static void activate(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!FIELD_OF(qspi, ENABLE, ENABLE)) {
        regfile_misuse(&qspi->regs, MISUSE_DISABLED, TASKS_ACTIVATE, value);
        return;
    }
    if (qspi->state.operation != IDLE)
        return;
    qspi->state.active = true;
    begin(qspi, ACTIVATING);
    qspi_step_when_idle(qspi, 2 * OPCODE_CLOCKS);
}

static void readstart(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!may_begin(qspi, TASKS_READSTART, value))
        return;
    begin(qspi, READING);
    easydma_start(qspi_dma(qspi), qspi->read, qspi->regs.fabric->trigger);
}

static void writestart(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!may_begin(qspi, TASKS_WRITESTART, value))
        return;
    begin(qspi, WRITING);
    easydma_start(qspi_dma(qspi), qspi->write, qspi->regs.fabric->trigger);
}

static void erasestart(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!may_begin(qspi, TASKS_ERASESTART, value))
        return;
    begin(qspi, ERASING);
    qspi->state.address = regfile_get(&qspi->regs, ERASE_PTR);
    qspi_step_when_idle(qspi, (2 + qspi_address_bytes(qspi)) * OPCODE_CLOCKS);
}

static void cinstrconf_written(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;
    uint32_t clocks = (1 + qspi_data_bytes(qspi)) * OPCODE_CLOCKS;

    (void)index;
    if (!may_begin(qspi, CINSTRCONF, value))
        return;
    begin(qspi, INSTRUCTING);
    if (FIELD_OF(qspi, CINSTRCONF, WIPWAIT))
        qspi_step_when_idle(qspi, clocks);
    else
        qspi_step_after(qspi, clocks);
}

static void ifconfig1_written(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;
    bool enter = FIELD_OF(qspi, IFCONFIG1, DPMEN);
    uint32_t units = enter ? FIELD_OF(qspi, DPMDUR, ENTER) : FIELD_OF(qspi, DPMDUR, EXIT);

    (void)index;
    if (!FIELD_OF(qspi, IFCONFIG0, DPMENABLE) || enter == qspi->flash.state.asleep ||
        !qspi->state.active || !may_begin(qspi, IFCONFIG1, value))
        return;
    begin(qspi, POWERING);
    scheduler_add(qspi->regs.fabric->scheduler, EVENT_QSPI_STEP, 0, (sim_time)units * DPM_UNIT, 0);
}

/* Ends whatever is under way; the flash goes on by itself. */
static void stand_still(struct qspi *qspi, uint32_t offset, uint32_t value)
{
    if (easydma_running(qspi_dma(qspi), qspi->read) || easydma_running(qspi_dma(qspi), qspi->write))
        regfile_misuse(&qspi->regs, MISUSE_DISABLED_IN_FLIGHT, offset, value);
    easydma_abort(qspi_dma(qspi), qspi->read);
    easydma_abort(qspi_dma(qspi), qspi->write);
    scheduler_cancel(qspi->regs.fabric->scheduler, EVENT_QSPI_STEP, 0);
    if (qspi->state.in_frame)
        qspi_end_frame(qspi);
    memset(&qspi->state, 0, sizeof qspi->state);
    qspi_show_status(qspi);
}

static void deactivate(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    stand_still(qspi, TASKS_DEACTIVATE, value);
    if (FIELD_OF(qspi, ENABLE, ENABLE))
        qspi_finish(qspi);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!FIELD_OF(qspi, ENABLE, ENABLE))
        stand_still(qspi, ENABLE, value);
}

/* Ready again means that the transfer is over, as the event does. */
static uint32_t status_read(void *owner, unsigned index)
{
    struct qspi *qspi = owner;
    uint32_t status = regfile_get(&qspi->regs, STATUS);

    (void)index;
    if (status & bit32(STATUS_READY_LSB)) {
        easydma_observed(qspi_dma(qspi), qspi->read, BASE_QSPI + STATUS);
        easydma_observed(qspi_dma(qspi), qspi->write, BASE_QSPI + STATUS);
    }
    return status;
}

/* ---- XIP ------------------------------------------------------------------------------------- */

/* The interface must be active (PS v1.7, 6.19.3): else it is reported, and zeros are read. */
static bool xip_look(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct qspi *qspi = owner;
    uint8_t bytes[4] = {0};

    for (unsigned i = 0; i < size && qspi->state.active && qspi_answers(qspi); i++)
        bytes[i] = nor_flash_read(&qspi->flash, regfile_get(&qspi->regs, XIPOFFSET) + offset + i);
    *value = (uint32_t)load_le(bytes, size);
    return true;
}

static bool xip_read(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    struct qspi *qspi = owner;

    if (!qspi->state.active)
        regfile_misuse(&qspi->regs, MISUSE_READ_NOT_READY, XIPOFFSET, 0);
    return xip_look(owner, offset, size, value);
}

/* It is read-only: what is written is reported as unmodelled. */
static bool xip_write(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    (void)owner, (void)offset, (void)size, (void)value;
    return false;
}

static const struct bus_ops xip = {.read = xip_read, .write = xip_write, .peek = xip_look};

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook qspi_hooks[] = {
    {TASKS_ACTIVATE, activate, NULL},       {TASKS_READSTART, readstart, NULL},
    {TASKS_WRITESTART, writestart, NULL},   {TASKS_ERASESTART, erasestart, NULL},
    {TASKS_DEACTIVATE, deactivate, NULL},   {ENABLE, enable_written, NULL},
    {IFCONFIG1, ifconfig1_written, NULL},   {STATUS, NULL, status_read},
    {CINSTRCONF, cinstrconf_written, NULL}, {0, NULL, NULL},
};

const struct block_spec qspi_spec = {
    .name = "QSPI",
    .base = BASE_QSPI,
    .size = REGFILE_SIZE,
    .irq = LINE_QSPI,
    .regs = qspi_regs,
    .reg_count = ARRAY_LENGTH(qspi_regs),
    .fields = qspi_fields,
    .field_count = ARRAY_LENGTH(qspi_fields),
    .hooks = qspi_hooks,
};

void qspi_init(struct qspi *qspi, struct fabric *fabric, const struct block_spec *spec)
{
    memset(&qspi->state, 0, sizeof qspi->state);
    regfile_init(&qspi->regs, spec, fabric, qspi);
    state_register(fabric->state, "QSPI", &qspi->state, sizeof qspi->state);
    nor_flash_init(&qspi->flash, fabric->state);
    qspi_wire_init(qspi);
    bus_claim(fabric->bus, (struct byte_range){XIP_BASE, XIP_SIZE}, "XIP", &xip, qspi);
}

void qspi_reset(struct qspi *qspi, enum reset_kind reason)
{
    struct scheduler *scheduler = qspi->regs.fabric->scheduler;

    regfile_reset(&qspi->regs);
    scheduler_cancel(scheduler, EVENT_QSPI_STEP, 0);
    memset(&qspi->state, 0, sizeof qspi->state);
    if (reason == RESET_POWER_ON) {
        scheduler_cancel(scheduler, EVENT_QSPI_FLASH, 0);
        nor_flash_power_on(&qspi->flash);
    }
    qspi_show_status(qspi);
}
