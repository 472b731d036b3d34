/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SAADC (PS v1.7, 6.23).
 *
 * Deviations:
 *   1. An ideal converter: no noise, no offset, no settling. VDD is 3.0 V, VDDH 5.0 V.
 *   2. A conversion takes TACQ and 2 us. SAMPLE during one, and SAMPLE without a buffer (before
 *      START, behind END), has no effect. Right behind START it has one: the conversion takes
 * longer than the capture of the buffer, and the vendor's driver does not wait for STARTED.
 *   3. Without BURST a result with OVERSAMPLE takes that many SAMPLE tasks; with more than one
 *      channel, which the manual forbids, OVERSAMPLE is ignored.
 *   4. STOP ends a buffer that was captured with what is in it: END, and then STOPPED, as the
 *      vendor's driver expects (nrfx_saadc.c); the specification says nothing of END. What is being
 *      converted is lost.
 *   5. CALIBRATEOFFSET takes time and changes nothing; its duration is a choice point.
 *   6. START while its buffer is being filled is reported and has no effect.
 *   7. ENABLE cleared between samples keeps a buffer that was started.
 */
#include "sim/periph/saadc.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/base/fifo.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/saadc.def"
};

static const struct reg_desc saadc_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/saadc.def"
};

static const struct field_desc saadc_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/saadc.def"
};
/* clang-format on */

enum { US = 64, CONVERSION_US = 2, RESULT_BYTES = 2 };
enum { VDD_UV = 3000000, VDDH_UV = 5000000, INTERNAL_REFERENCE_UV = 600000 };
enum { PSEL_VDD = 9, PSEL_VDDH_BY_5 = 13 };

#define FIELD_OF(saadc, reg, field, index)                                                         \
    extract32(regfile_get(&(saadc)->regs, (reg) + (index) * (uint32_t)reg##_STRIDE),               \
              reg##_##field##_LSB, reg##_##field##_WIDTH)

static struct easydma *dma_of(const struct saadc *saadc)
{
    return saadc->regs.fabric->easydma;
}

static bool is_enabled(const struct saadc *saadc)
{
    return regfile_get(&saadc->regs, ENABLE) & 1;
}

/* A task that has no effect while the block is disabled. */
static bool arrives(struct saadc *saadc, uint32_t task)
{
    if (is_enabled(saadc))
        return true;
    regfile_misuse(&saadc->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static bool is_on(const struct saadc *saadc, unsigned channel)
{
    return FIELD_OF(saadc, CH_PSELP, PSELP, channel) != 0;
}

static unsigned channels_on(const struct saadc *saadc)
{
    unsigned count = 0;

    for (unsigned channel = 0; channel < SAADC_CHANNELS; channel++)
        count += is_on(saadc, channel);
    return count;
}

/* The first channel from `channel` on that is on; SAADC_CHANNELS: none. */
static unsigned next_on(const struct saadc *saadc, unsigned channel)
{
    while (channel < SAADC_CHANNELS && !is_on(saadc, channel))
        channel++;
    return channel;
}

/* ---- One conversion -------------------------------------------------------------------------- */

static int32_t microvolts_at(struct saadc *saadc, uint32_t psel)
{
    if (psel == PSEL_VDD)
        return VDD_UV;
    if (psel == PSEL_VDDH_BY_5)
        return VDDH_UV / 5;
    if (!psel || psel > ANALOG_INPUTS || !saadc->analog)
        return 0;
    return analog_sample(saadc->analog, psel - 1);
}

static int32_t clamp(int64_t value, int32_t lowest, int32_t highest)
{
    if (value < lowest)
        return lowest;
    return value > highest ? highest : (int32_t)value;
}

/* (P - N) * GAIN / REFERENCE * 2^(bits - m), with m = 1 in differential mode (PS v1.7, 6.23.2). */
static int32_t convert(struct saadc *saadc, unsigned channel)
{
    static const struct {
        uint8_t times;
        uint8_t by;
    } gains[] = {{1, 6}, {1, 5}, {1, 4}, {1, 3}, {1, 2}, {1, 1}, {2, 1}, {4, 1}};
    static const uint8_t resolutions[] = {8, 10, 12, 14, 14, 14, 14, 14};
    bool differential = FIELD_OF(saadc, CH_CONFIG, MODE, channel);
    uint32_t gain = FIELD_OF(saadc, CH_CONFIG, GAIN, channel);
    unsigned bits = resolutions[FIELD_OF(saadc, RESOLUTION, VAL, 0)] - (differential ? 1u : 0u);
    int64_t input = microvolts_at(saadc, FIELD_OF(saadc, CH_PSELP, PSELP, channel));
    int64_t reference =
        FIELD_OF(saadc, CH_CONFIG, REFSEL, channel) ? VDD_UV / 4 : INTERNAL_REFERENCE_UV;

    if (differential)
        input -= microvolts_at(saadc, FIELD_OF(saadc, CH_PSELN, PSELN, channel));
    input = input * gains[gain].times * ((int64_t)1 << bits) / (reference * gains[gain].by);
    return clamp(input, differential ? -(1 << bits) : 0, (1 << bits) - 1);
}

static sim_time conversion_time(const struct saadc *saadc, unsigned channel)
{
    static const uint8_t acquisition_us[] = {3, 5, 10, 15, 20, 40, 40, 40};
    uint32_t tacq = FIELD_OF(saadc, CH_CONFIG, TACQ, channel);

    return (sim_time)(acquisition_us[tacq] + CONVERSION_US) * US;
}

static void begin_conversion(struct saadc *saadc, unsigned channel)
{
    saadc->state.channel = (uint8_t)channel;
    saadc->state.busy = true;
    regfile_set(&saadc->regs, STATUS, 1);
    scheduler_add(saadc->regs.fabric->scheduler, EVENT_SAADC_CONVERTED, 0,
                  conversion_time(saadc, channel), 0);
}

static void become_idle(struct saadc *saadc)
{
    saadc->state.busy = false;
    saadc->state.channel = 0;
    regfile_set(&saadc->regs, STATUS, 0);
}

/* ---- Results --------------------------------------------------------------------------------- */

static void compare(struct saadc *saadc, unsigned channel, int16_t result)
{
    uint32_t limit = regfile_get(&saadc->regs, CH_LIMIT + channel * (uint32_t)CH_LIMIT_STRIDE);

    if (result >= (int16_t)(limit >> 16))
        regfile_raise(&saadc->regs, EVENTS_CH_LIMITH + 8 * channel);
    if (result <= (int16_t)(limit & 0xffff))
        regfile_raise(&saadc->regs, EVENTS_CH_LIMITL + 8 * channel);
}

static void deliver(struct saadc *saadc, unsigned channel, int16_t result)
{
    struct saadc_state *state = &saadc->state;

    if (easydma_captured(dma_of(saadc), saadc->result) &&
        state->waiting + RESULT_BYTES <= SAADC_FIFO) {
        store_le(&state->fifo[state->waiting], RESULT_BYTES, (uint16_t)result);
        state->waiting = (uint8_t)(state->waiting + RESULT_BYTES);
        easydma_request(dma_of(saadc), saadc->result, RESULT_BYTES);
    }
    regfile_raise(&saadc->regs, EVENTS_RESULTDONE);
    compare(saadc, channel, result);
}

static unsigned conversions_wanted(const struct saadc *saadc)
{
    return channels_on(saadc) > 1 ? 1 : 1u << FIELD_OF(saadc, OVERSAMPLE, OVERSAMPLE, 0);
}

/* Goes on with the same channel, the next one, or not at all. */
static void go_on(struct saadc *saadc, unsigned channel)
{
    unsigned next;

    if (saadc->state.conversions) { /* the result is not complete */
        if (FIELD_OF(saadc, CH_CONFIG, BURST, channel))
            begin_conversion(saadc, channel);
        return;
    }
    next = next_on(saadc, channel + 1);
    if (next < SAADC_CHANNELS)
        begin_conversion(saadc, next);
}

static void converted(void *owner, const struct event *event)
{
    struct saadc *saadc = owner;
    struct saadc_state *state = &saadc->state;
    unsigned channel = state->channel;
    unsigned wanted = conversions_wanted(saadc);

    (void)event;
    become_idle(saadc);
    state->sum += convert(saadc, channel);
    state->conversions++;
    regfile_raise(&saadc->regs, EVENTS_DONE);
    if (state->conversions >= wanted) {
        int16_t result = (int16_t)(state->sum / (int32_t)state->conversions);

        state->sum = 0;
        state->conversions = 0;
        deliver(saadc, channel, result);
    }
    if (!state->busy) /* DONE and RESULTDONE may have triggered tasks */
        go_on(saadc, channel);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void start(void *owner, unsigned index, uint32_t value)
{
    struct saadc *saadc = owner;

    (void)index, (void)value;
    if (!arrives(saadc, TASKS_START))
        return;
    if (easydma_running(dma_of(saadc), saadc->result)) {
        regfile_misuse(&saadc->regs, MISUSE_DMA_BUSY, TASKS_START, 1); /* deviation 6 */
        return;
    }
    easydma_start(dma_of(saadc), saadc->result, saadc->regs.fabric->trigger);
}

static void take_sample(struct saadc *saadc)
{
    unsigned first = next_on(saadc, 0);

    if (first < SAADC_CHANNELS && !saadc->state.busy &&
        easydma_running(dma_of(saadc), saadc->result))
        begin_conversion(saadc, first);
}

static void schedule_sample(struct saadc *saadc)
{
    uint32_t cc = FIELD_OF(saadc, SAMPLERATE, CC, 0);

    /* CC counts at 16 MHz. */
    scheduler_add(saadc->regs.fabric->scheduler, EVENT_SAADC_SAMPLE, 0, 4 * (cc ? cc : 1), 0);
}

static void sample_is_due(void *owner, const struct event *event)
{
    struct saadc *saadc = owner;

    (void)event;
    take_sample(saadc);
    schedule_sample(saadc);
}

static void sample(void *owner, unsigned index, uint32_t value)
{
    struct saadc *saadc = owner;

    (void)index, (void)value;
    if (!arrives(saadc, TASKS_SAMPLE))
        return;
    take_sample(saadc);
    if (FIELD_OF(saadc, SAMPLERATE, MODE, 0) && !saadc->state.continuous) {
        saadc->state.continuous = true;
        schedule_sample(saadc);
    }
}

/* Conversions end where they are. */
static void stand_still(struct saadc *saadc)
{
    struct scheduler *scheduler = saadc->regs.fabric->scheduler;

    scheduler_cancel(scheduler, EVENT_SAADC_CONVERTED, 0);
    scheduler_cancel(scheduler, EVENT_SAADC_SAMPLE, 0);
    scheduler_cancel(scheduler, EVENT_SAADC_STOP, 0);
    saadc->state.continuous = false;
    saadc->state.sum = 0;
    saadc->state.conversions = 0;
    become_idle(saadc);
}

static void end_transfer(struct saadc *saadc)
{
    if (easydma_running(dma_of(saadc), saadc->result))
        easydma_end(dma_of(saadc), saadc->result);
}

/* The converter stands at once; its last results may still be on their way to RAM. */
static void stop(void *owner, unsigned index, uint32_t value)
{
    struct saadc *saadc = owner;

    (void)index, (void)value;
    if (!arrives(saadc, TASKS_STOP))
        return;
    stand_still(saadc);
    scheduler_add(saadc->regs.fabric->scheduler, EVENT_SAADC_STOP, 0, 1, 0);
}

static void stop_is_due(void *owner, const struct event *event)
{
    struct saadc *saadc = owner;

    (void)event;
    if (easydma_outstanding(dma_of(saadc), saadc->result)) {
        scheduler_add(saadc->regs.fabric->scheduler, EVENT_SAADC_STOP, 0, 1, 0);
        return;
    }
    end_transfer(saadc); /* deviation 4 */
    regfile_raise(&saadc->regs, EVENTS_STOPPED);
}

static void calibrateoffset(void *owner, unsigned index, uint32_t value)
{
    struct saadc *saadc = owner;
    struct fabric *fabric = saadc->regs.fabric;

    (void)index, (void)value;
    if (!arrives(saadc, TASKS_CALIBRATEOFFSET))
        return;
    scheduler_cancel(fabric->scheduler, EVENT_SAADC_CALIBRATED, 0);
    scheduler_add(fabric->scheduler, EVENT_SAADC_CALIBRATED, 0,
                  choose(fabric->chooser, CHOICE_SAADC_CALIBRATION, 0), 0);
}

static void calibrated(void *owner, const struct event *event)
{
    struct saadc *saadc = owner;

    (void)event;
    regfile_raise(&saadc->regs, EVENTS_CALIBRATEDONE);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct saadc *saadc = owner;

    (void)index;
    regfile_raise(&saadc->regs, EVENTS_STARTED);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct saadc_state *state = &((struct saadc *)owner)->state;

    (void)index, (void)offset;
    fifo_take(bytes, state->fifo, SAADC_FIFO, &state->waiting, size);
}

static void drained(void *owner, unsigned index)
{
    (void)index;
    end_transfer(owner);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct saadc *saadc = owner;

    (void)index, (void)amount;
    saadc->state.waiting = 0; /* what did not fit is lost */
    memset(saadc->state.fifo, 0, sizeof saadc->state.fifo);
    regfile_raise(&saadc->regs, EVENTS_END);
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void go_idle(struct saadc *saadc)
{
    scheduler_cancel(saadc->regs.fabric->scheduler, EVENT_SAADC_CALIBRATED, 0);
    stand_still(saadc);
    memset(&saadc->state, 0, sizeof saadc->state);
}

/* Between two samples ENABLE may be cleared, as the vendor's driver of touch buttons does to save
 * current: a buffer that was started waits for the next sample. */
static bool is_converting(const struct saadc *saadc)
{
    return saadc->state.busy || saadc->state.continuous || saadc->state.waiting ||
           scheduler_when(saadc->regs.fabric->scheduler, EVENT_SAADC_CALIBRATED, 0) !=
               SIM_TIME_NEVER;
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct saadc *saadc = owner;

    (void)index, (void)value;
    if (is_enabled(saadc) || !is_converting(saadc))
        return;
    if (easydma_running(dma_of(saadc), saadc->result))
        regfile_misuse(&saadc->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(dma_of(saadc), saadc->result);
    go_idle(saadc);
}

static const struct reg_hook saadc_hooks[] = {
    {TASKS_START, start, NULL},     {TASKS_SAMPLE, sample, NULL},
    {TASKS_STOP, stop, NULL},       {TASKS_CALIBRATEOFFSET, calibrateoffset, NULL},
    {ENABLE, enable_written, NULL}, {0, NULL, NULL},
};

const struct block_spec saadc_spec = {
    .name = "SAADC",
    .base = BASE_SAADC,
    .size = REGFILE_SIZE,
    .irq = LINE_SAADC,
    .regs = saadc_regs,
    .reg_count = ARRAY_LENGTH(saadc_regs),
    .fields = saadc_fields,
    .field_count = ARRAY_LENGTH(saadc_fields),
    .hooks = saadc_hooks,
};

static const struct easydma_ops dma_ops = {
    .started = started, .supply = supply, .drained = drained, .ended = ended};

void saadc_init(struct saadc *saadc, struct fabric *fabric, const struct block_spec *spec)
{
    const struct easydma_channel result = {
        .name = {"SAADC", "RESULT", "TASKS_START", 0xfffe, DMA_ON_CHIP},
        .direction = DMA_WRITES_RAM,
        .ptr = RESULT_PTR,
        .maxcnt = RESULT_MAXCNT,
        .amount = RESULT_AMOUNT,
        .end_event = EVENTS_END,
        .started_event = EVENTS_STARTED,
        .tells = {EVENTS_STOPPED},
        .count_mask = 0x7fff,
        .unit = RESULT_BYTES,
        .paced = true};

    *saadc = (struct saadc){.analog = fabric->board ? &fabric->board->analog : NULL};
    regfile_init(&saadc->regs, spec, fabric, saadc);
    state_register(fabric->state, "SAADC", &saadc->state, sizeof saadc->state);
    scheduler_handle(fabric->scheduler, EVENT_SAADC_CONVERTED, converted, saadc);
    scheduler_handle(fabric->scheduler, EVENT_SAADC_SAMPLE, sample_is_due, saadc);
    scheduler_handle(fabric->scheduler, EVENT_SAADC_STOP, stop_is_due, saadc);
    scheduler_handle(fabric->scheduler, EVENT_SAADC_CALIBRATED, calibrated, saadc);
    saadc->result = easydma_add(fabric->easydma, &saadc->regs, result, &dma_ops, saadc);
}

void saadc_reset(struct saadc *saadc, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&saadc->regs);
    go_idle(saadc);
}
