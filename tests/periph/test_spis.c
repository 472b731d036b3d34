/* SPDX-License-Identifier: Apache-2.0 */
/* SPIS, poked without a CPU (PS v1.7, 6.26). Offsets are typed as numbers. */
#include "sim/periph/spim.h"
#include "sim/periph/spis.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <stdio.h>
#include <string.h>

enum { BASE = 0x40003000, US = 64, BYTE = 512 };

enum { /* offsets */
       ACQUIRE = 0x024,
       RELEASE = 0x028,
       END = 0x104,
       ENDRX = 0x110,
       ACQUIRED = 0x128,
       SHORTS = 0x200,
       SEMSTAT = 0x400,
       STATUS = 0x440,
       ENABLE = 0x500,
       RX = 0x534, /* PTR, MAXCNT, AMOUNT */
       TX = 0x544,
       DEF = 0x55c,
       ORC = 0x5c0,
};

static struct serial_bench *bench;
static struct spim spim;
static struct spis spis;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static int with_a_master(void **state)
{
    char word[160];
    const struct board_options options = {.port = {[PORT_SPI0] = word}};

    (void)state;
    (void)snprintf(
        word, sizeof word, "master:%s",
        serial_file("master", "# two transactions\n100us : 01 02 03 04\n300us : ff ff\n"));
    bench = serial_bench_new(&options, BASE);
    spim_init(&spim, &bench->chip->fabric, &spim_spec[0]);
    spis_init(&spis, &bench->chip->fabric, &spis_spec[0]);
    write_at(DEF, 0xdd);
    write_at(ORC, 0xcc);
    write_at(ENABLE, 2);
    memcpy(serial_ram(bench, SERIAL_BUFFER), "abcd", 4);
    write_at(TX, SERIAL_BUFFER);
    write_at(RX, SERIAL_BUFFER + 64);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

static void release(uint32_t tx, uint32_t rx)
{
    write_at(TX + 4, tx);
    write_at(RX + 4, rx);
    write_at(RELEASE, 1);
}

/* The byte number `n` the slave has sent. */
static uint8_t sent(unsigned n)
{
    assert_true(bench->log[2 * n].from_chip);
    return bench->log[2 * n].byte;
}

static void the_cpu_has_the_semaphore_first(void **state)
{
    (void)state;
    assert_int_equal(read_at(SEMSTAT), 1);
    serial_pass(bench, 200 * US);
    assert_int_equal(bench->logged, 8);
    assert_int_equal(sent(0), 0xdd); /* DEF: the transaction is ignored */
    assert_int_equal(read_at(END), 0);
}

static void a_transaction_exchanges_the_buffers(void **state)
{
    (void)state;
    release(4, 4);
    assert_int_equal(read_at(SEMSTAT), 0);
    serial_pass(bench, 110 * US);
    assert_int_equal(read_at(SEMSTAT), 2);
    serial_pass(bench, 100 * US);
    assert_memory_equal(serial_ram(bench, SERIAL_BUFFER + 64), "\x01\x02\x03\x04", 4);
    assert_int_equal(sent(0), 'a');
    assert_int_equal(sent(3), 'd');
    assert_int_equal(read_at(END), 1);
    assert_int_equal(read_at(ENDRX), 1);
    assert_int_equal(read_at(TX + 8), 4);
    assert_int_equal(read_at(RX + 8), 4);
    assert_int_equal(read_at(STATUS), 0);
    assert_int_equal(bench->chip->misuses, 0);
}

static void the_shortcut_gives_the_buffers_to_the_cpu(void **state)
{
    (void)state;
    write_at(SHORTS, 4); /* END_ACQUIRE */
    release(4, 4);
    serial_pass(bench, 200 * US);
    assert_int_equal(read_at(SEMSTAT), 1);
    assert_int_equal(bench->observed, 0);
    assert_int_equal(read_at(ACQUIRED), 1);
    assert_int_equal(bench->observed, 2);
    assert_int_equal(bench->opened, 2);
}

static void without_it_the_buffers_stay_the_slaves(void **state)
{
    (void)state;
    release(4, 4);
    serial_pass(bench, 200 * US);
    assert_int_equal(read_at(SEMSTAT), 0);
    assert_true(easydma_running(&bench->easydma, spis.rx));
    read_at(END);
    assert_true(easydma_running(&bench->easydma, spis.rx));
    write_at(ACQUIRE, 1);
    assert_int_equal(read_at(ACQUIRED), 1);
    assert_int_equal(easydma_transfer_number(&bench->easydma, spis.rx), 0);
}

static void acquire_during_a_transaction_waits_for_its_end(void **state)
{
    (void)state;
    release(4, 4);
    serial_pass(bench, 110 * US);
    write_at(ACQUIRE, 1);
    assert_int_equal(read_at(SEMSTAT), 3);
    assert_int_equal(read_at(ACQUIRED), 0);
    serial_pass(bench, 100 * US);
    assert_int_equal(read_at(ACQUIRED), 1);
    assert_int_equal(read_at(SEMSTAT), 1);
    assert_memory_equal(serial_ram(bench, SERIAL_BUFFER + 64), "\x01\x02\x03\x04", 4);
}

static void too_short_buffers_are_told_in_status(void **state)
{
    (void)state;
    release(2, 3);
    serial_pass(bench, 200 * US);
    assert_int_equal(read_at(STATUS), 3);
    assert_int_equal(sent(1), 'b');
    assert_int_equal(sent(2), 0xcc); /* ORC */
    assert_int_equal(read_at(RX + 8), 3);
    write_at(STATUS, 3);
    assert_int_equal(read_at(STATUS), 0);
}

static void disabling_in_a_transaction_is_reported(void **state)
{
    (void)state;
    release(4, 4);
    serial_pass(bench, 110 * US);
    write_at(ENABLE, 0);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DISABLED_IN_FLIGHT);
}

int main(void)
{
#define WITH_A_MASTER(name) cmocka_unit_test_setup_teardown(name, with_a_master, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_A_MASTER(the_cpu_has_the_semaphore_first),
        WITH_A_MASTER(a_transaction_exchanges_the_buffers),
        WITH_A_MASTER(the_shortcut_gives_the_buffers_to_the_cpu),
        WITH_A_MASTER(without_it_the_buffers_stay_the_slaves),
        WITH_A_MASTER(acquire_during_a_transaction_waits_for_its_end),
        WITH_A_MASTER(too_short_buffers_are_told_in_status),
        WITH_A_MASTER(disabling_in_a_transaction_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
