/* SPDX-License-Identifier: Apache-2.0 */
/* I2S, poked without a CPU (PS v1.7, 6.10). Offsets are typed as numbers. */
#include "sim/base/bits.h"
#include "sim/periph/i2s.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <string.h>

/* MCK is 4 MHz and 256 of them are a frame: 64 us. */
enum { BASE = 0x40025000, US = 64, FRAME = 64 * US };

enum { /* offsets */
       START = 0x000,
       STOP = 0x004,
       RXPTRUPD = 0x104,
       STOPPED = 0x108,
       TXPTRUPD = 0x114,
       ENABLE = 0x500,
       MODE = 0x504,
       RXEN = 0x508,
       TXEN = 0x50c,
       MCKFREQ = 0x514,
       RATIO = 0x518,
       SWIDTH = 0x51c,
       CHANNELS = 0x528,
       RX = 0x538,
       TX = 0x540,
       MAXCNT = 0x550,
       PSEL_SDIN = 0x56c,
       PSEL_SDOUT = 0x570,
};

enum { IN = SERIAL_BUFFER + 256, SECOND = SERIAL_BUFFER + 512 };

static struct serial_bench *bench;
static struct i2s i2s;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static void with(const char *plugged)
{
    const struct board_options options = {.port = {[PORT_I2S] = plugged}};

    bench = serial_bench_new(&options, BASE);
    i2s_init(&i2s, &bench->chip->fabric, &i2s_spec);
    write_at(PSEL_SDIN, 3);
    write_at(PSEL_SDOUT, 4);
    for (unsigned i = 0; i < 128; i++)
        *serial_ram(bench, SERIAL_BUFFER + i) = (uint8_t)(i + 1);
    write_at(RXEN, 1);
    write_at(TX, SERIAL_BUFFER);
    write_at(RX, IN);
    write_at(MAXCNT, 4);
    write_at(ENABLE, 1);
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

/* Passes `count` buffers, clearing RXPTRUPD. */
static void pass_buffers(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        write_at(RXPTRUPD, 0);
        serial_pass_until(bench, RXPTRUPD, 100000 * US);
    }
}

static void both_pointers_are_captured_at_start(void **state)
{
    (void)state;
    with("loopback");
    write_at(START, 1);
    serial_pass(bench, 2 * US);
    assert_int_equal(read_at(TXPTRUPD), 1);
    assert_int_equal(read_at(RXPTRUPD), 1);
    assert_int_equal(bench->opened, 2);
    assert_int_equal(bench->chip->misuses, 0);
}

static void what_is_sent_comes_back(void **state)
{
    (void)state;
    with("loopback");
    write_at(START, 1);
    pass_buffers(2);
    assert_memory_equal(serial_ram(bench, IN), serial_ram(bench, SERIAL_BUFFER), 16);
    assert_true(bench->log[0].from_chip);
    assert_int_equal(bench->log[0].byte, 1);
}

static void a_buffer_takes_its_frames(void **state)
{
    (void)state;
    with("loopback");
    write_at(START, 1);
    pass_buffers(1);
    write_at(RXPTRUPD, 0);
    assert_in_range(serial_pass_until(bench, RXPTRUPD, 1000 * US), 4 * FRAME, 4 * FRAME + 400);
    pass_buffers(1);
    write_at(RXPTRUPD, 0);
    assert_in_range(serial_pass_until(bench, RXPTRUPD, 1000 * US), 4 * FRAME - 200,
                    4 * FRAME + 200);
}

static void ratio_and_frequency_make_the_rate(void **state)
{
    (void)state;
    with("loopback");
    write_at(MCKFREQ, 0x10000000); /* 2 MHz */
    write_at(RATIO, 0);            /* by 32: a frame in 16 us */
    write_at(START, 1);
    pass_buffers(2);
    write_at(RXPTRUPD, 0);
    assert_in_range(serial_pass_until(bench, RXPTRUPD, 1000 * US), 4 * 16 * US - 200,
                    4 * 16 * US + 200);
}

static void each_width_comes_back(void **state)
{
    (void)state;
    for (uint32_t width = 0; width < 3; width++) {
        with("loopback");
        write_at(SWIDTH, width);
        for (unsigned i = 3; i < 64; i += 4) /* 24 bits: a word holds no more */
            *serial_ram(bench, SERIAL_BUFFER + i) = width == 2 ? 0 : 0x7f;
        write_at(START, 1);
        pass_buffers(2);
        assert_memory_equal(serial_ram(bench, IN), serial_ram(bench, SERIAL_BUFFER), 16);
        if (width < 2)
            serial_bench_free(bench);
    }
}

static void one_channel_takes_half_the_words(void **state)
{
    (void)state;
    with("loopback");
    write_at(CHANNELS, 1); /* left */
    write_at(START, 1);
    pass_buffers(2);
    write_at(RXPTRUPD, 0);
    assert_in_range(serial_pass_until(bench, RXPTRUPD, 1000 * US), 8 * FRAME - 200,
                    8 * FRAME + 200);
    assert_memory_equal(serial_ram(bench, IN), serial_ram(bench, SERIAL_BUFFER), 16);
}

static void pointers_are_double_buffered(void **state)
{
    (void)state;
    with("loopback");
    write_at(START, 1);
    serial_pass_until(bench, RXPTRUPD, 10 * US);
    write_at(RXPTRUPD, 0);
    write_at(TXPTRUPD, 0);
    write_at(RX, SECOND);
    write_at(TX, SERIAL_BUFFER + 16);
    serial_pass_until(bench, RXPTRUPD, 1000 * US);
    assert_int_equal(bench->observed, 0);
    assert_int_equal(read_at(RXPTRUPD), 1); /* tells that the first buffer is the CPU's */
    assert_int_equal(bench->observed, 1);
    pass_buffers(1);
    assert_memory_equal(serial_ram(bench, SECOND), serial_ram(bench, SERIAL_BUFFER + 16), 16);
    assert_int_equal(bench->chip->misuses, 0);
}

static void the_pointer_is_not_to_be_touched_before_it_is_captured(void **state)
{
    (void)state;
    with("loopback");
    write_at(START, 1);
    write_at(RX, SECOND);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_DESCRIPTOR);
}

static void stop_says_when_the_buffers_are_free(void **state)
{
    (void)state;
    with("loopback");
    write_at(MAXCNT, 32);
    write_at(START, 1);
    serial_pass(bench, 5 * FRAME + 1000);
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 70 * US);
    (void)read_at(STOPPED);
    assert_int_equal(bench->observed, 2);
    assert_memory_equal(serial_ram(bench, IN), serial_ram(bench, SERIAL_BUFFER), 16);
    serial_pass(bench, 10 * FRAME);
    assert_int_equal(bench->opened, 2);
}

static void a_slow_easydma_loses_nothing(void **state)
{
    (void)state;
    with("loopback");
    chooser_init(&bench->chip->chooser, CHOICE_LAZY, 1);
    write_at(MAXCNT, 16);
    write_at(START, 1);
    pass_buffers(2);
    assert_memory_equal(serial_ram(bench, IN), serial_ram(bench, SERIAL_BUFFER), 64);
}

static void a_codec_sends_a_tone(void **state)
{
    int highest = 0;

    (void)state;
    with("tone:1000");
    write_at(TXEN, 0);
    write_at(MAXCNT, 32);
    write_at(START, 1);
    pass_buffers(2);
    for (unsigned i = 0; i < 64; i++) {
        int16_t sample = (int16_t)load_le16(serial_ram(bench, IN + 2 * i));

        highest = sample > highest ? sample : highest;
    }
    assert_in_range(highest, 32000, 32767);
}

static void a_slave_waits_for_the_clock_of_the_other_end(void **state)
{
    (void)state;
    with("off");
    write_at(MODE, 1);
    write_at(START, 1);
    serial_pass_until(bench, RXPTRUPD, 10 * US);
    write_at(RXPTRUPD, 0);
    serial_pass(bench, 10000 * US);
    assert_false(serial_is_set(bench, RXPTRUPD));
}

static void starting_twice_and_disabling_in_flight_are_reported(void **state)
{
    (void)state;
    with("loopback");
    write_at(START, 1);
    write_at(START, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
    write_at(ENABLE, 0);
    assert_int_equal(bench->chip->misuse[1].misuse, MISUSE_DISABLED_IN_FLIGHT);
    write_at(START, 1);
    assert_int_equal(bench->chip->misuse[3].misuse, MISUSE_DISABLED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(both_pointers_are_captured_at_start),
        TEST(what_is_sent_comes_back),
        TEST(a_buffer_takes_its_frames),
        TEST(ratio_and_frequency_make_the_rate),
        TEST(each_width_comes_back),
        TEST(one_channel_takes_half_the_words),
        TEST(pointers_are_double_buffered),
        TEST(the_pointer_is_not_to_be_touched_before_it_is_captured),
        TEST(stop_says_when_the_buffers_are_free),
        TEST(a_slow_easydma_loses_nothing),
        TEST(a_codec_sends_a_tone),
        TEST(a_slave_waits_for_the_clock_of_the_other_end),
        TEST(starting_twice_and_disabling_in_flight_are_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
