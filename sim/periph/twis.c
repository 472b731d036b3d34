/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TWIS: I2C compatible slave with EasyDMA (PS v1.7, 6.33).
 *
 * A buffer belongs to the slave from PREPARETX or PREPARERX until the CPU has seen the end of the
 * part of the transaction that used it: STOPPED, or behind a repeated start READ, WRITE or the
 * STARTED of the other direction.
 *
 * Deviations:
 *   1. Bytes, not bits, of a master that knows no rate but 100 kbit/s. Transactions that are due
 *      while the slave is disabled are not acknowledged.
 *   2. RXD and TXD are captured behind the task that prepares; on silicon when the master has
 *      addressed the slave.
 *   3. The slave holds SCL until it is prepared, not suspended, and EasyDMA has the next byte or
 *      room for it. The master waits without end.
 *   4. TASKS_STOP in a transaction: the master finds its next byte not acknowledged and stops.
 */
#include "sim/base/compiler.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"
#include "sim/periph/twis_parts.h"

#include <string.h>

/* clang-format off */
static const struct reg_desc twis_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/twis.def"
};

static const struct field_desc twis_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/twis.def"
};
/* clang-format on */

enum { ENABLED = 9 };

static bool arrives(struct twis *twis, uint32_t task)
{
    if (regfile_enabled(&twis->regs))
        return true;
    regfile_misuse(&twis->regs, MISUSE_DISABLED, task, 1);
    return false;
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void prepare(struct twis *twis, bool tx, uint32_t task)
{
    unsigned channel = tx ? twis->tx : twis->rx;

    if (!arrives(twis, task))
        return;
    if (easydma_running(twis_dma(twis), channel))
        return; /* it is prepared already */
    twis->state.prepared |= tx ? PREPARED_TX : PREPARED_RX;
    easydma_start(twis_dma(twis), channel, twis->regs.fabric->trigger);
}

static void preparetx(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    prepare(owner, true, TASKS_PREPARETX);
}

static void preparerx(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    prepare(owner, false, TASKS_PREPARERX);
}

static void suspend(void *owner, unsigned index, uint32_t value)
{
    struct twis *twis = owner;

    (void)index, (void)value;
    if (arrives(twis, TASKS_SUSPEND))
        twis->state.suspended = true;
}

static void resume(void *owner, unsigned index, uint32_t value)
{
    struct twis *twis = owner;

    (void)index, (void)value;
    if (!arrives(twis, TASKS_RESUME))
        return;
    twis->state.suspended = false;
    twis_go_on(twis);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct twis *twis = owner;

    (void)index, (void)value;
    if (!arrives(twis, TASKS_STOP))
        return;
    twis->state.suspended = false;
    if (twis->state.phase == PHASE_IDLE) {
        twis_take_back(twis);
        regfile_raise(&twis->regs, EVENTS_STOPPED);
        return;
    }
    scheduler_cancel(twis->regs.fabric->scheduler, EVENT_TWIS_STEP, (uint16_t)twis->number);
    twis_skip_transaction(twis);
    twis_begin_stop(twis);
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void go_idle(struct twis *twis)
{
    uint32_t next = twis->state.next;

    scheduler_cancel(twis->regs.fabric->scheduler, EVENT_TWIS_STEP, (uint16_t)twis->number);
    memset(&twis->state, 0, sizeof twis->state);
    twis->state.next = next;
    twis_await_master(twis);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct twis *twis = owner;

    (void)index, (void)value;
    if (regfile_enabled(&twis->regs))
        return;
    if (twis->state.phase >= PHASE_STRETCH)
        regfile_misuse(&twis->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(twis_dma(twis), twis->tx);
    easydma_abort(twis_dma(twis), twis->rx);
    if (twis->state.phase != PHASE_IDLE)
        twis_skip_transaction(twis);
    go_idle(twis);
}

static const struct reg_hook twis_hooks[] = {
    {TASKS_STOP, stop, NULL},
    {TASKS_SUSPEND, suspend, NULL},
    {TASKS_RESUME, resume, NULL},
    {TASKS_PREPARERX, preparerx, NULL},
    {TASKS_PREPARETX, preparetx, NULL},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

static const struct reg_short twis_shorts[] = {
    {SHORTS_WRITE_SUSPEND_LSB, EVENTS_WRITE, TASKS_SUSPEND},
    {SHORTS_READ_SUSPEND_LSB, EVENTS_READ, TASKS_SUSPEND},
};

#define TWIS_SPEC(n, place)                                                                        \
    {                                                                                              \
        .name = "TWIS" #n, .instance = (n), .base = BASE_##place, .size = REGFILE_SIZE,            \
        .irq = LINE_##place, .regs = twis_regs, .reg_count = ARRAY_LENGTH(twis_regs),              \
        .fields = twis_fields, .field_count = ARRAY_LENGTH(twis_fields), .hooks = twis_hooks,      \
        .shorts = twis_shorts, .short_count = ARRAY_LENGTH(twis_shorts), .enable = ENABLE,         \
        .personality = ENABLED                                                                     \
    }

const struct block_spec twis_spec[TWIS_COUNT] = {TWIS_SPEC(0, SPI0_TWI0), TWIS_SPEC(1, SPI1_TWI1)};

void twis_init(struct twis *twis, struct fabric *fabric, const struct block_spec *spec)
{
    *twis = (struct twis){.number = spec->instance,
                          .bus = fabric->board ? &fabric->board->twi[spec->instance] : NULL};
    regfile_init(&twis->regs, spec, fabric, twis);
    state_register(fabric->state, "TWIS", &twis->state, sizeof twis->state);
    twis_bus_init(twis);
}

void twis_reset(struct twis *twis, enum reset_kind reason)
{
    regfile_reset(&twis->regs);
    if (reason == RESET_POWER_ON)
        twis->state = (struct twis_state){.next = 0};
    go_idle(twis);
}
