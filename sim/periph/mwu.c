/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MWU: memory watch unit (PS v1.7, 6.14).
 *
 * Regions of memory are watched through the trace stream, registers of peripherals through the bus:
 * while no region is enabled nobody listens, and accesses cost nothing.
 *
 * Deviations:
 *   1. Loads, stores and the stacking of exceptions count; fetches of instructions and EasyDMA do
 *      not.
 *   2. RAM is watched at its data addresses, whichever of its two addresses the CPU used.
 *   3. An access is noticed behind its instruction, and as many times as the instruction makes it.
 */
#include "sim/periph/mwu.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/mem/map.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_STRIDE = (stride),
#include "driver/regs/mwu.def"
};

static const struct reg_desc mwu_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/mwu.def"
};

static const struct field_desc mwu_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/mwu.def"
};
/* clang-format on */

enum { PREGION_SIZE = 0x20000, PAGE_BITS = 12, PREGION_BIT = 24 };

static uint32_t at(uint32_t reg, uint32_t n, uint32_t stride)
{
    return reg + n * stride;
}

/* ---- What is watched ------------------------------------------------------------------------- */

/* Bits of REGIONEN and its like: writes and reads of region or peripheral region `n`. */
static uint32_t write_bit(unsigned first, unsigned n)
{
    return bit32(first + 2 * n);
}

static uint32_t read_bit(unsigned first, unsigned n)
{
    return bit32(first + 2 * n + 1);
}

static struct byte_range region(const struct mwu *mwu, unsigned n)
{
    uint32_t start = regfile_get(&mwu->regs, at(REGION_START, n, REGION_START_STRIDE));
    uint32_t end = regfile_get(&mwu->regs, at(REGION_END, n, REGION_END_STRIDE));
    uint32_t size = end < start ? 0 : end - start + (end - start != UINT32_MAX);

    return (struct byte_range){start, size};
}

static void unwatch(struct mwu *mwu, unsigned n)
{
    if (mwu->state.watched[n].size)
        trace_unwatch(mwu->regs.fabric->trace, mwu->state.watched[n], mwu->state.kinds[n]);
    mwu->state.watched[n] = (struct byte_range){0, 0};
    mwu->state.kinds[n] = 0;
}

static void renew_region(struct mwu *mwu, unsigned n)
{
    uint32_t enabled = regfile_get(&mwu->regs, REGIONEN);
    struct byte_range range = region(mwu, n);
    uint32_t kinds = 0;

    kinds |= enabled & write_bit(0, n) ? (uint32_t)WATCH_STORES : 0;
    kinds |= enabled & read_bit(0, n) ? (uint32_t)WATCH_LOADS : 0;
    unwatch(mwu, n);
    if (!kinds || !range.size)
        return;
    mwu->state.watched[n] = range;
    mwu->state.kinds[n] = kinds;
    trace_watch(mwu->regs.fabric->trace, range, kinds);
    if (range.start + (range.size - 1) >= APB_BASE)
        mwu->state.registers = 1;
}

static void renew(void *owner, unsigned index, uint32_t value)
{
    struct mwu *mwu = owner;

    (void)index, (void)value;
    mwu->state.registers = regfile_get(&mwu->regs, REGIONEN) >> PREGION_BIT;
    for (unsigned n = 0; n < MWU_REGIONS; n++)
        renew_region(mwu, n);
}

/* ---- Accesses -------------------------------------------------------------------------------- */

static void fire(struct mwu *mwu, uint32_t event, uint32_t bit)
{
    regfile_raise(&mwu->regs, event);
    if (regfile_get(&mwu->regs, NMIEN) & bit) {
        wire_set(mwu->regs.fabric->wires, WIRE_NMI, true);
        wire_set(mwu->regs.fabric->wires, WIRE_NMI, false);
    }
}

static void match_regions(struct mwu *mwu, struct byte_range access, bool write)
{
    for (unsigned n = 0; n < MWU_REGIONS; n++) {
        uint32_t kind = write ? WATCH_STORES : WATCH_LOADS;

        if (!(mwu->state.kinds[n] & kind) || !ranges_overlap(mwu->state.watched[n], access))
            continue;
        if (write)
            fire(mwu, at(EVENTS_REGION_WA, n, EVENTS_REGION_WA_STRIDE), write_bit(0, n));
        else
            fire(mwu, at(EVENTS_REGION_RA, n, EVENTS_REGION_RA_STRIDE), read_bit(0, n));
    }
}

static void note_page(struct mwu *mwu, uint32_t reg, uint32_t page)
{
    regfile_set(&mwu->regs, reg, regfile_get(&mwu->regs, reg) | page);
}

static void match_peripheral(struct mwu *mwu, guest_addr address, bool write)
{
    unsigned n = (address - APB_BASE) / PREGION_SIZE;
    uint32_t page = bit32((address - APB_BASE) % PREGION_SIZE >> PAGE_BITS);
    uint32_t enabled = regfile_get(&mwu->regs, REGIONEN);

    if (n >= MWU_PREGIONS ||
        !(regfile_get(&mwu->regs, at(PREGION_SUBS, n, PREGION_SUBS_STRIDE)) & page))
        return;
    if (write && enabled & write_bit(PREGION_BIT, n)) {
        note_page(mwu, at(PERREGION_SUBSTATWA, n, PERREGION_SUBSTATWA_STRIDE), page);
        fire(mwu, at(EVENTS_PREGION_WA, n, EVENTS_PREGION_WA_STRIDE), write_bit(PREGION_BIT, n));
    } else if (!write && enabled & read_bit(PREGION_BIT, n)) {
        note_page(mwu, at(PERREGION_SUBSTATRA, n, PERREGION_SUBSTATRA_STRIDE), page);
        fire(mwu, at(EVENTS_PREGION_RA, n, EVENTS_PREGION_RA_STRIDE), read_bit(PREGION_BIT, n));
    }
}

static void register_used(void *owner, guest_addr address, bool write)
{
    struct mwu *mwu = owner;

    match_regions(mwu, (struct byte_range){address, 1}, write);
    if (address >= APB_BASE)
        match_peripheral(mwu, address, write);
}

static void memory_used(void *owner, const struct observation *seen)
{
    struct mwu *mwu = owner;

    if (seen->access.actor != ACTOR_SEMIHOST)
        match_regions(mwu, (struct byte_range){seen->access.address, seen->access.size},
                      seen->kind == OBS_CPU_STORE);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook mwu_hooks[] = {
    {REGIONEN, renew, NULL},     {REGIONENSET, renew, NULL}, {REGIONENCLR, renew, NULL},
    {REGION_START, renew, NULL}, {REGION_END, renew, NULL},  {0, NULL, NULL},
};

const struct block_spec mwu_spec = {
    .name = "MWU",
    .base = BASE_MWU,
    .size = REGFILE_SIZE,
    .irq = LINE_MWU,
    .regs = mwu_regs,
    .reg_count = ARRAY_LENGTH(mwu_regs),
    .fields = mwu_fields,
    .field_count = ARRAY_LENGTH(mwu_fields),
    .hooks = mwu_hooks,
};

/* The two peripheral regions are where the chip has its peripherals. */
static void place_regions(struct mwu *mwu)
{
    for (uint32_t n = 0; n < 2; n++) {
        uint32_t start = APB_BASE + n * PREGION_SIZE;

        regfile_set(&mwu->regs, PREGION_START + n * PREGION_START_STRIDE, start);
        regfile_set(&mwu->regs, PREGION_END + n * PREGION_END_STRIDE, start + PREGION_SIZE - 1);
    }
}

void mwu_init(struct mwu *mwu, struct fabric *fabric, const struct block_spec *spec)
{
    *mwu = (struct mwu){0};
    regfile_init(&mwu->regs, spec, fabric, mwu);
    state_register(fabric->state, "MWU", &mwu->state, sizeof mwu->state);
    trace_subscribe(fabric->trace, TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD), memory_used, mwu);
    bus_watch(fabric->bus, &mwu->state.registers, register_used, mwu);
    place_regions(mwu);
}

void mwu_reset(struct mwu *mwu, enum reset_kind reason)
{
    for (unsigned n = 0; n < MWU_REGIONS && reason != RESET_POWER_ON; n++)
        unwatch(mwu, n); /* at power-on the trace has forgotten them */
    memset(&mwu->state, 0, sizeof mwu->state);
    regfile_reset(&mwu->regs);
    place_regions(mwu);
}
