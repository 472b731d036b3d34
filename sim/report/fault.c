/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/report.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/report/place.h"
#include "sim/report/style.h"

struct status_bit {
    unsigned bit;
    const char *name;
    const char *meaning;
};

/* Armv7-M B3.2.15: Configurable Fault Status Register. */
static const struct status_bit cfsr_bits[] = {
    {0, "IACCVIOL", "an instruction was fetched from where execution is not allowed"},
    {1, "DACCVIOL", "the MPU does not allow this load or store"},
    {3, "MUNSTKERR", "the MPU refused an access while an exception returned"},
    {4, "MSTKERR", "the MPU refused an access while an exception was entered"},
    {5, "MLSPERR", "the MPU refused an access while floating-point state was saved lazily"},
    {7, "MMARVALID", "MMFAR holds the address"},
    {8, "IBUSERR", "an instruction was fetched from where nothing is"},
    {9, "PRECISERR", "a load or store went where nothing is; the stacked PC points to it"},
    {10, "IMPRECISERR", "an earlier store went where nothing is; the stacked PC is unrelated"},
    {11, "UNSTKERR", "the stack could not be read while an exception returned"},
    {12, "STKERR", "the stack could not be written while an exception was entered"},
    {13, "LSPERR", "the stack could not be written while floating-point state was saved lazily"},
    {15, "BFARVALID", "BFAR holds the address"},
    {16, "UNDEFINSTR", "an undefined instruction was executed"},
    {17, "INVSTATE",
     "an instruction was executed in an invalid state (a branch to an even address)"},
    {18, "INVPC", "an exception returned with an invalid EXC_RETURN"},
    {19, "NOCP", "a coprocessor instruction was executed while the coprocessor (FPU) was disabled"},
    {24, "UNALIGNED", "an unaligned access was made"},
    {25, "DIVBYZERO", "a division by zero was made"},
};

/* Armv7-M B3.2.16: HardFault Status Register. */
static const struct status_bit hfsr_bits[] = {
    {1, "VECTTBL", "the vector table could not be read"},
    {30, "FORCED", "escalated: the fault's own handler is off, or of too low a priority"},
    {31, "DEBUGEVT", "a debug event without a debugger (BKPT)"},
};

enum { CFSR_MMARVALID = 7, CFSR_BFARVALID = 15 };

static void print_status(struct text *text, const char *name, uint32_t value,
                         const struct status_bit *bits, unsigned count)
{
    text_printf(text, "  %-4s 0x%08x\n", name, value);
    for (unsigned i = 0; i < count; i++) {
        if (value & bit32(bits[i].bit))
            text_printf(text, "       %-11s %s\n", bits[i].name, bits[i].meaning);
    }
}

static void print_title(struct text *text, const struct obs_fault *fault, bool colour)
{
    struct text name = {0};

    print_exception(&name, fault->exception);
    paint(text, colour, PAINT_ERROR, "%s%s:", fault->lockup ? "lock-up, " : "", text_string(&name));
    text_printf(text, " ");
    wrap(text, column_of(text), 4, fault->cause);
    text_printf(text, "\n");
    text_free(&name);
}

static void print_registers(struct text *text, const struct site *site)
{
    static const char *const names[16] = {"r0", "r1", "r2",  "r3",  "r4",  "r5", "r6", "r7",
                                          "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc"};

    text_printf(text, "  registers\n");
    for (unsigned i = 0; i < 16; i++) {
        uint32_t value = i == 15 ? site->pc : site->r[i];

        text_printf(text, "    %-4s 0x%08x%s", names[i], value, i % 4 == 3 ? "\n" : "");
    }
    text_printf(text, "    xpsr 0x%08x    msp  0x%08x    psp  0x%08x\n", site->xpsr, site->msp,
                site->psp);
}

void report_fault(struct text *text, const struct observation *fault, const struct site *site,
                  const struct report_options *options)
{
    const struct obs_fault *seen = &fault->fault;
    struct site at = *site;

    at.pc = seen->pc;
    print_title(text, seen, options->colour);
    text_printf(text, "\nAt ");
    print_milliseconds(text, fault->when, 6, 0);
    text_printf(text, " ms\n");
    print_site(text, options, &at);
    print_status(text, "CFSR", seen->cfsr, cfsr_bits, ARRAY_LENGTH(cfsr_bits));
    print_status(text, "HFSR", seen->hfsr, hfsr_bits, ARRAY_LENGTH(hfsr_bits));
    if (seen->cfsr & bit32(CFSR_MMARVALID))
        text_printf(text, "  MMFAR 0x%08x\n", seen->mmfar);
    if (seen->cfsr & bit32(CFSR_BFARVALID))
        text_printf(text, "  BFAR 0x%08x\n", seen->bfar);
    print_registers(text, &at);
    print_backtrace(text, options, &at);
}
