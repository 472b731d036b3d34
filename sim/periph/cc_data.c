/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DIN and DOUT of the CRYPTOCELL engine: what moves data between RAM, the engine's memory, the CPU
 * and the units AES, HASH and CHACHA (PS, CRYPTOCELL).
 *
 * Deviations:
 *   1. Data is worked on as it arrives, in no time. So is what comes from the engine's own memory,
 *      at most 1024 bytes at once; it has 2 KB, and addresses wrap.
 *   2. Addresses and sizes can be read back. Of output that is wanted neither in RAM nor in the
 *      engine's memory the last 1024 bytes are kept for DOUT_BUFFER, which is at 0xC00 and 0xD00.
 *   3. Registers of order of bytes are stored and make no difference, nor do DIN_WRITE_ALIGN,
 *      DOUT_READ_ALIGN and DIN_FIFO_RESET.
 */
#include "sim/periph/cc_data.h"

#include "sim/base/bits.h"
#include "sim/periph/notice.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_data.def"
};
/* clang-format on */

enum { SIZE_MASK = 0x3fffffff, LONGEST = 0xffff };
enum { INDEX_DIN, INDEX_DOUT };

static struct easydma *dma_of(const struct cc_data *data)
{
    return data->regs->fabric->easydma;
}

static uint32_t get(const struct cc_data *data, uint32_t offset)
{
    return regfile_get(data->regs, offset);
}

/* ---- Output ---------------------------------------------------------------------------------- */

/* Bytes for which there is nobody yet wait, as far as there is room for them. */
static void offer(struct cc_data *data, uint32_t bytes)
{
    if (bytes && easydma_captured(dma_of(data), data->dout))
        easydma_request(dma_of(data), data->dout, bytes);
}

/* What comes out of the units. */
static void put_out(void *owner, const uint8_t *bytes, uint32_t size)
{
    struct cc_data *data = owner;
    struct cc_data_state *state = &data->state;
    uint32_t first = state->made;

    for (uint32_t i = 0; i < size; i++) {
        if (!state->sram_left) {
            state->output[state->made++ % CC_FIFO] = bytes[i];
            continue;
        }
        state->sram[state->sram_at++ % CC_SRAM] = bytes[i];
        if (!--state->sram_left)
            data->interrupt(data->owner, CC_IRR_SRAM_DOUT);
    }
    offer(data, state->made - first);
}

/* ---- Input ----------------------------------------------------------------------------------- */

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct cc_data *data = owner;

    (void)index, (void)offset;
    for (uint32_t i = 0; i < size && cc_flow_is_able(&data->flow); i++)
        cc_flow_take(&data->flow, bytes[i]);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct cc_data *data = owner;

    (void)index, (void)offset;
    for (uint32_t i = 0; i < size; i++)
        bytes[i] = data->state.output[data->state.taken++ % CC_FIFO];
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void show_busy(struct cc_data *data)
{
    bool reads = easydma_running(dma_of(data), data->din);
    bool writes = easydma_running(dma_of(data), data->dout);

    regfile_set(data->regs, DIN_DMA_MEM_BUSY, reads);
    regfile_set(data->regs, DOUT_DMA_MEM_BUSY, writes);
    regfile_set(data->regs, CRYPTO_BUSY, reads || writes);
}

static void begin(struct cc_data *data, unsigned channel, uint32_t offset)
{
    if (!(get(data, offset) & SIZE_MASK))
        return;
    if (easydma_running(dma_of(data), channel)) {
        regfile_misuse(data->regs, MISUSE_DMA_BUSY, offset, get(data, offset));
        return;
    }
    easydma_start(dma_of(data), channel, data->regs->fabric->trigger);
    show_busy(data);
}

void cc_data_read_begins(struct cc_data *data)
{
    if (!cc_flow_is_able(&data->flow))
        cc_flow_report(&data->flow);
    cc_flow_begin(&data->flow);
    begin(data, data->din, SRC_MEM_SIZE);
}

void cc_data_write_begins(struct cc_data *data)
{
    data->state.made = 0;
    data->state.taken = 0;
    data->state.sram_left = 0;
    begin(data, data->dout, DST_MEM_SIZE);
}

/* ---- The engine's memory --------------------------------------------------------------------- */

void cc_data_sram_read_begins(struct cc_data *data)
{
    uint32_t address = get(data, SRC_SRAM_ADDR);
    uint32_t size = get(data, SRC_SRAM_SIZE) & SIZE_MASK;

    if (!cc_flow_is_able(&data->flow)) {
        cc_flow_report(&data->flow);
        return;
    }
    if (size > CC_FIFO) {
        notice_unmodelled(data->regs, SRC_SRAM_SIZE, size); /* deviation 1 */
        return;
    }
    cc_flow_begin(&data->flow);
    for (uint32_t i = 0; i < size; i++)
        cc_flow_take(&data->flow, data->state.sram[(address + i) % CC_SRAM]);
    cc_flow_end(&data->flow);
    if (size)
        data->interrupt(data->owner, CC_IRR_SRAM_DIN);
}

void cc_data_sram_write_begins(struct cc_data *data)
{
    data->state.sram_at = get(data, DST_SRAM_ADDR);
    data->state.sram_left = get(data, DST_SRAM_SIZE) & SIZE_MASK;
}

void cc_data_store(struct cc_data *data, uint32_t address, uint32_t word)
{
    store_le32(data->state.sram + (address & ~3u) % CC_SRAM, word);
}

static uint32_t next_address(struct cc_data *data)
{
    uint32_t address = get(data, SRAM_ADDR);

    regfile_set(data->regs, SRAM_ADDR, address + 4);
    return address;
}

void cc_data_poke(struct cc_data *data, uint32_t word)
{
    cc_data_store(data, next_address(data), word);
}

/* A read begins to fetch the next word, and gives the one before: drivers throw the first away. */
uint32_t cc_data_peek(struct cc_data *data)
{
    uint32_t word = data->state.fetched;

    data->state.fetched = load_le32(data->state.sram + (next_address(data) & ~3u) % CC_SRAM);
    return word;
}

/* ---- The CPU --------------------------------------------------------------------------------- */

void cc_data_cpu_begins(struct cc_data *data, uint32_t bytes)
{
    if (!cc_flow_is_able(&data->flow))
        cc_flow_report(&data->flow);
    cc_flow_begin(&data->flow);
    data->state.by_cpu = bytes & LONGEST;
}

/* Without DIN_CPU_DATA, whole words. */
void cc_data_cpu_writes(struct cc_data *data, uint32_t word)
{
    bool counted = data->state.by_cpu;
    uint32_t size = counted && data->state.by_cpu < 4 ? data->state.by_cpu : 4;

    for (uint32_t i = 0; i < size && cc_flow_is_able(&data->flow); i++)
        cc_flow_take(&data->flow, (uint8_t)(word >> 8 * i));
    if (!counted)
        return;
    data->state.by_cpu -= size;
    if (!data->state.by_cpu)
        cc_flow_end(&data->flow);
}

uint32_t cc_data_cpu_reads(struct cc_data *data)
{
    uint32_t word = 0;

    for (unsigned i = 0; i < 4 && data->state.taken != data->state.made; i++)
        word |= (uint32_t)data->state.output[data->state.taken++ % CC_FIFO] << 8 * i;
    return word;
}

/* ---- Windows --------------------------------------------------------------------------------- */

static struct byte_range window(void *owner, unsigned index, guest_addr pointer)
{
    const struct cc_data *data = owner;
    uint32_t size = get(data, index == INDEX_DIN ? SRC_MEM_SIZE : DST_MEM_SIZE) & SIZE_MASK;

    return (struct byte_range){pointer, size < LONGEST ? size : LONGEST};
}

static void started(void *owner, unsigned index)
{
    struct cc_data *data = owner;

    if (index == INDEX_DOUT)
        offer(data, data->state.made);
}

static void drained(void *owner, unsigned index)
{
    struct cc_data *data = owner;

    if (index == INDEX_DIN)
        cc_flow_end(&data->flow);
    easydma_end(dma_of(data), index == INDEX_DIN ? data->din : data->dout);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct cc_data *data = owner;

    (void)amount;
    show_busy(data);
    data->interrupt(data->owner, index == INDEX_DIN ? CC_IRR_DIN : CC_IRR_DOUT);
}

void cc_data_observed(struct cc_data *data, uint32_t offset)
{
    easydma_observed(dma_of(data), data->din, data->regs->spec->base + offset);
    easydma_observed(dma_of(data), data->dout, data->regs->spec->base + offset);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct easydma_ops dma_ops = {.window = window,
                                           .started = started,
                                           .receive = receive,
                                           .supply = supply,
                                           .drained = drained,
                                           .ended = ended};

void cc_data_init(struct cc_data *data, struct regfile *regs)
{
    struct fabric *fabric = regs->fabric;
    struct easydma_channel din = {
        .name = {"CRYPTOCELL", "DIN", "SRC_MEM_SIZE", LONGEST, DMA_ON_CHIP},
        .direction = DMA_READS_RAM,
        .index = INDEX_DIN,
        .ptr = SRC_MEM_ADDR,
        .unit = 1,
        .latched = true,
        .chained = true};
    struct easydma_channel dout = {
        .name = {"CRYPTOCELL", "DOUT", "DST_MEM_SIZE", LONGEST, DMA_ON_CHIP},
        .direction = DMA_WRITES_RAM,
        .index = INDEX_DOUT,
        .ptr = DST_MEM_ADDR,
        .unit = 1,
        .paced = true,
        .latched = true,
        .chained = true};

    memset(&data->state, 0, sizeof data->state);
    data->regs = regs;
    cc_flow_init(&data->flow, regs);
    data->flow.put = put_out;
    data->flow.owner = data;
    state_register(fabric->state, "CC data", &data->state, sizeof data->state);
    if (!fabric->easydma)
        return;
    data->din = easydma_add(fabric->easydma, regs, din, &dma_ops, data);
    data->dout = easydma_add(fabric->easydma, regs, dout, &dma_ops, data);
}

void cc_data_reset_din(struct cc_data *data)
{
    cc_flow_begin(&data->flow);
    data->state.by_cpu = 0;
    if (!data->regs->fabric->easydma)
        return;
    easydma_abort(dma_of(data), data->din);
    show_busy(data);
}

void cc_data_reset_dout(struct cc_data *data)
{
    data->state.made = data->state.taken = data->state.sram_left = 0;
    if (!data->regs->fabric->easydma)
        return;
    easydma_abort(dma_of(data), data->dout);
    show_busy(data);
}

void cc_data_reset(struct cc_data *data)
{
    memset(&data->state, 0, sizeof data->state);
    cc_flow_reset(&data->flow);
    if (!data->regs->fabric->easydma)
        return;
    easydma_abort(dma_of(data), data->din);
    easydma_abort(dma_of(data), data->dout);
}
