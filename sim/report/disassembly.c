/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The instructions around a place that has no source: better than an address alone. Capstone does
 * the work.
 */
#include "sim/report/place.h"
#include "sim/report/style.h"

#include <capstone/capstone.h>

/* Thumb instructions have 2 or 4 bytes. */
enum { BEFORE = 8, BEHIND = 8, WINDOW = BEFORE + BEHIND };

/* What comes before can be told only by trying: the farthest start from which the instructions meet
 * `pc`. */
static uint32_t find_start(csh engine, const uint8_t *bytes)
{
    for (uint32_t start = 0; start < BEFORE; start += 2) {
        cs_insn *instructions;
        size_t count = cs_disasm(engine, bytes + start, WINDOW - start, start, 0, &instructions);
        bool meets = false;

        for (size_t i = 0; i < count; i++)
            meets |= instructions[i].address == BEFORE;
        cs_free(instructions, count);
        if (meets)
            return start;
    }
    return BEFORE;
}

static void print_instruction(struct text *text, bool colour, const cs_insn *instruction,
                              bool guilty)
{
    text_printf(text, guilty ? "  > 0x%08x | " : "    0x%08x | ", (guest_addr)instruction->address);
    paint(text, colour, guilty ? PAINT_STRONG : PAINT_FAINT, "%s%s%s", instruction->mnemonic,
          *instruction->op_str ? " " : "", instruction->op_str);
    text_printf(text, "\n");
}

/* From one or two before `pc` to one behind it. */
static void print_some(struct text *text, bool colour, csh engine, const uint8_t *bytes,
                       guest_addr pc)
{
    uint32_t start = find_start(engine, bytes);
    cs_insn *instructions;
    size_t count =
        cs_disasm(engine, bytes + start, WINDOW - start, pc - BEFORE + start, 0, &instructions);
    size_t guilty = 0;

    while (guilty < count && instructions[guilty].address != pc)
        guilty++;
    for (size_t i = guilty > 2 ? guilty - 2 : 0; i < count && i <= guilty + 1; i++)
        print_instruction(text, colour, &instructions[i], i == guilty);
    cs_free(instructions, count);
}

void print_instructions(struct text *text, const struct report_options *options, guest_addr pc)
{
    uint8_t bytes[WINDOW];
    csh engine;

    if (!options->code || pc < BEFORE ||
        !options->code(options->code_owner, pc - BEFORE, bytes, sizeof bytes))
        return;
    if (cs_open(CS_ARCH_ARM, (cs_mode)(CS_MODE_THUMB | CS_MODE_MCLASS), &engine) != CS_ERR_OK)
        return;
    print_some(text, options->colour, engine, bytes, pc);
    (void)cs_close(&engine);
}
