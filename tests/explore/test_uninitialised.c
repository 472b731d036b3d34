/* SPDX-License-Identifier: Apache-2.0 */
/* BUF005: bytes nothing has written, found by comparing two runs on the wire. */
#include "tests/explore/programs.h"

#include "sim/explore/checked.h"
#include "sim/explore/uninitialised.h"

/* A run, and what the search adds to it. */
struct searched {
    struct program program;
    struct machine *machine;
    struct checker *checker;
    struct wire_log log;
    struct uninitialised result;
};

static struct searched searched;

static void runs(const char *name)
{
    searched = (struct searched){.machine = NULL};
    program_open(&searched.program, name);
    searched.machine = program_build(&searched.program.plan);
    searched.checker = checked_attach(searched.machine, NULL);
    wire_log_attach(&searched.log, machine_trace(searched.machine));
    (void)plan_run(&searched.program.plan, searched.machine);
}

static void searches(void)
{
    struct failure failure;

    if (uninitialised_search(&searched.program.plan, &searched.log, searched.checker,
                             &searched.result, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
}

static int forget(void **state)
{
    (void)state;
    wire_log_free(&searched.log);
    checker_destroy(searched.checker);
    machine_destroy(searched.machine);
    return 0;
}

static const struct finding *buf005(void)
{
    for (unsigned i = 0; i < checker_finding_count(searched.checker); i++) {
        if (checker_finding(searched.checker, i)->rule == RULE_BUF005)
            return checker_finding(searched.checker, i);
    }
    return NULL;
}

static void the_unfilled_rest_of_a_buffer_is_reported_byte_by_byte(void **state)
{
    const struct finding *finding;

    (void)state;
    runs("ep0-half-filled-block");
    assert_null(buf005());
    searches();

    finding = buf005();
    assert_non_null(finding);
    assert_int_equal(finding->kind, FINDING_EVENT);
    assert_int_equal(finding->transfer.window.size, 64);
    assert_int_equal(finding->site.pc, finding->transfer.start.pc);
    assert_int_equal(finding->transfer.number, finding->latest);
    for (uint32_t i = 0; i < 64; i++)
        assert_int_equal(finding_touched(finding, i), i >= 18); /* a device descriptor has 18 */
    assert_int_equal(finding->touched_low, 18);
    assert_int_equal(finding->touched_high, 63);
    assert_int_equal(finding->about.start, finding->transfer.window.start + 18);
    assert_int_equal(finding->about.size, 46);
}

static void the_story_of_the_transfer_is_told_to_its_end(void **state)
{
    (void)state;
    runs("ep0-half-filled-block");
    searches();

    assert_int_equal(buf005()->transfer.moved, 64);
    assert_true(buf005()->transfer.ended != SIM_TIME_NEVER);
    assert_int_equal(buf005()->transfer.fate, TRANSFER_OBSERVED);
}

static void bytes_that_leave_by_a_uart_are_reported_too(void **state)
{
    const struct finding *finding;

    (void)state;
    runs("uarte-padding-leaks");
    searches();

    finding = buf005();
    assert_non_null(finding);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(finding_touched(finding, i), i >= 1 && i < 4); /* the padding */
}

/* What goes out of an SPI while as many bytes come in is often anything, and nobody minds. */
static void bytes_that_spi_exchanges_are_not_judged(void **state)
{
    (void)state;
    runs("spim-receives-into-the-past-repaired");
    searches();

    assert_null(buf005());
    assert_true(searched.log.serial.count > 0);
    assert_true(searched.log.serial.packet[0].exchange > 0);
}

static void the_repaired_twin_is_silent(void **state)
{
    (void)state;
    runs("ep0-half-filled-block-repaired");
    searches();

    assert_null(buf005());
    assert_false(searched.result.diverged);
}

static void correct_firmware_is_compared_to_the_last_packet(void **state)
{
    (void)state;
    runs("usb-5");
    searches();

    assert_null(buf005());
    assert_false(searched.result.diverged);
    assert_true(searched.log.usb.count > 5);
    assert_int_equal(searched.result.compared, searched.log.usb.count);
}

static void whatever_pattern_the_first_run_had_the_second_has_another(void **state)
{
    (void)state;
    runs("ep0-half-filled-block");
    forget(NULL);
    program_open(&searched.program, "ep0-half-filled-block");
    searched.program.plan.machine.ram_pattern = 0xa5;
    searched.log = (struct wire_log){0};
    searched.machine = program_build(&searched.program.plan);
    searched.checker = checked_attach(searched.machine, NULL);
    wire_log_attach(&searched.log, machine_trace(searched.machine));
    (void)plan_run(&searched.program.plan, searched.machine);
    searches();

    assert_non_null(buf005());
}

/* A firmware that takes another way sends other packets, at other times, or fewer. */
static void a_packet_at_another_time_is_another_course_of_events(void **state)
{
    (void)state;
    runs("usb-5");
    searched.log.usb.packet[3].when++;
    searches();

    assert_true(searched.result.diverged);
    assert_int_equal(searched.result.compared, 3);
    assert_true(searched.result.when == searched.log.usb.packet[3].when);
    assert_null(buf005());
}

static void a_packet_more_is_another_course_of_events(void **state)
{
    (void)state;
    runs("usb-5");
    searched.log.usb.count--;
    searches();

    assert_true(searched.result.diverged);
    assert_int_equal(searched.result.compared, searched.log.usb.count);
}

static void a_rule_that_is_off_is_silent(void **state)
{
    const struct checked_options options = {.checker.rules_off = rule_bit(RULE_BUF005)};

    (void)state;
    runs("ep0-half-filled-block");
    checker_destroy(searched.checker);
    machine_destroy(searched.machine);
    searched.machine = program_build(&searched.program.plan);
    searched.checker = checked_attach(searched.machine, &options);
    searches();

    assert_null(buf005());
}

static void an_image_that_is_gone_is_told(void **state)
{
    struct failure failure;

    (void)state;
    runs("usb-5");
    searched.program.path[0] = '?';

    assert_int_equal(uninitialised_search(&searched.program.plan, &searched.log, searched.checker,
                                          &searched.result, &failure),
                     STATUS_FILE_MISSING);
}

#define SEARCHING(test) cmocka_unit_test_teardown(test, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEARCHING(the_unfilled_rest_of_a_buffer_is_reported_byte_by_byte),
        SEARCHING(the_story_of_the_transfer_is_told_to_its_end),
        SEARCHING(bytes_that_leave_by_a_uart_are_reported_too),
        SEARCHING(bytes_that_spi_exchanges_are_not_judged),
        SEARCHING(the_repaired_twin_is_silent),
        SEARCHING(correct_firmware_is_compared_to_the_last_packet),
        SEARCHING(whatever_pattern_the_first_run_had_the_second_has_another),
        SEARCHING(a_packet_at_another_time_is_another_course_of_events),
        SEARCHING(a_packet_more_is_another_course_of_events),
        SEARCHING(a_rule_that_is_off_is_silent),
        SEARCHING(an_image_that_is_gone_is_told),
    };

    return cmocka_run_group_tests_name("uninitialised", tests, NULL, NULL);
}
