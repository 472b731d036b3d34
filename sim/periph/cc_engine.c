/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine of CRYPTOCELL: CC_HOST_RGF, CC_MISC and CC_CTL, and the registers of AES, HASH, DIN
 * and DOUT (PS v1.7, 6.6).
 *
 * Deviations:
 *   1. The units answer whether or not the engine is enabled. CLK_STATUS shows which clocks were
 *      switched on; only PKA says when it is used without.
 *   2. Life cycle and keys in hardware are stored and make no difference.
 */
#include "sim/periph/cc_engine.h"

#include "sim/base/bits.h"
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

static const struct reg_desc engine_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_host_rgf.def"
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_data.def"
};

enum { PKA_INTERRUPT = 1 << 9, RNG_INTERRUPT = 1 << 10, FIRST = 0x400 };

/* Bits of CLK_STATUS. */
enum {
    CLOCK_OF_AES = 0,
    CLOCK_OF_HASH = 2,
    CLOCK_OF_PKA = 3,
    CLOCK_OF_CHACHA = 7,
    CLOCK_OF_DMA = 8
};

/* ---- Interrupts of the units ----------------------------------------------------------------- */

static void update_line(struct cc_engine *engine)
{
    bool pending = regfile_get(&engine->regs, IRR) & ~regfile_get(&engine->regs, IMR);

    wire_set(engine->regs.fabric->wires, (enum wire_id)(WIRE_IRQ + LINE_CRYPTOCELL), pending);
}

static void rng_interrupts(void *owner, bool pending)
{
    struct cc_engine *engine = owner;
    uint32_t others = regfile_get(&engine->regs, IRR) & ~(uint32_t)RNG_INTERRUPT;

    regfile_set(&engine->regs, IRR, others | (pending ? RNG_INTERRUPT : 0));
    update_line(engine);
}

static void imr_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    update_line(owner);
}

static void raise_interrupts(void *owner, uint32_t bits)
{
    struct cc_engine *engine = owner;

    regfile_set(&engine->regs, IRR, regfile_get(&engine->regs, IRR) | bits);
    update_line(engine);
}

static void pka_is_done(void *owner)
{
    raise_interrupts(owner, PKA_INTERRUPT);
}

/* A level: RNG's own register clears it for good. */
static void icr_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_engine *engine = owner;

    (void)index;
    regfile_set(&engine->regs, IRR, regfile_get(&engine->regs, IRR) & ~value);
    update_line(engine);
}

/* ---- What tells of the end of a transfer ----------------------------------------------------- */

static uint32_t irr_read(void *owner, unsigned index)
{
    struct cc_engine *engine = owner;
    uint32_t irr = regfile_get(&engine->regs, IRR);

    (void)index;
    if (irr & (CC_IRR_DIN | CC_IRR_DOUT))
        cc_data_observed(&engine->data, IRR);
    return irr;
}

static uint32_t busy_read(struct cc_engine *engine, uint32_t offset)
{
    uint32_t busy = regfile_get(&engine->regs, offset);

    if (!busy)
        cc_data_observed(&engine->data, offset);
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

/* ---- Data ------------------------------------------------------------------------------------ */

static struct cc_data *data_of(void *owner)
{
    struct cc_engine *engine = owner;

    return &engine->data;
}

static void src_size_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_data_read_begins(data_of(owner));
}

static void dst_size_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_data_write_begins(data_of(owner));
}

static void din_cpu_data_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_data_cpu_begins(data_of(owner), value);
}

static void din_buffer_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_data_cpu_writes(data_of(owner), value);
}

static uint32_t dout_buffer_read(void *owner, unsigned index)
{
    (void)index;
    return cc_data_cpu_reads(data_of(owner));
}

static void din_reset_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_data_reset_din(data_of(owner));
}

static void dout_reset_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_data_reset_dout(data_of(owner));
}

static void sram_source_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_data_sram_read_begins(data_of(owner));
}

static void sram_destination_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_data_sram_write_begins(data_of(owner));
}

static void sram_data_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_data_poke(data_of(owner), value);
}

static uint32_t sram_data_read(void *owner, unsigned index)
{
    (void)index;
    return cc_data_peek(data_of(owner));
}

static void rng_stores(void *owner, uint32_t address, uint32_t word)
{
    cc_data_store(data_of(owner), address, word);
}

/* ---- Units ----------------------------------------------------------------------------------- */

static void cmac_size0_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    if (value & 1)
        cc_aes_authenticate_nothing(&data_of(owner)->flow.aes);
}

static void sample_key_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    if (value & 1)
        cc_aes_sample_key(&data_of(owner)->flow.aes);
}

static void aes_reset_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_aes_reset_registers(&data_of(owner)->flow.aes);
}

static void hash_pad_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_flow_pad(&data_of(owner)->flow);
}

static void hash_reset_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_hash_reset_registers(&data_of(owner)->flow.hash);
}

/* ---- Clocks ---------------------------------------------------------------------------------- */

static void show_clock(struct cc_engine *engine, unsigned bit, uint32_t value)
{
    regfile_set(&engine->regs, CLK_STATUS,
                deposit32(regfile_get(&engine->regs, CLK_STATUS), bit, 1, value));
}

static void aes_clk_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    show_clock(owner, CLOCK_OF_AES, value);
}

static void hash_clk_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    show_clock(owner, CLOCK_OF_HASH, value);
}

static void pka_clk_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_engine *engine = owner;

    (void)index;
    show_clock(engine, CLOCK_OF_PKA, value);
    cc_pka_clock(&engine->pka, value & 1);
}

static void dma_clk_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    show_clock(owner, CLOCK_OF_DMA, value);
}

static void chacha_clk_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    show_clock(owner, CLOCK_OF_CHACHA, value);
}

static const struct reg_hook engine_hooks[] = {
    {IMR, imr_written, NULL},
    {ICR, icr_written, NULL},
    {IRR, NULL, irr_read},
    {CRYPTO_BUSY, NULL, crypto_busy_read},
    {DIN_DMA_MEM_BUSY, NULL, din_busy_read},
    {DOUT_DMA_MEM_BUSY, NULL, dout_busy_read},
    {SRC_MEM_SIZE, src_size_written, NULL},
    {DST_MEM_SIZE, dst_size_written, NULL},
    {DIN_CPU_DATA, din_cpu_data_written, NULL},
    {DIN_BUFFER, din_buffer_written, dout_buffer_read},
    {DOUT_BUFFER, NULL, dout_buffer_read},
    {DIN_SW_RESET, din_reset_written, NULL},
    {DOUT_SW_RESET, dout_reset_written, NULL},
    {SRC_SRAM_SIZE, sram_source_written, NULL},
    {DST_SRAM_SIZE, sram_destination_written, NULL},
    {SRAM_DATA, sram_data_written, sram_data_read},
    {AES_CMAC_SIZE0_KICK, cmac_size0_written, NULL},
    {AES_SK, sample_key_written, NULL},
    {AES_SW_RESET, aes_reset_written, NULL},
    {HASH_PAD_FORCE, hash_pad_written, NULL},
    {HASH_SW_RESET, hash_reset_written, NULL},
    {AES_CLK, aes_clk_written, NULL},
    {HASH_CLK, hash_clk_written, NULL},
    {PKA_CLK, pka_clk_written, NULL},
    {DMA_CLK, dma_clk_written, NULL},
    {CHACHA_CLK, chacha_clk_written, NULL},
    {0, NULL, NULL},
};

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
    .hooks = engine_hooks,
    .part = unit_of,
};

void cc_engine_init(struct cc_engine *engine, struct fabric *fabric)
{
    regfile_init(&engine->regs, &cc_engine_spec, fabric, engine);
    cc_rng_init(&engine->rng, fabric);
    engine->rng.interrupt = rng_interrupts;
    engine->rng.store = rng_stores;
    engine->rng.owner = engine;
    cc_pka_init(&engine->pka, fabric);
    engine->pka.done = pka_is_done;
    engine->pka.owner = engine;
    cc_data_init(&engine->data, &engine->regs);
    engine->data.interrupt = raise_interrupts;
    engine->data.owner = engine;
}

void cc_engine_reset(struct cc_engine *engine, enum reset_kind reason)
{
    regfile_reset(&engine->regs);
    cc_rng_reset(&engine->rng, reason);
    cc_pka_reset(&engine->pka, reason);
    cc_data_reset(&engine->data);
    update_line(engine);
}
