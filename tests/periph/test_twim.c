/* SPDX-License-Identifier: Apache-2.0 */
/* TWIM, poked without a CPU (PS v1.7, 6.31). Offsets are typed as numbers. */
#include "sim/base/compiler.h"
#include "sim/periph/spim.h"
#include "sim/periph/twim.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <stdio.h>
#include <string.h>

/* 250 kbit/s: 256 cycles a bit, 9 bits a byte. */
enum { BASE = 0x40003000, BIT = 256, BYTE = 9 * BIT, LINE = 3 };

enum { /* offsets */
       STARTRX = 0x000,
       STARTTX = 0x008,
       STOP = 0x014,
       SUSPEND = 0x01c,
       RESUME = 0x020,
       STOPPED = 0x104,
       ERROR = 0x124,
       SUSPENDED = 0x148,
       RXSTARTED = 0x14c,
       TXSTARTED = 0x150,
       LASTRX = 0x15c,
       LASTTX = 0x160,
       SHORTS = 0x200,
       ERRORSRC = 0x4c4,
       RX = 0x534, /* PTR, MAXCNT, AMOUNT, LIST */
       TX = 0x544,
       ADDRESS = 0x588,
};
enum { LASTTX_STARTRX = 1 << 7, LASTTX_SUSPEND = 1 << 8, LASTTX_STOP = 1 << 9 };
enum { LASTRX_STOP = 1 << 12, ANACK = 2, DNACK = 4 };

static struct serial_bench *bench;
static struct spim spim;
static struct twim twim;

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

static void pass(sim_time cycles)
{
    serial_pass(bench, cycles);
}

/* A sensor at 0x68. */
static int sensor(void **state)
{
    char list[160];
    struct board_options options = {.port = {[PORT_TWI0] = list}};

    (void)state;
    (void)snprintf(list, sizeof list, "0x68:%s",
                   serial_file("sensor", "d0 : 58 59 5a\n"
                                         "?? : 01 02\n"
                                         "nack 55\n"
                                         "nack 01 02\n"));
    bench = serial_bench_new(&options, BASE);
    spim_init(&spim, &bench->chip->fabric, &spim_spec[0]); /* at the same base */
    twim_init(&twim, &bench->chip->fabric, &twim_spec[0]);
    write_at(0x508, 27);
    write_at(0x50c, 26);
    write_at(ADDRESS, 0x68);
    write_at(0x500, 6);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

static void describe(uint32_t descriptor, uint32_t at, uint32_t maxcnt)
{
    write_at(descriptor, SERIAL_BUFFER + at);
    write_at(descriptor + 4, maxcnt);
}

static void send(const char *bytes, uint32_t size, uint32_t shorts)
{
    memcpy(ram(0), bytes, size);
    describe(TX, 0, size);
    write_at(SHORTS, shorts);
    write_at(STARTTX, 1);
}

static void registers_reset_to_the_values_of_the_manual(void **state)
{
    (void)state;
    write_at(0x500, 0);
    regfile_reset(&twim.regs);
    assert_int_equal(read_at(0x508), 0xffffffff);
    assert_int_equal(read_at(0x50c), 0xffffffff);
    assert_int_equal(read_at(0x524), 0x04000000);
    assert_int_equal(read_at(ADDRESS), 0);
}

static void a_write_ends_by_the_shortcut_to_stop(void **state)
{
    sim_time took;

    (void)state;
    send("\x10\x20\x30", 3, LASTTX_STOP);
    pass(20);
    assert_int_equal(read_at(TXSTARTED), 1);
    took = serial_pass_until(bench, STOPPED, 100000);
    /* start and address, three bytes, stop */
    assert_in_range(took + 20, (10 + 27 + 1) * BIT, (10 + 27 + 1) * BIT + 200);
    assert_int_equal(read_at(LASTTX), 1);
    assert_int_equal(read_at(ERROR), 0);
    assert_int_equal(read_at(TX + 8), 3);
    assert_int_equal(bench->logged, 3);
    assert_int_equal(bench->log[2].byte, 0x30);
    assert_int_equal(bench->chip->misuses, 0);
}

static void lasttx_comes_when_the_last_byte_begins(void **state)
{
    (void)state;
    send("\x10\x20", 2, LASTTX_STOP);
    serial_pass_until(bench, LASTTX, 100000);
    assert_int_equal(bench->logged, 1); /* only the first one is over */
    read_at(LASTTX);
    assert_int_equal(bench->observed, 0);
    serial_pass_until(bench, STOPPED, 100000);
    read_at(STOPPED);
    assert_int_equal(bench->observed, 1);
}

static void a_register_is_read_behind_a_write(void **state)
{
    (void)state;
    describe(RX, 64, 3);
    send("\xd0", 1, LASTTX_STARTRX | LASTRX_STOP);
    serial_pass_until(bench, STOPPED, 100000);
    assert_memory_equal(ram(64), "\x58\x59\x5a", 3);
    assert_int_equal(read_at(RX + 8), 3);
    assert_int_equal(read_at(TX + 8), 1);
    assert_int_equal(read_at(RXSTARTED), 1);
    assert_int_equal(read_at(LASTRX), 1);
    assert_int_equal(read_at(STOPPED), 1);
    assert_int_equal(bench->observed, 2);
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_read_may_be_a_transfer_of_its_own(void **state)
{
    (void)state;
    send("\xd0", 1, LASTTX_STOP);
    serial_pass_until(bench, STOPPED, 100000);
    write_at(STOPPED, 0);
    describe(RX, 64, 2);
    write_at(SHORTS, LASTRX_STOP);
    write_at(STARTRX, 1);
    serial_pass_until(bench, STOPPED, 100000);
    assert_memory_equal(ram(64), "\x58\x59", 2);
}

static void at_lastrx_the_last_byte_is_not_in_ram(void **state)
{
    (void)state;
    describe(RX, 64, 2);
    send("\xd0", 1, LASTTX_STARTRX | LASTRX_STOP);
    serial_pass_until(bench, LASTRX, 100000);
    assert_int_equal(*ram(65), 0);
    serial_pass_until(bench, STOPPED, 100000);
    assert_int_equal(*ram(65), 0x59);
}

static void an_address_nobody_has_is_not_acknowledged(void **state)
{
    (void)state;
    write_at(ADDRESS, 0x12);
    send("\x10", 1, LASTTX_STOP);
    serial_pass_until(bench, ERROR, 100000);
    assert_int_equal(read_at(ERRORSRC), ANACK);
    pass(100 * BYTE);
    assert_false(serial_is_set(bench, STOPPED)); /* it waits for the task */
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 1000);
    assert_int_equal(read_at(TX + 8), 0);
    assert_int_equal(read_at(STOPPED), 1);
    assert_int_equal(bench->observed, 1);
}

static void a_byte_that_is_refused_is_an_error(void **state)
{
    (void)state;
    send("\x01\x02\x03", 3, LASTTX_STOP);
    serial_pass_until(bench, ERROR, 100000);
    assert_int_equal(read_at(ERRORSRC), DNACK);
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 1000);
    assert_int_equal(read_at(TX + 8), 2);
    write_at(ERRORSRC, DNACK);
    assert_int_equal(read_at(ERRORSRC), 0);
}

static void without_a_shortcut_the_bus_waits_for_stop(void **state)
{
    (void)state;
    send("\x10\x20", 2, 0);
    pass(100 * BYTE);
    assert_int_equal(bench->logged, 2);
    assert_false(serial_is_set(bench, STOPPED));
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 1000);
}

static void stop_cuts_a_transfer_behind_the_byte_under_way(void **state)
{
    (void)state;
    send("12345678", 8, 0);
    pass(10 * BIT + 2 * BYTE + 200);
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 100000);
    assert_int_equal(bench->logged, 3);
    assert_int_equal(read_at(TX + 8), 3);
}

static void suspend_behind_a_write_says_suspended_and_tells_its_end(void **state)
{
    (void)state;
    send("\x10", 1, LASTTX_SUSPEND);
    serial_pass_until(bench, SUSPENDED, 100000);
    assert_int_equal(read_at(SUSPENDED), 1);
    assert_int_equal(bench->observed, 1);
    assert_int_equal(bench->last_observed.event, BASE + SUSPENDED);
}

static void a_start_while_suspended_waits_for_resume(void **state)
{
    (void)state;
    send("\xd0", 1, LASTTX_SUSPEND);
    serial_pass_until(bench, SUSPENDED, 100000);
    read_at(SUSPENDED);
    describe(RX, 64, 2);
    write_at(SHORTS, LASTRX_STOP);
    write_at(STARTRX, 1);
    pass(100 * BYTE);
    assert_false(serial_is_set(bench, STOPPED));
    write_at(RESUME, 1);
    serial_pass_until(bench, STOPPED, 100000);
    assert_memory_equal(ram(64), "\x58\x59", 2);
}

static void an_empty_write_only_addresses_the_slave(void **state)
{
    (void)state;
    send("", 0, LASTTX_STOP);
    pass(100 * BYTE);
    assert_false(serial_is_set(bench, STOPPED)); /* no last byte, no shortcut */
    assert_false(serial_is_set(bench, ERROR));
    write_at(STOP, 1);
    serial_pass_until(bench, STOPPED, 1000);
    assert_int_equal(bench->chip->misuses, 0);
}

static void the_speed_is_that_of_frequency(void **state)
{
    (void)state;
    write_at(0x524, 0x06400000); /* 400 kbit/s */
    send("\x10", 1, LASTTX_STOP);
    assert_in_range(serial_pass_until(bench, STOPPED, 100000), 20 * 160, 20 * 165 + 200);
}

static void a_second_start_of_the_same_direction_is_reported(void **state)
{
    (void)state;
    send("12345678", 8, LASTTX_STOP);
    pass(3 * BYTE);
    write_at(STARTTX, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
}

static void disabling_in_flight_is_reported(void **state)
{
    (void)state;
    send("12345678", 8, LASTTX_STOP);
    pass(3 * BYTE);
    write_at(0x500, 0);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED_IN_FLIGHT);
    pass(100 * BYTE);
    assert_false(serial_is_set(bench, STOPPED));
}

static void flash_is_sent_as_zeros(void **state)
{
    (void)state;
    write_at(TX, 0x100);
    write_at(TX + 4, 2);
    write_at(SHORTS, LASTTX_STOP);
    write_at(STARTTX, 1);
    serial_pass_until(bench, STOPPED, 100000);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_OUTSIDE_RAM);
    assert_int_equal(bench->log[0].byte, 0);
}

static void the_base_is_shared_with_spim(void **state)
{
    (void)state;
    write_at(0x500, 7);
    write_at(0x010, 1); /* SPIM's START */
    pass(1000);
    write_at(0x500, 0);
    write_at(0x500, 6);
    send("\x10", 1, LASTTX_STOP);
    serial_pass_until(bench, STOPPED, 100000);
}

static void every_speed_of_easydma_moves_the_same_bytes(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_EAGER, CHOICE_LAZY, CHOICE_RANDOM};

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(policies); i++) {
        chooser_set_dma_policy(&bench->chip->chooser, policies[i]);
        memset(ram(64), 0, 8);
        write_at(STOPPED, 0);
        describe(RX, 64, 3);
        send("\xd0", 1, LASTTX_STARTRX | LASTRX_STOP);
        serial_pass_until(bench, STOPPED, 100000);
        read_at(STOPPED);
        assert_memory_equal(ram(64), "\x58\x59\x5a", 3);
    }
    assert_int_equal(bench->chip->misuses, 0);
}

int main(void)
{
#define WITH_A_SENSOR(name) cmocka_unit_test_setup_teardown(name, sensor, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_A_SENSOR(registers_reset_to_the_values_of_the_manual),
        WITH_A_SENSOR(a_write_ends_by_the_shortcut_to_stop),
        WITH_A_SENSOR(lasttx_comes_when_the_last_byte_begins),
        WITH_A_SENSOR(a_register_is_read_behind_a_write),
        WITH_A_SENSOR(a_read_may_be_a_transfer_of_its_own),
        WITH_A_SENSOR(at_lastrx_the_last_byte_is_not_in_ram),
        WITH_A_SENSOR(an_address_nobody_has_is_not_acknowledged),
        WITH_A_SENSOR(a_byte_that_is_refused_is_an_error),
        WITH_A_SENSOR(without_a_shortcut_the_bus_waits_for_stop),
        WITH_A_SENSOR(stop_cuts_a_transfer_behind_the_byte_under_way),
        WITH_A_SENSOR(suspend_behind_a_write_says_suspended_and_tells_its_end),
        WITH_A_SENSOR(a_start_while_suspended_waits_for_resume),
        WITH_A_SENSOR(an_empty_write_only_addresses_the_slave),
        WITH_A_SENSOR(the_speed_is_that_of_frequency),
        WITH_A_SENSOR(a_second_start_of_the_same_direction_is_reported),
        WITH_A_SENSOR(disabling_in_flight_is_reported),
        WITH_A_SENSOR(flash_is_sent_as_zeros),
        WITH_A_SENSOR(the_base_is_shared_with_spim),
        WITH_A_SENSOR(every_speed_of_easydma_moves_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
