/* SPDX-License-Identifier: Apache-2.0 */
/* Each class firmware of ours with the hosts that speak classes, and with the one that misbehaves.
 */
#include "sim/explore/checked.h"
#include "tests/cmocka.h"
#include "tests/machine/campaign.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_DIR FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/"

enum { SEEDS = 3 };

/* Calls `test` with the path of each program in CLASS_PROGRAMS. */
static void for_each_program(void (*test)(const char *path))
{
    const char *at = CLASS_PROGRAMS;
    unsigned programs = 0;

    while (*at) {
        size_t length = strcspn(at, " ");
        char path[300];

        (void)snprintf(path, sizeof path, DEFAULT_DIR "%.*s.elf", (int)length, at);
        if (length) {
            test(path);
            programs++;
        }
        at += length + (at[length] == ' ');
    }
    assert_true(programs > 0);
}

/* ---- Classes --------------------------------------------------------------------------------- */

static void speak(const char *path)
{
    /* Of a vendor's device no host can know that it sends back what it gets. */
    bool loopback = strstr(path, "loopback") != NULL;
    const struct machine_options options = {.host = HOST_LINUX,
                                            .talk = loopback ? TALK_LOOPBACK : TALK_AUTO};
    struct machine *machine;
    struct checker *checker;
    struct failure failure;

    if (machine_create(&machine, &options, &failure) != STATUS_OK ||
        machine_load(machine, path, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    checker = checked_attach(machine, NULL);
    machine_power_on(machine);
    if (machine_run(machine, 30 * CYCLES_PER_SECOND) != MACHINE_STOP_HOST_DONE)
        fail_msg("%s: %s", path, host_reason(machine_host(machine)));
    assert_int_equal(checker_finding_count(checker), 0);
    assert_true(checker_counted(checker)->bytes > 300);
    checker_destroy(checker);
    machine_destroy(machine);
}

static void every_class_firmware_speaks_its_class(void **state)
{
    (void)state;
    for_each_program(speak);
}

/* ---- Misbehaviour ---------------------------------------------------------------------------- */

static void misbehave(const char *path)
{
    struct campaign_result result;

    if (!campaign_run(path, CHOICE_LAZY, 1, 1 + SEEDS, 1, &result))
        fail_msg("%s: %s", path, result.example);
    if (result.failures)
        fail_msg("%s %s", path, result.example);
    assert_int_equal(result.conversations, SEEDS);
    assert_true(result.bytes > 1000);
}

static void every_class_firmware_survives_a_hostile_host(void **state)
{
    (void)state;
    for_each_program(misbehave);
    misbehave(DEFAULT_DIR "usb-5.elf");
}

static void a_race_is_found_in_every_conversation(void **state)
{
    struct campaign_result result;

    (void)state;
    assert_true(campaign_run(DEFAULT_DIR "usb-5-memcpy-after-start.elf", CHOICE_REALISTIC, 1,
                             1 + SEEDS, 1, &result));
    assert_int_equal(result.failures, SEEDS);
    assert_non_null(strstr(result.example, "--host=hostile --seed=1: CPU wrote a buffer"));
}

/* What a campaign finds from its snapshot is what a run from power-on finds. */
static void a_seed_of_the_campaign_is_the_same_run_again(void **state)
{
    const struct machine_options options = {.host = HOST_LINUX, .talk = TALK_HOSTILE, .seed = 3};
    struct campaign_result alone;
    struct campaign_result second;
    struct machine *machine;
    struct failure failure;
    sim_time end;

    (void)state;
    assert_true(campaign_run(DEFAULT_DIR "usb-5.elf", CHOICE_REALISTIC, 3, 4, 1, &alone));
    assert_true(campaign_run(DEFAULT_DIR "usb-5.elf", CHOICE_REALISTIC, 2, 4, 1, &second));
    assert_int_equal(machine_create(&machine, &options, &failure), STATUS_OK);
    assert_int_equal(machine_load(machine, DEFAULT_DIR "usb-5.elf", &failure), STATUS_OK);
    machine_power_on(machine);
    assert_int_equal(machine_run(machine, 60 * CYCLES_PER_SECOND), MACHINE_STOP_HOST_DONE);
    end = machine_now(machine);
    assert_true(end > alone.time);
    assert_true(second.last == alone.last && alone.last == end);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_firmware_speaks_its_class),
        cmocka_unit_test(every_class_firmware_survives_a_hostile_host),
        cmocka_unit_test(a_race_is_found_in_every_conversation),
        cmocka_unit_test(a_seed_of_the_campaign_is_the_same_run_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
