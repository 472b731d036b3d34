/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Debug information of functions that the linker threw away.
 *
 * With --gc-sections GNU ld leaves it in the file and writes 0 (in places 1) where the function's
 * address was. On a chip whose flash starts at 0 those ghosts lie over real code. Nothing real
 * starts there, a vector table does, so they are told apart by that.
 */
#ifndef SIM_IMAGE_DISCARDED_H
#define SIM_IMAGE_DISCARDED_H

#include "sim/image/image_state.h"

static inline bool is_discarded_address(uint64_t address)
{
    return address <= 1;
}

/*
 * Moves the discarded functions' line sequences (.debug_line) and call-frame descriptions
 * (.debug_frame) to addresses where no code is, in libelf's memory of the file. To be called
 * before libdw sees them. Decompresses the two sections if need be.
 */
void discarded_move_away(const struct image *image);

#endif
