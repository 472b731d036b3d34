/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/exploration.h"

#include "sim/explore/campaign.h"
#include "sim/explore/strategy.h"
#include "tests/bench/measure.h"

#include <stdio.h>

enum { ROUNDS = 3, TIMEOUT_S = 10, WALKS = 4000, SHARED_STEPS = 12000, WORDS = 8, INTERRUPTS = 6 };

static const double aim_schedules = 20000;
static const double aim_window_s = 1;
static const double aim_speed_up = 1.8;

struct cost_of_search {
    double cpu;  /* seconds */
    double wall; /* ... from the first step to the last */
    double all;  /* ... with loading and reaching the window */
    uint64_t steps;
    uint64_t states;
    unsigned classes;
    enum campaign_verdict verdict;
};

static const char *verdict(bool reached)
{
    return reached ? "reached" : "MISSED";
}

static bool search(const char *path, const struct campaign_options *options, const char *script,
                   struct cost_of_search *cost)
{
    char image[512];
    char *images[1] = {image};
    struct plan plan = {
        .timeout = TIMEOUT_S * CYCLES_PER_SECOND, .image_count = 1, .images = images};
    struct campaign *campaign;
    struct failure failure;
    double begin = wall_clock();
    double cpu;
    double wall;

    (void)snprintf(image, sizeof image, "%s", path);
    if (script) {
        plan.machine.host = HOST_SCRIPT;
        plan.machine.host_script = script;
    }
    if (campaign_create(&campaign, &plan, options, &failure) != STATUS_OK) {
        printf("  WRONG: %s\n", failure.message);
        return false;
    }
    cpu = cpu_clock();
    wall = wall_clock();
    cost->verdict = campaign_run(campaign);
    cost->cpu = cpu_clock() - cpu;
    cost->wall = wall_clock() - wall;
    cost->all = wall_clock() - begin;
    cost->steps = campaign_progress(campaign)->steps;
    cost->states = campaign_progress(campaign)->states;
    cost->classes = campaign_class_count(campaign);
    campaign_destroy(campaign);
    return true;
}

/* ---- Schedules a second ---------------------------------------------------------------------- */

static bool schedules_of(const char *path, const struct campaign_options *options, const char *name,
                         double aim)
{
    double rate[ROUNDS];
    struct cost_of_search cost = {0};

    for (unsigned turn = 0; turn < ROUNDS; turn++) {
        if (!search(path, options, NULL, &cost))
            return false;
        rate[turn] = (double)cost.steps / cost.cpu;
    }
    printf("  %-34s %7.0f a second", name, median(rate, ROUNDS));
    if (aim > 0)
        printf(", aim >= %.0f  %s", aim, verdict(median(rate, ROUNDS) >= aim));
    printf("\n");
    return true;
}

static bool measure_schedules(const char *workshop, const char *late)
{
    struct campaign_options options = {
        .strategy = &strategy_exhaustive,
        .workers = 1,
        .walker = {.bounds = {.rounds = 64, .whole = true, .host_waits = true},
                   .from = "ep0in_start",
                   .to = "ep0in_end"}};

    if (!schedules_of(late, &options, "EP0 window, from choice to choice", aim_schedules))
        return false;
    options.strategy = &strategy_random;
    options.budget = WALKS;
    return schedules_of(workshop, &options, "... from its beginning to its end", 0);
}

/* ---- A window, completely -------------------------------------------------------------------- */

static bool measure_window(const char *workshop)
{
    const struct campaign_options options = {
        .strategy = &strategy_exhaustive,
        .workers = 1,
        .walker = {.bounds = {.interrupt_delay = 16, .rounds = 2},
                   .from = "ep0in_start",
                   .to = "ep0in_end"}};
    struct cost_of_search cost;

    if (!search(workshop, &options, NULL, &cost))
        return false;
    if (cost.verdict != CAMPAIGN_COMPLETE) {
        printf("  WRONG: ep0in_start to ep0in_end is not complete\n");
        return false;
    }
    printf("  %-34s %7.3f s with loading, %u steps, aim < %.0f s  %s\n",
           "ep0in_start to ep0in_end, complete", cost.all, (unsigned)cost.steps, aim_window_s,
           verdict(cost.all < aim_window_s));
    return true;
}

/* ---- Growth ---------------------------------------------------------------------------------- */

static bool print_row(const char *growth, const char *function, unsigned count)
{
    const struct campaign_options options = {.strategy = &strategy_exhaustive,
                                             .workers = 1,
                                             .walker = {.bounds = {.interrupt_delay = 64,
                                                                   .rounds = 64,
                                                                   .whole = true,
                                                                   .any_answer = true,
                                                                   .host_waits = true},
                                                        .from = function,
                                                        .from_count = count,
                                                        .to = "ep0_data_done"}};
    struct cost_of_search cost;

    if (!search(growth, &options, "tests/bench/growth.usb", &cost))
        return false;
    printf("  %8u %8u %8u %8u %9.2f\n", count, (unsigned)cost.steps, (unsigned)cost.states,
           cost.classes, cost.cpu * 1e3);
    return cost.verdict == CAMPAIGN_COMPLETE;
}

static bool measure_growth(const char *growth)
{
    bool well = true;

    printf("  %8s %8s %8s %8s %9s\n", "words", "steps", "states", "classes", "ms");
    for (unsigned words = 1; words <= WORDS && well; words++)
        well = print_row(growth, "copy_behind_start", words);
    printf("  %8s\n", "interrupts");
    for (unsigned count = 1; count <= INTERRUPTS && well; count++)
        well = print_row(growth, "be_interrupted", count);
    if (!well)
        printf("  WRONG: not complete\n");
    return well;
}

/* ---- Two cores ------------------------------------------------------------------------------- */

/* The two take turns. Wall-clock time says what a person gains; the CPU time of the process that
 * merges and works as well says what there is to be gained when nothing else runs. */
static bool measure_speed_up(const char *workshop)
{
    double ratio[ROUNDS];
    double work[ROUNDS];

    for (unsigned turn = 0; turn < ROUNDS; turn++) {
        struct campaign_options options = {
            .strategy = &strategy_exhaustive,
            .workers = 1,
            .budget = SHARED_STEPS,
            .walker.bounds = {.interrupt_delay = 16, .rounds = 2, .deviations = 1}};
        struct cost_of_search alone;
        struct cost_of_search together;

        if (!search(workshop, &options, NULL, &alone))
            return false;
        options.workers = 2;
        if (!search(workshop, &options, NULL, &together))
            return false;
        if (alone.states != together.states || alone.classes != together.classes) {
            printf("  WRONG: two workers found something else than one\n");
            return false;
        }
        ratio[turn] = alone.wall / together.wall;
        work[turn] = alone.cpu / together.cpu;
    }
    printf("  %-34s %7.2f times one (%.2f by the work of each), aim >= %.1f  %s\n", "two workers",
           median(ratio, ROUNDS), median(work, ROUNDS), aim_speed_up,
           verdict(median(ratio, ROUNDS) >= aim_speed_up));
    return true;
}

bool measure_exploration(const char *workshop, const char *late, const char *growth)
{
    printf("\nExploration: all timings, median of %d\n", ROUNDS);
    return measure_schedules(workshop, late) && measure_window(workshop) &&
           measure_speed_up(workshop) && measure_growth(growth);
}
