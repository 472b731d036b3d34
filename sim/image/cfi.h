/* SPDX-License-Identifier: Apache-2.0 */
/* One step from a function to its caller by DWARF call-frame information. */
#ifndef SIM_IMAGE_CFI_H
#define SIM_IMAGE_CFI_H

#include "sim/image/expression.h"

enum cfi_result {
    CFI_CALLER,  /* `registers` are the caller's, r[15] is the return address as it was stored */
    CFI_ABSENT,  /* there is no information about this address */
    CFI_UNKNOWN, /* there is, but it ends here: outermost frame, or memory that is not known */
};

/*
 * pc     an address within the function: the instruction reached, or of a caller its call
 * start  gives the memory
 */
enum cfi_result cfi_step(const struct debug_info *debug, guest_addr pc,
                         const struct unwind_start *start, struct registers *registers);

/* The stack pointer before the call of the function that `pc` is in: the end of its frame. False
 * when nothing says where it is. */
bool cfi_frame_address(const struct debug_info *debug, guest_addr pc,
                       const struct unwind_start *start, const struct registers *registers,
                       uint32_t *address);

#endif
