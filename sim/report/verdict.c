/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/brief.h"
#include "sim/report/report.h"
#include "sim/report/style.h"
#include "sim/report/suppressions.h"

#include <inttypes.h>
#include <string.h>

/* All of them, or which ones are off or on, whichever list is the shorter. */
static void print_rules(struct text *text, const struct checker *checker)
{
    struct text off = {0};
    struct text on = {0};
    unsigned count = 0;

    for (unsigned id = 0; id < RULE_COUNT; id++) {
        bool is_on = checker_rule_is_on(checker, (enum rule_id)id);

        text_printf(is_on ? &on : &off, " %s", rule_describe((enum rule_id)id)->name);
        count += is_on;
    }
    if (count == RULE_COUNT)
        text_printf(text, "all %d rules on", RULE_COUNT);
    else if (!count)
        text_printf(text, "no rule of %d on", RULE_COUNT);
    else if (count * 2 < RULE_COUNT)
        text_printf(text, "%u of %d rules on (%s)", count, RULE_COUNT, text_string(&on) + 1);
    else
        text_printf(text, "%u of %d rules on (off:%s)", count, RULE_COUNT, text_string(&off));
    text_free(&off);
    text_free(&on);
}

static void print_looked_at(struct text *text, const struct checker *checker)
{
    const struct checker_counts *counts = checker_counted(checker);

    text_printf(text,
                "%" PRIu64 " transfer%s (%" PRIu64 " byte%s, %" PRIu64 " window%s), %" PRIu64
                " access%s to open windows checked, %" PRIu64 " barrier%s seen, ",
                counts->transfers, plural(counts->transfers), counts->bytes, plural(counts->bytes),
                counts->windows, plural(counts->windows), counts->accesses,
                counts->accesses == 1 ? "" : "es", counts->barriers, plural(counts->barriers));
    print_rules(text, checker);
}

const struct suppression *report_suppression(const struct report_run *run, unsigned index)
{
    return run->suppressed ? run->suppressed[index] : NULL;
}

unsigned run_finding_count(const struct report_run *run)
{
    return run->findings ? run->finding_count : checker_finding_count(run->checker);
}

const struct finding *run_finding(const struct report_run *run, unsigned index)
{
    return run->findings ? run->findings[index] : checker_finding(run->checker, index);
}

struct report_options run_options_for(const struct report_run *run, unsigned index,
                                      const struct report_options *options)
{
    struct report_options own = *options;

    if (run->replays)
        own.replay = run->replays[index];
    return own;
}

unsigned report_count(const struct report_run *run, enum severity severity)
{
    unsigned count = 0;

    for (unsigned i = 0; i < run_finding_count(run); i++) {
        if (!report_suppression(run, i))
            count += finding_severity(run_finding(run, i)) == severity;
    }
    return count;
}

static void print_findings(struct text *text, const struct report_run *run, bool colour)
{
    unsigned errors = report_count(run, SEVERITY_ERROR);
    unsigned warnings = report_count(run, SEVERITY_WARNING);

    paint(text, colour, errors ? PAINT_ERROR : PAINT_WARNING, "%u finding%s", errors + warnings,
          plural(errors + warnings));
    text_printf(text, " (");
    if (errors)
        text_printf(text, "%u error%s", errors, plural(errors));
    if (warnings)
        text_printf(text, "%s%u warning%s", errors ? ", " : "", warnings, plural(warnings));
    text_printf(text, ")");
}

static unsigned counted_findings(const struct report_run *run)
{
    return report_count(run, SEVERITY_ERROR) + report_count(run, SEVERITY_WARNING);
}

static void print_suppressed(struct text *text, const struct report_run *run)
{
    unsigned suppressed = run_finding_count(run) - counted_findings(run);

    if (suppressed)
        text_printf(text, ", %u suppressed", suppressed);
}

/* What suppresses nothing any more should go, before it hides something new. */
static void print_unused(struct text *text, const struct report_run *run)
{
    for (unsigned i = 0; i < suppressions_count(run->suppressions); i++) {
        const struct suppression *entry = suppression_at(run->suppressions, i);

        if (!entry->used)
            text_printf(text, "note: %s:%u: nothing was suppressed by this line (%s)\n",
                        suppressions_path(run->suppressions), entry->line, entry->rule);
    }
}

/* A clean verdict must not cover what nobody looked at. */
static void print_not_checked(struct text *text, const struct checker_counts *counts)
{
    if (counts->unmodelled)
        text_printf(text,
                    "not checked: %" PRIu64 " register%s or block%s the firmware used that %s not "
                    "modelled (see the notices)\n",
                    counts->unmodelled, plural(counts->unmodelled), plural(counts->unmodelled),
                    counts->unmodelled == 1 ? "is" : "are");
    if (counts->not_followed)
        text_printf(text, "not checked: %" PRIu64 " transfer%s, more than %d were open at a time\n",
                    counts->not_followed, plural(counts->not_followed), TRANSFER_SLOTS);
    if (counts->findings_lost)
        text_printf(text, "not shown: %" PRIu64 " more access%s that broke a rule\n",
                    counts->findings_lost, counts->findings_lost == 1 ? "" : "es");
}

/* The firmware failed as well, or only: what was looked at follows in a line of its own. */
static void print_failure(struct text *text, const struct report_run *run, bool colour)
{
    if (counted_findings(run))
        print_findings(text, run, colour);
    else
        text_printf(text, "no findings");
    print_suppressed(text, run);
    text_printf(text, counted_findings(run) ? ", and " : ", but ");
    paint(text, colour, PAINT_ERROR, "the run failed:");
    text_printf(text, " %s\nlooked at ", run->end.reason);
}

static void print_success(struct text *text, const struct report_run *run, bool colour)
{
    if (counted_findings(run))
        print_findings(text, run, colour);
    else
        paint(text, colour, PAINT_GOOD, "clean");
    print_suppressed(text, run);
    text_printf(text, ": ");
}

void report_verdict(struct text *text, const struct report_run *run,
                    const struct report_options *options)
{
    if (run->words) {
        text_printf(text, "%s", run->words);
        return;
    }
    if (run->end.failed)
        print_failure(text, run, options->colour);
    else
        print_success(text, run, options->colour);
    print_looked_at(text, run->checker);
    text_printf(text, "\n");
    print_not_checked(text, checker_counted(run->checker));
    print_unused(text, run);
    if (run->note)
        text_printf(text, "%s", run->note);
}
