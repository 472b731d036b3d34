/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost regs: asks the tables the model runs on what registers there are. */
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/soc/nrf52840.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: fencepost regs [BLOCK]...\n"
    "Without BLOCK, lists the blocks of the chip that are modelled. With it, lists the registers\n"
    "and fields of BLOCK: the names are those that reports and traces use.\n"
    "\n"
    "Example: fencepost regs usbd\n";

static const char *access_word(enum reg_kind kind)
{
    switch (kind) {
    case REG_RO:
    case REG_DMA_AMOUNT:
        return "R";
    case REG_WO:
    case REG_TASK:
        return "W";
    case REG_W1C:
        return "W1C";
    case REG_SET:
        return "W1S";
    case REG_CLR:
        return "W1C";
    case REG_RW:
    case REG_EVENT:
    case REG_SHORTS:
    case REG_INTEN:
    case REG_INTENSET:
    case REG_INTENCLR:
    case REG_DMA_PTR:
    case REG_DMA_MAXCNT:
        break;
    }
    return "RW";
}

static unsigned count_registers(const struct block_spec *spec)
{
    unsigned count = 0;

    for (unsigned i = 0; i < spec->reg_count; i++)
        count += spec->regs[i].count;
    return count;
}

static void list_blocks(struct text *out)
{
    const struct block_spec *spec;

    text_printf(out, "%-10s  %-6s %4s  %s\n", "base", "block", "IRQ", "registers");
    for (unsigned i = 0; (spec = nrf52840_spec(i)); i++) {
        text_printf(out, "0x%08x  %-6s ", spec->base, spec->name);
        if (spec->irq == NO_IRQ)
            text_printf(out, "%4s", "-");
        else
            text_printf(out, "%4d", spec->irq);
        text_printf(out, "  %u\n", count_registers(spec));
    }
}

static void list_fields(struct text *out, const struct block_spec *spec,
                        const struct reg_desc *desc)
{
    unsigned count;
    const struct field_desc *fields = reg_fields(spec, desc, &count);

    for (unsigned i = 0; i < count; i++) {
        char bits[16];

        if (fields[i].width == 1)
            (void)snprintf(bits, sizeof bits, "[%u]", fields[i].lsb);
        else
            (void)snprintf(bits, sizeof bits, "[%u:%u]", fields[i].lsb + fields[i].width - 1,
                           fields[i].lsb);
        text_printf(out, "       %-8s %-26s %s\n", bits, fields[i].name, fields[i].brief);
    }
}

static void list_registers(struct text *out, const struct block_spec *spec)
{
    text_printf(out, "%s at 0x%08x", spec->name, spec->base);
    if (spec->irq != NO_IRQ)
        text_printf(out, ", interrupt %d", spec->irq);
    text_printf(out, "\n\n");
    for (unsigned i = 0; i < spec->reg_count; i++) {
        const struct reg_desc *desc = &spec->regs[i];
        char name[64];

        reg_full_name(desc, 0, name, sizeof name);
        if (desc->count > 1) {
            char *index = strstr(name, "[0]");

            if (index)
                index[1] = 'n';
        }
        text_printf(out, "0x%03x", desc->offset);
        if (desc->count > 1)
            text_printf(out, " + 0x%02x n, n < %-2u", desc->stride, desc->count);
        text_printf(out, "  %-22s %-4s", name, access_word(desc->kind));
        if (desc->reset)
            text_printf(out, " reset 0x%x", desc->reset);
        text_printf(out, "  %s\n", desc->brief);
        list_fields(out, spec, desc);
    }
}

static bool same_name(const char *a, const char *b)
{
    while (*a && toupper((unsigned char)*a) == toupper((unsigned char)*b)) {
        a++;
        b++;
    }
    return !*a && !*b;
}

static const struct block_spec *find_spec(const char *name)
{
    const struct block_spec *spec;

    for (unsigned i = 0; (spec = nrf52840_spec(i)); i++) {
        if (same_name(spec->name, name))
            return spec;
    }
    return NULL;
}

static bool is_modelled(const char *name)
{
    return find_spec(name) != NULL;
}

int command_regs(int argc, char **argv)
{
    struct text out = {0};
    int code = cli_read_names(argc, argv, help, "block is modelled", is_modelled);

    if (code >= 0)
        return code;
    if (argc == 1)
        list_blocks(&out);
    for (int i = 1; i < argc; i++)
        list_registers(&out, find_spec(argv[i]));
    cli_print(text_string(&out));
    text_free(&out);
    return cli_finish(EXIT_CLEAN);
}
