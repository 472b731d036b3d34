/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: what its EasyDMA reads and writes, when, and what goes wrong (PS v1.7, 6.35). */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

enum {
    STARTEPIN0 = 0x004,
    STARTEPIN1 = 0x008,
    USBRESET = 0x100,
    STARTED = 0x104,
    ENDEPIN0 = 0x108,
    ENDEPIN1 = 0x10c,
    EP0DATADONE = 0x128,
    ENDISOIN = 0x12c,
    ENDEPOUT0 = 0x130,
    EPSTATUS = 0x468,
    EPDATASTATUS = 0x46c,
    SIZE_EPOUT1 = 0x4a4,
    EPINEN = 0x510,
    LATCH = 0xc1c,
};

static const uint8_t get_descriptor[8] = {0x80, 6, 0, 1, 0, 0, 64, 0};
static const uint8_t set_line_coding[8] = {0x21, 0x20, 0, 0, 0, 0, 7, 0};

static const struct observation *last(const struct bench *bench)
{
    return &bench->log[bench->log_count - 1];
}

static void a_store_behind_the_start_reaches_the_host(void **state)
{
    struct bench *bench = *state;

    memcpy(ram(bench, BENCH_BUFFER), "AAAABBBB", 8);
    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 8);
    memcpy(ram(bench, BENCH_BUFFER), "XXXX", 4); /* before the first word was read */
    pass(bench, 8 + 64);
    memcpy(ram(bench, BENCH_BUFFER), "YYYYZZZZ", 8); /* between the words */
    pass(bench, TRANSFER_TIME);
    memcpy(ram(bench, BENCH_BUFFER), "--------", 8); /* behind the end */
    host_in(bench, 0);
    assert_memory_equal(bench->data.bytes, "XXXXZZZZ", 8);
}

static void how_much_of_a_late_store_arrives_depends_on_the_timing(void **state)
{
    struct bench *bench = *state;
    const enum choice_policy policies[] = {CHOICE_EAGER, CHOICE_REALISTIC, CHOICE_LAZY};
    const char *const received[] = {"AAAABBBB", "AAAAYYYY", "YYYYYYYY"};

    for (unsigned i = 0; i < 3; i++) {
        chooser_set_dma_policy(&bench->chip->chooser, policies[i]);
        memcpy(ram(bench, BENCH_BUFFER), "AAAABBBB", 8);
        host_setup(bench, get_descriptor);
        start_in(bench, 0, BENCH_BUFFER, 8);
        pass(bench, 8 + 64 + 8);
        memcpy(ram(bench, BENCH_BUFFER), "YYYYYYYY", 8);
        pass(bench, CYCLES_PER_MS);
        host_in(bench, 0);
        assert_memory_equal(bench->data.bytes, received[i], 8);
        host_ack(bench, 0);
    }
}

static void a_load_before_the_end_sees_half_a_packet(void **state)
{
    struct bench *bench = *state;

    memset(ram(bench, BENCH_BUFFER), '-', 8);
    host_setup(bench, set_line_coding);
    poke(bench, 0x04c, 1); /* EP0RCVOUT */
    host_out(bench, 0, PID_DATA1, "1234567", 7);
    start_out(bench, 0, BENCH_BUFFER, 7);
    pass(bench, 8 + 64);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "1234----", 8);
    assert_int_equal(peek(bench, ENDEPOUT0), 0);
    pass(bench, TRANSFER_TIME);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "1234567-", 8);
    assert_int_equal(peek(bench, ENDEPOUT0), 1);
}

static void started_comes_with_the_capture_and_end_with_the_last_word(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    pass(bench, 7);
    assert_int_equal(peek(bench, STARTED), 0);
    assert_int_equal(peek(bench, EPSTATUS), 0);
    pass(bench, 1);
    assert_int_equal(peek(bench, STARTED), 1);
    assert_int_equal(peek(bench, EPSTATUS), 1);
    assert_int_equal(peek(bench, ENDEPIN0), 0);
    pass(bench, 64 + 16 + 8);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
}

static void a_transfer_needs_no_bus(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x504, 0); /* USBPULLUP: as a driver does to make the byte count even */
    start_in(bench, 0, BENCH_BUFFER, 1);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
}

static void a_start_during_another_transfer_is_lost_and_reported(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    start_in(bench, 1, BENCH_BUFFER + 64, 8);
    assert_misused(bench, MISUSE_DMA_BUSY, STARTEPIN1);
    assert_int_equal(bench->chip->misuse[0].transfer, 1);
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
    assert_int_equal(peek(bench, ENDEPIN1), 0);
}

static void silicon_that_queues_starts_takes_the_second_afterwards(void **state)
{
    struct bench *bench = *state;

    answer(bench, UNDOCUMENTED_SECOND_START, SECOND_START_QUEUED);
    start_in(bench, 0, BENCH_BUFFER, 8);
    start_in(bench, 1, BENCH_BUFFER + 64, 8);
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
    assert_int_equal(peek(bench, ENDEPIN1), 1);
}

static void a_start_without_the_latch_of_erratum_199_is_reported_and_works(void **state)
{
    struct bench *bench = *state;

    poke(bench, LATCH, 0);
    start_in(bench, 0, BENCH_BUFFER, 8);
    assert_misused(bench, MISUSE_DMA_LATCH, STARTEPIN0);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
}

static void where_erratum_199_bites_tasks_are_lost_during_a_transfer(void **state)
{
    struct bench *bench = *state;

    bites(bench, ERRATUM_199);
    host_setup(bench, get_descriptor);
    poke(bench, LATCH, 0);
    start_in(bench, 0, BENCH_BUFFER, 8);
    poke(bench, 0x054, 1); /* EP0STALL */
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    host_ack(bench, 0);
    poke(bench, LATCH, 0x82);
    start_in(bench, 0, BENCH_BUFFER, 8);
    poke(bench, 0x054, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_STALL);
}

static void size_of_another_endpoint_must_not_be_read_during_a_transfer(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    assert_int_equal(peek(bench, SIZE_EPOUT1), 0);
    assert_misused(bench, MISUSE_DMA_REGISTER, SIZE_EPOUT1);
    answer(bench, UNDOCUMENTED_SIZE_IN_DMA, SIZE_IN_DMA_WRONG);
    assert_int_equal(peek(bench, SIZE_EPOUT1), 8);
}

static void size_of_the_endpoint_at_work_may_be_read(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_line_coding);
    poke(bench, 0x04c, 1);
    host_out(bench, 0, PID_DATA1, "1234567", 7);
    start_out(bench, 0, BENCH_BUFFER, 7);
    assert_int_equal(peek(bench, 0x4a0), 7);
    assert_no_misuse(bench);
}

static void a_packet_longer_than_the_buffer_is_cut_and_reported(void **state)
{
    struct bench *bench = *state;

    for (unsigned i = 0; i < 100; i++)
        *ram(bench, BENCH_BUFFER + i) = (uint8_t)i;
    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 100);
    pass(bench, CYCLES_PER_MS);
    assert_misused(bench, MISUSE_DMA_TOO_LONG, 0x604);
    assert_int_equal(peek(bench, 0x608), 100);
    host_in(bench, 0);
    assert_int_equal(bench->data.size, 64);
    assert_memory_equal(bench->data.bytes, ram(bench, BENCH_BUFFER), 64);
}

static void behind_the_buffer_of_an_out_endpoint_there_are_zeros(void **state)
{
    struct bench *bench = *state;

    memset(ram(bench, BENCH_BUFFER), 0xff, 128);
    start_out(bench, 0, BENCH_BUFFER, 100);
    pass(bench, CYCLES_PER_MS);
    assert_misused(bench, MISUSE_DMA_TOO_LONG, 0x704); /* and no word of SIZE */
    for (unsigned i = 64; i < 100; i++)
        assert_int_equal(*ram(bench, BENCH_BUFFER + i), 0);
    assert_int_equal(*ram(bench, BENCH_BUFFER + 100), 0xff);
}

static void a_string_in_flash_reaches_the_host_as_zeros(void **state)
{
    struct bench *bench = *state;

    memcpy(bench->chip->memory.flash + 0x1000, "flash", 5);
    host_setup(bench, get_descriptor);
    start_in(bench, 0, 0x1000, 5);
    pass(bench, TRANSFER_TIME);
    assert_misused(bench, MISUSE_DMA_OUTSIDE_RAM, 0x600);
    host_in(bench, 0);
    assert_int_equal(bench->data.size, 5);
    assert_memory_equal(bench->data.bytes, "\0\0\0\0\0", 5);
}

static void isochronous_transfers_have_descriptors_and_events_of_their_own(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x6a0, BENCH_BUFFER);
    poke(bench, 0x6a4, 300);
    poke(bench, 0x024, 1); /* STARTISOIN */
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, ENDISOIN), 1);
    assert_int_equal(peek(bench, 0x6a8), 300);
    assert_int_equal(peek(bench, EPSTATUS), 1 << 8);
    poke(bench, 0x7a0, BENCH_BUFFER);
    poke(bench, 0x7a4, 10);
    poke(bench, 0x048, 1); /* STARTISOOUT */
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(peek(bench, 0x150), 1);
    assert_int_equal(peek(bench, EPSTATUS), 1 << 8 | 1 << 24);
}

/* ---- What the CPU could know ----------------------------------------------------------------- */

static void reading_endepin_observes_the_end(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
    peek(bench, ENDEPIN0);
    assert_int_equal(last(bench)->kind, OBS_DMA_OBSERVED);
    assert_int_equal(last(bench)->dma_close.event, USBD_BASE + ENDEPIN0);
}

static void reading_ep0datadone_observes_the_end_of_what_was_sent(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 8);
    pass(bench, TRANSFER_TIME);
    peek(bench, EP0DATADONE);
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
    host_in(bench, 0);
    host_ack(bench, 0);
    peek(bench, EP0DATADONE);
    assert_int_equal(last(bench)->kind, OBS_DMA_OBSERVED);
    assert_int_equal(last(bench)->dma_close.event, USBD_BASE + EP0DATADONE);
}

static void an_ep0datadone_left_from_the_packet_before_proves_nothing(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    for (unsigned i = 0; i < 2; i++) {
        start_in(bench, 0, BENCH_BUFFER, 8);
        pass(bench, TRANSFER_TIME);
        host_in(bench, 0);
        host_ack(bench, 0);
    }
    peek(bench, EP0DATADONE);
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
    assert_int_equal(last(bench)->dma_close.transfer, 2);
}

static void ep0datadone_of_an_out_packet_proves_that_the_one_before_is_in_ram(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_line_coding);
    poke(bench, 0x04c, 1);
    host_out(bench, 0, PID_DATA1, "1234", 4);
    poke(bench, EP0DATADONE, 0);
    start_out(bench, 0, BENCH_BUFFER, 4);
    pass(bench, TRANSFER_TIME);
    poke(bench, 0x04c, 1);
    host_out(bench, 0, PID_DATA0, "567", 3);
    peek(bench, EP0DATADONE);
    assert_int_equal(last(bench)->kind, OBS_DMA_OBSERVED);
    assert_int_equal(last(bench)->dma_close.transfer, 1);
}

static void ep0datadone_of_an_out_packet_says_nothing_about_its_own_transfer(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_line_coding);
    poke(bench, 0x04c, 1);
    host_out(bench, 0, PID_DATA1, "1234567", 7);
    start_out(bench, 0, BENCH_BUFFER, 7);
    pass(bench, TRANSFER_TIME);
    peek(bench, EP0DATADONE); /* still set from the arrival of the packet */
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
}

static void reading_epdatastatus_observes_the_end_of_a_bulk_packet(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPINEN, 3);
    start_in(bench, 1, BENCH_BUFFER, 8);
    pass(bench, TRANSFER_TIME);
    peek(bench, EPDATASTATUS);
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
    host_in(bench, 1);
    host_ack(bench, 1);
    peek(bench, EPDATASTATUS);
    assert_int_equal(last(bench)->kind, OBS_DMA_OBSERVED);
    assert_int_equal(last(bench)->dma_close.event, USBD_BASE + EPDATASTATUS);
}

static void an_epdatastatus_left_from_the_packet_before_proves_nothing(void **state)
{
    struct bench *bench = *state;

    poke(bench, EPINEN, 3);
    for (unsigned i = 0; i < 2; i++) {
        start_in(bench, 1, BENCH_BUFFER, 8);
        pass(bench, TRANSFER_TIME);
        host_in(bench, 1);
        host_ack(bench, 1);
    }
    peek(bench, EPDATASTATUS);
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
}

static void reading_usbreset_gives_up_a_packet_the_host_will_never_fetch(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    pass(bench, TRANSFER_TIME);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
    peek(bench, USBRESET);
    assert_int_equal(last(bench)->kind, OBS_DMA_OBSERVED);
    assert_int_equal(last(bench)->dma_close.event, USBD_BASE + USBRESET);
}

static void a_usbreset_that_was_cleared_unread_gives_up_nothing(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    pass(bench, TRANSFER_TIME);
    usbd_port.reset_begin(&bench->usbd);
    poke(bench, USBRESET, 0);
    peek(bench, USBRESET);
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
}

static void after_usbreset_was_read_a_running_transfer_ends_when_the_engine_stops(void **state)
{
    struct bench *bench = *state;

    start_in(bench, 0, BENCH_BUFFER, 8);
    pass(bench, 80);
    usbd_port.reset_begin(&bench->usbd);
    peek(bench, USBRESET);
    assert_int_equal(last(bench)->kind, OBS_DMA_OPEN);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(bench->log_count, 3);
    assert_int_equal(bench->log[1].kind, OBS_DMA_CLOSE);
    assert_int_equal(bench->log[2].kind, OBS_DMA_OBSERVED);
    assert_int_equal(bench->log[2].dma_close.event, USBD_BASE + USBRESET);
}

static void a_transfer_started_after_the_bus_reset_is_not_given_up(void **state)
{
    struct bench *bench = *state;

    usbd_port.reset_begin(&bench->usbd);
    start_in(bench, 0, BENCH_BUFFER, 8);
    pass(bench, TRANSFER_TIME);
    peek(bench, USBRESET);
    assert_int_equal(last(bench)->kind, OBS_DMA_CLOSE);
}

/* ---- Snapshots ------------------------------------------------------------------------------- */

static uint64_t finish_transfer(struct bench *bench)
{
    pass(bench, CYCLES_PER_MS);
    host_in(bench, 0);
    host_ack(bench, 0);
    pass(bench, CYCLES_PER_MS);
    return state_hash(&bench->chip->state);
}

static void a_snapshot_in_mid_transfer_continues_to_the_same_end(void **state)
{
    struct bench *bench = *state;
    struct snapshot *snapshot;
    struct usb_data data;
    uint64_t hash;

    chooser_set_dma_policy(&bench->chip->chooser, CHOICE_RANDOM);
    for (unsigned i = 0; i < 64; i++)
        *ram(bench, BENCH_BUFFER + i) = (uint8_t)i;
    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER + 1, 62);
    while (bench->usbd.easydma->state.transfer[bench->usbd.channel].moved < 31)
        pass(bench, 1);
    snapshot = snapshot_take(&bench->chip->state);

    hash = finish_transfer(bench);
    data = bench->data;
    for (unsigned round = 0; round < 3; round++) {
        snapshot_restore(snapshot, &bench->chip->state);
        assert_true(easydma_running(&bench->easydma, bench->usbd.channel));
        assert_int_equal(finish_transfer(bench), hash);
        assert_memory_equal(bench->data.bytes, data.bytes, 62);
    }

    snapshot_restore(snapshot, &bench->chip->state);
    memset(ram(bench, BENCH_BUFFER), 0xff, 64);
    finish_transfer(bench);
    assert_int_equal(bench->data.bytes[0], 1);
    assert_int_equal(bench->data.bytes[61], 0xff);
    snapshot_free(snapshot);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_on_bus, bench_remove)
    const struct CMUnitTest tests[] = {
        TEST(a_store_behind_the_start_reaches_the_host),
        TEST(how_much_of_a_late_store_arrives_depends_on_the_timing),
        TEST(a_load_before_the_end_sees_half_a_packet),
        TEST(started_comes_with_the_capture_and_end_with_the_last_word),
        TEST(a_transfer_needs_no_bus),
        TEST(a_start_during_another_transfer_is_lost_and_reported),
        TEST(silicon_that_queues_starts_takes_the_second_afterwards),
        TEST(a_start_without_the_latch_of_erratum_199_is_reported_and_works),
        TEST(where_erratum_199_bites_tasks_are_lost_during_a_transfer),
        TEST(size_of_another_endpoint_must_not_be_read_during_a_transfer),
        TEST(size_of_the_endpoint_at_work_may_be_read),
        TEST(a_packet_longer_than_the_buffer_is_cut_and_reported),
        TEST(behind_the_buffer_of_an_out_endpoint_there_are_zeros),
        TEST(a_string_in_flash_reaches_the_host_as_zeros),
        TEST(isochronous_transfers_have_descriptors_and_events_of_their_own),
        TEST(reading_endepin_observes_the_end),
        TEST(reading_ep0datadone_observes_the_end_of_what_was_sent),
        TEST(an_ep0datadone_left_from_the_packet_before_proves_nothing),
        TEST(ep0datadone_of_an_out_packet_proves_that_the_one_before_is_in_ram),
        TEST(ep0datadone_of_an_out_packet_says_nothing_about_its_own_transfer),
        TEST(reading_epdatastatus_observes_the_end_of_a_bulk_packet),
        TEST(an_epdatastatus_left_from_the_packet_before_proves_nothing),
        TEST(reading_usbreset_gives_up_a_packet_the_host_will_never_fetch),
        TEST(a_usbreset_that_was_cleared_unread_gives_up_nothing),
        TEST(after_usbreset_was_read_a_running_transfer_ends_when_the_engine_stops),
        TEST(a_transfer_started_after_the_bus_reset_is_not_given_up),
        TEST(a_snapshot_in_mid_transfer_continues_to_the_same_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
