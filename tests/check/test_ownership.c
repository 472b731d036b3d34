/* SPDX-License-Identifier: Apache-2.0 */
/* DMA001 to DMA004: when they fire, and their twins that must stay silent. */
#include "tests/check/world.h"

static void a_store_into_an_open_in_window_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER + 4, 4, 0xddccbbaa);

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->rule, RULE_DMA001);
    assert_int_equal(finding->transfer.start.pc, START_PC);
    assert_int_equal(finding->site.pc, GUILTY_PC);
    assert_int_equal(finding->first.address, BUFFER + 4);
    assert_int_equal(finding->first.before, 0x07060504);
    assert_int_equal(finding->first.after, 0xddccbbaa);
}

static void a_store_before_the_start_is_silent(void **state)
{
    struct world *world = *state;

    stores(world, BUFFER, 4, 1);
    starts(world, world->epin0, BUFFER, 18);

    assert_silent(world);
}

static void a_store_between_physical_end_and_observation_is_reported(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    moves(world, transfer, BUFFER, 18);
    ends(world, transfer);
    stores(world, BUFFER, 1, 0x55);

    assert_int_equal(only_finding(world)->moved_before, 18);
}

static void a_store_after_the_observed_end_is_silent(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    moves(world, transfer, BUFFER, 18);
    ends(world, transfer);
    observes(world, transfer);
    stores(world, BUFFER, 1, 0x55);

    assert_silent(world);
}

static void a_store_that_does_not_change_the_value_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER, 1, world->ram[BUFFER - RAM_BASE]);

    assert_findings(world, 1);
}

static void one_byte_of_overlap_at_either_end_is_enough(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores_at(world, GUILTY_PC, BUFFER - 3, 4, 0);
    passes(world, 10000);
    stores_at(world, OTHER_PC, BUFFER + 17, 8, 0);

    assert_findings(world, 2);
    assert_int_equal(checker_finding(world->checker, 0)->touched_low, 0);
    assert_int_equal(checker_finding(world->checker, 0)->touched_high, 0);
    assert_int_equal(checker_finding(world->checker, 1)->touched_low, 17);
    assert_int_equal(checker_finding(world->checker, 1)->touched_high, 17);
}

static void stores_to_the_neighbour_bytes_are_silent(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER - 4, 4, 0);
    stores(world, BUFFER - 1, 1, 0);
    stores(world, BUFFER + 18, 4, 0);

    assert_silent(world);
}

static void a_zero_length_transfer_owns_nothing(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 0);
    stores(world, BUFFER, 4, 0);

    assert_silent(world);
    assert_int_equal(world->trace.state.watches, 0);
}

static void a_window_outside_ram_owns_nothing(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, 0x00001000, 18);

    assert_int_equal(world->trace.state.watches, 0);
}

static void a_store_into_an_open_out_window_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->epout0, BUFFER, 64);
    stores(world, BUFFER + 4, 2, 0xbbaa);

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->rule, RULE_DMA003);
    assert_int_equal(finding->cpu[4], 0xaa);
    assert_int_equal(finding->cpu[5], 0xbb);
}

static void a_load_from_an_open_out_window_is_reported(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epout0, BUFFER, 64);

    moves(world, transfer, BUFFER, 64);
    ends(world, transfer);
    loads(world, BUFFER + 63, 4);

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->rule, RULE_DMA002);
    assert_int_equal(finding->site.pc, OTHER_PC);
    assert_int_equal(finding->touched_low, 63);
    assert_int_equal(finding->moved_before, 64);
    assert_int_equal(finding->cpu[63], world->ram[BUFFER + 63 - RAM_BASE]);
}

static void loads_and_stores_after_the_observed_end_of_an_out_transfer_are_silent(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epout0, BUFFER, 64);

    moves(world, transfer, BUFFER, 64);
    ends(world, transfer);
    observes(world, transfer);
    loads(world, BUFFER, 4);
    stores(world, BUFFER, 4, 0);

    assert_silent(world);
}

static void loads_beside_an_open_out_window_are_silent(void **state)
{
    struct world *world = *state;

    starts(world, world->epout0, BUFFER, 64);
    loads(world, BUFFER - 4, 4);
    loads(world, BUFFER + 64, 4);

    assert_silent(world);
}

static void a_start_into_an_open_out_window_is_reported_with_both_starts(void **state)
{
    struct world *world = *state;

    starts_at(world, START_PC, world->epout0, BUFFER, 64);
    starts_at(world, OTHER_PC, world->epin0, BUFFER + 63, 8);

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->rule, RULE_DMA004);
    assert_int_equal(finding->kind, FINDING_OVERLAP);
    assert_int_equal(finding->transfer.start.pc, START_PC);
    assert_int_equal(finding->site.pc, OTHER_PC);
    assert_int_equal(finding->rival.number, 2);
    assert_int_equal(finding->rival.channel, world->epin0);
    assert_int_equal(finding->rival.window.start, BUFFER + 63);
}

static void an_out_start_into_an_open_in_window_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 8);
    starts(world, world->epout0, BUFFER, 64);

    assert_int_equal(only_finding(world)->rule, RULE_DMA004);
}

static void two_transfers_that_only_read_may_share_their_buffer(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 8);
    starts(world, world->epin1, BUFFER, 8);

    assert_silent(world);
}

static void transfers_side_by_side_do_not_overlap(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 8);
    starts(world, world->epout0, BUFFER + 8, 8);

    assert_silent(world);
}

static void a_start_after_the_observed_end_may_use_the_same_buffer(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 8);

    ends(world, transfer);
    observes(world, transfer);
    starts(world, world->epout0, BUFFER, 8);

    assert_silent(world);
}

static void an_overlap_by_the_captured_window_is_reported(void **state)
{
    struct world *world = *state;
    uint32_t first = starts(world, world->epin0, BUFFER, 8);

    starts(world, world->epout0, BUFFER + 256, 8);
    captures(world, first, BUFFER + 256, 8);

    assert_int_equal(only_finding(world)->rule, RULE_DMA004);
    assert_int_equal(only_finding(world)->transfer.number, first);
    assert_int_equal(only_finding(world)->rival.number, 2);
}

static void loads_under_an_in_transfer_are_allowed(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 64);
    loads(world, BUFFER, 4);

    assert_silent(world);
}

static void a_dropped_transfer_owns_nothing_any_more(void **state)
{
    struct world *world = *state;

    drops(world, starts(world, world->epin0, BUFFER, 18));
    stores(world, BUFFER, 4, 0);

    assert_silent(world);
}

static void exception_stacking_into_a_window_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores_as(world, ACTOR_STACKING, 55, GUILTY_PC, BUFFER, 4, 0);

    assert_int_equal(only_finding(world)->first.actor, ACTOR_STACKING);
    assert_int_equal(only_finding(world)->first.exception, 55);
}

static void semihosting_that_fills_a_window_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores_as(world, ACTOR_SEMIHOST, 0, GUILTY_PC, BUFFER, 4, 0);

    assert_int_equal(only_finding(world)->first.actor, ACTOR_SEMIHOST);
}

static void a_new_start_of_the_channel_replaces_the_window(void **state)
{
    struct world *world = *state;

    uint32_t first = starts(world, world->epin0, BUFFER, 18);

    ends(world, first);
    is_replaced(world, first);
    starts(world, world->epin0, BUFFER + 64, 18);
    stores(world, BUFFER, 4, 0);
    assert_silent(world);

    stores(world, BUFFER + 64, 4, 0);
    assert_findings(world, 1);
}

static void a_window_left_behind_by_a_start_of_hardware_stays_guarded(void **state)
{
    struct world *world = *state;
    uint32_t first = starts(world, world->epin0, BUFFER, 18);

    ends(world, first);
    starts(world, world->epin0, BUFFER + 64, 18); /* nothing is said about the first */
    stores(world, BUFFER, 4, 0);
    assert_int_equal(only_finding(world)->transfer.number, first);

    observes(world, first);
    stores_at(world, OTHER_PC, BUFFER, 4, 0);
    assert_findings(world, 1);
}

static void transfers_of_one_channel_do_not_overlap_in_time(void **state)
{
    struct world *world = *state;

    ends(world, starts(world, world->epout0, BUFFER, 18));
    starts(world, world->epout0, BUFFER, 18);

    assert_silent(world);
}

/* Both directions of a serial master, started by one task. */
static void exchanges(struct world *world, guest_addr sent, guest_addr received)
{
    starts(world, world->spim, sent, 16);
    world->now--;
    starts(world, world->spim_rx, received, 16);
}

static void an_exchange_in_place_is_silent(void **state)
{
    struct world *world = *state;

    exchanges(world, BUFFER, BUFFER);
    assert_silent(world);
}

static void an_exchange_that_overwrites_what_is_not_sent_yet_is_reported(void **state)
{
    struct world *world = *state;

    exchanges(world, BUFFER, BUFFER + 4);
    assert_int_equal(only_finding(world)->rule, RULE_DMA004);
}

static void bytes_that_are_known_to_have_moved_are_free(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epout0, BUFFER, 16);

    moves(world, transfer, BUFFER, 8);
    knows(world, transfer, 6);
    loads(world, BUFFER, 4);
    loads(world, BUFFER + 4, 2);
    stores(world, BUFFER, 4, 1);
    assert_silent(world);
    loads(world, BUFFER + 5, 2); /* the second is not known */
    assert_int_equal(only_finding(world)->rule, RULE_DMA002);
}

static void what_is_known_stays_known(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epout0, BUFFER, 16);

    knows(world, transfer, 8);
    knows(world, transfer, 2);
    loads(world, BUFFER + 4, 4);
    assert_silent(world);
}

static void chained_transfers_of_two_blocks_may_share_a_buffer(void **state)
{
    struct world *world = *state;

    world->chained = true;
    starts(world, world->epout0, BUFFER, 16);
    starts(world, world->spim, BUFFER, 16);
    assert_silent(world);
}

static void chained_transfers_of_one_block_may_work_in_place(void **state)
{
    struct world *world = *state;

    world->chained = true;
    starts(world, world->epout0, BUFFER, 16);
    starts(world, world->epin0, BUFFER, 16);
    assert_silent(world);
}

static void but_not_over_what_is_still_to_be_read(void **state)
{
    struct world *world = *state;

    world->chained = true;
    starts(world, world->epout0, BUFFER + 4, 16);
    starts(world, world->epin0, BUFFER, 16);
    assert_int_equal(only_finding(world)->rule, RULE_DMA004);
}

static void a_chained_transfer_and_any_other_may_not(void **state)
{
    struct world *world = *state;

    world->chained = true;
    starts(world, world->epout0, BUFFER, 16);
    world->chained = false;
    starts(world, world->spim, BUFFER, 16);
    assert_int_equal(only_finding(world)->rule, RULE_DMA004);
}

static void the_same_buffer_in_two_exchanges_at_a_time_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->spim, BUFFER, 16);
    starts(world, world->spim_rx, BUFFER, 16);
    assert_int_equal(only_finding(world)->rule, RULE_DMA004);
}

static void windows_of_two_channels_are_both_guarded(void **state)
{
    struct world *world = *state;
    uint32_t first = starts(world, world->epin0, BUFFER, 18);

    starts(world, world->epin1, BUFFER + 64, 18);
    ends(world, first);
    observes(world, first);
    stores(world, BUFFER, 4, 0);
    assert_silent(world);

    stores(world, BUFFER + 64, 4, 0);
    assert_int_equal(only_finding(world)->transfer.channel, world->epin1);
}

static void of_two_open_windows_only_the_one_stored_to_is_meant(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    starts(world, world->epin1, BUFFER + 64, 18);
    stores(world, BUFFER + 64, 4, 0);

    assert_int_equal(only_finding(world)->transfer.channel, world->epin1);
    assert_int_equal(checker_counted(world->checker)->accesses, 1);
}

static void the_captured_window_is_the_true_one(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    captures(world, transfer, BUFFER + 256, 8);
    stores(world, BUFFER, 4, 0);
    assert_silent(world);

    stores(world, BUFFER + 256, 4, 0);
    assert_int_equal(only_finding(world)->transfer.evidence.at_start[1], 0x01);
}

static void a_bus_reset_alone_tells_the_cpu_nothing(void **state)
{
    struct world *world = *state;

    ends(world, starts(world, world->epin0, BUFFER, 18));
    bus_resets(world);
    stores(world, BUFFER, 4, 0);

    assert_findings(world, 1);
}

static void a_system_reset_ends_all_ownership(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    starts(world, world->epin1, BUFFER, 18);
    system_resets(world);
    stores(world, BUFFER, 4, 0);

    assert_silent(world);
    assert_int_equal(world->trace.state.watches, 0);
}

static void a_rule_that_is_off_is_not_asked(void **state)
{
    const struct checker_options options = {.rules_off = rule_bit(RULE_DMA001)};
    struct world *world = world_create(&options);

    (void)state;
    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER, 4, 0);

    assert_silent(world);
    assert_int_equal(world->trace.state.watches, 0);
    world_destroy(world);
}

static void every_byte_of_every_small_window_is_guarded_and_no_other(void **state)
{
    (void)state;
    for (uint32_t size = 1; size <= 9; size++) {
        for (int offset = -9; offset <= 18; offset++) {
            for (uint32_t width = 1; width <= 8; width *= 2) {
                struct world *world = world_create(NULL);
                guest_addr address = BUFFER + (guest_addr)offset;
                bool overlaps =
                    offset < (int)size && offset + (int)width > 0; /* plain integers, no ranges */

                starts(world, world->epin0, BUFFER, size);
                stores(world, address, width, 0);

                assert_findings(world, overlaps);
                world_destroy(world);
            }
        }
    }
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_store_into_an_open_in_window_is_reported),
        IN_A_WORLD(a_store_before_the_start_is_silent),
        IN_A_WORLD(a_store_between_physical_end_and_observation_is_reported),
        IN_A_WORLD(a_store_after_the_observed_end_is_silent),
        IN_A_WORLD(a_store_that_does_not_change_the_value_is_reported),
        IN_A_WORLD(one_byte_of_overlap_at_either_end_is_enough),
        IN_A_WORLD(stores_to_the_neighbour_bytes_are_silent),
        IN_A_WORLD(a_zero_length_transfer_owns_nothing),
        IN_A_WORLD(a_window_outside_ram_owns_nothing),
        IN_A_WORLD(a_store_into_an_open_out_window_is_reported),
        IN_A_WORLD(a_load_from_an_open_out_window_is_reported),
        IN_A_WORLD(loads_and_stores_after_the_observed_end_of_an_out_transfer_are_silent),
        IN_A_WORLD(loads_beside_an_open_out_window_are_silent),
        IN_A_WORLD(a_start_into_an_open_out_window_is_reported_with_both_starts),
        IN_A_WORLD(an_out_start_into_an_open_in_window_is_reported),
        IN_A_WORLD(two_transfers_that_only_read_may_share_their_buffer),
        IN_A_WORLD(transfers_side_by_side_do_not_overlap),
        IN_A_WORLD(a_start_after_the_observed_end_may_use_the_same_buffer),
        IN_A_WORLD(an_overlap_by_the_captured_window_is_reported),
        IN_A_WORLD(loads_under_an_in_transfer_are_allowed),
        IN_A_WORLD(a_dropped_transfer_owns_nothing_any_more),
        IN_A_WORLD(exception_stacking_into_a_window_is_reported),
        IN_A_WORLD(semihosting_that_fills_a_window_is_reported),
        IN_A_WORLD(a_new_start_of_the_channel_replaces_the_window),
        IN_A_WORLD(a_window_left_behind_by_a_start_of_hardware_stays_guarded),
        IN_A_WORLD(transfers_of_one_channel_do_not_overlap_in_time),
        IN_A_WORLD(an_exchange_in_place_is_silent),
        IN_A_WORLD(an_exchange_that_overwrites_what_is_not_sent_yet_is_reported),
        IN_A_WORLD(bytes_that_are_known_to_have_moved_are_free),
        IN_A_WORLD(what_is_known_stays_known),
        IN_A_WORLD(chained_transfers_of_two_blocks_may_share_a_buffer),
        IN_A_WORLD(chained_transfers_of_one_block_may_work_in_place),
        IN_A_WORLD(but_not_over_what_is_still_to_be_read),
        IN_A_WORLD(a_chained_transfer_and_any_other_may_not),
        IN_A_WORLD(the_same_buffer_in_two_exchanges_at_a_time_is_reported),
        IN_A_WORLD(windows_of_two_channels_are_both_guarded),
        IN_A_WORLD(of_two_open_windows_only_the_one_stored_to_is_meant),
        IN_A_WORLD(the_captured_window_is_the_true_one),
        IN_A_WORLD(a_bus_reset_alone_tells_the_cpu_nothing),
        IN_A_WORLD(a_system_reset_ends_all_ownership),
        cmocka_unit_test(a_rule_that_is_off_is_not_asked),
        cmocka_unit_test(every_byte_of_every_small_window_is_guarded_and_no_other),
    };

    return cmocka_run_group_tests_name("ownership", tests, NULL, NULL);
}
