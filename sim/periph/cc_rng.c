/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CC_RNG: the noise source of the CRYPTOCELL engine (PS, CRYPTOCELL).
 *
 * Deviations:
 *   1. The numbers are pseudo-random, from the seed of the machine; another stream than RNG's.
 *   2. 192 bits take 192 times SAMPLE_CNT cycles of 64 MHz, four times that with the von Neumann
 *      balancer. ROSC_LEN and RNG_WATCHDOG_VAL make no difference, and no test ever fails.
 *   3. The next 192 bits are collected as soon as EHR_DATA[5] was read, or EHR_VALID cleared.
 *   4. RNG_DMA stores all its samples at once, at the end, from one ring oscillator, and needs no
 *      NOISE_SOURCE. While it is on, EHR_DATA stays as it is.
 */
#include "sim/periph/cc_rng.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_COUNT = (count),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/cc_rng.def"
};

static const struct reg_desc cc_rng_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_rng.def"
};

static const struct field_desc cc_rng_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/cc_rng.def"
};
/* clang-format on */

enum { EHR_VALID = 1, DMA_DONE = 1 << 5, BITS = 192, BALANCED = 4, BUSY = 3, END = 0x1e0 };

/* Another seed than RNG's, so that the two do not give the same numbers. */
#define SEED_OFFSET 0x9e3779b97f4a7c15u

#define FIELD_OF(rng, reg, field)                                                                  \
    extract32(regfile_get(&(rng)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

static void tell(struct cc_rng *rng)
{
    if (rng->interrupt)
        rng->interrupt(rng->owner,
                       regfile_get(&rng->regs, RNG_ISR) & ~regfile_get(&rng->regs, RNG_IMR));
}

/* What was collected so far is kept: switched on again, the source goes on. */
static void stop(struct cc_rng *rng)
{
    struct scheduler *scheduler = rng->regs.fabric->scheduler;

    if (rng->state.collecting && scheduler_when(scheduler, EVENT_CC_RNG_READY, 0) != SIM_TIME_NEVER)
        rng->state.left = scheduler_when(scheduler, EVENT_CC_RNG_READY, 0) - scheduler->state.now;
    scheduler_cancel(scheduler, EVENT_CC_RNG_READY, 0);
    rng->state.collecting = false;
    regfile_set(&rng->regs, RNG_BUSY, 0);
}

/* How long 192 bits take. */
static sim_time one_collection(const struct cc_rng *rng)
{
    sim_time samples = (sim_time)BITS * (FIELD_OF(rng, TRNG_DEBUG, VNC_BYPASS) ? 1 : BALANCED);
    uint32_t pause = regfile_get(&rng->regs, SAMPLE_CNT);

    return samples * (pause ? pause : 1);
}

static void collect(struct cc_rng *rng)
{
    if (rng->state.collecting || !rng->state.clocked || !FIELD_OF(rng, NOISE_SOURCE, ENABLE) ||
        FIELD_OF(rng, TRNG_VALID, EHR_DATA) || FIELD_OF(rng, RNG_DMA, ENABLE))
        return;
    rng->state.collecting = true;
    regfile_set(&rng->regs, RNG_BUSY, BUSY);
    scheduler_add(rng->regs.fabric->scheduler, EVENT_CC_RNG_READY, 0,
                  rng->state.left ? rng->state.left : one_collection(rng), 0);
}

static void bits_are_ready(void *owner, const struct event *event)
{
    struct cc_rng *rng = owner;

    (void)event;
    stop(rng);
    rng->state.left = 0;
    for (unsigned i = 0; i < EHR_DATA_COUNT; i++)
        regfile_set(&rng->regs, EHR_DATA + 4 * i, (uint32_t)(rng_next(&rng->state.stream) >> 32));
    regfile_set(&rng->regs, TRNG_VALID, 1);
    regfile_set(&rng->regs, RNG_ISR, regfile_get(&rng->regs, RNG_ISR) | EHR_VALID);
    tell(rng);
}

/* The bits are used up. */
static void forget_bits(struct cc_rng *rng)
{
    rng->state.left = 0;
    for (unsigned i = 0; i < EHR_DATA_COUNT; i++)
        regfile_set(&rng->regs, EHR_DATA + 4 * i, 0);
    regfile_set(&rng->regs, TRNG_VALID, 0);
}

/* ---- RNG_DMA --------------------------------------------------------------------------------- */

static void stop_dma(struct cc_rng *rng)
{
    scheduler_cancel(rng->regs.fabric->scheduler, EVENT_CC_RNG_DMA, 0);
    regfile_set(&rng->regs, RNG_DMA_BUSY, 0);
}

static void collect_by_dma(struct cc_rng *rng)
{
    uint32_t samples = FIELD_OF(rng, RNG_DMA_SAMPLES_NUM, RNG_SAMPLES_NUM);

    if (!rng->state.clocked || !FIELD_OF(rng, RNG_DMA, ENABLE) || !samples ||
        FIELD_OF(rng, RNG_DMA_BUSY, STATUS))
        return;
    stop(rng);
    regfile_set(&rng->regs, RNG_DMA_BUSY, 1);
    scheduler_add(rng->regs.fabric->scheduler, EVENT_CC_RNG_DMA, 0, samples * one_collection(rng),
                  0);
}

static void samples_are_ready(void *owner, const struct event *event)
{
    struct cc_rng *rng = owner;
    uint32_t words = FIELD_OF(rng, RNG_DMA_SAMPLES_NUM, RNG_SAMPLES_NUM) * EHR_DATA_COUNT;
    uint32_t address = FIELD_OF(rng, RNG_DMA_SRAM_ADDR, RNG_SRAM_DMA_ADDR);

    (void)event;
    for (uint32_t i = 0; i < words && rng->store; i++)
        rng->store(rng->owner, address + 4 * i, (uint32_t)(rng_next(&rng->state.stream) >> 32));
    regfile_set(&rng->regs, RNG_DMA_BUSY, 0);
    regfile_set(&rng->regs, RNG_ISR, regfile_get(&rng->regs, RNG_ISR) | DMA_DONE);
    tell(rng);
}

/* ---- Registers ------------------------------------------------------------------------------- */

static uint32_t ehr_data_read(void *owner, unsigned index)
{
    struct cc_rng *rng = owner;
    uint32_t value = regfile_get(&rng->regs, EHR_DATA + 4 * index);

    if (index == EHR_DATA_COUNT - 1 && FIELD_OF(rng, TRNG_VALID, EHR_DATA)) {
        forget_bits(rng);
        collect(rng);
    }
    return value;
}

static void imr_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    tell(owner);
}

static void icr_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_rng *rng = owner;

    (void)index;
    regfile_set(&rng->regs, RNG_ISR, regfile_get(&rng->regs, RNG_ISR) & ~value);
    tell(rng);
    if (value & EHR_VALID)
        collect(rng);
}

static void noise_source_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    if (value & 1)
        collect(owner);
    else
        stop(owner);
}

static void clk_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_rng *rng = owner;

    (void)index;
    rng->state.clocked = value & 1;
    if (rng->state.clocked) {
        collect_by_dma(rng);
        collect(rng);
    } else {
        stop_dma(rng);
        stop(rng);
    }
}

static void trng_reset_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_rng *rng = owner;

    (void)index;
    if (!(value & 1))
        return;
    stop(rng);
    forget_bits(rng);
    regfile_set(&rng->regs, RNG_ISR, 0);
    tell(rng);
    collect(rng);
}

static void sw_reset_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_rng *rng = owner;

    (void)index;
    if (!(value & 1))
        return;
    stop_dma(rng);
    stop(rng);
    rng->state.left = 0;
    regfile_reset(&rng->regs);
    tell(rng);
}

static void autocorr_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_rng *rng = owner;

    (void)index, (void)value;
    regfile_set(&rng->regs, AUTOCORR_STATISTIC, 0);
}

static void dma_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_rng *rng = owner;

    (void)index;
    if (value & 1) {
        collect_by_dma(rng);
    } else {
        stop_dma(rng);
        collect(rng);
    }
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook cc_rng_hooks[] = {
    {RNG_IMR, imr_written, NULL},
    {RNG_ICR, icr_written, NULL},
    {EHR_DATA, NULL, ehr_data_read},
    {NOISE_SOURCE, noise_source_written, NULL},
    {AUTOCORR_STATISTIC, autocorr_written, NULL},
    {RNG_SW_RESET, sw_reset_written, NULL},
    {TRNG_RESET, trng_reset_written, NULL},
    {RNG_CLK, clk_written, NULL},
    {RNG_DMA, dma_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec cc_rng_spec = {
    .name = "CC_RNG",
    .base = BASE_CRYPTOCELL + REGFILE_SIZE,
    .first = RNG_IMR,
    .size = END,
    .irq = NO_IRQ,
    .regs = cc_rng_regs,
    .reg_count = ARRAY_LENGTH(cc_rng_regs),
    .fields = cc_rng_fields,
    .field_count = ARRAY_LENGTH(cc_rng_fields),
    .hooks = cc_rng_hooks,
};

void cc_rng_init(struct cc_rng *rng, struct fabric *fabric)
{
    rng->state = (struct cc_rng_state){.clocked = 0};
    rng_seed(&rng->state.stream, fabric->seed + SEED_OFFSET);
    regfile_init(&rng->regs, &cc_rng_spec, fabric, rng);
    state_register(fabric->state, "CC_RNG", &rng->state, sizeof rng->state);
    scheduler_handle(fabric->scheduler, EVENT_CC_RNG_READY, bits_are_ready, rng);
    scheduler_handle(fabric->scheduler, EVENT_CC_RNG_DMA, samples_are_ready, rng);
}

void cc_rng_reset(struct cc_rng *rng, enum reset_kind reason)
{
    stop_dma(rng);
    stop(rng);
    regfile_reset(&rng->regs);
    rng->state.clocked = 0;
    rng->state.left = 0;
    if (reason == RESET_POWER_ON)
        rng_seed(&rng->state.stream, rng->regs.fabric->seed + SEED_OFFSET);
}
