/* SPDX-License-Identifier: Apache-2.0 */
/* FEN001 and FEN002: which barriers count, and from where to where they are asked for. */
#include "tests/check/world.h"

static int setup_armv7m(void **state)
{
    *state = world_create(&(struct checker_options){.memory_model = MEMORY_MODEL_ARMV7M});
    return 0;
}

static int setup_cortex_m4(void **state)
{
    *state = world_create(&(struct checker_options){.memory_model = MEMORY_MODEL_CORTEX_M4});
    return 0;
}

/* ---- Release --------------------------------------------------------------------------------- */

static void a_store_with_no_barrier_before_the_start_is_reported(void **state)
{
    struct world *world = *state;

    stores_at(world, OTHER_PC, BUFFER, 4, 1);
    stores(world, BUFFER + 4, 4, 2);
    starts(world, world->epin0, BUFFER, 8);

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->rule, RULE_FEN001);
    assert_int_equal(finding->kind, FINDING_RELEASE);
    assert_int_equal(finding->severity, SEVERITY_WARNING);
    assert_int_equal(finding->first.pc, GUILTY_PC); /* the last of the two */
    assert_int_equal(finding->first.address, BUFFER + 4);
    assert_int_equal(finding->transfer.start.pc, START_PC);
    assert_false(finding->compiler_ordered);
}

static void a_data_barrier_between_store_and_start_is_enough(void **state)
{
    struct world *world = *state;

    stores(world, BUFFER, 4, 1);
    fences(world, BARRIER_DMB);
    starts(world, world->epin0, BUFFER, 8);
    stores(world, BUFFER + 64, 4, 1);
    fences(world, BARRIER_DSB);
    starts(world, world->epin1, BUFFER + 64, 8);

    assert_silent(world);
}

static void a_barrier_before_the_store_is_no_release(void **state)
{
    struct world *world = *state;

    fences(world, BARRIER_DMB);
    stores(world, BUFFER, 4, 1);
    starts(world, world->epin0, BUFFER, 8);

    assert_int_equal(only_finding(world)->rule, RULE_FEN001);
}

static void an_instruction_barrier_orders_no_data(void **state)
{
    struct world *world = *state;

    stores(world, BUFFER, 4, 1);
    fences(world, BARRIER_ISB);
    starts(world, world->epin0, BUFFER, 8);

    assert_int_equal(only_finding(world)->rule, RULE_FEN001);
}

static void a_compiler_barrier_is_not_enough_for_the_architecture(void **state)
{
    struct world *world = *state;

    stores(world, BUFFER, 4, 1);
    fences(world, BARRIER_COMPILER);
    starts(world, world->epin0, BUFFER, 8);

    assert_int_equal(only_finding(world)->rule, RULE_FEN001);
    assert_true(only_finding(world)->compiler_ordered);
}

static void a_compiler_barrier_is_enough_where_the_core_is_relied_on(void **state)
{
    struct world *world = *state;
    uint32_t transfer;

    stores(world, BUFFER, 4, 1);
    fences(world, BARRIER_COMPILER);
    transfer = starts(world, world->epin0, BUFFER, 8);
    ends(world, transfer);
    observes(world, transfer);
    fences(world, BARRIER_COMPILER);
    stores(world, BUFFER, 4, 1);

    assert_silent(world);
}

static void no_barrier_at_all_is_not_enough_even_for_the_core(void **state)
{
    struct world *world = *state;
    uint32_t transfer;

    stores(world, BUFFER, 4, 1);
    transfer = starts(world, world->epin0, BUFFER, 8);
    ends(world, transfer);
    observes(world, transfer);
    stores(world, BUFFER, 4, 1);

    assert_findings(world, 2);
}

static void stores_beside_the_window_need_no_barrier(void **state)
{
    struct world *world = *state;

    stores(world, BUFFER - 4, 4, 1);
    stores(world, BUFFER + 8, 4, 1);
    starts(world, world->epin0, BUFFER, 8);

    assert_silent(world);
}

static void a_buffer_that_was_never_stored_to_needs_no_barrier(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 8);

    assert_silent(world);
}

static void a_transfer_into_ram_needs_no_release(void **state)
{
    struct world *world = *state;

    stores(world, BUFFER, 4, 1);
    starts(world, world->epout0, BUFFER, 8);

    assert_silent(world);
}

static void stores_after_the_start_are_not_blamed_at_the_capture(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 8);

    stores(world, BUFFER + 64, 4, 1);
    captures(world, transfer, BUFFER + 64, 8);

    assert_silent(world);
}

static void one_missing_release_is_one_bug_whatever_the_length_of_the_copy(void **state)
{
    struct world *world = *state;

    for (uint32_t n = 0; n < 3; n++) {
        uint32_t transfer;

        stores_at(world, GUILTY_PC + 4 * n, BUFFER, 4, 1);
        transfer = starts(world, world->epin0, BUFFER, 8);
        ends(world, transfer);
        observes(world, transfer);
        fences(world, BARRIER_DMB);
    }

    assert_int_equal(only_finding(world)->occurrences, 3);
    assert_int_equal(only_finding(world)->places, 3);
}

/* ---- Acquire --------------------------------------------------------------------------------- */

static uint32_t finished_out(struct world *world)
{
    uint32_t transfer = starts(world, world->epout0, BUFFER, 8);

    moves(world, transfer, BUFFER, 8);
    ends(world, transfer);
    observes(world, transfer);
    return transfer;
}

static void a_load_with_no_barrier_behind_the_observed_end_is_reported(void **state)
{
    struct world *world = *state;

    finished_out(world);
    loads(world, BUFFER + 4, 4);

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->rule, RULE_FEN002);
    assert_int_equal(finding->kind, FINDING_ACQUIRE);
    assert_int_equal(finding->first.address, BUFFER + 4);
    assert_int_equal(finding->site.pc, OTHER_PC);
    assert_int_equal(finding->transfer.observed_pc, 0x4000);
    assert_int_equal(finding->transfer.fate, TRANSFER_OBSERVED);
}

static void only_the_first_access_is_asked_about(void **state)
{
    struct world *world = *state;

    finished_out(world);
    loads(world, BUFFER, 4);
    loads(world, BUFFER + 4, 4);

    assert_int_equal(only_finding(world)->accesses, 1);
    assert_int_equal(world->trace.state.watches, 0);
}

static void a_barrier_behind_the_observed_end_is_enough(void **state)
{
    struct world *world = *state;

    finished_out(world);
    fences(world, BARRIER_DMB);
    loads(world, BUFFER, 4);

    assert_silent(world);
    assert_int_equal(world->trace.state.watches, 0);
}

static void a_barrier_between_end_and_observation_is_too_early(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epout0, BUFFER, 8);

    ends(world, transfer);
    fences(world, BARRIER_DMB);
    observes(world, transfer);
    loads(world, BUFFER, 4);

    assert_int_equal(only_finding(world)->rule, RULE_FEN002);
}

static void a_compiler_barrier_behind_the_observed_end_is_told_of(void **state)
{
    struct world *world = *state;

    finished_out(world);
    fences(world, BARRIER_COMPILER);
    loads(world, BUFFER, 4);

    assert_true(only_finding(world)->compiler_ordered);
}

static void a_store_with_no_barrier_behind_the_end_of_an_in_transfer_is_reported(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 8);

    ends(world, transfer);
    observes(world, transfer);
    loads(world, BUFFER, 4); /* allowed: EasyDMA only read */
    stores(world, BUFFER, 4, 1);

    assert_int_equal(only_finding(world)->rule, RULE_FEN002);
    assert_int_equal(only_finding(world)->site.pc, GUILTY_PC);
}

static void the_next_start_ends_the_question(void **state)
{
    struct world *world = *state;

    finished_out(world);
    starts(world, world->epout0, BUFFER + 64, 8);
    loads(world, BUFFER, 4);
    assert_silent(world);
}

static void a_start_of_another_channel_into_the_window_ends_the_question(void **state)
{
    struct world *world = *state;

    finished_out(world);
    starts(world, world->epin0, BUFFER, 8);
    loads(world, BUFFER, 4);
    assert_silent(world);
}

static void an_end_no_load_has_observed_asks_for_no_acquire(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epout0, BUFFER, 8);

    ends(world, transfer);
    is_replaced(world, transfer);
    loads(world, BUFFER, 4);

    assert_silent(world);
}

static void a_system_reset_ends_the_question(void **state)
{
    struct world *world = *state;

    finished_out(world);
    system_resets(world);
    loads(world, BUFFER, 4);

    assert_silent(world);
    assert_int_equal(world->trace.state.watches, 0);
}

static void the_question_survives_a_snapshot(void **state)
{
    struct world *world = *state;
    struct snapshot *snapshot;

    finished_out(world);
    snapshot = snapshot_take(&world->state);
    loads(world, BUFFER, 4);
    assert_findings(world, 1);
    snapshot_restore(snapshot, &world->state);
    assert_silent(world);
    loads(world, BUFFER, 4);
    assert_findings(world, 1);
    snapshot_free(snapshot);
}

/* ---- Options --------------------------------------------------------------------------------- */

static void fences_can_be_errors(void **state)
{
    struct world *world = world_create(&(struct checker_options){.fences = FENCES_ERROR});

    (void)state;
    assert_int_equal(checker_severity(world->checker, RULE_FEN001), SEVERITY_ERROR);
    stores(world, BUFFER, 4, 1);
    starts(world, world->epin0, BUFFER, 8);
    assert_int_equal(only_finding(world)->severity, SEVERITY_ERROR);
    world_destroy(world);
}

static void fences_can_be_of_no_interest(void **state)
{
    struct world *world = world_create(&(struct checker_options){.fences = FENCES_OFF});

    (void)state;
    stores(world, BUFFER + 64, 4, 1);
    starts(world, world->epin0, BUFFER + 64, 8);
    finished_out(world);
    loads(world, BUFFER, 4);
    assert_silent(world);
    assert_false(checker_rule_is_on(world->checker, RULE_FEN001));
    assert_false(checker_rule_is_on(world->checker, RULE_FEN002));
    world_destroy(world);
}

static void barriers_are_counted(void **state)
{
    struct world *world = *state;

    fences(world, BARRIER_DMB);
    fences(world, BARRIER_DSB);
    fences(world, BARRIER_ISB);
    fences(world, BARRIER_COMPILER);

    assert_int_equal(checker_counted(world->checker)->barriers, 3);
}

#define ARMV7M(test) cmocka_unit_test_setup_teardown(test, setup_armv7m, world_teardown)
#define CORTEX_M4(test) cmocka_unit_test_setup_teardown(test, setup_cortex_m4, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARMV7M(a_store_with_no_barrier_before_the_start_is_reported),
        ARMV7M(a_data_barrier_between_store_and_start_is_enough),
        ARMV7M(a_barrier_before_the_store_is_no_release),
        ARMV7M(an_instruction_barrier_orders_no_data),
        ARMV7M(a_compiler_barrier_is_not_enough_for_the_architecture),
        CORTEX_M4(a_compiler_barrier_is_enough_where_the_core_is_relied_on),
        CORTEX_M4(no_barrier_at_all_is_not_enough_even_for_the_core),
        ARMV7M(stores_beside_the_window_need_no_barrier),
        ARMV7M(a_buffer_that_was_never_stored_to_needs_no_barrier),
        ARMV7M(a_transfer_into_ram_needs_no_release),
        ARMV7M(stores_after_the_start_are_not_blamed_at_the_capture),
        ARMV7M(one_missing_release_is_one_bug_whatever_the_length_of_the_copy),
        ARMV7M(a_load_with_no_barrier_behind_the_observed_end_is_reported),
        ARMV7M(only_the_first_access_is_asked_about),
        ARMV7M(a_barrier_behind_the_observed_end_is_enough),
        ARMV7M(a_barrier_between_end_and_observation_is_too_early),
        ARMV7M(a_compiler_barrier_behind_the_observed_end_is_told_of),
        ARMV7M(a_store_with_no_barrier_behind_the_end_of_an_in_transfer_is_reported),
        ARMV7M(the_next_start_ends_the_question),
        ARMV7M(a_start_of_another_channel_into_the_window_ends_the_question),
        ARMV7M(an_end_no_load_has_observed_asks_for_no_acquire),
        ARMV7M(a_system_reset_ends_the_question),
        ARMV7M(the_question_survives_a_snapshot),
        cmocka_unit_test(fences_can_be_errors),
        cmocka_unit_test(fences_can_be_of_no_interest),
        ARMV7M(barriers_are_counted),
    };

    return cmocka_run_group_tests_name("fences", tests, NULL, NULL);
}
