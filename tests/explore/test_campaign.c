/* SPDX-License-Identifier: Apache-2.0 */
/* Explorations of whole firmware: complete, the same every time, and repeated by their tokens. */
#include "tests/explore/programs.h"

#include "sim/base/heap.h"
#include "sim/explore/campaign.h"
#include "sim/explore/checked.h"
#include "sim/explore/shrink.h"
#include "sim/explore/strategy.h"
#include "sim/explore/token.h"

#include <stdio.h>
#include <string.h>

struct exploration {
    struct plan plan;
    char *image;
    char path[300];
    struct campaign_options options;
    struct campaign *campaign;
};

static struct exploration exploration;

static void of_firmware(const char *name)
{
    memset(&exploration, 0, sizeof exploration);
    (void)snprintf(exploration.path, sizeof exploration.path, FIRMWARE_DIR "/%s/%s.elf",
                   FIRMWARE_DEFAULT, name);
    exploration.image = exploration.path;
    exploration.plan = (struct plan){
        .timeout = 10 * CYCLES_PER_SECOND, .image_count = 1, .images = &exploration.image};
    exploration.options =
        (struct campaign_options){.strategy = &strategy_exhaustive,
                                  .workers = 1,
                                  .walker.bounds = {.interrupt_delay = 16, .rounds = 2}};
}

static enum campaign_verdict explore(void)
{
    struct failure failure;

    assert_int_equal(
        campaign_create(&exploration.campaign, &exploration.plan, &exploration.options, &failure),
        STATUS_OK);
    return campaign_run(exploration.campaign);
}

static void is_over(void)
{
    campaign_destroy(exploration.campaign);
}

/* Steps. It takes 2900; many more when something that is a clock counts as a difference between two
 * states (state_mark_clock). */
enum { ENOUGH = 4000 };

/* ---- Completeness ---------------------------------------------------------------------------- */

static void the_workshop_driver_is_clean_in_every_timing(void **state)
{
    (void)state;
    of_firmware("usb-5");
    exploration.options.budget = ENOUGH;

    assert_int_equal(explore(), CAMPAIGN_COMPLETE);

    assert_in_range(campaign_class_count(exploration.campaign), 1, 4);
    assert_null(campaign_failure(exploration.campaign));
    assert_true(campaign_class_at(exploration.campaign, 0)->raw > 1e6);
    is_over();
}

static void a_window_is_explored_alone(void **state)
{
    (void)state;
    of_firmware("usb-5");
    exploration.options.walker.from = "ep0in_start";
    exploration.options.walker.to = "ep0in_end";

    assert_int_equal(explore(), CAMPAIGN_COMPLETE);

    assert_null(campaign_failure(exploration.campaign));
    assert_in_range(campaign_progress(exploration.campaign)->states, 2, 100);
    is_over();
}

static void a_function_that_is_not_there_is_refused(void **state)
{
    struct failure failure;

    (void)state;
    of_firmware("usb-5");
    exploration.options.walker.from = "no_such_function";

    assert_int_equal(
        campaign_create(&exploration.campaign, &exploration.plan, &exploration.options, &failure),
        STATUS_FUNCTION_MISSING);
    assert_string_equal(failure.message, "no_such_function: the image has no such function");
}

/* ---- Determinism ----------------------------------------------------------------------------- */

struct outcome {
    uint64_t steps;
    uint64_t states;
    uint64_t classes;
    uint64_t keys;
};

static struct outcome outcome_with(unsigned workers, const struct strategy *strategy,
                                   uint64_t budget)
{
    struct outcome outcome;

    of_firmware("usb-5");
    exploration.options.workers = workers;
    exploration.options.strategy = strategy;
    exploration.options.budget = budget;
    exploration.options.depth = 2;
    (void)explore();
    outcome = (struct outcome){.steps = campaign_progress(exploration.campaign)->steps,
                               .states = campaign_progress(exploration.campaign)->states,
                               .classes = campaign_class_count(exploration.campaign)};
    for (unsigned i = 0; i < outcome.classes; i++)
        outcome.keys += campaign_class_at(exploration.campaign, i)->key * (i + 1);
    is_over();
    return outcome;
}

static void the_number_of_workers_changes_nothing(void **state)
{
    static const struct strategy *const strategies[] = {&strategy_exhaustive, &strategy_random,
                                                        &strategy_pct, &strategy_coverage};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct outcome alone = outcome_with(1, strategies[i], i ? 40 : 0);
        struct outcome together = outcome_with(3, strategies[i], i ? 40 : 0);

        assert_true(alone.steps > 0);
        assert_memory_equal(&alone, &together, sizeof alone);
    }
}

/* ---- Sampling -------------------------------------------------------------------------------- */

/* By what the usual run shows alone, 1500 walks find nothing. */
static void a_walk_by_chance_goes_by_what_those_before_have_shown(void **state)
{
    (void)state;
    of_firmware("missed-wake-up");
    exploration.plan.timeout = CYCLES_PER_SECOND;
    exploration.options.strategy = &strategy_random;
    exploration.options.first_only = true;
    exploration.options.budget = 2 * JOBS;

    assert_int_equal(explore(), CAMPAIGN_FOUND);
    assert_true(campaign_progress(exploration.campaign)->steps > JOBS);
    is_over();
}

/* ---- Failures -------------------------------------------------------------------------------- */

static void a_race_in_the_usual_timing_needs_no_answers(void **state)
{
    const struct campaign_class *class;
    struct choice_answer answers[TIMING_MAX];

    (void)state;
    of_firmware("usb-5-memcpy-after-start");
    exploration.options.first_only = true;

    assert_int_equal(explore(), CAMPAIGN_FOUND);

    class = campaign_failure(exploration.campaign);
    assert_non_null(class);
    assert_int_equal(class->end, WALK_FINDING);
    assert_int_equal(class->rule, RULE_DMA001);
    assert_int_equal(campaign_shrink(exploration.campaign, class, answers, SHRINK_USUAL, NULL), 0);
    is_over();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_workshop_driver_is_clean_in_every_timing),
        cmocka_unit_test(a_window_is_explored_alone),
        cmocka_unit_test(a_function_that_is_not_there_is_refused),
        cmocka_unit_test(the_number_of_workers_changes_nothing),
        cmocka_unit_test(a_walk_by_chance_goes_by_what_those_before_have_shown),
        cmocka_unit_test(a_race_in_the_usual_timing_needs_no_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
