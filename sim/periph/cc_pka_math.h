/* SPDX-License-Identifier: Apache-2.0 */
/* What PKA of the CRYPTOCELL engine computes: one operation on large numbers, in no time and
 * without a register. */
#ifndef SIM_PERIPH_CC_PKA_MATH_H
#define SIM_PERIPH_CC_PKA_MATH_H

#include <stdbool.h>
#include <stdint.h>

/* In bytes: a word of the engine, and the longest number, which is what 13 bits of PKA_L can say
 * and a word more. */
enum { PKA_WORD = 8, PKA_LONGEST = 129 * PKA_WORD };

/* As in OPCODE. Behind 0x1b there is nothing, and a few values below have no meaning either. */
enum pka_operation {
    PKA_TERMINATE = 0x00,
    PKA_ADD = 0x04,
    PKA_SUB = 0x05,
    PKA_MOD_ADD = 0x06,
    PKA_MOD_SUB = 0x07,
    PKA_AND = 0x08,
    PKA_OR = 0x09,
    PKA_XOR = 0x0a,
    PKA_SHR0 = 0x0c,
    PKA_SHR1 = 0x0d,
    PKA_SHL0 = 0x0e,
    PKA_SHL1 = 0x0f,
    PKA_MUL_LOW = 0x10,
    PKA_MOD_MUL = 0x11,
    PKA_MOD_MUL_N = 0x12,
    PKA_MOD_EXP = 0x13,
    PKA_DIVISION = 0x14,
    PKA_MOD_INV = 0x15,
    PKA_MOD_DIV = 0x16,
    PKA_MUL_HIGH = 0x17,
    PKA_MOD_MLAC = 0x18,
    PKA_MOD_MLAC_NR = 0x19,
    PKA_REDUCTION = 0x1b,
    PKA_OPERATIONS = 0x20,
};

/* A number, least significant byte first; bytes behind its size are not looked at. */
struct pka_number {
    bool is_constant; /* `constant` is meant, not `byte` */
    int constant;     /* -16 to 15; the count of a shift is 0 to 31, and one more is shifted */
    uint8_t byte[PKA_LONGEST];
};

struct pka_work {
    enum pka_operation operation;
    uint32_t size; /* of the operands, in bytes: a multiple of PKA_WORD, less than PKA_LONGEST */
    /* In. What the operation does not need is not looked at. A, B and C have pka_operand_size()
     * bytes, the modulus has `size`. */
    struct pka_number a;
    struct pka_number b;
    struct pka_number c;
    struct pka_number modulus;
    /* Out. */
    struct pka_number result;
    uint32_t result_size; /* in bytes, 0: there is none */
    bool a_changed;       /* a division leaves the remainder in A */
    bool b_changed;       /* an inversion leaves the greatest common divisor in B */
    uint32_t status;      /* as in PKA_STATUS */
};

/* Is there such an operation? */
bool pka_is_known(enum pka_operation operation);

/* Bytes of an operand: what works modulo N takes a word more than `size`, for numbers that are not
 * reduced yet. */
uint32_t pka_operand_size(enum pka_operation operation, uint32_t size);

/* Does it. The operation must be known. Deterministic. */
void pka_compute(struct pka_work *work);

#endif
