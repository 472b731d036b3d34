/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost rules: asks the rule catalogue what is checked. */
#include "sim/base/text.h"
#include "sim/check/rule.h"
#include "sim/cli/cli.h"

#include <string.h>

static const char help[] = "Usage: fencepost rules [RULE]...\n"
                           "Without RULE, lists the rules that are checked. With it, explains "
                           "RULE: what is wrong, why it\n"
                           "matters on silicon, and how to repair it.\n"
                           "\n"
                           "Example: fencepost rules DMA001\n";

enum { WIDTH = 80 };

static void list_rules(struct text *out)
{
    for (int id = 0; id < RULE_COUNT; id++) {
        const struct rule *rule = rule_describe((enum rule_id)id);

        text_printf(out, "%-8s %-8s %s\n", rule->name, severity_name(rule->severity), rule->title);
    }
}

static void explain_rule(struct text *out, const struct rule *rule)
{
    text_printf(out, "%s (%s)\n    %s\n\nWHAT IS WRONG\n", rule->name,
                severity_name(rule->severity), rule->title);
    text_wrap(out, rule->explanation, 4, WIDTH);
    text_printf(out, "\nREPAIR\n");
    text_wrap(out, rule->repair, 4, WIDTH);
}

int command_rules(int argc, char **argv)
{
    struct text out = {0};

    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            cli_print(help);
            return cli_finish(EXIT_CLEAN);
        }
        if (argv[i][0] == '-')
            return cli_usage_error("rules", "%s: no such option", argv[i]);
        if (!rule_named(argv[i]))
            return cli_usage_error("rules", "%s: no such rule ('fencepost rules' lists them)",
                                   argv[i]);
    }
    if (argc == 1)
        list_rules(&out);
    for (int i = 1; i < argc; i++) {
        if (i > 1)
            text_printf(&out, "\n");
        explain_rule(&out, rule_named(argv[i]));
    }
    cli_print(text_string(&out));
    text_free(&out);
    return cli_finish(EXIT_CLEAN);
}
