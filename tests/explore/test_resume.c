/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A search that is stopped and resumed comes to what one comes to that never was; so does one whose
 * process died. Files that are damaged, or of another search, are refused.
 */
#include "tests/explore/search.h"

#include "sim/base/file.h"
#include "sim/base/heap.h"
#include "sim/base/save.h"
#include "sim/explore/campaign_state.h"
#include "sim/explore/checkpoint.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME FIRMWARE_DIR "/test_resume.checkpoint"

static struct search search;

static void of_usb_5(const struct strategy *strategy)
{
    search_of(&search, "usb-5");
    search.options.strategy = strategy;
}

/* Creates it anew, as another process would, and takes up what is in the file. */
static enum status resume(struct failure *failure)
{
    if (campaign_create(&search.campaign, &search.program.plan, &search.options, failure) !=
        STATUS_OK)
        fail_msg("%s", failure->message);
    return checkpoint_load(search.campaign, FILE_NAME, failure);
}

static void stop_after(uint64_t steps)
{
    struct failure failure;

    search.options.budget = steps;
    assert_int_equal(search_run(&search), CAMPAIGN_STOPPED);
    assert_int_equal(checkpoint_save(search.campaign, FILE_NAME, &failure), STATUS_OK);
    search_end(&search);
}

static struct findings_of_search go_on(uint64_t steps, enum campaign_verdict verdict)
{
    struct findings_of_search all;
    struct failure failure;

    search.options.budget = steps;
    if (resume(&failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    assert_int_equal(search_run(&search), verdict);
    all = search_findings(&search);
    search_end(&search);
    return all;
}

static void is_the_same(const struct findings_of_search *one, const struct findings_of_search *two)
{
    assert_int_equal(one->steps, two->steps);
    assert_int_equal(one->states, two->states);
    assert_int_equal(one->classes, two->classes);
    assert_int_equal(one->failures, two->failures);
    assert_int_equal(one->all_classes, two->all_classes);
}

static void a_stopped_search_goes_on_as_if_it_had_not_been_stopped(void **state)
{
    struct findings_of_search whole;
    struct findings_of_search parts;

    (void)state;
    of_usb_5(&strategy_exhaustive);
    assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
    whole = search_findings(&search);
    search_end(&search);

    stop_after(333);
    parts = go_on(0, CAMPAIGN_COMPLETE);

    is_the_same(&parts, &whole);
}

static void so_does_a_sample_stopped_within_a_batch(void **state)
{
    static const struct strategy *const strategies[] = {&strategy_random, &strategy_pct,
                                                        &strategy_coverage};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct findings_of_search whole;
        struct findings_of_search parts;

        of_usb_5(strategies[i]);
        search.options.budget = 70;
        assert_int_equal(search_run(&search), CAMPAIGN_STOPPED);
        whole = search_findings(&search);
        search_end(&search);

        stop_after(27);
        parts = go_on(43, CAMPAIGN_STOPPED);

        assert_int_equal(whole.steps, 70);
        is_the_same(&parts, &whole);
    }
}

/* A failure is found at the same step, and stops the search there. */
static void a_failure_behind_the_stop_is_the_same_failure(void **state)
{
    struct findings_of_search whole;
    struct findings_of_search parts;

    (void)state;
    search_of(&search, "pending-cleared-late");
    search.options.first_only = true;
    assert_int_equal(search_run(&search), CAMPAIGN_FOUND);
    whole = search_findings(&search);
    search_end(&search);

    stop_after(111);
    parts = go_on(0, CAMPAIGN_FOUND);

    assert_true(whole.failures > 0);
    is_the_same(&parts, &whole);
}

/* ---- Processes that die ---------------------------------------------------------------------- */

static bool kill_one(void *owner, const struct campaign_progress *progress)
{
    unsigned *pauses = owner;

    (void)progress;
    if (++*pauses == 4)
        crew_kill_one(search.campaign->crew);
    return false;
}

static void nothing_is_lost_with_a_process_that_is_killed(void **state)
{
    struct findings_of_search whole;
    struct findings_of_search parts;
    struct failure failure;
    unsigned pauses = 0;

    (void)state;
    of_usb_5(&strategy_exhaustive);
    assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
    whole = search_findings(&search);
    search_end(&search);

    search.options.workers = 3;
    assert_int_equal(
        campaign_create(&search.campaign, &search.program.plan, &search.options, &failure),
        STATUS_OK);
    campaign_on_pause(search.campaign, kill_one, &pauses);
    assert_int_equal(search_run(&search), CAMPAIGN_BROKEN);
    assert_string_equal(campaign_reason(search.campaign),
                        "a process of the search was ended by signal 9 (out of memory?)");
    assert_int_equal(checkpoint_save(search.campaign, FILE_NAME, &failure), STATUS_OK);
    search_end(&search);
    parts = go_on(0, CAMPAIGN_COMPLETE);

    is_the_same(&parts, &whole);
}

/* ---- Files that are refused ------------------------------------------------------------------ */

static void is_refused(const char *message)
{
    struct failure failure;

    assert_int_not_equal(resume(&failure), STATUS_OK);
    assert_string_equal(failure.message, message);
    search_end(&search);
}

static void a_search_of_something_else_is_refused(void **state)
{
    static const char other[] = FILE_NAME ": a search with another image, other options or another "
                                          "version of this program";

    (void)state;
    of_usb_5(&strategy_exhaustive);
    stop_after(50);

    search.options.walker.bounds.rounds = 3;
    is_refused(other);
    search.options.walker.bounds.rounds = 2;
    search.program.plan.machine.host = HOST_WINDOWS;
    is_refused(other);
    search_of(&search, "usb-5-memcpy-after-start");
    is_refused(other);
}

/* Each byte of the head, and many of the rest, changed; each length up to the head, and others. */
static void a_damaged_file_is_refused(void **state)
{
    struct failure failure;
    uint8_t *bytes;
    size_t size;

    (void)state;
    of_usb_5(&strategy_exhaustive);
    stop_after(20);
    assert_int_equal(file_read(FILE_NAME, &bytes, &size, &failure), STATUS_OK);
    assert_int_equal(
        campaign_create(&search.campaign, &search.program.plan, &search.options, &failure),
        STATUS_OK);
    for (size_t at = 0; at < size; at += at < 40 ? 1 : size / 23) {
        bytes[at] ^= 0x41;
        assert_int_equal(save_file(FILE_NAME, (const char *)bytes, size, &failure), STATUS_OK);
        assert_int_not_equal(checkpoint_load(search.campaign, FILE_NAME, &failure), STATUS_OK);
        bytes[at] ^= 0x41;
        assert_int_equal(save_file(FILE_NAME, (const char *)bytes, at, &failure), STATUS_OK);
        assert_int_not_equal(checkpoint_load(search.campaign, FILE_NAME, &failure), STATUS_OK);
    }
    search_end(&search);
    heap_release(bytes);
}

static void a_missing_file_is_told(void **state)
{
    (void)state;
    (void)unlink(FILE_NAME);
    of_usb_5(&strategy_exhaustive);
    is_refused(FILE_NAME ": no such file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stopped_search_goes_on_as_if_it_had_not_been_stopped),
        cmocka_unit_test(so_does_a_sample_stopped_within_a_batch),
        cmocka_unit_test(a_failure_behind_the_stop_is_the_same_failure),
        cmocka_unit_test(nothing_is_lost_with_a_process_that_is_killed),
        cmocka_unit_test(a_search_of_something_else_is_refused),
        cmocka_unit_test(a_damaged_file_is_refused),
        cmocka_unit_test(a_missing_file_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
