/* SPDX-License-Identifier: Apache-2.0 */
/* Recognises `REGISTER |= bits` in the program's own code. */
#ifndef SIM_PERIPH_MODIFY_H
#define SIM_PERIPH_MODIFY_H

#include "sim/mem/memory.h"

/*
 * True when the instruction at `store` stores what the one at `load` loaded, with bits added by
 * ORR, in a straight line of a few instructions. Values cannot tell: writing back all bits that
 * were read is the regular way to clear them, and `REGISTER |= REGISTER` does no more than that: it
 * reads twice, `before` being the first reading (`load` itself if there was one only).
 */
bool code_adds_bits(const struct memory *memory, guest_addr before, guest_addr load,
                    guest_addr store);

#endif
