/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hand assembler for short programs: vector table, code, literals. Encodings after Armv7-M A7.
 *
 *     struct program program = program_begin();
 *     op(&program, THUMB_MOVS(0, 1));
 *     op(&program, THUMB_B_SELF);
 *     harness_load(harness, program.bytes, sizeof program.bytes);
 */
#ifndef TESTS_CPU_THUMB_H
#define TESTS_CPU_THUMB_H

#include "sim/base/bits.h"

enum {
    PROGRAM_BYTES = 0x1000,
    PROGRAM_CODE = 0x200,
    PROGRAM_STACK = 0x20008000,
};

struct program {
    uint32_t at; /* where the next instruction goes */
    uint8_t bytes[PROGRAM_BYTES];
};

#define THUMB_NOP 0xbf00
#define THUMB_YIELD 0xbf10
#define THUMB_WFE 0xbf20
#define THUMB_WFI 0xbf30
#define THUMB_SEV 0xbf40
#define THUMB_B_SELF 0xe7fe
#define THUMB_BX_LR 0x4770
#define THUMB_CPSID 0xb672
#define THUMB_CPSIE 0xb662
#define THUMB_CPSID_F 0xb671
#define THUMB_UDF 0xde00
#define THUMB_SVC(n) (0xdf00 | (n))
#define THUMB_BKPT(n) (0xbe00 | (n))
#define THUMB_BX(rm) (0x4700 | (rm) << 3)
#define THUMB_MOVS(rd, imm) (0x2000 | (rd) << 8 | (imm))
#define THUMB_ADDS(rd, imm) (0x3000 | (rd) << 8 | (imm))
#define THUMB_CMP(rn, imm) (0x2800 | (rn) << 8 | (imm))
#define THUMB_MOV(rd, rm) (0x4600 | ((rd)&8) << 4 | (rm) << 3 | ((rd)&7))
#define THUMB_LDR(rt, rn, offset) (0x6800 | (offset) / 4 << 6 | (rn) << 3 | (rt))
#define THUMB_STR(rt, rn, offset) (0x6000 | (offset) / 4 << 6 | (rn) << 3 | (rt))
#define THUMB_STRB(rt, rn, offset) (0x7000 | (offset) << 6 | (rn) << 3 | (rt))
#define THUMB_IT(cond, mask) (0xbf00 | (cond) << 4 | (mask))

/* Wide instructions, first halfword on top. */
#define THUMB_DMB 0xf3bf8f5fu
#define THUMB_DSB 0xf3bf8f4fu
#define THUMB_ISB 0xf3bf8f6fu
#define THUMB_CLREX 0xf3bf8f2fu
#define THUMB_MSR(special, rn) (0xf3808800u | (uint32_t)(rn) << 16 | (special))
#define THUMB_MRS(rd, special) (0xf3ef8000u | (uint32_t)(rd) << 8 | (special))
#define THUMB_LDREX(rt, rn) (0xe8500f00u | (uint32_t)(rn) << 16 | (uint32_t)(rt) << 12)
#define THUMB_STREX(rd, rt, rn)                                                                    \
    (0xe8400000u | (uint32_t)(rn) << 16 | (uint32_t)(rt) << 12 | (uint32_t)(rd) << 8)
#define THUMB_LDRD(rt, rt2, rn)                                                                    \
    (0xe9d00000u | (uint32_t)(rn) << 16 | (uint32_t)(rt) << 12 | (uint32_t)(rt2) << 8)
#define THUMB_STRD(rt, rt2, rn)                                                                    \
    (0xe9c00000u | (uint32_t)(rn) << 16 | (uint32_t)(rt) << 12 | (uint32_t)(rt2) << 8)
#define THUMB_UDIV(rd, rn, rm) (0xfbb0f0f0u | (uint32_t)(rn) << 16 | (uint32_t)(rd) << 8 | (rm))
#define THUMB_VMOV_TO_S0(rt) (0xee000a10u | (uint32_t)(rt) << 12)
#define THUMB_VMRS(rt) (0xeef10a10u | (uint32_t)(rt) << 12)

enum { SPECIAL_MSP = 8, SPECIAL_PSP = 9, SPECIAL_BASEPRI = 17, SPECIAL_CONTROL = 20 };

/* Stack and reset vector; every other vector is 0 until vector_to. */
struct program program_begin(void);

/* Appends one instruction, narrow or wide. */
void op(struct program *program, uint32_t instruction);

/* Appends instructions that set `rd` to `value` (MOVW, MOVT). */
void op_load(struct program *program, unsigned rd, uint32_t value);

/* Handler of exception `n` starts where the next instruction goes. */
void vector_to_here(struct program *program, unsigned n);

/* Continues at `address`, with room for what is between. */
void program_at(struct program *program, uint32_t address);

#endif
