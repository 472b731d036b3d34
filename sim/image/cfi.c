/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/cfi.h"

#include "sim/base/bits.h"

#include <dwarf.h>
#include <stdlib.h>

/* Deeper expressions than any compiler's end the walk. */
#define STACK_ROOM 16u
#define OPERATIONS_LIMIT 64u

/* libdw gives each register at most this many operations of its own making (libdw.h). */
#define OPERATIONS_ROOM 3

/* A DWARF expression being evaluated (DWARF 5, 2.5). */
struct evaluation {
    const struct registers *registers;
    const struct unwind_start *start;
    bool has_cfa;
    uint32_t cfa;
    uint32_t stack[STACK_ROOM];
    unsigned depth;
    bool is_value; /* the result is the value itself, not where it is stored */
};

static bool push(struct evaluation *e, uint32_t value)
{
    if (e->depth == STACK_ROOM)
        return false;
    e->stack[e->depth++] = value;
    return true;
}

static bool push_register(struct evaluation *e, uint64_t number, uint32_t offset)
{
    if (number > REG_PC || !(e->registers->known & bit32((unsigned)number)))
        return false;
    return push(e, e->registers->r[number] + offset);
}

static bool dereference(struct evaluation *e)
{
    uint32_t *top;

    if (!e->depth)
        return false;
    top = &e->stack[e->depth - 1];
    return e->start->read(e->start->owner, *top, top);
}

static bool combine(struct evaluation *e, unsigned operation)
{
    uint32_t right;
    uint32_t *left;

    if (e->depth < 2)
        return false;
    right = e->stack[--e->depth];
    left = &e->stack[e->depth - 1];
    switch (operation) {
    case DW_OP_plus:
        *left += right;
        return true;
    case DW_OP_minus:
        *left -= right;
        return true;
    case DW_OP_and:
        *left &= right;
        return true;
    case DW_OP_shl:
        *left = right < 32 ? *left << right : 0;
        return true;
    default:
        return false;
    }
}

/* The operations compilers emit in call-frame information; any other ends the walk. */
static bool operate(struct evaluation *e, const Dwarf_Op *op)
{
    if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
        return push_register(e, op->atom - DW_OP_breg0, (uint32_t)op->number);
    if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31)
        return push(e, op->atom - DW_OP_lit0);
    if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31) {
        e->is_value = true;
        return push_register(e, op->atom - DW_OP_reg0, 0);
    }

    switch (op->atom) {
    case DW_OP_call_frame_cfa:
        return e->has_cfa && push(e, e->cfa);
    case DW_OP_bregx:
        return push_register(e, op->number, (uint32_t)op->number2);
    case DW_OP_regx:
        e->is_value = true;
        return push_register(e, op->number, 0);
    case DW_OP_const1u:
    case DW_OP_const1s:
    case DW_OP_const2u:
    case DW_OP_const2s:
    case DW_OP_const4u:
    case DW_OP_const4s:
    case DW_OP_constu:
    case DW_OP_consts:
    case DW_OP_addr:
        return push(e, (uint32_t)op->number);
    case DW_OP_plus_uconst:
        if (e->depth)
            e->stack[e->depth - 1] += (uint32_t)op->number;
        return e->depth != 0;
    case DW_OP_deref:
        return dereference(e);
    case DW_OP_stack_value:
        e->is_value = true;
        return true;
    default:
        return combine(e, op->atom);
    }
}

static bool evaluate(struct evaluation *e, const Dwarf_Op *ops, size_t count, uint32_t *result)
{
    e->depth = 0;
    e->is_value = false;
    if (count > OPERATIONS_LIMIT)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!operate(e, &ops[i]))
            return false;
    if (e->depth)
        *result = e->stack[e->depth - 1];
    return e->depth != 0;
}

/* Sets register `number` of the caller, or leaves it unknown. */
static void restore(struct evaluation *e, Dwarf_Frame *frame, unsigned number,
                    struct registers *caller)
{
    Dwarf_Op room[OPERATIONS_ROOM];
    Dwarf_Op *ops;
    size_t count;
    uint32_t value = 0;
    bool is_known;

    if (dwarf_frame_register(frame, (int)number, room, &ops, &count) != 0)
        return;
    if (count == 0 && ops == NULL) {
        is_known = e->registers->known & bit32(number);
        value = e->registers->r[number];
    } else {
        is_known = count && evaluate(e, ops, count, &value) &&
                   (e->is_value || e->start->read(e->start->owner, value, &value));
    }
    if (is_known) {
        caller->known |= (uint16_t)bit32(number);
        caller->r[number] = value;
    }
}

static enum cfi_result step(Dwarf_Frame *frame, const struct unwind_start *start,
                            struct registers *registers)
{
    struct evaluation e = {.registers = registers, .start = start};
    struct registers caller = {0};
    Dwarf_Op *ops;
    size_t count;
    int return_column = dwarf_frame_info(frame, NULL, NULL, NULL);

    if (return_column < 0 || return_column > (int)REG_PC ||
        dwarf_frame_cfa(frame, &ops, &count) != 0 || !evaluate(&e, ops, count, &e.cfa))
        return CFI_UNKNOWN;
    e.has_cfa = true;
    for (unsigned number = 0; number < REG_PC; number++)
        if (number != REG_SP)
            restore(&e, frame, number, &caller);
    /* The frame address is the stack pointer before the call (AADWARF32). */
    caller.r[REG_SP] = e.cfa;
    caller.known |= (uint16_t)bit32(REG_SP);
    if (!(caller.known & bit32((unsigned)return_column)))
        return CFI_UNKNOWN;
    caller.r[REG_PC] = caller.r[return_column];
    caller.known |= (uint16_t)bit32(REG_PC);
    *registers = caller;
    return CFI_CALLER;
}

enum cfi_result cfi_step(const struct debug_info *debug, guest_addr pc,
                         const struct unwind_start *start, struct registers *registers)
{
    for (unsigned i = 0; debug && i < ARRAY_LENGTH(debug->frames); i++) {
        Dwarf_Frame *frame = NULL;
        enum cfi_result result;

        if (!debug->frames[i] || dwarf_cfi_addrframe(debug->frames[i], pc, &frame) != 0)
            continue;
        result = step(frame, start, registers);
        free(frame); /* libdw allocates it by malloc for us to free */
        return result;
    }
    return CFI_ABSENT;
}
