/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of CRYPTOCELL: what writes and reads of its registers do (PS v1.7, 6.6). */
#include "sim/base/bits.h"
#include "sim/periph/cc_engine_parts.h"
#include "sim/periph/notice.h"

/* Bits of CLK_STATUS. */
enum {
    CLOCK_OF_AES = 0,
    CLOCK_OF_HASH = 2,
    CLOCK_OF_PKA = 3,
    CLOCK_OF_CHACHA = 7,
    CLOCK_OF_DMA = 8
};

/* ---- Interrupts ------------------------------------------------------------------------------ */

static void imr_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_engine_update_line(owner);
}

/* A level: RNG's own register clears it for good. */
static void icr_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_engine *engine = owner;

    (void)index;
    regfile_set(&engine->regs, IRR, regfile_get(&engine->regs, IRR) & ~value);
    cc_engine_update_line(engine);
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

/* Data is to move. */
static void expect_enabled(struct cc_engine *engine, uint32_t offset, uint32_t value)
{
    if (!cc_engine_is_enabled(engine))
        regfile_misuse(&engine->regs, MISUSE_DISABLED, offset, value);
}

static void src_size_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    expect_enabled(owner, SRC_MEM_SIZE, value);
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
    expect_enabled(owner, DIN_CPU_DATA, value);
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
    (void)index;
    expect_enabled(owner, SRC_SRAM_SIZE, value);
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

/* ---- Units ----------------------------------------------------------------------------------- */

static void aes_key_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_engine *engine = owner;

    regfile_set(&engine->regs, AES_KEY_0 + 4 * index, value);
}

static void cmac_size0_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    if (value & 1)
        cc_aes_authenticate_nothing(&data_of(owner)->flow.aes);
}

static void sample_key_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_engine *engine = owner;
    uint32_t key[CC_KEY_WORDS];

    (void)index;
    if (!(value & 1))
        return;
    if (cc_keys_sample(&engine->keys, key))
        cc_aes_sample_key(&engine->data.flow.aes, key);
    else
        notice_unmodelled(&engine->regs, AES_SK, value);
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

/* ---- Keys of the hardware -------------------------------------------------------------------- */

static struct cc_keys *keys_of(void *owner)
{
    struct cc_engine *engine = owner;

    return &engine->keys;
}

static void kdr0_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_keys_write(keys_of(owner), 0, value);
}

static void kdr1_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_keys_write(keys_of(owner), 1, value);
}

static void kdr2_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_keys_write(keys_of(owner), 2, value);
}

static void kdr3_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_keys_write(keys_of(owner), 3, value);
}

static uint32_t kdr0_read(void *owner, unsigned index)
{
    (void)index;
    return cc_keys_is_retained(keys_of(owner));
}

static void kprtl_lock_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_keys_lock(keys_of(owner), value);
}

static void lcs_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    cc_keys_set_life_cycle(keys_of(owner), value);
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

const struct reg_hook cc_engine_hooks[] = {
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
    {AES_KEY_0, aes_key_written, NULL},
    {AES_CMAC_SIZE0_KICK, cmac_size0_written, NULL},
    {AES_SK, sample_key_written, NULL},
    {AES_SW_RESET, aes_reset_written, NULL},
    {HASH_PAD_FORCE, hash_pad_written, NULL},
    {HOST_IOT_KDR0, kdr0_written, kdr0_read},
    {HOST_IOT_KDR1, kdr1_written, NULL},
    {HOST_IOT_KDR2, kdr2_written, NULL},
    {HOST_IOT_KDR3, kdr3_written, NULL},
    {HOST_IOT_KPRTL_LOCK, kprtl_lock_written, NULL},
    {HOST_IOT_LCS, lcs_written, NULL},
    {HASH_SW_RESET, hash_reset_written, NULL},
    {AES_CLK, aes_clk_written, NULL},
    {HASH_CLK, hash_clk_written, NULL},
    {PKA_CLK, pka_clk_written, NULL},
    {DMA_CLK, dma_clk_written, NULL},
    {CHACHA_CLK, chacha_clk_written, NULL},
    {0, NULL, NULL},
};
