/* SPDX-License-Identifier: Apache-2.0 */
/* BUF001, BUF002 and BUF006: where a buffer lies, and how long it is. */
#include "tests/check/world.h"

enum { FLASH_TABLE = 0x00004000, RAM_AT_ITS_CODE_ADDRESS = 0x00800100, OBJECT_SIZE = 32 };

/* Everything that is known of memory: an object at BUFFER. */
static bool object_left(void *owner, const struct site *site, struct byte_range window,
                        struct byte_range *object)
{
    (void)owner;
    assert_int_equal(site->pc, START_PC);
    *object = (struct byte_range){BUFFER, OBJECT_SIZE};
    return range_contains(*object, window.start) && !range_covers(*object, window);
}

static int setup(void **state)
{
    *state = world_create(&(struct checker_options){.object_left = object_left});
    return 0;
}

static void assert_only(struct world *world, enum rule_id rule)
{
    const struct finding *finding = only_finding(world);

    assert_int_equal(finding->rule, rule);
    assert_int_equal(finding->site.pc, START_PC);
    assert_int_equal(finding->transfer.start.pc, START_PC);
}

static void a_buffer_in_flash_is_reported_at_its_start(void **state)
{
    starts(*state, ((struct world *)*state)->epin0, FLASH_TABLE, 18);
    assert_only(*state, RULE_BUF001);
}

static void ram_at_its_code_address_is_no_data_ram(void **state)
{
    starts(*state, ((struct world *)*state)->epin0, RAM_AT_ITS_CODE_ADDRESS, 18);
    assert_only(*state, RULE_BUF001);
}

static void a_transfer_of_no_bytes_may_point_anywhere(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, FLASH_TABLE, 0);
    starts(world, world->epin1, 0, 0);

    assert_silent(world);
}

static void a_pointer_that_changes_before_the_capture_is_looked_at_again(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, BUFFER, 18);

    assert_silent(world);
    captures(world, transfer, FLASH_TABLE, 18);

    assert_only(world, RULE_BUF001);
}

static void a_capture_that_changes_nothing_is_not_reported_twice(void **state)
{
    struct world *world = *state;
    uint32_t transfer = starts(world, world->epin0, FLASH_TABLE, 18);

    captures(world, transfer, FLASH_TABLE, 18);

    assert_int_equal(only_finding(world)->occurrences, 1);
}

static void the_same_start_again_is_a_repeat(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 3; i++) {
        uint32_t transfer = starts(world, world->epin0, FLASH_TABLE, 18);

        ends(world, transfer);
        observes(world, transfer);
    }

    assert_int_equal(only_finding(world)->occurrences, 3);
}

static void a_window_that_ends_behind_its_object_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->epout0, BUFFER + 8, OBJECT_SIZE - 7);

    assert_only(world, RULE_BUF002);
    assert_int_equal(only_finding(world)->about.start, BUFFER);
    assert_int_equal(only_finding(world)->about.size, OBJECT_SIZE);
}

static void a_window_that_fills_its_object_to_the_end_is_silent(void **state)
{
    struct world *world = *state;

    starts(world, world->epin1, BUFFER, OBJECT_SIZE);
    starts(world, world->epin0, BUFFER + OBJECT_SIZE - 1, 1);

    assert_silent(world);
}

static void a_window_in_no_known_object_is_silent(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER + OBJECT_SIZE, 64);

    assert_silent(world);
}

static void more_than_the_endpoint_holds_is_reported(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER + OBJECT_SIZE, 65);

    assert_only(world, RULE_BUF006);
}

static void exactly_what_the_endpoint_holds_is_silent(void **state)
{
    struct world *world = *state;

    starts(world, world->epin0, BUFFER + OBJECT_SIZE, 64);
    starts(world, world->spim, BUFFER + OBJECT_SIZE + 64, 500);

    assert_silent(world);
}

static void a_rule_that_is_off_is_silent(void **state)
{
    const struct checker_options options = {
        .object_left = object_left,
        .rules_off = rule_bit(RULE_BUF001) | rule_bit(RULE_BUF002) | rule_bit(RULE_BUF006)};
    struct world *world = world_create(&options);

    (void)state;
    starts(world, world->epin0, FLASH_TABLE, 65);
    starts(world, world->epin1, BUFFER, OBJECT_SIZE + 1);

    assert_silent(world);
    world_destroy(world);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_buffer_in_flash_is_reported_at_its_start),
        IN_A_WORLD(ram_at_its_code_address_is_no_data_ram),
        IN_A_WORLD(a_transfer_of_no_bytes_may_point_anywhere),
        IN_A_WORLD(a_pointer_that_changes_before_the_capture_is_looked_at_again),
        IN_A_WORLD(a_capture_that_changes_nothing_is_not_reported_twice),
        IN_A_WORLD(the_same_start_again_is_a_repeat),
        IN_A_WORLD(a_window_that_ends_behind_its_object_is_reported),
        IN_A_WORLD(a_window_that_fills_its_object_to_the_end_is_silent),
        IN_A_WORLD(a_window_in_no_known_object_is_silent),
        IN_A_WORLD(more_than_the_endpoint_holds_is_reported),
        IN_A_WORLD(exactly_what_the_endpoint_holds_is_silent),
        cmocka_unit_test(a_rule_that_is_off_is_silent),
    };

    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
