/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: states, sending and receiving, poked without a CPU (PS v1.7, 6.20). */
#include "sim/base/compiler.h"
#include "tests/cmocka.h"
#include "tests/periph/radio_bench.h"

#include <string.h>

/* 2 bytes of header, "123456789": a text whose CRC is well known. */
static const uint8_t digits[] = {0x00, 9, '1', '2', '3', '4', '5', '6', '7', '8', '9'};

static void enable(uint32_t task)
{
    write_at(task, 1);
    (void)until(READY);
}

static void expect_sent(const uint8_t *bytes, unsigned size)
{
    assert_int_equal(radio_last_sent.bits, 8 * size);
    assert_memory_equal(radio_last_sent.bytes, bytes, size);
}

static void registers_reset_to_the_values_of_the_manual(void **state)
{
    (void)state;
    radio_reset(&radio, RESET_PIN);
    assert_int_equal(read_at(0x508), 2);
    assert_int_equal(read_at(0x554), 0x40);
    assert_int_equal(read_at(0x650), 0x200);
    assert_int_equal(read_at(0x660), 0xa7);
    assert_int_equal(read_at(0x66c), 0x052d0000);
    assert_int_equal(read_at(0xffc), 1);
    assert_int_equal(read_at(0x550), IS_DISABLED);
}

static void ramping_up_takes_140_us_or_40_if_fast(void **state)
{
    (void)state;
    write_at(TXEN, 1);
    assert_int_equal(read_at(STATE), IS_TXRU);
    assert_int_equal(until(READY), 140 * US);
    assert_int_equal(read_at(STATE), IS_TXIDLE);
    assert_int_equal(read_at(TXREADY), 1);
    assert_int_equal(read_at(RXREADY), 0);
    write_at(DISABLE, 1);
    assert_int_equal(read_at(STATE), IS_TXDISABLE);
    assert_int_equal(until(DISABLED), 6 * US);
    write_at(MODECNF0, 1);
    write_at(RXEN, 1);
    assert_int_equal(read_at(STATE), IS_RXRU);
    assert_int_equal(until(RXREADY), 40 * US);
    assert_int_equal(read_at(STATE), IS_RXIDLE);
}

static void disabling_what_is_off_raises_disabled(void **state)
{
    (void)state;
    write_at(INTENSET, 1 << 4);
    write_at(DISABLE, 1);
    assert_int_equal(read_at(DISABLED), 1);
    assert_true(chip_irq(bench->chip, RADIO_LINE));
    assert_int_equal(read_at(STATE), IS_DISABLED);
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_start_before_ready_is_reported_and_lost(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(TXEN, 1);
    write_at(START, 1);
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_NOT_READY);
    (void)until(READY);
    assert_int_equal(read_at(STATE), IS_TXIDLE);
    assert_int_equal(bench->opened, 0);
}

static void sending_without_the_crystal_is_reported(void **state)
{
    (void)state;
    as_bluetooth();
    enable(TXEN);
    wire_set(&bench->chip->wires, WIRE_HFXO, false);
    write_at(START, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_NO_HFXO);
}

static void a_bluetooth_packet_goes_out_at_its_time(void **state)
{
    (void)state;
    as_bluetooth();
    put(PACKET, digits, sizeof digits);
    enable(TXEN);
    write_at(START, 1);
    assert_int_equal(read_at(STATE), IS_TX);
    assert_int_equal(until(ADDRESS), 40 * US);
    assert_int_equal(until(PAYLOAD), sizeof digits * 8 * US);
    assert_int_equal(until(END), 24 * US);
    assert_int_equal(read_at(STATE), IS_TXIDLE);
    assert_int_equal(read_at(PHYEND), 1);
    assert_int_equal(radio_sent, 1);
    assert_int_equal(radio_last_sent.megahertz, 2402);
    assert_int_equal(radio_last_sent.address_size, 4);
    assert_memory_equal(radio_last_sent.address, "\xd6\xbe\x89\x8e", 4);
    assert_int_equal(radio_last_sent.bits, 8 * (sizeof digits + 3));
    assert_memory_equal(radio_last_sent.bytes, digits, sizeof digits);
}

static void the_crc_of_bluetooth_is_that_of_the_catalogue(void **state)
{
    static const uint8_t on_air[] = {'1', '2', '3', '4',  '5',  '6',
                                     '7', '8', '9', 0x56, 0x5a, 0xc2}; /* CRC-24/BLE */

    (void)state;
    as_bluetooth();
    write_at(PCNF0, 0); /* no header */
    write_at(PCNF1, 0x00030000 | 9 << 8 | 9);
    put(PACKET, digits + 2, 9);
    enable(TXEN);
    write_at(START, 1);
    (void)until(END);
    expect_sent(on_air, sizeof on_air);
}

static void the_crc_of_802154_is_that_of_the_catalogue(void **state)
{
    static const uint8_t frame[] = {11, '1', '2', '3', '4', '5', '6', '7', '8', '9'};
    static const uint8_t on_air[] = {11,  '1', '2', '3', '4',  '5',
                                     '6', '7', '8', '9', 0x89, 0x21}; /* CRC-16/KERMIT */

    (void)state;
    as_ieee802154();
    put(PACKET, frame, sizeof frame);
    enable(TXEN);
    write_at(START, 1);
    assert_int_equal(until(ADDRESS), 160 * US);
    assert_int_equal(until(FRAMESTART), 32 * US);
    assert_int_equal(until(END), 11 * 32 * US);
    expect_sent(on_air, sizeof on_air);
    assert_int_equal(radio_last_sent.address[0], 0xa7);
    assert_int_equal(radio_last_sent.megahertz, 2405);
}

static void bits_of_header_fields_are_what_pcnf0_says(void **state)
{
    static const uint8_t esb[] = {3, 5, 0x81, 0x42, 0x24};

    (void)state;
    write_at(MODE, 1);
    write_at(PCNF0, 0x00030006); /* LENGTH of 6 bits, S1 of 3 */
    write_at(PCNF1, 0x01040020); /* most significant bit first, 4 bytes of base */
    write_at(BASE0, 0x11223344);
    write_at(PREFIX0, 0x55);
    put(PACKET, esb, sizeof esb);
    enable(TXEN);
    write_at(START, 1);
    assert_int_equal(until(ADDRESS), 28 * US);
    assert_int_equal(until(END), (9 + 24) * US / 2);
    assert_memory_equal(radio_last_sent.address, "\x44\x33\x22\x11\x55", 5);
    assert_int_equal(radio_last_sent.bits, 9 + 24);
    /* 000011 101 10000001 ..., first bit first */
    assert_int_equal(radio_last_sent.bytes[0], 0x70);
    assert_int_equal(radio_last_sent.bytes[1], 0x03);
}

static void long_range_has_a_coding_indicator_and_terms(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(MODE, 6);
    put(PACKET, digits, sizeof digits);
    enable(TXEN);
    write_at(START, 1);
    assert_int_equal(until(ADDRESS), (80 + 256) * US);
    assert_int_equal(until(PAYLOAD), (40 + 11 * 16) * US);
    assert_int_equal(until(END), 3 * 16 * US);
    assert_int_equal(until(PHYEND), 6 * US);
}

static void what_is_changed_under_way_goes_out_changed(void **state)
{
    (void)state;
    as_bluetooth();
    put(PACKET, digits, sizeof digits);
    enable(TXEN);
    write_at(START, 1);
    serial_pass(bench, 80 * US); /* the fifth byte is on the air, the sixth is fetched */
    *serial_ram(bench, PACKET + 5) = 'x';
    *serial_ram(bench, PACKET + 6) = 'x';
    (void)until(END);
    assert_int_equal(radio_last_sent.bytes[5], '4');
    assert_int_equal(radio_last_sent.bytes[6], 'x');
}

static void packetptr_may_be_changed_behind_start(void **state)
{
    (void)state;
    as_bluetooth();
    put(PACKET, digits, sizeof digits);
    enable(TXEN);
    write_at(START, 1);
    write_at(PACKETPTR, 0x20003000);
    (void)until(END);
    assert_int_equal(radio_last_sent.bytes[5], '4');
    assert_int_equal(bench->chip->misuses, 0);
}

static void a_length_beyond_maxlen_is_cut(void **state)
{
    static const uint8_t header[] = {0, 200};

    (void)state;
    as_bluetooth();
    put(PACKET, header, sizeof header);
    enable(TXEN);
    write_at(START, 1);
    (void)until(END);
    assert_int_equal(radio_last_sent.bits, 8 * (2 + 37 + 3));
}

static void flash_is_out_of_reach(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(PACKETPTR, 0x1000);
    enable(TXEN);
    write_at(START, 1);
    (void)until(END);
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_DMA_OUTSIDE_RAM);
    assert_int_equal(radio_last_sent.bits, 8 * (2 + 3));
}

static void stop_drops_the_packet_and_stays_ready(void **state)
{
    (void)state;
    as_bluetooth();
    put(PACKET, digits, sizeof digits);
    enable(TXEN);
    write_at(START, 1);
    serial_pass(bench, 60 * US);
    write_at(STOP, 1);
    assert_int_equal(read_at(STATE), IS_TXIDLE);
    serial_pass(bench, 1000 * US);
    assert_int_equal(read_at(END), 0);
    assert_int_equal(radio_sent, 0);
    write_at(START, 1);
    (void)until(END);
    assert_int_equal(radio_sent, 1);
}

static void receive(void)
{
    memset(serial_ram(bench, PACKET), 0x55, 64);
    enable(RXEN);
    write_at(START, 1);
    (void)until(END);
}

static void a_packet_is_received_with_its_events_in_order(void **state)
{
    static const uint32_t order[] = {ADDRESS, PAYLOAD, END};

    (void)state;
    as_bluetooth();
    air_has("1ms ble1m 2402 -60 white 101 : d6 be 89 8e : 00 09 31 32 33 34 35 36 37 38 39 crc\n");
    enable(RXEN);
    write_at(START, 1);
    for (unsigned i = 0; i < ARRAY_LENGTH(order); i++) {
        (void)serial_pass_until(bench, order[i], 10000 * US);
        for (unsigned later = i + 1; later < ARRAY_LENGTH(order); later++)
            assert_false(serial_is_set(bench, order[later]));
    }
    assert_int_equal(bench->chip->scheduler.state.now, (1000 + 40 + 88 + 24) * US);
    assert_int_equal(read_at(CRCSTATUS), 1);
    assert_int_equal(read_at(CRCOK), 1);
    assert_int_equal(read_at(CRCERROR), 0);
    for (unsigned i = 0; i < sizeof digits; i++)
        assert_int_equal(byte_at(PACKET + i), digits[i]);
    assert_int_equal(read_at(STATE), IS_RXIDLE);
}

static void a_wrong_bit_and_wrong_whitening_are_crc_errors(void **state)
{
    (void)state;
    as_bluetooth();
    air_has("1ms ble1m 2402 white 101 : d6 be 89 8e : 00 01 31 00 00 00\n"
            "2ms ble1m 2402 white 102 : d6 be 89 8e : 00 01 31 crc\n"
            "3ms ble1m 2402 white 101 : d6 be 89 8e : 00 01 31 crc\n");
    receive();
    assert_int_equal(until(CRCERROR), 0);
    assert_int_equal(read_at(RXCRC), 0);
    write_at(START, 1);
    (void)until(END);
    assert_int_equal(until(CRCERROR), 0);
    write_at(START, 1);
    (void)until(END);
    assert_int_equal(until(CRCOK), 0);
    assert_int_equal(byte_at(PACKET + 2), 0x31);
}

static void other_channels_modulations_and_addresses_are_not_heard(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(PCNF1, 0x00030025);
    write_at(BASE1, 0x33221100);
    write_at(PREFIX0, 0x0044008e);
    write_at(RXADDRESSES, 4);
    air_has("1ms ble1m 2404 : 11 22 33 44 : 00 01 01 crc\n"
            "2ms ble2m 2402 : 11 22 33 44 : 00 01 02 crc\n"
            "3ms ble1m 2402 : d6 be 89 8e : 00 01 03 crc\n"
            "4ms ble1m 2402 : 11 22 33 44 : 00 01 04 crc\n");
    receive();
    assert_int_equal(byte_at(PACKET + 2), 4);
    assert_int_equal(read_at(RXMATCH), 2);
}

static void a_packet_that_began_before_is_not_heard(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(PCNF1, 0x00030025);
    air_has("130us ble1m 2402 : d6 be 89 8e : 00 01 01 crc\n" /* ready at 140 us */
            "300us ble1m 2402 : d6 be 89 8e : 00 01 02 crc\n");
    receive();
    assert_int_equal(byte_at(PACKET + 2), 2);
}

static void a_payload_beyond_maxlen_does_not_reach_ram(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(PCNF1, 0x00030003);
    air_has("1ms ble1m 2402 : d6 be 89 8e : 00 05 01 02 03 04 05 crc\n");
    receive();
    assert_int_equal(byte_at(PACKET + 4), 3);
    assert_int_equal(byte_at(PACKET + 5), 0x55);
    assert_int_equal(read_at(PDUSTAT), 1);
    assert_int_equal(read_at(CRCERROR), 1);
}

static void an_802154_frame_is_received_with_its_lqi(void **state)
{
    (void)state;
    as_ieee802154();
    air_has("1ms ieee802154 2405 -62 : a7 : 05 41 88 07 crc\n");
    enable(RXEN);
    write_at(SHORTS, FRAMESTART_BCSTART);
    write_at(BCC, 16);
    write_at(START, 1);
    (void)until(SYNC);
    (void)until(FRAMESTART);
    assert_int_equal(byte_at(PACKET), 5);
    (void)until(BCMATCH);
    assert_int_equal(byte_at(PACKET + 2), 0x88);
    (void)until(END);
    assert_int_equal(read_at(CRCOK), 1);
    assert_int_equal(byte_at(PACKET + 4), 30); /* behind the payload, in place of the CRC */
    assert_int_equal(bench->chip->scheduler.state.now, (1000 + 160 + 32 * 6) * US);
}

static void long_range_receives_what_the_coding_indicator_says(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(MODE, 5);
    write_at(PCNF1, 0x00030025);
    air_has("1ms ble500k 2402 : d6 be 89 8e : 00 01 42 crc\n");
    receive();
    assert_int_equal(read_at(RATEBOOST), 1);
    assert_int_equal(read_at(SYNC), 1);
    assert_int_equal(read_at(PDUSTAT), 2);
    assert_int_equal(byte_at(PACKET + 2), 0x42);
    assert_int_equal(read_at(CRCOK), 1);
    assert_int_equal(until(PHYEND), 6 * US);
}

static void shortcuts_receive_one_packet_and_answer_it_after_tifs(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(PCNF1, 0x00030025);
    write_at(MODECNF0, 1);
    write_at(TIFS, 150);
    air_has("1ms ble1m 2402 : d6 be 89 8e : 00 01 42 crc\n");
    write_at(SHORTS, READY_START | END_DISABLE | DISABLED_TXEN);
    write_at(RXEN, 1);
    (void)until(END);
    write_at(SHORTS, READY_START | END_DISABLE);
    put(PACKET, digits, sizeof digits);
    assert_int_equal(until(TXREADY), 150 * US);
    assert_int_equal(read_at(STATE), IS_TX);
    (void)until(END);
    assert_int_equal(radio_last_sent.start, (1000 + 40 + 24 + 24 + 150) * US);
    assert_int_equal(until(DISABLED), 0); /* that of the receiver */
    assert_int_equal(until(DISABLED), 6 * US);
}

static void power_off_resets_all(void **state)
{
    (void)state;
    as_bluetooth();
    enable(RXEN);
    write_at(START, 1);
    write_at(POWER, 0);
    assert_int_equal(read_at(MODE), 0);
    assert_int_equal(read_at(STATE), IS_DISABLED);
    write_at(RXEN, 1);
    assert_int_equal(read_at(STATE), IS_DISABLED);
    write_at(POWER, 1);
    write_at(RXEN, 1);
    assert_int_equal(read_at(STATE), IS_RXRU);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, radio_set_up, radio_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(registers_reset_to_the_values_of_the_manual),
        TEST(ramping_up_takes_140_us_or_40_if_fast),
        TEST(disabling_what_is_off_raises_disabled),
        TEST(a_start_before_ready_is_reported_and_lost),
        TEST(sending_without_the_crystal_is_reported),
        TEST(a_bluetooth_packet_goes_out_at_its_time),
        TEST(the_crc_of_bluetooth_is_that_of_the_catalogue),
        TEST(the_crc_of_802154_is_that_of_the_catalogue),
        TEST(bits_of_header_fields_are_what_pcnf0_says),
        TEST(long_range_has_a_coding_indicator_and_terms),
        TEST(what_is_changed_under_way_goes_out_changed),
        TEST(packetptr_may_be_changed_behind_start),
        TEST(a_length_beyond_maxlen_is_cut),
        TEST(flash_is_out_of_reach),
        TEST(stop_drops_the_packet_and_stays_ready),
        TEST(a_packet_is_received_with_its_events_in_order),
        TEST(a_wrong_bit_and_wrong_whitening_are_crc_errors),
        TEST(other_channels_modulations_and_addresses_are_not_heard),
        TEST(a_packet_that_began_before_is_not_heard),
        TEST(a_payload_beyond_maxlen_does_not_reach_ram),
        TEST(an_802154_frame_is_received_with_its_lqi),
        TEST(long_range_receives_what_the_coding_indicator_says),
        TEST(shortcuts_receive_one_packet_and_answer_it_after_tifs),
        TEST(power_off_resets_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
