/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lock at 0x4006EC00 and the two registers behind it (nRF52840 Errata, 171, 187 and 211).
 *
 * Deviations:
 *   1. Deduced from drivers, no document describes it: the key turns the lock over, locked reads as
 *      0 and unlocked as 1.
 *   2. A write to a locked register is ignored and reported as a write to a disabled peripheral.
 *   3. USBD wants them only from silicon that has the errata (silicon.def).
 */
#include "sim/periph/errata_unlock.h"

#include "sim/base/compiler.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/errata.def"
};

static const struct reg_desc errata_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/errata.def"
};
/* clang-format on */

enum { KEY = 0x9375, AWAKE = 0xc0, POWERED = 3 };

static void lock_written(void *owner, unsigned index, uint32_t value)
{
    struct errata_unlock *errata = owner;

    (void)index;
    if (value == KEY)
        errata->unlocked ^= 1;
    regfile_set(&errata->regs, LOCK, errata->unlocked);
}

static bool accessible(void *owner, uint32_t offset, bool write)
{
    struct errata_unlock *errata = owner;

    if (!write || offset == LOCK || errata->unlocked)
        return true;
    regfile_misuse(&errata->regs, MISUSE_DISABLED, offset, 0); /* deviation 2 */
    return false;
}

static void tell_usbd(struct errata_unlock *errata)
{
    struct wires *wires = errata->regs.fabric->wires;

    wire_set(wires, WIRE_ERRATUM_171, regfile_get(&errata->regs, WAKE_UP) == AWAKE);
    wire_set(wires, WIRE_ERRATUM_187, regfile_get(&errata->regs, POWER_STATE) == POWERED);
}

static void value_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    (void)value;
    tell_usbd(owner);
}

static const struct reg_hook errata_hooks[] = {
    {LOCK, lock_written, NULL},
    {WAKE_UP, value_written, NULL},
    {POWER_STATE, value_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec errata_unlock_spec = {
    .name = "ERRATA",
    .base = 0x4006e000,
    .first = LOCK,
    .size = POWER_STATE + 4,
    .irq = NO_IRQ,
    .regs = errata_regs,
    .reg_count = ARRAY_LENGTH(errata_regs),
    .hooks = errata_hooks,
    .accessible = accessible,
};

void errata_unlock_init(struct errata_unlock *errata, struct fabric *fabric,
                        const struct block_spec *spec)
{
    *errata = (struct errata_unlock){0};
    regfile_init(&errata->regs, spec, fabric, errata);
    state_register(fabric->state, "ERRATA lock", &errata->unlocked, sizeof errata->unlocked);
}

void errata_unlock_reset(struct errata_unlock *errata, enum reset_kind reason)
{
    (void)reason;
    errata->unlocked = 0;
    regfile_reset(&errata->regs);
    tell_usbd(errata);
}
