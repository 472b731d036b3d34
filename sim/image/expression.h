/* SPDX-License-Identifier: Apache-2.0 */
/* Where something is, as DWARF expressions say it (DWARF 5, 2.5). */
#ifndef SIM_IMAGE_EXPRESSION_H
#define SIM_IMAGE_EXPRESSION_H

#include "sim/image/debug_info.h"

#define REG_SP 13u
#define REG_LR 14u
#define REG_PC 15u

/* Deeper expressions than any compiler's are not evaluated. */
#define STACK_ROOM 16u

/* The core registers of one frame, as far as they are known. */
struct registers {
    uint32_t r[16];
    uint16_t known; /* bit n: r[n] is */
};

/* An expression being evaluated: what it may refer to, and what it has come to. */
struct evaluation {
    const struct registers *registers;
    const struct unwind_start *start; /* gives the memory */
    bool has_cfa;
    bool has_base;
    uint32_t cfa;  /* DW_OP_call_frame_cfa: the stack pointer before the call */
    uint32_t base; /* DW_OP_fbreg: the frame base of the function */
    uint32_t stack[STACK_ROOM];
    unsigned depth;
    bool is_value; /* the result is the value itself, not where it is stored */
};

/* False when it needs what is not known, or an operation no compiler uses for this. */
bool expression_evaluate(struct evaluation *e, const Dwarf_Op *ops, size_t count, uint32_t *result);

#endif
