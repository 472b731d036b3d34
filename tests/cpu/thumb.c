/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cpu/thumb.h"

struct program program_begin(void)
{
    struct program program = {.at = PROGRAM_CODE};

    store_le32(program.bytes, PROGRAM_STACK);
    store_le32(program.bytes + 4, PROGRAM_CODE | 1);
    return program;
}

void op(struct program *program, uint32_t instruction)
{
    assert(program->at + 4 <= PROGRAM_BYTES);
    if (instruction >> 16) {
        store_le16(program->bytes + program->at, (uint16_t)(instruction >> 16));
        program->at += 2;
    }
    store_le16(program->bytes + program->at, (uint16_t)instruction);
    program->at += 2;
}

/* MOVW and MOVT, encoding T3 and T1: imm16 = imm4:i:imm3:imm8. */
static uint32_t move16(uint32_t opcode, unsigned rd, uint32_t value)
{
    return opcode | extract32(value, 12, 4) << 16 | extract32(value, 11, 1) << 26 |
           extract32(value, 8, 3) << 12 | extract32(value, 0, 8) | rd << 8;
}

void op_load(struct program *program, unsigned rd, uint32_t value)
{
    op(program, move16(0xf2400000u, rd, value & 0xffff));
    op(program, move16(0xf2c00000u, rd, value >> 16));
}

void vector_to_here(struct program *program, unsigned n)
{
    store_le32(program->bytes + 4 * n, program->at | 1);
}

void program_at(struct program *program, uint32_t address)
{
    assert(address >= program->at);
    program->at = address;
}
