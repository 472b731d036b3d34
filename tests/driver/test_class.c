/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The class firmware: every host configures each program, and a host that speaks its class is
 * content with it, in every build, whatever the timing of EasyDMA and the revision of the chip.
 * Nothing is found meanwhile.
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <stdio.h>
#include <string.h>

static const struct program {
    const char *name;
    enum host_talk talk;
} programs[] = {
    {"cdc-echo", TALK_CDC},      {"hid-keyboard", TALK_HID}, {"mass-storage", TALK_MSC},
    {"loopback", TALK_LOOPBACK}, {"composite", TALK_HID},
};
enum { PROGRAMS = sizeof programs / sizeof programs[0] };

static const enum host_profile hosts[] = {HOST_LINUX, HOST_WINDOWS, HOST_MACOS};
static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER, CHOICE_LAZY,
                                              CHOICE_RANDOM};

static void expect_done(const char *build, const char *program,
                        const struct machine_options *options)
{
    struct bench bench;

    bench_open_with(&bench, build, program, options);
    enum machine_stop stop = machine_run(bench.machine, 20 * CYCLES_PER_SECOND);
    bench_expect(&bench, stop == MACHINE_STOP_HOST_DONE, host_reason(machine_host(bench.machine)));
    bench_expect(&bench, host_configuration(machine_host(bench.machine)) == 1,
                 "the device has configuration 1");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void expect_configured(const char *build, const char *program, enum host_profile host)
{
    const struct machine_options options = {.host = host, .ram_pattern = 0xa5};

    expect_done(build, program, &options);
}

/* Each build meets each program, and each host in turn. */
static void every_host_configures_every_program_in_every_build(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        for (unsigned n = 0; n < PROGRAMS; n++)
            expect_configured(build, programs[n].name, hosts[(i + n) % 3]);
    }
}

static void expect_talk(const char *build, const struct program *program, enum choice_policy dma,
                        enum silicon_revision revision)
{
    const struct machine_options options = {
        .talk = program->talk, .dma = dma, .ram_pattern = 0xa5, .silicon = silicon_of(revision)};

    expect_done(build, program->name, &options);
}

static void a_host_that_speaks_the_class_is_content_in_every_build(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++)
        expect_talk(build, &programs[i % PROGRAMS], policies[i / PROGRAMS % 4], SILICON_IDEAL);
}

static void a_host_that_speaks_the_class_is_content_at_any_pace_of_the_dma(void **state)
{
    (void)state;
    for (unsigned n = 0; n < PROGRAMS; n++)
        expect_talk(FIRMWARE_DEFAULT, &programs[n], n % 2 ? CHOICE_LAZY : CHOICE_EAGER,
                    SILICON_IDEAL);
}

static void errata_change_nothing(void **state)
{
    (void)state;
    for (unsigned n = 0; n < PROGRAMS; n++)
        expect_talk(FIRMWARE_DEFAULT, &programs[n], CHOICE_REALISTIC, SILICON_ENG_A);
    expect_talk(FIRMWARE_DEFAULT, &programs[1], CHOICE_REALISTIC, SILICON_REV3);
    expect_talk(FIRMWARE_DEFAULT, &programs[PROGRAMS - 1], CHOICE_REALISTIC, SILICON_REV3);
}

/* Line coding, breaks, halts, a configuration set again, a bus reset in the middle. */
static void the_serial_port_survives_a_long_conversation(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        const struct machine_options options = {.host = HOST_SCRIPT,
                                                .host_script =
                                                    "tests/driver/conversations/cdc-echo.usb",
                                                .dma = policies[i % 4],
                                                .ram_pattern = 0xa5};

        expect_done(build, "cdc-echo", &options);
    }
}

static void the_disk_recovers_from_a_command_given_up(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i += 3) {
        const struct machine_options options = {.host = HOST_SCRIPT,
                                                .host_script =
                                                    "tests/driver/conversations/disk-recovery.usb",
                                                .dma = policies[i % 4]};

        expect_done(build, "mass-storage", &options);
    }
}

static void a_damaged_isochronous_packet_does_not_stop_the_next_one(void **state)
{
    const struct machine_options options = {
        .host = HOST_SCRIPT,
        .host_script = "tests/driver/conversations/isochronous-damaged.usb",
    };
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i += 3)
        expect_done(build, "loopback", &options);
}

/* Without VBUS a device must not feed D+ (USB 2.0, 7.1.5.1), and has no use for the crystal. */
static void a_pulled_plug_switches_usbd_off_until_there_is_another_host(void **state)
{
    const struct machine_options options = {
        .host = HOST_SCRIPT,
        .host_script = "tests/driver/conversations/unplugged.usb",
        .dma = CHOICE_LAZY, /* something is on its way whenever the plug is pulled */
    };
    const guest_addr enable = 0x40027500;
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i += 3) {
        struct bench bench;

        bench_open_with(&bench, build, i % 2 ? "composite" : "cdc-echo", &options);
        enum machine_stop stop = machine_run(bench.machine, 20 * CYCLES_PER_SECOND);
        bench_expect(&bench, stop == MACHINE_STOP_HOST_DONE,
                     host_reason(machine_host(bench.machine)));
        bench_expect(&bench, bench_register(&bench, enable) == 0, "USBD is off");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_host_configures_every_program_in_every_build),
        cmocka_unit_test(a_host_that_speaks_the_class_is_content_in_every_build),
        cmocka_unit_test(a_host_that_speaks_the_class_is_content_at_any_pace_of_the_dma),
        cmocka_unit_test(errata_change_nothing),
        cmocka_unit_test(the_serial_port_survives_a_long_conversation),
        cmocka_unit_test(the_disk_recovers_from_a_command_given_up),
        cmocka_unit_test(a_damaged_isochronous_packet_does_not_stop_the_next_one),
        cmocka_unit_test(a_pulled_plug_switches_usbd_off_until_there_is_another_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
