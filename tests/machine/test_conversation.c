/* SPDX-License-Identifier: Apache-2.0 */
/* The workshop's last step and a host that follows a text. */
#include "sim/soc/machine.h"
#include "tests/cmocka.h"

#include <string.h>

#define FIRMWARE FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-5.elf"
#define CONVERSATIONS "tests/usb/conversations/"
#define LIMIT (20 * CYCLES_PER_SECOND)

static struct machine *create(const char *script, enum choice_policy dma)
{
    struct machine_options options = {.host = HOST_SCRIPT, .host_script = script, .dma = dma};
    struct machine *machine;
    struct failure failure;

    if (machine_create(&machine, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    if (machine_load(machine, FIRMWARE, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    machine_power_on(machine);
    return machine;
}

static void the_firmware_passes(const char *script)
{
    static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER, CHOICE_LAZY,
                                                  CHOICE_RANDOM};

    for (size_t i = 0; i < ARRAY_LENGTH(policies); i++) {
        struct machine *machine = create(script, policies[i]);

        if (machine_run(machine, LIMIT) != MACHINE_STOP_HOST_DONE)
            fail_msg("%s, policy %zu: %s", script, i, host_reason(machine_host(machine)));
        machine_destroy(machine);
    }
}

static void the_firmware_answers_a_conversation_by_hand(void **state)
{
    (void)state;
    the_firmware_passes(CONVERSATIONS "by-hand.usb");
}

static void the_firmware_survives_a_rude_host(void **state)
{
    (void)state;
    the_firmware_passes(CONVERSATIONS "rude.usb");
}

static void what_the_firmware_cannot_do_is_told_with_file_and_line(void **state)
{
    struct machine *machine = create(CONVERSATIONS "loopback.usb", CHOICE_REALISTIC);

    (void)state;
    assert_int_equal(machine_run(machine, LIMIT), MACHINE_STOP_HOST_FAILED);
    assert_int_equal(strncmp(host_reason(machine_host(machine)),
                             CONVERSATIONS "loopback.usb:4: OUT endpoint 1, 64 bytes to write: ",
                             strlen(CONVERSATIONS) + 51),
                     0);
    machine_destroy(machine);
}

static void a_snapshot_in_mid_conversation_continues_the_same_way(void **state)
{
    (void)state;
    for (unsigned ms = 150; ms < 700; ms += 130) {
        struct machine *machine = create(CONVERSATIONS "rude.usb", CHOICE_RANDOM);
        struct snapshot *snapshot;
        uint64_t hash;

        assert_int_equal(machine_run(machine, ms * CYCLES_PER_MS), MACHINE_STOP_TIME);
        snapshot = machine_save(machine);
        assert_int_equal(machine_run(machine, LIMIT), MACHINE_STOP_HOST_DONE);
        hash = machine_hash(machine);

        machine_restore(machine, snapshot);
        assert_int_equal(machine_run(machine, LIMIT), MACHINE_STOP_HOST_DONE);
        assert_true(machine_hash(machine) == hash);
        snapshot_free(snapshot);
        machine_destroy(machine);
    }
}

static void a_file_with_a_mistake_builds_no_machine(void **state)
{
    struct machine_options options = {.host = HOST_SCRIPT, .host_script = "LICENSE"};
    struct machine *machine;
    struct failure failure;

    (void)state;
    assert_int_equal(machine_create(&machine, &options, &failure), STATUS_CONVERSATION);
    assert_memory_equal(failure.message, "LICENSE:", 8);
    options.host_script = "no/such.usb";
    assert_int_equal(machine_create(&machine, &options, &failure), STATUS_FILE_MISSING);
}

static void a_pipe_without_an_endpoint_is_refused_by_the_hardware(void **state)
{
    struct machine *machine = create(CONVERSATIONS "by-hand.usb", CHOICE_REALISTIC);
    uint8_t data[64] = {0};
    size_t size = sizeof data;

    (void)state;
    assert_int_equal(machine_run(machine, LIMIT), MACHINE_STOP_HOST_DONE);
    assert_int_not_equal(machine_pipe_write(machine, 1, data, 8, CYCLES_PER_SECOND), CONTROL_DONE);
    host_abandon(machine_host(machine));
    assert_int_not_equal(machine_pipe_read(machine, 1, data, &size, CYCLES_PER_SECOND),
                         CONTROL_DONE);
    assert_int_equal(size, 0);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_firmware_answers_a_conversation_by_hand),
        cmocka_unit_test(the_firmware_survives_a_rude_host),
        cmocka_unit_test(what_the_firmware_cannot_do_is_told_with_file_and_line),
        cmocka_unit_test(a_snapshot_in_mid_conversation_continues_the_same_way),
        cmocka_unit_test(a_file_with_a_mistake_builds_no_machine),
        cmocka_unit_test(a_pipe_without_an_endpoint_is_refused_by_the_hardware),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
