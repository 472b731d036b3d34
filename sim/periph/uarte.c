/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UARTE: UART with EasyDMA (PS v1.7, 6.34).
 *
 * Deviations:
 *   1. The next byte to send is fetched from RAM while the one before is on the wire; how far
 *      silicon reads ahead is not documented. STOPTX lets what was fetched go out.
 *   2. The receiver has a FIFO of 5 bytes, as the vendor's driver has it (nrfx_uarte.c,
 *      UARTE_HW_RX_FIFO_SIZE); the specification tells only that 4 more fit when RTS goes inactive
 *      or STOPRX comes.
 *   3. FLUSHRX with an empty FIFO leaves AMOUNT as it is, as drivers report of silicon. While the
 *      receiver is on it has no effect.
 *   4. STOPTX and STOPRX of what is off already raise TXSTOPPED at once, and RXTO after the four
 *      bytes' time it always takes.
 *   5. STARTTX or STARTRX while its transfer is under way is reported and has no effect.
 *   6. Writing PSEL, BAUDRATE or CONFIG while enabled takes effect at the next byte.
 */
#include "sim/periph/uarte.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/uarte.def"
};

static const struct reg_desc uarte_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/uarte.def"
};

static const struct field_desc uarte_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/uarte.def"
};
/* clang-format on */

enum { ENABLED = 8, FIFO_DEPTH = 5, BYTES_BEHIND_STOP = 4, ERROR_OVERRUN = 1 };
enum { INDEX_TX, INDEX_RX };

static struct easydma *dma_of(const struct uarte *uarte)
{
    return uarte->regs.fabric->easydma;
}

/* A task that has no effect while the block is disabled. */
static bool arrives(struct uarte *uarte, uint32_t task)
{
    if (regfile_enabled(&uarte->regs))
        return true;
    regfile_misuse(&uarte->regs, MISUSE_DISABLED, task, 1);
    return false;
}

/* Starts `channel`; one start more than it can take is reported. */
static bool start(struct uarte *uarte, unsigned channel, uint32_t task)
{
    if (!arrives(uarte, task))
        return false;
    if (easydma_running(dma_of(uarte), channel)) {
        regfile_misuse(&uarte->regs, MISUSE_DMA_BUSY, task, 1); /* deviation 5 */
        return false;
    }
    easydma_start(dma_of(uarte), channel, uarte->regs.fabric->trigger);
    return true;
}

/* ---- Transmitter ----------------------------------------------------------------------------- */

static void starttx(void *owner, unsigned index, uint32_t value)
{
    struct uarte *uarte = owner;

    (void)index, (void)value;
    if (start(uarte, uarte->tx, TASKS_STARTTX)) {
        uarte->state.drained = false;
        uarte->state.tx_stops = false;
        uarte->state.sent = 0;
        uarte->state.told = 0;
    }
}

static void tx_started(struct uarte *uarte)
{
    regfile_raise(&uarte->regs, EVENTS_TXSTARTED);
    if (easydma_running(dma_of(uarte), uarte->tx)) /* TXSTARTED may have stopped it, by PPI */
        easydma_request(dma_of(uarte), uarte->tx, 1);
}

static void put_on_wire(struct uarte *uarte, uint8_t byte)
{
    uart_wire_send(&uarte->wire, byte);
    if (!uarte->state.tx_stops)
        easydma_request(dma_of(uarte), uarte->tx, 1);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct uarte *uarte = owner;

    (void)index, (void)offset, (void)size; /* one byte each time, as asked for */
    if (!uarte->wire.state.sending) {
        put_on_wire(uarte, bytes[0]);
        return;
    }
    uarte->state.held = true;
    uarte->state.byte = bytes[0];
}

/* The transmitter has nothing left to do. */
static bool is_done(const struct uarte *uarte)
{
    return !uarte->wire.state.sending && !uarte->state.held &&
           (uarte->state.drained || uarte->state.tx_stops);
}

static void finish_tx(struct uarte *uarte)
{
    bool stops = uarte->state.tx_stops;

    uarte->state.tx_stops = false;
    if (easydma_running(dma_of(uarte), uarte->tx))
        easydma_end(dma_of(uarte), uarte->tx);
    if (stops)
        regfile_raise(&uarte->regs, EVENTS_TXSTOPPED);
}

static void byte_sent(void *owner)
{
    struct uarte *uarte = owner;

    uarte->state.sent++;
    if (!regfile_get(&uarte->regs, EVENTS_TXDRDY))
        uarte->state.told = uarte->state.sent;
    regfile_raise(&uarte->regs, EVENTS_TXDRDY);
    if (uarte->state.held) {
        uarte->state.held = false;
        put_on_wire(uarte, uarte->state.byte);
    } else if (is_done(uarte)) {
        finish_tx(uarte);
    }
}

/* A byte that was sent had been read from RAM. The event tells how many only to who cleared it. */
static uint32_t txdrdy_read(void *owner, unsigned index)
{
    struct uarte *uarte = owner;
    uint32_t set = regfile_get(&uarte->regs, EVENTS_TXDRDY);

    (void)index;
    if (set)
        easydma_known(dma_of(uarte), uarte->tx, uarte->state.told);
    return set;
}

static void stoptx(void *owner, unsigned index, uint32_t value)
{
    struct uarte *uarte = owner;

    (void)index, (void)value;
    if (!arrives(uarte, TASKS_STOPTX))
        return;
    uarte->state.tx_stops = true;
    if (is_done(uarte))
        finish_tx(uarte);
}

/* ---- Receiver -------------------------------------------------------------------------------- */

static void startrx(void *owner, unsigned index, uint32_t value)
{
    struct uarte *uarte = owner;

    (void)index, (void)value;
    if (!start(uarte, uarte->rx, TASKS_STARTRX))
        return;
    uarte->state.rx_stops = false; /* RXTO of a STOPRX before still comes */
    uart_wire_listen(&uarte->wire, true);
}

static void rx_started(struct uarte *uarte)
{
    if (!uarte->state.flushing)
        regfile_raise(&uarte->regs, EVENTS_RXSTARTED);
    if (uarte->wire.state.count && easydma_running(dma_of(uarte), uarte->rx))
        easydma_request(dma_of(uarte), uarte->rx, uarte->wire.state.count);
    else if (uarte->state.flushing)
        easydma_end(dma_of(uarte), uarte->rx);
}

static void byte_received(void *owner)
{
    struct uarte *uarte = owner;

    regfile_raise(&uarte->regs, EVENTS_RXDRDY);
    if (easydma_captured(dma_of(uarte), uarte->rx) && !uarte->state.flushing)
        easydma_request(dma_of(uarte), uarte->rx, 1);
}

static void overrun(void *owner)
{
    struct uarte *uarte = owner;

    regfile_set(&uarte->regs, ERRORSRC, regfile_get(&uarte->regs, ERRORSRC) | ERROR_OVERRUN);
    regfile_raise(&uarte->regs, EVENTS_ERROR);
}

static void forget_rxto(struct uarte *uarte)
{
    scheduler_cancel(uarte->regs.fabric->scheduler, EVENT_UARTE_RXTO, (uint16_t)uarte->number);
}

static void schedule_rxto(struct uarte *uarte, sim_time delay)
{
    forget_rxto(uarte);
    scheduler_add(uarte->regs.fabric->scheduler, EVENT_UARTE_RXTO, (uint16_t)uarte->number, delay,
                  0);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct uarte *uarte = owner;

    (void)index, (void)offset;
    for (uint32_t i = 0; i < size; i++)
        bytes[i] = uart_wire_take(&uarte->wire);
    if (uarte->state.flushing && !uarte->wire.state.count)
        schedule_rxto(uarte, 1); /* as soon as these are in RAM */
}

static void stoprx(void *owner, unsigned index, uint32_t value)
{
    struct uarte *uarte = owner;

    (void)index, (void)value;
    if (!arrives(uarte, TASKS_STOPRX))
        return;
    uarte->state.rx_stops = true;
    schedule_rxto(uarte, BYTES_BEHIND_STOP * uart_wire_byte_time(&uarte->wire));
}

/* False: bytes that came are still on their way to RAM. */
static bool turn_receiver_off(struct uarte *uarte)
{
    uart_wire_listen(&uarte->wire, false);
    if (easydma_outstanding(dma_of(uarte), uarte->rx))
        return false;
    uarte->state.rx_stops = false;
    if (easydma_running(dma_of(uarte), uarte->rx))
        easydma_end(dma_of(uarte), uarte->rx);
    return true;
}

/* Four bytes' time behind STOPRX: as soon as all that came is in RAM, ENDRX and then RXTO. And when
 * FLUSHRX has moved the last byte: ENDRX. */
static void receiver_times_out(void *owner, const struct event *event)
{
    struct uarte *uarte = owner;

    (void)event;
    if (uarte->state.flushing)
        easydma_end(dma_of(uarte), uarte->rx);
    else if (!uarte->state.rx_stops || turn_receiver_off(uarte))
        regfile_raise(&uarte->regs, EVENTS_RXTO);
    else
        schedule_rxto(uarte, 1);
}

static void flushrx(void *owner, unsigned index, uint32_t value)
{
    struct uarte *uarte = owner;

    (void)index, (void)value;
    if (!arrives(uarte, TASKS_FLUSHRX) || uarte->wire.state.listening ||
        easydma_running(dma_of(uarte), uarte->rx))
        return; /* deviation 3 */
    uarte->state.flushing = true;
    uarte->state.amount = (uint16_t)regfile_get(&uarte->regs, RXD_AMOUNT);
    easydma_start(dma_of(uarte), uarte->rx, uarte->regs.fabric->trigger);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    if (index == INDEX_TX)
        tx_started(owner);
    else
        rx_started(owner);
}

static void drained(void *owner, unsigned index)
{
    struct uarte *uarte = owner;

    if (index == INDEX_RX) {
        if (uarte->state.flushing)
            forget_rxto(uarte);
        easydma_end(dma_of(uarte), uarte->rx);
        return;
    }
    uarte->state.drained = true;
    if (is_done(uarte)) /* an empty buffer, or EasyDMA was slower than the wire */
        finish_tx(uarte);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct uarte *uarte = owner;

    if (index == INDEX_RX && uarte->state.flushing && !amount)
        regfile_set(&uarte->regs, RXD_AMOUNT, uarte->state.amount); /* deviation 3 */
    if (index == INDEX_RX)
        uarte->state.flushing = false;
    regfile_raise(&uarte->regs, index == INDEX_TX ? EVENTS_ENDTX : EVENTS_ENDRX);
}

/* ---- ENABLE ---------------------------------------------------------------------------------- */

static void drop(struct uarte *uarte, unsigned channel)
{
    if (easydma_running(dma_of(uarte), channel))
        regfile_misuse(&uarte->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(dma_of(uarte), channel);
}

static void go_idle(struct uarte *uarte)
{
    forget_rxto(uarte);
    uart_wire_reset(&uarte->wire);
    memset(&uarte->state, 0, sizeof uarte->state);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct uarte *uarte = owner;

    (void)index, (void)value;
    if (regfile_enabled(&uarte->regs))
        return;
    drop(uarte, uarte->tx);
    drop(uarte, uarte->rx);
    go_idle(uarte);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook uarte_hooks[] = {
    {TASKS_STARTRX, startrx, NULL}, {TASKS_STOPRX, stoprx, NULL},
    {TASKS_STARTTX, starttx, NULL}, {TASKS_STOPTX, stoptx, NULL},
    {TASKS_FLUSHRX, flushrx, NULL}, {EVENTS_TXDRDY, NULL, txdrdy_read},
    {ENABLE, enable_written, NULL}, {0, NULL, NULL},
};

static const struct reg_short uarte_shorts[] = {
    {SHORTS_ENDRX_STARTRX_LSB, EVENTS_ENDRX, TASKS_STARTRX},
    {SHORTS_ENDRX_STOPRX_LSB, EVENTS_ENDRX, TASKS_STOPRX},
};

#define UARTE_SPEC(n)                                                                              \
    {                                                                                              \
        .name = "UARTE" #n, .instance = (n), .base = BASE_UARTE##n, .size = REGFILE_SIZE,          \
        .irq = LINE_UARTE##n, .regs = uarte_regs, .reg_count = ARRAY_LENGTH(uarte_regs),           \
        .fields = uarte_fields, .field_count = ARRAY_LENGTH(uarte_fields), .hooks = uarte_hooks,   \
        .shorts = uarte_shorts, .short_count = ARRAY_LENGTH(uarte_shorts), .enable = ENABLE,       \
        .personality = ENABLED                                                                     \
    }

const struct block_spec uarte_spec[UARTE_COUNT] = {UARTE_SPEC(0), UARTE_SPEC(1)};

static const struct easydma_ops dma_ops = {
    .started = started, .receive = receive, .supply = supply, .drained = drained, .ended = ended};

static const struct uart_wire_ops wire_ops = {
    .sent = byte_sent, .received = byte_received, .overrun = overrun};

static void add_channels(struct uarte *uarte, struct easydma *dma, const char *name)
{
    const struct easydma_channel tx = {.name = {name, "TXD", "TASKS_STARTTX", 0xffff, DMA_OFF_CHIP},
                                       .direction = DMA_READS_RAM,
                                       .index = INDEX_TX,
                                       .ptr = TXD_PTR,
                                       .maxcnt = TXD_MAXCNT,
                                       .amount = TXD_AMOUNT,
                                       .end_event = EVENTS_ENDTX,
                                       .started_event = EVENTS_TXSTARTED,
                                       .tells = {EVENTS_TXSTOPPED},
                                       .count_mask = 0xffff,
                                       .unit = 1,
                                       .paced = true};
    const struct easydma_channel rx = {.name = {name, "RXD", "TASKS_STARTRX", 0xffff, DMA_ON_CHIP},
                                       .direction = DMA_WRITES_RAM,
                                       .index = INDEX_RX,
                                       .ptr = RXD_PTR,
                                       .maxcnt = RXD_MAXCNT,
                                       .amount = RXD_AMOUNT,
                                       .end_event = EVENTS_ENDRX,
                                       .started_event = EVENTS_RXSTARTED,
                                       .tells = {EVENTS_RXTO},
                                       .count_mask = 0xffff,
                                       .unit = 1,
                                       .paced = true};

    uarte->tx = easydma_add(dma, &uarte->regs, tx, &dma_ops, uarte);
    uarte->rx = easydma_add(dma, &uarte->regs, rx, &dma_ops, uarte);
}

void uarte_init(struct uarte *uarte, struct fabric *fabric, const struct block_spec *spec)
{
    *uarte = (struct uarte){.number = spec->instance,
                            .wire = {.regs = &uarte->regs,
                                     .ops = &wire_ops,
                                     .owner = uarte,
                                     .id = UART_WIRE_UARTE0 + spec->instance,
                                     .depth = FIFO_DEPTH}};
    regfile_init(&uarte->regs, spec, fabric, uarte);
    state_register(fabric->state, "UARTE", &uarte->state, sizeof uarte->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_UARTE_RXTO, uarte->number,
                              receiver_times_out, uarte);
    uart_wire_init(&uarte->wire, fabric, uarte->number);
    add_channels(uarte, fabric->easydma, spec->name);
}

void uarte_reset(struct uarte *uarte, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&uarte->regs);
    go_idle(uarte);
}
