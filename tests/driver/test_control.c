/* SPDX-License-Identifier: Apache-2.0 */
/* Data stages of any length, and their recovery (driver/control.h), with firmware/control-echo.c.
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

enum {
    WRITE = 1,
    READ = 2,
    PATTERN = 3,
    ABORTS = 4,
    TWICE = 5,
    WRITE_TWICE = 8,
    WRITE_SHORT = 9,
    WRITE_LONG = 10
};

/* The host asks for `length` bytes where there are `there`. */
static void expect_answer(struct bench *bench, uint8_t request, uint16_t there, uint16_t length)
{
    uint8_t data[512] = {0};
    size_t size = 0;
    size_t wanted = there < length ? there : length;

    bench_expect(bench, bench_read(bench, request, there, length, data, &size) == CONTROL_DONE,
                 "the read ends well");
    bench_expect(bench, size == wanted, "the host has all bytes and no more");
    for (size_t i = 0; i < wanted; i++)
        bench_expect(bench, data[i] == (uint8_t)(i + 1), "every byte is right");
}

static void expect_pattern(struct bench *bench, uint16_t there, uint16_t length)
{
    expect_answer(bench, PATTERN, there, length);
}

static void reads_of_any_length_arrive(void **state)
{
    static const uint16_t sizes[] = {1, 8, 63, 64, 65, 127, 128, 129, 192, 200, 256};
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        bench_open_reset(&bench, build, "control-echo", CHOICE_REALISTIC);
        for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++)
            expect_pattern(&bench, sizes[n], sizes[n]);
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

/* Also 0, 64, 128 and 256: a full last packet has to be followed by an empty one. */
static void reads_that_yield_less_than_asked_for_end_early(void **state)
{
    static const uint16_t sizes[] = {0, 1, 63, 64, 65, 128, 200, 256};
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        bench_open_reset(&bench, build, "control-echo", CHOICE_REALISTIC);
        for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++)
            expect_pattern(&bench, sizes[n], 512);
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

static void reads_of_less_than_there_is_are_cut(void **state)
{
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    expect_pattern(&bench, 256, 1);
    expect_pattern(&bench, 256, 64);
    expect_pattern(&bench, 256, 65);
    expect_pattern(&bench, 256, 128);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void expect_echo(struct bench *bench, uint16_t size)
{
    uint8_t sent[256];
    uint8_t received[256] = {0};
    size_t count = 0;

    for (unsigned i = 0; i < size; i++)
        sent[i] = (uint8_t)(size + i * 7);
    bench_expect(bench, bench_write(bench, WRITE, size, sent) == CONTROL_DONE, "the write ends");
    bench_expect(bench, bench_read(bench, READ, 0, 256, received, &count) == CONTROL_DONE,
                 "the read ends");
    bench_expect(bench, count == size && memcmp(sent, received, size) == 0,
                 "what was written is read back");
}

static void writes_of_1_to_256_bytes_are_echoed(void **state)
{
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    for (uint16_t size = 1; size <= 256; size++)
        expect_echo(&bench, size);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void writes_are_echoed_in_every_build(void **state)
{
    static const uint16_t sizes[] = {1, 63, 64, 65, 128, 200, 256};
    static const enum choice_policy policies[] = {CHOICE_EAGER, CHOICE_LAZY, CHOICE_RANDOM};
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        bench_open_reset(&bench, build, "control-echo", policies[i % 3]);
        for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++)
            expect_echo(&bench, sizes[n]);
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

static void a_write_that_is_too_long_is_stalled_and_the_next_is_not(void **state)
{
    uint8_t data[257] = {0};
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    bench_expect(&bench, bench_write(&bench, WRITE, 257, data) == CONTROL_STALLED, "it stalls");
    expect_echo(&bench, 256);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_packet_that_is_too_long_is_stalled_and_the_next_is_not(void **state)
{
    uint8_t data[60] = {0};
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    bench_expect(&bench, bench_write(&bench, WRITE_LONG, sizeof data, data) == CONTROL_STALLED,
                 "it stalls");
    expect_echo(&bench, 256);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void an_unknown_request_is_stalled(void **state)
{
    uint8_t data[64];
    size_t size;
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    bench_expect(&bench, bench_read(&bench, 99, 0, 64, data, &size) == CONTROL_STALLED,
                 "it stalls");
    expect_pattern(&bench, 200, 200);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_second_answer_is_refused_and_spoils_nothing(void **state)
{
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    expect_answer(&bench, TWICE, 200, 200);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void check_written_by(uint8_t request)
{
    uint8_t sent[100];
    uint8_t back[256] = {0};
    size_t size = 0;
    struct bench bench;

    memset(sent, 0x5a, sizeof sent);
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    bench_expect(&bench, bench_write(&bench, request, sizeof sent, sent) == CONTROL_DONE,
                 "the write ends well");
    bench_expect(&bench, bench_read(&bench, READ, 0, 256, back, &size) == CONTROL_DONE,
                 "it is read back");
    bench_expect(&bench, size == sizeof sent && memcmp(sent, back, size) == 0, "and right");
    expect_pattern(&bench, 200, 200);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_second_write_is_refused_and_spoils_nothing(void **state)
{
    (void)state;
    check_written_by(WRITE_TWICE);
}

static void a_short_packet_ends_a_write(void **state)
{
    (void)state;
    check_written_by(WRITE_SHORT);
}

static void count_transfer(void *owner, const struct observation *seen)
{
    (void)seen;
    ++*(unsigned *)owner;
}

static void a_read_of_nothing_has_no_data_stage(void **state)
{
    unsigned transfers = 0;
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(DMA_OPEN), count_transfer, &transfers);
    bench_expect(&bench, bench_read(&bench, PATTERN, 256, 0, NULL, NULL) == CONTROL_DONE,
                 "the request is accepted");
    bench_expect(&bench, transfers == 0, "and no packet was started");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void see_start(void *owner, const struct observation *seen)
{
    enum { TASK_STARTEPIN0 = 0x40027004 };

    *(unsigned *)owner += seen->mmio.address == TASK_STARTEPIN0;
}

static void a_read_that_yields_less_ends_with_one_empty_packet(void **state)
{
    unsigned starts = 0;
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(MMIO_WRITE), see_start, &starts);
    expect_pattern(&bench, 128, 200);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    bench_expect(&bench, starts == 3, "behind two that are full");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_data_stage_that_ended_is_not_told_as_cut_off(void **state)
{
    uint8_t count = 0xff;
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "control-echo", CHOICE_REALISTIC);
    expect_pattern(&bench, 200, 200);
    expect_echo(&bench, 200);
    bench_reset(&bench);
    bench_expect(&bench, bench_read(&bench, ABORTS, 0, 1, &count, NULL) == CONTROL_DONE,
                 "the count is told");
    bench_expect(&bench, count == 0, "nothing was cut off");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_of_any_length_arrive),
        cmocka_unit_test(reads_that_yield_less_than_asked_for_end_early),
        cmocka_unit_test(reads_of_less_than_there_is_are_cut),
        cmocka_unit_test(writes_of_1_to_256_bytes_are_echoed),
        cmocka_unit_test(writes_are_echoed_in_every_build),
        cmocka_unit_test(a_write_that_is_too_long_is_stalled_and_the_next_is_not),
        cmocka_unit_test(a_packet_that_is_too_long_is_stalled_and_the_next_is_not),
        cmocka_unit_test(an_unknown_request_is_stalled),
        cmocka_unit_test(a_second_answer_is_refused_and_spoils_nothing),
        cmocka_unit_test(a_second_write_is_refused_and_spoils_nothing),
        cmocka_unit_test(a_short_packet_ends_a_write),
        cmocka_unit_test(a_read_of_nothing_has_no_data_stage),
        cmocka_unit_test(a_read_that_yields_less_ends_with_one_empty_packet),
        cmocka_unit_test(a_data_stage_that_ended_is_not_told_as_cut_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
