/* SPDX-License-Identifier: Apache-2.0 */
/* The ROM table's identification, which older start-up code reads to know the revision. */
#ifndef SIM_PERIPH_ROM_TABLE_H
#define SIM_PERIPH_ROM_TABLE_H

#include "sim/periph/regfile.h"

struct rom_table {
    struct regfile regs;
};

extern const struct block_spec rom_table_spec;

void rom_table_init(struct rom_table *table, struct fabric *fabric, const struct block_spec *spec);
void rom_table_reset(struct rom_table *table, enum reset_kind reason);

#endif
