/* SPDX-License-Identifier: Apache-2.0 */
/* Packets of the air as lines of text, and how mistakes in them are named. */
#include "sim/board/air.h"
#include "tests/cmocka.h"

#include <string.h>

static struct air air;

static int tear_down(void **state)
{
    (void)state;
    air_finish(&air);
    return 0;
}

static void read_text(const char *text)
{
    struct failure failure;

    assert_int_equal(air_parse(&air, "text", text, strlen(text), &failure), STATUS_OK);
}

static void expect_mistake(const char *text, const char *where)
{
    struct failure failure;

    assert_int_equal(air_parse(&air, "text", text, strlen(text), &failure), STATUS_BOARD);
    assert_non_null(strstr(failure.message, where));
    air_finish(&air);
}

static void a_line_is_a_packet(void **state)
{
    const struct air_packet *packet;

    (void)state;
    read_text("# nothing\n\n 1.5ms nrf2m 2407 -70 white 37 bits 15 : e7 e8 : 01 42 # end\r\n");
    assert_int_equal(air.count, 1);
    packet = &air.packet[0];
    assert_int_equal(packet->start, 1500 * 64);
    assert_int_equal(packet->mode, AIR_NRF_2M);
    assert_int_equal(packet->megahertz, 2407);
    assert_int_equal(packet->dbm, -70);
    assert_int_equal(packet->whitening, AIR_WHITENED | 37);
    assert_int_equal(packet->address_size, 2);
    assert_int_equal(packet->address[1], 0xe8);
    assert_int_equal(packet->bits, 15);
    assert_true(air_packet_bit(packet, 9));
    assert_false(air_packet_bit(packet, 8));
    assert_int_equal(air_packet_end(packet), (1500 + 8 + 8) * 64 + 15 * 32);
}

static void crc_stands_for_the_usual_one(void **state)
{
    (void)state;
    read_text("1us ble1m 2402 : d6 be 89 8e : 31 32 33 34 35 36 37 38 39 crc\n"
              "2us ieee802154 2405 : a7 : 0b 31 32 33 34 35 36 37 38 39 crc\n");
    assert_memory_equal(air.packet[0].bytes + 9, "\x56\x5a\xc2", 3);
    assert_memory_equal(air.packet[1].bytes + 10, "\x89\x21", 2);
}

static void what_is_printed_can_be_read(void **state)
{
    struct text first = {0};
    struct text again = {0};

    (void)state;
    read_text("0.015625us ble2m 2480 8 white 0 : 01 02 03 04 : 00 ff\n"
              "1000s nrf1m 2360 bits 3 : 05 : 07\n");
    for (unsigned i = 0; i < 2; i++)
        air_print(&first, &air.packet[i]);
    assert_string_equal(text_string(&first),
                        "0.015625us ble2m 2480 8 white 0 : 01 02 03 04 : 00 ff\n"
                        "1000000000.000000us nrf1m 2360 -50 bits 3 : 05 : 07\n");
    air_finish(&air);
    read_text(text_string(&first));
    for (unsigned i = 0; i < 2; i++)
        air_print(&again, &air.packet[i]);
    assert_string_equal(text_string(&first), text_string(&again));
    text_free(&first);
    text_free(&again);
}

static void mistakes_are_named_with_line_and_column(void **state)
{
    (void)state;
    expect_mistake("\nsoon ble1m 2402 : 01 : 02\n", "line 2, column 1: not a time");
    expect_mistake("1ms am 2402 : 01 : 02\n", "line 1, column 5: not a modulation");
    expect_mistake("1ms ble1m 101 : 01 : 02\n", "column 11: not a frequency");
    expect_mistake("1ms ble1m 2402 loud : 01 : 02\n", "column 16: neither dBm");
    expect_mistake("1ms ble1m 2402 white 200 : 01 : 02\n", "not an initial value");
    expect_mistake("1ms ble1m 2402 bits 0 : 01 : 02\n", "not a number of bits");
    expect_mistake("1ms ble1m 2402 bits 9 : 01 : 02\n", "fewer bits than said");
    expect_mistake("1ms ble1m 2402\n", "':' and an address are missing");
    expect_mistake("1ms ble1m 2402 : : 01\n", "not an address");
    expect_mistake("1ms ble1m 2402 : 01 02 03 04 05 06 : 01\n", "at most 5 bytes");
    expect_mistake("1ms ble1m 2402 : 01\n", "':' and a packet are missing");
    expect_mistake("1ms ble1m 2402 : 01 :\n", "no bytes");
    expect_mistake("1ms ble1m 2402 : 01 : 2\n", "not two hexadecimal digits");
    expect_mistake("1ms ble1m 2402 : 01 : 123\n", "not two hexadecimal digits");
    expect_mistake("2ms ble1m 2402 : 01 : 02\n1ms ble1m 2402 : 01 : 02\n",
                   "line 2: earlier than the packet before");
    expect_mistake("99999999999999999999s ble1m 2402 : 01 : 02\n", "not a time");
    expect_mistake("666666666602ms ble1m 2402 : 01 : 02\n", "not a time");
}

static void a_packet_has_room_for_264_bytes(void **state)
{
    struct text line = {0};
    struct failure failure;

    (void)state;
    text_printf(&line, "1ms nrf1m 2402 : 01 :");
    for (unsigned i = 0; i < 264; i++)
        text_printf(&line, " 55");
    read_text(text_string(&line));
    assert_int_equal(air.packet[0].bits, 264 * 8);
    text_printf(&line, " 55");
    assert_int_equal(air_parse(&air, "text", text_string(&line), line.length, &failure),
                     STATUS_BOARD);
    text_free(&line);
}

static void the_loudest_at_a_time_is_found(void **state)
{
    (void)state;
    read_text("1ms ble1m 2402 -80 : 01 02 03 04 : 00 00\n"
              "1.01ms ieee802154 2402 -90 : a7 : 00 00\n"
              "1.02ms ble1m 2404 -20 : 01 02 03 04 : 00 00\n");
    assert_int_equal(air_loudest(&air, 2402, 0, 900 * 64, false), AIR_SILENCE);
    assert_int_equal(air_loudest(&air, 2402, 0, 1001 * 64, false), -80);
    assert_int_equal(air_loudest(&air, 2402, 1030 * 64, 1031 * 64, true), -90);
    assert_int_equal(air_loudest(&air, 2402, 1100 * 64, 1101 * 64, false), -90);
    assert_int_equal(air_loudest(&air, 2402, 2000 * 64, 3000 * 64, false), AIR_SILENCE);
    assert_int_equal(air_first_from(&air, 1010 * 64), 1);
    assert_int_equal(air_first_from(&air, 1021 * 64), 3);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_a_packet),
        TEST(crc_stands_for_the_usual_one),
        TEST(what_is_printed_can_be_read),
        TEST(mistakes_are_named_with_line_and_column),
        TEST(a_packet_has_room_for_264_bytes),
        TEST(the_loudest_at_a_time_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
