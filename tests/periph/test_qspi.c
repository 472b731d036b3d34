/* SPDX-License-Identifier: Apache-2.0 */
/* QSPI and the flash behind it, poked without a CPU (PS v1.7, 6.19). Offsets are typed as numbers.
 */
#include "sim/base/compiler.h"
#include "sim/periph/qspi.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <string.h>

enum { BASE = 0x40029000, LINE = 41, US = 64, MS = 64000 };

enum { /* offsets */
       ACTIVATE = 0x000,
       READSTART = 0x004,
       WRITESTART = 0x008,
       ERASESTART = 0x00c,
       DEACTIVATE = 0x010,
       READY = 0x100,
       INTENSET = 0x304,
       ENABLE = 0x500,
       READ_SRC = 0x504,
       READ_DST = 0x508,
       READ_CNT = 0x50c,
       WRITE_DST = 0x510,
       WRITE_SRC = 0x514,
       WRITE_CNT = 0x518,
       ERASE_PTR = 0x51c,
       ERASE_LEN = 0x520,
       IFCONFIG0 = 0x544,
       IFCONFIG1 = 0x600,
       STATUS = 0x604,
       DPMDUR = 0x614,
       CINSTRCONF = 0x634,
       CINSTRDAT0 = 0x638,
       CINSTRDAT1 = 0x63c,
};
enum { STATUS_READY = 1 << 3, STATUS_DPM = 1 << 2 };
enum { WIPWAIT = 1 << 14, WREN = 1 << 15, LFEN = 1 << 16, LFSTOP = 1 << 17 };
enum { OUT = SERIAL_BUFFER, IN = SERIAL_BUFFER + 0x1000, LONGEST = 4096 };
#define LONG_TIME (60 * CYCLES_PER_SECOND)

static struct serial_bench *bench;
static struct qspi qspi;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static sim_time until_ready(void)
{
    sim_time took = serial_pass_until(bench, READY, LONG_TIME);

    assert_int_equal(read_at(READY), 1);
    write_at(READY, 0);
    return took;
}

static sim_time task(uint32_t offset)
{
    write_at(offset, 1);
    return until_ready();
}

static int active(void **state)
{
    static const uint32_t pins[] = {0x524, 0x528, 0x530, 0x534, 0x538, 0x53c};

    (void)state;
    bench = serial_bench_new(NULL, BASE);
    qspi_init(&qspi, &bench->chip->fabric, &qspi_spec);
    for (unsigned i = 0; i < ARRAY_LENGTH(pins); i++)
        write_at(pins[i], 17 + i);
    write_at(ENABLE, 1);
    (void)task(ACTIVATE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

static sim_time read_flash(uint32_t address, uint32_t size)
{
    memset(serial_ram(bench, IN), 0x55, LONGEST);
    write_at(READ_SRC, address);
    write_at(READ_DST, IN);
    write_at(READ_CNT, size);
    return task(READSTART);
}

static sim_time write_flash(uint32_t address, uint32_t size)
{
    write_at(WRITE_DST, address);
    write_at(WRITE_SRC, OUT);
    write_at(WRITE_CNT, size);
    return task(WRITESTART);
}

static void erase(uint32_t address, uint32_t length)
{
    write_at(ERASE_PTR, address);
    write_at(ERASE_LEN, length);
    (void)task(ERASESTART);
}

static uint8_t received(unsigned index)
{
    return *serial_ram(bench, IN + index);
}

/* A pattern without 0xff. */
static void fill(uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        *serial_ram(bench, OUT + i) = (uint8_t)(i % 251);
}

/* Opcode and `bytes` behind it; returns CINSTRDAT0. */
static uint32_t instruct(uint32_t opcode, uint32_t bytes, uint32_t flags, uint32_t data)
{
    write_at(CINSTRDAT0, data);
    write_at(CINSTRDAT1, 0);
    write_at(CINSTRCONF, opcode | (bytes + 1) << 8 | 0x3000 | flags);
    (void)until_ready();
    return read_at(CINSTRDAT0);
}

static uint32_t flash_status(void)
{
    return instruct(0x05, 1, 0, 0) & 0xff;
}

static void registers_reset_to_the_values_of_the_manual(void **state)
{
    (void)state;
    qspi_reset(&qspi, RESET_PIN);
    assert_int_equal(read_at(0x524), 0xffffffff);
    assert_int_equal(read_at(0x600), 0x00040480);
    assert_int_equal(read_at(0x604), 0);
    assert_int_equal(read_at(0x614), 0xffffffff);
    assert_int_equal(read_at(0x624), 0xb7);
    assert_int_equal(read_at(0x634), 0x2000);
    assert_int_equal(read_at(0x640), 0x200);
}

static void activation_makes_it_ready(void **state)
{
    (void)state;
    assert_int_equal(read_at(STATUS), STATUS_READY);
    (void)task(DEACTIVATE);
    assert_int_equal(read_at(STATUS), 0);
    write_at(INTENSET, 1);
    write_at(ACTIVATE, 1);
    assert_int_equal(read_at(STATUS), 0);
    (void)serial_pass_until(bench, READY, 10 * US);
    assert_true(chip_irq(bench->chip, LINE));
    assert_int_equal(bench->chip->misuses, 0);
}

static void what_was_written_is_read_across_pages(void **state)
{
    (void)state;
    fill(1024);
    (void)write_flash(0x123080, 1024);
    (void)read_flash(0x123080, 1028);
    for (unsigned i = 0; i < 1024; i++)
        assert_int_equal(received(i), i % 251);
    assert_int_equal(received(1024), 0xff);
    assert_int_equal(received(1028), 0x55);
    assert_int_equal(bench->opened, 2);
    assert_int_equal(bench->observed, 2);
    assert_int_equal(bench->chip->misuses, 0);
}

static void writing_clears_bits_only_and_erasing_sets_them(void **state)
{
    (void)state;
    memset(serial_ram(bench, OUT), 0xf0, 4);
    (void)write_flash(0x1ffc, 4);
    memset(serial_ram(bench, OUT), 0x3c, 4);
    (void)write_flash(0x1ffc, 4);
    (void)read_flash(0x1ffc, 4);
    assert_int_equal(received(0), 0x30);
    erase(0x2000, 0); /* the next sector */
    (void)read_flash(0x1ffc, 4);
    assert_int_equal(received(0), 0x30);
    erase(0x1000, 0);
    (void)read_flash(0x1ffc, 4);
    assert_int_equal(received(0), 0xff);
}

static void a_block_and_everything_can_be_erased(void **state)
{
    (void)state;
    fill(4);
    (void)write_flash(0x2fffc, 4);
    (void)write_flash(0x30000, 4);
    erase(0x20000, 1);
    (void)read_flash(0x2fffc, 8);
    assert_int_equal(received(0), 0xff);
    assert_int_equal(received(5), 1);
    erase(0, 2);
    (void)read_flash(0x30000, 4);
    assert_int_equal(received(1), 0xff);
}

static void the_flash_is_busy_behind_ready_and_the_next_task_waits(void **state)
{
    (void)state;
    erase(0, 0);
    assert_int_equal(flash_status() & 1, 1);
    assert_in_range(read_flash(0, 4), 39 * MS, 41 * MS);
    assert_int_equal(flash_status() & 1, 0);
    fill(4);
    assert_in_range(write_flash(0, 4), 1, 100 * US);
    assert_in_range(read_flash(0, 4), 800 * US, 900 * US);
    assert_int_equal(received(1), 1);
}

static void the_time_of_a_transfer_is_that_of_its_clocks(void **state)
{
    sim_time one_line;
    sim_time four_lines;

    (void)state;
    write_at(IFCONFIG1, 0xf0040480); /* 2 MHz: 16 us for a word on one line */
    one_line = read_flash(0, LONGEST);
    assert_in_range(one_line, 1024 * 16 * US, 1024 * (16 * US + 17) + 100 * US);
    write_at(IFCONFIG0, 4);
    four_lines = read_flash(0, LONGEST); /* 4 us */
    assert_in_range(four_lines, 1024 * 4 * US, 1024 * (4 * US + 17) + 100 * US);
}

static void instructions_reach_the_flash(void **state)
{
    (void)state;
    assert_int_equal(instruct(0x9f, 3, 0, 0), 0x001728c2);
    (void)instruct(0x01, 1, 0, 0x40); /* WEL is missing */
    assert_int_equal(flash_status(), 0);
    (void)instruct(0x06, 0, 0, 0);
    assert_int_equal(flash_status(), 2);
    (void)instruct(0x04, 0, 0, 0);
    assert_int_equal(flash_status(), 0);
    (void)instruct(0x01, 2, WREN, 0x0240);
    assert_int_equal(flash_status() & 1, 1);
    (void)instruct(0x35, 1, WIPWAIT, 0);
    assert_int_equal(read_at(CINSTRDAT0), 0x02);
    assert_int_equal(flash_status(), 0x40);
    assert_int_equal(read_at(STATUS), 0x40000000 | STATUS_READY);
    (void)instruct(0x06, 0, 0, 0);
    (void)instruct(0x99, 0, 0, 0); /* not behind 0x66 */
    assert_int_equal(flash_status(), 0x42);
    (void)instruct(0x66, 0, 0, 0);
    (void)instruct(0x99, 0, 0, 0);
    assert_int_equal(flash_status(), 0x40);
    assert_int_equal(bench->chip->misuses, 0);
}

static void an_erase_by_instruction_needs_write_enable(void **state)
{
    (void)state;
    fill(4);
    (void)write_flash(0x1000, 4);
    (void)instruct(0x20, 3, WIPWAIT, 0x001000);
    (void)read_flash(0x1000, 4);
    assert_int_equal(received(1), 1);
    (void)instruct(0x20, 3, WIPWAIT | WREN, 0x001000); /* address bytes: 00 10 00 */
    (void)read_flash(0x1000, 4);
    assert_int_equal(received(1), 0xff);
}

static void a_long_frame_reads_the_parameters(void **state)
{
    (void)state;
    (void)instruct(0x5a, 4, LFEN, 0);                      /* address and a byte of nothing */
    assert_int_equal(instruct(0, 8, LFEN, 0), 0x50444653); /* "SFDP" */
    assert_int_equal(read_at(CINSTRDAT1), 0xff000100);
    assert_int_equal(instruct(0, 8, LFEN | LFSTOP, 0), 0x09010000);
    assert_int_equal(instruct(0x9f, 3, 0, 0), 0x001728c2);
}

static void power_down_makes_it_deaf_until_it_is_woken(void **state)
{
    (void)state;
    (void)instruct(0xb9, 0, 0, 0);
    assert_int_equal(instruct(0x9f, 3, 0, 0), 0);
    assert_int_equal(read_at(STATUS) & STATUS_DPM, STATUS_DPM);
    (void)instruct(0xab, 0, 0, 0);
    assert_int_equal(instruct(0x9f, 3, 0, 0), 0x001728c2);
    write_at(DPMDUR, 3 << 16 | 2);
    write_at(IFCONFIG0, 1 << 7);
    write_at(IFCONFIG1, 1 << 24);
    assert_int_equal(read_at(STATUS) & STATUS_READY, 0);
    serial_pass(bench, 2 * 16 * US);
    assert_int_equal(read_at(STATUS), STATUS_DPM | STATUS_READY);
    write_at(IFCONFIG1, 0);
    serial_pass(bench, 3 * 16 * US);
    assert_int_equal(read_at(STATUS), STATUS_READY);
}

static void status_tells_the_end_of_a_transfer_as_well(void **state)
{
    (void)state;
    write_at(READ_DST, IN);
    write_at(READ_CNT, 16);
    write_at(READSTART, 1);
    assert_int_equal(read_at(STATUS) & STATUS_READY, 0);
    (void)serial_pass_until(bench, READY, MS);
    assert_int_equal(bench->observed, 0);
    assert_int_equal(read_at(STATUS) & STATUS_READY, STATUS_READY);
    assert_int_equal(bench->observed, 1);
    assert_int_equal(bench->last_observed.event, BASE + STATUS);
}

static void tasks_while_it_is_busy_or_off_are_reported(void **state)
{
    (void)state;
    write_at(READ_DST, IN);
    write_at(READ_CNT, 16);
    write_at(READSTART, 1);
    write_at(WRITESTART, 1);
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_BUSY);
    write_at(ENABLE, 0);
    assert_int_equal(bench->chip->misuse[1].misuse, MISUSE_DISABLED_IN_FLIGHT);
    write_at(READSTART, 1);
    assert_int_equal(bench->chip->misuse[2].misuse, MISUSE_DISABLED);
    write_at(ENABLE, 1);
    write_at(READSTART, 1);
    assert_int_equal(bench->chip->misuse[3].misuse, MISUSE_NOT_READY);
    serial_pass(bench, MS);
    assert_int_equal(read_at(READY), 0);
}

static void nothing_is_read_when_the_pins_lead_nowhere(void **state)
{
    (void)state;
    write_at(0x528, 0xffffffff);
    (void)read_flash(0, 4);
    assert_int_equal(received(0), 0);
    assert_int_equal(instruct(0x9f, 3, 0, 0xffffff), 0);
}

static void only_so_many_sectors_hold_something_and_the_rest_is_reported(void **state)
{
    (void)state;
    fill(4);
    for (uint32_t sector = 0; sector < 32; sector++)
        (void)write_flash(sector * 0x10000, 4);
    assert_int_equal(bench->chip->unmodelled, 0);
    (void)write_flash(0x400000, 4);
    assert_int_equal(bench->chip->unmodelled, 1);
    (void)read_flash(0x400000, 4);
    assert_int_equal(received(1), 0xff);
    erase(0x10000, 0);
    (void)write_flash(0x400000, 4);
    assert_int_equal(bench->chip->unmodelled, 1);
    (void)read_flash(0x400000, 4);
    assert_int_equal(received(1), 1);
}

static void the_flash_outlives_a_reset_and_comes_back_with_a_snapshot(void **state)
{
    struct snapshot *snapshot;
    uint64_t hash;

    (void)state;
    fill(4);
    snapshot = snapshot_take(&bench->chip->state);
    hash = state_hash(&bench->chip->state);
    (void)write_flash(0x1000, 4);
    qspi_reset(&qspi, RESET_SOFT);
    assert_int_equal(nor_flash_read(&qspi.flash, 0x1001), 1);
    snapshot_restore(snapshot, &bench->chip->state);
    assert_int_equal(nor_flash_read(&qspi.flash, 0x1001), 0xff);
    assert_true(state_hash(&bench->chip->state) == hash);
    snapshot_free(snapshot);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, active, tear_down)

static void the_cpu_reads_the_flash_at_its_window(void **state)
{
    (void)state;
    memcpy(serial_ram(bench, OUT), "executes", 8);
    write_at(WRITE_DST, 0x2000);
    write_at(WRITE_SRC, OUT);
    write_at(WRITE_CNT, 8);
    task(WRITESTART);
    assert_int_equal(chip_read(bench->chip, 0x12002000), 0x63657865); /* "exec" */
    write_at(0x540, 0x2000);                                          /* XIPOFFSET */
    assert_int_equal(chip_read(bench->chip, 0x12000004), 0x73657475); /* "utes" */
    assert_int_equal(bus_read(&bench->chip->bus, 0x12000001, 1), 'x');
    assert_int_equal(bench->chip->misuses, 0);
    assert_int_equal(bench->chip->unmodelled, 0);
}

static void an_interface_that_is_not_active_answers_zeros_there_and_says_so(void **state)
{
    (void)state;
    task(DEACTIVATE);
    assert_int_equal(chip_read(bench->chip, 0x12000000), 0);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_READ_NOT_READY);
}

static void the_window_is_not_written(void **state)
{
    (void)state;
    chip_write(bench->chip, 0x12000000, 0);
    assert_int_equal(bench->chip->unmodelled, 1);
    assert_int_equal(chip_read(bench->chip, 0x12000000), 0xffffffff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(registers_reset_to_the_values_of_the_manual),
        TEST(activation_makes_it_ready),
        TEST(what_was_written_is_read_across_pages),
        TEST(writing_clears_bits_only_and_erasing_sets_them),
        TEST(a_block_and_everything_can_be_erased),
        TEST(the_flash_is_busy_behind_ready_and_the_next_task_waits),
        TEST(the_time_of_a_transfer_is_that_of_its_clocks),
        TEST(instructions_reach_the_flash),
        TEST(an_erase_by_instruction_needs_write_enable),
        TEST(the_cpu_reads_the_flash_at_its_window),
        TEST(an_interface_that_is_not_active_answers_zeros_there_and_says_so),
        TEST(the_window_is_not_written),
        TEST(a_long_frame_reads_the_parameters),
        TEST(power_down_makes_it_deaf_until_it_is_woken),
        TEST(status_tells_the_end_of_a_transfer_as_well),
        TEST(tasks_while_it_is_busy_or_off_are_reported),
        TEST(nothing_is_read_when_the_pins_lead_nowhere),
        TEST(only_so_many_sectors_hold_something_and_the_rest_is_reported),
        TEST(the_flash_outlives_a_reset_and_comes_back_with_a_snapshot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
