/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: bulk and interrupt endpoints, toggles and halts (PS v1.7, 6.35). */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

enum {
    EPDATA = 0x160,
    EPDATASTATUS = 0x46c,
    SIZE_EPOUT1 = 0x4a4,
    DTOGGLE = 0x50c,
    EPINEN = 0x510,
    EPOUTEN = 0x514,
    EPSTALL = 0x518,
    STALL = 1 << 8,
    DATA0 = 1 << 8,
    DATA1 = 2 << 8,
    IN1 = 0x81,
    OUT1 = 0x01,
};

static int set_up(void **state)
{
    struct bench *bench;

    bench_on_bus(state);
    bench = *state;
    poke(bench, EPINEN, 0x3);
    poke(bench, EPOUTEN, 0x3);
    return 0;
}

static void arm(struct bench *bench, const char *text)
{
    memcpy(ram(bench, BENCH_BUFFER), text, strlen(text));
    start_in(bench, 1, BENCH_BUFFER, (uint32_t)strlen(text));
    pass(bench, TRANSFER_TIME);
}

static void an_endpoint_that_is_not_enabled_does_not_answer(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(host_in(bench, 2), USB_ANSWER_NONE);
    assert_int_equal(host_out(bench, 2, PID_DATA0, "x", 1), USB_ANSWER_NONE);
}

static void an_in_packet_goes_once_and_is_reported_in_epdatastatus(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(host_in(bench, 1), USB_ANSWER_NAK);
    arm(bench, "bulk");
    assert_int_equal(host_in(bench, 1), USB_ANSWER_ACK);
    assert_int_equal(bench->data.pid, PID_DATA0);
    assert_memory_equal(bench->data.bytes, "bulk", 4);
    assert_int_equal(peek(bench, EPDATASTATUS), 0);
    host_ack(bench, 1);
    assert_int_equal(peek(bench, EPDATASTATUS), 1 << 1);
    assert_int_equal(peek(bench, EPDATA), 1);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_NAK);
    arm(bench, "next");
    host_in(bench, 1);
    assert_int_equal(bench->data.pid, PID_DATA1);
}

static void a_packet_the_host_has_not_fetched_can_be_overwritten_and_that_is_reported(void **state)
{
    struct bench *bench = *state;

    arm(bench, "lost");
    arm(bench, "sent");
    assert_misused(bench, MISUSE_IN_OVERWRITTEN, 0x008);
    assert_int_equal(bench->chip->misuse[0].transfer, 1);
    host_in(bench, 1);
    assert_memory_equal(bench->data.bytes, "sent", 4);
    assert_int_equal(bench->data.transfer, 2);
}

static void a_packet_that_no_host_can_fetch_any_more_may_be_overwritten(void **state)
{
    struct bench *bench = *state;

    arm(bench, "lost");
    poke(bench, 0x504, 0); /* USBPULLUP */
    arm(bench, "sent");
    assert_no_misuse(bench);
}

static void an_out_endpoint_takes_packets_only_after_size_was_written(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(host_out(bench, 1, PID_DATA0, "abc", 3), USB_ANSWER_NAK);
    poke(bench, SIZE_EPOUT1, 0);
    assert_int_equal(host_out(bench, 1, PID_DATA0, "abc", 3), USB_ANSWER_ACK);
    assert_int_equal(peek(bench, SIZE_EPOUT1), 3);
    assert_int_equal(peek(bench, EPDATASTATUS), 1 << 17);
    assert_int_equal(peek(bench, EPDATA), 1);
    assert_int_equal(host_out(bench, 1, PID_DATA1, "def", 3), USB_ANSWER_NAK);
}

static void the_end_of_the_transfer_lets_the_next_packet_in(void **state)
{
    struct bench *bench = *state;

    poke(bench, SIZE_EPOUT1, 0);
    host_out(bench, 1, PID_DATA0, "abc", 3);
    start_out(bench, 1, BENCH_BUFFER, 3);
    assert_int_equal(host_out(bench, 1, PID_DATA1, "def", 3), USB_ANSWER_NAK);
    pass(bench, TRANSFER_TIME);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "abc", 3);
    assert_int_equal(host_out(bench, 1, PID_DATA1, "def", 3), USB_ANSWER_ACK);
    assert_no_misuse(bench);
}

static void writing_size_throws_a_held_packet_away_and_that_is_reported(void **state)
{
    struct bench *bench = *state;

    poke(bench, SIZE_EPOUT1, 0);
    host_out(bench, 1, PID_DATA0, "abc", 3);
    poke(bench, SIZE_EPOUT1, 0);
    assert_misused(bench, MISUSE_OUT_DISCARDED, SIZE_EPOUT1);
    assert_int_equal(peek(bench, SIZE_EPOUT1), 0);
    assert_int_equal(host_out(bench, 1, PID_DATA1, "def", 3), USB_ANSWER_ACK);
}

static void maxcnt_beyond_the_packet_stores_what_was_in_the_buffer_before(void **state)
{
    struct bench *bench = *state;

    poke(bench, SIZE_EPOUT1, 0);
    host_out(bench, 1, PID_DATA0, "old packet", 10);
    start_out(bench, 1, BENCH_BUFFER, 10);
    pass(bench, TRANSFER_TIME);
    host_out(bench, 1, PID_DATA1, "new", 3);
    start_out(bench, 1, BENCH_BUFFER, 10);
    pass(bench, TRANSFER_TIME);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "new packet", 10);
    assert_misused(bench, MISUSE_SIZE_MISMATCH, 0x718);
    assert_int_equal(bench->chip->misuse[0].value, 10);
}

static void a_packet_that_a_bus_reset_took_away_makes_no_wrong_length(void **state)
{
    struct bench *bench = *state;

    poke(bench, SIZE_EPOUT1, 0);
    host_out(bench, 1, PID_DATA0, "abc", 3);
    usbd_port.reset_begin(&bench->usbd); /* between the firmware's look at SIZE and its start */
    usbd_port.reset_end(&bench->usbd);
    start_out(bench, 1, BENCH_BUFFER, 3);
    pass(bench, TRANSFER_TIME);
    assert_no_misuse(bench);
}

static void a_repeated_out_packet_is_acknowledged_and_dropped(void **state)
{
    struct bench *bench = *state;

    poke(bench, SIZE_EPOUT1, 0);
    host_out(bench, 1, PID_DATA0, "abc", 3);
    poke(bench, EPDATASTATUS, 1 << 17);
    poke(bench, EPDATA, 0);
    assert_int_equal(host_out(bench, 1, PID_DATA0, "abc", 3), USB_ANSWER_ACK);
    assert_int_equal(peek(bench, EPDATA), 0);
}

static void a_status_bit_that_is_set_already_fires_no_second_event(void **state)
{
    struct bench *bench = *state;

    arm(bench, "one");
    host_in(bench, 1);
    host_ack(bench, 1);
    poke(bench, EPDATA, 0);
    arm(bench, "two");
    host_in(bench, 1);
    host_ack(bench, 1);
    assert_int_equal(peek(bench, EPDATA), 0);
}

static void a_halted_endpoint_stalls_and_shows_it_as_get_status_wants_it(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPSTALL, IN1 | STALL);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_STALL);
    assert_int_equal(peek(bench, 0x424), 1); /* HALTED.EPIN[1] */
    assert_int_equal(peek(bench, 0x448), 0); /* HALTED.EPOUT[1] */
    poke(bench, EPSTALL, OUT1 | STALL);
    assert_int_equal(host_out(bench, 1, PID_DATA0, "x", 1), USB_ANSWER_STALL);
    assert_int_equal(peek(bench, 0x448), 1);
    poke(bench, EPSTALL, IN1);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_NAK);
    assert_int_equal(peek(bench, 0x424), 0);
}

static void dtoggle_sets_and_shows_one_endpoints_toggle(void **state)
{
    struct bench *bench = *state;

    poke(bench, DTOGGLE, IN1 | DATA1);
    assert_int_equal(peek(bench, DTOGGLE), IN1 | DATA1);
    poke(bench, DTOGGLE, OUT1);
    assert_int_equal(peek(bench, DTOGGLE), OUT1 | DATA0);
    arm(bench, "x");
    host_in(bench, 1);
    assert_int_equal(bench->data.pid, PID_DATA1);
    host_ack(bench, 1);
    poke(bench, DTOGGLE, IN1);
    assert_int_equal(peek(bench, DTOGGLE), IN1 | DATA0);
}

static void dtoggle_may_be_for_the_endpoint_selected_before(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_TOGGLE_SELECT, TOGGLE_SELECT_BEFORE);
    poke(bench, DTOGGLE, IN1);
    poke(bench, DTOGGLE, IN1 | DATA1);
    assert_int_equal(peek(bench, DTOGGLE), IN1 | DATA1);
    poke(bench, DTOGGLE, OUT1 | DATA0); /* of IN1 */
    assert_int_equal(peek(bench, DTOGGLE), OUT1 | DATA0);
    poke(bench, DTOGGLE, IN1);
    assert_int_equal(peek(bench, DTOGGLE), IN1 | DATA0);
}

static void a_halt_may_forget_that_a_packet_is_accepted(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_HALT_ACCEPTS, HALT_ACCEPTS_FORGOTTEN);
    poke(bench, SIZE_EPOUT1, 0);
    poke(bench, EPSTALL, OUT1 | STALL);
    poke(bench, EPSTALL, OUT1);
    assert_int_equal(host_out(bench, 1, PID_DATA0, "x", 1), USB_ANSWER_NAK);
    poke(bench, SIZE_EPOUT1, 0);
    assert_int_equal(host_out(bench, 1, PID_DATA0, "x", 1), USB_ANSWER_ACK);
}

static void disabling_an_endpoint_drops_its_packets(void **state)
{
    struct bench *bench = *state;

    arm(bench, "x");
    poke(bench, SIZE_EPOUT1, 0);
    poke(bench, EPINEN, 1);
    poke(bench, EPOUTEN, 1);
    poke(bench, EPINEN, 3);
    poke(bench, EPOUTEN, 3);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_NAK);
    assert_int_equal(host_out(bench, 1, PID_DATA0, "x", 1), USB_ANSWER_NAK);
}

static void a_bus_reset_empties_the_endpoints(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPSTALL, IN1 | STALL);
    poke(bench, SIZE_EPOUT1, 0);
    host_out(bench, 1, PID_DATA0, "abc", 3);
    poke(bench, DTOGGLE, OUT1 | DATA1);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(peek(bench, 0x424), 0);
    assert_int_equal(peek(bench, SIZE_EPOUT1), 0);
    assert_int_equal(peek(bench, DTOGGLE), OUT1 | DATA0);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_NAK);
}

static void an_out_transfer_that_a_bus_reset_overtook_accepts_nothing_at_its_end(void **state)
{
    struct bench *bench = *state;

    poke(bench, SIZE_EPOUT1, 0);
    host_out(bench, 1, PID_DATA0, "abc", 3);
    start_out(bench, 1, BENCH_BUFFER, 3);
    usbd_port.reset_begin(&bench->usbd);
    poke(bench, EPOUTEN, 0x3);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_out(bench, 1, PID_DATA0, "def", 3), USB_ANSWER_NAK);
}

static void the_acknowledge_of_an_overwritten_packet_does_not_take_the_new_one(void **state)
{
    struct bench *bench = *state;

    arm(bench, "old");
    host_in(bench, 1);
    arm(bench, "new");
    host_ack(bench, 1);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_ACK);
    assert_memory_equal(bench->data.bytes, "new", 3);
}

static void an_acknowledge_nobody_waits_for_changes_nothing(void **state)
{
    struct bench *bench = *state;

    arm(bench, "x");
    host_in(bench, 1);
    host_ack(bench, 1);
    host_ack(bench, 1);
    poke(bench, DTOGGLE, IN1);
    assert_int_equal(peek(bench, DTOGGLE), IN1 | DATA1);
}

static void epstall_does_not_reach_endpoint_0(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPSTALL, 0x80 | STALL);
    assert_int_equal(peek(bench, 0x420), 0);
}

static void writing_size_of_endpoint_0_changes_nothing(void **state)
{
    struct bench *bench = *state;
    const uint8_t set_line_coding[8] = {0x21, 0x20, 0, 0, 0, 0, 7, 0};

    host_setup(bench, set_line_coding);
    poke(bench, 0x04c, 1); /* EP0RCVOUT */
    host_out(bench, 0, PID_DATA1, "1234567", 7);
    poke(bench, 0x4a0, 0);
    assert_int_equal(peek(bench, 0x4a0), 7);
    assert_no_misuse(bench);
}

static void the_undocumented_bit_disarms_an_in_endpoint(void **state)
{
    struct bench *bench = *state;

    arm(bench, "x");
    poke(bench, 0x800, 0x7b6);
    poke(bench, 0x804, 1 << 1);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_NAK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, bench_remove)
    const struct CMUnitTest tests[] = {
        TEST(an_endpoint_that_is_not_enabled_does_not_answer),
        TEST(an_in_packet_goes_once_and_is_reported_in_epdatastatus),
        TEST(a_packet_the_host_has_not_fetched_can_be_overwritten_and_that_is_reported),
        TEST(a_packet_that_no_host_can_fetch_any_more_may_be_overwritten),
        TEST(an_out_endpoint_takes_packets_only_after_size_was_written),
        TEST(the_end_of_the_transfer_lets_the_next_packet_in),
        TEST(writing_size_throws_a_held_packet_away_and_that_is_reported),
        TEST(maxcnt_beyond_the_packet_stores_what_was_in_the_buffer_before),
        TEST(a_packet_that_a_bus_reset_took_away_makes_no_wrong_length),
        TEST(a_repeated_out_packet_is_acknowledged_and_dropped),
        TEST(a_status_bit_that_is_set_already_fires_no_second_event),
        TEST(a_halted_endpoint_stalls_and_shows_it_as_get_status_wants_it),
        TEST(dtoggle_sets_and_shows_one_endpoints_toggle),
        TEST(dtoggle_may_be_for_the_endpoint_selected_before),
        TEST(a_halt_may_forget_that_a_packet_is_accepted),
        TEST(disabling_an_endpoint_drops_its_packets),
        TEST(a_bus_reset_empties_the_endpoints),
        TEST(an_out_transfer_that_a_bus_reset_overtook_accepts_nothing_at_its_end),
        TEST(the_acknowledge_of_an_overwritten_packet_does_not_take_the_new_one),
        TEST(an_acknowledge_nobody_waits_for_changes_nothing),
        TEST(epstall_does_not_reach_endpoint_0),
        TEST(writing_size_of_endpoint_0_changes_nothing),
        TEST(the_undocumented_bit_disarms_an_in_endpoint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
