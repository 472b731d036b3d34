/* SPDX-License-Identifier: Apache-2.0 */
/* SPI and TWI without EasyDMA, poked without a CPU (PS v1.7, 6.24 and 6.30). Offsets are typed. */
#include "sim/periph/spi.h"
#include "sim/periph/twi.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <stdio.h>

enum { BASE = 0x40003000, SPI_BYTE = 512, TWI_BIT = 256, TWI_BYTE = 9 * TWI_BIT };
enum { RXD = 0x518, TXD = 0x51c, ENABLE = 0x500 };

static struct serial_bench *bench;
static struct spi spi;
static struct twi twi;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static void power_up(const struct board_options *options)
{
    bench = serial_bench_new(options, BASE);
    spi_init(&spi, &bench->chip->fabric, &spi_spec[0]);
    twi_init(&twi, &bench->chip->fabric, &twi_spec[0]);
    write_at(0x508, 3);
    write_at(0x50c, 4);
}

static int as_spi(void **state)
{
    const struct board_options options = {.port = {[PORT_SPI0] = "loopback"}};

    (void)state;
    power_up(&options);
    write_at(0x510, 5);
    write_at(0x524, 0x10000000);
    write_at(ENABLE, 1);
    return 0;
}

static int as_twi(void **state)
{
    char list[160];
    const struct board_options options = {.port = {[PORT_TWI0] = list}};

    (void)state;
    (void)snprintf(list, sizeof list, "0x68:%s", serial_file("legacy", "d0 : 58 59 5a\nnack 55\n"));
    power_up(&options);
    write_at(0x588, 0x68);
    write_at(ENABLE, 5);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

/* ---- SPI: READY 0x108 ------------------------------------------------------------------------ */

static void a_byte_comes_back_as_it_goes(void **state)
{
    (void)state;
    write_at(TXD, 0xa5);
    assert_in_range(serial_pass_until(bench, 0x108, 10000), SPI_BYTE - 1, SPI_BYTE);
    assert_int_equal(read_at(RXD), 0xa5);
}

static void two_bytes_may_be_under_way(void **state)
{
    (void)state;
    write_at(TXD, 1);
    write_at(TXD, 2);
    serial_pass(bench, 3 * SPI_BYTE);
    assert_int_equal(read_at(0x108), 1);
    write_at(0x108, 0);
    assert_int_equal(read_at(RXD), 1);
    assert_int_equal(read_at(0x108), 1); /* the second one has moved up */
    assert_int_equal(read_at(RXD), 2);
}

static void spi_is_deaf_while_disabled(void **state)
{
    (void)state;
    write_at(ENABLE, 0);
    write_at(TXD, 1);
    serial_pass(bench, 3 * SPI_BYTE);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED);
    assert_int_equal(bench->logged, 0);
}

/* ---- TWI: STOPPED 0x104, RXDREADY 0x108, TXDSENT 0x11c, ERROR 0x124, SUSPENDED 0x148 --------- */

static void a_write_goes_byte_by_byte(void **state)
{
    (void)state;
    write_at(TXD, 0xd0);
    write_at(0x008, 1); /* STARTTX */
    assert_in_range(serial_pass_until(bench, 0x11c, 20000), 10 * TWI_BIT + TWI_BYTE - 1,
                    10 * TWI_BIT + TWI_BYTE);
    write_at(0x11c, 0);
    write_at(TXD, 0x11);
    serial_pass_until(bench, 0x11c, 20000);
    write_at(0x014, 1); /* STOP */
    serial_pass_until(bench, 0x104, 2000);
    assert_int_equal(bench->logged, 2);
    assert_int_equal(bench->log[0].byte, 0xd0);
    assert_int_equal(bench->log[1].byte, 0x11);
}

static void a_read_pauses_at_each_byte_by_the_shortcut(void **state)
{
    (void)state;
    write_at(TXD, 0xd0);
    write_at(0x008, 1);
    serial_pass_until(bench, 0x11c, 20000);
    write_at(0x200, 1); /* BB_SUSPEND */
    write_at(0x000, 1); /* STARTRX */
    serial_pass_until(bench, 0x108, 20000);
    assert_true(serial_is_set(bench, 0x148));
    assert_int_equal(read_at(RXD), 0x58);
    serial_pass(bench, 10 * TWI_BYTE);
    assert_int_equal(bench->logged, 2); /* nothing goes on by itself */
    write_at(0x108, 0);
    write_at(0x200, 2); /* BB_STOP */
    write_at(0x020, 1); /* RESUME */
    serial_pass_until(bench, 0x104, 20000);
    assert_int_equal(read_at(RXD), 0x59);
}

static void nobody_at_an_address_is_an_error(void **state)
{
    (void)state;
    write_at(0x588, 0x12);
    write_at(0x000, 1);
    serial_pass_until(bench, 0x124, 20000);
    assert_int_equal(read_at(0x4c4), 2); /* ANACK */
    write_at(0x014, 1);
    serial_pass_until(bench, 0x104, 2000);
}

static void a_refused_byte_is_an_error(void **state)
{
    (void)state;
    write_at(TXD, 0x55);
    write_at(0x008, 1);
    serial_pass_until(bench, 0x124, 20000);
    assert_int_equal(read_at(0x4c4), 4); /* DNACK */
    assert_int_equal(read_at(0x11c), 0);
}

int main(void)
{
#define ON(setup, name) cmocka_unit_test_setup_teardown(name, setup, tear_down)
    const struct CMUnitTest tests[] = {
        ON(as_spi, a_byte_comes_back_as_it_goes),
        ON(as_spi, two_bytes_may_be_under_way),
        ON(as_spi, spi_is_deaf_while_disabled),
        ON(as_twi, a_write_goes_byte_by_byte),
        ON(as_twi, a_read_pauses_at_each_byte_by_the_shortcut),
        ON(as_twi, nobody_at_an_address_is_an_error),
        ON(as_twi, a_refused_byte_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
