/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES and HASH of the CRYPTOCELL engine, and DIN and DOUT, which move data between RAM and them
 * (PS, CRYPTOCELL).
 *
 * Deviations:
 *   1. AES encrypts with keys of 128 bits: ECB, CBC, CTR and CBC-MAC. Decryption (but CTR), CMAC,
 * keys in hardware and tunnels from AES to HASH are missing, and say so.
 *   2. HASH pads what DIN has read when it ends, if AUTO_HW_PADDING says so, or when HASH_PAD_CFG
 *      is written with 4; it has bytes behind a block for that only.
 *   3. Data is worked on as it arrives, in no time. So is what comes from the engine's own memory,
 *      at most 1024 bytes at once; it has 2 KB, and addresses wrap.
 *   4. Key, addresses and sizes can be read back.
 *   5. Registers of order of bytes, of clocks and of resets are stored, or missing.
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
enum { PAST_ALL = 0, TO_AES = 1, TO_HASH = 7 };
enum { ECB, CBC, CTR, CBC_MAC };
enum { DO_PAD = 4 };
enum { SHA_1 = 1, SHA_256 = 2, SHA_224 = 10 };
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

static void put_out(struct cc_data *data, const uint8_t *bytes, uint32_t size)
{
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

/* ---- AES ------------------------------------------------------------------------------------- */

static void load_words(const struct cc_data *data, uint32_t offset, uint8_t *bytes)
{
    for (unsigned i = 0; i < AES_BLOCK; i += 4)
        store_le32(bytes + i, get(data, offset + i));
}

static void store_words(struct cc_data *data, uint32_t offset, const uint8_t *bytes)
{
    for (unsigned i = 0; i < AES_BLOCK; i += 4)
        regfile_set(data->regs, offset + i, load_le32(bytes + i));
}

static void add_up(uint8_t *to, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        to[i] ^= bytes[i];
}

/* The counter is one number of 128 bits, most significant byte first. */
static void count_block(struct cc_data *data)
{
    uint8_t counter[AES_BLOCK];
    unsigned carry = 1;

    load_words(data, AES_CTR, counter);
    for (unsigned i = AES_BLOCK; i-- > 0; carry >>= 8) {
        carry += counter[i];
        counter[i] = (uint8_t)carry;
    }
    store_words(data, AES_CTR, counter);
}

/* `size` is that of a block, but of the last one with a counter. */
static void work_aes(struct cc_data *data, const uint8_t *block, uint32_t size)
{
    uint32_t mode = extract32(get(data, AES_CONTROL), 2, 3);
    uint8_t key[AES_BLOCK];
    uint8_t work[AES_BLOCK] = {0};

    load_words(data, AES_KEY_0, key);
    if (mode == CTR)
        load_words(data, AES_CTR, work);
    else if (mode != ECB)
        load_words(data, AES_IV_0, work);
    if (mode != CTR)
        add_up(work, block, size);
    aes_encrypt(key, work, work);
    if (mode == CTR) {
        add_up(work, block, size);
        count_block(data);
    } else if (mode != ECB) {
        store_words(data, AES_IV_0, work);
    }
    if (mode != CBC_MAC)
        put_out(data, work, size);
}

static bool aes_is_able(const struct cc_data *data)
{
    uint32_t control = get(data, AES_CONTROL);
    uint32_t mode = extract32(control, 2, 3);
    bool plain_key = !extract32(control, 12, 2) && !(control >> 29);

    return plain_key && mode <= CBC_MAC && (!(control & 1) || mode == CTR);
}

/* ---- HASH ------------------------------------------------------------------------------------ */

static void work_hash(struct cc_data *data, const uint8_t *block)
{
    uint32_t hash[SHA256_WORDS];

    for (unsigned i = 0; i < SHA256_WORDS; i++)
        hash[i] = get(data, HASH_H + 4 * i);
    if (get(data, HASH_CONTROL) == SHA_1)
        sha1_block(hash, block);
    else
        sha256_block(hash, block);
    for (unsigned i = 0; i < SHA256_WORDS; i++)
        regfile_set(data->regs, HASH_H + 4 * i, hash[i]);
    regfile_set(data->regs, HASH_CUR_LEN_0, get(data, HASH_CUR_LEN_0) + SHA_BLOCK);
}

/* FIPS 180-4, 5.1.1: a one, zeros, and the number of bits. */
static void pad_hash(struct cc_data *data)
{
    uint32_t at = data->state.waiting;
    uint64_t length = (uint64_t)get(data, HASH_CUR_LEN_1) << 32 | get(data, HASH_CUR_LEN_0);
    uint64_t bits = (length + at) << 3;
    uint8_t *block = data->state.block;

    block[at++] = 0x80;
    memset(block + at, 0, SHA_BLOCK - at);
    if (at > SHA_BLOCK - 8) {
        work_hash(data, block);
        memset(block, 0, SHA_BLOCK);
    }
    for (unsigned i = 1; i <= 8; i++, bits >>= 8)
        block[SHA_BLOCK - i] = (uint8_t)bits;
    work_hash(data, block);
    data->state.waiting = 0;
}

static bool hash_is_able(const struct cc_data *data)
{
    uint32_t mode = get(data, HASH_CONTROL);

    return mode == SHA_1 || mode == SHA_256 || mode == SHA_224;
}

/* ---- Input ----------------------------------------------------------------------------------- */

static bool is_able(const struct cc_data *data)
{
    uint32_t way = get(data, CRYPTO_CTL);

    return way == PAST_ALL || (way == TO_AES && aes_is_able(data)) ||
           (way == TO_HASH && hash_is_able(data));
}

static void work_byte(struct cc_data *data, uint8_t byte)
{
    struct cc_data_state *state = &data->state;
    uint32_t way = get(data, CRYPTO_CTL);

    if (way == PAST_ALL) {
        put_out(data, &byte, 1);
        return;
    }
    state->block[state->waiting++] = byte;
    if (way == TO_AES && state->waiting >= AES_BLOCK) {
        state->waiting = 0;
        work_aes(data, state->block, AES_BLOCK);
    } else if (way == TO_HASH && state->waiting == SHA_BLOCK) {
        state->waiting = 0;
        work_hash(data, state->block);
    }
    if (state->waiting == SHA_BLOCK)
        state->waiting = 0; /* the way was changed in between */
}

void cc_data_pad(struct cc_data *data)
{
    if (get(data, HASH_PAD_CFG) == DO_PAD && get(data, CRYPTO_CTL) == TO_HASH && hash_is_able(data))
        pad_hash(data);
}

/* A counter makes an output of the bytes of a block that is not complete; a hash is padded. */
static void finish_block(struct cc_data *data)
{
    uint32_t size = data->state.waiting;

    if (get(data, CRYPTO_CTL) == TO_HASH && get(data, AUTO_HW_PADDING) && hash_is_able(data))
        pad_hash(data);
    if (!size || get(data, CRYPTO_CTL) != TO_AES || extract32(get(data, AES_CONTROL), 2, 3) != CTR)
        return;
    data->state.waiting = 0;
    work_aes(data, data->state.block, size);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct cc_data *data = owner;

    (void)index, (void)offset;
    for (uint32_t i = 0; i < size && is_able(data); i++)
        work_byte(data, bytes[i]);
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
    if (!is_able(data))
        notice_unmodelled(data->regs, SRC_MEM_SIZE, get(data, SRC_MEM_SIZE)); /* deviation 1 */
    data->state.waiting = 0;
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

    if (!is_able(data) || size > CC_FIFO) {
        notice_unmodelled(data->regs, SRC_SRAM_SIZE, size); /* deviations 1, 3 */
        return;
    }
    data->state.waiting = 0;
    for (uint32_t i = 0; i < size; i++)
        work_byte(data, data->state.sram[(address + i) % CC_SRAM]);
    finish_block(data);
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
        finish_block(data);
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
    struct easydma_channel din = {.name = {"CRYPTOCELL", "DIN", "SRC_MEM_SIZE", LONGEST},
                                  .direction = DMA_READS_RAM,
                                  .index = INDEX_DIN,
                                  .ptr = SRC_MEM_ADDR,
                                  .unit = 1,
                                  .latched = true,
                                  .chained = true};
    struct easydma_channel dout = {.name = {"CRYPTOCELL", "DOUT", "DST_MEM_SIZE", LONGEST},
                                   .direction = DMA_WRITES_RAM,
                                   .index = INDEX_DOUT,
                                   .ptr = DST_MEM_ADDR,
                                   .unit = 1,
                                   .paced = true,
                                   .latched = true,
                                   .chained = true};

    memset(&data->state, 0, sizeof data->state);
    data->regs = regs;
    state_register(fabric->state, "CC data", &data->state, sizeof data->state);
    if (!fabric->easydma)
        return;
    data->din = easydma_add(fabric->easydma, regs, din, &dma_ops, data);
    data->dout = easydma_add(fabric->easydma, regs, dout, &dma_ops, data);
}

void cc_data_reset(struct cc_data *data)
{
    memset(&data->state, 0, sizeof data->state);
    if (!data->regs->fabric->easydma)
        return;
    easydma_abort(dma_of(data), data->din);
    easydma_abort(dma_of(data), data->dout);
}
