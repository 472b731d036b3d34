/* SPDX-License-Identifier: Apache-2.0 */
/* An exploration in the reports that a run has: the findings of all runs that are told of, the
 * failures that are none as the end of the run. */
#include "sim/cli/explore.h"

#include "sim/base/heap.h"
#include "sim/cli/cli.h"
#include "sim/cpu/cpu.h"
#include "sim/explore/strategy.h"

#include <stdio.h>

/* As in the reports of a run: docs/report.schema.json. */
static const char *const end_names[WALK_ENDS] = {
    [WALK_DECISION] = "explored",
    [WALK_CLEAN] = "explored",
    [WALK_FINDING] = "explored",
    [WALK_ANSWER] = "different-answer",
    [WALK_FAULT] = "fault",
    [WALK_EXIT] = "firmware-exit",
    [WALK_HOST_FAILED] = "host-failed",
    [WALK_TIMEOUT] = "time-out",
    [WALK_ASLEEP] = "asleep-for-good",
    [WALK_OFF] = "system-off",
    [WALK_HANG] = "hang",
};

/* What the search was asked to do. */
struct settings {
    char deviations[16];
    char seed[24];
    struct run_setting list[8];
};

static void describe(struct settings *settings, const struct explore *explore)
{
    const struct campaign_options *campaign = &explore->options.campaign;
    const struct run_options *run = &explore->options.run;

    (void)snprintf(settings->deviations, sizeof settings->deviations, "%u",
                   campaign->walker.bounds.deviations);
    (void)snprintf(settings->seed, sizeof settings->seed, "%llu",
                   (unsigned long long)campaign->seed);
    settings->list[0] = (struct run_setting){"strategy", campaign->strategy->name};
    settings->list[1] = (struct run_setting){"deviations", settings->deviations};
    settings->list[2] = (struct run_setting){"seed", settings->seed};
    settings->list[3] = (struct run_setting){"host", run_options_host(run)};
    settings->list[4] = (struct run_setting){"fences", run_options_fences(run)};
    settings->list[5] = (struct run_setting){"memory-model", run_options_memory_model(run)};
    settings->list[6] = (struct run_setting){NULL, NULL};
}

/* The first failure that no finding tells. */
static const struct explore_failure *first_other(const struct explore *explore)
{
    for (unsigned i = 0; i < explore->failure_count; i++) {
        if (explore->failure[i].class->end != WALK_FINDING)
            return &explore->failure[i];
    }
    return NULL;
}

static void print_reason(struct text *text, const struct explore *explore,
                         const struct explore_failure *failure)
{
    if (!failure)
        return;
    text_printf(text, "a timing fails: ");
    explore_print_class(text, explore, failure->class);
    if (failure->replay.length)
        text_printf(text, " (%s)", text_string(&failure->replay));
}

struct more {
    const struct explore *explore;
    enum campaign_verdict verdict;
    int code;
};

static void write_more(void *owner, struct json *json)
{
    const struct more *more = owner;

    json_object(json, "exploration");
    explore_write_json(json, more->explore, more->verdict, more->code);
    json_end(json);
}

/* Lists by finding, as report_run wants them. */
struct lists {
    const struct finding **findings;
    const char **replays;
    const struct suppression **suppressed;
};

static void make_lists(struct lists *lists, const struct explore *explore)
{
    size_t count = explore->finding_count + 1;

    lists->findings = heap_allocate(count, sizeof(const struct finding *));
    lists->replays = heap_allocate(count, sizeof *lists->replays);
    lists->suppressed = heap_allocate(count, sizeof(const struct suppression *));
    for (unsigned i = 0; i < explore->finding_count; i++) {
        lists->findings[i] = &explore->findings[i]->finding;
        lists->replays[i] = explore->findings[i]->replay;
        lists->suppressed[i] = explore->findings[i]->suppressed;
    }
}

static void release_lists(struct lists *lists)
{
    heap_release(lists->findings);
    heap_release(lists->replays);
    heap_release(lists->suppressed);
}

int explore_write_reports(struct explore *explore, enum campaign_verdict verdict, const char *words)
{
    const struct explore_failure *other = first_other(explore);
    struct more more = {explore, verdict, explore->failure_count ? EXIT_FINDINGS : EXIT_CLEAN};
    struct settings settings;
    struct lists lists;
    struct text reason = {0};
    struct report_run told = {.checker = walker_checker(campaign_walker(explore->campaign)),
                              .suppressions = explore->suppressions,
                              .version = CLI_VERSION,
                              .engine = cpu_engine_name(),
                              .settings = settings.list,
                              .words = words,
                              .more = write_more,
                              .more_owner = &more};
    int code;

    describe(&settings, explore);
    make_lists(&lists, explore);
    print_reason(&reason, explore, other);
    told.findings = lists.findings;
    told.replays = lists.replays;
    told.suppressed = lists.suppressed;
    told.finding_count = explore->finding_count;
    told.end = (struct run_end){.name = end_names[other ? other->class->end : WALK_CLEAN],
                                .reason = other ? text_string(&reason) : NULL,
                                .failed = other != NULL,
                                .when = campaign_progress(explore->campaign)->reached};
    code = reports_write(&explore->options.run.reports, &told, &explore->report, NULL);
    text_free(&reason);
    release_lists(&lists);
    return code;
}
