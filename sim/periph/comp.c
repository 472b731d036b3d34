/* SPDX-License-Identifier: Apache-2.0 */
/*
 * COMP: comparator (PS v1.7, 6.5).
 *
 * Deviations:
 *   1. It is ready after a choice (COMP_START), whatever the mode and the reference.
 *   2. Its output follows the input without delay, in all modes of speed.
 *   3. TH and MODE act when the input or another setting changes next.
 *   4. The hysteresis of the differential mode is 25 mV on either side.
 */
#include "sim/periph/comparator.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/comp.def"
};

static const struct reg_desc comp_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/comp.def"
};

static const struct field_desc comp_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/comp.def"
};
/* clang-format on */

enum { HALF_HYSTERESIS = 25 };

static uint32_t input(const struct comparator *comparator, uint32_t select)
{
    return comparator->fabric->analog->state.millivolts[regfile_get(&comparator->regs, select)];
}

static uint32_t reference(const struct comparator *comparator)
{
    static const uint32_t internal[] = {1200, 1800, 2400};
    uint32_t refsel = regfile_get(&comparator->regs, REFSEL);

    if (refsel < ARRAY_LENGTH(internal))
        return internal[refsel];
    return refsel == 5 ? input(comparator, EXTREFSEL) : comparator->fabric->analog->state.supply;
}

static uint32_t threshold(uint32_t reference, uint32_t step)
{
    return (step + 1) * reference / 64;
}

static struct comparison compare(const struct comparator *comparator)
{
    const struct regfile *regs = &comparator->regs;
    uint32_t th = regfile_get(regs, TH);
    uint32_t against = input(comparator, EXTREFSEL);
    uint32_t half = regfile_get(regs, HYST) ? HALF_HYSTERESIS : 0;

    if (regfile_get(regs, MODE) & bit32(MODE_MAIN_LSB))
        return (struct comparison){.input = input(comparator, PSEL),
                                   .down = against > half ? against - half : 0,
                                   .up = against + half};
    return (struct comparison){
        .input = input(comparator, PSEL),
        .down = threshold(reference(comparator), extract32(th, TH_THDOWN_LSB, TH_THDOWN_WIDTH)),
        .up = threshold(reference(comparator), extract32(th, TH_THUP_LSB, TH_THUP_WIDTH))};
}

static const struct comparator_kind kind = {
    .compare = compare, .ready = EVENT_COMP_READY, .start_time = CHOICE_COMP_START};

const struct block_spec comp_spec = {
    .name = "COMP",
    .base = BASE_COMP_LPCOMP,
    .size = REGFILE_SIZE,
    .irq = LINE_COMP_LPCOMP,
    .regs = comp_regs,
    .reg_count = ARRAY_LENGTH(comp_regs),
    .fields = comp_fields,
    .field_count = ARRAY_LENGTH(comp_fields),
    .hooks = comparator_hooks,
    .shorts = comparator_shorts,
    .short_count = COMPARATOR_SHORTS,
    .enable = ENABLE,
    .personality = 2,
};

void comp_init(struct comp *comp, struct fabric *fabric, const struct block_spec *spec)
{
    comparator_init(&comp->comparator, fabric, spec, &kind);
}

void comp_reset(struct comp *comp, enum reset_kind reason)
{
    if (reason != RESET_INTO_OFF) /* LPCOMP goes on with the registers they share */
        comparator_reset(&comp->comparator);
    comp->comparator.state.running = 0;
}
