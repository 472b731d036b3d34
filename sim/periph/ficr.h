/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FICR: what the factory wrote into the chip (PS v1.7, 4.4). Cells, no behaviour: the CPU reads
 * them as memory, and nvmc_flash_write refuses to change them.
 */
#ifndef SIM_PERIPH_FICR_H
#define SIM_PERIPH_FICR_H

#include "sim/mem/memory.h"
#include "sim/periph/regfile.h"
#include "sim/periph/silicon.h"

extern const struct block_spec ficr_spec;

/* Fills memory->ficr as for a chip of revision 3. */
void ficr_init(struct memory *memory);

/* Makes the chip one of another revision; to be called before it runs. */
void ficr_set_revision(struct memory *memory, enum silicon_revision revision);

#endif
