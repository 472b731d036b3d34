/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Correct programs in unusual styles (tests/driver/firmware/unusual-*.c): nothing is found in them,
 * in any build, with all that the image tells of its variables.
 */
#include "sim/explore/checked.h"
#include "sim/report/report.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <stdio.h>

static const struct unusual {
    const char *program;
    const char *script; /* NULL: Linux enumerates */
    const char *uart;   /* what is plugged into uart0; NULL: nothing special */
} programs[] = {
    {"unusual-buffers", NULL, "loopback"},
    {"unusual-threads", NULL, NULL},
    {"unusual-endpoint0", "tests/driver/conversations/unusual-endpoint0.usb", NULL},
};

static void expect_nothing(struct machine *machine, const struct checker *checker,
                           const char *where)
{
    const struct report_options options = {.trace = machine_trace(machine),
                                           .image = machine_image(machine)};
    enum machine_stop stop = machine_run(machine, 2 * CYCLES_PER_SECOND);
    struct text text = {0};

    if (stop != MACHINE_STOP_HOST_DONE &&
        (stop != MACHINE_STOP_EXIT || machine_exit_code(machine) != 0))
        fail_msg("%s does not come to its end", where);
    if (!checker_finding_count(checker))
        return;
    report_finding(&text, checker_finding(checker, 0), &options);
    print_error("%s", text_string(&text));
    text_free(&text);
    fail_msg("%s is correct, and something is found", where);
}

static void run(const struct unusual *unusual, const char *build, enum choice_policy dma)
{
    const struct machine_options options = {
        .dma = dma,
        .ram_pattern = 0xa5,
        .host = unusual->script ? HOST_SCRIPT : HOST_LINUX,
        .host_script = unusual->script,
        .board.port[PORT_UART0] = unusual->uart,
    };
    struct machine *machine;
    struct checker *checker;
    struct failure failure;
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s/%s.elf", FIRMWARE_DIR, build, unusual->program);
    if (machine_create(&machine, &options, &failure) != STATUS_OK ||
        machine_load(machine, path, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    checker = checked_attach(machine, NULL);
    machine_power_on(machine);
    checker_reset(checker);
    expect_nothing(machine, checker, path);
    assert_true(checker_counted(checker)->windows > 5);
    machine_destroy(machine);
    checker_destroy(checker);
}

static void nothing_is_found_in_correct_programs_of_unusual_style(void **state)
{
    /* At its slowest EasyDMA loses bytes of a UART. */
    static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER};
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++)
        for (unsigned n = 0; n < sizeof programs / sizeof programs[0]; n++)
            run(&programs[n], build, policies[(i + n) % 2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_in_correct_programs_of_unusual_style),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
