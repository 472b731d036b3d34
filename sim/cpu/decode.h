/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the simulator needs to know of an instruction before the engine executes it (Armv7-M A5).
 * Pure functions of the instruction's bytes: nothing here executes anything.
 */
#ifndef SIM_CPU_DECODE_H
#define SIM_CPU_DECODE_H

#include <stdbool.h>
#include <stdint.h>

/* Instructions that need attention of their own. Everything else is INSN_PLAIN. */
enum insn_kind {
    INSN_PLAIN,
    INSN_DMB,
    INSN_DSB,
    INSN_ISB,
    INSN_IT,
    INSN_SPECIAL, /* CPS and MSR: may change masks, privilege or the stack in use; MRS of CONTROL */
    INSN_WFI,     /* leaves the engine */
    INSN_WFE,     /* leaves the engine */
    INSN_YIELD,   /* leaves the engine */
    INSN_SEV,
    INSN_CLREX,
    INSN_LDREX,   /* LDREX, LDREXB, LDREXH */
    INSN_STREX,   /* STREX, STREXB, STREXH */
    INSN_DIVIDE,  /* SDIV, UDIV */
    INSN_ALIGNED, /* LDM, STM, LDRD, STRD, VLDR, VSTR and the like: must be word aligned, and are
                   * not already because SP or PC is their base */
};

/* A class byte: the kind in the low bits and these. */
enum insn_class {
    INSN_KIND_MASK = 0x0f,
    INSN_FP = 0x10, /* needs CP10 and CP11 */
    INSN_LOADS = 0x20,
    INSN_STORES = 0x40,
    INSN_UNKNOWN = 0x80, /* not classified yet; never returned by insn_classify */
};

/* True when an instruction that starts with `first` has a second halfword. */
static inline bool insn_is_wide(uint16_t first)
{
    return first >> 11 >= 0x1d;
}

/* Kind and loads/stores of the instruction; `second` is ignored for narrow ones. */
uint8_t insn_classify(uint16_t first, uint16_t second);

enum { INSN_NO_REGISTER = 0xff };

/*
 * Where a load or store goes: `count` elements of `size` bytes upwards from
 *
 *     base + (index << shift) + offset
 *
 * base 15 is the literal base, Align(PC, 4).
 */
struct insn_access {
    uint8_t base;
    uint8_t index; /* a register or INSN_NO_REGISTER */
    uint8_t shift;
    uint8_t size;
    uint8_t count;
    bool store;
    bool aligned;      /* faults when not aligned to `size`, whatever CCR.UNALIGN_TRP says */
    bool unprivileged; /* LDRT and STRT */
    int32_t offset;
};

/* False when the instruction accesses no memory (PLD and PLI do not). */
bool insn_access(uint16_t first, uint16_t second, struct insn_access *access);

/* The base register of an INSN_ALIGNED instruction. Its offset is a multiple of four, so the base
 * alone says whether the access is aligned. */
static inline unsigned insn_aligned_base(uint16_t first)
{
    return insn_is_wide(first) ? first & 15u : first >> 8 & 7u;
}

/* MRS Rd, CONTROL. */
static inline bool insn_reads_control(uint16_t first, uint16_t second)
{
    enum { CONTROL = 20 };

    return first == 0xf3ef && (second & 0xf0ff) == (0x8000 | CONTROL);
}

/* ITSTATE after one more instruction of its block; 0 behind the last one (A7.3.3). */
static inline uint32_t insn_it_advance(uint32_t state)
{
    return state & 7 ? (state & 0xe0) | ((state << 1) & 0x1f) : 0;
}

#endif
