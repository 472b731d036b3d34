/* SPDX-License-Identifier: Apache-2.0 */
/* SPIM, poked without a CPU (PS v1.7, 6.25). Offsets are typed as numbers. */
#include "sim/base/compiler.h"
#include "sim/periph/gpio.h"
#include "sim/periph/spim.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <string.h>

/* 8 Mbit/s: 64 cycles a byte. */
enum { BASE = 0x40003000, BASE3 = 0x4002f000, BYTE = 64, LINE = 3 };

enum { /* offsets */
       START = 0x010,
       STOP = 0x014,
       SUSPEND = 0x01c,
       RESUME = 0x020,
       STOPPED = 0x104,
       ENDRX = 0x110,
       END = 0x118,
       ENDTX = 0x120,
       STARTED = 0x14c,
       RX = 0x534, /* PTR, MAXCNT, AMOUNT, LIST */
       TX = 0x544,
};

static struct serial_bench *bench;
static struct spim spim[4];
static struct gpio gpio;

static void power_up(const char *what)
{
    const struct board_options options = {.port = {[PORT_SPI0] = what, [PORT_SPI3] = what}};

    bench = serial_bench_new(&options, BASE);
    gpio_init(&gpio, &bench->chip->fabric);
    bench->chip->fabric.gpio = &gpio;
    for (unsigned i = 0; i < 4; i++)
        spim_init(&spim[i], &bench->chip->fabric, &spim_spec[i]);
}

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static uint8_t *ram(uint32_t offset)
{
    return serial_ram(bench, SERIAL_BUFFER + offset);
}

static void enable(void)
{
    write_at(0x508, 3); /* PSEL.SCK, MOSI, MISO */
    write_at(0x50c, 4);
    write_at(0x510, 28);
    write_at(0x524, 0x80000000);
    write_at(0x500, 7);
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

static int loopback(void **state)
{
    (void)state;
    power_up("loopback");
    enable();
    return 0;
}

static int nothing(void **state)
{
    (void)state;
    power_up(NULL);
    enable();
    return 0;
}

static int flash_memory(void **state)
{
    (void)state;
    power_up(serial_file("flash", "9f : ef 40 18\n"
                                  "03 ?? ?? ?? : 01 02 03 04\n"
                                  "default 00\n"));
    enable();
    return 0;
}

static int flash_memory_with_select(void **state)
{
    (void)state;
    power_up(serial_file("select", "select P0.17\n9f : ef 40 18\n"));
    enable();
    return 0;
}

/* Sends what is at 0, receives at 64. */
static void exchange(uint32_t sent, uint32_t received)
{
    write_at(TX, SERIAL_BUFFER);
    write_at(TX + 4, sent);
    write_at(RX, SERIAL_BUFFER + 64);
    write_at(RX + 4, received);
    write_at(START, 1);
}

static void finish(void)
{
    serial_pass(bench, 100 * BYTE);
}

static void registers_reset_to_the_values_of_the_manual(void **state)
{
    (void)state;
    write_at(0x500, 0);
    assert_int_equal(chip_read(bench->chip, BASE3 + 0x508), 0xffffffff);
    assert_int_equal(chip_read(bench->chip, BASE3 + 0x514), 0xffffffff);
    assert_int_equal(chip_read(bench->chip, BASE3 + 0x524), 0x04000000);
    assert_int_equal(chip_read(bench->chip, BASE3 + 0x560), 2);
    assert_int_equal(chip_read(bench->chip, BASE3 + 0x564), 2);
    assert_int_equal(chip_read(bench->chip, BASE3 + 0x5c0), 0);
}

static void what_is_looped_back_arrives(void **state)
{
    (void)state;
    memcpy(ram(0), "exchange", 8);
    exchange(8, 8);
    finish();
    assert_memory_equal(ram(64), "exchange", 8);
    assert_int_equal(read_at(STARTED), 1);
    assert_int_equal(read_at(ENDTX), 1);
    assert_int_equal(read_at(ENDRX), 1);
    assert_int_equal(read_at(END), 1);
    assert_int_equal(read_at(STOPPED), 0);
    assert_int_equal(read_at(TX + 8), 8);
    assert_int_equal(read_at(RX + 8), 8);
    assert_int_equal(bench->chip->misuses, 0);
}

static void an_exchange_in_place_works(void **state)
{
    (void)state;
    memcpy(ram(0), "in place", 8);
    write_at(TX, SERIAL_BUFFER);
    write_at(TX + 4, 8);
    write_at(RX, SERIAL_BUFFER);
    write_at(RX + 4, 8);
    write_at(START, 1);
    finish();
    assert_memory_equal(ram(0), "in place", 8);
}

static void a_byte_takes_eight_bits_of_the_frequency(void **state)
{
    static const struct {
        uint32_t frequency;
        sim_time byte;
    } rates[] = {{0x02000000, 4096}, {0x10000000, 512}, {0x80000000, 64}};

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(rates); i++) {
        sim_time began;

        write_at(0x524, rates[i].frequency);
        write_at(END, 0);
        exchange(16, 0);
        serial_pass_until(bench, STARTED, 1000);
        began = bench->chip->scheduler.state.now;
        write_at(STARTED, 0);
        serial_pass_until(bench, END, 100000);
        assert_in_range(bench->chip->scheduler.state.now - began, 16 * rates[i].byte,
                        16 * rates[i].byte + 100);
        assert_int_equal(read_at(END), 1);
    }
}

static void spim3_reaches_32_mhz_when_ram_keeps_up(void **state)
{
    sim_time began;

    (void)state;
    chooser_set_dma_policy(&bench->chip->chooser, CHOICE_EAGER);
    bench->base = BASE3;
    enable();
    write_at(0x524, 0x14000000);
    exchange(64, 64);
    began = bench->chip->scheduler.state.now;
    serial_pass_until(bench, END, 10000);
    assert_in_range(bench->chip->scheduler.state.now - began, 64 * 16, 64 * 16 + 4);
}

static void behind_the_end_of_the_buffer_orc_is_sent(void **state)
{
    (void)state;
    write_at(0x5c0, 0xa5);
    memcpy(ram(0), "ab", 2);
    exchange(2, 5);
    finish();
    assert_memory_equal(ram(64), "ab\xa5\xa5\xa5", 5);
    assert_int_equal(read_at(TX + 8), 2);
    assert_int_equal(read_at(RX + 8), 5);
}

static void behind_the_end_of_the_receive_buffer_bytes_are_lost(void **state)
{
    (void)state;
    memcpy(ram(0), "abcdef", 6);
    exchange(6, 2);
    finish();
    assert_memory_equal(ram(64), "ab\0", 3);
    assert_int_equal(read_at(RX + 8), 2);
    assert_int_equal(read_at(TX + 8), 6);
}

static void one_direction_may_be_empty(void **state)
{
    (void)state;
    exchange(3, 0);
    finish();
    assert_int_equal(read_at(END), 1);
    write_at(END, 0);
    exchange(0, 3);
    finish();
    assert_int_equal(read_at(END), 1);
    assert_int_equal(read_at(RX + 8), 3);
    write_at(END, 0);
    exchange(0, 0);
    finish();
    assert_int_equal(read_at(END), 1);
    assert_int_equal(bench->chip->misuses, 0);
}

static void nobody_at_the_other_end_reads_as_ones(void **state)
{
    (void)state;
    exchange(2, 2);
    finish();
    assert_memory_equal(ram(64), "\xff\xff", 2);
}

static void each_byte_is_fetched_just_before_it_is_sent(void **state)
{
    (void)state;
    memcpy(ram(0), "aaaaaaaa", 8);
    exchange(8, 8);
    serial_pass_until(bench, STARTED, 1000);
    serial_pass(bench, 64 + 2 * BYTE + 20); /* two over, one on the wire, one fetched */
    memcpy(ram(0), "bbbbbbbb", 8);
    finish();
    assert_memory_equal(ram(64), "aaaabbbb", 8);
}

static void reading_end_observes_both_directions(void **state)
{
    (void)state;
    exchange(4, 4);
    finish();
    assert_int_equal(read_at(END), 1);
    assert_int_equal(bench->observed, 2);
}

static void endtx_tells_about_one_direction_only(void **state)
{
    (void)state;
    exchange(2, 8);
    serial_pass_until(bench, ENDTX, 1000);
    assert_int_equal(read_at(ENDTX), 1);
    assert_int_equal(bench->observed, 1);
    assert_false(serial_is_set(bench, ENDRX));
    finish();
    assert_int_equal(read_at(END), 1);
    assert_int_equal(bench->observed, 2);
}

static void an_end_event_from_before_is_reported_once(void **state)
{
    (void)state;
    exchange(2, 2);
    finish();
    assert_int_equal(read_at(END), 1);
    exchange(2, 2);
    assert_int_equal(read_at(END), 1);
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_STALE_EVENT);
}

static void stop_ends_the_exchange_behind_the_byte_under_way(void **state)
{
    (void)state;
    exchange(32, 32);
    serial_pass_until(bench, STARTED, 1000);
    serial_pass(bench, 64 + 5 * BYTE);
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 4 * BYTE);
    assert_int_equal(read_at(ENDTX), 1);
    assert_int_equal(read_at(ENDRX), 1);
    assert_int_equal(read_at(END), 0);
    assert_in_range(read_at(RX + 8), 5, 6);
    assert_int_equal(read_at(STOPPED), 1);
    finish();
    assert_in_range(read_at(RX + 8), 5, 6);
}

static void stop_of_an_idle_master_says_stopped(void **state)
{
    (void)state;
    write_at(STOP, 1);
    assert_int_equal(read_at(STOPPED), 1);
}

static void suspend_pauses_and_resume_goes_on(void **state)
{
    (void)state;
    memcpy(ram(0), "suspended", 9);
    exchange(9, 9);
    serial_pass_until(bench, STARTED, 1000);
    serial_pass(bench, 64 + 2 * BYTE);
    write_at(SUSPEND, 1);
    finish();
    assert_false(serial_is_set(bench, END));
    write_at(RESUME, 1);
    finish();
    assert_int_equal(read_at(END), 1);
    assert_memory_equal(ram(64), "suspended", 9);
}

static void with_array_lists_and_the_shortcut_buffers_follow_each_other(void **state)
{
    (void)state;
    memcpy(ram(0), "onetwo", 6);
    write_at(TX + 12, 1);
    write_at(RX + 12, 1);
    write_at(0x200, 1 << 17); /* END_START */
    exchange(3, 3);
    serial_pass_until(bench, END, 1000);
    write_at(0x200, 0);
    finish();
    assert_memory_equal(ram(64), "onetwo", 6);
    assert_int_equal(read_at(RX), SERIAL_BUFFER + 64 + 6);
    assert_int_equal(bench->opened, 4);
}

static void a_start_during_an_exchange_is_reported(void **state)
{
    (void)state;
    exchange(8, 8);
    serial_pass(bench, 2 * BYTE);
    write_at(START, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
}

/* At another pace of EasyDMA it would still be captured: only STARTED says that it was. */
static void a_pointer_written_behind_the_start_is_reported_until_started_is_seen(void **state)
{
    static const uint32_t pointers[] = {TX, RX};

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(pointers); i++) {
        exchange(8, 8);
        while (!serial_is_set(bench, STARTED))
            serial_pass(bench, 1);
        write_at(pointers[i], SERIAL_BUFFER + 128);
        assert_int_equal(bench->chip->misuses, i + 1);
        assert_int_equal(bench->chip->misuse[i].misuse, MISUSE_DMA_DESCRIPTOR);
        assert_int_equal(read_at(STARTED), 1);
        write_at(pointers[i], SERIAL_BUFFER + 128);
        assert_int_equal(bench->chip->misuses, i + 1);
        finish();
        assert_int_equal(read_at(END), 1);
        write_at(END, 0);
        write_at(STARTED, 0);
    }
}

static void disabling_in_flight_is_reported(void **state)
{
    (void)state;
    exchange(8, 8);
    serial_pass(bench, 3 * BYTE);
    write_at(0x500, 0);
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED_IN_FLIGHT);
    finish();
    assert_false(serial_is_set(bench, END));
}

static void flash_is_sent_as_zeros(void **state)
{
    (void)state;
    memset(bench->chip->memory.flash, 'x', 8);
    exchange(4, 4);
    finish();
    write_at(TX, 0);
    write_at(END, 0);
    memset(ram(64), 'x', 4);
    write_at(START, 1);
    finish();
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_OUTSIDE_RAM);
    assert_memory_equal(ram(64), "\0\0\0\0", 4);
}

static void a_device_answers_from_a_text(void **state)
{
    (void)state;
    memcpy(ram(0), "\x9f", 1);
    exchange(1, 5);
    finish();
    assert_memory_equal(ram(64), "\x00\xef\x40\x18\x00", 5);
    memcpy(ram(0), "\x03\x00\x10\x20", 4);
    exchange(4, 8);
    finish();
    assert_memory_equal(ram(64), "\0\0\0\0\x01\x02\x03\x04", 8);
}

static void with_a_select_pin_an_exchange_may_take_several_transfers(void **state)
{
    (void)state;
    gpio_take(&gpio, 17, true);
    memcpy(ram(0), "\x9f", 1);
    gpio_take(&gpio, 17, false);
    exchange(1, 0);
    finish();
    exchange(0, 3);
    finish();
    assert_memory_equal(ram(64), "\xef\x40\x18", 3);
    gpio_take(&gpio, 17, true);
    exchange(0, 3);
    finish();
    assert_memory_equal(ram(64), "\xff\xff\xff", 3);
}

static void spim3_drives_its_chip_select(void **state)
{
    (void)state;
    bench->base = BASE3;
    enable();
    write_at(0x514, 20); /* PSEL.CSN */
    exchange(8, 8);
    assert_false(wire_get(&bench->chip->wires, (enum wire_id)(WIRE_PIN + 20)));
    finish();
    assert_true(wire_get(&bench->chip->wires, (enum wire_id)(WIRE_PIN + 20)));
}

static void every_speed_of_easydma_moves_the_same_bytes(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_EAGER, CHOICE_LAZY, CHOICE_RANDOM};

    (void)state;
    for (unsigned i = 0; i < 64; i++)
        *ram(i) = (uint8_t)(3 * i);
    for (unsigned i = 0; i < ARRAY_LENGTH(policies); i++) {
        chooser_set_dma_policy(&bench->chip->chooser, policies[i]);
        memset(ram(64), 0, 64);
        write_at(END, 0);
        exchange(63, 63);
        serial_pass(bench, 200000);
        assert_int_equal(read_at(END), 1);
        assert_memory_equal(ram(64), ram(0), 63);
    }
    assert_int_equal(bench->chip->misuses, 0);
}

int main(void)
{
#define ON(setup, name) cmocka_unit_test_setup_teardown(name, setup, tear_down)
    const struct CMUnitTest tests[] = {
        ON(nothing, registers_reset_to_the_values_of_the_manual),
        ON(loopback, what_is_looped_back_arrives),
        ON(loopback, an_exchange_in_place_works),
        ON(loopback, a_byte_takes_eight_bits_of_the_frequency),
        ON(loopback, spim3_reaches_32_mhz_when_ram_keeps_up),
        ON(loopback, behind_the_end_of_the_buffer_orc_is_sent),
        ON(loopback, behind_the_end_of_the_receive_buffer_bytes_are_lost),
        ON(loopback, one_direction_may_be_empty),
        ON(nothing, nobody_at_the_other_end_reads_as_ones),
        ON(loopback, each_byte_is_fetched_just_before_it_is_sent),
        ON(loopback, reading_end_observes_both_directions),
        ON(loopback, endtx_tells_about_one_direction_only),
        ON(loopback, an_end_event_from_before_is_reported_once),
        ON(loopback, stop_ends_the_exchange_behind_the_byte_under_way),
        ON(loopback, stop_of_an_idle_master_says_stopped),
        ON(loopback, suspend_pauses_and_resume_goes_on),
        ON(loopback, with_array_lists_and_the_shortcut_buffers_follow_each_other),
        ON(loopback, a_start_during_an_exchange_is_reported),
        ON(loopback, a_pointer_written_behind_the_start_is_reported_until_started_is_seen),
        ON(loopback, disabling_in_flight_is_reported),
        ON(loopback, flash_is_sent_as_zeros),
        ON(flash_memory, a_device_answers_from_a_text),
        ON(flash_memory_with_select, with_a_select_pin_an_exchange_may_take_several_transfers),
        ON(nothing, spim3_drives_its_chip_select),
        ON(loopback, every_speed_of_easydma_moves_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
