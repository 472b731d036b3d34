/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRYPTOCELL: Arm CryptoCell 310 (PS v1.7, 6.6).
 *
 * Deviations:
 *   1. Of the engine's units RNG, AES and HASH work (cc_rng.c, cc_data.c), with the memory between
 *      them. CHACHA, GHASH and PKA are missing: each of their registers is reported as unmodelled.
 *   2. The units answer whether or not the engine is enabled.
 */
#include "sim/periph/cryptocell.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_host_rgf.def"
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_data.def"
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
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_data.def"
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

static void data_interrupts(void *owner, uint32_t bits)
{
    struct cryptocell *cryptocell = owner;

    regfile_set(&cryptocell->host, IRR, regfile_get(&cryptocell->host, IRR) | bits);
    update_line(cryptocell);
}

/* Data that is there, or used up, as the CPU learns from one of these. */
static uint32_t irr_read(void *owner, unsigned index)
{
    struct cryptocell *cryptocell = owner;
    uint32_t irr = regfile_get(&cryptocell->host, IRR);

    (void)index;
    if (irr & (CC_IRR_DIN | CC_IRR_DOUT))
        cc_data_observed(&cryptocell->data, IRR);
    return irr;
}

static uint32_t busy_read(struct cryptocell *cryptocell, uint32_t offset)
{
    uint32_t busy = regfile_get(&cryptocell->host, offset);

    if (!busy)
        cc_data_observed(&cryptocell->data, offset);
    return busy;
}

static uint32_t crypto_busy_read(void *owner, unsigned index)
{
    (void)index;
    return busy_read(owner, CRYPTO_BUSY);
}

static uint32_t din_busy_read(void *owner, unsigned index)
{
    (void)index;
    return busy_read(owner, DIN_DMA_MEM_BUSY);
}

static uint32_t dout_busy_read(void *owner, unsigned index)
{
    (void)index;
    return busy_read(owner, DOUT_DMA_MEM_BUSY);
}

static void src_size_written(void *owner, unsigned index, uint32_t value)
{
    struct cryptocell *cryptocell = owner;

    (void)index, (void)value;
    cc_data_read_begins(&cryptocell->data);
}

static void dst_size_written(void *owner, unsigned index, uint32_t value)
{
    struct cryptocell *cryptocell = owner;

    (void)index, (void)value;
    cc_data_write_begins(&cryptocell->data);
}

static void pad_written(void *owner, unsigned index, uint32_t value)
{
    struct cryptocell *cryptocell = owner;

    (void)index, (void)value;
    cc_data_pad(&cryptocell->data);
}

static void sram_source_written(void *owner, unsigned index, uint32_t value)
{
    struct cryptocell *cryptocell = owner;

    (void)index, (void)value;
    cc_data_sram_read_begins(&cryptocell->data);
}

static void sram_destination_written(void *owner, unsigned index, uint32_t value)
{
    struct cryptocell *cryptocell = owner;

    (void)index, (void)value;
    cc_data_sram_write_begins(&cryptocell->data);
}

static void sram_data_written(void *owner, unsigned index, uint32_t value)
{
    struct cryptocell *cryptocell = owner;

    (void)index;
    cc_data_poke(&cryptocell->data, value);
}

static uint32_t sram_data_read(void *owner, unsigned index)
{
    struct cryptocell *cryptocell = owner;

    (void)index;
    return cc_data_peek(&cryptocell->data);
}

static void rng_stores(void *owner, uint32_t address, uint32_t word)
{
    struct cryptocell *cryptocell = owner;

    cc_data_store(&cryptocell->data, address, word);
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
    {IRR, NULL, irr_read},
    {CRYPTO_BUSY, NULL, crypto_busy_read},
    {DIN_DMA_MEM_BUSY, NULL, din_busy_read},
    {DOUT_DMA_MEM_BUSY, NULL, dout_busy_read},
    {SRC_MEM_SIZE, src_size_written, NULL},
    {DST_MEM_SIZE, dst_size_written, NULL},
    {HASH_PAD_CFG, pad_written, NULL},
    {SRC_SRAM_SIZE, sram_source_written, NULL},
    {DST_SRAM_SIZE, sram_destination_written, NULL},
    {SRAM_DATA, sram_data_written, sram_data_read},
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

/* Names of the manual, by offset. */
static const char *unit_of(uint32_t offset)
{
    static const char *const units[] = {"CC_AES",  "CC_AES",  "CC_HASH",     "CC_HASH",
                                        "CC_MISC", "CC_CTL",  "CC_HOST_RGF", "CC_PKA",
                                        "CC_DIN",  "CC_DOUT", "CC_PKA",      "CC_RNG_SRAM"};

    return units[(offset - HOST_FIRST) / 0x100];
}

const struct block_spec cc_engine_spec = {
    .name = "CC_ENGINE",
    .base = BASE_CRYPTOCELL + REGFILE_SIZE,
    .first = HOST_FIRST,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ,
    .regs = host_regs,
    .reg_count = ARRAY_LENGTH(host_regs),
    .hooks = host_hooks,
    .part = unit_of,
};

void cryptocell_init(struct cryptocell *cryptocell, struct fabric *fabric,
                     const struct block_spec *spec)
{
    regfile_init(&cryptocell->regs, spec, fabric, cryptocell);
    regfile_init(&cryptocell->host, &cc_engine_spec, fabric, cryptocell);
    cc_rng_init(&cryptocell->rng, fabric);
    cryptocell->rng.interrupt = rng_interrupts;
    cryptocell->rng.store = rng_stores;
    cryptocell->rng.owner = cryptocell;
    cc_data_init(&cryptocell->data, &cryptocell->host);
    cryptocell->data.interrupt = data_interrupts;
    cryptocell->data.owner = cryptocell;
}

void cryptocell_reset(struct cryptocell *cryptocell, enum reset_kind reason)
{
    regfile_reset(&cryptocell->regs);
    regfile_reset(&cryptocell->host);
    cc_rng_reset(&cryptocell->rng, reason);
    cc_data_reset(&cryptocell->data);
    update_line(cryptocell);
}
