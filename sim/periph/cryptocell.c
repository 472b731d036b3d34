/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRYPTOCELL: Arm CryptoCell 310 (PS v1.7, 6.6).
 *
 * Deviations:
 *   1. Of the engine's units RNG works, and AES, HASH, CHACHA, PKA and what moves data between RAM
 * and them do not: each of their registers is reported as unmodelled.
 *   2. The units answer whether or not the engine is enabled.
 *   3. Of the interrupts in IRR only that of RNG ever comes.
 */
#include "sim/periph/cryptocell.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_host_rgf.def"
};
/* clang-format on */

static const struct reg_desc cryptocell_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cryptocell.def"
};

static const struct field_desc cryptocell_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/cryptocell.def"
};

static const struct reg_desc host_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_host_rgf.def"
};

enum { RNG_INTERRUPT = 1 << 10, HOST_FIRST = 0x400 };

/* ---- Interrupts of the units ----------------------------------------------------------------- */

static void update_line(struct cryptocell *cryptocell)
{
    bool pending = regfile_get(&cryptocell->host, IRR) & ~regfile_get(&cryptocell->host, IMR);

    wire_set(cryptocell->host.fabric->wires, (enum wire_id)(WIRE_IRQ + LINE_CRYPTOCELL), pending);
}

static void rng_interrupts(void *owner, bool pending)
{
    struct cryptocell *cryptocell = owner;
    uint32_t others = regfile_get(&cryptocell->host, IRR) & ~(uint32_t)RNG_INTERRUPT;

    regfile_set(&cryptocell->host, IRR, others | (pending ? RNG_INTERRUPT : 0));
    update_line(cryptocell);
}

static void imr_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    update_line(owner);
}

/* A level: RNG's own register clears it for good. */
static void icr_written(void *owner, unsigned index, uint32_t value)
{
    struct cryptocell *cryptocell = owner;

    (void)index;
    regfile_set(&cryptocell->host, IRR, regfile_get(&cryptocell->host, IRR) & ~value);
    update_line(cryptocell);
}

static const struct reg_hook host_hooks[] = {
    {IMR, imr_written, NULL},
    {ICR, icr_written, NULL},
    {0, NULL, NULL},
};

/* ---- Wiring ---------------------------------------------------------------------------------- */

const struct block_spec cryptocell_spec = {
    .name = "CRYPTOCELL",
    .base = BASE_CRYPTOCELL,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ, /* the units have it */
    .regs = cryptocell_regs,
    .reg_count = ARRAY_LENGTH(cryptocell_regs),
    .fields = cryptocell_fields,
    .field_count = ARRAY_LENGTH(cryptocell_fields),
};

const struct block_spec cc_host_rgf_spec = {
    .name = "CC_HOST_RGF",
    .base = BASE_CRYPTOCELL + REGFILE_SIZE,
    .first = HOST_FIRST,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ,
    .regs = host_regs,
    .reg_count = ARRAY_LENGTH(host_regs),
    .hooks = host_hooks,
};

void cryptocell_init(struct cryptocell *cryptocell, struct fabric *fabric,
                     const struct block_spec *spec)
{
    regfile_init(&cryptocell->regs, spec, fabric, cryptocell);
    regfile_init(&cryptocell->host, &cc_host_rgf_spec, fabric, cryptocell);
    cc_rng_init(&cryptocell->rng, fabric);
    cryptocell->rng.interrupt = rng_interrupts;
    cryptocell->rng.owner = cryptocell;
}

void cryptocell_reset(struct cryptocell *cryptocell, enum reset_kind reason)
{
    regfile_reset(&cryptocell->regs);
    regfile_reset(&cryptocell->host);
    cc_rng_reset(&cryptocell->rng, reason);
    update_line(cryptocell);
}
