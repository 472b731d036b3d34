/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vendor's connectivity firmware as it ships: master boot record, SoftDevice and an application
 * of its SDK, without symbols. It boots through both, which forward exceptions and take system
 * calls, and enumerates.
 */
#include "tests/cmocka.h"

#include "sim/base/compiler.h"
#include "sim/explore/checked.h"
#include "sim/explore/plan.h"
#include "sim/usb/descriptor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { APPLICATION = 0x23000, PARTS = 3 };

static char *parts[PARTS] = {THIRD_PARTY_DIR "/nrf-mbr.hex", THIRD_PARTY_DIR "/nrf-s132.hex",
                             THIRD_PARTY_DIR "/nrf-connectivity.hex"};

static bool is_there(void)
{
    if (access(parts[PARTS - 1], R_OK) == 0)
        return true;
    printf("skipped: the vendor's image is not there (see %s/skipped)\n", THIRD_PARTY_DIR);
    return false;
}

static struct machine *build(const struct plan *plan)
{
    struct machine *machine;
    struct failure failure;

    if (plan_build(plan, &machine, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return machine;
}

static void assert_string_descriptor(const uint8_t *descriptor, size_t size, const char *words)
{
    assert_int_equal(size, 2 + 2 * strlen(words));
    for (size_t i = 0; i < strlen(words); i++)
        assert_int_equal(descriptor[2 + 2 * i], words[i]);
}

static void it_boots_through_boot_record_and_softdevice_and_enumerates(void **state)
{
    struct plan plan = {.timeout = 3 * CYCLES_PER_SECOND, .image_count = PARTS, .images = parts};
    struct machine *machine;
    struct checker *checker;
    struct usb_device_view view;

    (void)state;
    if (!is_there())
        return;
    machine = build(&plan);
    checker = checked_attach(machine, NULL);
    assert_int_equal(machine_begins_at(machine), 0);
    if (plan_run(&plan, machine) != MACHINE_STOP_HOST_DONE)
        fail_msg("%s; run: fencepost run %s %s %s", host_reason(machine_host(machine)), parts[0],
                 parts[1], parts[2]);
    view = host_device_view(machine_host(machine));
    assert_memory_equal(view.device + 8, "\x15\x19\x0a\xc0", 4);
    assert_string_descriptor(view.product, view.product_size, "nRF52 Connectivity");
    /* Its driver has no barrier between copy and start, which is a warning (docs/third-party.md).
     */
    for (unsigned i = 0; i < checker_finding_count(checker); i++)
        assert_string_equal(rule_describe(checker_finding(checker, i)->rule)->name, "FEN001");
    checker_destroy(checker);
    machine_destroy(machine);
}

/* The transport its driver library on a computer speaks. */
static void its_serial_port_brings_the_link_up(void **state)
{
    struct plan plan = {
        .machine = {.host = HOST_SCRIPT,
                    .host_script = "tests/thirdparty/conversations/connectivity.usb"},
        .timeout = 5 * CYCLES_PER_SECOND,
        .image_count = PARTS,
        .images = parts};
    struct machine *machine;

    (void)state;
    if (!is_there())
        return;
    machine = build(&plan);
    if (plan_run(&plan, machine) != MACHINE_STOP_HOST_DONE)
        fail_msg("%s", host_reason(machine_host(machine)));
    machine_destroy(machine);
}

static void alone_it_begins_at_its_own_vector_table(void **state)
{
    struct plan plan = {.image_count = 1, .images = parts + PARTS - 1};
    struct machine *machine;
    uint32_t vtor;

    (void)state;
    if (!is_there())
        return;
    machine = build(&plan);
    machine_power_on(machine);
    assert_int_equal(machine_begins_at(machine), APPLICATION);
    assert_true(bus_peek(machine_bus(machine), 0xe000ed08, 4, &vtor));
    assert_int_equal(vtor, APPLICATION);
    assert_int_equal(cpu_get(machine_cpu(machine), CPU_PC) & ~0xfffu, APPLICATION);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_boots_through_boot_record_and_softdevice_and_enumerates),
        cmocka_unit_test(its_serial_port_brings_the_link_up),
        cmocka_unit_test(alone_it_begins_at_its_own_vector_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
