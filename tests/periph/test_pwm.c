/* SPDX-License-Identifier: Apache-2.0 */
/* PWM, poked without a CPU (PS v1.7, 6.17). Offsets are typed as numbers. */
#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/pwm.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <string.h>

/* COUNTERTOP 100 at 16 MHz: 400 cycles a period. */
enum { BASE = 0x4001c000, PERIOD = 400, LINE = 28, REPORTS = 256 };

enum { /* offsets */
       STOP = 0x004,
       SEQSTART0 = 0x008,
       SEQSTART1 = 0x00c,
       NEXTSTEP = 0x010,
       STOPPED = 0x104,
       SEQSTARTED0 = 0x108,
       SEQEND0 = 0x110,
       SEQEND1 = 0x114,
       PWMPERIODEND = 0x118,
       LOOPSDONE = 0x11c,
       SHORTS = 0x200,
       ENABLE = 0x500,
       MODE = 0x504,
       COUNTERTOP = 0x508,
       PRESCALER = 0x50c,
       DECODER = 0x510,
       LOOP = 0x514,
       SEQ0 = 0x520, /* PTR, CNT, REFRESH, ENDDELAY */
       SEQ1 = 0x540,
};

static struct serial_bench *bench;
static struct pwm pwm;
static unsigned reports;
static struct {
    sim_time when;
    struct obs_pwm pwm;
} report[REPORTS];

static void see(void *owner, const struct observation *seen)
{
    (void)owner;
    assert_true(reports < REPORTS);
    report[reports].when = seen->when;
    report[reports++].pwm = seen->pwm;
}

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static void pass(sim_time cycles)
{
    serial_pass(bench, cycles);
}

static int power_up(void **state)
{
    (void)state;
    bench = serial_bench_new(NULL, BASE);
    pwm_init(&pwm, &bench->chip->fabric, &pwm_spec[0]);
    trace_subscribe(&bench->chip->trace, TRACE_KIND(PWM), see, NULL);
    reports = 0;
    write_at(0x560, 13); /* PSEL.OUT[0] */
    write_at(COUNTERTOP, 100);
    write_at(ENABLE, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

/* Describes a sequence of `count` values at `at`: first, first + 1, ... */
static void describe(uint32_t sequence, uint32_t at, uint32_t count, uint16_t first)
{
    for (uint32_t i = 0; i < count; i++)
        store_le16(serial_ram(bench, SERIAL_BUFFER + at + 2 * i), (uint16_t)(first + i));
    write_at(sequence, SERIAL_BUFFER + at);
    write_at(sequence + 4, count);
    write_at(sequence + 8, 0);
}

/* The compare values output 0 has had, in order. */
static void assert_duties(unsigned count, const uint32_t *compare)
{
    unsigned n = 0;

    for (unsigned i = 0; i < reports; i++) {
        if (report[i].pwm.output != 0)
            continue;
        assert_true(n < count);
        assert_int_equal(report[i].pwm.compare, compare[n++]);
    }
    assert_int_equal(n, count);
}

static void registers_reset_to_the_values_of_the_manual(void **state)
{
    (void)state;
    assert_int_equal(read_at(0x52c), 0);
    assert_int_equal(read_at(0x528), 1);
    assert_int_equal(read_at(0x564), 0xffffffff);
    regfile_reset(&pwm.regs);
    assert_int_equal(read_at(COUNTERTOP), 0x3ff);
}

static void a_sequence_plays_one_value_a_period(void **state)
{
    (void)state;
    describe(SEQ0, 0, 3, 10);
    write_at(SEQSTART0, 1);
    pass(10 * PERIOD);
    assert_duties(3, (const uint32_t[]){10, 11, 12});
    assert_in_range(report[4].when - report[0].when, PERIOD, PERIOD);
    assert_int_equal(report[0].pwm.pin, 13);
    assert_int_equal(report[0].pwm.top, 100);
    assert_int_equal(read_at(SEQSTARTED0), 1);
    assert_int_equal(read_at(SEQEND0), 1);
    assert_int_equal(read_at(PWMPERIODEND), 1);
    assert_int_equal(read_at(LOOPSDONE), 0);
    assert_int_equal(read_at(STOPPED), 0);
    assert_int_equal(bench->observed, 1);
    assert_int_equal(bench->chip->misuses, 0);
}

static void refresh_repeats_each_value(void **state)
{
    (void)state;
    describe(SEQ0, 0, 2, 10);
    write_at(SEQ0 + 8, 2);
    write_at(SEQSTART0, 1);
    pass(10 * PERIOD);
    assert_int_equal(report[4].when - report[0].when, 3 * PERIOD);
}

static void prescaler_and_updown_make_periods_longer(void **state)
{
    (void)state;
    describe(SEQ0, 0, 2, 10);
    write_at(PRESCALER, 2);
    write_at(MODE, 1);
    write_at(SEQSTART0, 1);
    pass(100 * PERIOD);
    assert_int_equal(report[4].when - report[0].when, 8 * PERIOD);
}

static void seqend_comes_with_the_last_value(void **state)
{
    (void)state;
    describe(SEQ0, 0, 3, 10);
    write_at(SEQSTART0, 1);
    serial_pass_until(bench, SEQEND0, 100 * PERIOD);
    assert_duties(3, (const uint32_t[]){10, 11, 12});
    assert_in_range(bench->chip->scheduler.state.now - report[0].when, 2 * PERIOD, 2 * PERIOD + 1);
}

static void values_are_read_one_period_ahead(void **state)
{
    (void)state;
    describe(SEQ0, 0, 4, 10);
    write_at(SEQSTART0, 1);
    pass(8 + 64 + 16 + PERIOD + PERIOD / 2); /* two in use, the third fetched */
    memset(serial_ram(bench, SERIAL_BUFFER), 0, 8);
    pass(10 * PERIOD);
    assert_duties(4, (const uint32_t[]){10, 11, 12, 0});
}

static void values_can_be_meant_for_each_output(void **state)
{
    (void)state;
    write_at(DECODER, 2); /* individual */
    describe(SEQ0, 0, 4, 10);
    write_at(SEQSTART0, 1);
    pass(5 * PERIOD);
    assert_int_equal(reports, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(report[i].pwm.output, i);
        assert_int_equal(report[i].pwm.compare, 10 + i);
    }
}

static void values_can_be_meant_for_pairs(void **state)
{
    (void)state;
    write_at(DECODER, 1); /* grouped */
    describe(SEQ0, 0, 2, 10);
    write_at(SEQSTART0, 1);
    pass(5 * PERIOD);
    assert_int_equal(report[1].pwm.compare, 10);
    assert_int_equal(report[2].pwm.compare, 11);
    assert_int_equal(report[3].pwm.compare, 11);
}

static void a_waveform_brings_its_own_top(void **state)
{
    (void)state;
    write_at(DECODER, 3);
    describe(SEQ0, 0, 8, 50); /* top 53, then 57 */
    write_at(SEQSTART0, 1);
    pass(5 * PERIOD);
    assert_int_equal(report[0].pwm.top, 53);
    assert_int_equal(report[4].when - report[0].when, 4 * 53);
}

static void loops_play_both_sequences_in_turn(void **state)
{
    (void)state;
    describe(SEQ0, 0, 2, 10);
    describe(SEQ1, 64, 2, 20);
    write_at(LOOP, 2);
    write_at(SEQSTART0, 1);
    serial_pass_until(bench, LOOPSDONE, 100 * PERIOD);
    assert_duties(8, (const uint32_t[]){10, 11, 20, 21, 10, 11, 20, 21});
    assert_int_equal(bench->opened, 4);
    assert_int_equal(read_at(LOOPSDONE), 1);
    assert_int_equal(bench->chip->misuses, 0);
}

static void without_a_gap_between_the_sequences_of_a_loop(void **state)
{
    (void)state;
    describe(SEQ0, 0, 1, 10);
    describe(SEQ1, 64, 1, 20);
    write_at(LOOP, 3);
    write_at(SEQSTART0, 1);
    pass(20 * PERIOD);
    for (unsigned i = 1; i < 6; i++)
        assert_int_equal(report[4 * i].when - report[4 * i - 4].when, PERIOD);
}

static void enddelay_follows_the_sequence(void **state)
{
    (void)state;
    describe(SEQ0, 0, 1, 10);
    describe(SEQ1, 64, 1, 20);
    write_at(SEQ0 + 12, 4);
    write_at(LOOP, 1);
    write_at(SEQSTART0, 1);
    pass(20 * PERIOD);
    assert_int_equal(report[4].when - report[0].when, 5 * PERIOD);
}

static void a_loop_can_go_on_for_ever_by_shortcut(void **state)
{
    (void)state;
    describe(SEQ0, 0, 1, 10);
    describe(SEQ1, 64, 1, 20);
    write_at(LOOP, 1);
    write_at(SHORTS, 1 << 2); /* LOOPSDONE_SEQSTART0 */
    write_at(SEQSTART0, 1);
    pass(40 * PERIOD);
    assert_in_range(bench->opened, 12, 42);
    assert_int_equal(bench->chip->misuses, 0);
}

static void the_shortcut_stops_behind_the_sequence(void **state)
{
    (void)state;
    describe(SEQ0, 0, 3, 10);
    write_at(SHORTS, 1 << 0); /* SEQEND0_STOP */
    write_at(SEQSTART0, 1);
    serial_pass_until(bench, STOPPED, 100 * PERIOD);
    assert_in_range(bench->chip->scheduler.state.now - report[0].when, 3 * PERIOD, 3 * PERIOD + 1);
    assert_int_equal(read_at(STOPPED), 1);
    assert_int_equal(bench->observed, 1);
    assert_int_equal(scheduler_next(&bench->chip->scheduler), SIM_TIME_NEVER);
}

static void stop_ends_a_sequence_with_the_period(void **state)
{
    (void)state;
    describe(SEQ0, 0, 20, 10);
    write_at(SEQSTART0, 1);
    pass(3 * PERIOD);
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 2 * PERIOD);
    assert_int_equal(read_at(SEQEND0), 0);
    assert_false(easydma_running(&bench->easydma, pwm.sequence[0]));
    read_at(STOPPED);
    assert_int_equal(bench->observed, 1);
}

static void stop_without_pulses_says_stopped(void **state)
{
    (void)state;
    write_at(STOP, 1);
    assert_int_equal(read_at(STOPPED), 1);
}

static void nextstep_loads_the_next_value(void **state)
{
    (void)state;
    write_at(DECODER, 1 << 8);
    describe(SEQ0, 0, 3, 10);
    write_at(SEQSTART0, 1);
    pass(10 * PERIOD);
    assert_duties(1, (const uint32_t[]){10});
    write_at(NEXTSTEP, 1);
    pass(10 * PERIOD);
    assert_duties(2, (const uint32_t[]){10, 11});
}

static void a_second_start_during_the_sequence_begins_anew(void **state)
{
    (void)state;
    describe(SEQ0, 0, 20, 10);
    write_at(SEQSTART0, 1);
    pass(3 * PERIOD);
    write_at(SEQEND0, 0);
    write_at(SEQSTART0, 1);
    pass(10 * PERIOD);
    assert_int_equal(read_at(SEQEND0), 0);
    assert_int_equal(bench->chip->misuses, 0);
    assert_true(easydma_running(&bench->easydma, pwm.sequence[0]));
}

static void a_second_start_with_another_buffer_is_reported(void **state)
{
    (void)state;
    describe(SEQ0, 0, 20, 10);
    write_at(SEQSTART0, 1);
    pass(3 * PERIOD);
    describe(SEQ0, 200, 20, 10);
    write_at(SEQSTART0, 1);
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
}

static void disabling_in_flight_is_reported(void **state)
{
    (void)state;
    describe(SEQ0, 0, 20, 10);
    write_at(SEQSTART0, 1);
    pass(3 * PERIOD);
    write_at(ENABLE, 0);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED_IN_FLIGHT);
    assert_int_equal(scheduler_next(&bench->chip->scheduler), SIM_TIME_NEVER);
}

static void every_speed_of_easydma_plays_the_same_values(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_EAGER, CHOICE_LAZY, CHOICE_RANDOM};

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(policies); i++) {
        chooser_set_dma_policy(&bench->chip->chooser, policies[i]);
        reports = 0;
        write_at(SEQEND0, 0);
        describe(SEQ0, 0, 3, 10);
        write_at(SEQSTART0, 1);
        serial_pass_until(bench, SEQEND0, 1000 * PERIOD);
        read_at(SEQEND0);
        assert_duties(3, (const uint32_t[]){10, 11, 12});
        write_at(STOP, 1);
        serial_pass_until(bench, STOPPED, 2 * PERIOD);
        write_at(STOPPED, 0);
    }
    assert_int_equal(bench->chip->misuses, 0);
}

int main(void)
{
#define POWERED(name) cmocka_unit_test_setup_teardown(name, power_up, tear_down)
    const struct CMUnitTest tests[] = {
        POWERED(registers_reset_to_the_values_of_the_manual),
        POWERED(a_sequence_plays_one_value_a_period),
        POWERED(refresh_repeats_each_value),
        POWERED(prescaler_and_updown_make_periods_longer),
        POWERED(seqend_comes_with_the_last_value),
        POWERED(values_are_read_one_period_ahead),
        POWERED(values_can_be_meant_for_each_output),
        POWERED(values_can_be_meant_for_pairs),
        POWERED(a_waveform_brings_its_own_top),
        POWERED(loops_play_both_sequences_in_turn),
        POWERED(without_a_gap_between_the_sequences_of_a_loop),
        POWERED(enddelay_follows_the_sequence),
        POWERED(a_loop_can_go_on_for_ever_by_shortcut),
        POWERED(the_shortcut_stops_behind_the_sequence),
        POWERED(stop_ends_a_sequence_with_the_period),
        POWERED(stop_without_pulses_says_stopped),
        POWERED(nextstep_loads_the_next_value),
        POWERED(a_second_start_during_the_sequence_begins_anew),
        POWERED(a_second_start_with_another_buffer_is_reported),
        POWERED(disabling_in_flight_is_reported),
        POWERED(every_speed_of_easydma_plays_the_same_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
