/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CC_AES: the cipher of the CRYPTOCELL engine (PS, CRYPTOCELL).
 *
 * Deviations:
 *   1. Keys of 128 bits, as in the chip: ECB, CBC, CTR, CBC-MAC and CMAC. Another mode or length of
 *      the key says that it is missing. Only CTR and CMAC take bytes behind the last whole block.
 *   2. The subkeys of CMAC are made of the key that is there at the end, AES_CMAC_INIT or not. The
 *      end is where AES_REMAINING_BYTES, counted down, is a block or less, or data ends within one.
 *   3. MAC modes encrypt whatever the direction says. Bit 31 of AES_CONTROL is stored.
 *   4. AES is never busy, and works without its clock.
 */
#include "sim/periph/cc_aes.h"

#include "sim/base/bits.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_data.def"
};
/* clang-format on */

enum { ECB, CBC, CTR, CBC_MAC, CMAC = 7 };
enum { PADDING = 0x80, POLYNOMIAL = 0x87 };

static uint32_t get(const struct cc_aes *aes, uint32_t offset)
{
    return regfile_get(aes->regs, offset);
}

static uint32_t mode_of(const struct cc_aes *aes)
{
    return extract32(get(aes, AES_CONTROL), 2, 3);
}

static void load_words(const struct cc_aes *aes, uint32_t offset, uint8_t *bytes)
{
    for (unsigned i = 0; i < AES_BLOCK; i += 4)
        store_le32(bytes + i, get(aes, offset + i));
}

static void store_words(struct cc_aes *aes, uint32_t offset, const uint8_t *bytes)
{
    for (unsigned i = 0; i < AES_BLOCK; i += 4)
        regfile_set(aes->regs, offset + i, load_le32(bytes + i));
}

static void add_up(uint8_t *to, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        to[i] ^= bytes[i];
}

static void encrypt(const struct cc_aes *aes, uint8_t *block)
{
    uint8_t key[AES_BLOCK];

    load_words(aes, AES_KEY_0, key);
    aes_encrypt(key, block, block);
}

/* ---- Modes -------------------------------------------------------------------------------------
 */

static void encrypt_block(struct cc_aes *aes, const uint8_t *block)
{
    uint8_t work[AES_BLOCK] = {0};
    bool chained = mode_of(aes) != ECB;

    if (chained)
        load_words(aes, AES_IV_0, work);
    add_up(work, block, AES_BLOCK);
    encrypt(aes, work);
    if (chained)
        store_words(aes, AES_IV_0, work);
    if (mode_of(aes) == ECB || mode_of(aes) == CBC)
        aes->put(aes->owner, work, AES_BLOCK);
}

static void decrypt_block(struct cc_aes *aes, const uint8_t *block)
{
    uint8_t key[AES_BLOCK];
    uint8_t iv[AES_BLOCK];
    uint8_t work[AES_BLOCK];

    load_words(aes, AES_KEY_0, key);
    aes_decrypt(key, block, work);
    if (mode_of(aes) == CBC) {
        load_words(aes, AES_IV_0, iv);
        add_up(work, iv, AES_BLOCK);
        store_words(aes, AES_IV_0, block);
    }
    aes->put(aes->owner, work, AES_BLOCK);
}

/* The counter is one number of 128 bits, most significant byte first. */
static void count_block(struct cc_aes *aes)
{
    uint8_t counter[AES_BLOCK];
    unsigned carry = !(get(aes, AES_CTR_NO_INCREMENT) & 1);

    load_words(aes, AES_CTR, counter);
    for (unsigned i = AES_BLOCK; i-- > 0; carry >>= 8) {
        carry += counter[i];
        counter[i] = (uint8_t)carry;
    }
    store_words(aes, AES_CTR, counter);
}

static void mask_block(struct cc_aes *aes, const uint8_t *block, uint32_t size)
{
    uint8_t work[AES_BLOCK];

    load_words(aes, AES_CTR, work);
    encrypt(aes, work);
    add_up(work, block, size);
    count_block(aes);
    aes->put(aes->owner, work, size);
}

/* SP 800-38B, 6.1: times x in GF(2^128), for the first subkey once, for the second twice. */
static void double_block(uint8_t *block)
{
    uint8_t carry = block[0] >> 7;

    for (unsigned i = 0; i < AES_BLOCK - 1; i++)
        block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
    block[AES_BLOCK - 1] = (uint8_t)(block[AES_BLOCK - 1] << 1 ^ (carry ? POLYNOMIAL : 0));
}

/* SP 800-38B, 6.2: the last block of a CMAC, complete or not. */
static void authenticate_last(struct cc_aes *aes, const uint8_t *block, uint32_t size)
{
    uint8_t last[AES_BLOCK] = {0};
    uint8_t subkey[AES_BLOCK] = {0};

    memcpy(last, block, size);
    encrypt(aes, subkey);
    double_block(subkey);
    if (size < AES_BLOCK) {
        last[size] = PADDING;
        double_block(subkey);
    }
    add_up(last, subkey, AES_BLOCK);
    encrypt_block(aes, last);
}

/* ---- Data --------------------------------------------------------------------------------------
 */

/* Bytes of the message that are left are counted where the driver has said how many there are. */
static void authenticate_block(struct cc_aes *aes, const uint8_t *block)
{
    uint32_t remaining = get(aes, AES_REMAINING_BYTES);

    if (remaining > AES_BLOCK)
        regfile_set(aes->regs, AES_REMAINING_BYTES, remaining - AES_BLOCK);
    if (remaining && remaining <= AES_BLOCK) {
        regfile_set(aes->regs, AES_REMAINING_BYTES, 0);
        authenticate_last(aes, block, AES_BLOCK);
    } else {
        encrypt_block(aes, block);
    }
}

static void work_block(struct cc_aes *aes)
{
    uint32_t mode = mode_of(aes);

    if (mode == CTR)
        mask_block(aes, aes->state.block, AES_BLOCK);
    else if (mode == CMAC)
        authenticate_block(aes, aes->state.block);
    else if (mode != CBC_MAC && get(aes, AES_CONTROL) & 1)
        decrypt_block(aes, aes->state.block);
    else
        encrypt_block(aes, aes->state.block);
}

bool cc_aes_is_able(const struct cc_aes *aes)
{
    uint32_t mode = mode_of(aes);

    return !extract32(get(aes, AES_CONTROL), 12, 2) && (mode <= CBC_MAC || mode == CMAC);
}

void cc_aes_begin(struct cc_aes *aes)
{
    memset(&aes->state, 0, sizeof aes->state);
}

void cc_aes_take(struct cc_aes *aes, uint8_t byte)
{
    aes->state.block[aes->state.waiting++] = byte;
    if (aes->state.waiting < AES_BLOCK)
        return;
    aes->state.waiting = 0;
    work_block(aes);
}

void cc_aes_end(struct cc_aes *aes)
{
    uint32_t size = aes->state.waiting;

    aes->state.waiting = 0;
    if (size && mode_of(aes) == CTR)
        mask_block(aes, aes->state.block, size);
    else if (size && mode_of(aes) == CMAC)
        authenticate_last(aes, aes->state.block, size);
}

void cc_aes_authenticate_nothing(struct cc_aes *aes)
{
    static const uint8_t nothing[AES_BLOCK];

    if (cc_aes_is_able(aes) && mode_of(aes) == CMAC)
        authenticate_last(aes, nothing, 0);
}

/* ---- Keys, and resets --------------------------------------------------------------------------
 */

/* Added to the key that is there, or in its place: AES_XOR_CRYPTOKEY. */
void cc_aes_sample_key(struct cc_aes *aes, const uint32_t *key)
{
    bool added = extract32(get(aes, AES_CONTROL), 29, 1);

    for (uint32_t i = 0; i < AES_BLOCK; i += 4)
        regfile_set(aes->regs, AES_KEY_0 + i, key[i / 4] ^ (added ? get(aes, AES_KEY_0 + i) : 0));
}

void cc_aes_reset_registers(struct cc_aes *aes)
{
    cc_aes_begin(aes);
    for (uint32_t i = 0; i < AES_BLOCK; i += 4) {
        regfile_set(aes->regs, AES_KEY_0 + i, 0);
        regfile_set(aes->regs, AES_IV_0 + i, 0);
        regfile_set(aes->regs, AES_CTR + i, 0);
    }
    regfile_set(aes->regs, AES_REMAINING_BYTES, 0);
    regfile_set(aes->regs, AES_CONTROL, 0);
    regfile_set(aes->regs, AES_CTR_NO_INCREMENT, 0);
}

void cc_aes_init(struct cc_aes *aes, struct regfile *regs)
{
    memset(&aes->state, 0, sizeof aes->state);
    aes->regs = regs;
    state_register(regs->fabric->state, "CC_AES", &aes->state, sizeof aes->state);
}
