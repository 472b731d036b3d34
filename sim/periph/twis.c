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
#include "sim/periph/twis.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/twis.def"
};

static const struct reg_desc twis_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/twis.def"
};

static const struct field_desc twis_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/twis.def"
};
/* clang-format on */

enum { ENABLED = 9, INDEX_TX = 0, INDEX_RX = 1, ADDRESSES = 2, PREPARED_TX = 1, PREPARED_RX = 2 };
enum { BIT_TIME = 640, BITS_ADDRESS = 10, BITS_BYTE = 9, BITS_STOP = 1 }; /* 100 kbit/s */

/* What the bus is doing; at the end of it a step comes. */
enum twis_phase {
    PHASE_IDLE,    /* until the next transaction is due */
    PHASE_ADDRESS, /* a start condition and an address */
    PHASE_STRETCH, /* SCL is held: nothing is scheduled */
    PHASE_BYTE,    /* a byte and its acknowledge */
    PHASE_FINISH,  /* the last bytes go to RAM */
    PHASE_STOP,    /* a stop condition */
};

static struct easydma *dma_of(const struct twis *twis)
{
    return twis->regs.fabric->easydma;
}

static bool arrives(struct twis *twis, uint32_t task)
{
    if (regfile_enabled(&twis->regs))
        return true;
    regfile_misuse(&twis->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static const struct twi_master_part *part(const struct twis *twis)
{
    if (!twis->bus || twis->state.next >= twis->bus->master.count)
        return NULL;
    return &twis->bus->master.part[twis->state.next];
}

static unsigned channel_of(const struct twis *twis)
{
    return part(twis)->read ? twis->tx : twis->rx;
}

/* ---- The bus, step by step ------------------------------------------------------------------- */

static void begin(struct twis *twis, enum twis_phase phase, sim_time delay)
{
    twis->state.phase = (uint8_t)phase;
    scheduler_add(twis->regs.fabric->scheduler, EVENT_TWIS_STEP, (uint16_t)twis->number, delay, 0);
}

/* Waits for the next transaction that is not past. */
static void await_master(struct twis *twis)
{
    sim_time now = twis->regs.fabric->scheduler->state.now;

    twis->state.phase = PHASE_IDLE;
    while (part(twis) && (part(twis)->when < now || !part(twis)->begins))
        twis->state.next++;
    if (part(twis))
        begin(twis, PHASE_IDLE, part(twis)->when - now);
}

static void skip_transaction(struct twis *twis)
{
    do {
        twis->state.next++;
    } while (part(twis) && !part(twis)->begins);
}

static void begin_part(struct twis *twis)
{
    twis->state.done = 0;
    twis->state.overread = false;
    begin(twis, PHASE_ADDRESS, BITS_ADDRESS * BIT_TIME);
}

static bool answers_to(struct twis *twis, uint8_t address)
{
    if (!regfile_enabled(&twis->regs) || regfile_get(&twis->regs, PSEL_SCL) & bit32(31) ||
        regfile_get(&twis->regs, PSEL_SDA) & bit32(31))
        return false;
    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (regfile_get(&twis->regs, CONFIG) & bit32(i) &&
            regfile_get(&twis->regs, ADDRESS + 4 * i) == address) {
            regfile_set(&twis->regs, MATCH, i);
            return true;
        }
    }
    return false;
}

static bool is_prepared(const struct twis *twis)
{
    return twis->state.prepared & (part(twis)->read ? PREPARED_TX : PREPARED_RX) &&
           easydma_captured(dma_of(twis), channel_of(twis));
}

/* Bytes of the part are left that have a place in the buffer. */
static bool has_place(const struct twis *twis)
{
    return twis->state.done < easydma_size(dma_of(twis), channel_of(twis));
}

/* SCL is held: can it be let go? */
static void go_on(struct twis *twis)
{
    struct twis_state *state = &twis->state;

    if (state->phase != PHASE_STRETCH || state->suspended || !is_prepared(twis))
        return;
    if (part(twis)->read ? has_place(twis) && !state->held : state->waiting == TWIS_FIFO)
        return;
    if (state->done == part(twis)->size)
        begin(twis, PHASE_FINISH, 1);
    else
        begin(twis, PHASE_BYTE, BITS_BYTE * BIT_TIME);
}

static void stretch(struct twis *twis)
{
    twis->state.phase = PHASE_STRETCH;
    go_on(twis);
}

static void begin_data(struct twis *twis)
{
    bool read = part(twis)->read;

    regfile_raise(&twis->regs, read ? EVENTS_TXSTARTED : EVENTS_RXSTARTED);
    if (read)
        easydma_request(dma_of(twis), twis->tx, 1);
}

static void finish_address(struct twis *twis)
{
    if (!answers_to(twis, part(twis)->address)) {
        skip_transaction(twis);
        await_master(twis);
        return;
    }
    twis->state.phase = PHASE_STRETCH;
    regfile_raise(&twis->regs, part(twis)->read ? EVENTS_READ : EVENTS_WRITE);
    if (is_prepared(twis))
        begin_data(twis);
    go_on(twis);
}

static void fail(struct twis *twis, uint32_t bits)
{
    regfile_set(&twis->regs, ERRORSRC, regfile_get(&twis->regs, ERRORSRC) | bits);
    regfile_raise(&twis->regs, EVENTS_ERROR);
}

static uint8_t next_to_send(struct twis *twis)
{
    struct twis_state *state = &twis->state;

    if (state->held) {
        state->held = false;
        if (state->done + 1 < part(twis)->size)
            easydma_request(dma_of(twis), twis->tx, 1);
        return state->byte;
    }
    if (!state->overread) {
        state->overread = true;
        fail(twis, bit32(ERRORSRC_OVERREAD_LSB));
    }
    return (uint8_t)regfile_get(&twis->regs, ORC);
}

/* False: not acknowledged. */
static bool keep(struct twis *twis, uint8_t byte)
{
    struct twis_state *state = &twis->state;

    if (!has_place(twis)) {
        fail(twis, bit32(ERRORSRC_OVERFLOW_LSB) | bit32(ERRORSRC_DNACK_LSB));
        return false;
    }
    state->fifo[state->waiting++] = byte;
    easydma_request(dma_of(twis), twis->rx, 1);
    return true;
}

static void finish_byte(struct twis *twis)
{
    struct twis_state *state = &twis->state;
    bool acknowledged = true;

    if (part(twis)->read) {
        twi_bus_report(twis->bus, true, next_to_send(twis));
    } else {
        uint8_t byte = part(twis)->bytes[state->done];

        twi_bus_report(twis->bus, false, byte);
        acknowledged = keep(twis, byte);
    }
    state->done++;
    if (acknowledged && state->done < part(twis)->size)
        stretch(twis);
    else
        begin(twis, PHASE_FINISH, 1);
}

/* The buffers are the CPU's again. */
static void take_back(struct twis *twis)
{
    struct twis_state *state = &twis->state;

    state->prepared = 0;
    state->held = false;
    state->waiting = 0;
    memset(state->fifo, 0, sizeof state->fifo);
    if (easydma_running(dma_of(twis), twis->tx))
        easydma_end(dma_of(twis), twis->tx);
    if (easydma_running(dma_of(twis), twis->rx))
        easydma_end(dma_of(twis), twis->rx);
}

static void end_used(struct twis *twis)
{
    unsigned channel = channel_of(twis);

    twis->state.prepared &= (uint8_t) ~(part(twis)->read ? PREPARED_TX : PREPARED_RX);
    twis->state.held = false;
    if (easydma_running(dma_of(twis), channel))
        easydma_end(dma_of(twis), channel);
}

/* Behind the last byte: a repeated start, or a stop condition. */
static void finish_part(struct twis *twis)
{
    bool cut_short = twis->state.done < part(twis)->size;

    if (easydma_outstanding(dma_of(twis), twis->rx)) {
        begin(twis, PHASE_FINISH, 1);
        return;
    }
    end_used(twis);
    if (cut_short)
        skip_transaction(twis);
    else
        twis->state.next++;
    if (part(twis) && !part(twis)->begins)
        begin_part(twis);
    else
        begin(twis, PHASE_STOP, BITS_STOP * BIT_TIME);
}

static void finish_stop(struct twis *twis)
{
    take_back(twis);
    regfile_raise(&twis->regs, EVENTS_STOPPED);
    await_master(twis);
}

static void step(void *owner, const struct event *event)
{
    struct twis *twis = owner;

    (void)event;
    if (twis->state.phase == PHASE_IDLE)
        begin_part(twis);
    else if (twis->state.phase == PHASE_ADDRESS)
        finish_address(twis);
    else if (twis->state.phase == PHASE_BYTE)
        finish_byte(twis);
    else if (twis->state.phase == PHASE_FINISH)
        finish_part(twis);
    else
        finish_stop(twis);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void prepare(struct twis *twis, bool tx, uint32_t task)
{
    unsigned channel = tx ? twis->tx : twis->rx;

    if (!arrives(twis, task))
        return;
    if (easydma_running(dma_of(twis), channel))
        return; /* it is prepared already */
    twis->state.prepared |= tx ? PREPARED_TX : PREPARED_RX;
    easydma_start(dma_of(twis), channel, twis->regs.fabric->trigger);
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
    go_on(twis);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct twis *twis = owner;

    (void)index, (void)value;
    if (!arrives(twis, TASKS_STOP))
        return;
    twis->state.suspended = false;
    if (twis->state.phase == PHASE_IDLE) {
        take_back(twis);
        regfile_raise(&twis->regs, EVENTS_STOPPED);
        return;
    }
    scheduler_cancel(twis->regs.fabric->scheduler, EVENT_TWIS_STEP, (uint16_t)twis->number);
    skip_transaction(twis);
    begin(twis, PHASE_STOP, BITS_STOP * BIT_TIME);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct twis *twis = owner;
    bool waits = twis->state.phase == PHASE_STRETCH && !twis->state.done &&
                 part(twis)->read == (index == INDEX_TX);

    if (waits)
        begin_data(twis);
    if (waits)
        go_on(twis);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct twis *twis = owner;

    (void)index, (void)offset, (void)size; /* one byte each time, as asked for */
    twis->state.byte = bytes[0];
    twis->state.held = true;
    go_on(twis);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct twis *twis = owner;
    struct twis_state *state = &twis->state;

    (void)index, (void)offset;
    memcpy(bytes, state->fifo, size);
    memmove(state->fifo, state->fifo + size, TWIS_FIFO - size);
    memset(state->fifo + TWIS_FIFO - size, 0, size);
    state->waiting = (uint8_t)(state->waiting - size);
    go_on(twis);
}

/* The transfer ends with its part of the transaction. */
static void drained(void *owner, unsigned index)
{
    (void)owner, (void)index;
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    (void)owner, (void)index, (void)amount; /* STOPPED, READ and WRITE tell */
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void go_idle(struct twis *twis)
{
    uint32_t next = twis->state.next;

    scheduler_cancel(twis->regs.fabric->scheduler, EVENT_TWIS_STEP, (uint16_t)twis->number);
    memset(&twis->state, 0, sizeof twis->state);
    twis->state.next = next;
    await_master(twis);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct twis *twis = owner;

    (void)index, (void)value;
    if (regfile_enabled(&twis->regs))
        return;
    if (twis->state.phase >= PHASE_STRETCH)
        regfile_misuse(&twis->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(dma_of(twis), twis->tx);
    easydma_abort(dma_of(twis), twis->rx);
    if (twis->state.phase != PHASE_IDLE)
        skip_transaction(twis);
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

static const struct easydma_ops dma_ops = {
    .started = started, .receive = receive, .supply = supply, .drained = drained, .ended = ended};

static void add_channels(struct twis *twis, struct easydma *dma, const char *name)
{
    const struct easydma_channel tx = {
        .name = {name, "TXD", "TASKS_PREPARETX", 0xffff, DMA_OFF_CHIP},
        .direction = DMA_READS_RAM,
        .index = INDEX_TX,
        .ptr = TXD_PTR,
        .maxcnt = TXD_MAXCNT,
        .amount = TXD_AMOUNT,
        .list = TXD_LIST,
        .tells = {EVENTS_STOPPED, EVENTS_WRITE, EVENTS_READ},
        .count_mask = 0xffff,
        .unit = 1,
        .paced = true};
    const struct easydma_channel rx = {
        .name = {name, "RXD", "TASKS_PREPARERX", 0xffff, DMA_ON_CHIP},
        .direction = DMA_WRITES_RAM,
        .index = INDEX_RX,
        .ptr = RXD_PTR,
        .maxcnt = RXD_MAXCNT,
        .amount = RXD_AMOUNT,
        .list = RXD_LIST,
        .tells = {EVENTS_STOPPED, EVENTS_READ, EVENTS_WRITE},
        .count_mask = 0xffff,
        .unit = 1,
        .paced = true};

    twis->tx = easydma_add(dma, &twis->regs, tx, &dma_ops, twis);
    twis->rx = easydma_add(dma, &twis->regs, rx, &dma_ops, twis);
}

void twis_init(struct twis *twis, struct fabric *fabric, const struct block_spec *spec)
{
    *twis = (struct twis){.number = spec->instance,
                          .bus = fabric->board ? &fabric->board->twi[spec->instance] : NULL};
    regfile_init(&twis->regs, spec, fabric, twis);
    state_register(fabric->state, "TWIS", &twis->state, sizeof twis->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_TWIS_STEP, twis->number, step, twis);
    add_channels(twis, fabric->easydma, spec->name);
}

void twis_reset(struct twis *twis, enum reset_kind reason)
{
    regfile_reset(&twis->regs);
    if (reason == RESET_POWER_ON)
        twis->state = (struct twis_state){.next = 0};
    go_idle(twis);
}
