/* SPDX-License-Identifier: Apache-2.0 */
/* What the calls of driver/ep0out.h refuse, and that a refusal changes nothing, in every build. */
#include "driver/status.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

/* firmware/ep0out-refusals.c */
enum {
    REPORT = 0,
    SECOND_ACCEPT = 1,
    START_OF_NOTHING = 2,
    EARLY_START = 3,
    SECOND_START = 4,
    ACCEPT_AFTER_START = 5,
    END_OF_NOTHING = 6,
    LITTLE_ROOM = 7,
    GIVE_UP = 8,
    GIVE_UP_AND_ACCEPT = 9,
    GIVE_UP_AND_SEND = 10,
    WAIT_FOR_WRITE = 11,
};

enum { REPORT_SIZE = 64, PACKET_SIZE = 60 };

struct report {
    uint8_t status;
    uint8_t refused;
    uint8_t size;
    uint8_t events;
    uint8_t received[PACKET_SIZE];
};

static struct report fetch_report(struct bench *bench)
{
    struct report report = {0};
    uint8_t data[REPORT_SIZE] = {0};
    size_t size = 0;

    bench_expect(bench, bench_read(bench, REPORT, 0, sizeof data, data, &size) == CONTROL_DONE,
                 "the next request is answered");
    bench_expect(bench, size == sizeof report, "with the whole report");
    memcpy(&report, data, sizeof report);
    return report;
}

static void fill(uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(i * 3 + 1);
}

/* The misuse is refused with `status`, and the packet arrives as it would without it. */
static struct report expect_refused(struct bench *bench, uint8_t misuse, enum usbd_status status)
{
    uint8_t data[PACKET_SIZE];
    struct report report;

    fill(data, sizeof data);
    bench_expect(bench, bench_write(bench, misuse, sizeof data, data) == CONTROL_DONE,
                 "the write ends well");
    report = fetch_report(bench);
    bench_expect(bench, report.status == status, "the misuse was refused with the right status");
    bench_expect(bench, report.size == sizeof data, "a packet arrives");
    bench_expect(bench, memcmp(report.received, data, sizeof data) == 0, "with the right bytes");
    bench_expect_clean(bench);
    return report;
}

static struct report is_refused(uint8_t misuse, enum usbd_status status)
{
    struct report report;
    struct bench bench;

    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0out-refusals", CHOICE_REALISTIC);
    report = expect_refused(&bench, misuse, status);
    bench_close(&bench);
    return report;
}

static void a_second_accept_is_refused(void **state)
{
    (void)state;
    (void)is_refused(SECOND_ACCEPT, USBD_BUSY);
}

static void a_start_without_an_accept_is_refused(void **state)
{
    (void)state;
    (void)is_refused(START_OF_NOTHING, USBD_IDLE);
}

static void a_start_before_the_packet_is_there_is_refused(void **state)
{
    (void)state;
    (void)is_refused(EARLY_START, USBD_NOT_DONE);
}

static void a_second_start_is_refused(void **state)
{
    (void)state;
    (void)is_refused(SECOND_START, USBD_BUSY);
}

static void an_accept_before_the_packet_was_taken_is_refused(void **state)
{
    (void)state;
    (void)is_refused(ACCEPT_AFTER_START, USBD_BUSY);
}

static void an_end_without_a_start_is_refused(void **state)
{
    (void)state;
    (void)is_refused(END_OF_NOTHING, USBD_IDLE);
}

static void a_packet_that_does_not_fit_is_refused_and_can_be_fetched_again(void **state)
{
    (void)state;
    assert_int_equal(is_refused(LITTLE_ROOM, USBD_TOO_LONG).refused, PACKET_SIZE);
}

static void each_is_refused_in_every_build_one_after_the_other(void **state)
{
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        bench_open_reset(&bench, build, "ep0out-refusals", CHOICE_REALISTIC);
        bench_slow_host(&bench); /* so that the packet of EARLY_START is late in every build */
        (void)expect_refused(&bench, SECOND_ACCEPT, USBD_BUSY);
        (void)expect_refused(&bench, START_OF_NOTHING, USBD_IDLE);
        (void)expect_refused(&bench, EARLY_START, USBD_NOT_DONE);
        (void)expect_refused(&bench, SECOND_START, USBD_BUSY);
        (void)expect_refused(&bench, ACCEPT_AFTER_START, USBD_BUSY);
        (void)expect_refused(&bench, END_OF_NOTHING, USBD_IDLE);
        (void)expect_refused(&bench, LITTLE_ROOM, USBD_TOO_LONG);
        bench_close(&bench);
    }
}

static void a_packet_given_up_is_not_told_when_it_arrives(void **state)
{
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0out-refusals", CHOICE_REALISTIC);
    bench_begin_write(&bench, GIVE_UP, PACKET_SIZE);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    bench_expect(&bench, bench_register(&bench, 0x40027128) == 0, "EP0DATADONE is clear again");
    host_abandon(machine_host(bench.machine));
    bench_expect(&bench, fetch_report(&bench).events == 0, "no event was told");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_packet_given_up_is_not_taken_for_the_next(void **state)
{
    uint8_t data[64 + PACKET_SIZE];
    struct report report;
    struct bench bench;

    (void)state;
    fill(data, sizeof data);
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0out-refusals", CHOICE_REALISTIC);
    bench_expect(&bench, bench_write(&bench, GIVE_UP_AND_ACCEPT, sizeof data, data) == CONTROL_DONE,
                 "the write ends well");
    report = fetch_report(&bench);
    assert_int_equal(report.status, USBD_NOT_DONE);
    assert_int_equal(report.size, PACKET_SIZE);
    assert_memory_equal(report.received, data + 64, PACKET_SIZE);
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* The rule of the only finding; RULE_COUNT: there is another number of them. */
static unsigned only_rule(const struct bench *bench)
{
    return checker_finding_count(bench->checker) == 1 ? checker_finding(bench->checker, 0)->rule
                                                      : RULE_COUNT;
}

static void a_packet_given_up_does_not_end_one_to_the_host(void **state)
{
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0out-refusals", CHOICE_REALISTIC);
    bench_begin_write(&bench, GIVE_UP_AND_SEND, PACKET_SIZE);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    host_abandon(machine_host(bench.machine));
    bench_expect(&bench, fetch_report(&bench).status == USBD_NOT_DONE, "the end is refused");
    bench_expect(&bench, only_rule(&bench) == RULE_USB003, "only the direction is wrong");
    bench_close(&bench);
}

/* The host asks for a read, which it is not given, as the device waits for a write. */
static void endpoint_0_is_idle_when_a_bus_reset_is_told(void **state)
{
    struct bench bench;

    (void)state;
    bench_open_reset(&bench, FIRMWARE_DEFAULT, "ep0out-refusals", CHOICE_REALISTIC);
    bench_begin_read(&bench, WAIT_FOR_WRITE, 0, PACKET_SIZE);
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    bench_reset(&bench);
    bench_expect(&bench, fetch_report(&bench).status == USBD_IDLE, "the endpoint is idle");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_accept_is_refused),
        cmocka_unit_test(a_start_without_an_accept_is_refused),
        cmocka_unit_test(a_start_before_the_packet_is_there_is_refused),
        cmocka_unit_test(a_second_start_is_refused),
        cmocka_unit_test(an_accept_before_the_packet_was_taken_is_refused),
        cmocka_unit_test(an_end_without_a_start_is_refused),
        cmocka_unit_test(a_packet_that_does_not_fit_is_refused_and_can_be_fetched_again),
        cmocka_unit_test(each_is_refused_in_every_build_one_after_the_other),
        cmocka_unit_test(a_packet_given_up_is_not_told_when_it_arrives),
        cmocka_unit_test(a_packet_given_up_is_not_taken_for_the_next),
        cmocka_unit_test(a_packet_given_up_does_not_end_one_to_the_host),
        cmocka_unit_test(endpoint_0_is_idle_when_a_bus_reset_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
