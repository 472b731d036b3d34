/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine of CRYPTOCELL: CC_HOST_RGF, CC_MISC and CC_CTL, and the registers of AES, HASH, DIN
 * and DOUT (PS v1.7, 6.6).
 *
 * Deviations:
 *   1. CLK_STATUS shows which clocks were switched on; only PKA says when it is used without.
 */
#include "sim/base/compiler.h"
#include "sim/periph/cc_engine_parts.h"
#include "sim/periph/place.h"

static const struct reg_desc engine_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_host_rgf.def"
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_data.def"
};

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) CRYPTOCELL_##name = (offset),
#include "driver/regs/cryptocell.def"
};
/* clang-format on */

enum { PKA_INTERRUPT = 1 << 9, RNG_INTERRUPT = 1 << 10, FIRST = 0x400 };

/* ---- Interrupts of the units ----------------------------------------------------------------- */

void cc_engine_update_line(struct cc_engine *engine)
{
    bool pending = regfile_get(&engine->regs, IRR) & ~regfile_get(&engine->regs, IMR);

    wire_set(engine->regs.fabric->wires, (enum wire_id)(WIRE_IRQ + LINE_CRYPTOCELL), pending);
}

static void rng_interrupts(void *owner, bool pending)
{
    struct cc_engine *engine = owner;
    uint32_t others = regfile_get(&engine->regs, IRR) & ~(uint32_t)RNG_INTERRUPT;

    regfile_set(&engine->regs, IRR, others | (pending ? RNG_INTERRUPT : 0));
    cc_engine_update_line(engine);
}

static void raise_interrupts(void *owner, uint32_t bits)
{
    struct cc_engine *engine = owner;

    regfile_set(&engine->regs, IRR, regfile_get(&engine->regs, IRR) | bits);
    cc_engine_update_line(engine);
}

bool cc_engine_is_enabled(const struct cc_engine *engine)
{
    return regfile_get(engine->wrapper, CRYPTOCELL_ENABLE) & 1;
}

static bool pka_is_enabled(void *owner)
{
    return cc_engine_is_enabled(owner);
}

static void pka_is_done(void *owner)
{
    raise_interrupts(owner, PKA_INTERRUPT);
}

static void rng_stores(void *owner, uint32_t address, uint32_t word)
{
    struct cc_engine *engine = owner;

    cc_data_store(&engine->data, address, word);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

/* Names of the manual, by offset. */
static const char *unit_of(uint32_t offset)
{
    static const char *const units[] = {"CC_AES",  "CC_AES",  "CC_HASH",     "CC_HASH",
                                        "CC_MISC", "CC_CTL",  "CC_HOST_RGF", "CC_AHB",
                                        "CC_DIN",  "CC_DOUT", "CC_ENGINE",   "CC_RNG_SRAM"};

    return units[(offset - FIRST) / 0x100];
}

const struct block_spec cc_engine_spec = {
    .name = "CC_ENGINE",
    .base = BASE_CRYPTOCELL + REGFILE_SIZE,
    .first = FIRST,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ,
    .regs = engine_regs,
    .reg_count = ARRAY_LENGTH(engine_regs),
    .hooks = cc_engine_hooks,
    .part = unit_of,
};

void cc_engine_init(struct cc_engine *engine, struct fabric *fabric, const struct regfile *wrapper)
{
    engine->wrapper = wrapper;
    regfile_init(&engine->regs, &cc_engine_spec, fabric, engine);
    cc_rng_init(&engine->rng, fabric);
    engine->rng.interrupt = rng_interrupts;
    engine->rng.store = rng_stores;
    engine->rng.owner = engine;
    cc_pka_init(&engine->pka, fabric);
    engine->pka.done = pka_is_done;
    engine->pka.enabled = pka_is_enabled;
    engine->pka.owner = engine;
    cc_keys_init(&engine->keys, &engine->regs);
    cc_data_init(&engine->data, &engine->regs);
    engine->data.interrupt = raise_interrupts;
    engine->data.owner = engine;
}

void cc_engine_reset(struct cc_engine *engine, enum reset_kind reason)
{
    regfile_reset(&engine->regs);
    cc_keys_reset(&engine->keys, reason);
    cc_rng_reset(&engine->rng, reason);
    cc_pka_reset(&engine->pka, reason);
    cc_data_reset(&engine->data);
    cc_engine_update_line(engine);
}
