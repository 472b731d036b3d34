/* SPDX-License-Identifier: Apache-2.0 */
/* PDM, poked without a CPU (PS v1.7, 6.15). Offsets are typed as numbers. */
#include "sim/base/bits.h"
#include "sim/periph/pdm.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <string.h>

enum { BASE = 0x4001d000, US = 64, PERIOD = 3971 }; /* 64 clocks of 1.032 MHz */

enum { /* offsets */
       START = 0x000,
       STOP = 0x004,
       STARTED = 0x100,
       STOPPED = 0x104,
       END = 0x108,
       ENABLE = 0x500,
       PDMCLKCTRL = 0x504,
       MODE = 0x508,
       GAINL = 0x518,
       RATIO = 0x520,
       PSEL_CLK = 0x540,
       PSEL_DIN = 0x544,
       PTR = 0x560,
       MAXCNT = 0x564,
};

enum { SECOND = SERIAL_BUFFER + 256 };

static struct serial_bench *bench;
static struct pdm pdm;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static int16_t sample(guest_addr buffer, unsigned n)
{
    return (int16_t)load_le16(serial_ram(bench, buffer + 2 * n));
}

/* A file of the samples 0x0101, 0x0202, ... 0x0404, again and again, in mono. */
static void with(const char *plugged)
{
    struct board_options options = {.port = {[PORT_PDM] = plugged}};

    if (!strcmp(plugged, "file"))
        options.port[PORT_PDM] = serial_file("sound", "\x01\x01\x02\x02\x03\x03\x04\x04");
    bench = serial_bench_new(&options, BASE);
    pdm_init(&pdm, &bench->chip->fabric, &pdm_spec);
    write_at(PSEL_CLK, 30);
    write_at(PSEL_DIN, 31);
    write_at(MODE, 1);
    write_at(ENABLE, 1);
    write_at(PTR, SERIAL_BUFFER);
    write_at(MAXCNT, 4);
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

static void samples_come_at_the_clock_by_the_ratio(void **state)
{
    (void)state;
    with("file");
    write_at(START, 1);
    assert_in_range(serial_pass_until(bench, END, 1000 * US), 4 * PERIOD, 4 * PERIOD + 200);
    assert_int_equal(sample(SERIAL_BUFFER, 0), 0x0101);
    assert_int_equal(sample(SERIAL_BUFFER, 3), 0x0404);
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_ratio_of_80_and_another_clock(void **state)
{
    (void)state;
    with("file");
    write_at(RATIO, 1);
    write_at(PDMCLKCTRL, 0x08000000); /* 1 MHz: a sample in 80 us */
    write_at(START, 1);
    assert_in_range(serial_pass_until(bench, END, 1000 * US), 4 * 80 * US, 4 * 80 * US + 200);
}

static void stereo_puts_left_and_right_into_a_word(void **state)
{
    (void)state;
    with("file");
    write_at(MODE, 0);
    write_at(START, 1);
    assert_in_range(serial_pass_until(bench, END, 1000 * US), 2 * PERIOD, 2 * PERIOD + 200);
    assert_int_equal(sample(SERIAL_BUFFER, 0), 0x0101); /* a file in mono is heard on both sides */
    assert_int_equal(sample(SERIAL_BUFFER, 1), 0x0101);
    assert_int_equal(sample(SERIAL_BUFFER, 2), 0x0202);
}

static void the_next_buffer_begins_where_the_first_ends(void **state)
{
    (void)state;
    with("file");
    write_at(START, 1);
    serial_pass_until(bench, STARTED, 10 * US);
    assert_int_equal(read_at(STARTED), 1);
    write_at(STARTED, 0);
    write_at(PTR, SECOND);
    serial_pass_until(bench, END, 1000 * US);
    serial_pass_until(bench, STARTED, 10 * US);
    assert_int_equal(bench->opened, 2);
    assert_int_equal(bench->observed, 0);
    write_at(END, 0);
    serial_pass_until(bench, END, 1000 * US);
    assert_int_equal(sample(SECOND, 0), 0x0101);
    assert_int_equal(sample(SERIAL_BUFFER, 3), 0x0404);
    assert_int_equal(bench->chip->misuses, 0);
}

static void started_of_the_next_buffer_tells_the_end_of_the_first(void **state)
{
    (void)state;
    with("file");
    write_at(START, 1);
    serial_pass_until(bench, STARTED, 10 * US);
    write_at(STARTED, 0);
    write_at(PTR, SECOND);
    serial_pass_until(bench, STARTED, 1000 * US);
    assert_int_equal(bench->observed, 0);
    assert_int_equal(read_at(STARTED), 1);
    assert_int_equal(bench->observed, 1);
}

static void a_pointer_that_is_kept_is_filled_again(void **state)
{
    (void)state;
    with("file");
    write_at(MAXCNT, 3);
    write_at(START, 1);
    serial_pass_until(bench, END, 1000 * US);
    write_at(END, 0);
    serial_pass_until(bench, END, 1000 * US);
    assert_int_equal(sample(SERIAL_BUFFER, 0), 0x0404);
}

static void stop_ends_the_buffer_and_says_so(void **state)
{
    (void)state;
    with("file");
    write_at(MAXCNT, 100);
    write_at(START, 1);
    serial_pass(bench, 3 * PERIOD + 1000);
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 70 * US);
    assert_int_equal(read_at(STOPPED), 1);
    assert_int_equal(bench->last_observed.amount, 6);
    serial_pass(bench, 1000 * US);
    assert_int_equal(bench->opened, 1);
}

static void a_tone_has_its_frequency(void **state)
{
    unsigned crossings = 0;

    (void)state;
    with("tone:1000");
    write_at(PDMCLKCTRL, 0x08000000); /* 15625 samples a second */
    write_at(MAXCNT, 1562);           /* 0.1 s: 100 waves */
    write_at(START, 1);
    serial_pass_until(bench, END, 101000 * US);
    for (unsigned n = 1; n < 1562; n++)
        crossings += (sample(SERIAL_BUFFER, n - 1) < 0) != (sample(SERIAL_BUFFER, n) < 0);
    assert_in_range(crossings, 198, 200);
}

static void the_gain_is_in_steps_of_half_a_decibel(void **state)
{
    (void)state;
    with("file");
    write_at(GAINL, 40 + 12); /* 6 dB */
    write_at(START, 1);
    serial_pass_until(bench, END, 1000 * US);
    assert_in_range(sample(SERIAL_BUFFER, 0), 0x0101 * 2 - 6, 0x0101 * 2);
}

static void without_a_microphone_there_is_silence(void **state)
{
    (void)state;
    with("file");
    write_at(PSEL_DIN, 0xffffffff);
    *serial_ram(bench, SERIAL_BUFFER) = 0x55;
    write_at(START, 1);
    serial_pass_until(bench, END, 1000 * US);
    assert_int_equal(sample(SERIAL_BUFFER, 0), 0);
}

static void a_slow_easydma_loses_no_sample(void **state)
{
    (void)state;
    with("file");
    chooser_init(&bench->chip->chooser, CHOICE_LAZY, 1);
    write_at(MAXCNT, 64);
    write_at(START, 1);
    serial_pass_until(bench, END, 100000 * US);
    for (unsigned n = 0; n < 64; n++)
        assert_int_equal(sample(SERIAL_BUFFER, n), 0x0101 * (int)(n % 4 + 1));
}

static void starting_twice_and_disabling_in_flight_are_reported(void **state)
{
    (void)state;
    with("file");
    write_at(START, 1);
    write_at(START, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
    write_at(ENABLE, 0);
    assert_int_equal(bench->chip->misuse[1].misuse, MISUSE_DISABLED_IN_FLIGHT);
    write_at(START, 1);
    assert_int_equal(bench->chip->misuse[2].misuse, MISUSE_DISABLED);
}

static void an_empty_buffer_does_not_stop_time(void **state)
{
    (void)state;
    with("file");
    chooser_init(&bench->chip->chooser, CHOICE_EAGER, 1);
    write_at(MAXCNT, 0);
    write_at(START, 1);
    serial_pass(bench, 1000 * US);
    assert_in_range(bench->opened, 10, 20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(samples_come_at_the_clock_by_the_ratio),
        TEST(a_ratio_of_80_and_another_clock),
        TEST(stereo_puts_left_and_right_into_a_word),
        TEST(the_next_buffer_begins_where_the_first_ends),
        TEST(started_of_the_next_buffer_tells_the_end_of_the_first),
        TEST(a_pointer_that_is_kept_is_filled_again),
        TEST(stop_ends_the_buffer_and_says_so),
        TEST(a_tone_has_its_frequency),
        TEST(the_gain_is_in_steps_of_half_a_decibel),
        TEST(without_a_microphone_there_is_silence),
        TEST(a_slow_easydma_loses_no_sample),
        TEST(starting_twice_and_disabling_in_flight_are_reported),
        TEST(an_empty_buffer_does_not_stop_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
