/* SPDX-License-Identifier: Apache-2.0 */
/* TWIS: the bus, step by step, between a master outside and EasyDMA (PS v1.7, 6.33). */
#include "sim/base/bits.h"
#include "sim/base/fifo.h"
#include "sim/board/board.h"
#include "sim/periph/twis_parts.h"

#include <string.h>

enum { INDEX_TX = 0, INDEX_RX = 1, ADDRESSES = 2 };
enum { BIT_TIME = 640, BITS_ADDRESS = 10, BITS_BYTE = 9, BITS_STOP = 1 }; /* 100 kbit/s */

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

static void begin(struct twis *twis, enum twis_phase phase, sim_time delay)
{
    twis->state.phase = (uint8_t)phase;
    scheduler_add(twis->regs.fabric->scheduler, EVENT_TWIS_STEP, (uint16_t)twis->number, delay, 0);
}

void twis_begin_stop(struct twis *twis)
{
    begin(twis, PHASE_STOP, BITS_STOP * BIT_TIME);
}

void twis_await_master(struct twis *twis)
{
    sim_time now = twis->regs.fabric->scheduler->state.now;

    twis->state.phase = PHASE_IDLE;
    while (part(twis) && (part(twis)->when < now || !part(twis)->begins))
        twis->state.next++;
    if (part(twis))
        begin(twis, PHASE_IDLE, part(twis)->when - now);
}

void twis_skip_transaction(struct twis *twis)
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
           easydma_captured(twis_dma(twis), channel_of(twis));
}

/* Bytes of the part are left that have a place in the buffer. */
static bool has_place(const struct twis *twis)
{
    return twis->state.done < easydma_size(twis_dma(twis), channel_of(twis));
}

/* SCL is held: can it be let go? */
void twis_go_on(struct twis *twis)
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
    twis_go_on(twis);
}

static void begin_data(struct twis *twis)
{
    bool read = part(twis)->read;

    regfile_raise(&twis->regs, read ? EVENTS_TXSTARTED : EVENTS_RXSTARTED);
    if (read)
        easydma_request(twis_dma(twis), twis->tx, 1);
}

static void finish_address(struct twis *twis)
{
    if (!answers_to(twis, part(twis)->address)) {
        twis_skip_transaction(twis);
        twis_await_master(twis);
        return;
    }
    twis->state.phase = PHASE_STRETCH;
    regfile_raise(&twis->regs, part(twis)->read ? EVENTS_READ : EVENTS_WRITE);
    if (is_prepared(twis))
        begin_data(twis);
    twis_go_on(twis);
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
            easydma_request(twis_dma(twis), twis->tx, 1);
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
    easydma_request(twis_dma(twis), twis->rx, 1);
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
void twis_take_back(struct twis *twis)
{
    struct twis_state *state = &twis->state;

    state->prepared = 0;
    state->held = false;
    state->waiting = 0;
    memset(state->fifo, 0, sizeof state->fifo);
    if (easydma_running(twis_dma(twis), twis->tx))
        easydma_end(twis_dma(twis), twis->tx);
    if (easydma_running(twis_dma(twis), twis->rx))
        easydma_end(twis_dma(twis), twis->rx);
}

static void end_used(struct twis *twis)
{
    unsigned channel = channel_of(twis);

    twis->state.prepared &= (uint8_t) ~(part(twis)->read ? PREPARED_TX : PREPARED_RX);
    twis->state.held = false;
    if (easydma_running(twis_dma(twis), channel))
        easydma_end(twis_dma(twis), channel);
}

/* Behind the last byte: a repeated start, or a stop condition. */
static void finish_part(struct twis *twis)
{
    bool cut_short = twis->state.done < part(twis)->size;

    if (easydma_outstanding(twis_dma(twis), twis->rx)) {
        begin(twis, PHASE_FINISH, 1);
        return;
    }
    end_used(twis);
    if (cut_short)
        twis_skip_transaction(twis);
    else
        twis->state.next++;
    if (part(twis) && !part(twis)->begins)
        begin_part(twis);
    else
        twis_begin_stop(twis);
}

static void finish_stop(struct twis *twis)
{
    twis_take_back(twis);
    regfile_raise(&twis->regs, EVENTS_STOPPED);
    twis_await_master(twis);
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

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct twis *twis = owner;
    bool waits = twis->state.phase == PHASE_STRETCH && !twis->state.done &&
                 part(twis)->read == (index == INDEX_TX);

    if (waits)
        begin_data(twis);
    if (waits)
        twis_go_on(twis);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct twis *twis = owner;

    (void)index, (void)offset, (void)size; /* one byte each time, as asked for */
    twis->state.byte = bytes[0];
    twis->state.held = true;
    twis_go_on(twis);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct twis *twis = owner;
    struct twis_state *state = &twis->state;

    (void)index, (void)offset;
    fifo_take(bytes, state->fifo, TWIS_FIFO, &state->waiting, size);
    twis_go_on(twis);
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

/* ---- Wiring ---------------------------------------------------------------------------------- */

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

void twis_bus_init(struct twis *twis)
{
    struct fabric *fabric = twis->regs.fabric;

    scheduler_handle_instance(fabric->scheduler, EVENT_TWIS_STEP, twis->number, step, twis);
    add_channels(twis, fabric->easydma, twis->regs.spec->name);
}
