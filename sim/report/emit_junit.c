/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit's XML, which every CI system shows: a test case for the firmware's own outcome and one for
 * each rule, which fails with the findings in full.
 */
#include "sim/base/xml.h"
#include "sim/report/brief.h"
#include "sim/report/emitter.h"
#include "sim/report/suppressions.h"

/* Findings of a rule: those that fail it, and all. */
struct tally {
    unsigned failing;
    unsigned all;
};

/* Errors fail their rule, as they fail the run; warnings and suppressed findings do not. */
static bool fails(const struct report_run *run, unsigned index)
{
    return !report_suppression(run, index) &&
           finding_severity(run_finding(run, index)) == SEVERITY_ERROR;
}

static struct tally tally_of(const struct report_run *run, unsigned rule)
{
    struct tally tally = {0, 0};

    for (unsigned i = 0; i < run_finding_count(run); i++) {
        bool same = run_finding(run, i)->rule == rule;

        tally.all += same;
        tally.failing += same && fails(run, i);
    }
    return tally;
}

static unsigned count_failures(const struct report_run *run)
{
    unsigned failures = run->end.failed;

    for (unsigned rule = 0; rule < RULE_COUNT; rule++)
        failures += tally_of(run, rule).failing > 0;
    return failures;
}

static unsigned count_skipped(const struct report_run *run)
{
    unsigned skipped = 0;

    for (unsigned rule = 0; rule < RULE_COUNT; rule++)
        skipped += !checker_rule_is_on(run->checker, (enum rule_id)rule);
    return skipped;
}

static void attribute(struct text *text, const char *name, const char *value)
{
    text_printf(text, " %s=\"", name);
    xml_attribute_text(text, value);
    text_printf(text, "\"");
}

static void write_verdict(struct emission *emission, const char *element)
{
    struct report_options plain = *emission->options;
    struct text words = {0};

    plain.colour = false;
    report_verdict(&words, emission->run, &plain);
    text_printf(emission->text, "    <%s>", element);
    xml_element_text(emission->text, text_string(&words));
    text_printf(emission->text, "</%s>\n", element);
    text_free(&words);
}

static void write_outcome(struct emission *emission)
{
    const struct run_end *end = &emission->run->end;
    struct text *text = emission->text;

    text_printf(text, "    <testcase classname=\"fencepost\" name=\"the firmware runs without "
                      "failing\"");
    if (!end->failed) {
        text_printf(text, "/>\n");
        return;
    }
    text_printf(text, ">\n      <failure");
    attribute(text, "type", end->name);
    attribute(text, "message", end->reason);
    text_printf(text, ">");
    xml_element_text(text, end->details ? end->details : "");
    text_printf(text, "</failure>\n    </testcase>\n");
}

static void begin(struct emission *emission)
{
    const struct report_run *run = emission->run;
    const struct image *image = emission->options->image;
    struct text *text = emission->text;

    text_printf(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
    attribute(text, "name", image ? image_path(image) : "firmware");
    text_printf(text, " tests=\"%d\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"%.6f\">\n",
                RULE_COUNT + 1, count_failures(run), count_skipped(run),
                (double)run->end.when / (double)CYCLES_PER_SECOND);
    write_outcome(emission);
}

/* Rules, not findings, are the test cases: a case that is gone when it passes tells nothing. */
static void finding(struct emission *emission, unsigned index)
{
    (void)emission;
    (void)index;
}

static void print_one(struct text *words, const struct emission *emission, unsigned index)
{
    const struct suppression *by = report_suppression(emission->run, index);
    struct report_options plain = run_options_for(emission->run, index, emission->options);

    plain.colour = false;
    if (by)
        text_printf(words, "suppressed (%s:%u: %s):\n",
                    suppressions_path(emission->run->suppressions), by->line, by->reason);
    report_finding(words, run_finding(emission->run, index), &plain);
    text_printf(words, "\n");
}

/* The findings of `rule` that fail it, or those that do not. */
static void write_findings(struct emission *emission, unsigned rule, bool failing)
{
    const struct report_run *run = emission->run;
    struct text words = {0};

    for (unsigned i = 0; i < run_finding_count(run); i++) {
        if (run_finding(run, i)->rule == rule && fails(run, i) == failing)
            print_one(&words, emission, i);
    }
    xml_element_text(emission->text, text_string(&words));
    text_free(&words);
}

static void write_content(struct emission *emission, unsigned id, struct tally tally)
{
    const struct rule *rule = rule_describe((enum rule_id)id);
    struct text *text = emission->text;

    if (tally.failing) {
        text_printf(text, "      <failure");
        attribute(text, "type", rule->name);
        attribute(text, "message", rule->title);
        text_printf(text, ">");
        write_findings(emission, id, true);
        text_printf(text, "</failure>\n");
    }
    if (tally.all > tally.failing) {
        text_printf(text, "      <system-out>");
        write_findings(emission, id, false);
        text_printf(text, "</system-out>\n");
    }
}

static void write_rule(struct emission *emission, unsigned id)
{
    const struct rule *rule = rule_describe((enum rule_id)id);
    struct tally tally = tally_of(emission->run, id);
    struct text *text = emission->text;
    struct text name = {0};

    text_printf(&name, "%s: %s", rule->name, rule->title);
    text_printf(text, "    <testcase classname=\"fencepost.rules\"");
    attribute(text, "name", text_string(&name));
    text_free(&name);
    if (!checker_rule_is_on(emission->run->checker, (enum rule_id)id)) {
        text_printf(text, "><skipped message=\"the rule is off\"/></testcase>\n");
    } else if (!tally.all) {
        text_printf(text, "/>\n");
    } else {
        text_printf(text, ">\n");
        write_content(emission, id, tally);
        text_printf(text, "    </testcase>\n");
    }
}

static void end(struct emission *emission)
{
    for (unsigned id = 0; id < RULE_COUNT; id++)
        write_rule(emission, id);
    write_verdict(emission, "system-out");
    text_printf(emission->text, "  </testsuite>\n</testsuites>\n");
}

const struct emitter junit_emitter = {.name = "junit",
                                      .brief = "JUnit XML, one test case a rule",
                                      .begin = begin,
                                      .finding = finding,
                                      .end = end};
