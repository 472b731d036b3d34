/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: control transfers, token by token (PS v1.7, 6.35; USB 2.0, 8.5.3). */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

enum {
    EP0RCVOUT = 0x04c,
    EP0STATUS = 0x050,
    EP0STALL = 0x054,
    STARTED = 0x104,
    ENDEPIN0 = 0x108,
    EP0DATADONE = 0x128,
    ENDEPOUT0 = 0x130,
    EP0SETUP = 0x15c,
    SHORTS = 0x200,
    EPSTATUS = 0x468,
    EPDATASTATUS = 0x46c,
    USBADDR = 0x470,
    BMREQUESTTYPE = 0x480,
    SIZE_EPOUT0 = 0x4a0,
    SHORT_STARTEPIN0 = 1 << 0,
    SHORT_STARTEPOUT0 = 1 << 1,
    SHORT_DATADONE_STATUS = 1 << 2,
    SHORT_ENDEPOUT_STATUS = 1 << 3,
    SHORT_ENDEPOUT_RCVOUT = 1 << 4,
};

static const uint8_t get_descriptor[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
static const uint8_t set_configuration[8] = {0x00, 9, 1, 0, 0, 0, 0, 0};
static const uint8_t set_line_coding[8] = {0x21, 0x20, 0, 0, 0, 0, 7, 0};
static const uint8_t set_address_5[8] = {0x00, 5, 5, 0, 0, 0, 0, 0};

/* Fetches a packet of `size` bytes for endpoint 0, to its end. */
static void arm(struct bench *bench, uint32_t size)
{
    start_in(bench, 0, BENCH_BUFFER, size);
    pass(bench, TRANSFER_TIME);
    poke(bench, STARTED, 0);
    poke(bench, ENDEPIN0, 0);
}

static void setup_is_acknowledged_and_shown_in_eight_registers(void **state)
{
    struct bench *bench = *state;
    const uint8_t packet[8] = {0x81, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};

    assert_int_equal(host_setup(bench, packet), USB_ANSWER_ACK);
    assert_int_equal(peek(bench, EP0SETUP), 1);
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(peek(bench, BMREQUESTTYPE + 4 * i), packet[i]);
}

static void setup_is_never_moved_by_easydma(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    pass(bench, CYCLES_PER_MS);
    assert_int_equal(bench->log_count, 0);
    assert_int_equal(peek(bench, SIZE_EPOUT0), 0);
}

static void until_the_firmware_acts_the_host_hears_nak(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NAK);
}

static void a_control_read_sends_what_easydma_fetched(void **state)
{
    struct bench *bench = *state;

    memcpy(ram(bench, BENCH_BUFFER), "device descriptor!", 18);
    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 18);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, STARTED), 1);
    assert_int_equal(peek(bench, EPSTATUS), 1);
    assert_int_equal(peek(bench, 0x608), 18); /* EPIN[0].AMOUNT */

    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    assert_int_equal(bench->data.pid, PID_DATA1);
    assert_int_equal(bench->data.size, 18);
    assert_memory_equal(bench->data.bytes, "device descriptor!", 18);
    assert_int_equal(bench->data.transfer, 1);
    assert_int_equal(peek(bench, EP0DATADONE), 0);
    host_ack(bench, 0);
    assert_int_equal(peek(bench, EP0DATADONE), 1);

    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NAK);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
    assert_no_misuse(bench);
}

static void the_host_may_miss_the_acknowledge_of_the_status_stage(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
}

static void a_host_that_ends_a_control_read_early_does_not_get_the_rest_later(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    arm(bench, 18);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
}

static void data_in_the_status_stage_is_stalled(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, "x", 1), USB_ANSWER_STALL);
}

static void data_packets_alternate_from_data1(void **state)
{
    struct bench *bench = *state;
    const enum usb_pid expected[] = {PID_DATA1, PID_DATA0, PID_DATA1};

    host_setup(bench, get_descriptor);
    for (unsigned i = 0; i < 3; i++) {
        arm(bench, 8);
        host_in(bench, 0);
        assert_int_equal(bench->data.pid, expected[i]);
        host_ack(bench, 0);
    }
    host_setup(bench, get_descriptor);
    arm(bench, 8);
    host_in(bench, 0);
    assert_int_equal(bench->data.pid, PID_DATA1);
}

static void a_packet_whose_ack_was_lost_is_sent_again_the_same(void **state)
{
    struct bench *bench = *state;

    memcpy(ram(bench, BENCH_BUFFER), "once", 4);
    host_setup(bench, get_descriptor);
    arm(bench, 4);
    host_in(bench, 0);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    assert_int_equal(bench->data.pid, PID_DATA1);
    assert_memory_equal(bench->data.bytes, "once", 4);
    assert_int_equal(peek(bench, EP0DATADONE), 0);
    host_ack(bench, 0);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
}

static void a_zero_length_packet_is_a_packet(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    start_in(bench, 0, 0, 0);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, STARTED), 1);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    assert_int_equal(bench->data.size, 0);
    host_ack(bench, 0);
    assert_int_equal(peek(bench, EP0DATADONE), 1);
    assert_no_misuse(bench);
}

static void a_request_without_data_ends_with_an_empty_in_packet(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_configuration);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    assert_int_equal(bench->data.pid, PID_DATA1);
    assert_int_equal(bench->data.size, 0);
    assert_int_equal(bench->data.transfer, 0);
    host_ack(bench, 0);
    assert_int_equal(peek(bench, EP0DATADONE), 0);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
}

static void a_control_write_goes_from_the_host_to_ram(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_line_coding);
    assert_int_equal(host_out(bench, 0, PID_DATA1, "1234567", 7), USB_ANSWER_NAK);
    poke(bench, EP0RCVOUT, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, "1234567", 7), USB_ANSWER_ACK);
    assert_int_equal(peek(bench, EP0DATADONE), 1);
    assert_int_equal(peek(bench, EPDATASTATUS), 0);
    assert_int_equal(peek(bench, SIZE_EPOUT0), 7);
    start_out(bench, 0, BENCH_BUFFER, 7);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPOUT0), 1);
    assert_int_equal(peek(bench, EPSTATUS), 1 << 16);
    assert_int_equal(peek(bench, 0x708), 7);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "1234567\0", 8);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    assert_no_misuse(bench);
}

static void ep0rcvout_allows_one_packet_only(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_line_coding);
    poke(bench, EP0RCVOUT, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, "1234", 4), USB_ANSWER_ACK);
    assert_int_equal(host_out(bench, 0, PID_DATA0, "5678", 4), USB_ANSWER_NAK);
    assert_int_equal(peek(bench, SIZE_EPOUT0), 4);
}

static void a_repeated_out_packet_is_acknowledged_and_dropped(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_line_coding);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA1, "1234", 4);
    poke(bench, EP0DATADONE, 0);
    poke(bench, EP0RCVOUT, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, "1234", 4), USB_ANSWER_ACK);
    assert_int_equal(peek(bench, EP0DATADONE), 0);
    assert_int_equal(host_out(bench, 0, PID_DATA0, "567", 3), USB_ANSWER_ACK);
    assert_int_equal(peek(bench, SIZE_EPOUT0), 3);
}

static void a_stalled_request_stays_stalled_until_the_next_setup(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    poke(bench, EP0STALL, 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_STALL);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_STALL);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_STALL);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
}

static void set_address_is_the_hardwares_and_takes_effect_behind_its_status_stage(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_address_5);
    assert_int_equal(peek(bench, EP0SETUP), 1);
    assert_int_equal(peek(bench, USBADDR), 0);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    assert_int_equal(bench->data.size, 0);
    assert_int_equal(peek(bench, USBADDR), 0);
    host_ack(bench, 0);
    assert_int_equal(peek(bench, USBADDR), 5);
    assert_int_equal(usbd_port.setup(&bench->usbd, 0, get_descriptor), USB_ANSWER_NONE);
    assert_int_equal(usbd_port.setup(&bench->usbd, 5, get_descriptor), USB_ANSWER_ACK);
}

static void an_address_has_seven_bits(void **state)
{
    struct bench *bench = *state;
    const uint8_t set_address_133[8] = {0x00, 5, 133, 0, 0, 0, 0, 0};

    host_setup(bench, set_address_133);
    host_in(bench, 0);
    host_ack(bench, 0);
    assert_int_equal(peek(bench, USBADDR), 5);
}

static void ep0status_after_set_address_is_harmless(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_address_5);
    poke(bench, EP0STATUS, 1);
    host_in(bench, 0);
    host_ack(bench, 0);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(peek(bench, USBADDR), 5);
    assert_no_misuse(bench);
}

/* The task meant for the first request finishes the second, and no firmware can tell. */
static void a_status_stage_overtaken_by_a_setup_is_nobodys_mistake(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_configuration);
    poke(bench, EP0SETUP, 0);
    host_setup(bench, set_configuration);
    poke(bench, EP0STATUS, 1); /* for the first */
    poke(bench, EP0SETUP, 0);
    assert_int_equal(host_in(bench, 0), 0);
    host_ack(bench, 0);
    poke(bench, EP0STATUS, 1);
    assert_no_misuse(bench);
}

static void a_status_stage_nobody_waits_for_is_reported(void **state)
{
    struct bench *bench = *state;

    poke(bench, EP0STATUS, 1);
    assert_misused(bench, MISUSE_STATUS_TWICE, EP0STATUS);
}

static void a_bus_reset_nobody_has_read_yet_excuses_a_late_status_stage(void **state)
{
    static const uint8_t no_data[8] = {0, 9, 1};
    struct bench *bench = *state;

    host_setup(bench, no_data);
    usbd_port.reset_begin(&bench->usbd);
    poke(bench, EP0STATUS, 1);
    assert_no_misuse(bench);
}

static void a_new_setup_drops_the_packet_of_the_old_request(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    arm(bench, 18);
    host_setup(bench, set_configuration);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    host_ack(bench, 0);
    assert_int_equal(peek(bench, EP0DATADONE), 0);
}

static void a_packet_being_fetched_when_setup_comes_never_leaves(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 18);
    pass(bench, 100);
    host_setup(bench, set_configuration);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    poke(bench, EP0STATUS, 1);
    host_in(bench, 0);
    assert_int_equal(bench->data.size, 0);
}

static void the_undocumented_bit_disarms_endpoint_0(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    arm(bench, 18);
    poke(bench, 0x800, 0x7b4);
    poke(bench, 0x804, peek(bench, 0x804) | 1 << 2);
    assert_int_equal(peek(bench, 0x804), 0);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
}

/* ---- Shortcuts ------------------------------------------------------------------------------- */

static void short_0_fetches_the_next_packet_at_ep0datadone(void **state)
{
    struct bench *bench = *state;

    poke(bench, SHORTS, SHORT_STARTEPIN0);
    host_setup(bench, get_descriptor);
    arm(bench, 8);
    host_in(bench, 0);
    assert_int_equal(bench->log_count, 2);
    host_ack(bench, 0);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
    assert_int_equal(bench->log[3].kind, OBS_DMA_OPEN);
    assert_int_equal(bench->log[3].dma_open.trigger, DMA_BY_SHORTCUT);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    assert_int_equal(bench->data.pid, PID_DATA0);
}

static void short_1_stores_the_packet_at_ep0datadone(void **state)
{
    struct bench *bench = *state;

    poke(bench, SHORTS, SHORT_STARTEPOUT0);
    poke(bench, 0x700, BENCH_BUFFER);
    poke(bench, 0x704, 7);
    host_setup(bench, set_line_coding);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA1, "1234567", 7);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPOUT0), 1);
    assert_memory_equal(ram(bench, BENCH_BUFFER), "1234567", 7);
}

static void short_2_allows_the_status_stage_at_ep0datadone(void **state)
{
    struct bench *bench = *state;

    poke(bench, SHORTS, SHORT_DATADONE_STATUS);
    host_setup(bench, get_descriptor);
    arm(bench, 18);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NAK);
    host_in(bench, 0);
    host_ack(bench, 0);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
}

/* USB 2.0, 8.5.3.3: who begins the status stage has the data. */
static void the_status_stage_proves_that_the_last_packet_arrived(void **state)
{
    struct bench *bench = *state;

    poke(bench, SHORTS, SHORT_DATADONE_STATUS);
    host_setup(bench, get_descriptor);
    arm(bench, 18);
    host_in(bench, 0); /* and the ACK is lost */
    assert_int_equal(peek(bench, EP0DATADONE), 0);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
    assert_int_equal(peek(bench, EP0DATADONE), 1);
}

static void firmware_that_allows_the_status_stage_itself_is_told_of_the_lost_ack_too(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    arm(bench, 18);
    host_in(bench, 0);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NAK);
    assert_int_equal(peek(bench, EP0DATADONE), 1);
    poke(bench, EP0STATUS, 1);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
}

static void the_status_stage_proves_nothing_of_a_packet_that_was_not_sent(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    arm(bench, 18);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NAK);
    assert_int_equal(peek(bench, EP0DATADONE), 0);
}

static void endpoint_0_can_be_disabled_in_each_direction(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    arm(bench, 18);
    poke(bench, 0x510, 0); /* EPINEN */
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NONE);
    poke(bench, EP0STATUS, 1);
    poke(bench, 0x514, 0); /* EPOUTEN */
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NONE);
    assert_int_equal(host_setup(bench, get_descriptor), USB_ANSWER_ACK);
}

static void short_3_allows_the_status_stage_once_the_data_is_in_ram(void **state)
{
    struct bench *bench = *state;

    poke(bench, SHORTS, SHORT_ENDEPOUT_STATUS);
    host_setup(bench, set_line_coding);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA1, "1234567", 7);
    start_out(bench, 0, BENCH_BUFFER, 7);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_ACK);
    assert_no_misuse(bench);
}

static void short_4_accepts_the_next_packet_once_the_data_is_in_ram(void **state)
{
    struct bench *bench = *state;

    poke(bench, SHORTS, SHORT_ENDEPOUT_RCVOUT);
    host_setup(bench, set_line_coding);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA1, "1234", 4);
    start_out(bench, 0, BENCH_BUFFER, 4);
    assert_int_equal(host_out(bench, 0, PID_DATA0, "567", 3), USB_ANSWER_NAK);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_out(bench, 0, PID_DATA0, "567", 3), USB_ANSWER_ACK);
    assert_no_misuse(bench);
}

static void ep0status_during_easydma_waits_for_its_end(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 18);
    poke(bench, EP0STATUS, 1);
    assert_misused(bench, MISUSE_DMA_REGISTER, EP0STATUS);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NAK);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
}

/* It cannot choose its moment, and nobody has seen it lost. */
static void ep0status_by_the_shortcut_during_easydma_waits_and_is_no_misuse(void **state)
{
    struct bench *bench = *state;

    poke(bench, SHORTS, SHORT_DATADONE_STATUS);
    host_setup(bench, get_descriptor);
    arm(bench, 18);
    start_in(bench, 1, BENCH_BUFFER, 64);
    host_in(bench, 0);
    host_ack(bench, 0);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_NAK);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_out(bench, 0, PID_DATA1, NULL, 0), USB_ANSWER_ACK);
    assert_no_misuse(bench);
}

static void ep0rcvout_during_easydma_waits_for_its_end_and_counts_once(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_line_coding);
    poke(bench, EP0RCVOUT, 1);
    host_out(bench, 0, PID_DATA1, "1234", 4);
    start_out(bench, 0, BENCH_BUFFER, 4);
    poke(bench, EP0RCVOUT, 1);
    assert_misused(bench, MISUSE_DMA_REGISTER, EP0RCVOUT);
    assert_int_equal(host_out(bench, 0, PID_DATA0, "567", 3), USB_ANSWER_NAK);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_out(bench, 0, PID_DATA0, "567", 3), USB_ANSWER_ACK);
    start_out(bench, 0, BENCH_BUFFER, 3);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(host_out(bench, 0, PID_DATA1, "8", 1), USB_ANSWER_NAK);
}

/* ---- Bus reset ------------------------------------------------------------------------------- */

static void a_bus_reset_forgets_address_and_packets_but_not_the_interrupt_mask(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_address_5);
    host_in(bench, 0);
    host_ack(bench, 0);
    poke(bench, 0x304, 1);
    poke(bench, SHORTS, SHORT_DATADONE_STATUS);
    host_setup(bench, get_descriptor);
    arm(bench, 18);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(peek(bench, 0x100), 1);
    assert_true(chip_irq(bench->chip, USBD_IRQ));
    assert_int_equal(peek(bench, USBADDR), 0);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
    assert_int_equal(peek(bench, SHORTS), SHORT_DATADONE_STATUS);
}

static void a_bus_reset_ends_the_control_transfer(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, set_configuration);
    poke(bench, EP0STATUS, 1);
    usbd_port.reset_begin(&bench->usbd);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
}

static void a_transfer_runs_to_its_end_across_a_bus_reset(void **state)
{
    struct bench *bench = *state;

    host_setup(bench, get_descriptor);
    start_in(bench, 0, BENCH_BUFFER, 18);
    pass(bench, 100);
    usbd_port.reset_begin(&bench->usbd);
    pass(bench, TRANSFER_TIME);
    assert_int_equal(peek(bench, ENDEPIN0), 1);
    assert_int_equal(peek(bench, 0x608), 18);
    assert_int_equal(host_in(bench, 0), USB_ANSWER_NAK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_on_bus, bench_remove)
    const struct CMUnitTest tests[] = {
        TEST(setup_is_acknowledged_and_shown_in_eight_registers),
        TEST(setup_is_never_moved_by_easydma),
        TEST(until_the_firmware_acts_the_host_hears_nak),
        TEST(a_control_read_sends_what_easydma_fetched),
        TEST(the_host_may_miss_the_acknowledge_of_the_status_stage),
        TEST(a_host_that_ends_a_control_read_early_does_not_get_the_rest_later),
        TEST(data_in_the_status_stage_is_stalled),
        TEST(data_packets_alternate_from_data1),
        TEST(a_packet_whose_ack_was_lost_is_sent_again_the_same),
        TEST(a_zero_length_packet_is_a_packet),
        TEST(a_request_without_data_ends_with_an_empty_in_packet),
        TEST(a_control_write_goes_from_the_host_to_ram),
        TEST(ep0rcvout_allows_one_packet_only),
        TEST(a_repeated_out_packet_is_acknowledged_and_dropped),
        TEST(a_stalled_request_stays_stalled_until_the_next_setup),
        TEST(set_address_is_the_hardwares_and_takes_effect_behind_its_status_stage),
        TEST(an_address_has_seven_bits),
        TEST(ep0status_after_set_address_is_harmless),
        TEST(a_status_stage_overtaken_by_a_setup_is_nobodys_mistake),
        TEST(a_status_stage_nobody_waits_for_is_reported),
        TEST(a_bus_reset_nobody_has_read_yet_excuses_a_late_status_stage),
        TEST(a_new_setup_drops_the_packet_of_the_old_request),
        TEST(a_packet_being_fetched_when_setup_comes_never_leaves),
        TEST(the_undocumented_bit_disarms_endpoint_0),
        TEST(short_0_fetches_the_next_packet_at_ep0datadone),
        TEST(short_1_stores_the_packet_at_ep0datadone),
        TEST(short_2_allows_the_status_stage_at_ep0datadone),
        TEST(the_status_stage_proves_that_the_last_packet_arrived),
        TEST(firmware_that_allows_the_status_stage_itself_is_told_of_the_lost_ack_too),
        TEST(the_status_stage_proves_nothing_of_a_packet_that_was_not_sent),
        TEST(endpoint_0_can_be_disabled_in_each_direction),
        TEST(short_3_allows_the_status_stage_once_the_data_is_in_ram),
        TEST(short_4_accepts_the_next_packet_once_the_data_is_in_ram),
        TEST(ep0status_during_easydma_waits_for_its_end),
        TEST(ep0status_by_the_shortcut_during_easydma_waits_and_is_no_misuse),
        TEST(ep0rcvout_during_easydma_waits_for_its_end_and_counts_once),
        TEST(a_bus_reset_forgets_address_and_packets_but_not_the_interrupt_mask),
        TEST(a_bus_reset_ends_the_control_transfer),
        TEST(a_transfer_runs_to_its_end_across_a_bus_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
