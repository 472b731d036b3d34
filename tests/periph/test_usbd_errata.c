/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: errata with and without their workarounds, and what no document settles (nRF52840 Errata).
 */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

enum {
    STARTEPIN1 = 0x008,
    EP0RCVOUT = 0x04c,
    EP0STATUS = 0x050,
    STARTED = 0x104,
    ENDEPIN0 = 0x108,
    ENDEPIN1 = 0x10c,
    ENDEPOUT1 = 0x134,
    EPDATA = 0x160,
    SHORTS = 0x200,
    EVENTCAUSE = 0x400,
    EPDATASTATUS = 0x46c,
    SIZE_EPOUT1 = 0x4a4,
    SIZE_EPOUT2 = 0x4a8,
    ENABLE = 0x500,
    USBPULLUP = 0x504,
    DPDMVALUE = 0x508,
    EPINEN = 0x510,
    EPOUTEN = 0x514,
    LOWPOWER = 0x52c,
    AMOUNT_IN0 = 0x608,
    AMOUNT_OUT1 = 0x71c,
    MACINDEX = 0x800,
    MACDATA = 0x804,
    LATCH = 0xc1c,
    SUSPEND = 1 << 8,
    RESUME = 1 << 9,
    USBWUALLOWED = 1 << 10,
    READY = 1 << 11,
};

static const uint8_t get_descriptor[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
static const uint8_t set_line_coding[8] = {0x21, 0x20, 0, 0, 0, 0, 7, 0};

static int set_up(void **state)
{
    struct bench *bench;

    bench_on_bus(state);
    bench = *state;
    poke(bench, EPINEN, 0x7);
    poke(bench, EPOUTEN, 0x7);
    poke(bench, SIZE_EPOUT1, 0);
    poke(bench, SIZE_EPOUT2, 0);
    return 0;
}

static void work_around(struct bench *bench, enum wire_id wire, bool there)
{
    wire_set(&bench->chip->wires, wire, there);
}

static void core_write(struct bench *bench, uint32_t index, uint32_t value)
{
    poke(bench, MACINDEX, index);
    poke(bench, MACDATA, value);
}

static uint32_t core_read(struct bench *bench, uint32_t index)
{
    poke(bench, MACINDEX, index);
    return peek(bench, MACDATA);
}

static void send(struct bench *bench, unsigned endpoint)
{
    poke(bench, ENDEPIN1, 0);
    start_in(bench, endpoint, BENCH_BUFFER, 4);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_in(bench, (uint8_t)endpoint), USB_ANSWER_ACK);
    host_ack(bench, (uint8_t)endpoint);
}

/* ---- 171 and 187: READY ------------------------------------------------------------------------
 */

static void assert_ready(struct bench *bench, bool ready)
{
    pass(bench, 256);
    assert_int_equal(peek(bench, EVENTCAUSE), ready ? READY : 0);
}

static void enabling_waits_for_the_workaround_of(struct bench *bench, enum erratum erratum,
                                                 enum wire_id wire)
{
    bites(bench, erratum);
    work_around(bench, WIRE_VBUS, true);
    poke(bench, ENABLE, 1);
    pass(bench, CYCLES_PER_SECOND);
    assert_ready(bench, false);
    work_around(bench, wire, true);
    assert_ready(bench, true);
}

static void without_workaround_187_the_core_is_never_ready(void **state)
{
    enabling_waits_for_the_workaround_of(*state, ERRATUM_187, WIRE_ERRATUM_187);
}

static void without_workaround_171_the_core_is_never_ready(void **state)
{
    enabling_waits_for_the_workaround_of(*state, ERRATUM_171, WIRE_ERRATUM_171);
}

static void a_workaround_that_ends_before_ready_was_none(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_187);
    work_around(bench, WIRE_VBUS, true);
    work_around(bench, WIRE_ERRATUM_187, true);
    poke(bench, ENABLE, 1);
    pass(bench, 100);
    work_around(bench, WIRE_ERRATUM_187, false);
    assert_ready(bench, false);
}

static void after_ready_the_workarounds_may_end(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_171);
    bites(bench, ERRATUM_187);
    work_around(bench, WIRE_VBUS, true);
    work_around(bench, WIRE_ERRATUM_171, true);
    work_around(bench, WIRE_ERRATUM_187, true);
    poke(bench, ENABLE, 1);
    assert_ready(bench, true);
    work_around(bench, WIRE_ERRATUM_171, false);
    work_around(bench, WIRE_ERRATUM_187, false);
    poke(bench, USBPULLUP, 1);
    assert_true(wire_get(&bench->chip->wires, WIRE_USB_PULLUP));
}

static void fall_asleep(struct bench *bench)
{
    usbd_port.suspend(&bench->usbd);
    pass(bench, 5 * CYCLES_PER_MS);
    poke(bench, EVENTCAUSE, SUSPEND);
}

/* Drivers write it before LOWPOWER = 0, or right behind it. */
static void without_workaround_171_nobody_may_wake_the_host(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_171);
    fall_asleep(bench);
    poke(bench, LOWPOWER, 1);
    poke(bench, LOWPOWER, 0);
    pass(bench, CYCLES_PER_SECOND);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
    work_around(bench, WIRE_ERRATUM_171, true);
    assert_int_equal(peek(bench, EVENTCAUSE), USBWUALLOWED);
}

/* ---- 211: resume -------------------------------------------------------------------------------
 */

static void without_workaround_211_the_core_sleeps_on_when_the_host_resumes(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_211);
    fall_asleep(bench);
    usbd_port.resume(&bench->usbd);
    pass(bench, 30 * CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_NONE);
    pass(bench, 10 * CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), RESUME);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
}

static void with_workaround_211_it_wakes_at_once(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_211);
    work_around(bench, WIRE_ERRATUM_187, true); /* the same register */
    fall_asleep(bench);
    usbd_port.resume(&bench->usbd);
    assert_int_equal(peek(bench, EVENTCAUSE), RESUME);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
}

static void a_bus_reset_wakes_it_in_any_case(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_211);
    fall_asleep(bench);
    usbd_port.resume(&bench->usbd);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
    pass(bench, CYCLES_PER_SECOND);
    assert_int_equal(peek(bench, EVENTCAUSE), 0);
}

/* ---- 199: during EasyDMA -----------------------------------------------------------------------
 */

static void without_workaround_199_a_task_during_easydma_is_lost(void **state)
{
    struct bench *bench = *state;
    const uint8_t set_configuration[8] = {0, 9, 1, 0, 0, 0, 0, 0};

    bites(bench, ERRATUM_199);
    host_setup(bench, set_configuration);
    poke(bench, LATCH, 0);
    start_in(bench, 1, BENCH_BUFFER, 4);
    assert_misused(bench, MISUSE_DMA_LATCH, STARTEPIN1);
    poke(bench, EP0STATUS, 1);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN1), 1); /* the start itself came through */
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
}

static void with_workaround_199_it_arrives(void **state)
{
    struct bench *bench = *state;
    const uint8_t set_configuration[8] = {0, 9, 1, 0, 0, 0, 0, 0};

    bites(bench, ERRATUM_199);
    host_setup(bench, set_configuration);
    start_in(bench, 1, BENCH_BUFFER, 4);
    poke(bench, EP0STATUS, 1);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
}

static void erratum_199_may_lose_tokens_instead(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_199);
    answer(bench, UNDOCUMENTED_ERRATUM_199, ERRATUM_199_TOKENS);
    poke(bench, LATCH, 0);
    start_in(bench, 1, BENCH_BUFFER, 4);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_NONE);
    poke(bench, LATCH, 0x82);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
    poke(bench, LATCH, 0);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
}

/* ---- Engineering A -----------------------------------------------------------------------------
 */

static void erratum_104_loses_every_second_start(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_104);
    start_in(bench, 1, BENCH_BUFFER, 4);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, STARTED), 0);
    poke(bench, STARTEPIN1, 1);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, STARTED), 1);
    assert_int_equal(peek(bench, ENDEPIN1), 1);
}

static void erratum_104_wants_ep0rcvout_twice(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_104);
    host_setup(bench, set_line_coding);
    poke(bench, EP0RCVOUT, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, "1234567", 7), USB_ANSWER_NAK);
    poke(bench, EP0RCVOUT, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, "1234567", 7), USB_ANSWER_ACK);
}

static void epdata_that_erratum_104_lost_can_be_found_in_the_window(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_104);
    host_out(bench, 2, PID_DATA0, "abc", 3);
    assert_int_equal(peek(bench, EPDATASTATUS), 0);
    assert_int_equal(peek(bench, EPDATA), 0);
    assert_int_equal(core_read(bench, 0x7aa), 1 << 2);
    assert_int_equal(core_read(bench, 0x7ad), 0xff);
    core_write(bench, 0x7aa, 1 << 2);
    assert_int_equal(core_read(bench, 0x7aa), 0);
    host_out(bench, 1, PID_DATA0, "abc", 3);
    assert_int_equal(peek(bench, EPDATASTATUS), 1 << 17);
}

static void erratum_154_finishes_a_read_by_itself(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_154);
    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 18);
    pass(bench, TRANSFER_TIME);
    host_in(bench, 0);
    host_ack(bench, 0);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
}

static void erratum_154_finishes_a_write_as_soon_as_the_data_is_there(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_154);
    host_setup(bench, set_line_coding);
    poke(bench, EP0RCVOUT, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    host_out(bench, 0, PID_DATA1, "1234567", 7);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
}

static void a_late_ep0status_makes_the_next_transfer_stall_with_erratum_154(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_154);
    host_setup(bench, get_descriptor);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_STALL);
}

static void requests_without_data_are_as_ever_with_erratum_154(void **state)
{
    struct bench *bench = *state;
    const uint8_t set_configuration[8] = {0, 9, 1, 0, 0, 0, 0, 0};

    bites(bench, ERRATUM_154);
    host_setup(bench, set_configuration);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
}

static void with_erratum_200_the_window_accepts_packets_not_size(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_200);
    poke(bench, EPOUTEN, 1);
    poke(bench, EPOUTEN, 7);
    poke(bench, SIZE_EPOUT2, 0);
    assert_int_equal(host_out(bench, 2, PID_DATA0, "abc", 3), USB_ANSWER_NAK);
    core_write(bench, 0x7c9, 0);
    assert_int_equal(host_out(bench, 2, PID_DATA0, "abc", 3), USB_ANSWER_ACK);
}

/* ---- 166: the isochronous banks ----------------------------------------------------------------
 */

static bool iso_in(struct bench *bench)
{
    return usbd_port.isochronous_in(&bench->usbd, 0, 8, &bench->data);
}

static void fetch_iso(struct bench *bench, const char *text)
{
    memcpy(ram(bench, BENCH_BUFFER), text, strlen(text));
    poke(bench, EPINEN, 0x101);
    poke(bench, 0x6a0, BENCH_BUFFER);
    poke(bench, 0x6a4, (uint32_t)strlen(text));
    poke(bench, 0x024, 1); /* STARTISOIN */
}

static void without_workaround_166_both_sides_use_one_bank(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_166);
    fetch_iso(bench, "frame 1!");
    pass(bench, TRANSFER_TIME);
    usbd_port.sof(&bench->usbd, 2);
    fetch_iso(bench, "FRAME 2?");
    pass(bench, 8 + 64); /* its first word */
    assert_true(iso_in(bench));
    assert_memory_equal(bench->data.bytes, "FRAMe 1!", 8);
}

static void with_workaround_166_they_do_not_meet(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_166);
    core_write(bench, 0x7e3, 0x40);
    fetch_iso(bench, "frame 1!");
    pass(bench, TRANSFER_TIME);
    usbd_port.sof(&bench->usbd, 2);
    fetch_iso(bench, "FRAME 2?");
    pass(bench, 8 + 64);
    assert_true(iso_in(bench));
    assert_memory_equal(bench->data.bytes, "frame 1!", 8);
}

static void without_workaround_166_a_packet_is_overwritten_while_it_is_stored(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_166);
    poke(bench, EPOUTEN, 0x101);
    usbd_port.isochronous_out(&bench->usbd, 0, 8, (const uint8_t *)"first", 5, true);
    usbd_port.sof(&bench->usbd, 2);
    assert_int_equal(peek(bench, 0x4c0), 5);
    usbd_port.isochronous_out(&bench->usbd, 0, 8, (const uint8_t *)"SECND", 5, true);
    poke(bench, 0x7a0, BENCH_BUFFER);
    poke(bench, 0x7a4, 5);
    poke(bench, 0x048, 1); /* STARTISOOUT */
    pass(bench, TRANSFER_TIME);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "SECND", 5);
}

/* ---- What no document settles ------------------------------------------------------------------
 */

static void a_second_start_may_take_easydma_away_from_the_first(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_SECOND_START, SECOND_START_CORRUPTS);
    start_in(bench, 1, BENCH_BUFFER, 64);
    pass(bench, 8 + 64 + 16);
    start_in(bench, 2, BENCH_BUFFER, 4);
    assert_misused(bench, MISUSE_DMA_BUSY, 0x00c);
    pass(bench, 10 * TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN1), 0); /* never */
    assert_int_equal(host_in(bench, 1), USB_ANSWER_NAK);
    assert_int_equal(peek(bench, 0x110), 1); /* ENDEPIN[2] */
    assert_int_equal(host_in(bench, 2), USB_ANSWER_ACK);
}

static void a_start_of_the_same_endpoint_may_begin_again(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_SECOND_START, SECOND_START_CORRUPTS);
    start_in(bench, 1, BENCH_BUFFER, 64);
    pass(bench, 8 + 64 + 16);
    start_in(bench, 1, BENCH_BUFFER, 4);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN1), 1);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_ACK);
    assert_int_equal(bench->data.size, 4);
}

static void ep0status_during_easydma_may_be_lost_or_work(void **state)
{
    struct bench *bench = *state;
    const uint8_t set_configuration[8] = {0, 9, 1, 0, 0, 0, 0, 0};

    answer(bench, UNDOCUMENTED_EP0_IN_DMA, EP0_IN_DMA_LOST);
    host_setup(bench, set_configuration);
    start_in(bench, 1, BENCH_BUFFER, 4);
    poke(bench, EP0STATUS, 1);
    assert_misused(bench, MISUSE_DMA_REGISTER, EP0STATUS);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    answer(bench, UNDOCUMENTED_EP0_IN_DMA, EP0_IN_DMA_WORKS);
    start_in(bench, 2, BENCH_BUFFER, 4);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
}

static void an_odd_number_of_bytes_may_spoil_the_first_transfer_after_enable(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_ODD_BYTES, ODD_BYTES_SPOIL);
    memset(ram(bench, BENCH_BUFFER), 'x', 8);
    start_in(bench, 0, BENCH_BUFFER, 7);
    pass(bench, TRANSFER_TIME);
    poke(bench, ENABLE, 0);
    pass(bench, 256);
    poke(bench, ENABLE, 1);
    pass(bench, 256);
    poke(bench, USBPULLUP, 1);
    usbd_port.reset_begin(&bench->usbd);
    poke(bench, EPINEN, 0x7);
    send(bench, 1);
    assert_memory_equal(bench->data.bytes, "\0\0\0\0", 4);
    send(bench, 1);
    assert_memory_equal(bench->data.bytes, "xxxx", 4);
}

/* What drivers do: one more byte before ENABLE = 0. */
static void an_even_number_spoils_nothing(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_ODD_BYTES, ODD_BYTES_SPOIL);
    memset(ram(bench, BENCH_BUFFER), 'x', 8);
    start_in(bench, 0, BENCH_BUFFER, 7);
    pass(bench, TRANSFER_TIME);
    start_in(bench, 0, BENCH_BUFFER, 1);
    pass(bench, TRANSFER_TIME);
    poke(bench, ENABLE, 0);
    pass(bench, 256);
    poke(bench, ENABLE, 1);
    pass(bench, 256);
    poke(bench, USBPULLUP, 1);
    usbd_port.reset_begin(&bench->usbd);
    poke(bench, EPINEN, 0x7);
    send(bench, 1);
    assert_memory_equal(bench->data.bytes, "xxxx", 4);
}

static void amount_may_come_behind_its_end_event(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_AMOUNT, AMOUNT_LATE);
    host_out(bench, 1, PID_DATA0, "abc", 3);
    start_out(bench, 1, BENCH_BUFFER, 3);
    pass(bench, 8 + 64 + 8);
    assert_int_equal(peek(bench, ENDEPOUT1), 1);
    assert_int_equal(peek(bench, AMOUNT_OUT1), 0);
    pass(bench, 64);
    assert_int_equal(peek(bench, AMOUNT_OUT1), 3);
}

static void a_resume_of_ones_own_may_be_told(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_OWN_RESUME, OWN_RESUME_TOLD);
    fall_asleep(bench);
    poke(bench, DPDMVALUE, 1);
    poke(bench, 0x058, 1); /* DPDMDRIVE */
    pass(bench, 0);
    usbd_port.resume(&bench->usbd);
    assert_int_equal(peek(bench, EVENTCAUSE), RESUME);
}

static void silence_before_the_first_bus_reset_may_be_told(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_IDLE_ATTACH, IDLE_ATTACH_TOLD);
    poke(bench, USBPULLUP, 0);
    poke(bench, USBPULLUP, 1);
    pass(bench, 3 * CYCLES_PER_MS);
    assert_int_equal(peek(bench, EVENTCAUSE), SUSPEND);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
}

static void low_power_may_outlast_the_hosts_resume(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_LOW_POWER_END, LOW_POWER_END_NOTHING);
    fall_asleep(bench);
    poke(bench, LOWPOWER, 1);
    usbd_port.resume(&bench->usbd);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_NONE);
    poke(bench, LOWPOWER, 0);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
}

static void a_bus_reset_may_disable_endpoints(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x510, 3); /* EPINEN */
    poke(bench, 0x514, 5); /* EPOUTEN */
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(peek(bench, 0x510), 3);
    assert_int_equal(peek(bench, 0x514), 5);

    answer(bench, UNDOCUMENTED_RESET_ENDPOINTS, RESET_ENDPOINTS_DISABLED);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(peek(bench, 0x510), 1);
    assert_int_equal(peek(bench, 0x514), 1);
    assert_int_equal(host_in(bench, 1), USB_ANSWER_NONE);
}

static void the_status_stage_may_prove_nothing(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_LOST_ACK, LOST_ACK_NOTHING);
    poke(bench, SHORTS, 1 << 2); /* EP0DATADONE_EP0STATUS */
    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 18);
    pass(bench, TRANSFER_TIME);
    host_in(bench, 0);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NAK);
}

int main(void)
{
#define TEST(fixture, name) cmocka_unit_test_setup_teardown(name, fixture, bench_remove)
    const struct CMUnitTest tests[] = {
        TEST(bench_in_reset, without_workaround_187_the_core_is_never_ready),
        TEST(bench_in_reset, without_workaround_171_the_core_is_never_ready),
        TEST(bench_in_reset, a_workaround_that_ends_before_ready_was_none),
        TEST(bench_in_reset, after_ready_the_workarounds_may_end),
        TEST(set_up, without_workaround_171_nobody_may_wake_the_host),
        TEST(set_up, without_workaround_211_the_core_sleeps_on_when_the_host_resumes),
        TEST(set_up, with_workaround_211_it_wakes_at_once),
        TEST(set_up, a_bus_reset_wakes_it_in_any_case),
        TEST(set_up, without_workaround_199_a_task_during_easydma_is_lost),
        TEST(set_up, with_workaround_199_it_arrives),
        TEST(set_up, erratum_199_may_lose_tokens_instead),
        TEST(set_up, erratum_104_loses_every_second_start),
        TEST(set_up, erratum_104_wants_ep0rcvout_twice),
        TEST(set_up, epdata_that_erratum_104_lost_can_be_found_in_the_window),
        TEST(set_up, erratum_154_finishes_a_read_by_itself),
        TEST(set_up, erratum_154_finishes_a_write_as_soon_as_the_data_is_there),
        TEST(set_up, a_late_ep0status_makes_the_next_transfer_stall_with_erratum_154),
        TEST(set_up, requests_without_data_are_as_ever_with_erratum_154),
        TEST(set_up, with_erratum_200_the_window_accepts_packets_not_size),
        TEST(set_up, without_workaround_166_both_sides_use_one_bank),
        TEST(set_up, with_workaround_166_they_do_not_meet),
        TEST(set_up, without_workaround_166_a_packet_is_overwritten_while_it_is_stored),
        TEST(set_up, a_second_start_may_take_easydma_away_from_the_first),
        TEST(set_up, a_start_of_the_same_endpoint_may_begin_again),
        TEST(set_up, ep0status_during_easydma_may_be_lost_or_work),
        TEST(set_up, an_odd_number_of_bytes_may_spoil_the_first_transfer_after_enable),
        TEST(set_up, an_even_number_spoils_nothing),
        TEST(set_up, amount_may_come_behind_its_end_event),
        TEST(set_up, a_resume_of_ones_own_may_be_told),
        TEST(set_up, silence_before_the_first_bus_reset_may_be_told),
        TEST(set_up, low_power_may_outlast_the_hosts_resume),
        TEST(set_up, a_bus_reset_may_disable_endpoints),
        TEST(set_up, the_status_stage_may_prove_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
