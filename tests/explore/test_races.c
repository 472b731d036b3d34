/* SPDX-License-Identifier: Apache-2.0 */
/*
 * firmware/races: silent in the usual timing, found by exploration; the repaired twins are explored
 * to the bound and are clean. What is found is repeated by its answers alone.
 */
#include "tests/explore/programs.h"

#include "sim/base/heap.h"
#include "sim/explore/campaign.h"
#include "sim/explore/checked.h"
#include "sim/explore/shrink.h"
#include "sim/explore/strategy.h"
#include "sim/explore/token.h"

#include <stdio.h>
#include <string.h>

static struct campaign *explore(struct program *program, const char *name,
                                enum campaign_verdict *verdict)
{
    static const struct campaign_options options = {
        .strategy = &strategy_exhaustive,
        .workers = 1,
        .first_only = true,
        .walker.bounds = {.interrupt_delay = 16, .rounds = 2}};
    struct campaign *campaign;
    struct failure failure;

    program_open(program, name);
    if (campaign_create(&campaign, &program->plan, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    assert_int_equal(campaign_reference(campaign)->end, WALK_CLEAN);
    *verdict = campaign_run(campaign);
    return campaign;
}

/* The token alone gives the failing run again: the same end at the same time, twice. */
static void is_repeated_by_its_token(struct program *program, struct campaign *campaign,
                                     const struct choice_answer *answers, uint32_t count)
{
    static char token[TOKEN_ROOM];
    sim_time end[2];

    assert_in_range(count, 1, TIMING_MAX);
    program->plan.timing.count = count;
    memcpy(program->plan.timing.answer, answers, count * sizeof *answers);
    assert_true(token_write(token, &program->plan, campaign_fingerprint(campaign)));
    for (unsigned i = 0; i < 2; i++) {
        struct plan again = {.image_count = 1, .images = program->images};
        struct machine *machine;
        struct checker *checker;
        struct failure failure;
        uint32_t check;
        bool failed;

        assert_int_equal(token_read(&again, &check, token, &failure), STATUS_OK);
        machine = program_build(&again);
        checker = checked_attach(machine, NULL);
        failed = plan_run(&again, machine) != MACHINE_STOP_HOST_DONE;
        failed |= checker_finding_count(checker) != 0;
        end[i] = machine_now(machine);
        checker_destroy(checker);
        machine_destroy(machine);
        assert_true(failed);
    }
    assert_int_equal(end[0], end[1]);
}

static void is_found(const char *name, enum walk_end end)
{
    const struct campaign_class *class;
    enum campaign_verdict verdict;
    struct program program;
    struct campaign *campaign = explore(&program, name, &verdict);
    struct choice_answer *answers;
    uint32_t count;

    assert_int_equal(verdict, CAMPAIGN_FOUND);
    class = campaign_failure(campaign);
    assert_non_null(class);
    assert_int_equal(class->end, end);
    answers = heap_allocate(class->answers + 1, sizeof *answers);
    count = campaign_shrink(campaign, class, answers, NULL);
    assert_true(count <= class->answers);
    is_repeated_by_its_token(&program, campaign, answers, count);
    heap_release(answers);
    campaign_destroy(campaign);
}

static void is_clean(const char *name)
{
    enum campaign_verdict verdict;
    struct program program;
    struct campaign *campaign = explore(&program, name, &verdict);

    assert_int_equal(verdict, CAMPAIGN_COMPLETE);
    assert_null(campaign_failure(campaign));
    campaign_destroy(campaign);
}

static void a_guard_that_is_not_atomic_lets_two_in(void **state)
{
    (void)state;
    is_found("guard-not-atomic", WALK_FINDING);
}

static void a_wake_up_between_test_and_sleep_is_missed(void **state)
{
    (void)state;
    is_found("missed-wake-up", WALK_TIMEOUT);
}

static void a_note_that_is_cleared_late_loses_a_request(void **state)
{
    (void)state;
    is_found("pending-cleared-late", WALK_TIMEOUT);
}

static void their_repairs_are_clean_to_the_bound(void **state)
{
    (void)state;
    is_clean("missed-wake-up-repaired");
    is_clean("pending-cleared-late-repaired");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guard_that_is_not_atomic_lets_two_in),
        cmocka_unit_test(a_wake_up_between_test_and_sleep_is_missed),
        cmocka_unit_test(a_note_that_is_cleared_late_loses_a_request),
        cmocka_unit_test(their_repairs_are_clean_to_the_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
