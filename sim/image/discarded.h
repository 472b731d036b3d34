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
 * Moves the line sequences of discarded functions (.debug_line) to addresses where no code is, in
 * libelf's memory of the file: libdw sorts the lines of a unit by address, and nothing could tell
 * the ghosts from the others afterwards. To be called before libdw sees them. Decompresses the
 * section if need be. (libdw passes over frame descriptions at address 0 by itself.)
 */
void discarded_move_away(const struct image *image);

#endif
