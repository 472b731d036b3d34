/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A look at the few Thumb instructions a compiler makes of `REGISTER |= bits` (Armv7-M, A7.7). What
 * it does not know between load and store makes it say no.
 */
#include "sim/periph/modify.h"

#include "sim/base/bits.h"

enum { LONGEST = 24, NO_REGISTER = 16 };

struct thumb {
    uint16_t first;
    uint16_t second; /* of a wide instruction */
    unsigned size;
};

static bool fetch(const struct memory *memory, guest_addr pc, struct thumb *code)
{
    uint8_t bytes[4];

    if (!memory_peek(memory, pc, bytes, 2))
        return false;
    code->first = load_le16(bytes);
    code->second = 0;
    code->size = code->first >= 0xe800 ? 4 : 2;
    if (code->size == 2)
        return true;
    if (!memory_peek(memory, pc + 2, bytes, 2))
        return false;
    code->second = load_le16(bytes);
    return true;
}

static bool fits(uint16_t code, uint16_t mask, uint16_t value)
{
    return (code & mask) == value;
}

/* LDR with immediate or register offset: the register loaded. */
static unsigned loaded_by(const struct thumb *code)
{
    if (fits(code->first, 0xf800, 0x6800) || fits(code->first, 0xfe00, 0x5800))
        return code->first & 7;
    if (fits(code->first, 0xff70, 0xf850)) /* T3 and T4 */
        return code->second >> 12;
    return NO_REGISTER;
}

static unsigned stored_by(const struct thumb *code)
{
    if (fits(code->first, 0xf800, 0x6000) || fits(code->first, 0xfe00, 0x5000))
        return code->first & 7;
    if (fits(code->first, 0xff70, 0xf840))
        return code->second >> 12;
    return NO_REGISTER;
}

/* Sets of registers, a bit each. */
enum { CONSTANT = 1u << 16 };

/* ORR: where the result goes, and what it is made of. */
static bool combines(const struct thumb *code, unsigned *to, uint32_t *operands)
{
    if (fits(code->first, 0xffc0, 0x4300)) {
        *to = code->first & 7;
        *operands = bit32(code->first & 7u) | bit32(code->first >> 3 & 7u);
        return true;
    }
    *to = code->second >> 8 & 15;
    *operands = bit32(code->first & 15u);
    *operands |= fits(code->first, 0xfbe0, 0xf040) ? CONSTANT : bit32(code->second & 15u);
    return fits(code->first, 0xfbe0, 0xf040) || fits(code->first, 0xffe0, 0xea40);
}

/* MOV, register. */
static bool copies(const struct thumb *code, unsigned *to, unsigned *from)
{
    *to = (code->first & 7u) | (code->first >> 4 & 8u);
    *from = code->first >> 3 & 15;
    return fits(code->first, 0xff00, 0x4600);
}

/* LSL, LSR and ASR, ADD and SUB of low registers; LSL.W: how `1 << n` is made. */
static bool calculates(const struct thumb *code, unsigned *to)
{
    *to = code->first & 7;
    if (code->first < 0x2000 || fits(code->first, 0xffc0, 0x4080))
        return true;
    *to = code->second >> 8 & 15;
    return fits(code->first, 0xffe0, 0xfa00);
}

/* What else a compiler puts in between: constants and addresses. The register it changes. */
static unsigned prepared_by(const struct thumb *code)
{
    unsigned to;

    if (calculates(code, &to))
        return to;
    if (fits(code->first, 0xf800, 0x2000) || fits(code->first, 0xf800, 0x4800)) /* MOV, LDR =x */
        return code->first >> 8 & 7;
    if (fits(code->first, 0xfb70, 0xf240)) /* MOVW, MOVT */
        return code->second >> 8 & 15;
    if (fits(code->first, 0xfbef, 0xf04f)) /* MOV.W */
        return code->second >> 8 & 15;
    return loaded_by(code);
}

/* What the registers hold on the way. */
struct path {
    uint32_t read;  /* what the peripheral register gave */
    uint32_t added; /* that, with other bits */
};

/* False: it does something this look does not follow. */
static bool follow(struct path *path, const struct thumb *code, bool reads_it)
{
    unsigned to;
    unsigned from;
    uint32_t operands;

    if (copies(code, &to, &from)) {
        path->read = deposit32(path->read, to, 1, path->read >> from & 1);
        path->added = deposit32(path->added, to, 1, path->added >> from & 1);
        return true;
    }
    if (combines(code, &to, &operands)) {
        bool more = operands & ~path->read;

        if (!(operands & (path->read | path->added)))
            return false;
        path->read = deposit32(path->read, to, 1, !more);
        path->added = deposit32(path->added, to, 1, more);
        return true;
    }
    to = prepared_by(code);
    if (to == NO_REGISTER)
        return false;
    path->read = deposit32(path->read, to, 1, reads_it);
    path->added &= ~bit32(to);
    return true;
}

/* Follows the code from one place to another, which reads the peripheral register first of all. */
static bool walk(const struct memory *memory, struct path *path, guest_addr pc, guest_addr to)
{
    bool first = true;

    while (pc < to) {
        struct thumb code;

        if (!fetch(memory, pc, &code) || (first && loaded_by(&code) == NO_REGISTER) ||
            !follow(path, &code, first))
            return false;
        first = false;
        pc += code.size;
    }
    return pc == to;
}

bool code_adds_bits(const struct memory *memory, guest_addr before, guest_addr load,
                    guest_addr store)
{
    struct path path = {0};
    struct thumb code;

    if (store - load > LONGEST)
        return false;
    if (load - before > LONGEST || !walk(memory, &path, before, load))
        path = (struct path){0};
    return walk(memory, &path, load, store) && fetch(memory, store, &code) &&
           stored_by(&code) != NO_REGISTER && path.added & bit32(stored_by(&code));
}
