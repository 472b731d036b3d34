/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QDEC: quadrature decoder (PS v1.7, 6.18).
 *
 * Deviations:
 *   1. The LED is not driven, and the debounce filters do nothing: LEDPOL, LEDPRE, PSEL.LED and
 *      DBFEN are stored only.
 *   2. The first sample is compared with the level of the pins at START.
 *   3. A phase without a pin is low.
 */
#include "sim/periph/qdec.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/qdec.def"
};

static const struct reg_desc qdec_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/qdec.def"
};

static const struct field_desc qdec_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/qdec.def"
};
/* clang-format on */

enum {
    PERIOD_MAX = 10,
    REPORT_EACH = 8,
    DOUBLE = 2,
    ACC_MIN = -1024,
    ACC_MAX = 1023,
    DBL_MAX = 15
};
#define SHORTEST_PERIOD (128 * CYCLES_PER_US)

/* By the phases AB before (row) and now: the movement (PS v1.7, 6.18.1, table 1). */
static const int32_t movement[4][4] = {
    {0, 1, -1, DOUBLE}, {-1, 0, DOUBLE, 1}, {1, DOUBLE, 0, -1}, {DOUBLE, -1, 1, 0}};

static bool level(const struct qdec *qdec, uint32_t select)
{
    uint32_t psel = regfile_get(&qdec->regs, select);
    uint32_t pin = psel & mask32(PSEL_A_PIN_WIDTH + PSEL_A_PORT_WIDTH);

    return !(psel >> PSEL_A_CONNECT_LSB) && pin < PIN_LINES &&
           wire_get(qdec->fabric->wires, (enum wire_id)(WIRE_PIN + pin));
}

static uint32_t phases(const struct qdec *qdec)
{
    return (uint32_t)level(qdec, PSEL_A) << 1 | level(qdec, PSEL_B);
}

static sim_time period(const struct qdec *qdec)
{
    uint32_t n = regfile_get(&qdec->regs, SAMPLEPER);

    return SHORTEST_PERIOD << (n < PERIOD_MAX ? n : PERIOD_MAX);
}

static uint32_t samples_a_report(const struct qdec *qdec)
{
    uint32_t n = regfile_get(&qdec->regs, REPORTPER);

    if (n >= REPORT_EACH)
        return 1;
    return n ? 40 * n : 10;
}

/* ---- Samples and reports --------------------------------------------------------------------- */

static void add_double(struct qdec *qdec)
{
    uint32_t count = regfile_get(&qdec->regs, ACCDBL);

    if (count == DBL_MAX)
        regfile_raise(&qdec->regs, EVENTS_ACCOF);
    else
        regfile_set(&qdec->regs, ACCDBL, count + 1);
}

/* A movement that does not fit is lost. */
static void add_movement(struct qdec *qdec, int32_t move)
{
    int32_t sum = (int32_t)regfile_get(&qdec->regs, ACC) + move;

    if (sum < ACC_MIN || sum > ACC_MAX)
        regfile_raise(&qdec->regs, EVENTS_ACCOF);
    else
        regfile_set(&qdec->regs, ACC, (uint32_t)sum);
}

static void report(struct qdec *qdec)
{
    qdec->state.samples = 0;
    if (regfile_get(&qdec->regs, ACC))
        regfile_raise(&qdec->regs, EVENTS_REPORTRDY);
    if (regfile_get(&qdec->regs, ACCDBL))
        regfile_raise(&qdec->regs, EVENTS_DBLRDY);
}

static void sample_is_due(void *owner, const struct event *event)
{
    struct qdec *qdec = owner;
    uint32_t now = phases(qdec);
    int32_t move = movement[qdec->state.phases][now];

    (void)event;
    scheduler_add(qdec->fabric->scheduler, EVENT_QDEC_SAMPLE, 0, period(qdec), 0);
    qdec->state.phases = now;
    qdec->state.samples++;
    regfile_set(&qdec->regs, SAMPLE, (uint32_t)move);
    if (move == DOUBLE)
        add_double(qdec);
    else
        add_movement(qdec, move);
    regfile_raise(&qdec->regs, EVENTS_SAMPLERDY);
    if (qdec->state.samples >= samples_a_report(qdec))
        report(qdec);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void start(void *owner, unsigned index, uint32_t value)
{
    struct qdec *qdec = owner;

    (void)index;
    if (!regfile_get(&qdec->regs, ENABLE)) {
        regfile_misuse(&qdec->regs, MISUSE_DISABLED, TASKS_START, value);
        return;
    }
    if (scheduler_when(qdec->fabric->scheduler, EVENT_QDEC_SAMPLE, 0) != SIM_TIME_NEVER)
        return;
    qdec->state.phases = phases(qdec);
    qdec->state.samples = 0;
    scheduler_add(qdec->fabric->scheduler, EVENT_QDEC_SAMPLE, 0, period(qdec), 0);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct qdec *qdec = owner;

    (void)index, (void)value;
    scheduler_cancel(qdec->fabric->scheduler, EVENT_QDEC_SAMPLE, 0);
    regfile_raise(&qdec->regs, EVENTS_STOPPED);
}

static void move_to(struct qdec *qdec, uint32_t from, uint32_t to)
{
    regfile_set(&qdec->regs, to, regfile_get(&qdec->regs, from));
    regfile_set(&qdec->regs, from, 0);
}

static void read_sum(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    move_to(owner, ACC, ACCREAD);
}

static void read_doubles(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    move_to(owner, ACCDBL, ACCDBLREAD);
}

static void read_both(void *owner, unsigned index, uint32_t value)
{
    read_sum(owner, index, value);
    read_doubles(owner, index, value);
}

/* ---- The block ------------------------------------------------------------------------------- */

static const struct reg_hook qdec_hooks[] = {
    {TASKS_START, start, NULL},           {TASKS_STOP, stop, NULL},
    {TASKS_READCLRACC, read_both, NULL},  {TASKS_RDCLRACC, read_sum, NULL},
    {TASKS_RDCLRDBL, read_doubles, NULL}, {0, NULL, NULL},
};

static const struct reg_short qdec_shorts[] = {
    {SHORTS_REPORTRDY_READCLRACC_LSB, EVENTS_REPORTRDY, TASKS_READCLRACC},
    {SHORTS_SAMPLERDY_STOP_LSB, EVENTS_SAMPLERDY, TASKS_STOP},
    {SHORTS_REPORTRDY_RDCLRACC_LSB, EVENTS_REPORTRDY, TASKS_RDCLRACC},
    {SHORTS_REPORTRDY_STOP_LSB, EVENTS_REPORTRDY, TASKS_STOP},
    {SHORTS_DBLRDY_RDCLRDBL_LSB, EVENTS_DBLRDY, TASKS_RDCLRDBL},
    {SHORTS_DBLRDY_STOP_LSB, EVENTS_DBLRDY, TASKS_STOP},
    {SHORTS_SAMPLERDY_READCLRACC_LSB, EVENTS_SAMPLERDY, TASKS_READCLRACC},
};

const struct block_spec qdec_spec = {
    .name = "QDEC",
    .base = BASE_QDEC,
    .size = REGFILE_SIZE,
    .irq = LINE_QDEC,
    .regs = qdec_regs,
    .reg_count = ARRAY_LENGTH(qdec_regs),
    .fields = qdec_fields,
    .field_count = ARRAY_LENGTH(qdec_fields),
    .hooks = qdec_hooks,
    .shorts = qdec_shorts,
    .short_count = ARRAY_LENGTH(qdec_shorts),
};

void qdec_init(struct qdec *qdec, struct fabric *fabric, const struct block_spec *spec)
{
    *qdec = (struct qdec){.fabric = fabric};
    regfile_init(&qdec->regs, spec, fabric, qdec);
    state_register(fabric->state, "QDEC phases", &qdec->state, sizeof qdec->state);
    scheduler_handle(fabric->scheduler, EVENT_QDEC_SAMPLE, sample_is_due, qdec);
}

void qdec_reset(struct qdec *qdec, enum reset_kind reason)
{
    (void)reason;
    scheduler_cancel(qdec->fabric->scheduler, EVENT_QDEC_SAMPLE, 0);
    regfile_reset(&qdec->regs);
    memset(&qdec->state, 0, sizeof qdec->state);
}
