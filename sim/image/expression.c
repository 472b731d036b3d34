/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/expression.h"

#include "sim/base/bits.h"

#include <dwarf.h>

/* Longer expressions than any compiler's are not evaluated. */
#define OPERATIONS_LIMIT 64u

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

/* The operations compilers emit for frames and for variables in memory; any other ends it. */
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
    case DW_OP_fbreg:
        return e->has_base && push(e, e->base + (uint32_t)op->number);
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

bool expression_evaluate(struct evaluation *e, const Dwarf_Op *ops, size_t count, uint32_t *result)
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
