/* SPDX-License-Identifier: Apache-2.0 */
/* Each seeded bug is reported on its line in every build, and its repaired twin is silent. */
#include "sim/report/report.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <stdio.h>
#include <string.h>

#define BUG "usb-3-memcpy-after-start"

/* Writes "BUG.c:LINE" of the line that is marked with the rule. */
static void marked_place(char *place, size_t room)
{
    FILE *source = fopen("firmware/bugs/" BUG ".c", "r");
    char line[256];
    unsigned number = 1;

    assert_non_null(source);
    while (fgets(line, sizeof line, source) && !strstr(line, "// expect: DMA001"))
        number++;
    fclose(source);
    snprintf(place, room, "%s.c:%u", BUG, number);
}

static void expect_report(struct bench *bench, const char *place)
{
    const struct report_options options = {.trace = machine_trace(bench->machine),
                                           .image = machine_image(bench->machine)};
    struct text text = {0};

    bench_expect(bench, checker_finding_count(bench->checker) == 1, "there is one finding");
    const struct finding *finding = checker_finding(bench->checker, 0);
    report_finding(&text, finding, &options);
    bench_expect(bench, finding->rule == RULE_DMA001, "it is of rule DMA001");
    if (!strstr(text_string(&text), place))
        print_error("%s", text_string(&text));
    bench_expect(bench, strstr(text_string(&text), place) != NULL, place);
    text_free(&text);
}

static void memcpy_after_start_is_reported_on_its_line_in_every_build(void **state)
{
    char build[BUILD_NAME_MAX];
    char place[64];
    struct bench bench;

    (void)state;
    marked_place(place, sizeof place);
    for (unsigned i = 0; bench_build(i, build); i++) {
        bench_open(&bench, build, BUG, HOST_LINUX, CHOICE_REALISTIC);
        (void)!machine_run(bench.machine, 10 * CYCLES_PER_SECOND);
        expect_report(&bench, place);
        bench_close(&bench);
    }
}

static void the_repaired_twin_is_silent_in_every_build(void **state)
{
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        bench_open(&bench, build, BUG "-repaired", HOST_LINUX, CHOICE_REALISTIC);
        bench_expect(&bench,
                     machine_run(bench.machine, 10 * CYCLES_PER_SECOND) == MACHINE_STOP_EXIT &&
                         machine_exit_code(bench.machine) == 0,
                     "it ends with success");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

/* Whether the host receives the device descriptor as it stands in flash. */
static bool right_bytes_arrive(const char *build, const char *program, enum choice_policy dma)
{
    static const uint8_t get_device_descriptor[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
    static const uint8_t right[18] = {18,   1,    0x00, 0x02, 0,    0, 0, 64, 0x20,
                                      0x20, 0x17, 0x07, 0x00, 0x01, 0, 0, 0,  1};
    uint8_t data[18] = {0};
    size_t size = 0;
    struct bench bench;

    bench_open_reset(&bench, build, program, dma);
    bench_expect(&bench,
                 machine_control(bench.machine, get_device_descriptor, data, &size,
                                 CYCLES_PER_SECOND) == CONTROL_DONE,
                 "the request is answered");
    bench_close(&bench);
    return size == sizeof right && memcmp(data, right, size) == 0;
}

static void memcpy_after_start_sends_stale_bytes_when_the_dma_is_fast(void **state)
{
    char build[BUILD_NAME_MAX];

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        assert_false(right_bytes_arrive(build, BUG, CHOICE_EAGER));
        assert_true(right_bytes_arrive(build, BUG "-repaired", CHOICE_EAGER));
    }
}

/* Why nobody finds it on a board: slow enough an engine reads the new bytes every time. */
static void memcpy_after_start_goes_unnoticed_when_the_dma_is_slow(void **state)
{
    (void)state;
    assert_true(right_bytes_arrive(FIRMWARE_DEFAULT, BUG, CHOICE_LAZY));
    assert_true(right_bytes_arrive(FIRMWARE_DEFAULT, BUG "-repaired", CHOICE_LAZY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memcpy_after_start_is_reported_on_its_line_in_every_build),
        cmocka_unit_test(the_repaired_twin_is_silent_in_every_build),
        cmocka_unit_test(memcpy_after_start_sends_stale_bytes_when_the_dma_is_fast),
        cmocka_unit_test(memcpy_after_start_goes_unnoticed_when_the_dma_is_slow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
