/* SPDX-License-Identifier: Apache-2.0 */
/* What a run that is over gives to its reports, and the exit code that follows from it. */
#include "sim/cli/run.h"

#include "sim/base/heap.h"
#include "sim/cli/cli.h"
#include "sim/report/suppressions.h"

#include <inttypes.h>
#include <stdio.h>

/* The options that decide how a run goes, as words. */
struct settings {
    char timeout[40];
    char seed[24];
    char store_buffer[24];
    struct text silicon;
    struct run_setting list[10];
};

static void describe_options(struct settings *settings, const struct run_options *options)
{
    (void)snprintf(settings->timeout, sizeof settings->timeout, "%.9gms",
                   (double)options->timeout / (double)CYCLES_PER_MS);
    (void)snprintf(settings->seed, sizeof settings->seed, "%" PRIu64, options->machine.seed);
    (void)snprintf(settings->store_buffer, sizeof settings->store_buffer, "%" PRIu32,
                   options->machine.store_buffer);
    settings->list[0] = (struct run_setting){"host", run_options_host(options)};
    settings->list[1] = (struct run_setting){"dma", run_options_dma(options)};
    settings->list[2] = (struct run_setting){"seed", settings->seed};
    settings->list[3] = (struct run_setting){"timeout", settings->timeout};
    settings->list[4] = (struct run_setting){"store-buffer", settings->store_buffer};
    settings->list[5] =
        (struct run_setting){"on-fault", options->machine.faults_continue ? "continue" : "stop"};
    settings->list[6] = (struct run_setting){"fences", run_options_fences(options)};
    settings->list[7] = (struct run_setting){"memory-model", run_options_memory_model(options)};
    silicon_print(&settings->silicon, &options->machine.silicon);
    settings->list[8] = (struct run_setting){"silicon", text_string(&settings->silicon)};
    settings->list[9] = (struct run_setting){NULL, NULL};
}

/* By finding, what suppresses it. Released with heap_release. */
static const struct suppression **suppress(struct run *run)
{
    unsigned count = checker_finding_count(run->checker);
    const struct suppression **suppressed =
        heap_allocate(count + 1, sizeof(const struct suppression *));

    for (unsigned i = 0; i < count; i++)
        suppressed[i] =
            suppressions_match(run->suppressions, checker_finding(run->checker, i), &run->report);
    return suppressed;
}

static void explain(struct text *text, struct run *run, enum machine_stop stop, bool colour)
{
    bool wanted = run->report.colour;

    run->report.colour = colour;
    run_end_explain(text, run, stop);
    run->report.colour = wanted;
}

/* Warnings alone do not fail a run, and neither do suppressed findings. */
int run_conclude(struct run *run, enum machine_stop stop)
{
    const struct suppression **suppressed = suppress(run);
    struct text shown = {0};
    struct text plain = {0};
    struct settings settings = {.silicon = {0}};
    struct report_run told = {.checker = run->checker,
                              .suppressions = run->suppressions,
                              .suppressed = suppressed,
                              .end = run_end_of(run, stop),
                              .version = CLI_VERSION,
                              .engine = cpu_engine_name(),
                              .settings = settings.list,
                              .note = text_string(&run->note)};
    bool failed = told.end.failed || report_count(&told, SEVERITY_ERROR);
    int written;

    describe_options(&settings, &run->options);
    run_end_look(run, stop);
    explain(&shown, run, stop, run->report.colour);
    explain(&plain, run, stop, false);
    told.end.details = text_string(&shown);
    written = reports_write(&run->options.reports, &told, &run->report, text_string(&plain));
    text_free(&settings.silicon);
    text_free(&shown);
    text_free(&plain);
    heap_release(suppressed);
    if (written != EXIT_CLEAN)
        return written;
    return failed ? EXIT_FINDINGS : EXIT_CLEAN;
}
