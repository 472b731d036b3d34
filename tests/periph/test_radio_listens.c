/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: signal strength, clear channels, the bit counter and who a packet is from (PS v1.7, 6.20.8
 * to 6.20.12), and what the CPU learns of its buffer on the way. */
#include "tests/cmocka.h"
#include "tests/periph/radio_bench.h"

/* From 1 ms on, 40 us to the end of the address, TxAdd set. */
#define ADVERTISEMENT                                                                              \
    "1ms ble1m 2402 -71 white 101 : d6 be 89 8e : 40 08 01 02 03 04 05 c6 aa bb crc\n"
/* 160 us to the end of the delimiter, 224 us in all. */
#define FRAME "1ms ieee802154 2405 -62 : a7 : 07 41 88 2a cd ab crc\n"

static unsigned known; /* bytes, as the checker is told */

static void see(void *owner, const struct observation *seen)
{
    (void)owner;
    known = seen->dma_close.amount;
}

static int set_up(void **state)
{
    (void)radio_set_up(state);
    known = 0;
    trace_subscribe(&bench->chip->trace, TRACE_KIND(DMA_KNOWN), see, NULL);
    return 0;
}

static void listen_with(uint32_t shorts)
{
    write_at(RXEN, 1);
    (void)until(READY);
    write_at(SHORTS, shorts);
    write_at(START, 1);
}

static void pass_until_time(sim_time when)
{
    serial_pass(bench, when - bench->chip->scheduler.state.now);
}

static void rssi_is_that_of_the_packet(void **state)
{
    (void)state;
    as_bluetooth();
    air_has(ADVERTISEMENT);
    listen_with(ADDRESS_RSSISTART);
    (void)until(END);
    assert_int_equal(read_at(RSSIEND), 1);
    assert_int_equal(read_at(RSSISAMPLE), 71);
    write_at(RSSIEND, 0);
    write_at(RSSISTART, 1);
    (void)until(RSSIEND);
    assert_int_equal(read_at(RSSISAMPLE), 100);
}

static void the_bit_counter_counts_from_the_header(void **state)
{
    (void)state;
    as_bluetooth();
    air_has(ADVERTISEMENT);
    write_at(BCC, 64);
    listen_with(ADDRESS_BCSTART);
    (void)until(BCMATCH);
    assert_in_range(bench->chip->scheduler.state.now, (1000 + 40 + 64) * US,
                    (1000 + 40 + 64 + 2) * US);
    write_at(BCC, 76);
    (void)until(BCMATCH);
    assert_in_range(bench->chip->scheduler.state.now, (1000 + 40 + 76) * US,
                    (1000 + 40 + 76 + 2) * US);
    assert_int_equal(read_at(PAYLOAD), 0);
}

static void bytes_behind_the_bit_counter_are_still_the_engines(void **state)
{
    (void)state;
    as_bluetooth();
    air_has(ADVERTISEMENT);
    write_at(BCC, 24);
    listen_with(ADDRESS_BCSTART);
    (void)serial_pass_until(bench, BCMATCH, 10000 * US);
    assert_int_equal(known, 0);
    assert_int_equal(read_at(BCMATCH), 1);
    assert_int_equal(known, 3);
    assert_int_equal(bench->observed, 0);
    (void)serial_pass_until(bench, END, 10000 * US);
    assert_int_equal(read_at(END), 1);
    assert_int_equal(bench->observed, 1);
}

static void the_bit_counter_may_be_looked_at_late(void **state)
{
    (void)state;
    as_bluetooth();
    air_has(ADVERTISEMENT);
    write_at(BCC, 24);
    listen_with(ADDRESS_BCSTART);
    (void)serial_pass_until(bench, END, 10000 * US);
    assert_int_equal(read_at(BCMATCH), 1);
    assert_int_equal(known, 3);
    assert_int_equal(bench->observed, 0);
}

static void framestart_tells_of_the_length(void **state)
{
    (void)state;
    as_ieee802154();
    air_has(FRAME);
    listen_with(0);
    (void)serial_pass_until(bench, FRAMESTART, 10000 * US);
    assert_int_equal(read_at(FRAMESTART), 1);
    assert_int_equal(known, 1);
}

static void whatever_tells_of_the_end_frees_the_buffer(void **state)
{
    static const uint32_t events[] = {PAYLOAD, CRCOK, END, PHYEND, DISABLED};

    for (unsigned i = 0; i < sizeof events / sizeof *events; i++) {
        as_bluetooth();
        air_has(ADVERTISEMENT);
        listen_with(END_DISABLE);
        (void)serial_pass_until(bench, events[i], 10000 * US);
        assert_int_equal(bench->observed, 0);
        assert_int_equal(read_at(events[i]), 1);
        assert_int_equal(bench->observed, 1);
        (void)radio_tear_down(state);
        (void)set_up(state);
    }
}

static void so_does_a_state_that_is_neither_tx_nor_rx(void **state)
{
    (void)state;
    as_bluetooth();
    air_has(ADVERTISEMENT);
    listen_with(0);
    assert_int_equal(read_at(STATE), IS_RX);
    assert_int_equal(bench->observed, 0);
    (void)serial_pass_until(bench, END, 10000 * US);
    assert_int_equal(read_at(STATE), IS_RXIDLE);
    assert_int_equal(bench->observed, 1);
}

static void an_event_of_the_packet_before_tells_nothing(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(END, 0);
    write_at(TXEN, 1);
    (void)until(READY);
    write_at(START, 1);
    (void)serial_pass_until(bench, END, 10000 * US);
    write_at(START, 1);
    (void)read_at(END); /* was never cleared */
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_STALE_EVENT);
}

static void clearing_end_right_behind_start_loses_nothing(void **state)
{
    (void)state;
    as_bluetooth();
    write_at(TXEN, 1);
    (void)until(READY);
    write_at(START, 1);
    write_at(END, 0); /* the preamble alone takes longer */
    assert_int_equal(bench->chip->misuses, 0);
    serial_pass(bench, 30 * US);
    write_at(END, 0); /* here it might have been over */
    assert_int_equal(bench->chip->misuses, 1);
    assert_int_equal(bench->chip->misuse[0].misuse, MISUSE_EVENT_CLEARED);
}

static void a_device_of_the_list_is_recognised(void **state)
{
    (void)state;
    as_bluetooth();
    air_has(ADVERTISEMENT);
    write_at(DAB + 12, 0x04030201);
    write_at(DAP + 12, 0xc605);
    write_at(DACNF, 0x0808); /* number 3, with TxAdd */
    listen_with(0);
    (void)until(DEVMATCH);
    assert_int_equal(read_at(DAI), 3);
    assert_int_equal(read_at(END), 0);
    (void)until(END);
    assert_int_equal(read_at(DEVMISS), 0);
}

static void another_kind_of_address_is_not(void **state)
{
    (void)state;
    as_bluetooth();
    air_has(ADVERTISEMENT);
    write_at(DAB + 12, 0x04030201);
    write_at(DAP + 12, 0xc605);
    write_at(DACNF, 0x0008);
    listen_with(0);
    (void)until(DEVMISS);
    assert_int_equal(read_at(DEVMATCH), 0);
}

static void a_mac_header_is_recognised(void **state)
{
    (void)state;
    as_ieee802154();
    air_has(FRAME "2ms ieee802154 2405 : a7 : 07 41 88 2b cd ab crc\n");
    write_at(MHRMATCHCONF, 0xff2a1234);
    write_at(MHRMATCHMAS, 0x00ff0000); /* the third byte, the sequence number */
    listen_with(0);
    (void)until(MHRMATCH);
    (void)until(END);
    write_at(START, 1);
    (void)until(END);
    assert_int_equal(read_at(MHRMATCH), 0);
}

static void energy_is_measured_over_its_time(void **state)
{
    (void)state;
    as_ieee802154();
    air_has(FRAME);
    listen_with(0);
    write_at(EDCNT, 3);
    write_at(EDSTART, 1);
    assert_int_equal(until(EDEND), 4 * 128 * US);
    assert_int_equal(read_at(EDSAMPLE), 0);
    pass_until_time(990 * US);
    write_at(EDSTART, 1);
    (void)until(EDEND);
    assert_int_equal(read_at(EDSAMPLE), 30); /* -92 + 30 = -62 dBm */
    write_at(EDSTART, 1);
    write_at(EDSTOP, 1);
    (void)until(EDSTOPPED);
    serial_pass(bench, 1000 * US);
    assert_int_equal(read_at(EDEND), 0);
}

static void a_clear_channel_is_sent_on(void **state)
{
    static const uint8_t frame[] = {3, 0x02};

    (void)state;
    as_ieee802154();
    put(PACKET, frame, sizeof frame);
    write_at(MODECNF0, 1);
    write_at(CCACTRL, 0x14 << 8);
    write_at(SHORTS, RXREADY_CCASTART | CCAIDLE_TXEN | 1 << 18 | PHYEND_DISABLE);
    write_at(RXEN, 1);
    assert_int_equal(until(CCAIDLE), (40 + 128) * US);
    (void)until(DISABLED);
    assert_int_equal(radio_sent, 1);
    assert_int_equal(radio_last_sent.start, (40 + 128 + 40) * US);
}

static void on_a_busy_channel_nothing_is_sent(void **state)
{
    (void)state;
    as_ieee802154();
    air_has(FRAME);
    pass_until_time(900 * US);
    write_at(CCACTRL, 0x14 << 8);
    write_at(SHORTS, RXREADY_CCASTART | CCAIDLE_TXEN | CCABUSY_DISABLE);
    write_at(RXEN, 1);
    (void)until(CCABUSY);
    (void)until(DISABLED);
    assert_int_equal(read_at(CCAIDLE), 0);
    assert_int_equal(read_at(STATE), IS_DISABLED);
}

static void carrier_and_energy_are_told_apart(void **state)
{
    static const struct {
        uint32_t mode;
        uint32_t event;
    } cases[] = {{0, CCABUSY}, {1, CCAIDLE}, {2, CCAIDLE}, {3, CCABUSY}};

    (void)state;
    as_ieee802154();
    air_has("1ms ble125k 2405 -60 : 01 02 03 04 : 00 10 01 02 03 04 05 06 07 08 09 10 11 12\n");
    pass_until_time(900 * US);
    listen_with(0);
    for (unsigned i = 0; i < 4; i++) {
        write_at(CCACTRL, 0x14 << 8 | cases[i].mode);
        write_at(CCASTART, 1);
        (void)until(cases[i].event);
        assert_int_equal(read_at(CCABUSY) + read_at(CCAIDLE), 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, radio_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rssi_is_that_of_the_packet),
        TEST(the_bit_counter_counts_from_the_header),
        TEST(bytes_behind_the_bit_counter_are_still_the_engines),
        TEST(the_bit_counter_may_be_looked_at_late),
        TEST(framestart_tells_of_the_length),
        TEST(whatever_tells_of_the_end_frees_the_buffer),
        TEST(so_does_a_state_that_is_neither_tx_nor_rx),
        TEST(an_event_of_the_packet_before_tells_nothing),
        TEST(clearing_end_right_behind_start_loses_nothing),
        TEST(a_device_of_the_list_is_recognised),
        TEST(another_kind_of_address_is_not),
        TEST(a_mac_header_is_recognised),
        TEST(energy_is_measured_over_its_time),
        TEST(a_clear_channel_is_sent_on),
        TEST(on_a_busy_channel_nothing_is_sent),
        TEST(carrier_and_energy_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
