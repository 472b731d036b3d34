/* SPDX-License-Identifier: Apache-2.0 */
/* NFCT and a reader, poked without a CPU (PS v1.7, 6.13). Offsets are typed as numbers. */
#include "sim/periph/nfct.h"
#include "tests/cmocka.h"
#include "tests/periph/serial_bench.h"

#include <string.h>

enum { BASE = 0x40005000, US = 64, MS = 64000, BYTE = 9 * 604 };

enum { /* offsets */
       ACTIVATE = 0x000,
       DISABLE = 0x004,
       SENSE = 0x008,
       STARTTX = 0x00c,
       ENABLERXDATA = 0x01c,
       READY = 0x100,
       FIELDDETECTED = 0x104,
       FIELDLOST = 0x108,
       TXFRAMESTART = 0x10c,
       TXFRAMEEND = 0x110,
       RXFRAMESTART = 0x114,
       RXFRAMEEND = 0x118,
       ERROR = 0x11c,
       RXERROR = 0x128,
       ENDRX = 0x12c,
       ENDTX = 0x130,
       SELECTED = 0x14c,
       SHORTS = 0x200,
       ERRORSTATUS = 0x404,
       FRAMESTATUS = 0x40c,
       TAGSTATE = 0x410,
       FIELDPRESENT = 0x43c,
       DELAYMIN = 0x504,
       DELAYMAX = 0x508,
       DELAYMODE = 0x50c,
       PACKETPTR = 0x510,
       MAXLEN = 0x514,
       TX_CONFIG = 0x518,
       TX_AMOUNT = 0x51c,
       RX_AMOUNT = 0x524,
};

enum { IN = SERIAL_BUFFER, OUT = SERIAL_BUFFER + 512 };

static struct serial_bench *bench;
static struct nfct nfct;

static void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

static uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

static void with(const char *text)
{
    const struct board_options options = {.port = {[PORT_NFC] = serial_file("reader", text)}};

    bench = serial_bench_new(&options, BASE);
    nfct_init(&nfct, &bench->chip->fabric, &nfct_spec);
    nfct_reset(&nfct, RESET_POWER_ON);
}

static int tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

/* The tag senses, switches itself on, and gives a buffer when it is selected. */
static void is_selected(const char *text)
{
    with(text);
    write_at(SHORTS, 1); /* FIELDDETECTED_ACTIVATE */
    write_at(SENSE, 1);
    write_at(PACKETPTR, IN);
    write_at(MAXLEN, 16);
    serial_pass_until(bench, SELECTED, 20 * MS);
    write_at(ENABLERXDATA, 1);
}

#define SELECTED_AT_2_MS "1ms : field on\n2ms : select\n"

static void a_field_is_detected_and_lost(void **state)
{
    (void)state;
    with("1ms : field on\n2ms : field off\n");
    write_at(SENSE, 1);
    serial_pass(bench, MS - 100);
    assert_int_equal(read_at(FIELDDETECTED), 0);
    serial_pass(bench, 200);
    assert_int_equal(read_at(FIELDDETECTED), 1);
    assert_int_equal(read_at(FIELDPRESENT), 3);
    serial_pass(bench, MS);
    assert_int_equal(read_at(FIELDLOST), 1);
    assert_int_equal(read_at(FIELDPRESENT), 0);
}

static void a_tag_that_is_off_sees_nothing(void **state)
{
    (void)state;
    with("1ms : field on\n");
    serial_pass(bench, 2 * MS);
    assert_int_equal(read_at(FIELDDETECTED), 0);
    write_at(SENSE, 1); /* the field is there already */
    assert_int_equal(read_at(FIELDDETECTED), 1);
}

static void activation_takes_its_time(void **state)
{
    (void)state;
    with("1ms : field on\n");
    write_at(ACTIVATE, 1);
    assert_int_equal(read_at(TAGSTATE), 2);
    assert_in_range(serial_pass_until(bench, READY, MS), 31000, 33000);
    assert_int_equal(read_at(TAGSTATE), 3);
}

static void the_reader_selects_the_tag(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS);
    assert_int_equal(read_at(0x138), 1); /* AUTOCOLRESSTARTED */
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_frame_comes_with_its_crc(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS "10ms : frame 30 00\n");
    serial_pass_until(bench, RXFRAMEEND, 20 * MS);
    assert_int_equal(read_at(RXFRAMESTART), 1);
    assert_int_equal(read_at(RX_AMOUNT), 4 << 3);
    assert_memory_equal(serial_ram(bench, IN), "\x30\x00\x02\xa8", 4); /* READ 0, as everywhere */
    assert_int_equal(read_at(RXERROR), 0);
    assert_int_equal(bench->observed, 0);
    assert_int_equal(read_at(RXFRAMEEND), 1);
    assert_int_equal(bench->observed, 1);
}

static void a_wrong_crc_is_an_error(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS "10ms : broken 30 00\n");
    serial_pass_until(bench, RXERROR, 20 * MS);
    assert_int_equal(read_at(FRAMESTATUS), 1);
    assert_int_equal(read_at(RXFRAMEEND), 0);
}

static void a_frame_longer_than_the_buffer_overruns(void **state)
{
    (void)state;
    with(SELECTED_AT_2_MS "10ms : frame 01 02 03 04 05 06\n");
    write_at(SHORTS, 1);
    write_at(SENSE, 1);
    write_at(PACKETPTR, IN);
    write_at(MAXLEN, 4);
    serial_pass_until(bench, SELECTED, 20 * MS);
    write_at(ENABLERXDATA, 1);
    serial_pass_until(bench, RXERROR, 20 * MS);
    assert_int_equal(read_at(FRAMESTATUS), 8);
    assert_int_equal(read_at(ENDRX), 1);
    assert_int_equal(*serial_ram(bench, IN + 4), 0);
}

static void without_a_buffer_a_frame_is_lost(void **state)
{
    (void)state;
    with(SELECTED_AT_2_MS "10ms : frame 30 00\n");
    write_at(SHORTS, 1);
    write_at(SENSE, 1);
    serial_pass(bench, 20 * MS);
    assert_int_equal(read_at(SELECTED), 1);
    assert_int_equal(read_at(RXFRAMESTART), 0);
}

static void answer(uint32_t size)
{
    memcpy(serial_ram(bench, OUT), "\x04\x11\x22\x33", 4);
    write_at(PACKETPTR, OUT);
    write_at(TX_AMOUNT, size << 3);
    bench->logged = 0;
    write_at(STARTTX, 1);
}

static void an_answer_goes_out_with_its_crc(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS "10ms : frame 30 00\n");
    serial_pass_until(bench, RXFRAMEEND, 20 * MS);
    answer(4);
    serial_pass_until(bench, TXFRAMEEND, 20 * MS);
    assert_int_equal(read_at(ENDTX), 1);
    assert_int_equal(bench->logged, 6);
    assert_int_equal(bench->log[0].byte, 0x04);
    assert_true(bench->log[0].from_chip);
    assert_int_equal(bench->log[4].byte | bench->log[5].byte << 8,
                     nfc_crc((const uint8_t *)"\x04\x11\x22\x33", 4));
}

static void an_answer_waits_for_the_least_frame_delay(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS "10ms : frame 30 00\n");
    serial_pass_until(bench, RXFRAMEEND, 20 * MS);
    answer(1);
    /* 0x480 periods of 13.56 MHz are 85 us. */
    assert_in_range(serial_pass_until(bench, TXFRAMESTART, MS), 84 * US, 86 * US);
}

static void exactly_means_at_the_largest(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS "10ms : frame 30 00\n");
    write_at(DELAYMODE, 2);
    serial_pass_until(bench, RXFRAMEEND, 20 * MS);
    answer(1);
    /* 0x1000 periods: 302 us */
    assert_in_range(serial_pass_until(bench, TXFRAMESTART, MS), 301 * US, 303 * US);
}

static void no_answer_in_time_is_an_error(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS "10ms : frame 30 00\n");
    serial_pass_until(bench, RXFRAMEEND, 20 * MS);
    assert_in_range(serial_pass_until(bench, ERROR, MS), 301 * US, 303 * US);
    assert_int_equal(read_at(ERRORSTATUS), 1);
}

static void the_shortcut_receives_behind_an_answer(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS "10ms : frame 30 00\n15ms : frame 50 00\n");
    write_at(SHORTS, 1 << 5); /* TXFRAMEEND_ENABLERXDATA */
    serial_pass_until(bench, RXFRAMEEND, 20 * MS);
    write_at(RXFRAMEEND, 0);
    answer(1);
    serial_pass_until(bench, TXFRAMEEND, 20 * MS);
    serial_pass_until(bench, RXFRAMEEND, 20 * MS);
    assert_memory_equal(serial_ram(bench, OUT), "\x50\x00\x57\xcd", 4); /* HLTA */
}

static void a_field_that_goes_takes_the_answer_with_it(void **state)
{
    (void)state;
    is_selected(SELECTED_AT_2_MS "10ms : frame 30 00\n10700us : field off\n");
    serial_pass_until(bench, RXFRAMEEND, 20 * MS);
    answer(4);
    serial_pass_until(bench, FIELDLOST, 20 * MS);
    assert_true(serial_is_set(bench, TXFRAMESTART));
    serial_pass(bench, 5 * MS);
    assert_int_equal(read_at(TXFRAMEEND), 0);
    assert_false(easydma_running(&bench->easydma, nfct.tx));
}

static void a_field_wakes_the_chip_from_system_off_if_the_tag_was_sensing(void **state)
{
    (void)state;
    with("1ms : field on\n");
    write_at(SENSE, 1);
    nfct_reset(&nfct, RESET_INTO_OFF);
    assert_false(wire_get(&bench->chip->wires, WIRE_NFC_FIELD));
    serial_pass(bench, 2 * MS);
    assert_true(wire_get(&bench->chip->wires, WIRE_NFC_FIELD));
    nfct_reset(&nfct, RESET_OFF_NFC);
    assert_false(wire_get(&bench->chip->wires, WIRE_NFC_FIELD));
    assert_int_equal(read_at(FIELDPRESENT), 3);
}

static void tasks_of_a_tag_that_is_off_are_reported(void **state)
{
    (void)state;
    with("1ms : field on\n");
    write_at(STARTTX, 1);
    write_at(ENABLERXDATA, 1);
    assert_int_equal(bench->chip->misuses, 2);
    assert_int_equal(bench->chip->misuse[1].misuse, MISUSE_DISABLED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_field_is_detected_and_lost),
        TEST(a_tag_that_is_off_sees_nothing),
        TEST(activation_takes_its_time),
        TEST(the_reader_selects_the_tag),
        TEST(a_frame_comes_with_its_crc),
        TEST(a_wrong_crc_is_an_error),
        TEST(a_frame_longer_than_the_buffer_overruns),
        TEST(without_a_buffer_a_frame_is_lost),
        TEST(an_answer_goes_out_with_its_crc),
        TEST(an_answer_waits_for_the_least_frame_delay),
        TEST(exactly_means_at_the_largest),
        TEST(no_answer_in_time_is_an_error),
        TEST(the_shortcut_receives_behind_an_answer),
        TEST(a_field_that_goes_takes_the_answer_with_it),
        TEST(a_field_wakes_the_chip_from_system_off_if_the_tag_was_sensing),
        TEST(tasks_of_a_tag_that_is_off_are_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
