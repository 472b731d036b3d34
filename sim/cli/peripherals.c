/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost peripherals: what is modelled of the chip, how well, and what is not. */
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/soc/kinds.h"
#include "sim/soc/nrf52840.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: fencepost peripherals [--markdown] [BLOCK]...\n"
    "Without BLOCK, lists what is modelled of the chip: registers of those it has, whether the "
    "block\n"
    "has DMA, and how many deviations from the product specification its models list. With BLOCK,\n"
    "prints those deviations. --markdown prints the list as a table.\n"
    "\n"
    "Example: fencepost peripherals rtc0\n";

static void append_registers(struct text *out, const struct block_kind *kind)
{
    if (kind->known)
        text_printf(out, "%u/%u", block_kind_registers(kind), kind->known);
    else
        text_printf(out, "-");
}

static void list_kind(struct text *out, const struct block_kind *kind, bool markdown)
{
    struct text name = {0};
    struct text registers = {0};
    const char *dma = block_kind_has_dma(kind) ? "DMA" : "";

    block_kind_name(kind, &name);
    append_registers(&registers, kind);
    text_printf(out, markdown ? "| %s | %s | %s | %u | %s |\n" : "%-16s %9s  %-3s %10u  %s\n",
                text_string(&name), text_string(&registers), dma, block_kind_deviations(kind),
                kind->what);
    text_free(&name);
    text_free(&registers);
}

static void list_rest(struct text *out)
{
    const char *name;

    if (!nrf52840_unmodelled(0))
        return;
    text_printf(out, "\nKnown by name only: ");
    for (unsigned i = 0; (name = nrf52840_unmodelled(i)); i++)
        text_printf(out, "%s%s", i ? ", " : "", name);
    text_printf(out, ".\n");
}

static void list_kinds(struct text *out, bool markdown)
{
    const struct block_kind *kind;

    if (markdown)
        text_printf(out, "| block | registers | DMA | deviations | what it does |\n"
                         "|---|---|---|---|---|\n");
    else
        text_printf(out, "%-16s %9s  %-3s %10s  %s\n", "block", "registers", "", "deviations",
                    "what it does");
    for (unsigned i = 0; (kind = block_kind(i)); i++)
        list_kind(out, kind, markdown);
    list_rest(out);
}

static const struct block_kind *kind_of(const char *name)
{
    const struct block_kind *kind;

    for (unsigned i = 0; (kind = block_kind(i)); i++) {
        if (block_kind_has(kind, name))
            return kind;
    }
    return NULL;
}

static bool is_modelled(const char *name)
{
    return kind_of(name) != NULL;
}

enum { WIDTH = 96 };

/* A numbered paragraph, its lines at most WIDTH wide. */
static void print_deviation(struct text *out, unsigned number, const char *words)
{
    size_t column = (size_t)snprintf(NULL, 0, "%3u. ", number);
    size_t indent = column;

    text_printf(out, "%3u. ", number);
    while (*words) {
        size_t length = strcspn(words, " ");

        if (column > indent && column + length > WIDTH) {
            text_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        }
        text_printf(out, "%s%.*s", column > indent ? " " : "", (int)length, words);
        column += length + (column > indent);
        words += length + (words[length] == ' ');
    }
    text_printf(out, "\n");
}

static void print_kind(struct text *out, const struct block_kind *kind)
{
    const char *deviation;

    block_kind_name(kind, out);
    text_printf(out, ": %s\n", kind->what);
    for (unsigned i = 0; (deviation = block_kind_deviation(kind, i)); i++)
        print_deviation(out, i + 1, deviation);
}

int command_peripherals(int argc, char **argv)
{
    struct text out = {0};
    bool markdown = argc > 1 && !strcmp(argv[1], "--markdown");
    int code;

    if (markdown) {
        argv[1] = argv[0];
        argv++;
        argc--;
    }
    code = cli_read_names(argc, argv, help, "block is modelled", is_modelled);
    if (code >= 0)
        return code;
    if (argc == 1)
        list_kinds(&out, markdown);
    for (int i = 1; i < argc; i++)
        print_kind(&out, kind_of(argv[i]));
    cli_print(text_string(&out));
    text_free(&out);
    return cli_finish(EXIT_CLEAN);
}
