/* SPDX-License-Identifier: Apache-2.0 */
/* The rule catalogue, as `fencepost rules` prints it. */
#include "sim/report/report.h"
#include "sim/report/style.h"

#include <string.h>

void report_rules(struct text *text, const struct report_options *options)
{
    for (unsigned id = 0; id < RULE_COUNT; id++) {
        const struct rule *rule = rule_describe((enum rule_id)id);

        paint(text, options->colour, PAINT_STRONG, "%s", rule->name);
        text_printf(text, "  %-7s  %s\n", severity_name(rule->severity), rule->title);
    }
}

static void print_example(struct text *text, const char *example)
{
    while (*example) {
        size_t length = strcspn(example, "\n");

        text_printf(text, "    %.*s\n", (int)length, example);
        example += length + (example[length] != '\0');
    }
}

static void print_part(struct text *text, const struct report_options *options, const char *name,
                       const char *words)
{
    paint(text, options->colour, PAINT_STRONG, "%s", name);
    text_printf(text, "\n    ");
    wrap(text, 4, 4, words);
    text_printf(text, "\n");
}

void report_rule(struct text *text, const struct rule *rule, const struct report_options *options)
{
    paint(text, options->colour, PAINT_STRONG, "%s", rule->name);
    text_printf(text, " %s: %s\n\n", severity_name(rule->severity), rule->title);
    wrap(text, 0, 0, rule->explanation);
    text_printf(text, "\n\n");
    paint(text, options->colour, PAINT_STRONG, "Example\n");
    print_example(text, rule->example);
    text_printf(text, "\n");
    print_part(text, options, "Repair", rule->repair);
    text_printf(text, "\n");
    print_part(text, options, "Seen in", rule->seen_in);
}
