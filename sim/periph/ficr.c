/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FICR: factory information configuration registers (PS v1.7, 4.4).
 *
 * Deviations:
 *   1. Numbers that differ from chip to chip (identity, roots, radio address, pace of the noise
 *      source) are made up and the same in every simulated chip. The temperature trim is that of
 * the TEMP registers' reset.
 */
#include "sim/periph/ficr.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/info_cells.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/ficr.def"
};

static const struct reg_desc ficr_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/ficr.def"
};
/* clang-format on */

const struct block_spec ficr_spec = {
    .name = "FICR",
    .base = FICR_BASE,
    .size = INFO_SIZE,
    .irq = NO_IRQ,
    .regs = ficr_regs,
    .reg_count = ARRAY_LENGTH(ficr_regs),
};

/* Deviation 1. The two top bits of a random static address are ones. */
static const struct {
    uint16_t offset;
    uint32_t value;
} this_chip[] = {
    {DEVICEID, 0x0fe9ce90}, {DEVICEID + 4, 0x57a9e7b1}, {ER, 0x6a09e667},
    {ER + 4, 0xbb67ae85},   {ER + 8, 0x3c6ef372},       {ER + 12, 0xa54ff53a},
    {IR, 0x510e527f},       {IR + 4, 0x9b05688c},       {IR + 8, 0x1f83d9ab},
    {IR + 12, 0x5be0cd19},  {DEVICEADDR, 0x5c0ffee0},   {DEVICEADDR + 4, 0xffffd1ce},
    {TRNG90B_ROSC1, 250},   {TRNG90B_ROSC2, 500},       {TRNG90B_ROSC3, 750},
    {TRNG90B_ROSC4, 1000},
};

void ficr_init(struct memory *memory)
{
    info_cells_fill(memory->ficr, &ficr_spec);
    for (unsigned i = 0; i < ARRAY_LENGTH(this_chip); i++)
        store_le32(memory->ficr + this_chip[i].offset, this_chip[i].value);
    ficr_set_revision(memory, SILICON_REV3);
}

/* The variant "AAF0" brought the new APPROTECT; the byte at 0x134 counts engineering revisions. */
void ficr_set_revision(struct memory *memory, enum silicon_revision revision)
{
    store_le32(memory->ficr + INFO_VARIANT, silicon_variant(revision));
    store_le32(memory->ficr + ERRATA_REVISION, silicon_errata_byte(revision));
}
