/* SPDX-License-Identifier: Apache-2.0 */
/* One bug is one finding: grouping, repeats, evidence, and what a snapshot does to them. */
#include "tests/check/world.h"

#include "sim/check/findings.h"

#include <string.h>

/* A copy as library code does it: two words in a loop, then a tail of halfword and byte. */
static void copies_18_bytes(struct world *world)
{
    for (guest_addr at = BUFFER; at < BUFFER + 16; at += 8) {
        stores_at(world, GUILTY_PC, at, 4, 0xa3a2a1a0);
        stores_at(world, GUILTY_PC, at + 4, 4, 0xa7a6a5a4);
        passes(world, 4);
    }
    stores_at(world, GUILTY_PC + 0x20, BUFFER + 16, 1, 0xb0);
    stores_at(world, GUILTY_PC + 0x28, BUFFER + 17, 1, 0xb1);
}

static void finishes(struct world *world, uint32_t transfer)
{
    ends(world, transfer);
    observes(world, transfer);
}

static void all_stores_of_one_copy_are_one_finding(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    copies_18_bytes(world);

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->accesses, 6);
    assert_int_equal(finding->occurrences, 1);
    assert_int_equal(finding->places, 3);
    assert_int_equal(finding->place[0].pc, GUILTY_PC);
    assert_int_equal(finding->place[0].accesses, 4);
    assert_int_equal(finding->touched_low, 0);
    assert_int_equal(finding->touched_high, 17);
    for (unsigned i = 0; i < 18; i++)
        assert_true(finding_touched(finding, i));
    assert_false(finding_touched(finding, 18));
}

static void the_same_copy_in_later_transfers_is_counted_not_repeated(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 3; i++) {
        uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

        copies_18_bytes(world);
        finishes(world, transfer);
        passes(world, 100000);
    }

    const struct finding *finding = only_finding(world);
    assert_int_equal(finding->occurrences, 3);
    assert_int_equal(finding->accesses, 6);
    assert_int_equal(finding->transfer.number, 1);
}

static void a_repeat_that_enters_the_copy_elsewhere_is_still_a_repeat(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    copies_18_bytes(world);
    finishes(world, transfer);
    starts(world, world->epin0, BUFFER, 2);
    stores_at(world, GUILTY_PC + 0x20, BUFFER, 1, 0);
    stores_at(world, GUILTY_PC + 0x28, BUFFER + 1, 1, 0);

    assert_int_equal(only_finding(world)->occurrences, 2);
}

static void a_repeat_by_other_steps_of_the_same_routine_is_still_a_repeat(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    copies_18_bytes(world);
    finishes(world, transfer);
    starts(world, world->epin0, BUFFER, 2);
    stores_at(world, GUILTY_PC + 0x40, BUFFER, 2, 0);

    assert_int_equal(only_finding(world)->occurrences, 2);
    assert_int_equal(only_finding(world)->places, 4);
}

static void depth_counts_from_the_start(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    copies_18_bytes(world);
    finishes(world, transfer);
    world->sp -= 16;
    starts(world, world->epin0, BUFFER, 2);
    stores_at(world, GUILTY_PC + 0x40, BUFFER, 2, 0);

    assert_int_equal(only_finding(world)->occurrences, 2);
}

static void the_same_routine_called_at_another_depth_is_another_finding(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    copies_18_bytes(world);
    finishes(world, transfer);
    starts(world, world->epin0, BUFFER, 2);
    world->sp -= 16;
    stores_at(world, GUILTY_PC + 0x40, BUFFER, 2, 0);

    assert_findings(world, 2);
}

static void other_code_far_away_in_a_later_transfer_is_another_finding(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    copies_18_bytes(world);
    finishes(world, transfer);
    starts(world, world->epin0, BUFFER, 2);
    stores_at(world, OTHER_PC, BUFFER, 2, 0);

    assert_findings(world, 2);
}

static void the_same_store_after_another_start_is_another_finding(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts_at(world, START_PC, world->epin0, BUFFER, 18);

    stores(world, BUFFER, 4, 0);
    finishes(world, transfer);
    starts_at(world, START_PC + 0x100, world->epin0, BUFFER, 18);
    stores(world, BUFFER, 4, 0);

    assert_findings(world, 2);
}

static void a_later_reuse_by_other_code_is_another_finding(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    copies_18_bytes(world);
    passes(world, 1000);
    stores_at(world, OTHER_PC, BUFFER, 4, 0);

    assert_findings(world, 2);
    assert_int_equal(checker_finding(world->checker, 1)->site.pc, OTHER_PC);
    assert_int_equal(checker_finding(world->checker, 1)->accesses, 1);
}

static void a_copy_that_is_interrupted_for_long_stays_one_finding(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER, 4, 0);
    passes(world, 100000);
    stores(world, BUFFER + 4, 4, 0);

    assert_int_equal(only_finding(world)->accesses, 2);
}

static void an_interrupt_handler_within_the_copy_is_another_finding(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER, 4, 0);
    stores_as(world, ACTOR_INSTRUCTION, 55, OTHER_PC, BUFFER + 8, 4, 0);
    stores(world, BUFFER + 4, 4, 0);

    assert_findings(world, 2);
    assert_int_equal(checker_finding(world->checker, 0)->accesses, 2);
    assert_int_equal(checker_finding(world->checker, 1)->accesses, 1);
}

static void the_evidence_tells_what_was_read_and_what_could_have_been(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 8);

    moves(world, transfer, BUFFER, 4);
    stores(world, BUFFER + 2, 4, 0xdcdbdad9);
    moves(world, transfer, BUFFER + 4, 4);
    finishes(world, transfer);
    stores(world, BUFFER, 4, 0); /* not part of the story any more */

    const struct transfer *story = &only_finding(world)->transfer;
    assert_memory_equal(story->evidence.at_start, "\x00\x01\x02\x03\x04\x05\x06\x07", 8);
    assert_memory_equal(story->evidence.moved, "\x00\x01\x02\x03\xdb\xdc\x06\x07", 8);
    assert_memory_equal(story->evidence.now, "\x00\x01\xd9\xda\xdb\xdc\x06\x07", 8);
    assert_int_equal(only_finding(world)->moved_before, 4);
}

static void the_story_goes_on_after_the_finding_until_ownership_ends(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 8);

    stores(world, BUFFER, 1, 0xff);
    assert_int_equal(only_finding(world)->transfer.fate, TRANSFER_OPEN);
    captures(world, transfer, BUFFER, 8);
    passes(world, 10);
    moves(world, transfer, BUFFER, 8);
    ends(world, transfer);
    observes(world, transfer);

    const struct transfer *story = &only_finding(world)->transfer;
    assert_int_equal(story->opened, 0);
    assert_int_equal(story->captured, 2);
    assert_int_equal(story->first_word, 12);
    assert_int_equal(story->last_word, 14);
    assert_int_equal(story->ended, 16);
    assert_int_equal(story->released, 17);
    assert_int_equal(story->fate, TRANSFER_OBSERVED);
    assert_int_equal(story->observed_event, 0x40027108);
    assert_int_equal(story->moved, 8);
}

static void an_end_that_no_event_told_is_a_replacement(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    stores(world, BUFFER, 1, 0);
    ends(world, transfer);
    is_replaced(world, transfer);

    assert_int_equal(only_finding(world)->transfer.fate, TRANSFER_REPLACED);
}

static void each_transfer_has_a_story_of_its_own(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    moves(world, transfer, BUFFER, 18);
    finishes(world, transfer);
    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER, 1, 0);

    assert_int_equal(only_finding(world)->moved_before, 0);
    assert_int_equal(only_finding(world)->transfer.number, 2);
    assert_false(transfer_moved_byte(&only_finding(world)->transfer, 0));
}

static void a_long_window_is_checked_to_its_end(void **state)
{
    struct world *world = *state;

    starts(world, world->spim, BUFFER, 4000);
    stores(world, BUFFER + 3999, 1, 0);

    assert_int_equal(only_finding(world)->touched_low, 3999);
    assert_int_equal(transfer_evidence_size(&only_finding(world)->transfer), EVIDENCE_BYTES);
}

static void another_transfer_that_writes_the_window_shows_in_the_picture(void **state)
{
    struct world *world = *state;
    uint32_t out;

    starts(world, world->epin0, BUFFER, 8);
    stores(world, BUFFER, 1, 0xff);
    out = starts(world, world->epout0, BUFFER + 4, 4);
    trace_emit(&world->trace, (struct observation){.kind = OBS_DMA_WORD,
                                                   .dma_word = {.transfer = out,
                                                                .direction = DMA_WRITES_RAM,
                                                                .address = BUFFER + 4,
                                                                .size = 4,
                                                                .bytes = {1, 2, 3, 4}}});
    stores(world, BUFFER + 1, 1, 0xfe);

    assert_memory_equal(checker_finding(world->checker, 0)->transfer.evidence.now,
                        "\xff\xfe\x02\x03\x01\x02\x03\x04", 8);
}

static void what_was_looked_at_is_counted(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);
    const struct checker_counts *counts = checker_counted(world->checker);

    moves(world, transfer, BUFFER, 18);
    stores(world, BUFFER, 4, 0);
    stores(world, BUFFER + 64, 4, 0);
    finishes(world, transfer);
    stores(world, BUFFER, 4, 0);
    trace_emit(&world->trace, (struct observation){.kind = OBS_UNMODELLED});

    assert_int_equal(counts->transfers, 1);
    assert_int_equal(counts->bytes, 18);
    assert_int_equal(counts->accesses, 1);
    assert_int_equal(counts->unmodelled, 1);
    assert_int_equal(counts->not_followed, 0);
    assert_int_equal(counts->findings_lost, 0);
}

static void more_open_transfers_than_slots_are_counted_and_survived(void **state)
{
    struct world *world = *state;
    uint32_t transfer = 0;

    for (unsigned i = 0; i < TRANSFER_SLOTS + 2; i++) {
        uint16_t channel = trace_add_channel(
            &world->trace,
            (struct dma_channel_name){"SPIM1", "TXD", "TASKS_START", 255, DMA_OFF_CHIP});

        transfer = starts(world, channel, BUFFER + i * 16, 16);
    }
    moves(world, transfer, BUFFER, 4);
    finishes(world, transfer);

    assert_int_equal(checker_counted(world->checker)->not_followed, 2);
}

static void more_findings_than_slots_are_counted_and_survived(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < FINDING_SLOTS + 3; i++) {
        uint32_t transfer = starts_at(world, START_PC + 4 * i, world->epin0, BUFFER, 18);

        stores(world, BUFFER, 4, 0);
        finishes(world, transfer);
    }

    assert_findings(world, FINDING_SLOTS);
    assert_int_equal(checker_counted(world->checker)->findings_lost, 3);
}

static void restore_brings_back_the_findings_of_the_snapshot(void **state)
{
    struct world *world = *state;
    struct snapshot *clean = snapshot_take(&world->state);
    struct snapshot *found;
    uint64_t hash;

    starts(world, world->epin0, BUFFER, 18);
    copies_18_bytes(world);
    found = snapshot_take(&world->state);
    hash = state_hash(&world->state);

    snapshot_restore(clean, &world->state);
    assert_silent(world);
    starts_at(world, OTHER_PC, world->epin1, BUFFER, 4);
    stores_at(world, OTHER_PC + 4, BUFFER, 1, 0);
    assert_int_equal(only_finding(world)->site.pc, OTHER_PC + 4);

    snapshot_restore(found, &world->state);
    assert_int_equal(only_finding(world)->site.pc, GUILTY_PC);
    assert_int_equal(only_finding(world)->accesses, 6);
    assert_true(state_hash(&world->state) == hash);
    snapshot_free(clean);
    snapshot_free(found);
}

static void a_run_from_a_snapshot_within_a_transfer_is_the_same_run(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);
    struct snapshot *midway = snapshot_take(&world->state);
    uint64_t hash[2];

    for (unsigned i = 0; i < 2; i++) {
        snapshot_restore(midway, &world->state);
        copies_18_bytes(world);
        moves(world, transfer, BUFFER, 18);
        finishes(world, transfer);
        stores(world, BUFFER, 4, 0);
        assert_int_equal(only_finding(world)->accesses, 6);
        hash[i] = state_hash(&world->state);
    }

    assert_true(hash[0] == hash[1]);
    snapshot_free(midway);
}

static void equal_states_have_equal_hashes_whatever_happened_before(void **state)
{
    struct world *one = *state;
    struct world *two = world_create(NULL);
    struct snapshot *clean = snapshot_take(&two->state);

    starts(two, two->epin1, BUFFER, 32);
    stores_at(two, OTHER_PC, BUFFER, 1, 0);
    snapshot_restore(clean, &two->state);
    starts(one, one->epin0, BUFFER, 18);
    copies_18_bytes(one);
    starts(two, two->epin0, BUFFER, 18);
    copies_18_bytes(two);

    assert_true(state_hash(&one->state) == state_hash(&two->state));
    snapshot_free(clean);
    world_destroy(two);
}

static void a_machine_without_races_pays_little_for_its_snapshots(void **state)
{
    struct world *world = *state;
    struct snapshot *snapshot = snapshot_take(&world->state);
    size_t others = 0; /* bytes of regions that are not the checker's */

    for (unsigned i = 0; i < world->state.count; i++) {
        if (strncmp(world->state.regions[i].name, "check.", 6) != 0)
            others += world->state.regions[i].size;
    }

    assert_in_range(snapshot_size(snapshot), others, others + 512);
    snapshot_free(snapshot);
}

static void power_on_forgets_everything(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER, 4, 0);
    trace_reset(&world->trace);
    checker_reset(world->checker);
    assert_silent(world);
    assert_int_equal(checker_counted(world->checker)->transfers, 0);

    starts(world, world->epin0, BUFFER, 18);
    stores(world, BUFFER, 4, 0);
    assert_int_equal(only_finding(world)->occurrences, 1);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(all_stores_of_one_copy_are_one_finding),
        IN_A_WORLD(the_same_copy_in_later_transfers_is_counted_not_repeated),
        IN_A_WORLD(a_repeat_that_enters_the_copy_elsewhere_is_still_a_repeat),
        IN_A_WORLD(a_repeat_by_other_steps_of_the_same_routine_is_still_a_repeat),
        IN_A_WORLD(depth_counts_from_the_start),
        IN_A_WORLD(the_same_routine_called_at_another_depth_is_another_finding),
        IN_A_WORLD(other_code_far_away_in_a_later_transfer_is_another_finding),
        IN_A_WORLD(the_same_store_after_another_start_is_another_finding),
        IN_A_WORLD(a_later_reuse_by_other_code_is_another_finding),
        IN_A_WORLD(a_copy_that_is_interrupted_for_long_stays_one_finding),
        IN_A_WORLD(an_interrupt_handler_within_the_copy_is_another_finding),
        IN_A_WORLD(the_evidence_tells_what_was_read_and_what_could_have_been),
        IN_A_WORLD(the_story_goes_on_after_the_finding_until_ownership_ends),
        IN_A_WORLD(an_end_that_no_event_told_is_a_replacement),
        IN_A_WORLD(each_transfer_has_a_story_of_its_own),
        IN_A_WORLD(a_long_window_is_checked_to_its_end),
        IN_A_WORLD(another_transfer_that_writes_the_window_shows_in_the_picture),
        IN_A_WORLD(what_was_looked_at_is_counted),
        IN_A_WORLD(more_open_transfers_than_slots_are_counted_and_survived),
        IN_A_WORLD(more_findings_than_slots_are_counted_and_survived),
        IN_A_WORLD(restore_brings_back_the_findings_of_the_snapshot),
        IN_A_WORLD(a_run_from_a_snapshot_within_a_transfer_is_the_same_run),
        IN_A_WORLD(equal_states_have_equal_hashes_whatever_happened_before),
        IN_A_WORLD(a_machine_without_races_pays_little_for_its_snapshots),
        IN_A_WORLD(power_on_forgets_everything),
    };

    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
