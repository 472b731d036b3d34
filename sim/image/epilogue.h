/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a function. clang describes frames by r7 up to the last instruction, though the
 * epilogue has restored r7 before; there the code itself says more than its description.
 */
#ifndef SIM_IMAGE_EPILOGUE_H
#define SIM_IMAGE_EPILOGUE_H

#include "sim/image/image_state.h"

/*
 * True if the instruction at `pc` leaves the function with the return address in LR and all
 * registers restored: BX, a branch to another function, or ADD SP before either. `left` is then
 * how many bytes of stack it has yet to give back.
 */
bool epilogue_is_at(const struct image *image, guest_addr pc, uint32_t *left);

#endif
