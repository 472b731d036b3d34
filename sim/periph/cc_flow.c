/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which way data takes through the CRYPTOCELL engine, and what its units make of it (PS,
 * CRYPTOCELL, CRYPTO_CTL).
 *
 * Deviations:
 *   1. The modes that the manual has; another one says that it is missing, and data goes nowhere.
 */
#include "sim/periph/cc_flow.h"

#include "sim/base/bits.h"
#include "sim/periph/notice.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_data.def"
};
/* clang-format on */

/* What is connected to what. */
enum {
    KNOWN = 1 << 0,
    PAST_ALL = 1 << 1,
    TO_AES = 1 << 2,
    TO_HASH = 1 << 3,
    TO_CHACHA = 1 << 4,
    AES_TO_OUT = 1 << 5,
    AES_TO_HASH = 1 << 6,
};

/* By CRYPTO_CTL; 0: no document tells. */
static const uint8_t ways[32] = {
    [0] = KNOWN | PAST_ALL,
    [1] = KNOWN | TO_AES | AES_TO_OUT,
    [2] = KNOWN | TO_AES | AES_TO_HASH,
    [3] = KNOWN | TO_AES | TO_HASH | AES_TO_OUT,
    [7] = KNOWN | TO_HASH,
    [9] = KNOWN | TO_AES | PAST_ALL,
    [10] = KNOWN | TO_AES | AES_TO_HASH | AES_TO_OUT,
    [16] = KNOWN | TO_CHACHA,
};

static uint32_t get(const struct cc_flow *flow, uint32_t offset)
{
    return regfile_get(flow->regs, offset);
}

static unsigned way_of(const struct cc_flow *flow)
{
    return ways[extract32(get(flow, CRYPTO_CTL), 0, 5)];
}

bool cc_flow_is_able(const struct cc_flow *flow)
{
    unsigned way = way_of(flow);

    return way && (!(way & TO_AES) || cc_aes_is_able(&flow->aes)) &&
           (!(way & (TO_HASH | AES_TO_HASH)) || cc_hash_is_able(&flow->hash)) &&
           (!(way & TO_CHACHA) || cc_chacha_is_able(&flow->chacha));
}

/* Which setting is at fault. */
void cc_flow_report(const struct cc_flow *flow)
{
    unsigned way = way_of(flow);

    if (!way)
        notice_unmodelled(flow->regs, CRYPTO_CTL, get(flow, CRYPTO_CTL));
    else if (way & TO_CHACHA)
        cc_chacha_report(&flow->chacha);
    else if (way & TO_AES && !cc_aes_is_able(&flow->aes))
        notice_unmodelled(flow->regs, AES_CONTROL, get(flow, AES_CONTROL));
    else
        notice_unmodelled(flow->regs, HASH_CONTROL, get(flow, HASH_CONTROL));
}

static void hash_bytes(struct cc_flow *flow, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        cc_hash_take(&flow->hash, bytes[i]);
}

/* What comes out of AES. */
static void put_aes(void *owner, const uint8_t *bytes, uint32_t size)
{
    struct cc_flow *flow = owner;
    unsigned way = way_of(flow);

    if (way & AES_TO_HASH)
        hash_bytes(flow, bytes, size);
    if (way & AES_TO_OUT)
        flow->put(flow->owner, bytes, size);
}

void cc_flow_take(struct cc_flow *flow, uint8_t byte)
{
    unsigned way = way_of(flow);

    if (way & PAST_ALL)
        flow->put(flow->owner, &byte, 1);
    if (way & TO_HASH)
        hash_bytes(flow, &byte, 1);
    if (way & TO_AES)
        cc_aes_take(&flow->aes, byte);
    if (way & TO_CHACHA) {
        byte = cc_chacha_take(&flow->chacha, byte);
        flow->put(flow->owner, &byte, 1);
    }
}

void cc_flow_begin(struct cc_flow *flow)
{
    cc_aes_begin(&flow->aes);
    cc_hash_begin(&flow->hash);
    cc_chacha_begin(&flow->chacha);
}

void cc_flow_end(struct cc_flow *flow)
{
    unsigned way = way_of(flow);

    if (way & TO_AES)
        cc_aes_end(&flow->aes);
    if (way & (TO_HASH | AES_TO_HASH))
        cc_hash_end(&flow->hash);
}

void cc_flow_pad(struct cc_flow *flow)
{
    if (way_of(flow) & TO_HASH)
        cc_hash_pad(&flow->hash);
}

void cc_flow_init(struct cc_flow *flow, struct regfile *regs)
{
    flow->regs = regs;
    cc_aes_init(&flow->aes, regs);
    flow->aes.put = put_aes;
    flow->aes.owner = flow;
    cc_hash_init(&flow->hash, regs);
    cc_chacha_init(&flow->chacha, regs->fabric);
}

void cc_flow_reset(struct cc_flow *flow)
{
    cc_flow_begin(flow);
    cc_chacha_reset(&flow->chacha);
}
