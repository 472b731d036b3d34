/* SPDX-License-Identifier: Apache-2.0 */
/* BUF004: blocks given back under an open window, and blocks that are not. */
#include "sim/check/heap.h"
#include "tests/check/world.h"

#include <string.h>

enum {
    BLOCK = RAM_BASE + 0x2000,
    BLOCK_SIZE = 64,
    ELSEWHERE = RAM_BASE + 0x3000,
    CALLER = 0x5000,  /* instruction behind the call */
    WRAPPER = 0x5800, /* the same, within the allocator */
    ENTRY = 0x9000,
    CALLED_FROM = CALLER - 2,
};

static uint32_t tag_of(const char *name)
{
    unsigned count;
    const struct heap_function *functions = heap_functions(&count);

    for (unsigned i = 0; i < count; i++) {
        if (!strcmp(functions[i].name, name))
            return heap_tag(&functions[i]);
    }
    fail_msg("%s is not known", name);
    return 0;
}

static void enters(struct world *world, uint32_t tag, guest_addr from, uint32_t r0, uint32_t r1)
{
    world->trace.state.pc = ENTRY;
    trace_emit(&world->trace,
               (struct observation){
                   .kind = OBS_CALL,
                   .call = {.pc = ENTRY, .lr = from | 1, .tag = tag, .r = {r0, r1, 0, 0}}});
    passes(world, 20);
}

static void leaves(struct world *world, uint32_t tag, guest_addr to, uint32_t result)
{
    world->trace.state.pc = to;
    trace_emit(&world->trace,
               (struct observation){.kind = OBS_RETURN,
                                    .call = {.pc = to, .tag = tag, .r = {result, 0, 0, 0}}});
    passes(world, 1);
}

static void calls(struct world *world, const char *name, uint32_t r0, uint32_t r1, uint32_t result)
{
    enters(world, tag_of(name), CALLER, r0, r1);
    leaves(world, tag_of(name), CALLER, result);
}

/* A block, and an open window of 18 bytes in its middle. */
static uint32_t starts_in_block(struct world *world)
{
    calls(world, "malloc", BLOCK_SIZE, 0, BLOCK);
    return starts(world, world->epin0, BLOCK + 16, 18);
}

static void assert_reported(struct world *world)
{
    const struct finding *finding = only_finding(world);

    assert_int_equal(finding->rule, RULE_BUF004);
    assert_int_equal(finding->site.pc, CALLED_FROM);
    assert_int_equal(finding->site.r[15], CALLED_FROM);
    assert_int_equal(finding->about.start, BLOCK);
}

static void a_block_freed_under_an_open_window_is_reported(void **state)
{
    struct world *world = *state;

    starts_in_block(world);
    calls(world, "free", BLOCK, 0, 0);

    assert_reported(world);
    assert_int_equal(only_finding(world)->about.size, BLOCK_SIZE);
}

static void a_block_freed_after_the_observed_end_is_silent(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts_in_block(world);

    ends(world, transfer);
    observes(world, transfer);
    calls(world, "free", BLOCK, 0, 0);

    assert_silent(world);
}

static void another_block_freed_is_silent(void **state)
{
    struct world *world = *state;

    calls(world, "malloc", BLOCK_SIZE, 0, BLOCK + BLOCK_SIZE);
    starts_in_block(world);
    calls(world, "free", BLOCK + BLOCK_SIZE, 0, 0);
    calls(world, "free", 0, 0, 0);

    assert_silent(world);
}

static void a_block_handed_out_again_is_the_new_one(void **state)
{
    struct world *world = *state;

    calls(world, "malloc", 256, 0, BLOCK);
    calls(world, "free", BLOCK, 0, 0);
    calls(world, "malloc", 16, 0, BLOCK);
    starts(world, world->epin0, BLOCK + 16, 18);
    calls(world, "free", BLOCK, 0, 0);

    assert_silent(world);
}

static void a_block_nobody_saw_given_back_is_replaced_by_the_new_one(void **state)
{
    struct world *world = *state;

    calls(world, "malloc", 256, 0, BLOCK);
    calls(world, "malloc", 16, 0, BLOCK);
    starts(world, world->epin0, BLOCK + 16, 18);
    calls(world, "free", BLOCK, 0, 0);

    assert_silent(world);
}

static void a_block_freed_twice_is_no_block_the_second_time(void **state)
{
    struct world *world = *state;

    calls(world, "malloc", BLOCK_SIZE, 0, BLOCK);
    calls(world, "free", BLOCK, 0, 0);
    starts(world, world->epin0, BLOCK + 16, 18);
    calls(world, "free", BLOCK, 0, 0);

    assert_silent(world);
}

static void one_byte_of_the_window_in_the_block_is_enough(void **state)
{
    struct world *world = *state;

    calls(world, "malloc", BLOCK_SIZE, 0, BLOCK);
    starts(world, world->epin0, BLOCK + BLOCK_SIZE - 1, 18);
    calls(world, "free", BLOCK, 0, 0);

    assert_reported(world);
}

static void a_call_within_that_was_never_left_is_not_taken_for_its_caller(void **state)
{
    struct world *world = *state;

    enters(world, tag_of("malloc"), CALLER, BLOCK_SIZE, 0);
    enters(world, tag_of("_malloc_r"), CALLER, 0x1234, 8);
    leaves(world, tag_of("malloc"), CALLER, BLOCK);
    starts(world, world->epin0, BLOCK + 16, 18);
    calls(world, "free", BLOCK, 0, 0);

    assert_reported(world);
}

static void an_allocation_that_failed_is_no_block(void **state)
{
    struct world *world = *state;

    calls(world, "malloc", 0x1000, 0, 0);
    starts(world, world->epin0, BLOCK, 18);
    calls(world, "free", ELSEWHERE, 0, 0);

    assert_silent(world);
}

static void calloc_multiplies(void **state)
{
    struct world *world = *state;

    calls(world, "calloc", 4, 16, BLOCK);
    starts(world, world->epin0, BLOCK + 63, 1);
    calls(world, "free", BLOCK, 0, 0);
    assert_reported(world);
}

static void allocators_that_call_each_other_are_one_finding(void **state)
{
    struct world *world = *state;

    enters(world, tag_of("malloc"), CALLER, BLOCK_SIZE, 0);
    enters(world, tag_of("_malloc_r"), WRAPPER, 0x1234, BLOCK_SIZE);
    leaves(world, tag_of("_malloc_r"), WRAPPER, BLOCK);
    leaves(world, tag_of("malloc"), CALLER, BLOCK);
    starts(world, world->epin0, BLOCK, 18);

    enters(world, tag_of("free"), CALLER, BLOCK, 0);
    enters(world, tag_of("_free_r"), WRAPPER, 0x1234, BLOCK);
    leaves(world, tag_of("_free_r"), WRAPPER, 0);
    leaves(world, tag_of("free"), CALLER, 0);

    assert_reported(world);
}

static void a_tail_call_returns_to_the_caller_twice(void **state)
{
    struct world *world = *state;

    enters(world, tag_of("malloc"), CALLER, BLOCK_SIZE, 0);
    enters(world, tag_of("_malloc_r"), CALLER, 0x1234, BLOCK_SIZE);
    leaves(world, tag_of("_malloc_r"), CALLER, BLOCK);
    leaves(world, tag_of("malloc"), CALLER, BLOCK);
    starts(world, world->epin0, BLOCK + 16, 18);
    calls(world, "free", BLOCK, 0, 0);

    assert_reported(world);
}

static void a_block_of_unknown_size_is_judged_by_its_address(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BLOCK, 18);
    starts(world, world->epin1, ELSEWHERE + 4, 18);
    calls(world, "tx_byte_release", ELSEWHERE, 0, 0);
    assert_silent(world);
    calls(world, "tx_byte_release", BLOCK, 0, 0);

    assert_reported(world);
}

static void realloc_that_moves_the_block_is_reported(void **state)
{
    struct world *world = *state;

    starts_in_block(world);
    calls(world, "realloc", BLOCK, 4 * BLOCK_SIZE, ELSEWHERE);

    assert_reported(world);
}

static void realloc_that_stays_and_grows_is_silent(void **state)
{
    struct world *world = *state;

    starts_in_block(world);
    calls(world, "realloc", BLOCK, 4 * BLOCK_SIZE, BLOCK);

    assert_silent(world);
}

static void realloc_that_shrinks_into_the_window_is_reported(void **state)
{
    struct world *world = *state;

    starts_in_block(world);
    calls(world, "realloc", BLOCK, 34, BLOCK);
    assert_silent(world);
    calls(world, "realloc", BLOCK, 33, BLOCK);

    assert_reported(world);
}

static void realloc_that_fails_leaves_the_block(void **state)
{
    struct world *world = *state;

    starts_in_block(world);
    calls(world, "realloc", BLOCK, 0x10000, 0);
    assert_silent(world);
    calls(world, "free", BLOCK, 0, 0);

    assert_reported(world);
}

static void a_free_within_realloc_is_blamed_on_who_called_realloc(void **state)
{
    struct world *world = *state;

    starts_in_block(world);
    enters(world, tag_of("realloc"), CALLER, BLOCK, 4 * BLOCK_SIZE);
    enters(world, tag_of("malloc"), WRAPPER, 4 * BLOCK_SIZE, 0);
    leaves(world, tag_of("malloc"), WRAPPER, ELSEWHERE);
    enters(world, tag_of("free"), WRAPPER + 8, BLOCK, 0);
    leaves(world, tag_of("free"), WRAPPER + 8, 0);
    leaves(world, tag_of("realloc"), CALLER, ELSEWHERE);

    assert_reported(world);
}

static void realloc_of_nothing_is_an_allocation(void **state)
{
    struct world *world = *state;

    calls(world, "realloc", 0, BLOCK_SIZE, BLOCK);
    starts(world, world->epin0, BLOCK + 16, 18);
    calls(world, "free", BLOCK, 0, 0);

    assert_reported(world);
}

static void the_same_free_in_later_transfers_is_a_repeat(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 3; i++) {
        uint32_t transfer = starts_in_block(world);

        calls(world, "free", BLOCK, 0, 0);
        ends(world, transfer);
        observes(world, transfer);
    }

    assert_int_equal(only_finding(world)->occurrences, 3);
}

static void more_blocks_than_are_remembered_forget_the_oldest(void **state)
{
    struct world *world = *state;

    starts_in_block(world);
    for (uint32_t i = 0; i < 600; i++)
        calls(world, "malloc", 4, 0, ELSEWHERE + 8 * i);
    calls(world, "free", BLOCK, 0, 0);

    assert_silent(world);
}

static void calls_that_never_return_do_no_harm(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 40; i++)
        enters(world, tag_of("malloc"), CALLER + 4 * i, 8, 0);
    starts_in_block(world);
    calls(world, "free", BLOCK, 0, 0);

    assert_reported(world);
}

static void marks_of_other_kinds_are_none_of_its_business(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BLOCK, 18);
    enters(world, 3, CALLER, BLOCK, 0);
    leaves(world, 3, CALLER, 0);

    assert_silent(world);
}

static void a_function_of_ones_own_can_be_named(void **state)
{
    char free_words[] = "pool_put:free:1";
    char alloc_words[] = "pool_get:alloc:1";
    struct world *world = *state;
    struct heap_function put;
    struct heap_function get;

    assert_true(heap_function_read(&put, free_words));
    assert_true(heap_function_read(&get, alloc_words));
    assert_string_equal(put.name, "pool_put");
    enters(world, heap_tag(&get), CALLER, 7, BLOCK_SIZE);
    leaves(world, heap_tag(&get), CALLER, BLOCK);
    starts(world, world->epin0, BLOCK + 16, 18);
    enters(world, heap_tag(&put), CALLER, 7, BLOCK);

    assert_reported(world);
}

static void wrong_descriptions_of_functions_are_refused(void **state)
{
    static const char *const wrong[] = {
        "",          "f",          ":free:0",        "f:",        "f:free",       "f:free:",
        "f:free:4",  "f:free:-1",  "f:free:0:1",     "f:free:0:", "f:liberate:0", "f:realloc:0",
        "f:alloc:x", "f:calloc:3", "f:realloc:0:10",
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct heap_function function;
        char words[32];

        (void)strcpy(words, wrong[i]);
        if (heap_function_read(&function, words))
            fail_msg("\"%s\" was taken", wrong[i]);
    }
}

/* ---- Started when it was gone (BUF007) ------------------------------------------------------- */

static void sends_and_frees(struct world *world)
{
    uint32_t transfer = starts_in_block(world);

    ends(world, transfer);
    observes(world, transfer);
    calls(world, "free", BLOCK, 0, 0);
    assert_silent(world);
}

static void a_start_with_the_pointer_to_a_freed_block_is_told(void **state)
{
    struct world *world = *state;

    sends_and_frees(world);
    starts_with_kept_ptr(world, BLOCK + 16, 18);

    assert_int_equal(only_finding(world)->rule, RULE_BUF007);
    assert_int_equal(only_finding(world)->about.start, BLOCK);
}

/* It may be a block of an allocator nobody knows of. */
static void a_start_with_a_pointer_of_its_own_is_not_told(void **state)
{
    struct world *world = *state;

    sends_and_frees(world);
    (void)starts(world, world->epin0, BLOCK + 16, 18);

    assert_silent(world);
}

static void a_block_that_was_handed_out_again_is_there(void **state)
{
    struct world *world = *state;

    sends_and_frees(world);
    calls(world, "malloc", BLOCK_SIZE, 0, BLOCK);
    starts_with_kept_ptr(world, BLOCK + 16, 18);

    assert_silent(world);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_block_freed_under_an_open_window_is_reported),
        IN_A_WORLD(a_block_freed_after_the_observed_end_is_silent),
        IN_A_WORLD(another_block_freed_is_silent),
        IN_A_WORLD(a_block_handed_out_again_is_the_new_one),
        IN_A_WORLD(a_block_nobody_saw_given_back_is_replaced_by_the_new_one),
        IN_A_WORLD(a_block_freed_twice_is_no_block_the_second_time),
        IN_A_WORLD(one_byte_of_the_window_in_the_block_is_enough),
        IN_A_WORLD(a_call_within_that_was_never_left_is_not_taken_for_its_caller),
        IN_A_WORLD(an_allocation_that_failed_is_no_block),
        IN_A_WORLD(calloc_multiplies),
        IN_A_WORLD(allocators_that_call_each_other_are_one_finding),
        IN_A_WORLD(a_tail_call_returns_to_the_caller_twice),
        IN_A_WORLD(a_block_of_unknown_size_is_judged_by_its_address),
        IN_A_WORLD(realloc_that_moves_the_block_is_reported),
        IN_A_WORLD(realloc_that_stays_and_grows_is_silent),
        IN_A_WORLD(realloc_that_shrinks_into_the_window_is_reported),
        IN_A_WORLD(realloc_that_fails_leaves_the_block),
        IN_A_WORLD(a_free_within_realloc_is_blamed_on_who_called_realloc),
        IN_A_WORLD(realloc_of_nothing_is_an_allocation),
        IN_A_WORLD(the_same_free_in_later_transfers_is_a_repeat),
        IN_A_WORLD(more_blocks_than_are_remembered_forget_the_oldest),
        IN_A_WORLD(calls_that_never_return_do_no_harm),
        IN_A_WORLD(marks_of_other_kinds_are_none_of_its_business),
        IN_A_WORLD(a_function_of_ones_own_can_be_named),
        cmocka_unit_test(wrong_descriptions_of_functions_are_refused),
        IN_A_WORLD(a_start_with_the_pointer_to_a_freed_block_is_told),
        IN_A_WORLD(a_start_with_a_pointer_of_its_own_is_not_told),
        IN_A_WORLD(a_block_that_was_handed_out_again_is_there),
    };

    return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}
