/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of the hardware, and the life cycle, of CRYPTOCELL (PS, CRYPTOCELL, CC_HOST_RGF).
 *
 * Deviations:
 *   1. K_PRTL, which is in no document, and the session key say that they are missing. A locked
 *      K_PRTL, and K_DR before it is there, are zeros.
 *   2. The life cycle makes no difference.
 *   3. What is always on is lost at power-on only.
 */
#include "sim/periph/cc_keys.h"

#include "sim/base/bits.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/cc_host_rgf.def"
};
/* clang-format on */

enum { K_DR = 0, K_PRTL = 1 };
enum { LCS_WIDTH = 3, LCS_IS_VALID = 1 << 8 };

bool cc_keys_is_retained(const struct cc_keys *keys)
{
    return keys->state.written == mask32(CC_KEY_WORDS);
}

void cc_keys_write(struct cc_keys *keys, unsigned word, uint32_t value)
{
    if (keys->state.written & bit32(word))
        return;
    keys->state.k_dr[word] = value;
    keys->state.written |= bit32(word);
}

void cc_keys_lock(struct cc_keys *keys, uint32_t value)
{
    keys->state.locked |= value & 1;
    regfile_set(keys->regs, HOST_IOT_KPRTL_LOCK, keys->state.locked);
}

/* Once after each reset. */
void cc_keys_set_life_cycle(struct cc_keys *keys, uint32_t value)
{
    if (!keys->state.life_cycle)
        keys->state.life_cycle = extract32(value, 0, LCS_WIDTH) | LCS_IS_VALID;
    regfile_set(keys->regs, HOST_IOT_LCS, keys->state.life_cycle);
}

bool cc_keys_sample(const struct cc_keys *keys, uint32_t key[CC_KEY_WORDS])
{
    uint32_t which = extract32(regfile_get(keys->regs, HOST_CRYPTOKEY_SEL), 0, 2);

    memset(key, 0, CC_KEY_WORDS * sizeof *key);
    if (which == K_DR && cc_keys_is_retained(keys))
        memcpy(key, keys->state.k_dr, sizeof keys->state.k_dr);
    return which == K_DR || (which == K_PRTL && keys->state.locked);
}

void cc_keys_init(struct cc_keys *keys, struct regfile *regs)
{
    memset(&keys->state, 0, sizeof keys->state);
    keys->regs = regs;
    state_register(regs->fabric->state, "CC keys", &keys->state, sizeof keys->state);
}

void cc_keys_reset(struct cc_keys *keys, enum reset_kind reason)
{
    if (reason == RESET_POWER_ON)
        memset(&keys->state, 0, sizeof keys->state);
    keys->state.life_cycle = 0;
    regfile_set(keys->regs, HOST_IOT_KPRTL_LOCK, keys->state.locked);
}
