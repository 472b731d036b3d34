/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bugs/cell.h"

#include "sim/report/report.h"
#include "tests/bugs/trial.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const words[CELL_VERDICTS] = {
    [CELL_FIRES] = "fires",   [CELL_ABSENT] = "absent",         [CELL_RULE_ABSENT] = "no rule",
    [CELL_MISSED] = "MISSED", [CELL_UNEXPECTED] = "UNEXPECTED", [CELL_FALSE_ALARM] = "FALSE ALARM",
    [CELL_BROKEN] = "BROKEN",
};

const char *cell_word(enum cell_verdict verdict)
{
    assert(verdict < CELL_VERDICTS);
    return words[verdict];
}

static void explain(struct cell *cell, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Keeps the first explanation. */
static void explain(struct cell *cell, const char *format, ...)
{
    va_list values;

    if (cell->why[0] != '\0')
        return;
    va_start(values, format);
    (void)vsnprintf(cell->why, sizeof cell->why, format, values);
    va_end(values);
}

/* ---- What a finding is about ----------------------------------------------------------------- */

static const char *rule_of(const struct finding *finding)
{
    return rule_describe((enum rule_id)finding->rule)->name;
}

/*
 * Whether one of the two sides of the report stands at `place`: its headline, which begins at the
 * left. What is further in are backtraces, which name innocent callers too.
 */
static bool names(const char *report, const char *place)
{
    const char *at = report;
    size_t size = strlen(place);

    while ((at = strstr(at, place))) {
        const char *line = at;

        while (line > report && line[-1] != '\n')
            line--;
        at += size;
        if (strncmp(line, "    ", 4) != 0 && (*at < '0' || *at > '9'))
            return true;
    }
    return false;
}

static bool reports(const struct trial *trial, const struct finding *finding, const char *file,
                    unsigned line)
{
    const struct report_options options = {.trace = machine_trace(trial->machine),
                                           .image = machine_image(trial->machine)};
    struct text text = {0};
    char place[BUG_NAME_MAX + 24];

    (void)snprintf(place, sizeof place, "/%s:%u", file, line);
    report_finding(&text, finding, &options);
    bool found = names(text_string(&text), place);
    text_free(&text);
    return found;
}

static bool expected(const struct trial *trial, const struct bug *bug,
                     const struct finding *finding)
{
    for (unsigned i = 0; i < bug->allowed; i++) {
        if (strcmp(bug->allowance[i], rule_of(finding)) == 0)
            return true;
    }
    for (unsigned i = 0; i < bug->expectations; i++) {
        const struct expectation *expectation = &bug->expectation[i];

        if (strcmp(expectation->rule, rule_of(finding)) == 0 &&
            reports(trial, finding, bug->file, expectation->line))
            return true;
    }
    return false;
}

static bool fired(const struct trial *trial, const struct bug *bug,
                  const struct expectation *expectation)
{
    for (unsigned i = 0; i < checker_finding_count(trial->checker); i++) {
        const struct finding *finding = checker_finding(trial->checker, i);

        if (strcmp(expectation->rule, rule_of(finding)) == 0 &&
            reports(trial, finding, bug->file, expectation->line))
            return true;
    }
    return false;
}

/* ---- Is the bug in the object code? ---------------------------------------------------------- */

static bool same_code(const struct trial *bug, const struct trial *twin)
{
    const uint8_t *bytes[2];
    size_t size[2];

    return image_section(machine_image(bug->machine), ".text", &bytes[0], &size[0]) &&
           image_section(machine_image(twin->machine), ".text", &bytes[1], &size[1]) &&
           size[0] == size[1] && memcmp(bytes[0], bytes[1], size[0]) == 0;
}

static bool is_ownership(const char *rule)
{
    return strncmp(rule, "DMA", 3) == 0;
}

/* The line makes accesses, and none while the window is EasyDMA's: the compiler has moved them out,
 * or has not moved them in. */
static bool kept_order(struct cell *cell, const struct trial *trial,
                       const struct trial_options *options, const struct bug *bug,
                       const struct expectation *expectation)
{
    if (!is_ownership(expectation->rule))
        return false;
    struct line_accesses seen = trial_accesses(trial, options, bug->file, expectation->line);
    if (seen.in_flight)
        return false;
    if (seen.elsewhen)
        explain(cell, "%s: all %u accesses of line %u lie outside of the transfers",
                expectation->rule, seen.elsewhen, expectation->line);
    else
        explain(cell, "%s: no access to the buffer is left of line %u", expectation->rule,
                expectation->line);
    return true;
}

/* With another pattern in never-written RAM, the host receives the same bytes. */
static bool sends_no_residue(struct cell *cell, const struct trial *trial,
                             const struct trial_options *options,
                             const struct expectation *expectation)
{
    struct trial_options other = *options;
    struct trial again;

    if (strcmp(expectation->rule, "BUF005") != 0)
        return false;
    other.ram_pattern = 0x3c;
    bool same = trial_run(&again, &other) && again.sent == trial->sent;
    trial_close(&again);
    if (same)
        explain(cell, "BUF005: what the host receives does not depend on never-written RAM");
    return same;
}

/* ---- Verdicts -------------------------------------------------------------------------------- */

static enum cell_verdict judge_expectation(struct cell *cell, const struct trial *trial,
                                           const struct trial *twin,
                                           const struct trial_options *options,
                                           const struct bug *bug,
                                           const struct expectation *expectation)
{
    if (!rule_named(expectation->rule)) {
        explain(cell, "the catalogue has no rule %s", expectation->rule);
        return CELL_RULE_ABSENT;
    }
    if (fired(trial, bug, expectation))
        return CELL_FIRES;
    if (same_code(trial, twin)) {
        explain(cell, "%s: the code is that of the twin", expectation->rule);
        return CELL_ABSENT;
    }
    if (kept_order(cell, trial, options, bug, expectation) ||
        sends_no_residue(cell, trial, options, expectation))
        return CELL_ABSENT;
    explain(cell, "%s does not report line %u", expectation->rule, expectation->line);
    return CELL_MISSED;
}

static bool nothing_unexpected(struct cell *cell, const struct trial *trial, const struct bug *bug)
{
    for (unsigned i = 0; i < checker_finding_count(trial->checker); i++) {
        const struct finding *finding = checker_finding(trial->checker, i);

        if (!expected(trial, bug, finding)) {
            explain(cell, "%s reports what nobody marked", rule_of(finding));
            return false;
        }
    }
    return true;
}

/* A miss is worse than a rule that is not there, and one rule that fires is enough to say so. */
static enum cell_verdict judge_bug(struct cell *cell, const struct trial *trial,
                                   const struct trial *twin, const struct trial_options *options,
                                   const struct bug *bug)
{
    static const unsigned char weight[CELL_VERDICTS] = {
        [CELL_ABSENT] = 0, [CELL_FIRES] = 1, [CELL_RULE_ABSENT] = 2, [CELL_MISSED] = 3};
    enum cell_verdict result = CELL_ABSENT;

    for (unsigned i = 0; i < bug->expectations; i++) {
        enum cell_verdict next =
            judge_expectation(cell, trial, twin, options, bug, &bug->expectation[i]);

        if (weight[next] > weight[result])
            result = next;
    }
    if (result != CELL_MISSED && !nothing_unexpected(cell, trial, bug))
        return CELL_UNEXPECTED;
    return result;
}

static enum cell_verdict judge_twin(struct cell *cell, const struct trial *twin)
{
    if (checker_finding_count(twin->checker) > 0) {
        explain(cell, "the twin is reported: %s", rule_of(checker_finding(twin->checker, 0)));
        return CELL_FALSE_ALARM;
    }
    if (twin->complaint[0] != '\0') {
        explain(cell, "the twin: %s", twin->complaint);
        return CELL_BROKEN;
    }
    if (!twin->ended_well) {
        explain(cell, "the twin does not come to a good end (%d): %s", (int)twin->stop,
                host_reason(machine_host(twin->machine)));
        return CELL_BROKEN;
    }
    return CELL_FIRES;
}

static bool is_about(const struct bug *bug, const char *rule)
{
    for (unsigned i = 0; i < bug->expectations; i++) {
        if (strcmp(bug->expectation[i].rule, rule) == 0)
            return true;
    }
    return false;
}

void cell_run(struct cell *cell, const struct bug *bug, const char *build, enum cell_effort effort)
{
    struct trial_options options = {.build = build,
                                    .program = bug->name,
                                    .script = bug->script,
                                    .undocumented = bug->undocumented,
                                    .board = bug->board,
                                    .residue = effort == CELL_THOROUGH || is_about(bug, "BUF005")};
    struct trial_options twin_options = options;
    struct trial trial;
    struct trial twin;

    twin_options.program = bug->twin;
    *cell = (struct cell){.bug = CELL_BROKEN, .twin = CELL_BROKEN};
    if (!trial_run(&twin, &twin_options)) {
        explain(cell, "%s", twin.complaint);
    } else if (!trial_run(&trial, &options)) {
        explain(cell, "%s", trial.complaint);
        trial_close(&trial);
    } else {
        cell->twin = judge_twin(cell, &twin);
        cell->bug = judge_bug(cell, &trial, &twin, &options, bug);
        trial_close(&trial);
    }
    trial_close(&twin);
}

bool cell_good(const struct cell *cell)
{
    return cell->twin == CELL_FIRES &&
           (cell->bug == CELL_FIRES || cell->bug == CELL_ABSENT || cell->bug == CELL_RULE_ABSENT);
}

void cell_command(const struct cell *cell, const struct bug *bug, const char *build, char *line,
                  size_t room)
{
    const char *program = cell->twin == CELL_FIRES ? bug->name : bug->twin;
    const char *host = bug->script[0] ? " --host=" : "";

    const char *board = bug->board[0] ? " --board=" : "";
    const char *silicon = bug->undocumented[0] ? " --undocumented=" : "";

    (void)snprintf(line, room, "%s run%s%s%s%s%s%s %s/%s/%s.elf", PROGRAM, host, bug->script, board,
                   bug->board, silicon, bug->undocumented, FIRMWARE_DIR, build, program);
}
