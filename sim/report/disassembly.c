/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The instructions around a place that has no source: better than an address alone. Capstone does
 * the work.
 */
#include "sim/report/place.h"
#include "sim/report/style.h"

#include <capstone/capstone.h>
#include <dlfcn.h>
#include <string.h>

/* Thumb instructions have 2 or 4 bytes. */
enum { BEFORE = 8, BEHIND = 8, WINDOW = BEFORE + BEHIND };

/* ---- The library ----------------------------------------------------------------------------- */

#define TEXT_OF(number) TEXT_OF_VALUE(number)
#define TEXT_OF_VALUE(number) #number

static struct {
    cs_err (*open)(cs_arch arch, cs_mode mode, csh *engine);
    cs_err (*close)(csh *engine);
    size_t (*disassemble)(csh engine, const uint8_t *code, size_t size, uint64_t address,
                          size_t count, cs_insn **instructions);
    void (*release)(cs_insn *instructions, size_t count);
} library;

/* ISO C has no cast from an object pointer to a function. */
static bool find(void *handle, const char *name, void *function)
{
    void *symbol = dlsym(handle, name);

    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

/*
 * Loaded when the first report wants it: linked in, its tables would cost each run as much time as
 * the run itself takes. False: it is not there, and reports do without.
 */
static bool load_library(void)
{
    void *handle;

    if (library.release)
        return true;
    handle = dlopen("libcapstone.so." TEXT_OF(CS_API_MAJOR), RTLD_NOW | RTLD_LOCAL);
    return handle && find(handle, "cs_open", &library.open) &&
           find(handle, "cs_close", &library.close) &&
           find(handle, "cs_disasm", &library.disassemble) &&
           find(handle, "cs_free", &library.release);
}

/* ---- Instructions ---------------------------------------------------------------------------- */

/* What comes before can be told only by trying: the farthest start from which the instructions meet
 * `pc`. */
static uint32_t find_start(csh engine, const uint8_t *bytes)
{
    for (uint32_t start = 0; start < BEFORE; start += 2) {
        cs_insn *instructions;
        size_t count =
            library.disassemble(engine, bytes + start, WINDOW - start, start, 0, &instructions);
        bool meets = false;

        for (size_t i = 0; i < count; i++)
            meets |= instructions[i].address == BEFORE;
        library.release(instructions, count);
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
    size_t count = library.disassemble(engine, bytes + start, WINDOW - start, pc - BEFORE + start,
                                       0, &instructions);
    size_t guilty = 0;

    while (guilty < count && instructions[guilty].address != pc)
        guilty++;
    for (size_t i = guilty > 2 ? guilty - 2 : 0; i < count && i <= guilty + 1; i++)
        print_instruction(text, colour, &instructions[i], i == guilty);
    library.release(instructions, count);
}

void print_instructions(struct text *text, const struct report_options *options, guest_addr pc)
{
    uint8_t bytes[WINDOW];
    csh engine;

    if (!options->code || pc < BEFORE ||
        !options->code(options->code_owner, pc - BEFORE, bytes, sizeof bytes))
        return;
    if (!load_library() ||
        library.open(CS_ARCH_ARM, (cs_mode)(CS_MODE_THUMB | CS_MODE_MCLASS), &engine) != CS_ERR_OK)
        return;
    print_some(text, options->colour, engine, bytes, pc);
    (void)library.close(&engine);
}
