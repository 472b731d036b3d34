/* SPDX-License-Identifier: Apache-2.0 */
/* A walk through the call frames of a moment, with the registers of each. */
#ifndef SIM_IMAGE_WALK_H
#define SIM_IMAGE_WALK_H

#include "sim/image/cfi.h"

struct walk {
    const struct image *image;
    const struct debug_info *debug;
    const struct unwind_start *start;
    struct registers registers;
    guest_addr pc; /* within the present function */
    bool is_exact; /* registers are those of an instruction reached, not of a call on its way */
};

/* In the innermost frame. All pointers are borrowed for as long as it is walked. */
void walk_begin(struct walk *walk, const struct image *image, const struct unwind_start *start);

/* One frame outwards; false where the information ends. */
bool walk_out(struct walk *walk, bool *is_exception);

#endif
