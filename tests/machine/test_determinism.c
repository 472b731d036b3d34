/* SPDX-License-Identifier: Apache-2.0 */
/* The same image and the same options give the same run, to the last bit, also from a snapshot. */
#include "tests/cmocka.h"

#include "sim/check/checker.h"
#include "sim/soc/machine.h"

#include <stdio.h>

static const char *const programs[] = {
    "usb-1", "usb-2", "usb-3", "usb-4", "usb-5", "usb-3-memcpy-after-start",
};

static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER, CHOICE_LAZY,
                                              CHOICE_RANDOM};

static struct machine *start(const char *program, enum choice_policy policy, uint64_t seed)
{
    const struct machine_options options = {.host = HOST_LINUX, .dma = policy, .seed = seed};
    struct machine *machine;
    struct failure failure;
    char path[200];

    (void)snprintf(path, sizeof path, "%s/%s/%s.elf", FIRMWARE_DIR, FIRMWARE_DEFAULT, program);
    if (machine_create(&machine, &options, &failure) != STATUS_OK ||
        machine_load(machine, path, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    machine_power_on(machine);
    return machine;
}

static uint64_t run_to_end(struct machine *machine, enum machine_stop *stop)
{
    *stop = machine_run(machine, 2 * CYCLES_PER_SECOND);
    return machine_hash(machine);
}

static void two_runs_end_in_the_same_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        for (size_t j = 0; j < sizeof policies / sizeof *policies; j++) {
            struct machine *one = start(programs[i], policies[j], 3);
            struct machine *two = start(programs[i], policies[j], 3);
            enum machine_stop stop_one;
            enum machine_stop stop_two;

            if (run_to_end(one, &stop_one) != run_to_end(two, &stop_two))
                fail_msg("%s: two runs with policy %zu differ", programs[i], j);
            assert_int_equal(stop_one, stop_two);
            assert_true(machine_now(one) == machine_now(two));
            machine_destroy(one);
            machine_destroy(two);
        }
    }
}

/* Fractions of the run, so that snapshots fall into start-up, transfers and sleep. */
static void a_run_from_a_snapshot_ends_in_the_same_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct machine *machine = start(programs[i], CHOICE_RANDOM, 9);
        enum machine_stop stop;
        uint64_t end = run_to_end(machine, &stop);
        sim_time length = machine_now(machine);

        machine_destroy(machine);
        for (unsigned part = 1; part < 8; part++) {
            struct snapshot *snapshot;

            machine = start(programs[i], CHOICE_RANDOM, 9);
            (void)machine_run(machine, length * part / 8);
            snapshot = machine_save(machine);
            if (run_to_end(machine, &stop) != end)
                fail_msg("%s: stopping at %u/8 changes the run", programs[i], part);
            machine_restore(machine, snapshot);
            if (run_to_end(machine, &stop) != end)
                fail_msg("%s: restored at %u/8, the run ends differently", programs[i], part);
            snapshot_free(snapshot);
            machine_destroy(machine);
        }
    }
}

static void power_on_starts_all_over(void **state)
{
    struct machine *machine = start("usb-5", CHOICE_RANDOM, 1);
    enum machine_stop stop;
    uint64_t first = run_to_end(machine, &stop);

    (void)state;
    machine_power_on(machine);
    assert_true(run_to_end(machine, &stop) == first);
    machine_destroy(machine);
}

static void another_seed_gives_another_run(void **state)
{
    struct machine *one = start("usb-5", CHOICE_RANDOM, 1);
    struct machine *two = start("usb-5", CHOICE_RANDOM, 2);
    enum machine_stop stop;

    (void)state;
    assert_true(run_to_end(one, &stop) != run_to_end(two, &stop));
    machine_destroy(one);
    machine_destroy(two);
}

/* Detectors touch nothing: with and without them the machine goes the same way. */
static void detectors_do_not_change_the_run(void **state)
{
    struct machine *without = start("usb-3-memcpy-after-start", CHOICE_REALISTIC, 0);
    struct machine *with = start("usb-3-memcpy-after-start", CHOICE_REALISTIC, 0);
    const struct state *plain = machine_state(without);
    const struct state *checked = machine_state(with);
    struct checker *checker = checker_create(machine_trace(with), machine_state(with), NULL);
    enum machine_stop stop;

    (void)state;
    (void)run_to_end(without, &stop);
    (void)run_to_end(with, &stop);
    assert_true(machine_now(without) == machine_now(with));
    assert_true(checker_finding_count(checker) > 0);
    for (unsigned i = 0; i < plain->count; i++) {
        /* What the detector watches is noted in the trace's own region. */
        if (plain->regions[i].bytes == &machine_trace(without)->state)
            continue;
        if (state_region_hash(&plain->regions[i]) != state_region_hash(&checked->regions[i]))
            fail_msg("region %s differs", plain->regions[i].name);
    }
    checker_destroy(checker);
    machine_destroy(without);
    machine_destroy(with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_runs_end_in_the_same_state),
        cmocka_unit_test(a_run_from_a_snapshot_ends_in_the_same_state),
        cmocka_unit_test(power_on_starts_all_over),
        cmocka_unit_test(another_seed_gives_another_run),
        cmocka_unit_test(detectors_do_not_change_the_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
