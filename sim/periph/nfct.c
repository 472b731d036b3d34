/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NFCT: near field communication tag (PS v1.7, 6.13).
 *
 * Deviations:
 *   1. Bytes, not bits: one is on the air for nine bits' time (106 kbit/s). Part bytes of
 * TXDATABITS go out as whole ones; parity is never wrong.
 *   2. Collision resolution of its own is one step that always succeeds: AUTOCOLRESSTARTED, and
 *      SELECTED 3 ms later. With AUTOCOLRESCONFIG.MODE = 1 the firmware gets every frame, but the
 *      reader does not look at the answers.
 *   3. ACTIVATE takes as long as choice point NFCT_ACTIVATE says. GOIDLE and GOSLEEP forget that
 * the tag was selected.
 *   4. A frame that comes when no buffer was given is lost. A reader that is due while a frame is
 * on the air waits for its end.
 *   5. A frame with an error raises RXERROR and no RXFRAMEEND. ENDRX comes with a buffer that is
 *      full.
 *   6. ENABLERXDATA before a frame has begun gives another buffer; STARTTX while one is being sent
 *      is reported and has no effect.
 */
#include "sim/periph/nfct.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/nfct.def"
};

static const struct reg_desc nfct_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/nfct.def"
};

static const struct field_desc nfct_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/nfct.def"
};
/* clang-format on */

enum { INDEX_TX, INDEX_RX };
enum { BIT_TIME = 604, BITS_BYTE = 9, BITS_START = 1, BITS_END = 2 }; /* 128 periods of 13.56 MHz */
enum { SELECT_TIME = 3 * CYCLES_PER_MS };

enum power { POWER_OFF, POWER_SENSE, POWER_RAMPING, POWER_ON };

/* What is on the air; EVENT_NFCT_AIR comes at the end of a part of it. */
enum nfct_air {
    AIR_IDLE,
    AIR_SELECTING,
    AIR_RX_START,
    AIR_RX_BYTE,
    AIR_RX_END,
    AIR_TX_WAIT,
    AIR_TX_BYTE,
    AIR_TX_CRC,
    AIR_TX_END
};

enum delay_mode { DELAY_FREE, DELAY_WINDOW, DELAY_EXACT, DELAY_GRID };
enum tag_state { TAG_OFF = 0, TAG_RAMPING = 2, TAG_IDLE, TAG_RECEIVES, TAG_DELAY, TAG_SENDS };

#define FIELD_OF(nfct, reg, field)                                                                 \
    extract32(regfile_get(&(nfct)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

static struct easydma *dma_of(const struct nfct *nfct)
{
    return nfct->regs.fabric->easydma;
}

static sim_time now_of(const struct nfct *nfct)
{
    return nfct->regs.fabric->scheduler->state.now;
}

static void after(struct nfct *nfct, enum event_id event, sim_time delay)
{
    scheduler_add(nfct->regs.fabric->scheduler, event, 0, delay, 0);
}

static void show_state(struct nfct *nfct)
{
    static const uint8_t states[] = {
        [AIR_IDLE] = TAG_IDLE,        [AIR_SELECTING] = TAG_RECEIVES, [AIR_RX_START] = TAG_RECEIVES,
        [AIR_RX_BYTE] = TAG_RECEIVES, [AIR_RX_END] = TAG_RECEIVES,    [AIR_TX_WAIT] = TAG_DELAY,
        [AIR_TX_BYTE] = TAG_SENDS,    [AIR_TX_CRC] = TAG_SENDS,       [AIR_TX_END] = TAG_SENDS};
    uint32_t state = nfct->state.power == POWER_RAMPING ? TAG_RAMPING : TAG_OFF;

    if (nfct->state.power == POWER_ON)
        state = states[nfct->state.air];
    regfile_set(&nfct->regs, NFCTAGSTATE, state);
}

static void begin(struct nfct *nfct, enum nfct_air air, sim_time delay)
{
    nfct->state.air = (uint8_t)air;
    show_state(nfct);
    after(nfct, EVENT_NFCT_AIR, delay);
}

static void become_idle(struct nfct *nfct)
{
    nfct->state.air = AIR_IDLE;
    nfct->state.done = 0;
    show_state(nfct);
}

/* ---- The reader ------------------------------------------------------------------------------ */

static const struct nfc_step *step(const struct nfct *nfct)
{
    if (!nfct->reader || nfct->state.next >= nfct->reader->count)
        return NULL;
    return &nfct->reader->step[nfct->state.next];
}

static void await_reader(struct nfct *nfct)
{
    sim_time now = now_of(nfct);

    if (step(nfct))
        after(nfct, EVENT_NFCT_READER, step(nfct)->when > now ? step(nfct)->when - now : 1);
}

static bool listens(const struct nfct *nfct)
{
    return nfct->state.power == POWER_ON && nfct->state.field;
}

static bool resolves_collisions(const struct nfct *nfct)
{
    return !FIELD_OF(nfct, AUTOCOLRESCONFIG, MODE);
}

static void drop(struct nfct *nfct)
{
    scheduler_cancel(nfct->regs.fabric->scheduler, EVENT_NFCT_AIR, 0);
    scheduler_cancel(nfct->regs.fabric->scheduler, EVENT_NFCT_DELAY, 0);
    easydma_abort(dma_of(nfct), nfct->tx);
    easydma_abort(dma_of(nfct), nfct->rx);
    nfct->state.waiting = 0;
    nfct->state.held = false;
    nfct->state.late = false;
    nfct->state.selected = false;
    memset(nfct->state.fifo, 0, sizeof nfct->state.fifo);
    become_idle(nfct);
}

/* A tag that was sensing when the chip went off wakes it (PS v1.7, 6.13.1). */
static void show_wake_up(struct nfct *nfct)
{
    wire_set(nfct->regs.fabric->wires, WIRE_NFC_FIELD, nfct->state.wakes && nfct->state.field);
}

static void set_field(struct nfct *nfct, bool on)
{
    if (nfct->state.field == on)
        return;
    nfct->state.field = on;
    show_wake_up(nfct);
    regfile_set(&nfct->regs, FIELDPRESENT,
                on ? bit32(FIELDPRESENT_FIELDPRESENT_LSB) | bit32(FIELDPRESENT_LOCKDETECT_LSB) : 0);
    if (nfct->state.power == POWER_OFF)
        return;
    if (!on)
        drop(nfct);
    regfile_raise(&nfct->regs, on ? EVENTS_FIELDDETECTED : EVENTS_FIELDLOST);
}

static void begin_selection(struct nfct *nfct)
{
    if (!listens(nfct) || !resolves_collisions(nfct))
        return;
    begin(nfct, AIR_SELECTING, SELECT_TIME);
    regfile_raise(&nfct->regs, EVENTS_AUTOCOLRESSTARTED);
}

static bool begin_reception(struct nfct *nfct)
{
    if (!listens(nfct) || !easydma_captured(dma_of(nfct), nfct->rx) ||
        (resolves_collisions(nfct) && !nfct->state.selected))
        return false;
    nfct->state.done = 0;
    nfct->state.overrun = false;
    begin(nfct, AIR_RX_START, BITS_START * BIT_TIME);
    return true;
}

/* A frame that is being received stays the present step until its end. */
static void reader_is_due(void *owner, const struct event *event)
{
    struct nfct *nfct = owner;
    enum nfc_action action = step(nfct)->action;
    bool goes_on = false;

    (void)event;
    if (nfct->state.air != AIR_IDLE && action != NFC_FIELD_OFF) {
        after(nfct, EVENT_NFCT_READER, BIT_TIME);
        return;
    }
    if (action == NFC_FIELD_ON || action == NFC_FIELD_OFF)
        set_field(nfct, action == NFC_FIELD_ON);
    else if (action == NFC_SELECT)
        begin_selection(nfct);
    else
        goes_on = begin_reception(nfct);
    if (goes_on)
        return;
    nfct->state.next++;
    await_reader(nfct);
}

/* ---- Frames that come in --------------------------------------------------------------------- */

static sim_time carrier_periods(uint32_t count)
{
    return (sim_time)count * 6400 / 1356; /* of 13.56 MHz, in cycles of 64 MHz */
}

static void receive_byte(struct nfct *nfct)
{
    struct nfct_state *state = &nfct->state;
    uint8_t byte = step(nfct)->bytes[state->done];

    nfc_reader_report(nfct->reader, false, byte);
    if (state->done >= easydma_size(dma_of(nfct), nfct->rx) || state->waiting == NFCT_FIFO) {
        state->overrun = true;
    } else {
        state->fifo[state->waiting++] = byte;
        easydma_request(dma_of(nfct), nfct->rx, 1);
    }
    state->done++;
    if (state->done < step(nfct)->size)
        begin(nfct, AIR_RX_BYTE, BITS_BYTE * BIT_TIME);
    else
        begin(nfct, AIR_RX_END, BITS_END * BIT_TIME);
}

static uint32_t errors_of_frame(const struct nfct *nfct)
{
    bool wrong = step(nfct)->action == NFC_BROKEN && FIELD_OF(nfct, RXD_FRAMECONFIG, CRCMODERX);

    return (wrong ? bit32(FRAMESTATUS_RX_CRCERROR_LSB) : 0) |
           (nfct->state.overrun ? bit32(FRAMESTATUS_RX_OVERRUN_LSB) : 0);
}

/* The answer is expected within FRAMEDELAYMAX. */
static void begin_frame_delay(struct nfct *nfct)
{
    nfct->state.frame_end = now_of(nfct);
    scheduler_cancel(nfct->regs.fabric->scheduler, EVENT_NFCT_DELAY, 0);
    if (FIELD_OF(nfct, FRAMEDELAYMODE, FRAMEDELAYMODE) != DELAY_FREE)
        after(nfct, EVENT_NFCT_DELAY,
              carrier_periods(FIELD_OF(nfct, FRAMEDELAYMAX, FRAMEDELAYMAX)));
}

static void finish_reception(struct nfct *nfct)
{
    uint32_t errors = errors_of_frame(nfct);
    uint32_t stored;
    bool full;

    if (easydma_outstanding(dma_of(nfct), nfct->rx)) { /* the last bytes go to RAM */
        begin(nfct, AIR_RX_END, 1);
        return;
    }
    full = nfct->state.done >= easydma_size(dma_of(nfct), nfct->rx);
    stored = full ? easydma_size(dma_of(nfct), nfct->rx) : nfct->state.done;
    regfile_set(&nfct->regs, RXD_AMOUNT, stored << RXD_AMOUNT_RXDATABYTES_LSB);
    regfile_set(&nfct->regs, FRAMESTATUS_RX, regfile_get(&nfct->regs, FRAMESTATUS_RX) | errors);
    nfct->state.next++;
    become_idle(nfct);
    begin_frame_delay(nfct);
    easydma_end(dma_of(nfct), nfct->rx);
    if (full)
        regfile_raise(&nfct->regs, EVENTS_ENDRX);
    regfile_raise(&nfct->regs, errors ? EVENTS_RXERROR : EVENTS_RXFRAMEEND);
    await_reader(nfct);
}

static void no_answer(void *owner, const struct event *event)
{
    struct nfct *nfct = owner;

    (void)event;
    regfile_set(&nfct->regs, ERRORSTATUS,
                regfile_get(&nfct->regs, ERRORSTATUS) | bit32(ERRORSTATUS_FRAMEDELAYTIMEOUT_LSB));
    regfile_raise(&nfct->regs, EVENTS_ERROR);
}

/* ---- Frames that go out ---------------------------------------------------------------------- */

/* How long a frame that is ready now has to wait (PS v1.7, 6.13.5 Frame timing controller). */
static sim_time frame_delay(const struct nfct *nfct)
{
    uint32_t mode = FIELD_OF(nfct, FRAMEDELAYMODE, FRAMEDELAYMODE);
    sim_time past = now_of(nfct) - nfct->state.frame_end;
    sim_time least = carrier_periods(FIELD_OF(nfct, FRAMEDELAYMIN, FRAMEDELAYMIN));
    sim_time most = carrier_periods(FIELD_OF(nfct, FRAMEDELAYMAX, FRAMEDELAYMAX));

    if (mode == DELAY_FREE || !nfct->state.frame_end || past > most)
        return 0;
    if (mode == DELAY_EXACT)
        return most - past;
    if (past < least)
        return least - past;
    return mode == DELAY_GRID ? (BIT_TIME - (past - least) % BIT_TIME) % BIT_TIME : 0;
}

static void send_next(struct nfct *nfct)
{
    struct nfct_state *state = &nfct->state;

    if (state->done < easydma_size(dma_of(nfct), nfct->tx)) {
        state->late = !state->held;
        if (!state->late)
            begin(nfct, AIR_TX_BYTE, BITS_BYTE * BIT_TIME);
        return;
    }
    if (easydma_running(dma_of(nfct), nfct->tx))
        easydma_end(dma_of(nfct), nfct->tx);
    if (FIELD_OF(nfct, TXD_FRAMECONFIG, CRCMODETX))
        begin(nfct, AIR_TX_CRC, NFC_CRC_BYTES * BITS_BYTE * BIT_TIME);
    else
        begin(nfct, AIR_TX_END, BITS_END * BIT_TIME);
}

static void begin_frame(struct nfct *nfct)
{
    nfct->state.crc = NFC_CRC_SEED;
    nfct->state.done = 0;
    regfile_raise(&nfct->regs, EVENTS_TXFRAMESTART);
    send_next(nfct);
}

static void report_sent(const struct nfct *nfct, uint8_t byte)
{
    if (nfct->reader && nfct->state.field)
        nfc_reader_report(nfct->reader, true, byte);
}

static void send_byte(struct nfct *nfct)
{
    struct nfct_state *state = &nfct->state;

    report_sent(nfct, state->byte);
    state->crc = nfc_crc_of_byte(state->crc, state->byte);
    state->held = false;
    state->done++;
    if (state->done < easydma_size(dma_of(nfct), nfct->tx))
        easydma_request(dma_of(nfct), nfct->tx, 1);
    send_next(nfct);
}

static void send_crc(struct nfct *nfct)
{
    report_sent(nfct, (uint8_t)nfct->state.crc);
    report_sent(nfct, (uint8_t)(nfct->state.crc >> 8));
    begin(nfct, AIR_TX_END, BITS_END * BIT_TIME);
}

static void finish_frame(struct nfct *nfct)
{
    become_idle(nfct);
    regfile_raise(&nfct->regs, EVENTS_TXFRAMEEND);
}

static void finish_selection(struct nfct *nfct)
{
    nfct->state.selected = true;
    become_idle(nfct);
    regfile_raise(&nfct->regs, EVENTS_SELECTED);
}

static void air_is_over(void *owner, const struct event *event)
{
    static void (*const next[])(struct nfct * nfct) = {
        [AIR_SELECTING] = finish_selection, [AIR_RX_BYTE] = receive_byte,
        [AIR_RX_END] = finish_reception,    [AIR_TX_WAIT] = begin_frame,
        [AIR_TX_BYTE] = send_byte,          [AIR_TX_CRC] = send_crc,
        [AIR_TX_END] = finish_frame};
    struct nfct *nfct = owner;

    (void)event;
    if (nfct->state.air == AIR_RX_START) {
        regfile_raise(&nfct->regs, EVENTS_RXFRAMESTART);
        begin(nfct, AIR_RX_BYTE, BITS_BYTE * BIT_TIME);
        return;
    }
    next[nfct->state.air](nfct);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static bool is_on(struct nfct *nfct, uint32_t task)
{
    if (nfct->state.power == POWER_ON)
        return true;
    regfile_misuse(&nfct->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static void activate(void *owner, unsigned index, uint32_t value)
{
    struct nfct *nfct = owner;

    (void)index, (void)value;
    if (nfct->state.power >= POWER_RAMPING)
        return;
    nfct->state.power = POWER_RAMPING;
    show_state(nfct);
    after(nfct, EVENT_NFCT_READY, choose(nfct->regs.fabric->chooser, CHOICE_NFCT_ACTIVATE, 0));
}

static void ramped_up(void *owner, const struct event *event)
{
    struct nfct *nfct = owner;

    (void)event;
    nfct->state.power = POWER_ON;
    show_state(nfct);
    regfile_raise(&nfct->regs, EVENTS_READY);
}

static void power_down(struct nfct *nfct, enum power power)
{
    if (nfct->state.air != AIR_IDLE && nfct->state.air != AIR_SELECTING)
        regfile_misuse(&nfct->regs, MISUSE_DISABLED_IN_FLIGHT, TASKS_DISABLE, 1);
    scheduler_cancel(nfct->regs.fabric->scheduler, EVENT_NFCT_READY, 0);
    nfct->state.power = (uint8_t)power;
    drop(nfct);
}

static void disable(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    power_down(owner, POWER_OFF);
}

/* A field that is there already is detected at once. */
static void sense(void *owner, unsigned index, uint32_t value)
{
    struct nfct *nfct = owner;

    (void)index, (void)value;
    power_down(nfct, POWER_SENSE);
    if (nfct->state.field)
        regfile_raise(&nfct->regs, EVENTS_FIELDDETECTED);
}

static void enablerxdata(void *owner, unsigned index, uint32_t value)
{
    struct nfct *nfct = owner;
    bool receives = nfct->state.air >= AIR_RX_START && nfct->state.air <= AIR_RX_END;

    (void)index, (void)value;
    if (!is_on(nfct, TASKS_ENABLERXDATA) || receives)
        return;
    if (easydma_running(dma_of(nfct), nfct->rx))
        easydma_abort(dma_of(nfct), nfct->rx);
    easydma_start(dma_of(nfct), nfct->rx, nfct->regs.fabric->trigger);
}

static void starttx(void *owner, unsigned index, uint32_t value)
{
    struct nfct *nfct = owner;

    (void)index, (void)value;
    if (!is_on(nfct, TASKS_STARTTX))
        return;
    if (nfct->state.air != AIR_IDLE || easydma_running(dma_of(nfct), nfct->tx)) {
        regfile_misuse(&nfct->regs, MISUSE_DMA_BUSY, TASKS_STARTTX, 1); /* deviation 6 */
        return;
    }
    scheduler_cancel(nfct->regs.fabric->scheduler, EVENT_NFCT_DELAY, 0);
    easydma_start(dma_of(nfct), nfct->tx, nfct->regs.fabric->trigger);
}

static void forget_selection(struct nfct *nfct, bool sleeps)
{
    nfct->state.selected = false;
    regfile_set(&nfct->regs, SLEEPSTATE, sleeps);
}

static void goidle(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    forget_selection(owner, false);
}

static void gosleep(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    forget_selection(owner, true);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static struct byte_range window(void *owner, unsigned index, guest_addr pointer)
{
    const struct nfct *nfct = owner;
    uint32_t size = FIELD_OF(nfct, MAXLEN, MAXLEN);

    if (index == INDEX_TX)
        size = FIELD_OF(nfct, TXD_AMOUNT, TXDATABYTES) +
               (FIELD_OF(nfct, TXD_AMOUNT, TXDATABITS) ? 1 : 0);
    return (struct byte_range){pointer, size};
}

static void started(void *owner, unsigned index)
{
    struct nfct *nfct = owner;

    regfile_raise(&nfct->regs, EVENTS_STARTED);
    if (index != INDEX_TX)
        return;
    if (easydma_size(dma_of(nfct), nfct->tx))
        easydma_request(dma_of(nfct), nfct->tx, 1);
    begin(nfct, AIR_TX_WAIT, frame_delay(nfct));
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct nfct *nfct = owner;

    (void)index, (void)offset, (void)size; /* one byte each time, as asked for */
    nfct->state.byte = bytes[0];
    nfct->state.held = true;
    if (nfct->state.late)
        send_next(nfct);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct nfct_state *state = &((struct nfct *)owner)->state;

    (void)index, (void)offset;
    memcpy(bytes, state->fifo, size);
    memmove(state->fifo, state->fifo + size, NFCT_FIFO - size);
    memset(state->fifo + NFCT_FIFO - size, 0, size);
    state->waiting = (uint8_t)(state->waiting - size);
}

/* Both directions end with their frame. */
static void drained(void *owner, unsigned index)
{
    (void)owner, (void)index;
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct nfct *nfct = owner;

    (void)amount;
    if (index == INDEX_TX)
        regfile_raise(&nfct->regs, EVENTS_ENDTX);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook nfct_hooks[] = {
    {TASKS_ACTIVATE, activate, NULL}, {TASKS_DISABLE, disable, NULL},
    {TASKS_SENSE, sense, NULL},       {TASKS_STARTTX, starttx, NULL},
    {TASKS_GOIDLE, goidle, NULL},     {TASKS_ENABLERXDATA, enablerxdata, NULL},
    {TASKS_GOSLEEP, gosleep, NULL},   {0, NULL, NULL},
};

static const struct reg_short nfct_shorts[] = {
    {SHORTS_FIELDDETECTED_ACTIVATE_LSB, EVENTS_FIELDDETECTED, TASKS_ACTIVATE},
    {SHORTS_FIELDLOST_SENSE_LSB, EVENTS_FIELDLOST, TASKS_SENSE},
    {SHORTS_TXFRAMEEND_ENABLERXDATA_LSB, EVENTS_TXFRAMEEND, TASKS_ENABLERXDATA},
};

const struct block_spec nfct_spec = {
    .name = "NFCT",
    .base = BASE_NFCT,
    .size = REGFILE_SIZE,
    .irq = LINE_NFCT,
    .regs = nfct_regs,
    .reg_count = ARRAY_LENGTH(nfct_regs),
    .fields = nfct_fields,
    .field_count = ARRAY_LENGTH(nfct_fields),
    .hooks = nfct_hooks,
    .shorts = nfct_shorts,
    .short_count = ARRAY_LENGTH(nfct_shorts),
};

static const struct easydma_ops dma_ops = {.window = window,
                                           .started = started,
                                           .receive = receive,
                                           .supply = supply,
                                           .drained = drained,
                                           .ended = ended};

static void add_channels(struct nfct *nfct, struct easydma *dma)
{
    const struct easydma_channel tx = {.name = {"NFCT", "TXD", "TASKS_STARTTX", 257, DMA_OFF_CHIP},
                                       .direction = DMA_READS_RAM,
                                       .index = INDEX_TX,
                                       .ptr = PACKETPTR,
                                       .end_event = EVENTS_ENDTX,
                                       .tells = {EVENTS_TXFRAMEEND},
                                       .unit = 1,
                                       .paced = true};
    const struct easydma_channel rx = {
        .name = {"NFCT", "RXD", "TASKS_ENABLERXDATA", 257, DMA_ON_CHIP},
        .direction = DMA_WRITES_RAM,
        .index = INDEX_RX,
        .ptr = PACKETPTR,
        .end_event = EVENTS_RXFRAMEEND,
        .tells = {EVENTS_RXERROR, EVENTS_ENDRX},
        .unit = 1,
        .paced = true};

    nfct->tx = easydma_add(dma, &nfct->regs, tx, &dma_ops, nfct);
    nfct->rx = easydma_add(dma, &nfct->regs, rx, &dma_ops, nfct);
}

void nfct_init(struct nfct *nfct, struct fabric *fabric, const struct block_spec *spec)
{
    *nfct = (struct nfct){.reader = fabric->board ? &fabric->board->reader : NULL};
    regfile_init(&nfct->regs, spec, fabric, nfct);
    state_register(fabric->state, "NFCT", &nfct->state, sizeof nfct->state);
    scheduler_handle(fabric->scheduler, EVENT_NFCT_READER, reader_is_due, nfct);
    scheduler_handle(fabric->scheduler, EVENT_NFCT_READY, ramped_up, nfct);
    scheduler_handle(fabric->scheduler, EVENT_NFCT_AIR, air_is_over, nfct);
    scheduler_handle(fabric->scheduler, EVENT_NFCT_DELAY, no_answer, nfct);
    add_channels(nfct, fabric->easydma);
}

void nfct_reset(struct nfct *nfct, enum reset_kind reason)
{
    struct scheduler *scheduler = nfct->regs.fabric->scheduler;
    struct nfct_state kept = nfct->state;

    scheduler_cancel(scheduler, EVENT_NFCT_READY, 0);
    scheduler_cancel(scheduler, EVENT_NFCT_READER, 0);
    scheduler_cancel(scheduler, EVENT_NFCT_AIR, 0);
    scheduler_cancel(scheduler, EVENT_NFCT_DELAY, 0);
    regfile_reset(&nfct->regs);
    memset(&nfct->state, 0, sizeof nfct->state);
    if (reason != RESET_POWER_ON) { /* the reader knows nothing of it */
        nfct->state.next = kept.next + (kept.air >= AIR_RX_START && kept.air <= AIR_RX_END);
        nfct->state.wakes = reason == RESET_INTO_OFF && kept.power == POWER_SENSE;
        set_field(nfct, kept.field);
    }
    show_wake_up(nfct);
    await_reader(nfct);
}
