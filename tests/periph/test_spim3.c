/* SPDX-License-Identifier: Apache-2.0 */
/* What only SPIM3 has: CSN and its times, DCX, erratum 198 (PS v1.7, 6.25; nRF52840 Errata). */
#include "sim/periph/gpio.h"
#include "sim/periph/spim.h"
#include "sim/periph/workarounds.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <string.h>

enum { BASE = 0x4002f000, BYTE = 16, CSN = 20, DCX = 21, US = 64 };

enum { /* offsets */
       START = 0x010,
       END = 0x118,
       RX = 0x534, /* PTR, MAXCNT */
       TX = 0x544,
       CSNDUR = 0x564,
       PSELDCX = 0x56c,
       DCXCNT = 0x570,
};

enum { BLOCKS_OF_SPIM3 = 0x40000e00 };

static struct serial_bench *bench;
static struct spim spim;
static struct gpio gpio;
static struct workarounds workarounds;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static void power_up(bool erratum)
{
    bench = serial_bench_new(NULL, BASE);
    gpio_init(&gpio, &bench->chip->fabric);
    bench->chip->fabric.gpio = &gpio;
    workarounds_init(&workarounds, &bench->chip->fabric);
    if (erratum)
        assert_true(silicon_read_erratum(&bench->chip->fabric.silicon, "198:on"));
    spim_init(&spim, &bench->chip->fabric, &spim_spec[3]);
    write_at(0x508, 3); /* PSEL.SCK, MOSI, MISO, CSN */
    write_at(0x50c, 4);
    write_at(0x510, 28);
    write_at(0x514, CSN);
    write_at(0x524, 0x14000000); /* 32 Mbit/s */
    write_at(0x500, 7);
    memcpy(serial_ram(bench, SERIAL_BUFFER), "abcdefgh", 8);
    write_at(TX, SERIAL_BUFFER);
    write_at(TX + 4, 8);
}

static int ideal(void **state)
{
    (void)state;
    power_up(false);
    return 0;
}

static int with_erratum(void **state)
{
    (void)state;
    power_up(true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

static bool pin(unsigned number)
{
    return wire_get(&bench->chip->wires, (enum wire_id)(WIRE_PIN + number));
}

/* The level of DCX behind each byte that was sent, as '0' and '1'. */
static const char *levels_of_dcx(void)
{
    static char levels[16];
    unsigned count = 0;

    memset(levels, 0, sizeof levels);
    while (!serial_is_set(bench, END)) {
        serial_pass(bench, 1);
        if (bench->logged / 2 > count && count < 15)
            levels[count++] = pin(DCX) ? '1' : '0';
    }
    return levels;
}

static void dcx_is_low_for_the_command_bytes(void **state)
{
    (void)state;
    write_at(PSELDCX, DCX);
    write_at(DCXCNT, 2);
    write_at(TX + 4, 4);
    write_at(START, 1);
    serial_pass_until(bench, 0x14c, 100 * US);
    assert_false(pin(DCX));
    /* Behind the second byte the third is under way. */
    assert_string_equal(levels_of_dcx(), "0111");
}

static void all_bytes_can_be_commands(void **state)
{
    (void)state;
    write_at(PSELDCX, DCX);
    write_at(DCXCNT, 15);
    write_at(TX + 4, 4);
    write_at(START, 1);
    assert_string_equal(levels_of_dcx(), "0000");
}

static sim_time duration(uint32_t csndur)
{
    sim_time time;

    write_at(CSNDUR, csndur);
    write_at(END, 0);
    write_at(START, 1);
    time = serial_pass_until(bench, END, 1000 * US);
    assert_true(pin(CSN));
    return time;
}

static void csn_keeps_its_distance_at_both_ends(void **state)
{
    sim_time none;

    (void)state;
    none = duration(0);
    assert_int_equal(duration(100), none + 200);
}

/* The CPU reads a word of RAM, if anybody watches. */
static void cpu_reads(guest_addr address)
{
    if (trace_watches(&bench->chip->trace, WATCH_LOADS, address, 4))
        trace_emit(
            &bench->chip->trace,
            (struct observation){.kind = OBS_CPU_LOAD, .access = {.address = address, .size = 4}});
}

/* How many of the eight bytes came out as they are in RAM. */
static unsigned sent_well(void)
{
    unsigned well = 0;

    serial_pass_until(bench, END, 1000 * US);
    for (unsigned i = 0; i < 8; i++)
        well += bench->log[2 * i].byte == (uint8_t)('a' + i);
    return well;
}

static void an_access_to_the_same_block_spoils_a_byte(void **state)
{
    (void)state;
    write_at(START, 1);
    serial_pass_until(bench, 0x14c, 100 * US);
    cpu_reads(0x20000000); /* block 0, as the buffer */
    assert_int_equal(sent_well(), 7);
    assert_int_equal(bench->log[0].byte, (uint8_t) ~'a');
}

static void another_block_does_no_harm(void **state)
{
    (void)state;
    write_at(START, 1);
    serial_pass_until(bench, 0x14c, 100 * US);
    cpu_reads(0x20002000);
    cpu_reads(0x20010000);
    assert_int_equal(sent_well(), 8);
}

static void a_block_of_its_own_does_no_harm(void **state)
{
    (void)state;
    chip_write(bench->chip, BLOCKS_OF_SPIM3, 1);
    write_at(START, 1);
    serial_pass_until(bench, 0x14c, 100 * US);
    cpu_reads(0x20000000);
    assert_int_equal(sent_well(), 8);
}

static void its_own_receiver_in_the_same_block_does_no_harm(void **state)
{
    (void)state;
    write_at(RX, SERIAL_BUFFER + 64);
    write_at(RX + 4, 8);
    write_at(START, 1);
    assert_int_equal(sent_well(), 8);
}

static void silicon_without_it_sends_well(void **state)
{
    (void)state;
    write_at(START, 1);
    serial_pass_until(bench, 0x14c, 100 * US);
    cpu_reads(0x20000000);
    assert_int_equal(sent_well(), 8);
}

static void nobody_watches_behind_the_end(void **state)
{
    (void)state;
    write_at(START, 1);
    (void)sent_well();
    assert_false(trace_watches(&bench->chip->trace, WATCH_LOADS, 0x20000000, 4));
}

int main(void)
{
#define ON(setup, name) cmocka_unit_test_setup_teardown(name, setup, tear_down)
    const struct CMUnitTest tests[] = {
        ON(ideal, dcx_is_low_for_the_command_bytes),
        ON(ideal, all_bytes_can_be_commands),
        ON(ideal, csn_keeps_its_distance_at_both_ends),
        ON(with_erratum, an_access_to_the_same_block_spoils_a_byte),
        ON(with_erratum, another_block_does_no_harm),
        ON(with_erratum, a_block_of_its_own_does_no_harm),
        ON(with_erratum, its_own_receiver_in_the_same_block_does_no_harm),
        ON(ideal, silicon_without_it_sends_well),
        ON(with_erratum, nobody_watches_behind_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
