/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ROM table: identification of part and revision (as start-up code reads it; in no manual).
 *
 * Deviations:
 *   1. Only the four words that software in the field reads are there. Low nibbles of PID2 and
 *      PID3, which are not looked at, read as 0; revision 3 is taken to have the number of FICR
 *      here too.
 */
#include "sim/periph/rom_table.h"

#include "sim/base/compiler.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/rom_table.def"
};

static const struct reg_desc rom_table_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/rom_table.def"
};
/* clang-format on */

const struct block_spec rom_table_spec = {
    .name = "ROMTABLE",
    .base = 0xf0000000,
    .first = PID0,
    .size = PID3 + 4,
    .irq = NO_IRQ,
    .regs = rom_table_regs,
    .reg_count = ARRAY_LENGTH(rom_table_regs),
};

void rom_table_init(struct rom_table *table, struct fabric *fabric, const struct block_spec *spec)
{
    *table = (struct rom_table){0};
    regfile_init(&table->regs, spec, fabric, table);
}

void rom_table_reset(struct rom_table *table, enum reset_kind reason)
{
    enum silicon_revision revision = (enum silicon_revision)table->regs.fabric->silicon.revision;

    (void)reason;
    regfile_reset(&table->regs);
    regfile_set(&table->regs, PID2, silicon_errata_byte(revision) << 4);
}
