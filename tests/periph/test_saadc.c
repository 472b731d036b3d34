/* SPDX-License-Identifier: Apache-2.0 */
/* SAADC, poked without a CPU (PS v1.7, 6.23). Offsets are typed as numbers. */
#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/saadc.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <stdio.h>
#include <string.h>

enum { BASE = 0x40007000, LINE = 7, US = 64 };

enum { /* offsets */
       START = 0x000,
       SAMPLE = 0x004,
       STOP = 0x008,
       CALIBRATEOFFSET = 0x00c,
       STARTED = 0x100,
       END = 0x104,
       DONE = 0x108,
       RESULTDONE = 0x10c,
       CALIBRATEDONE = 0x110,
       STOPPED = 0x114,
       STATUS = 0x400,
       ENABLE = 0x500,
       CH0 = 0x510, /* PSELP, PSELN, CONFIG, LIMIT */
       CH1 = 0x520,
       RESOLUTION = 0x5f0,
       OVERSAMPLE = 0x5f4,
       SAMPLERATE = 0x5f8,
       PTR = 0x62c,
       MAXCNT = 0x630,
       AMOUNT = 0x634,
};
/* CONFIG: gain 1/6, internal reference, 10 us, single-ended */
enum { GAIN_1_6 = 0, GAIN_1 = 5 << 8, VDD_BY_4 = 1 << 12, DIFFERENTIAL = 1 << 20, BURST = 1 << 24 };

static struct serial_bench *bench;
static struct saadc saadc;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static int16_t result(unsigned index)
{
    return (int16_t)load_le16(serial_ram(bench, SERIAL_BUFFER + 2 * index));
}

static int volts(void **state)
{
    char list[200];
    const struct board_options options = {.port = {[PORT_ADC] = list}};

    (void)state;
    (void)snprintf(list, sizeof list, "0:1.8,1:0.3,2:%s",
                   serial_file("volts", "0.6\n1.2 # V\n3\n"));
    bench = serial_bench_new(&options, BASE);
    saadc_init(&saadc, &bench->chip->fabric, &saadc_spec);
    write_at(ENABLE, 1);
    write_at(CH0, 1); /* AIN0 */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

static void start(uint32_t results)
{
    write_at(PTR, SERIAL_BUFFER);
    write_at(MAXCNT, results);
    write_at(START, 1);
    serial_pass_until(bench, STARTED, 1000);
}

static void take(void)
{
    write_at(SAMPLE, 1);
    serial_pass(bench, 400 * US);
}

static void registers_reset_to_the_values_of_the_manual(void **state)
{
    (void)state;
    assert_int_equal(read_at(0x518), 0x00020000);
    assert_int_equal(read_at(0x58c), 0x7fff8000);
    assert_int_equal(read_at(0x5f0), 1);
    assert_int_equal(read_at(0x5f8), 0);
}

static void a_voltage_becomes_a_result_of_ten_bits(void **state)
{
    (void)state;
    start(1);
    take();
    assert_int_equal(result(0), 512); /* 1.8 V / 6 / 0.6 V * 1024 */
    assert_int_equal(read_at(DONE), 1);
    assert_int_equal(read_at(RESULTDONE), 1);
    assert_int_equal(read_at(END), 1);
    assert_int_equal(read_at(AMOUNT), 1);
    assert_int_equal(bench->chip->misuses, 0);
}

static void gain_reference_resolution_and_mode_count(void **state)
{
    static const struct {
        uint32_t config;
        uint32_t resolution;
        int16_t result;
    } cases[] = {
        {GAIN_1_6, 0, 128},
        {GAIN_1_6, 2, 2048},
        {GAIN_1_6, 3, 8192},
        {VDD_BY_4, 1, 409},     /* 0.3 V / 0.75 V */
        {GAIN_1, 1, 1023},      /* 1.8 V is above the reference */
        {DIFFERENTIAL, 1, 213}, /* (1.8 - 0.3) / 6 / 0.6 * 512 */
        {DIFFERENTIAL | GAIN_1, 1, 511},
    };

    (void)state;
    write_at(CH0 + 4, 2); /* PSELN: AIN1 */
    for (unsigned i = 0; i < ARRAY_LENGTH(cases); i++) {
        write_at(CH0 + 8, 0x00020000 | cases[i].config);
        write_at(RESOLUTION, cases[i].resolution);
        write_at(STARTED, 0);
        start(1);
        take();
        assert_int_equal(result(0), cases[i].result);
    }
}

static void a_negative_difference_is_negative(void **state)
{
    (void)state;
    write_at(CH0, 2);
    write_at(CH0 + 4, 1);
    write_at(CH0 + 8, 0x00020000 | DIFFERENTIAL);
    start(1);
    take();
    assert_int_equal(result(0), -213);
}

static void all_channels_take_their_turn(void **state)
{
    (void)state;
    write_at(CH1, 9); /* VDD, 3 V */
    start(4);
    take();
    take();
    assert_int_equal(result(0), 512);
    assert_int_equal(result(1), 853);
    assert_int_equal(result(2), 512);
    assert_int_equal(result(3), 853);
    assert_int_equal(read_at(AMOUNT), 4);
}

static void a_conversion_takes_acquisition_and_two_microseconds(void **state)
{
    (void)state;
    start(1);
    write_at(SAMPLE, 1);
    assert_int_equal(read_at(STATUS), 1);
    assert_in_range(serial_pass_until(bench, DONE, 10000), 12 * US - 1, 12 * US);
    assert_int_equal(read_at(STATUS), 0);
}

static void at_resultdone_the_result_is_not_in_ram(void **state)
{
    (void)state;
    start(1);
    write_at(SAMPLE, 1);
    serial_pass_until(bench, RESULTDONE, 10000);
    assert_int_equal(result(0), 0);
    read_at(RESULTDONE);
    assert_int_equal(bench->observed, 0);
    serial_pass_until(bench, END, 1000);
    assert_int_equal(result(0), 512);
    read_at(END);
    assert_int_equal(bench->observed, 1);
}

static void a_file_gives_one_voltage_a_conversion(void **state)
{
    (void)state;
    write_at(CH0, 3);
    start(4);
    for (unsigned i = 0; i < 4; i++)
        take();
    assert_int_equal(result(0), 170);
    assert_int_equal(result(1), 341);
    assert_int_equal(result(2), 853);
    assert_int_equal(result(3), 853);
}

static void oversampling_averages(void **state)
{
    (void)state;
    write_at(CH0, 3);
    write_at(OVERSAMPLE, 1);
    start(1);
    take();
    assert_int_equal(read_at(END), 0);
    take();
    assert_int_equal(read_at(END), 1);
    assert_int_equal(result(0), (170 + 341) / 2);
}

static void a_burst_needs_one_task_only(void **state)
{
    (void)state;
    write_at(CH0 + 8, 0x00020000 | BURST);
    write_at(OVERSAMPLE, 3);
    start(1);
    write_at(SAMPLE, 1);
    assert_in_range(serial_pass_until(bench, END, 100000), 8 * 12 * US, 8 * 12 * US + 100);
    assert_int_equal(result(0), 512);
}

static void at_a_rate_samples_follow_by_themselves_until_stop(void **state)
{
    (void)state;
    write_at(SAMPLERATE, 1 << 12 | 1600); /* 10 kHz */
    start(8);
    write_at(SAMPLE, 1);
    assert_in_range(serial_pass_until(bench, END, 100000), 700 * US, 715 * US);
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 1000);
    write_at(DONE, 0);
    serial_pass(bench, 1000 * US);
    assert_int_equal(read_at(DONE), 0);
}

static void stop_ends_the_buffer_with_what_is_in_it(void **state)
{
    (void)state;
    start(8);
    take();
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 1000);
    assert_int_equal(read_at(AMOUNT), 1);
    assert_int_equal(read_at(END), 1);
    assert_int_equal(read_at(STOPPED), 1);
    assert_int_equal(bench->observed, 1);
}

static void limits_are_watched(void **state)
{
    (void)state;
    write_at(CH0 + 12, 500u << 16 | 100); /* HIGH 500, LOW 100 */
    start(1);
    take();
    assert_int_equal(read_at(0x118), 1);
    assert_int_equal(read_at(0x11c), 0);
}

static void the_next_buffer_may_be_given_behind_started(void **state)
{
    (void)state;
    start(1);
    assert_int_equal(read_at(STARTED), 1);
    write_at(PTR, SERIAL_BUFFER + 64);
    take();
    assert_int_equal(result(0), 512);
    assert_int_equal(read_at(END), 1);
    write_at(END, 0);
    write_at(STARTED, 0);
    write_at(START, 1);
    serial_pass_until(bench, STARTED, 1000);
    take();
    assert_int_equal(result(32), 512);
    assert_int_equal(bench->chip->misuses, 0);
}

static void the_next_buffer_given_before_started_was_read_is_reported(void **state)
{
    (void)state;
    start(1);
    write_at(PTR, SERIAL_BUFFER + 64);
    assert_int_equal(bench->chip->misuses, 1);
}

static void sampling_without_a_buffer_has_no_effect(void **state)
{
    (void)state;
    take();
    assert_int_equal(read_at(DONE), 0);
}

/* The vendor's driver triggers both tasks one behind the other. */
static void a_sample_right_behind_start_is_converted(void **state)
{
    (void)state;
    write_at(PTR, SERIAL_BUFFER);
    write_at(MAXCNT, 1);
    write_at(START, 1);
    write_at(SAMPLE, 1);
    assert_in_range(serial_pass_until(bench, END, 100000), 12 * CYCLES_PER_US, 15 * CYCLES_PER_US);
    assert_int_equal(read_at(AMOUNT), 1);
    assert_int_equal(bench->chip->misuses, 0);
}

static void calibration_is_done_after_a_while(void **state)
{
    (void)state;
    write_at(CALIBRATEOFFSET, 1);
    assert_int_equal(read_at(CALIBRATEDONE), 0);
    assert_in_range(serial_pass_until(bench, CALIBRATEDONE, 100000), 6399, 6400);
}

static void disabling_in_flight_is_reported(void **state)
{
    (void)state;
    start(2);
    write_at(SAMPLE, 1);
    write_at(ENABLE, 0);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED_IN_FLIGHT);
    write_at(SAMPLE, 1);
    assert_int_equal(bench->chip->misuse[1].misuse, MISUSE_DISABLED);
}

static void a_buffer_waits_while_disabled_for_the_next_sample(void **state)
{
    (void)state;
    start(1);
    write_at(ENABLE, 0);
    assert_int_equal(bench->chip->misuses, 0);
    write_at(ENABLE, 1);
    write_at(SAMPLE, 1);
    serial_pass_until(bench, END, 100000);
    assert_int_equal(read_at(END), 1);
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_start_with_a_buffer_under_way_is_reported(void **state)
{
    (void)state;
    start(2);
    write_at(START, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
}

static void every_speed_of_easydma_gives_the_same_results(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_EAGER, CHOICE_LAZY, CHOICE_RANDOM};

    (void)state;
    write_at(CH1, 9);
    for (unsigned i = 0; i < ARRAY_LENGTH(policies); i++) {
        chooser_set_dma_policy(&bench->chip->chooser, policies[i]);
        memset(serial_ram(bench, SERIAL_BUFFER), 0, 16);
        write_at(STARTED, 0);
        write_at(END, 0);
        start(6);
        for (unsigned n = 0; n < 3; n++)
            take();
        assert_int_equal(read_at(END), 1);
        for (unsigned n = 0; n < 6; n++)
            assert_int_equal(result(n), n % 2 ? 853 : 512);
    }
}

int main(void)
{
#define WITH_VOLTS(name) cmocka_unit_test_setup_teardown(name, volts, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_VOLTS(registers_reset_to_the_values_of_the_manual),
        WITH_VOLTS(a_voltage_becomes_a_result_of_ten_bits),
        WITH_VOLTS(gain_reference_resolution_and_mode_count),
        WITH_VOLTS(a_negative_difference_is_negative),
        WITH_VOLTS(all_channels_take_their_turn),
        WITH_VOLTS(a_conversion_takes_acquisition_and_two_microseconds),
        WITH_VOLTS(at_resultdone_the_result_is_not_in_ram),
        WITH_VOLTS(a_file_gives_one_voltage_a_conversion),
        WITH_VOLTS(oversampling_averages),
        WITH_VOLTS(a_burst_needs_one_task_only),
        WITH_VOLTS(at_a_rate_samples_follow_by_themselves_until_stop),
        WITH_VOLTS(stop_ends_the_buffer_with_what_is_in_it),
        WITH_VOLTS(limits_are_watched),
        WITH_VOLTS(the_next_buffer_may_be_given_behind_started),
        WITH_VOLTS(the_next_buffer_given_before_started_was_read_is_reported),
        WITH_VOLTS(sampling_without_a_buffer_has_no_effect),
        WITH_VOLTS(a_sample_right_behind_start_is_converted),
        WITH_VOLTS(calibration_is_done_after_a_while),
        WITH_VOLTS(disabling_in_flight_is_reported),
        WITH_VOLTS(a_buffer_waits_while_disabled_for_the_next_sample),
        WITH_VOLTS(a_start_with_a_buffer_under_way_is_reported),
        WITH_VOLTS(every_speed_of_easydma_gives_the_same_results),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
