/* SPDX-License-Identifier: Apache-2.0 */
/* One step from a function to its caller by DWARF call-frame information. */
#ifndef SIM_IMAGE_CFI_H
#define SIM_IMAGE_CFI_H

#include "sim/image/debug_info.h"

#define REG_SP 13u
#define REG_LR 14u
#define REG_PC 15u

/* The core registers of one frame, as far as they are known. */
struct registers {
    uint32_t r[16];
    uint16_t known; /* bit n: r[n] is */
};

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

#endif
