/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TWI (PS v1.7, 6.30).
 *
 * Deviations:
 *   1. Bytes, not bits, as in twim.c. Slaves do not stretch the clock.
 *   2. While reading, the next byte begins when RXD has been read; OVERRUN does not happen.
 *   3. After ERROR the bus waits for STOP or another start.
 *   4. BB is raised when a byte of data begins, not for the address.
 */
#include "sim/periph/twi.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/twi.def"
};

static const struct reg_desc twi_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/twi.def"
};

static const struct field_desc twi_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/twi.def"
};
/* clang-format on */

enum { ENABLED = 5, FREQUENCY_RESET = 0x04000000 };
enum { BITS_START_AND_ADDRESS = 10, BITS_BYTE = 9, BITS_STOP = 1 };
enum { WANTS_WRITE = 1, WANTS_READ = 2 };

enum twi_step { STEP_NONE, STEP_ADDRESS, STEP_BYTE, STEP_STOP };

static bool arrives(struct twi *twi, uint32_t offset)
{
    if (regfile_enabled(&twi->regs))
        return true;
    regfile_misuse(&twi->regs, MISUSE_DISABLED, offset, 1);
    return false;
}

static bool is_connected(const struct twi *twi)
{
    return twi->bus && !(regfile_get(&twi->regs, PSEL_SCL) & bit32(31)) &&
           !(regfile_get(&twi->regs, PSEL_SDA) & bit32(31));
}

/* ---- The bus, step by step ------------------------------------------------------------------- */

static void begin_step(struct twi *twi, enum twi_step step, unsigned bits)
{
    uint32_t frequency = regfile_get(&twi->regs, FREQUENCY);

    twi->state.step = (uint8_t)step;
    scheduler_add(twi->regs.fabric->scheduler, EVENT_TWI_LEGACY_STEP, (uint16_t)twi->number,
                  bits * ((uint64_t)1 << 34) / (frequency ? frequency : FREQUENCY_RESET), 0);
}

static void begin_address(struct twi *twi)
{
    twi->state.reads = twi->state.wanted == WANTS_READ;
    twi->state.wanted = 0;
    twi->state.in_data = false;
    begin_step(twi, STEP_ADDRESS, BITS_START_AND_ADDRESS);
}

static void begin_byte(struct twi *twi)
{
    twi->state.held = false;
    begin_step(twi, STEP_BYTE, BITS_BYTE);
    regfile_raise(&twi->regs, EVENTS_BB);
}

/* The bus is between two steps: what comes next? */
static void go_on(struct twi *twi)
{
    struct twi_state *state = &twi->state;

    if (state->step != STEP_NONE || state->suspended)
        return;
    if (state->suspending) {
        state->suspending = false;
        state->suspended = true;
        regfile_raise(&twi->regs, EVENTS_SUSPENDED);
    } else if (state->stopping) {
        begin_step(twi, STEP_STOP, BITS_STOP);
    } else if (state->wanted) {
        begin_address(twi);
    } else if (state->in_data && (state->reads ? !state->unread : state->held)) {
        begin_byte(twi);
    }
}

static void fail(struct twi *twi, unsigned error_lsb)
{
    twi->state.in_data = false;
    regfile_set(&twi->regs, ERRORSRC, regfile_get(&twi->regs, ERRORSRC) | bit32(error_lsb));
    regfile_raise(&twi->regs, EVENTS_ERROR);
}

static void finish_address(struct twi *twi)
{
    uint8_t address = (uint8_t)regfile_get(&twi->regs, ADDRESS);

    if (is_connected(twi) && twi_bus_address(twi->bus, address, twi->state.reads))
        twi->state.in_data = true;
    else
        fail(twi, ERRORSRC_ANACK_LSB);
}

static void finish_byte(struct twi *twi)
{
    if (twi->state.reads) {
        twi->state.unread = true;
        regfile_set(&twi->regs, RXD, twi_bus_read(twi->bus));
        regfile_raise(&twi->regs, EVENTS_RXDREADY);
    } else if (twi_bus_write(twi->bus, twi->state.byte)) {
        regfile_raise(&twi->regs, EVENTS_TXDSENT);
    } else {
        fail(twi, ERRORSRC_DNACK_LSB);
    }
}

static void finish_stop(struct twi *twi)
{
    if (twi->bus)
        twi_bus_stop(twi->bus);
    memset(&twi->state, 0, sizeof twi->state);
    regfile_raise(&twi->regs, EVENTS_STOPPED);
}

static void step_is_over(void *owner, const struct event *event)
{
    struct twi *twi = owner;
    enum twi_step step = twi->state.step;

    (void)event;
    twi->state.step = STEP_NONE;
    if (step == STEP_ADDRESS)
        finish_address(twi);
    else if (step == STEP_BYTE)
        finish_byte(twi);
    else
        finish_stop(twi);
    go_on(twi);
}

/* ---- Tasks and data -------------------------------------------------------------------------- */

static void start(struct twi *twi, uint32_t task, uint8_t direction)
{
    if (!arrives(twi, task))
        return;
    twi->state.wanted = direction;
    twi->state.unread = false;
    twi->state.suspended = false; /* a repeated start goes on by itself */
    go_on(twi);
}

static void startrx(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    start(owner, TASKS_STARTRX, WANTS_READ);
}

static void starttx(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    start(owner, TASKS_STARTTX, WANTS_WRITE);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct twi *twi = owner;

    (void)index, (void)value;
    if (!arrives(twi, TASKS_STOP))
        return;
    twi->state.stopping = true;
    go_on(twi);
}

static void suspend(void *owner, unsigned index, uint32_t value)
{
    struct twi *twi = owner;

    (void)index, (void)value;
    if (!arrives(twi, TASKS_SUSPEND) || twi->state.suspended)
        return;
    twi->state.suspending = true;
    go_on(twi);
}

static void resume(void *owner, unsigned index, uint32_t value)
{
    struct twi *twi = owner;

    (void)index, (void)value;
    if (!arrives(twi, TASKS_RESUME))
        return;
    twi->state.suspended = false;
    twi->state.suspending = false;
    go_on(twi);
}

static void txd_written(void *owner, unsigned index, uint32_t value)
{
    struct twi *twi = owner;

    (void)index;
    if (!arrives(twi, TXD))
        return;
    twi->state.held = true;
    twi->state.byte = (uint8_t)value;
    go_on(twi);
}

static uint32_t rxd_read(void *owner, unsigned index)
{
    struct twi *twi = owner;

    (void)index;
    twi->state.unread = false;
    go_on(twi);
    return regfile_get(&twi->regs, RXD);
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void go_idle(struct twi *twi)
{
    scheduler_cancel(twi->regs.fabric->scheduler, EVENT_TWI_LEGACY_STEP, (uint16_t)twi->number);
    memset(&twi->state, 0, sizeof twi->state);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct twi *twi = owner;

    (void)index, (void)value;
    if (!regfile_enabled(&twi->regs))
        go_idle(twi);
}

static const struct reg_hook twi_hooks[] = {
    {TASKS_STARTRX, startrx, NULL}, {TASKS_STARTTX, starttx, NULL}, {TASKS_STOP, stop, NULL},
    {TASKS_SUSPEND, suspend, NULL}, {TASKS_RESUME, resume, NULL},   {TXD, txd_written, NULL},
    {RXD, NULL, rxd_read},          {ENABLE, enable_written, NULL}, {0, NULL, NULL},
};

static const struct reg_short twi_shorts[] = {
    {SHORTS_BB_SUSPEND_LSB, EVENTS_BB, TASKS_SUSPEND},
    {SHORTS_BB_STOP_LSB, EVENTS_BB, TASKS_STOP},
};

#define TWI_SPEC(n, place)                                                                         \
    {                                                                                              \
        .name = "TWI" #n, .instance = (n), .base = BASE_##place, .size = REGFILE_SIZE,             \
        .irq = LINE_##place, .regs = twi_regs, .reg_count = ARRAY_LENGTH(twi_regs),                \
        .fields = twi_fields, .field_count = ARRAY_LENGTH(twi_fields), .hooks = twi_hooks,         \
        .shorts = twi_shorts, .short_count = ARRAY_LENGTH(twi_shorts), .enable = ENABLE,           \
        .personality = ENABLED                                                                     \
    }

const struct block_spec twi_spec[TWI_COUNT] = {TWI_SPEC(0, SPI0_TWI0), TWI_SPEC(1, SPI1_TWI1)};

void twi_init(struct twi *twi, struct fabric *fabric, const struct block_spec *spec)
{
    *twi = (struct twi){.number = spec->instance,
                        .bus = fabric->board ? &fabric->board->twi[spec->instance] : NULL};
    regfile_init(&twi->regs, spec, fabric, twi);
    state_register(fabric->state, "TWI", &twi->state, sizeof twi->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_TWI_LEGACY_STEP, twi->number, step_is_over,
                              twi);
}

void twi_reset(struct twi *twi, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&twi->regs);
    go_idle(twi);
}
