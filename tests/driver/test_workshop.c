/* SPDX-License-Identifier: Apache-2.0 */
/* Each step of the workshop does what it promises: in every build, for every host, silently. */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

static const uint8_t device[18] = {18,   1,    0x00, 0x02, 0,    0, 0, 64, 0x20,
                                   0x20, 0x17, 0x07, 0x00, 0x01, 0, 0, 0,  1};
static const uint8_t configuration[18] = {9, 2, 18, 0, 1, 42, 0, 0xc0, 250,
                                          9, 4, 0,  0, 0, 0,  0, 0,    0};

static const enum host_profile hosts[] = {HOST_LINUX, HOST_WINDOWS, HOST_MACOS};

typedef void promise(struct bench *bench, enum machine_stop stop);

static void check(const char *build, const char *program, enum host_profile host,
                  enum choice_policy dma, promise *kept)
{
    struct bench bench;

    bench_open(&bench, build, program, host, dma);
    kept(&bench, machine_run(bench.machine, 10 * CYCLES_PER_SECOND));
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void check_everywhere(const char *program, promise *kept)
{
    char build[BUILD_NAME_MAX];

    for (unsigned i = 0; bench_build(i, build); i++) {
        for (size_t host = 0; host < sizeof hosts / sizeof hosts[0]; host++)
            check(build, program, hosts[host], CHOICE_REALISTIC, kept);
    }
}

static void expect_success(struct bench *bench, enum machine_stop stop)
{
    bench_expect(bench, stop == MACHINE_STOP_EXIT, "the program ends itself");
    bench_expect(bench, machine_exit_code(bench->machine) == 0, "with success");
}

static void saw_reset_and_setup(struct bench *bench, enum machine_stop stop)
{
    expect_success(bench, stop);
    bench_expect(bench, strcmp(bench->console, "USB reset\nEP0 SETUP\n") == 0,
                 "one reset, then one SETUP");
}

static void understood_the_request(struct bench *bench, enum machine_stop stop)
{
    expect_success(bench, stop);
    bench_expect_printed(bench, "GET_DESCRIPTOR Device [length=");
}

static void sent_the_device_descriptor(struct bench *bench, enum machine_stop stop)
{
    size_t size;
    const uint8_t *bytes = host_device_descriptor(machine_host(bench->machine), &size);

    expect_success(bench, stop);
    bench_expect(bench, size == sizeof device && memcmp(bytes, device, size) == 0,
                 "the host has the device descriptor");
}

static void expect_descriptors(struct bench *bench)
{
    struct host *host = machine_host(bench->machine);
    size_t size;
    const uint8_t *bytes = host_device_descriptor(host, &size);

    bench_expect(bench, size == sizeof device && memcmp(bytes, device, size) == 0,
                 "the host has the device descriptor");
    bytes = host_configuration_descriptor(host, &size);
    bench_expect(bench, size == sizeof configuration && memcmp(bytes, configuration, size) == 0,
                 "the host has the configuration descriptor");
    bench_expect(bench, host_device_address(host) != 0, "the host gave an address");
}

static void was_listed(struct bench *bench, enum machine_stop stop)
{
    bench_expect(bench, stop == MACHINE_STOP_HOST_FAILED, "the host cannot configure it");
    expect_descriptors(bench);
    bench_expect(bench, host_configuration(machine_host(bench->machine)) == 0,
                 "the device is not configured");
}

static void has_configuration(struct bench *bench, enum machine_stop stop)
{
    bench_expect(bench, stop == MACHINE_STOP_HOST_DONE, "the host is done");
    expect_descriptors(bench);
    bench_expect(bench, host_configuration(machine_host(bench->machine)) == 42,
                 "the device has configuration 42");
}

static void was_configured(struct bench *bench, enum machine_stop stop)
{
    has_configuration(bench, stop);
    bench_expect_printed(bench, "SET_CONFIGURATION 42\nconfigured\n");
}

static void usb_1_sees_one_reset_and_one_setup(void **state)
{
    (void)state;
    check_everywhere("usb-1", saw_reset_and_setup);
}

static void usb_2_understands_the_request_for_the_device_descriptor(void **state)
{
    (void)state;
    check_everywhere("usb-2", understood_the_request);
}

static void usb_3_sends_the_device_descriptor(void **state)
{
    (void)state;
    check_everywhere("usb-3", sent_the_device_descriptor);
}

static void usb_4_is_listed_with_its_descriptors(void **state)
{
    (void)state;
    check_everywhere("usb-4", was_listed);
}

static void usb_5_is_configured(void **state)
{
    (void)state;
    check_everywhere("usb-5", was_configured);
}

static void usb_5_is_configured_whatever_the_timing_of_the_dma(void **state)
{
    (void)state;
    for (size_t host = 0; host < sizeof hosts / sizeof hosts[0]; host++) {
        check(FIRMWARE_DEFAULT, "usb-5", hosts[host], CHOICE_EAGER, was_configured);
        check(FIRMWARE_DEFAULT, "usb-5", hosts[host], CHOICE_LAZY, was_configured);
        check(FIRMWARE_DEFAULT, "usb-5", hosts[host], CHOICE_RANDOM, was_configured);
    }
}

static void usb_6_is_configured_by_the_stack(void **state)
{
    (void)state;
    check_everywhere("usb-6", has_configuration);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usb_1_sees_one_reset_and_one_setup),
        cmocka_unit_test(usb_2_understands_the_request_for_the_device_descriptor),
        cmocka_unit_test(usb_3_sends_the_device_descriptor),
        cmocka_unit_test(usb_4_is_listed_with_its_descriptors),
        cmocka_unit_test(usb_5_is_configured),
        cmocka_unit_test(usb_5_is_configured_whatever_the_timing_of_the_dma),
        cmocka_unit_test(usb_6_is_configured_by_the_stack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
