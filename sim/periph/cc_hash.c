/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CC_HASH: the hash of the CRYPTOCELL engine (PS, CRYPTOCELL).
 *
 * Deviations:
 *   1. HASH pads what it has been given when data ends, if HASH_PAD_AUTO says so, or when
 *      HASH_PAD_FORCE is written with 4; it has bytes behind a block for that only.
 *   2. HASH_INIT_STATE and HASH_ENDIANNESS are stored and make no difference.
 *   3. HASH is never busy, and works without its clock.
 */
#include "sim/periph/cc_hash.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_data.def"
};
/* clang-format on */

enum { DO_PAD = 4 };
enum { SHA_1 = 1, SHA_256 = 2, SHA_224 = 10 };

static uint32_t get(const struct cc_hash *hash, uint32_t offset)
{
    return regfile_get(hash->regs, offset);
}

static void work_block(struct cc_hash *hash)
{
    uint32_t words[SHA256_WORDS];

    for (unsigned i = 0; i < SHA256_WORDS; i++)
        words[i] = get(hash, HASH_H + 4 * i);
    if (get(hash, HASH_CONTROL) == SHA_1)
        sha1_block(words, hash->state.block);
    else
        sha256_block(words, hash->state.block);
    for (unsigned i = 0; i < SHA256_WORDS; i++)
        regfile_set(hash->regs, HASH_H + 4 * i, words[i]);
}

static void count(struct cc_hash *hash, uint32_t bytes)
{
    regfile_set(hash->regs, HASH_CUR_LEN_0, get(hash, HASH_CUR_LEN_0) + bytes);
}

bool cc_hash_is_able(const struct cc_hash *hash)
{
    uint32_t mode = get(hash, HASH_CONTROL);

    return mode == SHA_1 || mode == SHA_256 || mode == SHA_224;
}

void cc_hash_begin(struct cc_hash *hash)
{
    memset(&hash->state, 0, sizeof hash->state);
}

void cc_hash_take(struct cc_hash *hash, uint8_t byte)
{
    hash->state.block[hash->state.waiting++] = byte;
    if (hash->state.waiting < SHA_BLOCK)
        return;
    hash->state.waiting = 0;
    work_block(hash);
    count(hash, SHA_BLOCK);
}

/* FIPS 180-4, 5.1.1: a one, zeros, and the number of bits. */
static void pad(struct cc_hash *hash)
{
    uint32_t at = hash->state.waiting;
    uint64_t length = (uint64_t)get(hash, HASH_CUR_LEN_1) << 32 | get(hash, HASH_CUR_LEN_0);
    uint64_t bits = (length + at) << 3;
    uint8_t *block = hash->state.block;

    block[at++] = 0x80;
    memset(block + at, 0, SHA_BLOCK - at);
    if (at > SHA_BLOCK - 8) {
        work_block(hash);
        memset(block, 0, SHA_BLOCK);
    }
    for (unsigned i = 1; i <= 8; i++, bits >>= 8)
        block[SHA_BLOCK - i] = (uint8_t)bits;
    work_block(hash);
    hash->state.waiting = 0;
}

void cc_hash_end(struct cc_hash *hash)
{
    if (get(hash, HASH_PAD_AUTO) && cc_hash_is_able(hash))
        pad(hash);
}

void cc_hash_pad(struct cc_hash *hash)
{
    if (get(hash, HASH_PAD_FORCE) == DO_PAD && cc_hash_is_able(hash))
        pad(hash);
}

void cc_hash_reset_registers(struct cc_hash *hash)
{
    cc_hash_begin(hash);
    for (uint32_t i = 0; i < SHA256_WORDS; i++)
        regfile_set(hash->regs, HASH_H + 4 * i, 0);
    regfile_set(hash->regs, HASH_PAD_AUTO, 0);
    regfile_set(hash->regs, HASH_CONTROL, 0);
    regfile_set(hash->regs, HASH_CUR_LEN_0, 0);
    regfile_set(hash->regs, HASH_CUR_LEN_1, 0);
}

void cc_hash_init(struct cc_hash *hash, struct regfile *regs)
{
    memset(&hash->state, 0, sizeof hash->state);
    hash->regs = regs;
    state_register(regs->fabric->state, "CC_HASH", &hash->state, sizeof hash->state);
}
