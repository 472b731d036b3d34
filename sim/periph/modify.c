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

/* ORR: where the result goes if `value` is one of its operands. */
static unsigned combined_by(const struct thumb *code, unsigned value)
{
    if (fits(code->first, 0xffc0, 0x4300) &&
        ((code->first & 7u) == value || (code->first >> 3 & 7u) == value))
        return code->first & 7;
    if (fits(code->first, 0xfbe0, 0xf040) && (code->first & 15u) == value)
        return code->second >> 8 & 15;
    if (fits(code->first, 0xffe0, 0xea40) &&
        ((code->first & 15u) == value || (code->second & 15u) == value))
        return code->second >> 8 & 15;
    return NO_REGISTER;
}

/* What else a compiler puts in between: constants and addresses. The register it changes. */
static unsigned prepared_by(const struct thumb *code)
{
    if (fits(code->first, 0xf800, 0x2000) || fits(code->first, 0xf800, 0x4800)) /* MOV, LDR =x */
        return code->first >> 8 & 7;
    if (fits(code->first, 0xfb70, 0xf240)) /* MOVW, MOVT */
        return code->second >> 8 & 15;
    if (fits(code->first, 0xfbef, 0xf04f)) /* MOV.W */
        return code->second >> 8 & 15;
    return loaded_by(code);
}

bool code_adds_bits(const struct memory *memory, guest_addr load, guest_addr store)
{
    struct thumb code;
    unsigned value;
    bool added = false;

    if (store - load > LONGEST || !fetch(memory, load, &code))
        return false;
    value = loaded_by(&code);
    for (guest_addr pc = load + code.size; value != NO_REGISTER && pc < store; pc += code.size) {
        unsigned changed;

        if (!fetch(memory, pc, &code))
            return false;
        changed = combined_by(&code, value);
        if (changed != NO_REGISTER) {
            value = changed;
            added = true;
        } else {
            changed = prepared_by(&code);
            if (changed == NO_REGISTER || changed == value)
                return false;
        }
        if (pc + code.size > store)
            return false;
    }
    return added && fetch(memory, store, &code) && stored_by(&code) == value;
}
