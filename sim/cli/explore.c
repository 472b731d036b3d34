/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost explore: all timings of one image within a bound, one verdict. */
#include "sim/cli/explore.h"

#include "sim/base/heap.h"
#include "sim/cli/cli.h"
#include "sim/explore/strategy.h"

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

enum { SAVE_EVERY_S = 60, TOLD_MAX = 4 };

struct pace {
    const struct explore_options *options;
    double began;
    double told;
    double saved;    /* when the checkpoint was written last */
    uint64_t before; /* steps, when it began */
    struct explore *explore;
    bool terminal;
};

/* Steps that are known to be left, of this call: those that wait, or the rest of the budget. */
static double steps_left(const struct pace *pace, const struct campaign_progress *progress)
{
    const struct campaign_options *campaign = &pace->options->campaign;
    double budget = (double)campaign->budget - (double)(progress->steps - pace->before);
    double queue = (double)progress->queue;

    if (!campaign->budget)
        return queue;
    return campaign->strategy->pick || budget < queue ? budget : queue;
}

/* Rate and what is left are of this call: a search that was resumed had done some before. */
static void tell_json(const struct pace *pace, const struct campaign_progress *progress,
                      double seconds)
{
    struct text text = {0};
    struct json json = {.text = &text, .one_line = true};
    double rate = seconds > 0 ? (double)(progress->steps - pace->before) / seconds : 0;

    json_object(&json, NULL);
    json_object(&json, "progress");
    json_number(&json, "round", progress->round);
    json_number(&json, "steps", progress->steps);
    json_number(&json, "states", progress->states);
    json_number(&json, "classes", progress->classes);
    json_number(&json, "failures", progress->failures);
    json_number(&json, "queue", progress->queue);
    json_real(&json, "covered", progress->covered);
    json_real(&json, "seconds", seconds);
    json_real(&json, "stepsPerSecond", rate);
    if (rate > 0)
        json_real(&json, "secondsLeft", steps_left(pace, progress) / rate);
    else
        json_null(&json, "secondsLeft");
    json_end(&json);
    json_end(&json);
    cli_print(text_string(&text));
    (void)fflush(stdout);
    text_free(&text);
}

static void tell_person(const struct pace *pace, const struct campaign_progress *progress,
                        double seconds)
{
    double rate = seconds > 0 ? (double)(progress->steps - pace->before) / seconds : 0;
    double left = steps_left(pace, progress);

    (void)fprintf(stderr, "\r%llu classes, %llu steps done, %.0f wait, %.0f steps/s",
                  (unsigned long long)progress->classes, (unsigned long long)progress->steps, left,
                  rate);
    if (left > 0 && rate > 0)
        (void)fprintf(stderr, ", at least %.0f s left", left / rate);
    (void)fprintf(stderr, "   ");
}

/* A search that may run for hours is kept from time to time, where it was said. */
static void keep_now_and_then(struct pace *pace, double seconds)
{
    if (!pace->options->checkpoint || !explore_keeps_checkpoint(pace->explore) ||
        seconds - pace->saved < SAVE_EVERY_S)
        return;
    (void)explore_save_checkpoint(pace->explore);
    pace->saved = seconds;
}

static bool is_enough(void *owner, const struct campaign_progress *progress)
{
    struct pace *pace = owner;
    double seconds = host_seconds() - pace->began;

    if (seconds - pace->told >= 0.5) {
        pace->told = seconds;
        if (pace->options->json)
            tell_json(pace, progress, seconds);
        else if (pace->terminal)
            tell_person(pace, progress, seconds);
    }
    keep_now_and_then(pace, seconds);
    return interrupted || (pace->options->seconds > 0 && seconds >= pace->options->seconds);
}

static void erase_progress(const struct pace *pace)
{
    if (pace->terminal && pace->told > 0)
        (void)fprintf(stderr, "\r%*s\r", 100, "");
}

/* ---- What it came to ------------------------------------------------------------------------- */

static void tell_failure(struct text *text, const struct explore *explore,
                         const struct explore_failure *failure)
{
    text_printf(text, "A failing timing: ");
    explore_print_class(text, explore, failure->class);
    if (failure->answer_count && !failure->tries)
        text_printf(text,
                    "\nAs it was found: %u of the timing's answers not usual, more than "
                    "need be (--shrink)\n\n",
                    failure->answer_count);
    else if (failure->answer_count)
        text_printf(text, "\n%u of %u answers of the timing matter (%u runs to find out)\n\n",
                    failure->answer_count, failure->class->answers, failure->tries);
    else
        text_printf(text, "\nIt fails in the usual timing already\n\n");
    explore_print_story(text, explore, failure);
    if (!failure->again)
        text_printf(text, "  (run once more it did not fail: please report this)\n");
    if (failure->replay.length)
        text_printf(text, "\nReplay    %s\n", text_string(&failure->replay));
    text_printf(text, "\n");
}

static void print_all(struct text *text, const struct explore *explore,
                      enum campaign_verdict verdict)
{
    for (unsigned i = 0; i < explore->failure_count && i < TOLD_MAX; i++)
        tell_failure(text, explore, &explore->failure[i]);
    explore_print_verdict(text, explore, verdict);
}

static void print_verdict_line(struct explore *explore, enum campaign_verdict verdict, int code)
{
    struct text text = {0};
    struct json json = {.text = &text, .one_line = true};

    json_object(&json, NULL);
    json_object(&json, "verdict");
    explore_write_json(&json, explore, verdict, code);
    json_end(&json);
    json_end(&json);
    cli_print(text_string(&text));
    text_free(&text);
}

/* ---- The command ----------------------------------------------------------------------------- */

static enum campaign_verdict run(struct explore *explore)
{
    struct pace pace = {.options = &explore->options,
                        .explore = explore,
                        .before = campaign_progress(explore->campaign)->steps,
                        .began = host_seconds(),
                        .terminal = isatty(STDERR_FILENO) && !explore->options.run.quiet &&
                                    !explore->options.json};
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
        tell_json(&pace, campaign_progress(explore->campaign), host_seconds() - pace.began);
    return verdict;
}

/* Returns `code`, or that of what went wrong. */
static int write_files(struct explore *explore, int code)
{
    const struct explore_options *options = &explore->options;
    int lcov = options->lcov ? explore_write_lcov(explore, options->lcov) : -1;
    int test = options->emit_test && explore->failure_count
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

    text_clear(&explore->resume);
    if (!stopped || !explore_keeps_checkpoint(explore))
        return -1;
    return explore_save_checkpoint(explore);
}

/* Everything is written, whatever cannot be; what went wrong decides the exit code. */
static int conclude(struct explore *explore, enum campaign_verdict verdict)
{
    int code = explore->failure_count ? EXIT_FINDINGS : EXIT_CLEAN;
    int kept = keep_for_later(explore, verdict);
    struct text words = {0};
    int written;

    print_all(&words, explore, verdict);
    written = explore_write_reports(explore, verdict, text_string(&words));
    text_free(&words);
    code = write_files(explore, written == EXIT_CLEAN ? code : written);
    if (verdict == CAMPAIGN_BROKEN)
        code = cli_error("%s", campaign_reason(explore->campaign));
    if (kept >= 0)
        code = kept;
    if (explore->options.json)
        print_verdict_line(explore, verdict, code);
    return code;
}

static int explore_images(struct explore *explore)
{
    struct failure failure;
    enum campaign_verdict verdict;
    int code;

    code = explore_read_suppressions(explore);
    if (code >= 0)
        return code;
    if (campaign_create(&explore->campaign, &explore->plan, &explore->options.campaign, &failure) !=
        STATUS_OK)
        return cli_failure(&failure);
    code = explore_begin(explore);
    if (code >= 0)
        return code;
    explore->report = (struct report_options){
        .trace = machine_trace(walker_machine(campaign_walker(explore->campaign))),
        .image = machine_image(walker_machine(campaign_walker(explore->campaign))),
        .colour = explore->options.run.colour,
        .code = machine_peek,
        .code_owner = walker_machine(campaign_walker(explore->campaign))};
    verdict = run(explore);
    explore_find_failures(explore);
    return conclude(explore, verdict);
}

/* As they were typed, for the command that goes on. */
static void keep_words(struct explore *explore, int argc, char **argv)
{
    explore->argc = argc;
    explore->argv = heap_allocate((size_t)argc, sizeof *explore->argv);
    for (int i = 0; i < argc; i++)
        explore->argv[i] = heap_copy_string(argv[i]);
}

static void release(struct explore *explore)
{
    for (int i = 0; i < explore->argc; i++)
        heap_release(explore->argv[i]);
    heap_release(explore->argv);
    explore_release_failures(explore);
    campaign_destroy(explore->campaign);
    reports_free(&explore->options.run.reports);
    heap_release(explore->options.arguments);
    text_free(&explore->resume);
    heap_release(explore);
}

int command_explore(int argc, char **argv)
{
    struct explore *explore = heap_allocate(1, sizeof *explore);
    int code;

    keep_words(explore, argc, argv);
    code = explore_options_read(&explore->options, argc, argv);

    if (explore->options.help) {
        cli_print(explore_options_help());
        code = EXIT_CLEAN;
    } else if (code < 0) {
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
