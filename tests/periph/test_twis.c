/* SPDX-License-Identifier: Apache-2.0 */
/* TWIS, poked without a CPU (PS v1.7, 6.33). Offsets are typed as numbers. */
#include "sim/periph/spim.h"
#include "sim/periph/twim.h"
#include "sim/periph/twis.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <stdio.h>
#include <string.h>

enum { BASE = 0x40003000, US = 64 };

enum { /* offsets */
       STOP = 0x014,
       SUSPEND = 0x01c,
       RESUME = 0x020,
       PREPARERX = 0x030,
       PREPARETX = 0x034,
       STOPPED = 0x104,
       ERROR = 0x124,
       RXSTARTED = 0x14c,
       TXSTARTED = 0x150,
       WRITE = 0x164,
       READ = 0x168,
       SHORTS = 0x200,
       ERRORSRC = 0x4d0,
       MATCH = 0x4d4,
       ENABLE = 0x500,
       PSEL_SCL = 0x508,
       PSEL_SDA = 0x50c,
       RX = 0x534, /* PTR, MAXCNT, AMOUNT */
       TX = 0x544,
       ADDRESS = 0x588,
       CONFIG = 0x594,
       ORC = 0x5c0,
};

enum { IN = SERIAL_BUFFER + 64 };

static struct serial_bench *bench;
static struct spim spim;
static struct twim twim;
static struct twis twis;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

/* The slave has two addresses, 0x42 and 0x43. */
static void with(const char *text)
{
    char word[160];
    const struct board_options options = {.port = {[PORT_TWI0] = word}};

    (void)snprintf(word, sizeof word, "master:%s", serial_file("master", text));
    bench = serial_bench_new(&options, BASE);
    spim_init(&spim, &bench->chip->fabric, &spim_spec[0]);
    twim_init(&twim, &bench->chip->fabric, &twim_spec[0]);
    twis_init(&twis, &bench->chip->fabric, &twis_spec[0]);
    twis_reset(&twis, RESET_POWER_ON);
    write_at(PSEL_SCL, 27);
    write_at(PSEL_SDA, 26);
    write_at(ADDRESS, 0x42);
    write_at(ADDRESS + 4, 0x43);
    write_at(CONFIG, 3);
    write_at(ORC, 0xcc);
    write_at(ENABLE, 9);
    memcpy(serial_ram(bench, SERIAL_BUFFER), "abcd", 4);
    write_at(TX, SERIAL_BUFFER);
    write_at(TX + 4, 4);
    write_at(RX, IN);
    write_at(RX + 4, 4);
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

static void a_write_goes_to_the_prepared_buffer(void **state)
{
    (void)state;
    with("100us : write 42 01 02 03\n");
    write_at(PREPARERX, 1);
    serial_pass(bench, 150 * US);
    assert_int_equal(read_at(WRITE), 0); /* nine bits of the address take 90 us */
    serial_pass_until(bench, STOPPED, 1000 * US);
    assert_int_equal(read_at(WRITE), 1);
    assert_int_equal(read_at(RXSTARTED), 1);
    assert_memory_equal(serial_ram(bench, IN), "\x01\x02\x03", 3);
    assert_int_equal(read_at(RX + 8), 3);
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_read_comes_from_the_prepared_buffer(void **state)
{
    (void)state;
    with("100us : read 43 3\n");
    write_at(PREPARETX, 1);
    serial_pass_until(bench, STOPPED, 1000 * US);
    assert_int_equal(bench->logged, 3);
    assert_true(bench->log[0].from_chip);
    assert_int_equal(bench->log[0].byte, 'a');
    assert_int_equal(bench->log[2].byte, 'c');
    assert_int_equal(read_at(READ), 1);
    assert_int_equal(read_at(MATCH), 1);
    assert_int_equal(read_at(TX + 8), 3);
}

static void the_clock_is_held_until_the_slave_is_prepared(void **state)
{
    (void)state;
    with("100us : read 42 2\n");
    serial_pass_until(bench, READ, 1000 * US);
    serial_pass(bench, 5000 * US);
    assert_int_equal(bench->logged, 0);
    write_at(PREPARETX, 1);
    serial_pass_until(bench, STOPPED, 400 * US);
    assert_int_equal(bench->logged, 2);
}

static void the_shortcut_suspends_until_resume(void **state)
{
    (void)state;
    with("100us : write 42 01\n");
    write_at(SHORTS, 1 << 13); /* WRITE_SUSPEND */
    write_at(PREPARERX, 1);
    serial_pass_until(bench, WRITE, 1000 * US);
    serial_pass(bench, 1000 * US);
    assert_int_equal(bench->logged, 0);
    write_at(RESUME, 1);
    serial_pass_until(bench, STOPPED, 400 * US);
    assert_int_equal(*serial_ram(bench, IN), 1);
}

static void a_repeated_start_tells_that_the_write_is_over(void **state)
{
    (void)state;
    with("100us : write 42 07 read 42 2\n");
    write_at(PREPARERX, 1);
    write_at(PREPARETX, 1);
    serial_pass_until(bench, READ, 1000 * US);
    assert_int_equal(read_at(STOPPED), 0);
    assert_int_equal(bench->observed, 0);
    assert_int_equal(read_at(READ), 1);
    assert_int_equal(bench->observed, 1);
    assert_int_equal(*serial_ram(bench, IN), 7);
    serial_pass_until(bench, STOPPED, 1000 * US);
    (void)read_at(STOPPED);
    assert_int_equal(bench->observed, 2);
    assert_int_equal(bench->opened, 2);
}

static void another_address_is_not_the_slaves(void **state)
{
    (void)state;
    with("100us : write 44 01\n500us : write 42 09\n");
    write_at(PREPARERX, 1);
    serial_pass_until(bench, STOPPED, 2000 * US);
    assert_int_equal(read_at(RX + 8), 1);
    assert_int_equal(*serial_ram(bench, IN), 9);
}

static void too_short_buffers_are_errors(void **state)
{
    (void)state;
    with("100us : read 42 6\n2ms : write 42 01 02 03\n");
    write_at(RX + 4, 2);
    write_at(PREPARETX, 1);
    serial_pass_until(bench, STOPPED, 2000 * US);
    assert_int_equal(read_at(ERROR), 1);
    assert_int_equal(read_at(ERRORSRC), 8);     /* OVERREAD */
    assert_int_equal(bench->log[4].byte, 0xcc); /* ORC */
    write_at(ERRORSRC, 8);
    write_at(STOPPED, 0);
    write_at(PREPARERX, 1);
    serial_pass_until(bench, STOPPED, 3000 * US);
    assert_int_equal(read_at(ERRORSRC), 5); /* OVERFLOW, DNACK */
    assert_int_equal(read_at(RX + 8), 2);
}

static void a_buffer_is_good_for_one_transaction(void **state)
{
    (void)state;
    with("100us : write 42 01\n1ms : write 42 02\n");
    write_at(PREPARERX, 1);
    serial_pass_until(bench, STOPPED, 1000 * US);
    write_at(STOPPED, 0);
    write_at(WRITE, 0);
    serial_pass_until(bench, WRITE, 2000 * US);
    serial_pass(bench, 1000 * US);
    assert_int_equal(*serial_ram(bench, IN), 1);
    write_at(PREPARERX, 1);
    serial_pass_until(bench, STOPPED, 1000 * US);
    assert_int_equal(*serial_ram(bench, IN), 2);
}

static void stop_leaves_the_transaction(void **state)
{
    (void)state;
    with("100us : write 42 01 02 03 04\n");
    write_at(PREPARERX, 1);
    serial_pass_until(bench, RXSTARTED, 1000 * US);
    serial_pass(bench, 100 * US);
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 1000 * US);
    assert_int_equal(read_at(RX + 8), 1);
}

static void disabling_in_a_transaction_is_reported(void **state)
{
    (void)state;
    with("100us : write 42 01 02 03 04\n");
    write_at(PREPARERX, 1);
    serial_pass_until(bench, RXSTARTED, 1000 * US);
    write_at(ENABLE, 0);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED_IN_FLIGHT);
}

static void tasks_need_the_slave_at_its_base(void **state)
{
    (void)state;
    with("100us : write 42 01\n");
    write_at(ENABLE, 0);
    write_at(PREPARERX, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED);
    write_at(ENABLE, 6); /* TWIM0: the registers both have keep their values */
    assert_int_equal(read_at(RX), IN);
    serial_pass(bench, 1000 * US);
    assert_int_equal(read_at(STOPPED), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_write_goes_to_the_prepared_buffer),
        TEST(a_read_comes_from_the_prepared_buffer),
        TEST(the_clock_is_held_until_the_slave_is_prepared),
        TEST(the_shortcut_suspends_until_resume),
        TEST(a_repeated_start_tells_that_the_write_is_over),
        TEST(another_address_is_not_the_slaves),
        TEST(too_short_buffers_are_errors),
        TEST(a_buffer_is_good_for_one_transaction),
        TEST(stop_leaves_the_transaction),
        TEST(disabling_in_a_transaction_is_reported),
        TEST(tasks_need_the_slave_at_its_base),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
