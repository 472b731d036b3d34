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
#include "sim/base/compiler.h"
#include "sim/board/board.h"
#include "sim/periph/nfct_parts.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
static const struct reg_desc nfct_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/nfct.def"
};

static const struct field_desc nfct_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/nfct.def"
};
/* clang-format on */

enum { SELECT_TIME = 3 * CYCLES_PER_MS };

enum power { POWER_OFF, POWER_SENSE, POWER_RAMPING, POWER_ON };

enum tag_state { TAG_OFF = 0, TAG_RAMPING = 2, TAG_IDLE, TAG_RECEIVES, TAG_DELAY, TAG_SENDS };

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

void nfct_begin(struct nfct *nfct, enum nfct_air air, sim_time delay)
{
    nfct->state.air = (uint8_t)air;
    show_state(nfct);
    nfct_after(nfct, EVENT_NFCT_AIR, delay);
}

void nfct_become_idle(struct nfct *nfct)
{
    nfct->state.air = AIR_IDLE;
    nfct->state.done = 0;
    show_state(nfct);
}

/* ---- The reader ------------------------------------------------------------------------------ */

const struct nfc_step *nfct_step(const struct nfct *nfct)
{
    if (!nfct->reader || nfct->state.next >= nfct->reader->count)
        return NULL;
    return &nfct->reader->step[nfct->state.next];
}

void nfct_await_reader(struct nfct *nfct)
{
    sim_time now = nfct_now(nfct);

    if (nfct_step(nfct))
        nfct_after(nfct, EVENT_NFCT_READER,
                   nfct_step(nfct)->when > now ? nfct_step(nfct)->when - now : 1);
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
    easydma_abort(nfct_dma(nfct), nfct->tx);
    easydma_abort(nfct_dma(nfct), nfct->rx);
    nfct->state.waiting = 0;
    nfct->state.held = false;
    nfct->state.late = false;
    nfct->state.selected = false;
    memset(nfct->state.fifo, 0, sizeof nfct->state.fifo);
    nfct_become_idle(nfct);
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
    nfct_begin(nfct, AIR_SELECTING, SELECT_TIME);
    regfile_raise(&nfct->regs, EVENTS_AUTOCOLRESSTARTED);
}

static bool begin_reception(struct nfct *nfct)
{
    if (!listens(nfct) || !easydma_captured(nfct_dma(nfct), nfct->rx) ||
        (resolves_collisions(nfct) && !nfct->state.selected))
        return false;
    nfct->state.done = 0;
    nfct->state.overrun = false;
    nfct_begin(nfct, AIR_RX_START, BITS_START * BIT_TIME);
    return true;
}

/* A frame that is being received stays the present step until its end. */
static void reader_is_due(void *owner, const struct event *event)
{
    struct nfct *nfct = owner;
    enum nfc_action action = nfct_step(nfct)->action;
    bool goes_on = false;

    (void)event;
    if (nfct->state.air != AIR_IDLE && action != NFC_FIELD_OFF) {
        nfct_after(nfct, EVENT_NFCT_READER, BIT_TIME);
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
    nfct_await_reader(nfct);
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
    nfct_after(nfct, EVENT_NFCT_READY, choose(nfct->regs.fabric->chooser, CHOICE_NFCT_ACTIVATE, 0));
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
    if (easydma_running(nfct_dma(nfct), nfct->rx))
        easydma_abort(nfct_dma(nfct), nfct->rx);
    easydma_start(nfct_dma(nfct), nfct->rx, nfct->regs.fabric->trigger);
}

static void starttx(void *owner, unsigned index, uint32_t value)
{
    struct nfct *nfct = owner;

    (void)index, (void)value;
    if (!is_on(nfct, TASKS_STARTTX))
        return;
    if (nfct->state.air != AIR_IDLE || easydma_running(nfct_dma(nfct), nfct->tx)) {
        regfile_misuse(&nfct->regs, MISUSE_DMA_BUSY, TASKS_STARTTX, 1); /* deviation 6 */
        return;
    }
    scheduler_cancel(nfct->regs.fabric->scheduler, EVENT_NFCT_DELAY, 0);
    easydma_start(nfct_dma(nfct), nfct->tx, nfct->regs.fabric->trigger);
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

void nfct_init(struct nfct *nfct, struct fabric *fabric, const struct block_spec *spec)
{
    *nfct = (struct nfct){.reader = fabric->board ? &fabric->board->reader : NULL};
    regfile_init(&nfct->regs, spec, fabric, nfct);
    state_register(fabric->state, "NFCT", &nfct->state, sizeof nfct->state);
    scheduler_handle(fabric->scheduler, EVENT_NFCT_READER, reader_is_due, nfct);
    scheduler_handle(fabric->scheduler, EVENT_NFCT_READY, ramped_up, nfct);
    nfct_frames_init(nfct);
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
    nfct_await_reader(nfct);
}
