/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/cfi.h"

#include "sim/base/bits.h"

#include <dwarf.h>
#include <stdlib.h>

/* libdw gives each register at most this many operations of its own making (libdw.h). */
#define OPERATIONS_ROOM 3

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
        is_known = count && expression_evaluate(e, ops, count, &value) &&
                   (e->is_value || e->start->read(e->start->owner, value, &value));
    }
    if (is_known) {
        caller->known |= (uint16_t)bit32(number);
        caller->r[number] = value;
    }
}

static bool frame_address(Dwarf_Frame *frame, const struct unwind_start *start,
                          const struct registers *registers, uint32_t *address)
{
    struct evaluation e = {.registers = registers, .start = start};
    Dwarf_Op *ops;
    size_t count;

    return dwarf_frame_cfa(frame, &ops, &count) == 0 &&
           expression_evaluate(&e, ops, count, address);
}

static enum cfi_result step(Dwarf_Frame *frame, const struct unwind_start *start,
                            struct registers *registers)
{
    struct evaluation e = {.registers = registers, .start = start};
    struct registers caller = {0};
    int return_column = dwarf_frame_info(frame, NULL, NULL, NULL);

    if (return_column < 0 || return_column > (int)REG_PC ||
        !frame_address(frame, start, registers, &e.cfa))
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

/* NULL: there is no information about `pc`. libdw allocates it by malloc, for us to free. */
static Dwarf_Frame *frame_of(const struct debug_info *debug, guest_addr pc)
{
    Dwarf_Frame *frame = NULL;

    for (unsigned i = 0; debug && i < ARRAY_LENGTH(debug->frames); i++)
        if (debug->frames[i] && dwarf_cfi_addrframe(debug->frames[i], pc, &frame) == 0)
            return frame;
    return NULL;
}

enum cfi_result cfi_step(const struct debug_info *debug, guest_addr pc,
                         const struct unwind_start *start, struct registers *registers)
{
    Dwarf_Frame *frame = frame_of(debug, pc);
    enum cfi_result result = frame ? step(frame, start, registers) : CFI_ABSENT;

    free(frame);
    return result;
}

bool cfi_frame_address(const struct debug_info *debug, guest_addr pc,
                       const struct unwind_start *start, const struct registers *registers,
                       uint32_t *address)
{
    Dwarf_Frame *frame = frame_of(debug, pc);
    bool known = frame && frame_address(frame, start, registers, address);

    free(frame);
    return known;
}
