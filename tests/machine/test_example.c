/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An example to copy: a test of your own firmware.
 *
 * It loads an ELF as it would be flashed, lets a Linux host enumerate it, makes a control transfer
 * of its own and asks for findings. Link it with the libraries of all layers, as the Makefile does
 * for tests/machine.
 */
#include "tests/cmocka.h"

#include "sim/base/text.h"
#include "sim/check/checker.h"
#include "sim/report/report.h"
#include "sim/soc/machine.h"

#define FIRMWARE FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-5.elf"

struct bench {
    struct machine *machine;
    struct checker *checker;
};

/* Given a machine with the firmware in its flash, enumerated. */
static int enumerate(void **state)
{
    static struct bench bench;
    const struct machine_options options = {.host = HOST_LINUX, .dma = CHOICE_REALISTIC};
    struct failure failure;

    if (machine_create(&bench.machine, &options, &failure) != STATUS_OK ||
        machine_load(bench.machine, FIRMWARE, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    /* Detectors subscribe before the machine runs. */
    bench.checker =
        checker_create(machine_trace(bench.machine), machine_state(bench.machine), NULL);

    machine_power_on(bench.machine);
    assert_int_equal(machine_run(bench.machine, 2 * CYCLES_PER_SECOND), MACHINE_STOP_HOST_DONE);
    *state = &bench;
    return 0;
}

static int switch_off(void **state)
{
    struct bench *bench = *state;

    checker_destroy(bench->checker);
    machine_destroy(bench->machine);
    return 0;
}

/* A finding fails the test with the whole report. */
static void assert_no_findings(struct bench *bench)
{
    const struct report_options options = {.trace = machine_trace(bench->machine),
                                           .image = machine_image(bench->machine)};
    struct text text = {0};

    for (unsigned i = 0; i < checker_finding_count(bench->checker); i++)
        report_finding(&text, checker_finding(bench->checker, i), &options);
    if (text.length)
        fail_msg("%s", text_string(&text));
}

static void the_host_configures_the_device(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(host_configuration(machine_host(bench->machine)), 42);
    assert_no_findings(bench);
}

static void the_device_descriptor_can_be_read_again(void **state)
{
    static const uint8_t get_device_descriptor[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
    struct bench *bench = *state;
    uint8_t descriptor[18];
    size_t size;

    assert_int_equal(machine_control(bench->machine, get_device_descriptor, descriptor, &size,
                                     CYCLES_PER_SECOND),
                     CONTROL_DONE);
    assert_int_equal(size, 18);
    assert_int_equal(descriptor[8] | descriptor[9] << 8, 0x2020);   /* idVendor */
    assert_int_equal(descriptor[10] | descriptor[11] << 8, 0x0717); /* idProduct */
    assert_no_findings(bench);
}

static void an_unknown_request_is_stalled(void **state)
{
    static const uint8_t vendor_request[8] = {0xc0, 0x77, 0, 0, 0, 0, 4, 0};
    struct bench *bench = *state;
    uint8_t bytes[4];

    assert_int_equal(
        machine_control(bench->machine, vendor_request, bytes, NULL, CYCLES_PER_SECOND),
        CONTROL_STALLED);
    assert_no_findings(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_host_configures_the_device, enumerate, switch_off),
        cmocka_unit_test_setup_teardown(the_device_descriptor_can_be_read_again, enumerate,
                                        switch_off),
        cmocka_unit_test_setup_teardown(an_unknown_request_is_stalled, enumerate, switch_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
