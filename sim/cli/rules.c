/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost rules: asks the rule catalogue what is checked. */
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/report/report.h"

#include <string.h>

static const char help[] = "Usage: fencepost rules [RULE]...\n"
                           "Without RULE, lists the rules that are checked. With it, explains "
                           "RULE: what is wrong, why it\n"
                           "matters on silicon, and how to repair it.\n"
                           "\n"
                           "Example: fencepost rules DMA001\n";

static bool is_rule(const char *name)
{
    return rule_named(name) != NULL;
}

int command_rules(int argc, char **argv)
{
    const struct report_options options = {.colour = cli_wants_colour("auto")};
    struct text out = {0};
    int code = cli_read_names(argc, argv, help, "rule", is_rule);

    if (code >= 0)
        return code;
    if (argc == 1)
        report_rules(&out, &options);
    for (int i = 1; i < argc; i++) {
        if (i > 1)
            text_printf(&out, "\n");
        report_rule(&out, rule_named(argv[i]), &options);
    }
    cli_print(text_string(&out));
    text_free(&out);
    return cli_finish(EXIT_CLEAN);
}
