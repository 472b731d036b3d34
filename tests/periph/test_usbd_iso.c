/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: the isochronous pair (PS v1.7, 6.35). */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

enum {
    TASKS_STARTISOIN = 0x024,
    TASKS_STARTISOOUT = 0x048,
    ENDISOIN = 0x12c,
    ENDISOOUT = 0x150,
    SOF = 0x154,
    USBEVENT = 0x158,
    EPDATA = 0x160,
    EVENTCAUSE = 0x400,
    EPSTATUS = 0x468,
    EPDATASTATUS = 0x46c,
    SIZE_ISOOUT = 0x4c0,
    EPINEN = 0x510,
    EPOUTEN = 0x514,
    ISOSPLIT = 0x51c,
    FRAMECNTR = 0x520,
    ISOINCONFIG = 0x530,
    ISOIN_PTR = 0x6a0,
    ISOIN_MAXCNT = 0x6a4,
    ISOIN_AMOUNT = 0x6a8,
    ISOOUT_PTR = 0x7a0,
    ISOOUT_MAXCNT = 0x7a4,
    ISOOUT_AMOUNT = 0x7a8,
    ISOOUTCRC = 1 << 0,
    ZERO = 1 << 16,
    HALF_IN = 0x80,
};

/* 1023 bytes at the typical pace. */
#define LONG_TRANSFER ((sim_time)(8 + 64 + 256 * 16 + 8))

static int set_up(void **state)
{
    struct bench *bench;

    bench_on_bus(state);
    bench = *state;
    poke(bench, ISOSPLIT, HALF_IN);
    poke(bench, EPINEN, 0x101);
    poke(bench, EPOUTEN, 0x101);
    return 0;
}

static uint16_t frame_number;

static void frame(struct bench *bench)
{
    usbd_port.sof(&bench->usbd, ++frame_number & 0x7ff);
}

static void begin_fetch(struct bench *bench, guest_addr at, uint32_t size)
{
    poke(bench, ISOIN_PTR, at);
    poke(bench, ISOIN_MAXCNT, size);
    poke(bench, TASKS_STARTISOIN, 1);
}

static void fetch(struct bench *bench, const char *text)
{
    memcpy(ram(bench, BENCH_BUFFER), text, strlen(text));
    begin_fetch(bench, BENCH_BUFFER, (uint32_t)strlen(text));
    pass(bench, TRANSFER_TIME);
}

static void store(struct bench *bench, guest_addr at, uint32_t size)
{
    poke(bench, ISOOUT_PTR, at);
    poke(bench, ISOOUT_MAXCNT, size);
    poke(bench, TASKS_STARTISOOUT, 1);
    pass(bench, LONG_TRANSFER);
}

static bool in_token(struct bench *bench)
{
    memset(&bench->data, 0, sizeof bench->data);
    return usbd_port.isochronous_in(&bench->usbd, 0, 8, &bench->data);
}

static void out_packet(struct bench *bench, const char *text)
{
    usbd_port.isochronous_out(&bench->usbd, 0, 8, (const uint8_t *)text, strlen(text), true);
}

static void assert_sends(struct bench *bench, const char *text)
{
    assert_true(in_token(bench));
    assert_int_equal(bench->data.pid, PID_DATA0);
    assert_int_equal(bench->data.size, strlen(text));
    assert_memory_equal(bench->data.bytes, text, strlen(text));
}

/* ---- IN -------------------------------------------------------------------------------------- */

static void what_is_fetched_in_a_frame_goes_out_in_the_next_one(void **state)
{
    struct bench *bench = *state;

    fetch(bench, "audio");
    assert_int_equal(peek(bench, ENDISOIN), 1);
    assert_int_equal(peek(bench, EPSTATUS), 1 << 8);
    assert_int_equal(peek(bench, ISOIN_AMOUNT), 5);
    assert_false(in_token(bench));
    frame(bench);
    assert_sends(bench, "audio");
    assert_int_equal(bench->data.transfer, 1);
    assert_int_equal(peek(bench, EPDATASTATUS), 0);
    assert_int_equal(peek(bench, EPDATA), 0);
    assert_no_misuse(bench);
}

static void a_packet_goes_out_once_and_always_as_data0(void **state)
{
    struct bench *bench = *state;

    fetch(bench, "one");
    frame(bench);
    fetch(bench, "two");
    assert_sends(bench, "one");
    assert_false(in_token(bench));
    frame(bench);
    assert_sends(bench, "two");
}

static void a_packet_the_host_did_not_ask_for_in_its_frame_is_gone(void **state)
{
    struct bench *bench = *state;

    fetch(bench, "late");
    frame(bench);
    frame(bench);
    assert_false(in_token(bench));
    frame(bench);
    assert_false(in_token(bench));
}

static void isoinconfig_says_how_silence_sounds(void **state)
{
    struct bench *bench = *state;

    assert_false(in_token(bench));
    poke(bench, ISOINCONFIG, 1);
    assert_sends(bench, "");
    assert_int_equal(bench->data.transfer, 0);
}

static void an_empty_packet_is_a_packet(void **state)
{
    struct bench *bench = *state;

    begin_fetch(bench, 0, 0);
    pass(bench, TRANSFER_TIME);
    frame(bench);
    assert_sends(bench, "");
    assert_false(in_token(bench));
}

static void a_later_start_in_the_same_frame_replaces_the_packet(void **state)
{
    struct bench *bench = *state;

    fetch(bench, "first");
    fetch(bench, "2nd");
    frame(bench);
    assert_sends(bench, "2nd");
    assert_no_misuse(bench);
}

static void a_transfer_that_runs_into_the_next_frame_is_torn(void **state)
{
    struct bench *bench = *state;

    memset(ram(bench, BENCH_BUFFER), 'x', 64);
    begin_fetch(bench, BENCH_BUFFER, 64);
    pass(bench, 8 + 64 + 8 * 16); /* about half of it */
    frame(bench);
    assert_misused(bench, MISUSE_DMA_OVERTAKEN, TASKS_STARTISOIN);
    pass(bench, TRANSFER_TIME);
    assert_false(in_token(bench)); /* it was not complete when its frame began */
    frame(bench);
    assert_true(in_token(bench));
    assert_int_equal(bench->data.size, 64);
    assert_int_equal(bench->data.bytes[0], 0);
    assert_int_equal(bench->data.bytes[63], 'x');
}

static void the_largest_packet_has_1023_bytes(void **state)
{
    struct bench *bench = *state;

    poke(bench, ISOSPLIT, 0);
    for (unsigned i = 0; i < 1023; i++)
        *ram(bench, BENCH_BUFFER + i) = (uint8_t)(i * 5);
    begin_fetch(bench, BENCH_BUFFER, 1023);
    pass(bench, LONG_TRANSFER);
    assert_int_equal(peek(bench, ISOIN_AMOUNT), 1023);
    frame(bench);
    assert_true(in_token(bench));
    assert_int_equal(bench->data.size, 1023);
    assert_memory_equal(bench->data.bytes, ram(bench, BENCH_BUFFER), 1023);
}

static void half_a_buffer_holds_512_bytes(void **state)
{
    struct bench *bench = *state;

    begin_fetch(bench, BENCH_BUFFER, 600);
    pass(bench, LONG_TRANSFER);
    assert_misused(bench, MISUSE_DMA_OVER_HALF, ISOIN_MAXCNT);
    frame(bench);
    assert_true(in_token(bench));
    assert_int_equal(bench->data.size, 512);
}

static void disabling_isoin_drops_what_waits(void **state)
{
    struct bench *bench = *state;

    fetch(bench, "audio");
    poke(bench, EPINEN, 0x001);
    frame(bench);
    assert_false(in_token(bench));
    poke(bench, EPINEN, 0x101);
    assert_false(in_token(bench));
    poke(bench, ISOINCONFIG, 1);
    poke(bench, EPINEN, 0x001);
    assert_false(in_token(bench)); /* not even an empty packet */
}

static void a_bus_reset_voids_a_packet_that_is_being_fetched(void **state)
{
    struct bench *bench = *state;

    begin_fetch(bench, BENCH_BUFFER, 64);
    usbd_port.reset_begin(&bench->usbd);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDISOIN), 1);
    frame(bench);
    assert_false(in_token(bench));
    fetch(bench, "again");
    frame(bench);
    assert_sends(bench, "again");
}

/* ---- OUT ------------------------------------------------------------------------------------- */

static void what_arrives_in_a_frame_can_be_stored_in_the_next_one(void **state)
{
    struct bench *bench = *state;

    out_packet(bench, "sound");
    assert_int_equal(peek(bench, SIZE_ISOOUT), ZERO);
    frame(bench);
    assert_int_equal(peek(bench, SIZE_ISOOUT), 5);
    store(bench, BENCH_BUFFER, 5);
    assert_int_equal(peek(bench, ENDISOOUT), 1);
    assert_int_equal(peek(bench, EPSTATUS), 1 << 24);
    assert_int_equal(peek(bench, ISOOUT_AMOUNT), 5);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "sound", 5);
    assert_int_equal(peek(bench, EPDATASTATUS), 0);
    assert_no_misuse(bench);
}

static void the_next_packet_arrives_while_this_one_is_stored(void **state)
{
    struct bench *bench = *state;

    out_packet(bench, "one");
    frame(bench);
    out_packet(bench, "second");
    store(bench, BENCH_BUFFER, 3);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "one", 3);
    frame(bench);
    assert_int_equal(peek(bench, SIZE_ISOOUT), 6);
    store(bench, BENCH_BUFFER, 6);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "second", 6);
}

static void zero_tells_of_no_packet_and_of_an_empty_one(void **state)
{
    struct bench *bench = *state;

    out_packet(bench, "x");
    frame(bench);
    assert_int_equal(peek(bench, SIZE_ISOOUT), 1);
    frame(bench);
    assert_int_equal(peek(bench, SIZE_ISOOUT), ZERO);
    out_packet(bench, "");
    frame(bench);
    assert_int_equal(peek(bench, SIZE_ISOOUT), ZERO);
}

static void a_packet_nobody_stored_in_its_frame_is_lost(void **state)
{
    struct bench *bench = *state;

    out_packet(bench, "lost");
    frame(bench);
    frame(bench);
    frame(bench);
    assert_int_equal(peek(bench, SIZE_ISOOUT), ZERO);
}

static void a_damaged_packet_is_told_in_eventcause(void **state)
{
    struct bench *bench = *state;

    usbd_port.isochronous_out(&bench->usbd, 0, 8, (const uint8_t *)"no1se", 5, false);
    assert_int_equal(peek(bench, EVENTCAUSE), ISOOUTCRC);
    assert_int_equal(peek(bench, USBEVENT), 1);
    frame(bench);
    assert_int_equal(peek(bench, SIZE_ISOOUT), 5);
    poke(bench, EVENTCAUSE, ISOOUTCRC);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
}

static void an_out_endpoint_that_is_not_enabled_takes_nothing(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPOUTEN, 0x001);
    usbd_port.isochronous_out(&bench->usbd, 0, 8, (const uint8_t *)"x", 1, false);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
    frame(bench);
    assert_int_equal(peek(bench, SIZE_ISOOUT), ZERO);
}

static void disabling_isoout_drops_what_came(void **state)
{
    struct bench *bench = *state;

    out_packet(bench, "gone");
    frame(bench);
    poke(bench, EPOUTEN, 0x001);
    assert_int_equal(peek(bench, SIZE_ISOOUT), ZERO);
}

static void split_halves_do_not_touch_each_other(void **state)
{
    struct bench *bench = *state;

    fetch(bench, "to the host");
    frame(bench);
    out_packet(bench, "from the host");
    assert_sends(bench, "to the host");
}

static void without_a_split_both_directions_share_the_buffer(void **state)
{
    struct bench *bench = *state;

    poke(bench, ISOSPLIT, 0);
    fetch(bench, "to the host");
    frame(bench);
    out_packet(bench, "from the host");
    assert_sends(bench, "from the ho");
}

/* ---- Frames ---------------------------------------------------------------------------------- */

static void sof_has_the_frames_number_and_is_an_event(void **state)
{
    struct bench *bench = *state;

    usbd_port.sof(&bench->usbd, 0x7ff);
    assert_int_equal(peek(bench, FRAMECNTR), 0x7ff);
    assert_int_equal(peek(bench, SOF), 1);
    poke(bench, SOF, 0);
    usbd_port.sof(&bench->usbd, 0);
    assert_int_equal(peek(bench, FRAMECNTR), 0);
    assert_int_equal(peek(bench, SOF), 1);
}

static void sof_can_interrupt_through_bit_21(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x304, 1u << 21);
    frame(bench);
    assert_true(chip_irq(bench->chip, USBD_IRQ));
}

static void other_addresses_and_endpoints_are_not_meant(void **state)
{
    struct bench *bench = *state;

    fetch(bench, "x");
    frame(bench);
    assert_false(usbd_port.isochronous_in(&bench->usbd, 5, 8, &bench->data));
    assert_false(usbd_port.isochronous_in(&bench->usbd, 0, 1, &bench->data));
    assert_int_equal(host_in(bench, 8), USB_ANSWER_NONE); /* as a bulk endpoint */
    assert_sends(bench, "x");
}

static void epstall_cannot_halt_it(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x518, 0x88 | 1 << 8); /* three bits of an endpoint number: this is IN 0 */
    fetch(bench, "x");
    frame(bench);
    assert_sends(bench, "x");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, bench_remove)
    const struct CMUnitTest tests[] = {
        TEST(what_is_fetched_in_a_frame_goes_out_in_the_next_one),
        TEST(a_packet_goes_out_once_and_always_as_data0),
        TEST(a_packet_the_host_did_not_ask_for_in_its_frame_is_gone),
        TEST(isoinconfig_says_how_silence_sounds),
        TEST(an_empty_packet_is_a_packet),
        TEST(a_later_start_in_the_same_frame_replaces_the_packet),
        TEST(a_transfer_that_runs_into_the_next_frame_is_torn),
        TEST(the_largest_packet_has_1023_bytes),
        TEST(half_a_buffer_holds_512_bytes),
        TEST(disabling_isoin_drops_what_waits),
        TEST(a_bus_reset_voids_a_packet_that_is_being_fetched),
        TEST(what_arrives_in_a_frame_can_be_stored_in_the_next_one),
        TEST(the_next_packet_arrives_while_this_one_is_stored),
        TEST(zero_tells_of_no_packet_and_of_an_empty_one),
        TEST(a_packet_nobody_stored_in_its_frame_is_lost),
        TEST(a_damaged_packet_is_told_in_eventcause),
        TEST(an_out_endpoint_that_is_not_enabled_takes_nothing),
        TEST(disabling_isoout_drops_what_came),
        TEST(split_halves_do_not_touch_each_other),
        TEST(without_a_split_both_directions_share_the_buffer),
        TEST(sof_has_the_frames_number_and_is_an_event),
        TEST(sof_can_interrupt_through_bit_21),
        TEST(other_addresses_and_endpoints_are_not_meant),
        TEST(epstall_cannot_halt_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
