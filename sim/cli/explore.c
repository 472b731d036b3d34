/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost explore: all timings of one image within a bound, one verdict. */
#include "sim/cli/explore.h"

#include "sim/base/heap.h"
#include "sim/cli/cli.h"
#include "sim/explore/strategy.h"
#include "sim/explore/token.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

/* Host time: only to stop in time and to tell a person how fast it goes. */
static double host_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- Progress -------------------------------------------------------------------------------- */

struct pace {
    const struct explore_options *options;
    double began;
    double told;
    bool terminal;
};

static void tell_json(const struct campaign_progress *progress, double seconds)
{
    (void)fprintf(stderr,
                  "{\"progress\":{\"round\":%u,\"steps\":%llu,\"states\":%llu,\"classes\":%llu,"
                  "\"failures\":%llu,\"queue\":%llu,\"covered\":%.6f,\"seconds\":%.3f}}\n",
                  progress->round, (unsigned long long)progress->steps,
                  (unsigned long long)progress->states, (unsigned long long)progress->classes,
                  (unsigned long long)progress->failures, (unsigned long long)progress->queue,
                  progress->covered, seconds);
}

static void tell_person(const struct campaign_progress *progress, double seconds)
{
    double rate = seconds > 0 ? (double)progress->steps / seconds : 0;

    (void)fprintf(stderr, "\r%llu classes, %llu states, %llu steps wait, %.0f steps/s",
                  (unsigned long long)progress->classes, (unsigned long long)progress->states,
                  (unsigned long long)progress->queue, rate);
    if (progress->queue && rate > 0)
        (void)fprintf(stderr, ", at least %.0f s left", (double)progress->queue / rate);
    (void)fprintf(stderr, "   ");
}

static bool is_enough(void *owner, const struct campaign_progress *progress)
{
    struct pace *pace = owner;
    double seconds = host_seconds() - pace->began;

    if (seconds - pace->told >= 0.5) {
        pace->told = seconds;
        if (pace->options->json)
            tell_json(progress, seconds);
        else if (pace->terminal)
            tell_person(progress, seconds);
    }
    return interrupted || (pace->options->seconds > 0 && seconds >= pace->options->seconds);
}

static void erase_progress(const struct pace *pace)
{
    if (pace->terminal && pace->told > 0)
        (void)fprintf(stderr, "\r%*s\r", 100, "");
}

/* ---- The failure ----------------------------------------------------------------------------- */

static void write_replay(struct explore *explore)
{
    struct plan plan = explore->plan;

    plan.timing.count = explore->answer_count <= TIMING_MAX ? explore->answer_count : 0;
    memcpy(plan.timing.answer, explore->answers, plan.timing.count * sizeof plan.timing.answer[0]);
    if (plan.timing.count != explore->answer_count ||
        !token_write(explore->token, &plan, campaign_fingerprint(explore->campaign)))
        return;
    text_printf(&explore->replay, "fencepost replay");
    if (plan.machine.host_script)
        text_printf(&explore->replay, " --host=%s", plan.machine.host_script);
    text_printf(&explore->replay, " %s", explore->token);
    for (unsigned i = 0; i < plan.image_count; i++)
        text_printf(&explore->replay, " %s", plan.images[i]);
}

/* Where the finding is, with its callers: the machine is still at the end of the story. */
static void keep_site(struct explore *explore)
{
    const struct checker *checker = walker_checker(campaign_walker(explore->campaign));

    for (unsigned i = 0; i < checker_finding_count(checker); i++) {
        const struct finding *finding = checker_finding(checker, i);

        if (explore->failure->end == WALK_FINDING && finding->rule == explore->failure->rule &&
            finding->first.pc == explore->failure->pc)
            explore->site = finding->site;
    }
}

static void tell_failure(struct explore *explore, struct text *text)
{
    struct story story = {0};
    bool again = campaign_tell(explore->campaign, explore->failure, explore->answers,
                               explore->answer_count, &story);

    keep_site(explore);
    text_printf(text, "A failing timing: ");
    explore_print_failure(text, explore, explore->failure);
    if (explore->answer_count)
        text_printf(text, "\n%u of %u answers of the timing matter (%u runs to find out)\n\n",
                    explore->answer_count, explore->failure->answers, explore->tries);
    else
        text_printf(text, "\nIt fails in the usual timing already\n\n");
    explore_print_story(text, explore, &story);
    if (!again)
        text_printf(text, "  (run once more it did not fail: please report this)\n");
    if (explore->replay.length)
        text_printf(text, "\nReplay    %s\n", text_string(&explore->replay));
    text_printf(text, "\n");
    story_release(&story);
}

/* The usual run is a class of its own when it fails: nothing else was explored then. */
static void find_failure(struct explore *explore)
{
    explore->failure = campaign_failure(explore->campaign);
    if (!explore->failure)
        return;
    explore->answers = heap_allocate(explore->failure->answers + 1, sizeof *explore->answers);
    explore->answer_count =
        campaign_shrink(explore->campaign, explore->failure, explore->answers, &explore->tries);
    write_replay(explore);
}

/* ---- The command ----------------------------------------------------------------------------- */

static enum campaign_verdict run(struct explore *explore)
{
    struct pace pace = {.options = &explore->options,
                        .began = host_seconds(),
                        .terminal = isatty(STDERR_FILENO) && !explore->options.run.quiet};
    /* The second time it ends at once. */
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    enum campaign_verdict verdict;

    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    campaign_on_pause(explore->campaign, is_enough, &pace);
    verdict = campaign_run(explore->campaign);
    campaign_on_pause(explore->campaign, NULL, NULL);
    erase_progress(&pace);
    if (explore->options.json)
        tell_json(campaign_progress(explore->campaign), host_seconds() - pace.began);
    return verdict;
}

/* Returns `code`, or that of what went wrong. */
static int write_files(struct explore *explore, int code)
{
    const struct explore_options *options = &explore->options;
    int lcov = options->lcov ? explore_write_lcov(explore, options->lcov) : -1;
    int test = options->emit_test && explore->failure
                   ? explore_emit_test(explore, options->emit_test)
                   : -1;

    if (lcov >= 0)
        return lcov;
    return test >= 0 ? test : code;
}

/* A search that came to no verdict can be resumed. */
static int keep_for_later(struct explore *explore, enum campaign_verdict verdict)
{
    bool stopped = verdict == CAMPAIGN_STOPPED || verdict == CAMPAIGN_BROKEN;

    if (!stopped || !explore_keeps_checkpoint(explore))
        return -1;
    return explore_save_checkpoint(explore);
}

static int conclude(struct explore *explore, enum campaign_verdict verdict)
{
    struct text text = {0};
    int code = keep_for_later(explore, verdict);

    if (explore->failure)
        tell_failure(explore, &text);
    explore_print_verdict(&text, explore, verdict);
    cli_print(text_string(&text));
    text_free(&text);
    if (verdict == CAMPAIGN_BROKEN)
        return cli_error("%s", campaign_reason(explore->campaign));
    if (code >= 0)
        return code;
    return write_files(explore, explore->failure ? EXIT_FINDINGS : EXIT_CLEAN);
}

static int explore_images(struct explore *explore)
{
    struct failure failure;
    enum campaign_verdict verdict;
    int code;

    if (campaign_create(&explore->campaign, &explore->plan, &explore->options.campaign, &failure) !=
        STATUS_OK)
        return cli_failure(&failure);
    code = explore_begin(explore);
    if (code >= 0)
        return code;
    explore->report = (struct report_options){
        .trace = machine_trace(walker_machine(campaign_walker(explore->campaign))),
        .image = machine_image(walker_machine(campaign_walker(explore->campaign)))};
    verdict = run(explore);
    find_failure(explore);
    return conclude(explore, verdict);
}

static void release(struct explore *explore)
{
    campaign_destroy(explore->campaign);
    reports_free(&explore->options.run.reports);
    heap_release(explore->options.arguments);
    heap_release(explore->answers);
    text_free(&explore->replay);
    text_free(&explore->resume);
    heap_release(explore);
}

int command_explore(int argc, char **argv)
{
    struct explore *explore = heap_allocate(1, sizeof *explore);
    int code = explore_options_read(&explore->options, argc, argv);

    if (explore->options.help) {
        cli_print(explore_options_help());
        code = EXIT_CLEAN;
    } else if (code < 0) {
        explore->argc = argc;
        explore->argv = argv;
        explore->plan = (struct plan){.machine = explore->options.run.machine,
                                      .timeout = explore->options.run.timeout,
                                      .flash = explore->options.run.flash,
                                      .image_count = explore->options.run.image_count,
                                      .images = explore->options.run.images};
        code = explore_images(explore);
    }
    release(explore);
    return cli_finish(code);
}
