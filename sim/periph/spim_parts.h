/* SPDX-License-Identifier: Apache-2.0 */
/* SPIM's parts: what spim.c and spim_collision.c know of each other. */
#ifndef SIM_PERIPH_SPIM_PARTS_H
#define SIM_PERIPH_SPIM_PARTS_H

#include "sim/periph/spim.h"

/* Erratum 198, of SPIM3 on silicon that has it; of all others nothing happens. */
void spim_collision_init(struct spim *spim);

/* It sends from `window` from now on. */
void spim_collision_begin(struct spim *spim, struct byte_range window);
void spim_collision_end(struct spim *spim);

/* Asked with each byte that is fetched: is it spoiled? */
bool spim_collision_spoils(struct spim *spim);

#endif
