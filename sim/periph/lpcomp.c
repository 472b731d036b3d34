/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LPCOMP: low-power comparator (PS v1.7, 6.13).
 *
 * Deviations:
 *   1. It is ready after a choice (LPCOMP_START).
 *   2. Its output follows the input without delay.
 *   3. The hysteresis is 25 mV on either side.
 */
#include "sim/periph/comparator.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/lpcomp.def"
};

static const struct reg_desc lpcomp_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/lpcomp.def"
};

static const struct field_desc lpcomp_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/lpcomp.def"
};
/* clang-format on */

enum {
    HALF_HYSTERESIS = 25,
    REFSEL_EXTERNAL = 7,
    DETECT_CROSS = 0,
    DETECT_UP = 1,
    DETECT_DOWN = 2
};

static uint32_t input(const struct comparator *comparator, uint32_t select)
{
    return comparator->fabric->analog->state.millivolts[regfile_get(&comparator->regs, select)];
}

/* In sixteenths of VDD: 0..6 are 2, 4, ... 14 of them, 8..15 are 1, 3, ... 15. */
static uint32_t reference(const struct comparator *comparator)
{
    uint32_t supply = comparator->fabric->analog->state.supply;
    uint32_t refsel = regfile_get(&comparator->regs, REFSEL);

    if (refsel == REFSEL_EXTERNAL)
        return input(comparator, EXTREFSEL);
    return supply * (refsel < REFSEL_EXTERNAL ? 2 * (refsel + 1) : 2 * (refsel - 8) + 1) / 16;
}

static struct comparison compare(const struct comparator *comparator)
{
    uint32_t half = regfile_get(&comparator->regs, HYST) ? HALF_HYSTERESIS : 0;
    uint32_t against = reference(comparator);

    return (struct comparison){.input = input(comparator, PSEL),
                               .down = against > half ? against - half : 0,
                               .up = against + half};
}

static void crossed(struct comparator *comparator, bool up)
{
    uint32_t detect = regfile_get(&comparator->regs, ANADETECT);

    if (detect == DETECT_CROSS || detect == (up ? DETECT_UP : DETECT_DOWN))
        wire_set(comparator->fabric->wires, WIRE_ANADETECT, true);
}

static const struct comparator_kind kind = {.compare = compare,
                                            .crossed = crossed,
                                            .ready = EVENT_LPCOMP_READY,
                                            .start_time = CHOICE_LPCOMP_START};

const struct block_spec lpcomp_spec = {
    .name = "LPCOMP",
    .base = BASE_COMP_LPCOMP,
    .size = REGFILE_SIZE,
    .irq = LINE_COMP_LPCOMP,
    .regs = lpcomp_regs,
    .reg_count = ARRAY_LENGTH(lpcomp_regs),
    .fields = lpcomp_fields,
    .field_count = ARRAY_LENGTH(lpcomp_fields),
    .hooks = comparator_hooks,
    .shorts = comparator_shorts,
    .short_count = COMPARATOR_SHORTS,
    .enable = ENABLE,
    .personality = 1,
};

void lpcomp_init(struct lpcomp *lpcomp, struct fabric *fabric, const struct block_spec *spec)
{
    comparator_init(&lpcomp->comparator, fabric, spec, &kind);
}

void lpcomp_reset(struct lpcomp *lpcomp, enum reset_kind reason)
{
    wire_set(lpcomp->comparator.fabric->wires, WIRE_ANADETECT, false);
    if (reason != RESET_INTO_OFF)
        comparator_reset(&lpcomp->comparator);
}
