/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPIM: SPI master with EasyDMA (PS v1.7, 6.25).
 *
 * Deviations:
 *   1. Bytes, not bits: a byte is on the wire for eight bits' time and is exchanged at its end.
 *      CPHA, CPOL and ORDER have no effect on what is received.
 *   2. The next byte to send is fetched from RAM while the one before is on the wire, and 4
 *      received bytes may wait for RAM; how far silicon goes is not documented. When EasyDMA is
 *      slower than the wire, the wire waits, on all instances; STALLSTAT is not set.
 *   3. STOP raises ENDTX and ENDRX if they are missing, as the manual says, and no END.
 *   4. START during an exchange is reported and has no effect. STOP of an idle master raises
 * STOPPED at once.
 *   5. SPIM3 drives CSN from START to END, CSNDUR before the first and behind the last byte, and
 * DCX from byte to byte. RXDELAY has no effect.
 *   6. An input that is not connected reads as zeros.
 */
#include "sim/periph/spim_parts.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/base/fifo.h"
#include "sim/board/board.h"
#include "sim/periph/gpio.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/spim.def"
};

static const struct reg_desc spim_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/spim.def"
};

static const struct field_desc spim_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/spim.def"
};
/* clang-format on */

enum { ENABLED = 7, INDEX_TX = 0, INDEX_RX = 1, WITH_CSN = 3, DCX_ALL = 15 };
enum { FREQUENCY_RESET = 0x04000000, FREQUENCY_M16 = 0x0a000000, FREQUENCY_M32 = 0x14000000 };

static struct easydma *dma_of(const struct spim *spim)
{
    return spim->regs.fabric->easydma;
}

/* A task that has no effect while the block is disabled. */
static bool arrives(struct spim *spim, uint32_t task)
{
    if (regfile_enabled(&spim->regs))
        return true;
    regfile_misuse(&spim->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static bool is_connected(const struct spim *spim, uint32_t psel)
{
    return !(regfile_get(&spim->regs, psel) & bit32(31));
}

/* Cycles of a byte: the register counts in 2^-28 of 1 MHz, but for its two largest values. */
static sim_time byte_time(const struct spim *spim)
{
    uint32_t frequency = regfile_get(&spim->regs, FREQUENCY);

    if (frequency == FREQUENCY_M16)
        return 8 * 4;
    if (frequency == FREQUENCY_M32)
        return 8 * 2;
    return 8 * ((uint64_t)1 << 34) / (frequency ? frequency : FREQUENCY_RESET);
}

/* The chip select of SPIM3; the others leave it to the firmware. */
static void drive_csn(struct spim *spim, bool active)
{
    uint32_t pin = regfile_get(&spim->regs, PSEL_CSN) & 0x3f;
    bool high = (regfile_get(&spim->regs, CSNPOL) & 1) == active;

    if (spim->number == WITH_CSN && is_connected(spim, PSEL_CSN) && spim->regs.fabric->gpio &&
        pin < GPIO_PINS)
        gpio_take(spim->regs.fabric->gpio, pin, high);
}

/* Low while a command byte is on the wire, high for data. */
static void drive_dcx(struct spim *spim)
{
    uint32_t pin = regfile_get(&spim->regs, PSELDCX) & 0x3f;
    uint32_t commands = regfile_get(&spim->regs, DCXCNT);
    bool data = commands != DCX_ALL && spim->state.begun > commands;

    if (spim->number == WITH_CSN && is_connected(spim, PSELDCX) && spim->regs.fabric->gpio &&
        pin < GPIO_PINS)
        gpio_take(spim->regs.fabric->gpio, pin, data);
}

/* Least cycles between an edge of CSN and one of SCK. */
static sim_time csn_duration(const struct spim *spim)
{
    bool drives = spim->number == WITH_CSN && is_connected(spim, PSEL_CSN);

    return drives ? regfile_get(&spim->regs, IFTIMING_CSNDUR) : 0;
}

/* ---- The wire -------------------------------------------------------------------------------- */

static bool may_begin_byte(const struct spim *spim)
{
    const struct spim_state *state = &spim->state;

    if (!state->active || state->captured < 2 || state->on_wire || state->suspended ||
        state->stops || state->begun == state->total)
        return false;
    if (state->begun < state->tx_size && !state->held) /* EasyDMA has not brought it yet */
        return false;
    return state->begun >= state->rx_size || state->waiting < SPIM_FIFO;
}

static void begin_byte(struct spim *spim)
{
    struct spim_state *state = &spim->state;

    if (!may_begin_byte(spim))
        return;
    state->byte = state->held ? state->fetched : (uint8_t)regfile_get(&spim->regs, ORC);
    state->held = false;
    state->on_wire = true;
    state->begun++;
    drive_dcx(spim);
    if (state->begun < state->tx_size)
        easydma_request(dma_of(spim), spim->tx, 1);
    scheduler_add(spim->regs.fabric->scheduler, EVENT_SPI_BYTE, (uint16_t)spim->number,
                  byte_time(spim) + (state->begun == 1 ? csn_duration(spim) : 0), 0);
}

static uint8_t exchange(struct spim *spim)
{
    uint8_t mosi = is_connected(spim, PSEL_MOSI) ? spim->state.byte : 0;
    uint8_t miso = 0xff;

    if (spim->device && is_connected(spim, PSEL_SCK))
        miso = spi_device_exchange(spim->device, mosi);
    return is_connected(spim, PSEL_MISO) ? miso : 0;
}

static void keep_received(struct spim *spim, uint8_t byte)
{
    if (spim->state.done > spim->state.rx_size)
        return;
    spim->state.fifo[spim->state.waiting++] = byte;
    easydma_request(dma_of(spim), spim->rx, 1);
}

/* ---- The end --------------------------------------------------------------------------------- */

static void become_idle(struct spim *spim)
{
    spim_collision_end(spim);
    memset(&spim->state, 0, sizeof spim->state);
    drive_csn(spim, false);
}

static void end_channel(struct spim *spim, unsigned channel)
{
    if (easydma_running(dma_of(spim), channel))
        easydma_end(dma_of(spim), channel);
}

static void finish_if_over(struct spim *spim)
{
    const struct spim_state *state = &spim->state;

    if (!state->active || state->captured < 2 || state->done < state->total ||
        easydma_running(dma_of(spim), spim->tx) || easydma_running(dma_of(spim), spim->rx))
        return;
    if (csn_duration(spim) && !state->closing) {
        spim->state.closing = true;
        scheduler_add(spim->regs.fabric->scheduler, EVENT_SPI_STOP, (uint16_t)spim->number,
                      csn_duration(spim), 0);
        return;
    }
    become_idle(spim);
    regfile_raise(&spim->regs, EVENTS_END);
}

/* False: what was received is still on its way to RAM. */
static bool stop_if_possible(struct spim *spim)
{
    if (spim->state.on_wire || easydma_outstanding(dma_of(spim), spim->rx))
        return false;
    end_channel(spim, spim->tx);
    end_channel(spim, spim->rx);
    become_idle(spim);
    regfile_raise(&spim->regs, EVENTS_STOPPED);
    return true;
}

static void look_again(struct spim *spim)
{
    scheduler_add(spim->regs.fabric->scheduler, EVENT_SPI_STOP, (uint16_t)spim->number, 1, 0);
}

static void stop_is_due(void *owner, const struct event *event)
{
    struct spim *spim = owner;

    (void)event;
    if (spim->state.closing && !spim->state.stops)
        finish_if_over(spim);
    else if (spim->state.stops && !spim->state.on_wire && !stop_if_possible(spim))
        look_again(spim);
}

static void byte_is_over(void *owner, const struct event *event)
{
    struct spim *spim = owner;
    struct spim_state *state = &spim->state;

    (void)event;
    state->on_wire = false;
    state->done++;
    keep_received(spim, exchange(spim));
    if (state->stops) {
        if (!stop_if_possible(spim))
            look_again(spim);
        return;
    }
    if (state->done == state->tx_size)
        end_channel(spim, spim->tx);
    begin_byte(spim);
    finish_if_over(spim);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void start(void *owner, unsigned index, uint32_t value)
{
    struct spim *spim = owner;
    enum dma_trigger trigger = spim->regs.fabric->trigger;

    (void)index, (void)value;
    if (!arrives(spim, TASKS_START))
        return;
    if (spim->state.active) {
        regfile_misuse(&spim->regs, MISUSE_DMA_BUSY, TASKS_START, 1); /* deviation 4 */
        return;
    }
    spim->state.active = true;
    drive_csn(spim, true);
    easydma_start(dma_of(spim), spim->tx, trigger);
    easydma_start(dma_of(spim), spim->rx, trigger);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct spim *spim = owner;

    (void)index, (void)value;
    if (!arrives(spim, TASKS_STOP))
        return;
    spim->state.stops = true;
    if (!spim->state.on_wire && !stop_if_possible(spim))
        look_again(spim);
}

static void suspend(void *owner, unsigned index, uint32_t value)
{
    struct spim *spim = owner;

    (void)index, (void)value;
    if (arrives(spim, TASKS_SUSPEND))
        spim->state.suspended = true;
}

static void resume(void *owner, unsigned index, uint32_t value)
{
    struct spim *spim = owner;

    (void)index, (void)value;
    if (!arrives(spim, TASKS_RESUME))
        return;
    spim->state.suspended = false;
    begin_byte(spim);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void note_size(struct spim *spim, unsigned index)
{
    struct spim_state *state = &spim->state;
    uint32_t size = easydma_size(dma_of(spim), index == INDEX_TX ? spim->tx : spim->rx);

    if (index == INDEX_TX)
        state->tx_size = size;
    else
        state->rx_size = size;
    state->total = size > state->total ? size : state->total;
    state->captured++;
}

static void started(void *owner, unsigned index)
{
    struct spim *spim = owner;

    note_size(spim, index);
    if (index == INDEX_TX)
        spim_collision_begin(spim, (struct byte_range){regfile_get(&spim->regs, TXD_PTR),
                                                       easydma_size(dma_of(spim), spim->tx)});
    if (index == INDEX_TX)
        easydma_request(dma_of(spim), spim->tx, 1);
    if (spim->state.captured < 2)
        return;
    if (spim->device)
        spi_device_begin(spim->device);
    regfile_raise(&spim->regs, EVENTS_STARTED);
    begin_byte(spim);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct spim *spim = owner;

    (void)index, (void)offset, (void)size; /* one byte each time, as asked for */
    spim->state.fetched = spim_collision_spoils(spim) ? (uint8_t)~bytes[0] : bytes[0];
    spim->state.held = true;
    begin_byte(spim);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct spim *spim = owner;
    struct spim_state *state = &spim->state;

    (void)index, (void)offset;
    fifo_take(bytes, state->fifo, SPIM_FIFO, &state->waiting, size);
    begin_byte(spim); /* the wire may have waited for room */
}

static void drained(void *owner, unsigned index)
{
    struct spim *spim = owner;

    if (index == INDEX_RX)
        end_channel(spim, spim->rx);
    else if (spim->state.done >= spim->state.tx_size) /* nothing to send, or EasyDMA was slow */
        end_channel(spim, spim->tx);
    finish_if_over(spim);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct spim *spim = owner;

    (void)amount;
    regfile_raise(&spim->regs, index == INDEX_TX ? EVENTS_ENDTX : EVENTS_ENDRX);
}

/* ---- ENABLE ---------------------------------------------------------------------------------- */

static void go_idle(struct spim *spim)
{
    scheduler_cancel(spim->regs.fabric->scheduler, EVENT_SPI_BYTE, (uint16_t)spim->number);
    scheduler_cancel(spim->regs.fabric->scheduler, EVENT_SPI_STOP, (uint16_t)spim->number);
    spim_collision_end(spim);
    memset(&spim->state, 0, sizeof spim->state);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct spim *spim = owner;

    (void)index, (void)value;
    if (regfile_enabled(&spim->regs))
        return;
    if (spim->state.active)
        regfile_misuse(&spim->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(dma_of(spim), spim->tx);
    easydma_abort(dma_of(spim), spim->rx);
    go_idle(spim);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook spim_hooks[] = {
    {TASKS_START, start, NULL},   {TASKS_STOP, stop, NULL},       {TASKS_SUSPEND, suspend, NULL},
    {TASKS_RESUME, resume, NULL}, {ENABLE, enable_written, NULL}, {0, NULL, NULL},
};

static const struct reg_short spim_shorts[] = {
    {SHORTS_END_START_LSB, EVENTS_END, TASKS_START},
};

#define SPIM_SPEC(n, place)                                                                        \
    {                                                                                              \
        .name = "SPIM" #n, .instance = (n), .base = BASE_##place, .size = REGFILE_SIZE,            \
        .irq = LINE_##place, .regs = spim_regs, .reg_count = ARRAY_LENGTH(spim_regs),              \
        .fields = spim_fields, .field_count = ARRAY_LENGTH(spim_fields), .hooks = spim_hooks,      \
        .shorts = spim_shorts, .short_count = ARRAY_LENGTH(spim_shorts), .enable = ENABLE,         \
        .personality = ENABLED                                                                     \
    }

const struct block_spec spim_spec[SPIM_COUNT] = {SPIM_SPEC(0, SPI0_TWI0), SPIM_SPEC(1, SPI1_TWI1),
                                                 SPIM_SPEC(2, SPI2), SPIM_SPEC(3, SPIM3)};

static const struct easydma_ops dma_ops = {
    .started = started, .receive = receive, .supply = supply, .drained = drained, .ended = ended};

static void add_channels(struct spim *spim, struct easydma *dma, const char *name)
{
    const struct easydma_channel tx = {.name = {name, "TXD", "TASKS_START", 0xffff, DMA_OFF_CHIP},
                                       .direction = DMA_READS_RAM,
                                       .index = INDEX_TX,
                                       .ptr = TXD_PTR,
                                       .maxcnt = TXD_MAXCNT,
                                       .amount = TXD_AMOUNT,
                                       .list = TXD_LIST,
                                       .end_event = EVENTS_END,
                                       .started_event = EVENTS_STARTED,
                                       .tells = {EVENTS_ENDTX, EVENTS_STOPPED},
                                       .count_mask = 0xffff,
                                       .unit = 1,
                                       .paced = true};
    const struct easydma_channel rx = {.name = {name, "RXD", "TASKS_START", 0xffff, DMA_EXCHANGED},
                                       .direction = DMA_WRITES_RAM,
                                       .index = INDEX_RX,
                                       .ptr = RXD_PTR,
                                       .maxcnt = RXD_MAXCNT,
                                       .amount = RXD_AMOUNT,
                                       .list = RXD_LIST,
                                       .end_event = EVENTS_END,
                                       .started_event = EVENTS_STARTED,
                                       .tells = {EVENTS_ENDRX, EVENTS_STOPPED},
                                       .count_mask = 0xffff,
                                       .unit = 1,
                                       .paced = true};

    spim->tx = easydma_add(dma, &spim->regs, tx, &dma_ops, spim);
    spim->rx = easydma_add(dma, &spim->regs, rx, &dma_ops, spim);
}

void spim_init(struct spim *spim, struct fabric *fabric, const struct block_spec *spec)
{
    *spim = (struct spim){.number = spec->instance};
    regfile_init(&spim->regs, spec, fabric, spim);
    state_register(fabric->state, "SPIM", &spim->state, sizeof spim->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_SPI_BYTE, spim->number, byte_is_over, spim);
    scheduler_handle_instance(fabric->scheduler, EVENT_SPI_STOP, spim->number, stop_is_due, spim);
    spim->device = fabric->board ? &fabric->board->spi[spim->number] : NULL;
    add_channels(spim, fabric->easydma, spec->name);
    spim_collision_init(spim);
}

void spim_reset(struct spim *spim, enum reset_kind reason)
{
    if (reason == RESET_POWER_ON) /* nobody watches any more */
        spim->state.blocks = (struct byte_range){0, 0};
    regfile_reset(&spim->regs);
    go_idle(spim);
}
