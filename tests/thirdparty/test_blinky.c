/* SPDX-License-Identifier: Apache-2.0 */
/* A vendor's first program for its USB dongle, as a package ships it: behind the boot record. */
#include "tests/cmocka.h"

#include "sim/explore/checked.h"
#include "sim/explore/plan.h"

#include <stdio.h>
#include <unistd.h>

enum { PARTS = 2 };
enum { LED_GREEN = 6, LED_RED = 8 }; /* P0.06 and P0.08, lit while low */

static char *parts[PARTS] = {THIRD_PARTY_DIR "/nrf-mbr.hex", THIRD_PARTY_DIR "/nrf-blinky.hex"};

static bool is_there(void)
{
    if (access(parts[0], R_OK) == 0 && access(parts[1], R_OK) == 0)
        return true;
    printf("skipped: the vendor's image is not there (see %s/skipped)\n", THIRD_PARTY_DIR);
    return false;
}

static void its_lights_go_on_one_after_the_other(void **state)
{
    struct plan plan = {.machine = {.host = HOST_NONE}, .image_count = PARTS, .images = parts};
    struct machine *machine;
    struct checker *checker;
    struct failure failure;

    (void)state;
    if (!is_there())
        return;
    if (plan_build(&plan, &machine, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    checker = checked_attach(machine, NULL);
    machine_power_on(machine);
    assert_int_equal(machine_run(machine, 300 * CYCLES_PER_MS), MACHINE_STOP_TIME);
    assert_int_equal(machine_pin(machine, LED_GREEN), LEVEL_HIGH);
    assert_int_equal(machine_run(machine, 400 * CYCLES_PER_MS), MACHINE_STOP_TIME);
    assert_int_equal(machine_pin(machine, LED_GREEN), LEVEL_LOW);
    assert_int_equal(machine_pin(machine, LED_RED), LEVEL_HIGH);
    assert_int_equal(machine_run(machine, 900 * CYCLES_PER_MS), MACHINE_STOP_TIME);
    assert_int_equal(machine_pin(machine, LED_RED), LEVEL_LOW);
    assert_int_equal(checker_finding_count(checker), 0);
    checker_destroy(checker);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_lights_go_on_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
