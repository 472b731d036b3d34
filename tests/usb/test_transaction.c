/* SPDX-License-Identifier: Apache-2.0 */
/* Isochronous transactions: their packets, and the time they take (USB 2.0, 8.5.5). */
#include "sim/usb/bus_time.h"
#include "sim/usb/host_state.h"
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

#include <string.h>

/* 12 Mbit/s at 64 MHz. A token has 35 bits, a data packet 35 and 8 a byte, SYNC, PID, CRC and end
 * of packet included; the shortest gap is 2, the longest silence 18. */
#define BITS(n) ((sim_time)(n)*16 / 3)

static int set_up(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bench->packets = 0;
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    bench_destroy(*state);
    return 0;
}

static void an_isochronous_packet_has_no_handshake(void **state)
{
    struct bench *bench = *state;
    struct usb_data data;
    struct transaction out =
        transaction_isochronous_out(bench->host, 8, (const uint8_t *)"abc", 3, true);
    struct transaction in = transaction_isochronous_in(bench->host, 8, &data);

    assert_int_equal(in.answer, USB_ANSWER_ACK);
    assert_int_equal(data.size, 3);
    assert_memory_equal(data.bytes, "abc", 3);
    bench_assert_packets(bench, "OUT DATA0:3 IN <DATA0:3");
    assert_int_equal(out.rest, 0);
    assert_int_equal(in.rest, BITS(2 + 35 + 24));
}

static void an_isochronous_endpoint_may_have_nothing_to_say(void **state)
{
    struct bench *bench = *state;
    struct usb_data data;
    struct transaction in = transaction_isochronous_in(bench->host, 8, &data);

    assert_int_equal(in.answer, USB_ANSWER_NONE);
    assert_int_equal(in.rest, BITS(18));
    bench_assert_packets(bench, "IN");
}

static void stuffed_bits_take_time(void **state)
{
    static const uint8_t zeros[64];
    uint8_t ones[64];

    (void)state;
    memset(ones, 0xff, sizeof ones);
    assert_int_equal(bus_data_bits(PID_DATA0, zeros, 64), 35 + 512 + 1); /* in the CRC */
    assert_int_equal(bus_data_bits(PID_DATA0, ones, 64), 35 + 512 + 86);
    assert_int_equal(bus_handshake_bits(PID_ACK), 19);
    assert_int_equal(bus_token_bits(PID_IN, 1, 1), 35);
    assert_int_equal(bus_token_bits(PID_OUT, 127, 15), 37);
    assert_true(bus_data_bits(PID_DATA0, ones, 64) + 35 + 19 + 20 <= bus_transaction_bound(64));
}

static void a_damaged_packet_is_seen_as_such_by_the_device(void **state)
{
    struct bench *bench = *state;

    (void)transaction_isochronous_out(bench->host, 8, (const uint8_t *)"abc", 3, false);
    assert_int_equal(bench->device.isochronous.damaged, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_isochronous_packet_has_no_handshake),
        TEST(an_isochronous_endpoint_may_have_nothing_to_say),
        TEST(stuffed_bits_take_time),
        TEST(a_damaged_packet_is_seen_as_such_by_the_device),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
