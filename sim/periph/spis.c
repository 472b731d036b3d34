/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPIS: SPI slave with EasyDMA (PS v1.7, 6.26).
 *
 * The buffers belong to the slave from RELEASE until the CPU has read ACQUIRED (or END) as set.
 *
 * Deviations:
 *   1. Bytes, not bits, at 1 Mbit/s: the board's master knows no other rate. Transactions that are
 *      due while the slave is disabled are lost.
 *   2. RXD and TXD are captured behind RELEASE, and again behind each END for which the CPU does
 * not have the semaphore; on silicon when CSN becomes active.
 *   3. The byte to send is fetched while the one before is on the wire; when EasyDMA is late, ORC
 *      is sent in its place.
 *   4. ACQUIRE of a semaphore that the CPU has already raises ACQUIRED once more.
 */
#include "sim/periph/spis.h"

#include "sim/base/compiler.h"
#include "sim/base/fifo.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/spis.def"
};

static const struct reg_desc spis_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/spis.def"
};

static const struct field_desc spis_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/spis.def"
};
/* clang-format on */

enum { ENABLED = 2, INDEX_TX = 0, INDEX_RX = 1, BYTE_TIME = 8 * 64 };
enum { SEM_FREE, SEM_CPU, SEM_SPIS, SEM_CPU_PENDING };
enum { STATUS_OVERREAD = 1, STATUS_OVERFLOW = 2 };

static struct easydma *dma_of(const struct spis *spis)
{
    return spis->regs.fabric->easydma;
}

static bool arrives(struct spis *spis, uint32_t task)
{
    if (regfile_enabled(&spis->regs))
        return true;
    regfile_misuse(&spis->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static uint32_t semaphore(const struct spis *spis)
{
    return regfile_get(&spis->regs, SEMSTAT);
}

/* ---- Who has the buffers --------------------------------------------------------------------- */

static void hand_over(struct spis *spis, enum dma_trigger trigger)
{
    spis->state.full = false;
    easydma_start(dma_of(spis), spis->tx, trigger);
    easydma_start(dma_of(spis), spis->rx, trigger);
}

static void take_back(struct spis *spis)
{
    if (easydma_running(dma_of(spis), spis->tx))
        easydma_end(dma_of(spis), spis->tx);
    if (easydma_running(dma_of(spis), spis->rx))
        easydma_end(dma_of(spis), spis->rx);
    spis->state.waiting = 0;
    spis->state.held = false;
    memset(spis->state.fifo, 0, sizeof spis->state.fifo);
}

static void give_to_cpu(struct spis *spis)
{
    regfile_set(&spis->regs, SEMSTAT, SEM_CPU);
    regfile_raise(&spis->regs, EVENTS_ACQUIRED);
}

static void acquire(void *owner, unsigned index, uint32_t value)
{
    struct spis *spis = owner;

    (void)index, (void)value;
    if (!arrives(spis, TASKS_ACQUIRE))
        return;
    if (semaphore(spis) == SEM_SPIS || semaphore(spis) == SEM_CPU_PENDING) {
        regfile_set(&spis->regs, SEMSTAT, SEM_CPU_PENDING);
        return;
    }
    spis->state.silent = true;
    take_back(spis);
    spis->state.silent = false;
    give_to_cpu(spis);
}

static void release(void *owner, unsigned index, uint32_t value)
{
    struct spis *spis = owner;

    (void)index, (void)value;
    if (!arrives(spis, TASKS_RELEASE))
        return;
    if (semaphore(spis) == SEM_CPU_PENDING)
        regfile_set(&spis->regs, SEMSTAT, SEM_SPIS);
    if (semaphore(spis) != SEM_CPU)
        return;
    regfile_set(&spis->regs, SEMSTAT, SEM_FREE);
    hand_over(spis, spis->regs.fabric->trigger);
}

/* ---- Transactions ---------------------------------------------------------------------------- */

static const struct spi_master_line *transaction(const struct spis *spis, uint32_t number)
{
    if (!spis->device || number >= spis->device->master.count)
        return NULL;
    return &spis->device->master.line[number];
}

/* Waits for the next transaction that is not past. */
static void await_master(struct spis *spis)
{
    struct scheduler *scheduler = spis->regs.fabric->scheduler;
    const struct spi_master_line *line;

    while ((line = transaction(spis, spis->state.next)) && line->when < scheduler->state.now)
        spis->state.next++;
    if (line)
        scheduler_add(scheduler, EVENT_SPIS_BYTE, (uint16_t)spis->number,
                      line->when - scheduler->state.now, 0);
}

static void note_status(struct spis *spis, uint32_t bits)
{
    regfile_set(&spis->regs, STATUS, regfile_get(&spis->regs, STATUS) | bits);
}

static void begin_transaction(struct spis *spis)
{
    struct spis_state *state = &spis->state;

    state->busy = true;
    state->done = 0;
    state->granted = semaphore(spis) == SEM_FREE && easydma_captured(dma_of(spis), spis->tx) &&
                     easydma_captured(dma_of(spis), spis->rx);
    if (state->granted)
        regfile_set(&spis->regs, SEMSTAT, SEM_SPIS);
}

static uint8_t next_to_send(struct spis *spis)
{
    struct spis_state *state = &spis->state;
    uint8_t byte = state->byte;

    if (!state->granted)
        return (uint8_t)regfile_get(&spis->regs, DEF);
    if (!state->held) {
        if (state->done >= easydma_size(dma_of(spis), spis->tx))
            note_status(spis, STATUS_OVERREAD);
        return (uint8_t)regfile_get(&spis->regs, ORC);
    }
    state->held = false;
    if (easydma_running(dma_of(spis), spis->tx))
        easydma_request(dma_of(spis), spis->tx, 1);
    return byte;
}

static void keep(struct spis *spis, uint8_t byte)
{
    struct spis_state *state = &spis->state;

    if (!state->granted)
        return;
    if (state->done >= easydma_size(dma_of(spis), spis->rx) || state->waiting == SPIS_FIFO) {
        note_status(spis, STATUS_OVERFLOW);
        return;
    }
    state->fifo[state->waiting++] = byte;
    easydma_request(dma_of(spis), spis->rx, 1);
}

static void end_transaction(struct spis *spis)
{
    bool pending = semaphore(spis) == SEM_CPU_PENDING;

    spis->state.busy = false;
    spis->state.next++;
    if (spis->state.granted) {
        take_back(spis);
        spis->state.granted = false;
        regfile_set(&spis->regs, SEMSTAT, SEM_FREE);
        regfile_raise(&spis->regs, EVENTS_END); /* the shortcut may take the semaphore */
        if (pending && semaphore(spis) == SEM_FREE)
            give_to_cpu(spis);
        if (semaphore(spis) == SEM_FREE)
            hand_over(spis, DMA_BY_SHORTCUT); /* deviation 2 */
    }
    await_master(spis);
}

/* The master begins a transaction, or the next byte of it is over. */
static void step(void *owner, const struct event *event)
{
    struct spis *spis = owner;
    struct scheduler *scheduler = spis->regs.fabric->scheduler;
    const struct spi_master_line *line = transaction(spis, spis->state.next);

    (void)event;
    if (!spis->state.busy) {
        begin_transaction(spis);
    } else if (spis->state.done < line->size) {
        uint8_t mosi = line->bytes[spis->state.done];

        spi_device_report(spis->device, next_to_send(spis), mosi);
        keep(spis, mosi);
        spis->state.done++;
    }
    if (spis->state.done < line->size)
        scheduler_add(scheduler, EVENT_SPIS_BYTE, (uint16_t)spis->number, BYTE_TIME, 0);
    else if (easydma_outstanding(dma_of(spis), spis->rx)) /* CSN; the last bytes go to RAM */
        scheduler_add(scheduler, EVENT_SPIS_BYTE, (uint16_t)spis->number, 1, 0);
    else
        end_transaction(spis);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct spis *spis = owner;

    if (index == INDEX_TX)
        easydma_request(dma_of(spis), spis->tx, 1);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct spis *spis = owner;

    (void)index, (void)offset, (void)size; /* one byte each time, as asked for */
    spis->state.byte = bytes[0];
    spis->state.held = true;
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct spis_state *state = &((struct spis *)owner)->state;

    (void)index, (void)offset;
    fifo_take(bytes, state->fifo, SPIS_FIFO, &state->waiting, size);
}

static void tell_full(struct spis *spis)
{
    if (spis->state.full || !easydma_size(dma_of(spis), spis->rx))
        return;
    spis->state.full = true;
    regfile_raise(&spis->regs, EVENTS_ENDRX);
}

/* The transfer ends with the transaction; that the buffer is full is told at once. */
static void drained(void *owner, unsigned index)
{
    if (index == INDEX_RX)
        tell_full(owner);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct spis *spis = owner;

    if (index == INDEX_RX && !spis->state.silent && amount == easydma_size(dma_of(spis), spis->rx))
        tell_full(spis);
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void go_idle(struct spis *spis)
{
    uint32_t next = spis->state.next + spis->state.busy;

    scheduler_cancel(spis->regs.fabric->scheduler, EVENT_SPIS_BYTE, (uint16_t)spis->number);
    memset(&spis->state, 0, sizeof spis->state);
    spis->state.next = next;
}

static void switch_on(struct spis *spis)
{
    spis->state.on = true;
    regfile_set(&spis->regs, SEMSTAT, SEM_CPU); /* SPIM has another register there */
    await_master(spis);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct spis *spis = owner;

    (void)index, (void)value;
    if (regfile_enabled(&spis->regs)) {
        if (!spis->state.on)
            switch_on(spis);
        return;
    }
    if (spis->state.granted)
        regfile_misuse(&spis->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(dma_of(spis), spis->tx);
    easydma_abort(dma_of(spis), spis->rx);
    go_idle(spis);
}

static const struct reg_hook spis_hooks[] = {
    {TASKS_ACQUIRE, acquire, NULL},
    {TASKS_RELEASE, release, NULL},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

static const struct reg_short spis_shorts[] = {
    {SHORTS_END_ACQUIRE_LSB, EVENTS_END, TASKS_ACQUIRE},
};

#define SPIS_SPEC(n, place)                                                                        \
    {                                                                                              \
        .name = "SPIS" #n, .instance = (n), .base = BASE_##place, .size = REGFILE_SIZE,            \
        .irq = LINE_##place, .regs = spis_regs, .reg_count = ARRAY_LENGTH(spis_regs),              \
        .fields = spis_fields, .field_count = ARRAY_LENGTH(spis_fields), .hooks = spis_hooks,      \
        .shorts = spis_shorts, .short_count = ARRAY_LENGTH(spis_shorts), .enable = ENABLE,         \
        .personality = ENABLED                                                                     \
    }

const struct block_spec spis_spec[SPIS_COUNT] = {SPIS_SPEC(0, SPI0_TWI0), SPIS_SPEC(1, SPI1_TWI1),
                                                 SPIS_SPEC(2, SPI2)};

static const struct easydma_ops dma_ops = {
    .started = started, .receive = receive, .supply = supply, .drained = drained, .ended = ended};

static void add_channels(struct spis *spis, struct easydma *dma, const char *name)
{
    struct easydma_channel channel = {.name = {name, "TXD", "TASKS_RELEASE", 0xffff, DMA_OFF_CHIP},
                                      .direction = DMA_READS_RAM,
                                      .index = INDEX_TX,
                                      .ptr = TXD_PTR,
                                      .maxcnt = TXD_MAXCNT,
                                      .amount = TXD_AMOUNT,
                                      .end_event = EVENTS_ACQUIRED,
                                      .tells = {EVENTS_END},
                                      .count_mask = 0xffff,
                                      .unit = 1,
                                      .paced = true};

    spis->tx = easydma_add(dma, &spis->regs, channel, &dma_ops, spis);
    channel.name.name = "RXD";
    channel.name.far_side = DMA_EXCHANGED;
    channel.direction = DMA_WRITES_RAM;
    channel.index = INDEX_RX;
    channel.ptr = RXD_PTR;
    channel.maxcnt = RXD_MAXCNT;
    channel.amount = RXD_AMOUNT;
    spis->rx = easydma_add(dma, &spis->regs, channel, &dma_ops, spis);
}

void spis_init(struct spis *spis, struct fabric *fabric, const struct block_spec *spec)
{
    *spis = (struct spis){.number = spec->instance,
                          .device = fabric->board ? &fabric->board->spi[spec->instance] : NULL};
    regfile_init(&spis->regs, spec, fabric, spis);
    state_register(fabric->state, "SPIS", &spis->state, sizeof spis->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_SPIS_BYTE, spis->number, step, spis);
    add_channels(spis, fabric->easydma, spec->name);
}

void spis_reset(struct spis *spis, enum reset_kind reason)
{
    regfile_reset(&spis->regs);
    go_idle(spis);
    if (reason == RESET_POWER_ON)
        spis->state.next = 0;
}
