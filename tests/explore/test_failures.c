/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of failure: silent in the usual timing, found by exploration, made small, and told in
 * at most ten lines that end with the failure.
 */
#include "tests/explore/search.h"

#include "sim/base/heap.h"
#include "sim/explore/story.h"

#include <string.h>

static struct search search;

/* What the program does wrong needs an interrupt between two instructions of its main loop: one
 * answer brings the host's token there, another one the end of EasyDMA. Fewer do not. */
enum { NEEDED = 2 };

static const struct campaign_class *find(const char *name, enum campaign_verdict *verdict)
{
    search_of(&search, name);
    search.options.first_only = true;
    *verdict = search_run(&search);
    assert_int_equal(campaign_reference(search.campaign)->end, WALK_CLEAN);
    return campaign_failure(search.campaign);
}

static void is_told(const struct story *story, enum walk_end end)
{
    assert_in_range(story->count, 2, STORY_LINES);
    for (size_t i = 1; i < story->count; i++)
        assert_true(story->line[i].when >= story->line[i - 1].when);
    for (size_t i = 0; i + 1 < story->count; i++)
        assert_int_not_equal(story->line[i].kind, STORY_LAST);
    assert_int_equal(story->line[story->count - 1].kind, STORY_LAST);
    assert_int_equal(story->line[story->count - 1].value, end);
}

static void fails_as(const char *name, enum walk_end end)
{
    enum campaign_verdict verdict;
    const struct campaign_class *class = find(name, &verdict);
    struct choice_answer *answers;
    struct story story;
    uint32_t count;

    assert_int_equal(verdict, CAMPAIGN_FOUND);
    assert_non_null(class);
    assert_int_equal(class->end, end);
    answers = heap_allocate(class->answers + 1, sizeof *answers);
    count = campaign_shrink(search.campaign, class, answers, NULL);
    assert_in_range(count, 1, NEEDED);
    assert_true(campaign_tell(search.campaign, class, answers, count, &story));
    is_told(&story, end);
    story_release(&story);
    heap_release(answers);
    search_end(&search);
}

static void a_finding(void **state)
{
    (void)state;
    fails_as("fails-misuse", WALK_FINDING);
}

static void a_fault(void **state)
{
    (void)state;
    fails_as("fails-fault", WALK_FAULT);
}

static void an_assertion_that_is_a_breakpoint(void **state)
{
    (void)state;
    fails_as("fails-bkpt", WALK_FAULT);
}

static void an_assertion_that_ends_the_program(void **state)
{
    (void)state;
    fails_as("fails-exit", WALK_EXIT);
}

static void a_stall_where_there_was_none(void **state)
{
    (void)state;
    fails_as("fails-stall", WALK_ANSWER);
}

/* The host loses patience, resets the bus and comes to its end: no other answer, but none. */
static void a_request_that_is_given_up(void **state)
{
    enum campaign_verdict verdict;
    const struct campaign_class *class;

    (void)state;
    search_of(&search, "fails-silent");
    search.program.plan.timeout = 8 * CYCLES_PER_SECOND;
    search.options.walker.bounds.patience = 0;
    search.options.first_only = true;
    verdict = search_run(&search);
    class = campaign_failure(search.campaign);
    assert_int_equal(verdict, CAMPAIGN_FOUND);
    assert_int_equal(class->end, WALK_ANSWER);
    assert_int_equal(class->reason, ANSWER_GIVEN_UP);
    search_end(&search);
}

/* Another byte, with which the host gives up. */
static void a_conversation_that_fails(void **state)
{
    (void)state;
    fails_as("fails-answer", WALK_HOST_FAILED);
}

/* Another byte, which the host takes as it is. */
static void bytes_that_depend_on_the_timing(void **state)
{
    (void)state;
    fails_as("fails-byte", WALK_ANSWER);
}

static void a_loop_without_progress(void **state)
{
    (void)state;
    fails_as("fails-hang", WALK_HANG);
}

static void sleep_that_nothing_ends(void **state)
{
    (void)state;
    fails_as("fails-sleep", WALK_HANG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding),
        cmocka_unit_test(a_fault),
        cmocka_unit_test(an_assertion_that_is_a_breakpoint),
        cmocka_unit_test(an_assertion_that_ends_the_program),
        cmocka_unit_test(a_stall_where_there_was_none),
        cmocka_unit_test(a_request_that_is_given_up),
        cmocka_unit_test(a_conversation_that_fails),
        cmocka_unit_test(bytes_that_depend_on_the_timing),
        cmocka_unit_test(a_loop_without_progress),
        cmocka_unit_test(sleep_that_nothing_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
