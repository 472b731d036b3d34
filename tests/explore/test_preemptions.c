/* SPDX-License-Identifier: Apache-2.0 */
/* A bound on how often something comes between accesses of the running CPU. */
#include "tests/explore/search.h"

enum { UNBOUNDED = 1000 };

static struct search search;

static void search_within(const char *name, uint32_t preemptions)
{
    search_of(&search, name);
    search.program.plan.timeout = CYCLES_PER_SECOND;
    search.options.first_only = true;
    search.options.walker.bounds.bounded = preemptions != UNBOUNDED;
    search.options.walker.bounds.preemptions = preemptions;
}

static bool is_found_within(const char *name, uint32_t preemptions, uint64_t *steps)
{
    bool found;

    search_within(name, preemptions);
    found = search_run(&search) == CAMPAIGN_FOUND;
    *steps = campaign_progress(search.campaign)->steps;
    search_end(&search);
    return found;
}

/* The handler has to come between the load and the store of the counter, and the host's token
 * before another one. */
static void a_race_needs_as_many_as_it_needs(void **state)
{
    uint64_t steps;
    uint64_t all;

    (void)state;
    assert_false(is_found_within("count-not-atomic", 0, &steps));
    assert_false(is_found_within("count-not-atomic", 1, &steps));
    assert_true(is_found_within("count-not-atomic", 2, &steps));
    assert_true(is_found_within("count-not-atomic", UNBOUNDED, &all));
    assert_true(2 * steps < all);
}

static void more_of_them_are_more_states(void **state)
{
    uint64_t before = 0;

    (void)state;
    for (uint32_t bound = 0; bound <= 2; bound++) {
        search_within("usb-5", bound);
        assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
        assert_true(campaign_progress(search.campaign)->states > before);
        before = campaign_progress(search.campaign)->states;
        search_end(&search);
    }
}

static bool has_class(const uint64_t *keys, unsigned count, uint64_t key)
{
    for (unsigned i = 0; i < count; i++) {
        if (keys[i] == key)
            return true;
    }
    return false;
}

/* Nothing comes that the whole search does not show, and with enough of them all of it does. */
static void what_is_found_within_a_bound_is_found_without(void **state)
{
    enum { CLASSES = 256, MANY = 40 };
    static const uint32_t bounds[] = {UNBOUNDED, 0, 1, 2, MANY};
    uint64_t keys[CLASSES] = {0};
    unsigned whole = 0;
    unsigned all = 0;

    (void)state;
    for (unsigned i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        unsigned count;

        search_within("usb-5-memcpy-after-start", bounds[i]);
        search.options.first_only = false;
        search.options.walker.from = "ep0in_start";
        search.options.walker.to = "log_line";
        search.options.walker.bounds.whole = true;
        search.options.walker.bounds.host_waits = true;
        assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
        count = campaign_class_count(search.campaign);
        for (unsigned j = 0; j < count; j++) {
            uint64_t wire = campaign_class_at(search.campaign, j)->wire;

            if (i)
                assert_true(has_class(keys, all, wire));
            else if (!has_class(keys, all, wire) && all < CLASSES)
                keys[all++] = wire;
        }
        assert_true(bounds[i] != MANY || count == whole);
        whole = i ? whole : count;
        print_message("%u pre-emptions: %u classes\n", bounds[i], count);
        search_end(&search);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_race_needs_as_many_as_it_needs),
        cmocka_unit_test(more_of_them_are_more_states),
        cmocka_unit_test(what_is_found_within_a_bound_is_found_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
