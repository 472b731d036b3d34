/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The class firmware: every host configures each program in every build, and a conversation with
 * each goes as it should, silently, whatever the timing of EasyDMA.
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <stdio.h>
#include <string.h>

static const char *const programs[] = {"cdc-echo"};
static const enum host_profile hosts[] = {HOST_LINUX, HOST_WINDOWS, HOST_MACOS};
static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER, CHOICE_LAZY,
                                              CHOICE_RANDOM};

enum { PROGRAMS = sizeof programs / sizeof programs[0] };

static void expect_configured(const char *build, const char *program, enum host_profile host)
{
    struct bench bench;

    bench_open(&bench, build, program, host, CHOICE_REALISTIC);
    bench_expect(&bench,
                 machine_run(bench.machine, 10 * CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "the host is done");
    bench_expect(&bench, host_configuration(machine_host(bench.machine)) == 1,
                 "the device has configuration 1");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* Each build meets each program and each host, in turn. */
static void every_host_configures_every_program_in_every_build(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        for (unsigned n = 0; n < PROGRAMS; n++)
            expect_configured(build, programs[n], hosts[(i + n) % 3]);
    }
    for (unsigned n = 0; n < PROGRAMS; n++) {
        for (unsigned host = 0; host < 3; host++)
            expect_configured(FIRMWARE_DEFAULT, programs[n], hosts[host]);
    }
}

static void expect_conversation(const char *build, const char *program, enum choice_policy dma)
{
    struct bench bench;
    char script[128];

    snprintf(script, sizeof script, "tests/driver/conversations/%s.usb", program);
    bench_open_script(&bench, build, program, script, dma);
    enum machine_stop stop = machine_run(bench.machine, 20 * CYCLES_PER_SECOND);
    bench_expect(&bench, stop == MACHINE_STOP_HOST_DONE, host_reason(machine_host(bench.machine)));
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void the_conversation_with_every_program_goes_well_at_any_pace_of_the_dma(void **state)
{
    (void)state;
    for (unsigned n = 0; n < PROGRAMS; n++) {
        for (unsigned policy = 0; policy < 4; policy++)
            expect_conversation(FIRMWARE_DEFAULT, programs[n], policies[policy]);
    }
}

static void the_conversation_with_every_program_goes_well_in_every_build(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++)
        expect_conversation(build, programs[i % PROGRAMS], policies[i % 4]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_host_configures_every_program_in_every_build),
        cmocka_unit_test(the_conversation_with_every_program_goes_well_at_any_pace_of_the_dma),
        cmocka_unit_test(the_conversation_with_every_program_goes_well_in_every_build),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
