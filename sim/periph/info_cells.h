/* SPDX-License-Identifier: Apache-2.0 */
/* Cells that are listed like registers: FICR and UICR. */
#ifndef SIM_PERIPH_INFO_CELLS_H
#define SIM_PERIPH_INFO_CELLS_H

#include "sim/base/bits.h"
#include "sim/mem/map.h"
#include "sim/periph/regfile.h"

#include <string.h>

/* Erases the INFO_SIZE bytes of `cells` and writes the reset values of the list into them. */
static inline void info_cells_fill(uint8_t *cells, const struct block_spec *spec)
{
    memset(cells, 0xff, INFO_SIZE);
    for (unsigned i = 0; i < spec->reg_count; i++) {
        const struct reg_desc *desc = &spec->regs[i];

        for (size_t n = 0; n < desc->count; n++)
            store_le32(cells + desc->offset + n * desc->stride, desc->reset);
    }
}

#endif
