/* SPDX-License-Identifier: Apache-2.0 */
/* USB005 and USB006: what the firmware took note of and left lying when the host gave up. */
#include "tests/check/world.h"

enum { NOTED_PC = 0x4400, NEXT_TASK = 0x4002702c };

static void happens(struct world *world, unsigned endpoint, enum endpoint_step step)
{
    world->trace.state.pc = NOTED_PC;
    trace_emit(&world->trace, (struct observation){.kind = OBS_ENDPOINT,
                                                   .endpoint = {.pc = NOTED_PC,
                                                                .next = NEXT_TASK,
                                                                .endpoint = (uint8_t)endpoint,
                                                                .step = step}});
    passes(world, 1);
}

static void gives_up(struct world *world)
{
    trace_emit(&world->trace,
               (struct observation){.kind = OBS_HOST, .host = {.step = HOST_FAILED, .text = ""}});
}

static void a_packet_noted_and_left_is_told_when_the_host_gives_up(void **state)
{
    struct world *world = *state;

    happens(world, 1, ENDPOINT_GIVEN);
    happens(world, 1, ENDPOINT_NOTED);
    passes(world, CYCLES_PER_SECOND);
    assert_silent(world);
    gives_up(world);

    assert_int_equal(only_finding(world)->rule, RULE_USB005);
    assert_int_equal(only_finding(world)->site.pc, NOTED_PC);
    assert_int_equal(only_finding(world)->misuse.address, NEXT_TASK);
}

static void endpoint_0_has_a_rule_of_its_own(void **state)
{
    struct world *world = *state;

    happens(world, 0, ENDPOINT_GIVEN);
    happens(world, 0, ENDPOINT_NOTED);
    passes(world, CYCLES_PER_SECOND);
    gives_up(world);

    assert_int_equal(only_finding(world)->rule, RULE_USB006);
}

static void a_packet_that_was_fetched_is_not_left(void **state)
{
    struct world *world = *state;

    happens(world, 1, ENDPOINT_GIVEN);
    happens(world, 1, ENDPOINT_NOTED);
    happens(world, 1, ENDPOINT_TAKEN);
    passes(world, CYCLES_PER_SECOND);
    gives_up(world);

    assert_silent(world);
}

/* It may be asleep, or stuck: then that is the story. */
static void a_packet_nobody_took_note_of_is_not_told(void **state)
{
    struct world *world = *state;

    happens(world, 1, ENDPOINT_GIVEN);
    passes(world, CYCLES_PER_SECOND);
    gives_up(world);

    assert_silent(world);
}

/* The host gave up for another reason; the firmware may just be busy. */
static void a_packet_of_a_moment_ago_is_not_told(void **state)
{
    struct world *world = *state;

    happens(world, 1, ENDPOINT_GIVEN);
    happens(world, 1, ENDPOINT_NOTED);
    passes(world, CYCLES_PER_SECOND / 2);
    gives_up(world);

    assert_silent(world);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_packet_noted_and_left_is_told_when_the_host_gives_up),
        IN_A_WORLD(endpoint_0_has_a_rule_of_its_own),
        IN_A_WORLD(a_packet_that_was_fetched_is_not_left),
        IN_A_WORLD(a_packet_nobody_took_note_of_is_not_told),
        IN_A_WORLD(a_packet_of_a_moment_ago_is_not_told),
    };

    return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
