/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost errata: which silicon can be simulated. */
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/periph/silicon.h"
#include "sim/periph/workarounds.h"

#include <stdlib.h>

static const char help[] =
    "Usage: fencepost errata [NUMBER]...\n"
    "Lists what --silicon, --erratum and --undocumented of 'run', 'replay' and 'debug' can be:\n"
    "revisions of the nRF52840, their errata with workarounds, and questions about USBD that "
    "no\n"
    "document settles. Without these options the silicon is ideal.\n"
    "\n"
    "Exit status: 0, or 2 for wrong usage.\n"
    "\n"
    "Example: fencepost errata && fencepost run --silicon=rev3 --erratum=171:off firmware.elf\n";

static bool has(unsigned revision, unsigned erratum)
{
    struct silicon silicon = silicon_of((enum silicon_revision)revision);

    return silicon_has(&silicon, (enum erratum)erratum);
}

static void print_revisions(struct text *text)
{
    text_printf(text, "--silicon=\n");
    for (unsigned i = 0; i < SILICON_REVISIONS; i++)
        text_printf(text, "  %-6s %s\n", silicon_revision_word((enum silicon_revision)i),
                    silicon_revision_brief((enum silicon_revision)i));
}

static void print_erratum(struct text *text, unsigned erratum)
{
    text_printf(text, "  %u  ", erratum_number((enum erratum)erratum));
    for (unsigned i = SILICON_IDEAL + 1; i < SILICON_REVISIONS; i++)
        text_printf(text, " %-4s",
                    has(i, erratum) ? silicon_revision_word((enum silicon_revision)i) : "-");
    text_printf(text, "  %s\n                             workaround: %s\n",
                erratum_brief((enum erratum)erratum), erratum_workaround((enum erratum)erratum));
}

/* "  size-in-dma:right|wrong" */
static void print_question(struct text *text, enum undocumented question)
{
    unsigned on_silicon = silicon_of(SILICON_REV3).answer[question];
    const char *answer;
    int length;

    text_printf(text, "  %s", undocumented_word(question));
    for (unsigned i = 0; i < undocumented_answers(question); i++) {
        answer = undocumented_answer(question, i, &length);
        text_printf(text, "%c%.*s", i ? '|' : ':', length, answer);
    }
    text_printf(text, "\n      %s", undocumented_brief(question));
    answer = undocumented_answer(question, on_silicon, &length);
    if (on_silicon)
        text_printf(text, " (engA to rev3: %.*s)", length, answer);
    text_printf(text, "\n");
}

static bool find(const char *text, unsigned *erratum)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    for (*erratum = 0; *erratum < ERRATA; ++*erratum) {
        if (erratum_number((enum erratum) * erratum) == number && !*end)
            return true;
    }
    return false;
}

static bool known(const char *text)
{
    unsigned erratum;

    return find(text, &erratum);
}

/* Errata whose workarounds need nothing of the model but that it keeps what they write. */
static void print_kept_registers(struct text *text)
{
    const struct workaround_register *kept;

    text_printf(text,
                "\nRegisters in no manual that workarounds write: kept, without effect. With 0 at "
                "0xFFC a block\nis switched off.\n");
    for (unsigned i = 0; (kept = workaround_register(i)); i++) {
        if (kept->erratum)
            text_printf(text, "  0x%08x %4u  %s\n", kept->address, kept->erratum, kept->brief);
        else
            text_printf(text, "  0x%08x    -  %s\n", kept->address, kept->brief);
    }
}

static void print_all(struct text *text)
{
    print_revisions(text);
    text_printf(text, "\n--erratum=NUMBER:on|off\n");
    for (unsigned i = 0; i < ERRATA; i++)
        print_erratum(text, i);
    text_printf(text, "\n--undocumented=WHAT:ANSWER, the first unless told otherwise\n");
    for (unsigned i = 0; i < UNDOCUMENTED_COUNT; i++)
        print_question(text, (enum undocumented)i);
    print_kept_registers(text);
}

int command_errata(int argc, char **argv)
{
    struct text text = {0};
    int code = cli_read_names(argc, argv, help, "erratum", known);

    if (code >= 0)
        return cli_finish(code);
    if (argc == 1)
        print_all(&text);
    for (int i = 1; i < argc; i++) {
        unsigned erratum;

        if (find(argv[i], &erratum))
            print_erratum(&text, erratum);
    }
    cli_print(text_string(&text));
    text_free(&text);
    return cli_finish(EXIT_CLEAN);
}
