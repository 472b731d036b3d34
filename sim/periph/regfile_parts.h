/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the register blocks share: see regfile.h. */
#ifndef SIM_PERIPH_REGFILE_PARTS_H
#define SIM_PERIPH_REGFILE_PARTS_H

#include "sim/periph/regfile.h"

#include <assert.h>

enum {
    OFFSET_EVENTS = 0x100,
    OFFSET_SHORTS = 0x200,
    OFFSET_INTEN = 0x300,
    LAST_ENABLED = 0, /* the word that says whose the base was last */
};

/* Is it one of the three addresses of the interrupt mask? */
static inline bool reg_shows_inten(const struct reg_desc *desc)
{
    return desc->kind == REG_INTEN || desc->kind == REG_INTENSET || desc->kind == REG_INTENCLR;
}

/* The register at `offset`, NULL: there is none. */
static inline const struct reg_slot *regfile_slot(const struct regfile *regs, uint32_t offset)
{
    unsigned slot = offset < REGFILE_SIZE ? regs->slot[offset / 4] : 0;

    return slot ? &regs->reg[slot] : NULL;
}

/* Of a register that the model knows to exist. */
static inline const struct reg_slot *regfile_known_slot(const struct regfile *regs, uint32_t offset)
{
    const struct reg_slot *slot = regfile_slot(regs, offset);

    assert(slot && offset % 4 == 0);
    return slot;
}

/* How a block answers on the bus. */
extern const struct bus_ops regfile_bus_side;

#endif
