/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of failure: silent in the usual timing, found by exploration, made small, and told in
 * at most ten lines that end with the failure.
 */
#include "tests/explore/search.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/explore/shrink.h"
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
    count = campaign_shrink(search.campaign, class, answers, SHRINK_USUAL, NULL);
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

/* ---- Told apart ------------------------------------------------------------------------------ */

static guest_addr function_at(guest_addr pc)
{
    const struct image *image = machine_image(walker_machine(campaign_walker(search.campaign)));
    struct symbol symbol;

    assert_true(image_symbol_at(image, pc, &symbol));
    return symbol.address;
}

/* The CPU sleeps in main whatever the host complains of. */
static void two_reasons_in_one_function_are_two_failures(void **state)
{
    const struct campaign_class *failure[2] = {NULL, NULL};
    unsigned count = 0;

    (void)state;
    search_of(&search, "fails-two-ways");
    assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
    for (unsigned i = 0; i < campaign_class_count(search.campaign); i++) {
        const struct campaign_class *class = campaign_class_at(search.campaign, i);

        if (class->end == WALK_HOST_FAILED && count++ < 2)
            failure[count - 1] = class;
    }
    assert_true(count >= 2);
    assert_int_equal(function_at(failure[0]->pc), function_at(failure[1]->pc));
    assert_true(failure[0]->reason != failure[1]->reason);
    search_end(&search);
}

/* ---- How long it is made smaller ------------------------------------------------------------- */

/* Whatever is left when the runs are used up fails as it did. */
static void it_is_made_smaller_in_as_many_runs_as_allowed(void **state)
{
    static const unsigned most[] = {0, 1, 2, 5, SHRINK_USUAL};
    enum campaign_verdict verdict;
    const struct campaign_class *class = find("fails-exit", &verdict);
    struct choice_answer *answers = heap_allocate(class->answers + 1, sizeof *answers);
    uint32_t before = class->answers;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(most); i++) {
        struct story story;
        unsigned runs;
        uint32_t count = campaign_shrink(search.campaign, class, answers, most[i], &runs);

        assert_true(runs <= most[i]);
        assert_true(most[i] > 1 || count == class->answers);
        assert_true(count <= before);
        assert_true(campaign_tell(search.campaign, class, answers, count, &story));
        story_release(&story);
        before = count;
    }
    assert_in_range(before, 1, NEEDED);
    assert_true(before < class->answers);
    heap_release(answers);
    search_end(&search);
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
        cmocka_unit_test(two_reasons_in_one_function_are_two_failures),
        cmocka_unit_test(it_is_made_smaller_in_as_many_runs_as_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
