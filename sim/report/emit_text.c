/* SPDX-License-Identifier: Apache-2.0 */
/* The report for people: findings in full, how the run ended, the verdict. */
#include "sim/report/brief.h"
#include "sim/report/emitter.h"
#include "sim/report/style.h"
#include "sim/report/suppressions.h"

static void begin(struct emission *emission)
{
    (void)emission;
}

static void show_suppressed(struct emission *emission, const struct finding *finding,
                            const struct suppression *by)
{
    struct text words = {0};

    text_printf(&words, "suppressed: %s ", rule_describe((enum rule_id)finding->rule)->name);
    print_brief(&words, finding, emission->options);
    text_printf(&words, " %s:%u: %s", suppressions_path(emission->run->suppressions), by->line,
                by->reason);
    wrap(emission->text, 0, 4, text_string(&words));
    text_printf(emission->text, "\n\n");
    text_free(&words);
}

static void finding(struct emission *emission, unsigned index)
{
    const struct finding *found = run_finding(emission->run, index);
    const struct suppression *by = report_suppression(emission->run, index);

    if (emission->run->words)
        return;
    if (by) {
        show_suppressed(emission, found, by);
        return;
    }
    report_finding(emission->text, found, emission->options);
    text_printf(emission->text, "\n");
}

static void end(struct emission *emission)
{
    if (emission->run->end.details && !emission->run->words)
        text_printf(emission->text, "%s", emission->run->end.details);
    report_verdict(emission->text, emission->run, emission->options);
}

const struct emitter text_emitter = {.name = "text",
                                     .brief = "for people",
                                     .in_lines = true,
                                     .begin = begin,
                                     .finding = finding,
                                     .end = end};
