/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost check: one image, all compliance cases, one table. */
#include "sim/base/heap.h"
#include "sim/base/save.h"
#include "sim/cli/check_options.h"
#include "sim/cli/cli.h"
#include "sim/explore/checked.h"
#include "sim/explore/plan.h"
#include "sim/report/report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FINDINGS_SHOWN = 20 };

struct check {
    struct check_options options;
    struct plan plan;
    struct machine *machine;
    struct checker *checker;
    struct snapshot *snapshot[COMPLY_STATES];
    struct comply *comply;
    unsigned findings; /* of the checker, when the present case began */
    bool faulted;
    char ended[240]; /* why the firmware came to an end */
    char complaint[240];
    struct text shown; /* findings in full, each bug once */
    struct {
        uint32_t rule;
        guest_addr pc;
    } known[FINDINGS_SHOWN];
    unsigned knowns;
    unsigned bugs; /* errors that were found, each once */
};

/* ---- The world of the cases ------------------------------------------------------------------ */

static void keep_fault(void *owner, const struct observation *seen)
{
    struct check *check = owner;

    if (check->faulted || (seen->fault.exception != 3 && !seen->fault.lockup))
        return;
    check->faulted = true;
    (void)snprintf(check->ended, sizeof check->ended, "HardFault at 0x%08x: %s", seen->fault.pc,
                   seen->fault.cause ? seen->fault.cause : "");
}

static bool host_settled(void *owner, struct machine *machine)
{
    (void)owner;
    return host_outcome(machine_host(machine)) != HOST_BUSY;
}

static const char *run(void *owner, sim_time limit)
{
    struct check *check = owner;

    check->faulted = false;
    switch (machine_run_until(check->machine, limit, host_settled, NULL)) {
    case MACHINE_STOP_TIME:
    case MACHINE_STOP_CONDITION:
    case MACHINE_STOP_HOST_DONE:
    case MACHINE_STOP_HOST_FAILED:
        return NULL;
    case MACHINE_STOP_FAULT:
        return check->faulted ? check->ended : "lock-up";
    case MACHINE_STOP_EXIT:
        (void)snprintf(check->ended, sizeof check->ended, "it ended itself with exit code %d",
                       machine_exit_code(check->machine));
        return check->ended;
    case MACHINE_STOP_ASLEEP:
        return "it sleeps, and nothing will ever wake it";
    case MACHINE_STOP_OFF:
        return "it switched the chip off (System OFF)";
    }
    return NULL;
}

static void save(void *owner, enum comply_state state)
{
    struct check *check = owner;

    check->snapshot[state] = machine_save_into(check->machine, check->snapshot[state]);
}

static void restore(void *owner, enum comply_state state)
{
    struct check *check = owner;

    machine_restore(check->machine, check->snapshot[state]);
    check->findings = checker_finding_count(check->checker);
}

/* ---- Findings -------------------------------------------------------------------------------- */

static bool is_known(struct check *check, const struct finding *finding)
{
    for (unsigned i = 0; i < check->knowns; i++)
        if (check->known[i].rule == finding->rule && check->known[i].pc == finding->first.pc)
            return true;
    return false;
}

/* The checker forgets a finding with the next snapshot, so it is put in words at once. */
static void show(struct check *check, const struct finding *finding)
{
    const struct report_options options = {.trace = machine_trace(check->machine),
                                           .code = machine_peek,
                                           .code_owner = check->machine,
                                           .image = machine_image(check->machine),
                                           .colour = check->options.colour};

    if (is_known(check, finding) || check->knowns == FINDINGS_SHOWN)
        return;
    check->known[check->knowns].rule = finding->rule;
    check->known[check->knowns++].pc = finding->first.pc;
    check->bugs += finding->severity == SEVERITY_ERROR;
    report_finding(&check->shown, finding, &options);
    text_printf(&check->shown, "\n");
}

/* Of a case that asked something; warnings are shown and fail nothing, as in a run. */
static const char *complain(void *owner)
{
    struct check *check = owner;
    const struct finding *first = NULL;

    for (unsigned i = check->findings; i < checker_finding_count(check->checker); i++) {
        const struct finding *finding = checker_finding(check->checker, i);

        show(check, finding);
        if (!first && finding->severity == SEVERITY_ERROR)
            first = finding;
    }
    if (!first)
        return NULL;
    (void)snprintf(check->complaint, sizeof check->complaint, "%s: %s (see below)",
                   rule_describe((enum rule_id)first->rule)->name,
                   rule_describe((enum rule_id)first->rule)->title);
    return check->complaint;
}

/* Findings from before the first case: they belong to no line of the table. */
static void show_bring_up(struct check *check)
{
    for (unsigned i = 0; i < checker_finding_count(check->checker); i++)
        show(check, checker_finding(check->checker, i));
}

/* ---- Progress -------------------------------------------------------------------------------- */

static void tell_progress(void *owner, const struct comply_case *subject, unsigned done,
                          unsigned all)
{
    (void)owner;
    if (subject)
        (void)fprintf(stderr, "\r\033[K%u of %u: %s", done + 1, all, comply_case_title(subject));
    else
        (void)fprintf(stderr, "\r\033[K");
    (void)fflush(stderr);
}

/* ---- The story ------------------------------------------------------------------------------- */

static int build(struct check *check)
{
    struct failure failure;

    check->plan = (struct plan){.machine = check->options.machine,
                                .image_count = check->options.image_count,
                                .images = check->options.images};
    if (plan_build(&check->plan, &check->machine, &failure) != STATUS_OK)
        return cli_failure(&failure);
    check->checker = checked_attach(check->machine, NULL);
    trace_subscribe(machine_trace(check->machine), TRACE_KIND(FAULT), keep_fault, check);
    machine_power_on(check->machine);
    check->comply = comply_create(&(struct comply_world){.host = machine_host(check->machine),
                                                         .owner = check,
                                                         .run = run,
                                                         .save = save,
                                                         .restore = restore,
                                                         .complaint = complain});
    return -1;
}

static int no_such_case(const char *option, const char *pattern)
{
    return cli_usage_error("check",
                           "--%s=%s: no case has such a name ('fencepost check --list' lists them)",
                           option, pattern);
}

static int select_cases(struct check *check)
{
    const struct check_options *options = &check->options;

    if (options->show && !comply_select(check->comply, options->show))
        return cli_usage_error("check",
                               "--show=%s: no such case ('fencepost check --list' lists "
                               "them)",
                               options->show);
    for (unsigned i = 0; i < options->only.count; i++)
        if (!comply_select(check->comply, options->only.pattern[i]))
            return no_such_case("only", options->only.pattern[i]);
    for (unsigned i = 0; i < options->except.count; i++)
        if (!comply_leave_out(check->comply, options->except.pattern[i]))
            return no_such_case("except", options->except.pattern[i]);
    if (!comply_any_selected(check->comply))
        return cli_usage_error("check", "no case is left");
    return -1;
}

static int write_reports(struct check *check)
{
    int code = -1;

    for (unsigned i = 0; i < check->options.reports; i++) {
        const struct check_report *report = &check->options.report[i];
        struct text text = {0};
        struct failure failure;

        report->emit(&text, check->comply, check->options.images[0]);
        if (!report->path)
            cli_print(text_string(&text));
        else if (save_file(report->path, text_string(&text), text.length, &failure) != STATUS_OK)
            code = cli_failure(&failure);
        text_free(&text);
    }
    return code;
}

static void print_table(struct check *check)
{
    struct text text = {0};

    text_printf(&text, "%s", text_string(&check->shown));
    comply_print(&text, check->comply, check->options.colour);
    if (check->bugs)
        text_printf(&text, "%u finding%s of the DMA rules, above the table\n", check->bugs,
                    check->bugs == 1 ? "" : "s");
    cli_print(text_string(&text));
    text_free(&text);
}

/* A file that brings the device to the case's state by itself. */
static int show_case(struct check *check)
{
    struct text text = {0};
    int code = EXIT_CLEAN;

    for (unsigned i = 0; i < comply_count(check->comply); i++) {
        const struct comply_result *result = comply_result(check->comply, i);

        if (!result->selected)
            continue;
        if (result->text)
            comply_print_conversation(&text, check->comply, result);
        else
            code = cli_error("%s: %s%s", check->options.show,
                             "it asks nothing; what it looks at was read before",
                             result->reason ? result->reason : "");
    }
    cli_print(text_string(&text));
    text_free(&text);
    return code;
}

static int run_cases(struct check *check)
{
    bool terminal = isatty(STDERR_FILENO);
    int code;

    comply_run(check->comply, terminal ? tell_progress : NULL, NULL);
    if (check->options.show)
        return show_case(check);
    show_bring_up(check);
    if (!check_options_own_output(&check->options))
        print_table(check);
    code = write_reports(check);
    if (code >= 0)
        return code;
    return comply_passed(check->comply) && !check->bugs ? EXIT_CLEAN : EXIT_FINDINGS;
}

static void release(struct check *check)
{
    comply_destroy(check->comply);
    for (unsigned i = 0; i < COMPLY_STATES; i++)
        snapshot_free(check->snapshot[i]);
    checker_destroy(check->checker);
    machine_destroy(check->machine);
    text_free(&check->shown);
    board_file_free(&check->options.board.file);
    heap_release(check);
}

static void list_cases(void)
{
    struct text text = {0};

    comply_print_cases(&text);
    cli_print(text_string(&text));
    text_free(&text);
}

int command_check(int argc, char **argv)
{
    struct check *check = heap_allocate(1, sizeof *check);
    int code = check_options_read(&check->options, argc, argv);

    if (code < 0 && check->options.help) {
        cli_print(check_options_help());
        code = EXIT_CLEAN;
    } else if (code < 0 && check->options.list) {
        list_cases();
        code = EXIT_CLEAN;
    } else if (code < 0) {
        code = build(check);
        if (code < 0)
            code = select_cases(check);
        if (code < 0)
            code = run_cases(check);
    }
    release(check);
    return cli_finish(code);
}
