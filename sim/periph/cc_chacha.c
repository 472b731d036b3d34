/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CC_CHACHA: the stream cipher of the CRYPTOCELL engine (PS, CRYPTOCELL; RFC 8439).
 *
 * Deviations:
 *   1. CHACHA is never busy, and works without its clock. Key and IV are read when a block begins,
 *      INIT or not.
 *   2. With an IV of 96 bits, blocks are counted in 32 bits, and CHACHA_BLOCK_CNT_MSB stays.
 *   3. CHACHA_POLY1305_KEY is made from block 0 when CHACHA_CONTROL is written with INIT and
 *      GEN_KEY_POLY1305; which block data begins with does not change. Poly1305 itself is for PKA.
 *   4. Data in another than the usual order of bytes or words says that it is missing.
 */
#include "sim/periph/cc_chacha.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/notice.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_COUNT = (count),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/cc_chacha.def"
};

static const struct reg_desc cc_chacha_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_chacha.def"
};

static const struct field_desc cc_chacha_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/cc_chacha.def"
};
/* clang-format on */

enum { FIRST = CHACHA_CONTROL, END = 0x400, MATRIX_KEY = 4, MATRIX_COUNT = 12, HALF_KEY = 4 };

#define FIELD_OF(chacha, reg, field)                                                               \
    extract32(regfile_get(&(chacha)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

/* "expand 32-byte k" and "expand 16-byte k", as words. */
static const uint32_t constants[2][4] = {
    {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574},
    {0x61707865, 0x3120646e, 0x79622d36, 0x6b206574},
};

static const unsigned rounds[4] = {20, 12, 8, 20};

static uint32_t get(const struct cc_chacha *chacha, uint32_t offset)
{
    return regfile_get(&chacha->regs, offset);
}

/* RFC 8439, 2.3: constants, key, counter and IV. The words behind the key stand in the order of
 * CHACHA_BLOCK_CNT_LSB, _MSB, CHACHA_IV[0], [1] for both lengths of the IV. */
static void make_stream(const struct cc_chacha *chacha, uint32_t count_low, uint32_t count_high,
                        uint8_t *stream)
{
    bool half = FIELD_OF(chacha, CHACHA_CONTROL, KEY_LEN);
    uint32_t matrix[CHACHA_WORDS];

    memcpy(matrix, constants[half], sizeof constants[half]);
    for (uint32_t i = 0; i < CHACHA_KEY_COUNT; i++)
        matrix[MATRIX_KEY + i] = get(chacha, CHACHA_KEY + 4 * (half ? i % HALF_KEY : i));
    matrix[MATRIX_COUNT] = count_low;
    matrix[MATRIX_COUNT + 1] = count_high;
    matrix[MATRIX_COUNT + 2] = get(chacha, CHACHA_IV);
    matrix[MATRIX_COUNT + 3] = get(chacha, CHACHA_IV + 4);
    chacha_block(matrix, rounds[FIELD_OF(chacha, CHACHA_CONTROL, NUM_OF_ROUNDS)], stream);
}

static void count_block(struct cc_chacha *chacha)
{
    uint32_t low = get(chacha, CHACHA_BLOCK_CNT_LSB) + 1;
    bool carry = !low && !FIELD_OF(chacha, CHACHA_CONTROL, USE_IV_96BIT);

    regfile_set(&chacha->regs, CHACHA_BLOCK_CNT_LSB, low);
    regfile_set(&chacha->regs, CHACHA_BLOCK_CNT_MSB, get(chacha, CHACHA_BLOCK_CNT_MSB) + carry);
}

/* ---- Data --------------------------------------------------------------------------------------
 */

bool cc_chacha_is_able(const struct cc_chacha *chacha)
{
    return !FIELD_OF(chacha, CHACHA_CONTROL, CHACHA_OR_SALSA) && !get(chacha, CHACHA_ENDIANNESS);
}

void cc_chacha_report(const struct cc_chacha *chacha)
{
    uint32_t offset = get(chacha, CHACHA_ENDIANNESS) ? CHACHA_ENDIANNESS : CHACHA_CONTROL;

    notice_unmodelled(&chacha->regs, offset, get(chacha, offset));
}

void cc_chacha_begin(struct cc_chacha *chacha)
{
    memset(&chacha->state, 0, sizeof chacha->state);
}

uint8_t cc_chacha_take(struct cc_chacha *chacha, uint8_t byte)
{
    if (!chacha->state.left) {
        make_stream(chacha, get(chacha, CHACHA_BLOCK_CNT_LSB), get(chacha, CHACHA_BLOCK_CNT_MSB),
                    chacha->state.stream);
        count_block(chacha);
        chacha->state.left = CHACHA_BLOCK;
    }
    return byte ^ chacha->state.stream[CHACHA_BLOCK - chacha->state.left--];
}

/* ---- Registers ---------------------------------------------------------------------------------
 */

/* RFC 8439, 2.6: the first half of block 0. */
static void make_poly1305_key(struct cc_chacha *chacha)
{
    bool long_iv = FIELD_OF(chacha, CHACHA_CONTROL, USE_IV_96BIT);
    uint8_t stream[CHACHA_BLOCK];

    make_stream(chacha, 0, long_iv ? get(chacha, CHACHA_BLOCK_CNT_MSB) : 0, stream);
    for (uint32_t i = 0; i < 4 * CHACHA_POLY1305_KEY_COUNT; i += 4)
        regfile_set(&chacha->regs, CHACHA_POLY1305_KEY + i, load_le32(stream + i));
}

static void key_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_chacha *chacha = owner;

    regfile_set(&chacha->regs, CHACHA_KEY + 4 * index, value);
}

static void control_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_chacha *chacha = owner;

    (void)index, (void)value;
    if (!FIELD_OF(chacha, CHACHA_CONTROL, INIT))
        return;
    cc_chacha_begin(chacha);
    if (FIELD_OF(chacha, CHACHA_CONTROL, RESET_BLOCK_CNT)) {
        regfile_set(&chacha->regs, CHACHA_BLOCK_CNT_LSB, 0);
        if (!FIELD_OF(chacha, CHACHA_CONTROL, USE_IV_96BIT))
            regfile_set(&chacha->regs, CHACHA_BLOCK_CNT_MSB, 0);
    }
    if (FIELD_OF(chacha, CHACHA_CONTROL, GEN_KEY_POLY1305))
        make_poly1305_key(chacha);
}

static void sw_reset_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    cc_chacha_reset(owner);
}

/* ---- Wiring ------------------------------------------------------------------------------------
 */

static const struct reg_hook cc_chacha_hooks[] = {
    {CHACHA_CONTROL, control_written, NULL},
    {CHACHA_KEY, key_written, NULL},
    {CHACHA_SW_RESET, sw_reset_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec cc_chacha_spec = {
    .name = "CC_CHACHA",
    .base = BASE_CRYPTOCELL + REGFILE_SIZE,
    .first = FIRST,
    .size = END,
    .irq = NO_IRQ,
    .regs = cc_chacha_regs,
    .reg_count = ARRAY_LENGTH(cc_chacha_regs),
    .fields = cc_chacha_fields,
    .field_count = ARRAY_LENGTH(cc_chacha_fields),
    .hooks = cc_chacha_hooks,
};

void cc_chacha_init(struct cc_chacha *chacha, struct fabric *fabric)
{
    memset(&chacha->state, 0, sizeof chacha->state);
    regfile_init(&chacha->regs, &cc_chacha_spec, fabric, chacha);
    state_register(fabric->state, "CC_CHACHA", &chacha->state, sizeof chacha->state);
}

void cc_chacha_reset(struct cc_chacha *chacha)
{
    cc_chacha_begin(chacha);
    regfile_reset(&chacha->regs);
}
