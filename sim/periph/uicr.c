/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UICR: user information configuration registers (PS v1.7, 4.5).
 *
 * Deviations:
 *   1. The settings are stored only: no pin resets the chip, the NFC pins are always GPIO, the
 *      supply has no voltage and the debug port is always open.
 */
#include "sim/periph/uicr.h"

#include "sim/base/compiler.h"
#include "sim/periph/info_cells.h"

/* clang-format off */
static const struct reg_desc uicr_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/uicr.def"
};

static const struct field_desc uicr_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/uicr.def"
};
/* clang-format on */

const struct block_spec uicr_spec = {
    .name = "UICR",
    .base = UICR_BASE,
    .size = INFO_SIZE,
    .irq = NO_IRQ,
    .regs = uicr_regs,
    .reg_count = ARRAY_LENGTH(uicr_regs),
    .fields = uicr_fields,
    .field_count = ARRAY_LENGTH(uicr_fields),
};

void uicr_init(struct memory *memory)
{
    info_cells_fill(memory->uicr, &uicr_spec);
}
