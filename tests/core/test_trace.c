/* SPDX-License-Identifier: Apache-2.0 */
/* core: the trace stream and its watches. */
#include "tests/cmocka.h"

#include "sim/core/trace.h"

static sim_time now;

static void count(void *owner, const struct observation *observation)
{
    assert_int_equal(observation->when, now);
    ++*(unsigned *)owner;
}

static void a_subscriber_sees_only_what_it_asked_for(void **state)
{
    struct trace trace;
    unsigned barriers = 0;
    unsigned all = 0;

    (void)state;
    now = 77;
    trace_init(&trace, &now);
    trace_subscribe(&trace, TRACE_KIND(BARRIER), count, &barriers);
    trace_subscribe(&trace, TRACE_KIND(BARRIER) | TRACE_KIND(RESET), count, &all);

    assert_true(trace_wants(&trace, OBS_BARRIER));
    assert_false(trace_wants(&trace, OBS_CPU_LOAD));
    trace_emit(&trace, (struct observation){.kind = OBS_BARRIER});
    trace_emit(&trace, (struct observation){.kind = OBS_RESET});
    trace_emit(&trace, (struct observation){.kind = OBS_CPU_LOAD});

    assert_int_equal(barriers, 1);
    assert_int_equal(all, 2);
}

static void watches_are_exact_to_the_byte_and_to_the_kind(void **state)
{
    struct trace trace;
    struct byte_range low = {0x20000100, 16};
    struct byte_range high = {0x20000200, 1};

    (void)state;
    trace_init(&trace, &now);
    assert_false(trace_watches(&trace, WATCH_STORES, 0, 4));
    trace_watch(&trace, low, WATCH_STORES);
    trace_watch(&trace, high, WATCH_STORES | WATCH_LOADS);

    assert_true(trace_watches(&trace, WATCH_STORES, 0x200000fd, 4));
    assert_false(trace_watches(&trace, WATCH_STORES, 0x200000fc, 4));
    assert_false(trace_watches(&trace, WATCH_STORES, 0x20000150, 4)); /* in the hull only */
    assert_false(trace_watches(&trace, WATCH_LOADS, 0x20000100, 4));
    assert_true(trace_watches(&trace, WATCH_LOADS, 0x20000200, 1));

    trace_unwatch(&trace, high, WATCH_STORES | WATCH_LOADS);
    assert_false(trace_watches(&trace, WATCH_LOADS, 0x20000200, 1));
    assert_true(trace_watches(&trace, WATCH_STORES, 0x20000100, 1));
    trace_unwatch(&trace, low, WATCH_STORES);
    assert_int_equal(trace.state.store_hull.size, 0);
}

static void two_equal_watches_are_taken_back_one_by_one(void **state)
{
    struct trace trace;
    struct byte_range range = {0x20000000, 4};

    (void)state;
    trace_init(&trace, &now);
    trace_watch(&trace, range, WATCH_LOADS);
    trace_watch(&trace, range, WATCH_LOADS);
    trace_unwatch(&trace, range, WATCH_LOADS);
    assert_true(trace_watches(&trace, WATCH_LOADS, 0x20000000, 4));
    trace_unwatch(&trace, range, WATCH_LOADS);
    assert_false(trace_watches(&trace, WATCH_LOADS, 0x20000000, 4));
}

static void a_store_is_unordered_until_a_barrier(void **state)
{
    struct trace trace;
    struct recent_store store;
    struct byte_range buffer = {0x20000100, 64};

    (void)state;
    trace_init(&trace, &now);
    trace.state.pc = 0x10;
    trace_note_store(&trace, 0x20000104, 4);
    trace.state.pc = 0x12;
    trace_note_store(&trace, 0x20000140, 4); /* behind the buffer */

    assert_true(trace_unordered_store(&trace, buffer, false, &store));
    assert_int_equal(store.pc, 0x10);
    trace_note_barrier(&trace, BARRIER_ISB);
    assert_true(trace_unordered_store(&trace, buffer, true, &store));
    trace_note_barrier(&trace, BARRIER_COMPILER);
    assert_true(trace_unordered_store(&trace, buffer, false, &store));
    assert_false(trace_unordered_store(&trace, buffer, true, &store));
    trace_note_barrier(&trace, BARRIER_DMB);
    assert_false(trace_unordered_store(&trace, buffer, false, &store));
    trace_note_store(&trace, 0x2000013f, 1);
    assert_true(trace_unordered_store(&trace, buffer, true, &store));
}

static void only_so_many_stores_are_remembered(void **state)
{
    struct trace trace;
    struct recent_store store;
    struct byte_range buffer = {0x20000000, 4};

    (void)state;
    trace_init(&trace, &now);
    trace_note_store(&trace, 0x20000000, 4);
    for (unsigned i = 1; i < TRACE_RECENT_STORES; i++)
        trace_note_store(&trace, 0x20001000, 4);
    assert_true(trace_unordered_store(&trace, buffer, false, &store));
    trace_note_store(&trace, 0x20001000, 4);
    assert_false(trace_unordered_store(&trace, buffer, false, &store));
}

static void a_site_without_a_cpu_has_only_time_and_place(void **state)
{
    struct trace trace;
    struct site site;
    char name[32];

    (void)state;
    now = 5;
    trace_init(&trace, &now);
    trace.state.pc = 0x1234;
    trace_site(&trace, &site);
    assert_int_equal(site.when, 5);
    assert_int_equal(site.pc, 0x1234);
    assert_int_equal(site.stack[0].size, 0);
    trace_register_name(&trace, 0x40027004, name, sizeof name);
    assert_string_equal(name, "0x40027004");
}

static void every_misuse_and_observation_has_its_words(void **state)
{
    (void)state;
    for (int i = 0; i < MISUSE_COUNT; i++)
        assert_true(misuse_sentence((enum misuse)i)[0] != '\0');
    assert_string_equal(observation_name(OBS_DMA_OPEN), "DMA_OPEN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subscriber_sees_only_what_it_asked_for),
        cmocka_unit_test(watches_are_exact_to_the_byte_and_to_the_kind),
        cmocka_unit_test(two_equal_watches_are_taken_back_one_by_one),
        cmocka_unit_test(a_store_is_unordered_until_a_barrier),
        cmocka_unit_test(only_so_many_stores_are_remembered),
        cmocka_unit_test(a_site_without_a_cpu_has_only_time_and_place),
        cmocka_unit_test(every_misuse_and_observation_has_its_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
