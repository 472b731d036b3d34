/* SPDX-License-Identifier: Apache-2.0 */
/* The rule catalogue, as `fencepost rules` prints it. */
#include "sim/report/report.h"
#include "sim/report/style.h"

void report_rules(struct text *text, const struct report_options *options)
{
    for (unsigned id = 0; id < RULE_COUNT; id++) {
        const struct rule *rule = rule_describe((enum rule_id)id);

        paint(text, options->colour, PAINT_STRONG, "%s", rule->name);
        text_printf(text, "  %-7s  %s\n", severity_name(rule->severity), rule->title);
    }
}

void report_rule(struct text *text, const struct rule *rule, const struct report_options *options)
{
    paint(text, options->colour, PAINT_STRONG, "%s", rule->name);
    text_printf(text, " %s: %s\n\n", severity_name(rule->severity), rule->title);
    wrap(text, 0, 0, rule->explanation);
    text_printf(text, "\n\n");
    paint(text, options->colour, PAINT_STRONG, "Repair");
    text_printf(text, "  ");
    wrap(text, 8, 8, rule->repair);
    text_printf(text, "\n");
}
