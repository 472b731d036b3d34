/* SPDX-License-Identifier: Apache-2.0 */
/* Call frames, from the innermost outwards, through calls and exceptions. */
#include "sim/image/walk.h"

#include "sim/image/epilogue.h"

#include "sim/base/bits.h"

#include <string.h>

/* Frames an exception pushes (Armv7-M ARM, B1.5.6 and B1.5.7), offsets in bytes. */
enum exception_frame {
    FRAME_R0 = 0x00,
    FRAME_R12 = 0x10,
    FRAME_LR = 0x14,
    FRAME_PC = 0x18,
    FRAME_XPSR = 0x1c,
    FRAME_BASIC_SIZE = 0x20,
    FRAME_EXTENDED_SIZE = 0x68,
};

#define XPSR_STACK_ALIGNED 9u  /* a word was left out below the frame to align it */
#define EXC_RETURN_PROCESS 2u  /* the frame is on the process stack */
#define EXC_RETURN_BASIC_FP 4u /* 0: the frame has floating-point registers */

static bool is_exc_return(uint32_t value)
{
    return value == 0xfffffff1 || value == 0xfffffff9 || value == 0xfffffffd ||
           value == 0xffffffe1 || value == 0xffffffe9 || value == 0xffffffed;
}

static bool is_known(const struct walk *walk, unsigned number)
{
    return walk->registers.known & bit32(number);
}

/* Code may also be where it was copied to; then only its symbol tells. */
static bool is_code(const struct walk *walk, guest_addr address)
{
    struct symbol symbol;

    return image_segment_at(walk->image, address) ||
           (image_symbol_at(walk->image, address, &symbol) && symbol.is_function);
}

/* The call that returns to `address`: BL has four bytes, BLX of a register two. */
static guest_addr call_before(const struct walk *walk, guest_addr address)
{
    const uint8_t *code = image_loaded(walk->image, address - 4, 4);
    bool is_bl =
        code && (load_le16(code) & 0xf800) == 0xf000 && (load_le16(code + 2) & 0xd000) == 0xd000;

    return is_bl ? address - 4 : address - 2;
}

static bool read_word(const struct walk *walk, guest_addr address, uint32_t *word)
{
    return walk->start->read(walk->start->owner, address, word);
}

/* Leaves an exception handler as the hardware does: r4 to r11 are as the handler left them. */
static bool pop_exception(struct walk *walk, uint32_t exc_return)
{
    struct registers *to = &walk->registers;
    bool is_process = exc_return & bit32(EXC_RETURN_PROCESS);
    guest_addr frame = is_process ? walk->start->psp : to->r[REG_SP];
    uint32_t size =
        exc_return & bit32(EXC_RETURN_BASIC_FP) ? FRAME_BASIC_SIZE : FRAME_EXTENDED_SIZE;
    uint32_t xpsr;

    for (unsigned n = 0; n < 4; n++)
        if (!read_word(walk, frame + FRAME_R0 + 4 * n, &to->r[n]))
            return false;
    if (!read_word(walk, frame + FRAME_R12, &to->r[12]) ||
        !read_word(walk, frame + FRAME_LR, &to->r[REG_LR]) ||
        !read_word(walk, frame + FRAME_PC, &to->r[REG_PC]) ||
        !read_word(walk, frame + FRAME_XPSR, &xpsr))
        return false;
    to->r[REG_SP] = frame + size + 4 * extract32(xpsr, XPSR_STACK_ALIGNED, 1);
    to->known |= 0xf00f;
    walk->pc = to->r[REG_PC] & ~1u;
    walk->is_exact = true;
    return is_code(walk, walk->pc);
}

static bool return_to_caller(struct walk *walk, uint32_t address)
{
    if (!(address & 1) || !is_code(walk, address & ~1u))
        return false;
    walk->pc = call_before(walk, address & ~1u);
    walk->is_exact = false;
    /* The call has overwritten LR: a caller must have its own return address elsewhere. */
    walk->registers.known &= (uint16_t)~bit32(REG_LR);
    return true;
}

static bool is_in_same_function(const struct walk *walk, guest_addr address)
{
    struct symbol here;
    struct symbol there;

    return image_symbol_at(walk->image, walk->pc, &here) &&
           image_symbol_at(walk->image, address, &there) && here.address == there.address;
}

/*
 * Assembly mostly says nothing about its frames, and its leaf functions keep SP and LR. LR is of
 * no use once the function has made a call itself: it then points into the function.
 */
static bool step_by_link_register(struct walk *walk)
{
    uint32_t link = walk->registers.r[REG_LR];

    if (!walk->is_exact || is_in_same_function(walk, link & ~1u))
        return false;
    walk->registers.r[REG_PC] = link;
    return true;
}

static bool step_from_epilogue(struct walk *walk)
{
    uint32_t left;

    if (!walk->is_exact || !epilogue_is_at(walk->image, walk->pc, &left))
        return false;
    walk->registers.r[REG_PC] = walk->registers.r[REG_LR];
    walk->registers.r[REG_SP] += left;
    return true;
}

/* To the caller, with the return address as it was stored in r15. */
static bool step_out(struct walk *walk)
{
    enum cfi_result result;

    if (step_from_epilogue(walk))
        return true;
    result = cfi_step(walk->debug, walk->pc, walk->start, &walk->registers);
    return result == CFI_CALLER || (result == CFI_ABSENT && step_by_link_register(walk));
}

bool walk_out(struct walk *walk, bool *is_exception)
{
    uint32_t stack = walk->registers.r[REG_SP];
    uint32_t target;

    if (!step_out(walk))
        return false;
    /* A call only ever adds to a full descending stack; all else is garbage. */
    if (walk->registers.r[REG_SP] < stack || !is_known(walk, REG_PC))
        return false;
    target = walk->registers.r[REG_PC];
    *is_exception = is_exc_return(target);
    return *is_exception ? pop_exception(walk, target) : return_to_caller(walk, target);
}

void walk_begin(struct walk *walk, const struct image *image, const struct unwind_start *start)
{
    *walk = (struct walk){.image = image,
                          .debug = debug_info_of(image),
                          .start = start,
                          .registers.known = 0xffff,
                          .pc = start->r[REG_PC] & ~1u,
                          .is_exact = true};
    memcpy(walk->registers.r, start->r, sizeof walk->registers.r);
}

unsigned image_unwind(const struct image *image, const struct unwind_start *start,
                      struct frame *frames, unsigned room)
{
    struct walk walk;
    bool is_exception = false;
    unsigned count = 0;

    walk_begin(&walk, image, start);
    while (count < room) {
        frames[count++] = (struct frame){walk.pc, is_exception, walk.registers.r[REG_SP]};
        if (count == room || !walk_out(&walk, &is_exception))
            break;
    }
    return count;
}
