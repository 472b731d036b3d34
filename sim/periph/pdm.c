/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PDM: pulse density modulation interface (PS v1.7, 6.15).
 *
 * A buffer begins where the one before ends, without the CPU: SAMPLE is captured again in the
 * instant of END. The CPU knows from END, STOPPED, or the STARTED of the buffer behind, that a
 * buffer is its own.
 *
 * Deviations:
 *   1. Samples, not bits: the filter is ideal and settled from the first one. A period is rounded
 *      down to a cycle.
 *   2. When EasyDMA is late and the FIFO (16 bytes) is full, the next sample waits; none is lost.
 *   3. STOP takes effect behind the sample under way: END, with what there is, and STOPPED. STOP of
 *      a block that stands raises STOPPED.
 *   4. START while it runs is reported and has no effect.
 */
#include "sim/periph/pdm.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/base/fifo.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/pdm.def"
};

static const struct reg_desc pdm_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/pdm.def"
};

static const struct field_desc pdm_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/pdm.def"
};
/* clang-format on */

enum { SAMPLE_BYTES = 2, GAIN_0_DB = 40, GAIN_HIGHEST = 80, FREQ_RESET = 0x08400000 };

static struct easydma *dma_of(const struct pdm *pdm)
{
    return pdm->regs.fabric->easydma;
}

static bool is_enabled(const struct pdm *pdm)
{
    return regfile_get(&pdm->regs, ENABLE) & 1;
}

/* A task that has no effect while the block is disabled. */
static bool arrives(struct pdm *pdm, uint32_t task)
{
    if (is_enabled(pdm))
        return true;
    regfile_misuse(&pdm->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static bool is_mono(const struct pdm *pdm)
{
    return regfile_get(&pdm->regs, MODE) & 1;
}

/* ---- Samples --------------------------------------------------------------------------------- */

/* Cycles from one sample to the next: 64 or 80 clocks of 32 MHz * FREQ / 2^32. */
static sim_time period(const struct pdm *pdm)
{
    uint64_t clocks = regfile_get(&pdm->regs, RATIO) & 1 ? 80 : 64;
    uint64_t frequency = regfile_get(&pdm->regs, PDMCLKCTRL);
    sim_time cycles = (clocks * 2 << 32) / (frequency ? frequency : FREQ_RESET);

    return cycles ? cycles : 1;
}

static void schedule_sample(struct pdm *pdm)
{
    scheduler_add(pdm->regs.fabric->scheduler, EVENT_PDM_SAMPLE, 0, period(pdm), 0);
}

/* `gain` counts steps of 0.5 dB, a factor of 1.0593 each. */
static int16_t amplify(int16_t sample, uint32_t gain)
{
    const int64_t one = 1 << 16;
    const int64_t step = 69419; /* 10^(0.5/20) in parts of 2^16 */
    int64_t value = sample * one;

    gain = gain > GAIN_HIGHEST ? GAIN_HIGHEST : gain;
    for (uint32_t i = GAIN_0_DB; i < gain; i++)
        value = value * step / one;
    for (uint32_t i = gain; i < GAIN_0_DB; i++)
        value = value * one / step;
    value /= one;
    if (value > INT16_MAX)
        return INT16_MAX;
    return value < INT16_MIN ? INT16_MIN : (int16_t)value;
}

static bool hears(const struct pdm *pdm)
{
    return pdm->microphone && !(regfile_get(&pdm->regs, PSEL_DIN) & bit32(31)) &&
           !(regfile_get(&pdm->regs, PSEL_CLK) & bit32(31));
}

static void keep(struct pdm *pdm, int16_t sample, uint32_t gain)
{
    struct pdm_state *state = &pdm->state;

    store_le(&state->fifo[state->waiting], SAMPLE_BYTES,
             (uint16_t)amplify(sample, regfile_get(&pdm->regs, gain)));
    state->waiting = (uint8_t)(state->waiting + SAMPLE_BYTES);
}

static void take_sample(struct pdm *pdm)
{
    int16_t frame[SOUND_CHANNELS] = {0};

    if (hears(pdm))
        sound_hear(pdm->microphone, CYCLES_PER_SECOND * 1000ull / period(pdm), frame);
    keep(pdm, frame[0], GAINL);
    if (!is_mono(pdm))
        keep(pdm, frame[1], GAINR);
}

/* What has waited for a buffer goes there. */
static void offer(struct pdm *pdm)
{
    uint32_t asked = easydma_outstanding(dma_of(pdm), pdm->sample);

    if (easydma_captured(dma_of(pdm), pdm->sample) && pdm->state.waiting > asked)
        easydma_request(dma_of(pdm), pdm->sample, pdm->state.waiting - asked);
}

static bool has_room(const struct pdm *pdm)
{
    return pdm->state.waiting + 2 * SAMPLE_BYTES <= PDM_FIFO;
}

static void end_transfer(struct pdm *pdm)
{
    if (easydma_running(dma_of(pdm), pdm->sample))
        easydma_end(dma_of(pdm), pdm->sample);
}

/* A buffer without room is over with the next sample. */
static bool is_empty_buffer(const struct pdm *pdm)
{
    return easydma_captured(dma_of(pdm), pdm->sample) && !easydma_size(dma_of(pdm), pdm->sample);
}

static void begin_next_buffer(struct pdm *pdm)
{
    if (pdm->state.runs && !pdm->state.stopping)
        easydma_start(dma_of(pdm), pdm->sample, DMA_BY_SHORTCUT);
}

static void sample_is_due(void *owner, const struct event *event)
{
    struct pdm *pdm = owner;

    (void)event;
    if (pdm->state.stopping) {
        scheduler_add(pdm->regs.fabric->scheduler, EVENT_PDM_STOP, 0, 1, 0);
        return;
    }
    if (is_empty_buffer(pdm)) {
        end_transfer(pdm);
        begin_next_buffer(pdm);
        schedule_sample(pdm);
        return;
    }
    pdm->state.late = !has_room(pdm); /* deviation 2 */
    if (pdm->state.late)
        return;
    take_sample(pdm);
    offer(pdm);
    schedule_sample(pdm);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void start(void *owner, unsigned index, uint32_t value)
{
    struct pdm *pdm = owner;

    (void)index, (void)value;
    if (!arrives(pdm, TASKS_START))
        return;
    if (pdm->state.runs || easydma_running(dma_of(pdm), pdm->sample)) {
        regfile_misuse(&pdm->regs, MISUSE_DMA_BUSY, TASKS_START, 1); /* deviation 4 */
        return;
    }
    pdm->state.runs = true;
    easydma_start(dma_of(pdm), pdm->sample, pdm->regs.fabric->trigger);
    schedule_sample(pdm);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct pdm *pdm = owner;

    (void)index, (void)value;
    if (!arrives(pdm, TASKS_STOP) || pdm->state.stopping)
        return;
    pdm->state.stopping = true;
    if (!pdm->state.runs || pdm->state.late) /* else behind the sample under way */
        scheduler_add(pdm->regs.fabric->scheduler, EVENT_PDM_STOP, 0, 1, 0);
}

static void go_idle(struct pdm *pdm)
{
    scheduler_cancel(pdm->regs.fabric->scheduler, EVENT_PDM_SAMPLE, 0);
    scheduler_cancel(pdm->regs.fabric->scheduler, EVENT_PDM_STOP, 0);
    memset(&pdm->state, 0, sizeof pdm->state);
}

static void stop_is_due(void *owner, const struct event *event)
{
    struct pdm *pdm = owner;

    (void)event;
    if (easydma_outstanding(dma_of(pdm), pdm->sample)) {
        scheduler_add(pdm->regs.fabric->scheduler, EVENT_PDM_STOP, 0, 1, 0);
        return;
    }
    end_transfer(pdm);
    go_idle(pdm);
    regfile_raise(&pdm->regs, EVENTS_STOPPED);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct pdm *pdm = owner;

    (void)index;
    regfile_raise(&pdm->regs, EVENTS_STARTED);
    offer(pdm);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct pdm *pdm = owner;
    struct pdm_state *state = &pdm->state;

    (void)index, (void)offset;
    fifo_take(bytes, state->fifo, PDM_FIFO, &state->waiting, size);
    if (state->late && !state->stopping && has_room(pdm)) {
        state->late = false;
        scheduler_add(pdm->regs.fabric->scheduler, EVENT_PDM_SAMPLE, 0, 1, 0);
    }
}

static void drained(void *owner, unsigned index)
{
    struct pdm *pdm = owner;

    (void)index;
    if (is_empty_buffer(pdm) && !pdm->state.stopping)
        return;
    end_transfer(pdm);
    begin_next_buffer(pdm);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct pdm *pdm = owner;

    (void)index, (void)amount;
    regfile_raise(&pdm->regs, EVENTS_END);
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct pdm *pdm = owner;

    (void)index, (void)value;
    if (is_enabled(pdm))
        return;
    if (easydma_running(dma_of(pdm), pdm->sample))
        regfile_misuse(&pdm->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(dma_of(pdm), pdm->sample);
    go_idle(pdm);
}

static const struct reg_hook pdm_hooks[] = {
    {TASKS_START, start, NULL},
    {TASKS_STOP, stop, NULL},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec pdm_spec = {
    .name = "PDM",
    .base = BASE_PDM,
    .size = REGFILE_SIZE,
    .irq = LINE_PDM,
    .regs = pdm_regs,
    .reg_count = ARRAY_LENGTH(pdm_regs),
    .fields = pdm_fields,
    .field_count = ARRAY_LENGTH(pdm_fields),
    .hooks = pdm_hooks,
};

static const struct easydma_ops dma_ops = {
    .started = started, .supply = supply, .drained = drained, .ended = ended};

void pdm_init(struct pdm *pdm, struct fabric *fabric, const struct block_spec *spec)
{
    const struct easydma_channel sample = {
        .name = {"PDM", "SAMPLE", "TASKS_START", 0xfffe, DMA_ON_CHIP},
        .direction = DMA_WRITES_RAM,
        .ptr = SAMPLE_PTR,
        .maxcnt = SAMPLE_MAXCNT,
        .end_event = EVENTS_END,
        .started_event = EVENTS_STARTED,
        .tells = {EVENTS_STOPPED, EVENTS_STARTED},
        .count_mask = 0x7fff,
        .unit = SAMPLE_BYTES,
        .paced = true};

    *pdm = (struct pdm){.microphone = fabric->board ? &fabric->board->microphone : NULL};
    regfile_init(&pdm->regs, spec, fabric, pdm);
    state_register(fabric->state, "PDM", &pdm->state, sizeof pdm->state);
    scheduler_handle(fabric->scheduler, EVENT_PDM_SAMPLE, sample_is_due, pdm);
    scheduler_handle(fabric->scheduler, EVENT_PDM_STOP, stop_is_due, pdm);
    pdm->sample = easydma_add(fabric->easydma, &pdm->regs, sample, &dma_ops, pdm);
}

void pdm_reset(struct pdm *pdm, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&pdm->regs);
    go_idle(pdm);
}
