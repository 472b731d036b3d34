/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: what is noticed of packets that are lost, fetched twice or answered beside the request. */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

enum {
    STARTEPOUT0 = 0x028,
    EP0RCVOUT = 0x04c,
    EP0STATUS = 0x050,
    ENDEPOUT0 = 0x130,
    EP0DATADONE = 0x128,
    EP0SETUP = 0x15c,
    EPDATA = 0x160,
    EPDATASTATUS = 0x46c,
    SIZE_EPOUT1 = 0x4a4,
    OUT1_BIT = 1 << 17,
    IN1_BIT = 1 << 1,
};

static const uint8_t write_100[8] = {0x40, 1, 0, 0, 0, 0, 100, 0};
static const uint8_t read_8[8] = {0x80, 6, 0, 1, 0, 0, 8, 0};

static int set_up(void **state)
{
    struct bench *bench;

    bench_on_bus(state);
    bench = *state;
    poke(bench, 0x510, 0x3); /* EPINEN, EPOUTEN */
    poke(bench, 0x514, 0x3);
    poke(bench, SIZE_EPOUT1, 0);
    return 0;
}

static void fetch(struct bench *bench, unsigned endpoint, uint32_t size)
{
    start_out(bench, endpoint, BENCH_BUFFER, size);
    pass(bench, TRANSFER_TIME);
}

/* ---- Notices --------------------------------------------------------------------------------- */

static void a_notice_cleared_before_the_start_is_right(void **state)
{
    struct bench *bench = *state;

    host_out(bench, 1, PID_DATA0, "abc", 3);
    poke(bench, EPDATASTATUS, peek(bench, EPDATASTATUS));
    fetch(bench, 1, 3);
    poke(bench, EPDATASTATUS, OUT1_BIT); /* is not set, so nothing is lost */
    assert_no_misuse(bench);
}

static void a_notice_cleared_behind_the_start_may_be_the_next_packets(void **state)
{
    struct bench *bench = *state;

    host_out(bench, 1, PID_DATA0, "abc", 3);
    assert_int_equal(peek(bench, EPDATASTATUS), OUT1_BIT);
    start_out(bench, 1, BENCH_BUFFER, 3);
    poke(bench, EPDATASTATUS, OUT1_BIT);
    assert_misused(bench, MISUSE_NOTICE_CLEARED, EPDATASTATUS);
}

static void a_notice_that_nobody_read_must_not_be_cleared(void **state)
{
    struct bench *bench = *state;

    host_out(bench, 1, PID_DATA0, "abc", 3);
    poke(bench, EPDATASTATUS, 0xffffffff);
    assert_misused(bench, MISUSE_NOTICE_CLEARED, EPDATASTATUS);
}

/* A driver with one endpoint knows from the event whose packet it is. */
static void the_event_is_notice_enough(void **state)
{
    struct bench *bench = *state;

    host_out(bench, 1, PID_DATA0, "abc", 3);
    assert_int_equal(peek(bench, EPDATA), 1);
    poke(bench, EPDATASTATUS, OUT1_BIT);
    assert_no_misuse(bench);
}

static void a_packet_that_a_bus_reset_took_needs_no_notice(void **state)
{
    struct bench *bench = *state;

    host_out(bench, 1, PID_DATA0, "abc", 3);
    usbd_port.reset_begin(&bench->usbd);
    poke(bench, EPDATASTATUS, 0xffffffff);
    assert_no_misuse(bench);
}

static void the_notice_of_a_packet_under_way_to_the_host_must_not_be_cleared(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPDATASTATUS, IN1_BIT);
    start_in(bench, 1, BENCH_BUFFER, 4);
    assert_no_misuse(bench);
    poke(bench, EPDATASTATUS, IN1_BIT);
    assert_misused(bench, MISUSE_EVENT_CLEARED, EPDATASTATUS);
}

/* ---- Fetching -------------------------------------------------------------------------------- */

static void a_packet_is_fetched_once(void **state)
{
    struct bench *bench = *state;

    host_out(bench, 1, PID_DATA0, "abc", 3);
    fetch(bench, 1, 3);
    fetch(bench, 1, 3);
    assert_misused(bench, MISUSE_NOTHING_TO_FETCH, STARTEPOUT0 + 4);
}

static void a_packet_dropped_by_a_bus_reset_may_be_fetched_in_vain(void **state)
{
    struct bench *bench = *state;

    host_out(bench, 1, PID_DATA0, "abc", 3);
    fetch(bench, 1, 3);
    host_out(bench, 1, PID_DATA1, "def", 3);
    usbd_port.reset_begin(&bench->usbd);
    fetch(bench, 1, 3);
    assert_no_misuse(bench);
}

static void a_control_read_brings_nothing_to_fetch(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, read_8);
    poke(bench, EP0SETUP, 0);
    fetch(bench, 0, 8);
    assert_misused(bench, MISUSE_NOTHING_TO_FETCH, STARTEPOUT0);
}

/* ---- Endpoint 0 ------------------------------------------------------------------------------ */

static void an_answer_has_room_for_wlength_bytes_over_all_its_packets(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, read_8);
    poke(bench, EP0SETUP, 0);
    start_in(bench, 0, BENCH_BUFFER, 8);
    pass(bench, TRANSFER_TIME);
    host_in(bench, 0);
    host_ack(bench, 0);
    assert_int_equal(peek(bench, EP0DATADONE), 1);
    assert_no_misuse(bench);
    start_in(bench, 0, BENCH_BUFFER, 1);
    assert_misused(bench, MISUSE_ANSWER_TOO_LONG, 0x604);
}

static void an_answer_to_a_request_that_was_overtaken_is_nobodys_mistake(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, read_8);
    poke(bench, EP0SETUP, 0);
    host_setup(bench, write_100); /* the firmware has not seen this one yet */
    start_in(bench, 0, BENCH_BUFFER, 8);
    assert_no_misuse(bench);
}

/* It went to the request that overtook it, whose own answer finds less room, or the packet. */
static void the_answer_behind_an_overtaken_one_is_nobodys_mistake_either(void **state)
{
    struct bench *bench = *state;

    for (unsigned fetched = 0; fetched < 2; fetched++) {
        host_setup(bench, read_8);
        poke(bench, EP0SETUP, 0);
        host_setup(bench, read_8);
        start_in(bench, 0, BENCH_BUFFER, 8); /* for the first */
        pass(bench, TRANSFER_TIME);
        poke(bench, EP0SETUP, 0);
        if (fetched) {
            host_in(bench, 0);
            host_ack(bench, 0);
        }
        start_in(bench, 0, BENCH_BUFFER, 8);
        pass(bench, TRANSFER_TIME);
        assert_no_misuse(bench);
    }
}

static void status_before_the_data_is_too_early(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, write_100);
    poke(bench, EP0SETUP, 0);
    poke(bench, EP0STATUS, 1);
    assert_misused(bench, MISUSE_STATUS_EARLY, EP0STATUS);
}

static void status_behind_all_data_is_right(void **state)
{
    struct bench *bench = *state;
    char data[100] = "";

    host_setup(bench, write_100);
    poke(bench, EP0SETUP, 0);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA1, data, 64);
    fetch(bench, 0, 64);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA0, data, 36);
    fetch(bench, 0, 36);
    poke(bench, EP0STATUS, 1);
    assert_no_misuse(bench);
}

static void a_packet_that_is_held_must_not_be_replaced(void **state)
{
    struct bench *bench = *state;
    char data[100] = "";

    host_setup(bench, write_100);
    poke(bench, EP0SETUP, 0);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA1, data, 64);
    fetch(bench, 0, 64);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA0, data, 36);
    poke(bench, EP0RCVOUT, 1);
    assert_misused(bench, MISUSE_OUT_DISCARDED, EP0RCVOUT);
}

static void the_event_of_a_packet_under_way_must_not_be_cleared(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, read_8);
    poke(bench, EP0SETUP, 0);
    poke(bench, EP0DATADONE, 0);
    assert_no_misuse(bench);
    start_in(bench, 0, BENCH_BUFFER, 8);
    poke(bench, EP0DATADONE, 0);
    assert_misused(bench, MISUSE_EVENT_CLEARED, EP0DATADONE);
}

/* ---- The descriptor, and what else a timing hides -------------------------------------------- */

static void ptr_is_written_too_early_at_any_timing(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 1, BENCH_BUFFER, 4);
    pass(bench, 20); /* captured this time, and it may take longer */
    poke(bench, 0x614, BENCH_BUFFER + 64);
    assert_misused(bench, MISUSE_DMA_DESCRIPTOR, 0x614);
}

static void ptr_is_free_when_started_or_epstatus_was_read(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 1, BENCH_BUFFER, 4);
    pass(bench, 20);
    assert_int_equal(peek(bench, 0x104), 1);
    poke(bench, 0x614, BENCH_BUFFER + 64);
    pass(bench, TRANSFER_TIME);
    host_in(bench, 1);
    host_ack(bench, 1);
    poke(bench, 0x104, 0);
    start_in(bench, 1, BENCH_BUFFER, 4);
    pass(bench, 20);
    assert_int_equal(peek(bench, 0x468) & 2, 2);
    poke(bench, 0x614, BENCH_BUFFER + 64);
    assert_no_misuse(bench);
}

static void odd_bytes_are_told_of_silicon_that_minds(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 1, BENCH_BUFFER, 7);
    pass(bench, TRANSFER_TIME);
    answer(bench, UNDOCUMENTED_ODD_BYTES, ODD_BYTES_SPOIL);
    poke(bench, 0x500, 0);
    assert_misused(bench, MISUSE_ODD_BYTES, 0x500);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, bench_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_notice_cleared_before_the_start_is_right),
        TEST(a_notice_cleared_behind_the_start_may_be_the_next_packets),
        TEST(a_notice_that_nobody_read_must_not_be_cleared),
        TEST(the_event_is_notice_enough),
        TEST(a_packet_that_a_bus_reset_took_needs_no_notice),
        TEST(the_notice_of_a_packet_under_way_to_the_host_must_not_be_cleared),
        TEST(a_packet_is_fetched_once),
        TEST(a_packet_dropped_by_a_bus_reset_may_be_fetched_in_vain),
        TEST(a_control_read_brings_nothing_to_fetch),
        TEST(an_answer_has_room_for_wlength_bytes_over_all_its_packets),
        TEST(an_answer_to_a_request_that_was_overtaken_is_nobodys_mistake),
        TEST(the_answer_behind_an_overtaken_one_is_nobodys_mistake_either),
        TEST(status_before_the_data_is_too_early),
        TEST(status_behind_all_data_is_right),
        TEST(a_packet_that_is_held_must_not_be_replaced),
        TEST(the_event_of_a_packet_under_way_must_not_be_cleared),
        TEST(ptr_is_written_too_early_at_any_timing),
        TEST(ptr_is_free_when_started_or_epstatus_was_read),
        TEST(odd_bytes_are_told_of_silicon_that_minds),
    };

    return cmocka_run_group_tests_name("USBD notices", tests, NULL, NULL);
}
