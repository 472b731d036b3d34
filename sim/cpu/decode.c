/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/decode.h"

#include "sim/base/bits.h"

enum { SP = 13, LITERAL = 15 };

static uint8_t count_bits(uint32_t list)
{
    uint8_t count = 0;

    for (; list; list &= list - 1)
        count++;
    return count;
}

static int32_t signed_offset(bool up, uint32_t offset)
{
    return up ? (int32_t)offset : -(int32_t)offset;
}

/* ---- Narrow loads and stores (A5.2) -----------------------------------------------------------
 */

static bool by_register(uint16_t insn, struct insn_access *access)
{
    /* STR STRH STRB LDRSB LDR LDRH LDRB LDRSH */
    static const uint8_t sizes[8] = {4, 2, 1, 1, 4, 2, 1, 2};
    unsigned operation = extract32(insn, 9, 3);

    access->base = (uint8_t)extract32(insn, 3, 3);
    access->index = (uint8_t)extract32(insn, 6, 3);
    access->size = sizes[operation];
    access->store = operation < 3;
    return true;
}

static bool by_immediate(uint16_t insn, uint8_t size, struct insn_access *access)
{
    access->base = (uint8_t)extract32(insn, 3, 3);
    access->size = size;
    access->offset = (int32_t)(extract32(insn, 6, 5) * size);
    access->store = !extract32(insn, 11, 1);
    return true;
}

static bool by_base(uint16_t insn, uint8_t base, struct insn_access *access)
{
    access->base = base;
    access->offset = (int32_t)extract32(insn, 0, 8) * 4;
    access->store = !extract32(insn, 11, 1);
    return true;
}

static bool push_or_pop(uint16_t insn, struct insn_access *access)
{
    access->base = SP;
    access->count = count_bits(insn & 0x1ff);
    access->store = !extract32(insn, 11, 1);
    access->offset = access->store ? -4 * access->count : 0;
    access->aligned = true;
    return true;
}

static bool narrow_multiple(uint16_t insn, struct insn_access *access)
{
    access->base = (uint8_t)extract32(insn, 8, 3);
    access->count = count_bits(insn & 0xff);
    access->store = !extract32(insn, 11, 1);
    access->aligned = true;
    return true;
}

static bool narrow_access(uint16_t insn, struct insn_access *access)
{
    switch (insn >> 12) {
    case 0x4:
        access->store = false;
        return insn >> 11 == 0x9 && by_base((uint16_t)(insn | 0x800), LITERAL, access);
    case 0x5:
        return by_register(insn, access);
    case 0x6:
        return by_immediate(insn, 4, access);
    case 0x7:
        return by_immediate(insn, 1, access);
    case 0x8:
        return by_immediate(insn, 2, access);
    case 0x9:
        return by_base(insn, SP, access);
    case 0xb:
        return (insn & 0xf600) == 0xb400 && push_or_pop(insn, access);
    case 0xc:
        return narrow_multiple(insn, access);
    default:
        return false;
    }
}

/* ---- Wide loads and stores (A5.3) ---------------------------------------------------------------
 */

static bool wide_multiple(uint16_t first, uint16_t second, struct insn_access *access)
{
    unsigned mode = extract32(first, 7, 2);

    if (mode != 1 && mode != 2)
        return false;
    access->count = count_bits(second);
    access->store = !extract32(first, 4, 1);
    access->offset = mode == 2 ? -4 * access->count : 0;
    access->aligned = true;
    return true;
}

/* Byte and halfword exclusives and table branches: op1 is 01. */
static bool exclusive_or_table(uint16_t first, uint16_t second, struct insn_access *access)
{
    unsigned operation = extract32(second, 4, 4);
    bool load = extract32(first, 4, 1);

    access->store = !load;
    access->size = operation & 1 ? 2 : 1;
    access->aligned = operation >= 4;
    if (load && operation <= 1) {
        access->index = (uint8_t)extract32(second, 0, 4);
        access->shift = (uint8_t)operation;
        return true;
    }
    return operation == 4 || operation == 5;
}

static bool dual_or_exclusive(uint16_t first, uint16_t second, struct insn_access *access)
{
    bool indexed = extract32(first, 8, 1);
    bool up = extract32(first, 7, 1);
    uint32_t offset = extract32(second, 0, 8) * 4;

    access->aligned = true;
    access->store = !extract32(first, 4, 1);
    if (indexed || extract32(first, 5, 1)) { /* LDRD, STRD */
        access->count = 2;
        access->offset = indexed ? signed_offset(up, offset) : 0;
        return true;
    }
    if (up)
        return exclusive_or_table(first, second, access);
    access->offset = (int32_t)offset; /* LDREX, STREX */
    return true;
}

/* The 8-bit immediate forms: offset, pre-indexed, post-indexed, unprivileged. */
static bool short_immediate(uint16_t second, struct insn_access *access)
{
    bool indexed = extract32(second, 10, 1);
    bool up = extract32(second, 9, 1);
    bool writeback = extract32(second, 8, 1);

    if (!indexed && !writeback)
        return false;
    access->unprivileged = indexed && up && !writeback;
    access->offset = indexed ? signed_offset(up, extract32(second, 0, 8)) : 0;
    return true;
}

static bool single(uint16_t first, uint16_t second, struct insn_access *access)
{
    unsigned size = extract32(first, 5, 2);
    bool load = extract32(first, 4, 1);

    if (size == 3 || (load && size < 2 && extract32(second, 12, 4) == 15))
        return false; /* undefined, or a memory hint */
    access->size = (uint8_t)(1u << size);
    access->store = !load;
    if (access->base == LITERAL) {
        access->offset = signed_offset(extract32(first, 7, 1), extract32(second, 0, 12));
        return load;
    }
    if (extract32(first, 7, 1)) {
        access->offset = (int32_t)extract32(second, 0, 12);
        return true;
    }
    if (extract32(second, 11, 1))
        return short_immediate(second, access);
    access->index = (uint8_t)extract32(second, 0, 4);
    access->shift = (uint8_t)extract32(second, 4, 2);
    return extract32(second, 6, 5) == 0;
}

static bool is_fp(uint16_t first, uint16_t second)
{
    return (first & 0xec00) == 0xec00 && (second & 0x0e00) == 0x0a00;
}

static bool fp_access(uint16_t first, uint16_t second, struct insn_access *access)
{
    bool indexed = extract32(first, 8, 1);
    bool up = extract32(first, 7, 1);
    bool writeback = extract32(first, 5, 1);
    uint32_t words = extract32(second, 0, 8);

    if (!indexed && !up) /* VMOV between two core registers and FP ones */
        return false;
    access->store = !extract32(first, 4, 1);
    access->aligned = true;
    if (indexed && !writeback) { /* VLDR, VSTR */
        access->count = extract32(second, 8, 1) ? 2 : 1;
        access->offset = signed_offset(up, words * 4);
        return true;
    }
    access->count = (uint8_t)words;
    access->offset = up ? 0 : -4 * (int32_t)words;
    return true;
}

static bool wide_access(uint16_t first, uint16_t second, struct insn_access *access)
{
    access->base = (uint8_t)extract32(first, 0, 4);
    if (first >> 9 == 0x74)
        return extract32(first, 6, 1) ? dual_or_exclusive(first, second, access)
                                      : wide_multiple(first, second, access);
    if (first >> 9 == 0x7c)
        return single(first, second, access);
    if (first >> 9 == 0x76 && is_fp(first, second))
        return fp_access(first, second, access);
    return false;
}

bool insn_access(uint16_t first, uint16_t second, struct insn_access *access)
{
    *access = (struct insn_access){.index = INSN_NO_REGISTER, .size = 4, .count = 1};
    return insn_is_wide(first) ? wide_access(first, second, access) : narrow_access(first, access);
}

/* ---- Kinds ----------------------------------------------------------------------------------- */

static enum insn_kind hint(unsigned number)
{
    static const uint8_t kinds[] = {INSN_PLAIN, INSN_YIELD, INSN_WFE, INSN_WFI, INSN_SEV};

    return number < sizeof kinds ? (enum insn_kind)kinds[number] : INSN_PLAIN;
}

/* SP cannot but be word aligned (B1.4.7), and so is the base of literals. */
static enum insn_kind access_kind(const struct insn_access *access)
{
    bool unsure = access->base != SP && access->base != LITERAL;

    return access->aligned && unsure ? INSN_ALIGNED : INSN_PLAIN;
}

static enum insn_kind narrow_kind(uint16_t insn, const struct insn_access *access)
{
    if (insn >> 8 == 0xbf)
        return insn & 0xf ? INSN_IT : hint(extract32(insn, 4, 4));
    if ((insn & 0xffe0) == 0xb660)
        return INSN_SPECIAL;
    return access ? access_kind(access) : INSN_PLAIN;
}

static enum insn_kind wide_control(uint16_t first, uint16_t second)
{
    if ((first & 0xffe0) == 0xf380 && (second & 0xd000) == 0x8000)
        return INSN_SPECIAL;
    if (insn_reads_control(first, second))
        return INSN_SPECIAL;
    if (first == 0xf3af && (second & 0xff00) == 0x8000)
        return hint(second & 0xff);
    if (first != 0xf3bf || (second & 0xff00) != 0x8f00)
        return INSN_PLAIN;
    switch (extract32(second, 4, 4)) {
    case 2:
        return INSN_CLREX;
    case 4:
        return INSN_DSB;
    case 5:
        return INSN_DMB;
    case 6:
        return INSN_ISB;
    default:
        return INSN_PLAIN;
    }
}

/* LDREX or STREX of any size, given a dual_or_exclusive encoding. */
static bool is_exclusive(uint16_t first, uint16_t second)
{
    return (first & 0xffe0) == 0xe840 ||
           ((first & 0xffe0) == 0xe8c0 && extract32(second, 4, 4) >= 4);
}

static enum insn_kind wide_kind(uint16_t first, uint16_t second, const struct insn_access *access)
{
    if (access && is_exclusive(first, second))
        return access->store ? INSN_STREX : INSN_LDREX;
    if (access)
        return access_kind(access);
    if ((first & 0xffd0) == 0xfb90 && (second & 0xf0f0) == 0xf0f0)
        return INSN_DIVIDE;
    return wide_control(first, second);
}

uint8_t insn_classify(uint16_t first, uint16_t second)
{
    struct insn_access decoded;
    const struct insn_access *access = insn_access(first, second, &decoded) ? &decoded : NULL;
    unsigned class =
        insn_is_wide(first) ? wide_kind(first, second, access) : narrow_kind(first, access);

    if (is_fp(first, second))
        class |= INSN_FP;
    if (access)
        class |= access->store ? INSN_STORES : INSN_LOADS;
    return (uint8_t) class;
}
