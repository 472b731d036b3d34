/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TWIM: I2C compatible master with EasyDMA (PS v1.7, 6.31).
 *
 * Deviations:
 *   1. Bytes, not bits: a start condition with address, a byte with its acknowledge and a stop
 *      condition each take their bits' time and happen at its end. Slaves do not stretch the clock.
 *   2. The first byte to send is fetched when the address has been acknowledged, each other one
 *      when the one before has been; the bus waits for EasyDMA. OVERRUN does not happen.
 *   3. With an empty buffer the slave is addressed, and then the bus waits for STOP: there is no
 *      last byte, so no LASTTX and no LASTRX. Drivers report that such a transfer never ends.
 *   4. After ERROR the bus waits for STOP or another start. A start while suspended waits for
 *      RESUME, as drivers found out.
 *   5. STOP of an idle master raises STOPPED after a bit's time. While suspended it waits for
 * RESUME.
 *   6. A start whose buffer is still under way is reported and has no effect.
 */
#include "sim/periph/twim.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/twim.def"
};

static const struct reg_desc twim_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/twim.def"
};

static const struct field_desc twim_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/twim.def"
};
/* clang-format on */

enum { ENABLED = 6, FREQUENCY_RESET = 0x04000000 };
enum { INDEX_TX, INDEX_RX };
enum { BITS_START_AND_ADDRESS = 10, BITS_BYTE = 9, BITS_STOP = 1 };

enum twim_step { STEP_NONE, STEP_ADDRESS, STEP_BYTE, STEP_STOP };

static struct easydma *dma_of(const struct twim *twim)
{
    return twim->regs.fabric->easydma;
}

static unsigned channel_of(const struct twim *twim, bool reads)
{
    return reads ? twim->rx : twim->tx;
}

/* A task that has no effect while the block is disabled. */
static bool arrives(struct twim *twim, uint32_t task)
{
    if (regfile_enabled(&twim->regs))
        return true;
    regfile_misuse(&twim->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static bool is_connected(const struct twim *twim)
{
    return twim->bus && !(regfile_get(&twim->regs, PSEL_SCL) & bit32(31)) &&
           !(regfile_get(&twim->regs, PSEL_SDA) & bit32(31));
}

/* ---- The bus, step by step ------------------------------------------------------------------- */

static void begin_step(struct twim *twim, enum twim_step step, unsigned bits)
{
    uint32_t frequency = regfile_get(&twim->regs, FREQUENCY);

    /* The register counts in 2^-32 of 16 MHz: 2^34 / frequency cycles a bit. */
    twim->state.step = (uint8_t)step;
    scheduler_add(twim->regs.fabric->scheduler, EVENT_TWI_STEP, (uint16_t)twim->number,
                  bits * ((uint64_t)1 << 34) / (frequency ? frequency : FREQUENCY_RESET), 0);
}

static void begin_address(struct twim *twim)
{
    struct twim_state *state = &twim->state;

    state->reads = !(state->wanted & 1); /* a write that waits comes first */
    state->wanted &= (uint8_t) ~(state->reads ? 2u : 1u);
    state->size = easydma_size(dma_of(twim), channel_of(twim, state->reads));
    state->begun = 0;
    state->in_data = false;
    begin_step(twim, STEP_ADDRESS, BITS_START_AND_ADDRESS);
}

static void begin_byte(struct twim *twim)
{
    struct twim_state *state = &twim->state;

    state->held = false;
    state->begun++;
    begin_step(twim, STEP_BYTE, BITS_BYTE);
    if (state->begun == state->size)
        regfile_raise(&twim->regs, state->reads ? EVENTS_LASTRX : EVENTS_LASTTX);
}

/* Bytes are left, and the next one can go on the wire. */
static bool has_byte(const struct twim *twim)
{
    const struct twim_state *state = &twim->state;

    return state->in_data && state->begun < state->size &&
           (state->reads ? !state->arrived : state->held);
}

static void pause(struct twim *twim)
{
    twim->state.suspending = false;
    twim->state.suspended = true;
    regfile_raise(&twim->regs, EVENTS_SUSPENDED);
}

/* The bus is between two steps: what comes next? A received byte goes to RAM first. */
static void go_on(struct twim *twim)
{
    const struct twim_state *state = &twim->state;

    if (state->step != STEP_NONE || state->suspended || state->arrived)
        return;
    if (state->suspending)
        pause(twim);
    else if (state->stopping)
        begin_step(twim, STEP_STOP, BITS_STOP);
    else if (has_byte(twim))
        begin_byte(twim);
    else if (state->wanted && !(state->in_data && state->begun < state->size))
        begin_address(twim);
}

static void fail(struct twim *twim, unsigned error_lsb)
{
    twim->state.in_data = false;
    regfile_set(&twim->regs, ERRORSRC, regfile_get(&twim->regs, ERRORSRC) | bit32(error_lsb));
    regfile_raise(&twim->regs, EVENTS_ERROR);
}

static void finish_address(struct twim *twim)
{
    struct twim_state *state = &twim->state;
    uint8_t address = (uint8_t)regfile_get(&twim->regs, ADDRESS);

    if (!is_connected(twim) || !twi_bus_address(twim->bus, address, state->reads)) {
        fail(twim, ERRORSRC_ANACK_LSB);
        return;
    }
    state->in_data = true;
    if (!state->reads && state->size)
        easydma_request(dma_of(twim), twim->tx, 1);
}

static void end_channel(struct twim *twim, unsigned channel)
{
    if (easydma_running(dma_of(twim), channel))
        easydma_end(dma_of(twim), channel);
}

static void finish_byte(struct twim *twim)
{
    struct twim_state *state = &twim->state;

    if (state->reads) {
        state->byte = twi_bus_read(twim->bus);
        state->arrived = true;
        easydma_request(dma_of(twim), twim->rx, 1);
        return;
    }
    if (!twi_bus_write(twim->bus, state->byte))
        fail(twim, ERRORSRC_DNACK_LSB);
    else if (state->begun == state->size)
        end_channel(twim, twim->tx);
    else if (!state->stopping)
        easydma_request(dma_of(twim), twim->tx, 1);
}

static void finish_stop(struct twim *twim)
{
    if (twim->bus)
        twi_bus_stop(twim->bus);
    twim->state = (struct twim_state){.wanted = 0};
    end_channel(twim, twim->tx);
    end_channel(twim, twim->rx);
    regfile_raise(&twim->regs, EVENTS_STOPPED);
}

static void step_is_over(void *owner, const struct event *event)
{
    struct twim *twim = owner;
    enum twim_step step = twim->state.step;

    (void)event;
    twim->state.step = STEP_NONE;
    if (step == STEP_ADDRESS)
        finish_address(twim);
    else if (step == STEP_BYTE)
        finish_byte(twim);
    else
        finish_stop(twim);
    go_on(twim);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void start(struct twim *twim, bool reads, uint32_t task)
{
    unsigned channel = channel_of(twim, reads);

    if (!arrives(twim, task))
        return;
    if (easydma_running(dma_of(twim), channel)) {
        regfile_misuse(&twim->regs, MISUSE_DMA_BUSY, task, 1); /* deviation 6 */
        return;
    }
    easydma_start(dma_of(twim), channel, twim->regs.fabric->trigger);
}

static void startrx(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    start(owner, true, TASKS_STARTRX);
}

static void starttx(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    start(owner, false, TASKS_STARTTX);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct twim *twim = owner;

    (void)index, (void)value;
    if (!arrives(twim, TASKS_STOP))
        return;
    twim->state.stopping = true;
    go_on(twim);
}

static void suspend(void *owner, unsigned index, uint32_t value)
{
    struct twim *twim = owner;

    (void)index, (void)value;
    if (!arrives(twim, TASKS_SUSPEND) || twim->state.suspended)
        return;
    twim->state.suspending = true;
    go_on(twim);
}

static void resume(void *owner, unsigned index, uint32_t value)
{
    struct twim *twim = owner;

    (void)index, (void)value;
    if (!arrives(twim, TASKS_RESUME))
        return;
    twim->state.suspended = false;
    twim->state.suspending = false;
    go_on(twim);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct twim *twim = owner;

    twim->state.wanted |= index == INDEX_TX ? 1u : 2u;
    regfile_raise(&twim->regs, index == INDEX_TX ? EVENTS_TXSTARTED : EVENTS_RXSTARTED);
    go_on(twim);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct twim *twim = owner;

    (void)index, (void)offset, (void)size; /* one byte each time, as asked for */
    twim->state.byte = bytes[0];
    twim->state.held = true;
    go_on(twim);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct twim *twim = owner;

    (void)index, (void)offset, (void)size;
    bytes[0] = twim->state.byte;
    twim->state.byte = 0;
    twim->state.arrived = false;
    if (twim->state.begun < twim->state.size) /* the last one is over when it is in RAM */
        go_on(twim);
}

static void drained(void *owner, unsigned index)
{
    struct twim *twim = owner;

    /* An empty buffer is not over before the slave was addressed: STOP ends it. */
    if (index == INDEX_RX && twim->state.size && twim->state.begun == twim->state.size &&
        twim->state.reads)
        end_channel(twim, twim->rx);
    go_on(twim);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    (void)owner, (void)index, (void)amount; /* STOPPED and SUSPENDED tell */
}

/* ---- ENABLE ---------------------------------------------------------------------------------- */

static void go_idle(struct twim *twim)
{
    scheduler_cancel(twim->regs.fabric->scheduler, EVENT_TWI_STEP, (uint16_t)twim->number);
    memset(&twim->state, 0, sizeof twim->state);
}

static void drop(struct twim *twim, unsigned channel)
{
    if (easydma_running(dma_of(twim), channel))
        regfile_misuse(&twim->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(dma_of(twim), channel);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct twim *twim = owner;

    (void)index, (void)value;
    if (regfile_enabled(&twim->regs))
        return;
    drop(twim, twim->tx);
    drop(twim, twim->rx);
    go_idle(twim);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook twim_hooks[] = {
    {TASKS_STARTRX, startrx, NULL},
    {TASKS_STARTTX, starttx, NULL},
    {TASKS_STOP, stop, NULL},
    {TASKS_SUSPEND, suspend, NULL},
    {TASKS_RESUME, resume, NULL},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

static const struct reg_short twim_shorts[] = {
    {SHORTS_LASTTX_STARTRX_LSB, EVENTS_LASTTX, TASKS_STARTRX},
    {SHORTS_LASTTX_SUSPEND_LSB, EVENTS_LASTTX, TASKS_SUSPEND},
    {SHORTS_LASTTX_STOP_LSB, EVENTS_LASTTX, TASKS_STOP},
    {SHORTS_LASTRX_STARTTX_LSB, EVENTS_LASTRX, TASKS_STARTTX},
    {SHORTS_LASTRX_SUSPEND_LSB, EVENTS_LASTRX, TASKS_SUSPEND},
    {SHORTS_LASTRX_STOP_LSB, EVENTS_LASTRX, TASKS_STOP},
};

#define TWIM_SPEC(n, place)                                                                        \
    {                                                                                              \
        .name = "TWIM" #n, .instance = (n), .base = BASE_##place, .size = REGFILE_SIZE,            \
        .irq = LINE_##place, .regs = twim_regs, .reg_count = ARRAY_LENGTH(twim_regs),              \
        .fields = twim_fields, .field_count = ARRAY_LENGTH(twim_fields), .hooks = twim_hooks,      \
        .shorts = twim_shorts, .short_count = ARRAY_LENGTH(twim_shorts), .enable = ENABLE,         \
        .personality = ENABLED                                                                     \
    }

const struct block_spec twim_spec[TWIM_COUNT] = {TWIM_SPEC(0, SPI0_TWI0), TWIM_SPEC(1, SPI1_TWI1)};

static const struct easydma_ops dma_ops = {
    .started = started, .receive = receive, .supply = supply, .drained = drained, .ended = ended};

static void add_channels(struct twim *twim, struct easydma *dma, const char *name)
{
    const struct easydma_channel tx = {.name = {name, "TXD", "TASKS_STARTTX", 0xffff, DMA_OFF_CHIP},
                                       .direction = DMA_READS_RAM,
                                       .index = INDEX_TX,
                                       .ptr = TXD_PTR,
                                       .maxcnt = TXD_MAXCNT,
                                       .amount = TXD_AMOUNT,
                                       .list = TXD_LIST,
                                       .end_event = EVENTS_STOPPED,
                                       .started_event = EVENTS_TXSTARTED,
                                       .tells = {EVENTS_SUSPENDED},
                                       .count_mask = 0xffff,
                                       .unit = 1,
                                       .paced = true};
    const struct easydma_channel rx = {.name = {name, "RXD", "TASKS_STARTRX", 0xffff, DMA_ON_CHIP},
                                       .direction = DMA_WRITES_RAM,
                                       .index = INDEX_RX,
                                       .ptr = RXD_PTR,
                                       .maxcnt = RXD_MAXCNT,
                                       .amount = RXD_AMOUNT,
                                       .list = RXD_LIST,
                                       .end_event = EVENTS_STOPPED,
                                       .started_event = EVENTS_RXSTARTED,
                                       .tells = {EVENTS_SUSPENDED},
                                       .count_mask = 0xffff,
                                       .unit = 1,
                                       .paced = true};

    twim->tx = easydma_add(dma, &twim->regs, tx, &dma_ops, twim);
    twim->rx = easydma_add(dma, &twim->regs, rx, &dma_ops, twim);
}

void twim_init(struct twim *twim, struct fabric *fabric, const struct block_spec *spec)
{
    *twim = (struct twim){.number = spec->instance};
    regfile_init(&twim->regs, spec, fabric, twim);
    state_register(fabric->state, "TWIM", &twim->state, sizeof twim->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_TWI_STEP, twim->number, step_is_over, twim);
    twim->bus = fabric->board ? &fabric->board->twi[twim->number] : NULL;
    add_channels(twim, fabric->easydma, spec->name);
}

void twim_reset(struct twim *twim, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&twim->regs);
    go_idle(twim);
}
