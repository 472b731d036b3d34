/* SPDX-License-Identifier: Apache-2.0 */
/* The hostile host on a device without a chip. */
#include "sim/base/heap.h"
#include "sim/hosts/hosts.h"
#include "tests/cmocka.h"
#include "tests/hosts/gadget.h"
#include "tests/hosts/world.h"

#include <string.h>

enum { SEEDS = 24 };

/* Returns how many of the seeds fail; every one must come to an end. */
static unsigned failures_of(enum gadget_fault fault)
{
    unsigned failures = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct world *world = world_create(TALK_HOSTILE, fault, seed);

        world_run(world, WORLD_TIME);
        assert_int_not_equal(host_outcome(world->host), HOST_BUSY);
        if (host_outcome(world->host) == HOST_GAVE_UP && !failures++ && fault == GADGET_GOOD)
            print_error("seed %u: %s\n", (unsigned)seed, host_reason(world->host));
        world_destroy(world);
    }
    return failures;
}

static void a_good_device_survives_every_seed(void **state)
{
    (void)state;
    assert_int_equal(failures_of(GADGET_GOOD), 0);
}

/* It promised nothing, so it is not held to it. */
static void a_port_that_answers_in_capitals_is_no_echo(void **state)
{
    (void)state;
    assert_int_equal(failures_of(ECHO_IN_CAPITALS), 0);
}

static void a_byte_that_is_lost_now_and_then_is_noticed(void **state)
{
    (void)state;
    assert_true(failures_of(ECHO_LOSES_A_BYTE) > SEEDS / 2);
}

static void a_device_that_forgets_toggles_in_a_reset_is_noticed(void **state)
{
    (void)state;
    assert_true(failures_of(KEEPS_TOGGLES_IN_RESET) > SEEDS / 4);
}

static void a_device_that_takes_stale_packets_is_noticed(void **state)
{
    (void)state;
    assert_true(failures_of(TAKES_STALE_PACKETS) > SEEDS / 4);
}

static void a_disk_that_keeps_old_data_through_reset_recovery_is_noticed(void **state)
{
    (void)state;
    assert_true(failures_of(KEEPS_DATA_IN_RECOVERY) > SEEDS / 4);
}

static void a_disk_that_forgets_what_is_written_is_noticed(void **state)
{
    (void)state;
    assert_true(failures_of(FORGETS_WRITES) > SEEDS / 2);
}

static void the_same_seed_is_the_same_conversation(void **state)
{
    struct world *one = world_create(TALK_HOSTILE, GADGET_GOOD, 5);
    struct world *two = world_create(TALK_HOSTILE, GADGET_GOOD, 5);
    struct world *other = world_create(TALK_HOSTILE, GADGET_GOOD, 6);

    (void)state;
    world_run(one, WORLD_TIME);
    world_run(two, WORLD_TIME);
    world_run(other, WORLD_TIME);
    assert_string_equal(text_string(&one->said), text_string(&two->said));
    assert_string_not_equal(text_string(&one->said), text_string(&other->said));
    assert_non_null(strstr(text_string(&one->said), "hostile: 12 attacks survived"));
    world_destroy(one);
    world_destroy(two);
    world_destroy(other);
}

/* All kinds of misbehaviour come up, so none is only written down. */
static void every_kind_of_attack_comes_up(void **state)
{
    static const char *const traces[] = {
        "cut off by a bus reset",
        "cut off by suspend",
        "cut off by unplugging",
        "stopped by the host",
        "the ACK for the last packet is lost",
        "the next data packet arrives with a wrong CRC",
        "the next data packet is longer than packets may be",
        "a data packet with the wrong toggle comes first",
        "class request 0xff", /* reset recovery of a disk */
    };
    bool seen[ARRAY_LENGTH(traces)] = {false};

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct world *world = world_create(TALK_HOSTILE, GADGET_GOOD, seed);

        world_run(world, WORLD_TIME);
        for (size_t i = 0; i < ARRAY_LENGTH(traces); i++)
            seen[i] |= strstr(text_string(&world->said), traces[i]) != NULL;
        world_destroy(world);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(traces); i++)
        if (!seen[i])
            fail_msg("never: %s", traces[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_device_survives_every_seed),
        cmocka_unit_test(a_port_that_answers_in_capitals_is_no_echo),
        cmocka_unit_test(a_byte_that_is_lost_now_and_then_is_noticed),
        cmocka_unit_test(a_device_that_forgets_toggles_in_a_reset_is_noticed),
        cmocka_unit_test(a_device_that_takes_stale_packets_is_noticed),
        cmocka_unit_test(a_disk_that_keeps_old_data_through_reset_recovery_is_noticed),
        cmocka_unit_test(a_disk_that_forgets_what_is_written_is_noticed),
        cmocka_unit_test(the_same_seed_is_the_same_conversation),
        cmocka_unit_test(every_kind_of_attack_comes_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
