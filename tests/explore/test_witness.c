/* SPDX-License-Identifier: Apache-2.0 */
/* Witnesses: the packets of the two extremes of timing, and the log they come from. */
#include "tests/explore/programs.h"

#include "sim/explore/checked.h"
#include "sim/explore/witness.h"

#include <string.h>

/* ---- The log --------------------------------------------------------------------------------- */

struct wire {
    sim_time now;
    struct trace trace;
    struct wire_log log;
};

static struct wire wire;

static void begins_to_log(void)
{
    memset(&wire, 0, sizeof wire);
    trace_init(&wire.trace, &wire.now);
    wire_log_attach(&wire.log, &wire.trace);
}

static void is_sent(enum usb_sender sender, uint8_t pid, const void *payload, uint16_t size,
                    uint32_t transfer)
{
    wire.now++;
    trace_emit(&wire.trace, (struct observation){.kind = OBS_USB_PACKET,
                                                 .usb_packet = {.sender = sender,
                                                                .pid = pid,
                                                                .endpoint = 2,
                                                                .size = size,
                                                                .payload = payload,
                                                                .transfer = transfer}});
}

static void is_started(uint32_t number, guest_addr pc)
{
    trace_emit(&wire.trace, (struct observation){.kind = OBS_DMA_OPEN,
                                                 .dma_open = {.transfer = number, .pc = pc}});
}

static void only_data_packets_of_the_device_are_logged(void **state)
{
    (void)state;
    begins_to_log();
    is_sent(USB_FROM_HOST, 0xc3, "host", 4, 0);
    is_sent(USB_FROM_DEVICE, 0xd2, NULL, 0, 0); /* ACK */
    is_sent(USB_FROM_DEVICE, 0x5a, NULL, 0, 0); /* NAK */
    is_sent(USB_FROM_DEVICE, 0xc3, "data 0", 6, 4);
    is_sent(USB_FROM_DEVICE, 0x4b, "data 1", 6, 5);
    is_sent(USB_FROM_DEVICE, 0x4b, NULL, 0, 0);

    assert_int_equal(wire.log.usb.count, 3);
    assert_memory_equal(wire_log_payload(&wire.log, &wire.log.usb.packet[1]), "data 1", 6);
    assert_ptr_equal(wire_log_packet_of(&wire.log, 5), &wire.log.usb.packet[1]);
    assert_null(wire_log_packet_of(&wire.log, 6));
    assert_int_equal(wire.log.usb.packet[2].size, 0);
    wire_log_free(&wire.log);
}

static void a_log_grows_with_its_run(void **state)
{
    (void)state;
    begins_to_log();
    for (uint32_t i = 1; i <= 1000; i++) {
        uint8_t payload[64];

        memset(payload, (int)i, sizeof payload);
        is_started(i, 0x100 + 4 * i);
        is_sent(USB_FROM_DEVICE, 0xc3, payload, sizeof payload, i);
    }

    assert_int_equal(wire.log.usb.count, 1000);
    assert_int_equal(wire_log_payload(&wire.log, &wire.log.usb.packet[700])[63], 701 & 0xff);
    assert_int_equal(wire_log_start(&wire.log, 1000), 0x100 + 4000);
    assert_int_equal(wire_log_start(&wire.log, 5000), 0);
    wire_log_free(&wire.log);
}

static void packets_are_equal_when_the_host_cannot_tell_them_apart(void **state)
{
    const struct wire_packet *packet;

    (void)state;
    begins_to_log();
    is_sent(USB_FROM_DEVICE, 0xc3, "same", 4, 1);
    is_sent(USB_FROM_DEVICE, 0xc3, "same", 4, 2);
    is_sent(USB_FROM_DEVICE, 0x4b, "same", 4, 3);
    is_sent(USB_FROM_DEVICE, 0xc3, "samE", 4, 4);
    is_sent(USB_FROM_DEVICE, 0xc3, "sam", 3, 5);
    packet = wire.log.usb.packet;

    assert_true(wire_packets_equal(&wire.log, &packet[0], &wire.log, &packet[1]));
    for (unsigned i = 2; i < 5; i++)
        assert_false(wire_packets_equal(&wire.log, &packet[0], &wire.log, &packet[i]));
    wire_log_free(&wire.log);
}

/* ---- Witnesses ------------------------------------------------------------------------------- */

struct tried {
    struct program program;
    struct machine *machine;
    struct checker *checker;
    struct wire_log log;
    struct extremes extremes;
};

static struct tried tried;

static void runs_at_both_extremes(const char *name)
{
    struct failure failure;

    tried = (struct tried){.machine = NULL};
    program_open(&tried.program, name);
    tried.machine = program_build(&tried.program.plan);
    tried.checker = checked_attach(tried.machine, NULL);
    wire_log_attach(&tried.log, machine_trace(tried.machine));
    (void)plan_run(&tried.program.plan, tried.machine);
    if (extremes_run(&tried.extremes, &tried.program.plan, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
}

static int forget(void **state)
{
    (void)state;
    extremes_free(&tried.extremes);
    wire_log_free(&tried.log);
    checker_destroy(tried.checker);
    machine_destroy(tried.machine);
    return 0;
}

static const uint8_t *bytes_of(const struct witness *witness, unsigned extreme)
{
    return wire_log_payload(&tried.extremes.log[extreme], witness->packet[extreme]);
}

static void a_copy_after_the_start_sends_old_bytes_or_new_ones(void **state)
{
    static const uint8_t nothing[18];
    const struct finding *finding;
    struct witness witness;

    (void)state;
    runs_at_both_extremes("usb-3-memcpy-after-start");
    finding = checker_finding(tried.checker, 0);
    assert_int_equal(finding->rule, RULE_DMA001);

    assert_true(extremes_witness(&tried.extremes, &tried.log, finding, &witness));
    assert_int_equal(witness.packet[EXTREME_EAGER]->size, 18);
    assert_memory_equal(bytes_of(&witness, EXTREME_EAGER), nothing, 18);
    assert_int_equal(bytes_of(&witness, EXTREME_LAZY)[0], 18); /* bLength */
    assert_int_equal(bytes_of(&witness, EXTREME_LAZY)[1], 1);  /* bDescriptorType */
}

/* A race on received data shows in what the device sends next, if anywhere. */
static void a_finding_about_received_data_is_shown_by_the_first_packet_that_differs(void **state)
{
    struct finding finding;
    struct witness witness;

    (void)state;
    runs_at_both_extremes("usb-3-memcpy-after-start");
    finding = *checker_finding(tried.checker, 0);
    finding.transfer.direction = DMA_WRITES_RAM;

    assert_true(extremes_witness(&tried.extremes, &tried.log, &finding, &witness));
    assert_ptr_equal(witness.packet[EXTREME_EAGER], tried.extremes.log[EXTREME_EAGER].usb.packet);
}

static void a_transfer_that_never_differs_is_looked_for_later(void **state)
{
    struct finding finding;
    struct witness witness;

    (void)state;
    runs_at_both_extremes("usb-3-memcpy-after-start");
    finding = *checker_finding(tried.checker, 0);
    finding.transfer.start.pc = 0x2; /* where no transfer was started */

    assert_true(extremes_witness(&tried.extremes, &tried.log, &finding, &witness));
}

static void firmware_without_races_has_no_witness(void **state)
{
    struct finding finding = {.rule = RULE_DMA001};
    struct witness witness;

    (void)state;
    runs_at_both_extremes("usb-3-memcpy-after-start-repaired");
    assert_int_equal(checker_finding_count(tried.checker), 0);
    finding.transfer.number = 1;
    finding.transfer.start.pc = wire_log_start(&tried.log, 1);

    assert_false(extremes_witness(&tried.extremes, &tried.log, &finding, &witness));
}

static void an_image_that_is_gone_is_told(void **state)
{
    struct failure failure;

    (void)state;
    program_open(&tried.program, "no-such-program");
    assert_int_equal(extremes_run(&tried.extremes, &tried.program.plan, &failure),
                     STATUS_FILE_MISSING);
}

#define AT_EXTREMES(test) cmocka_unit_test_teardown(test, forget)

/* What goes over the wires of a UART leaves the chip as well. */
static void a_race_of_another_master_is_shown_by_what_it_sends(void **state)
{
    const struct finding *finding;
    struct witness witness;

    (void)state;
    runs_at_both_extremes("uarte-log-line-reused");
    finding = checker_finding(tried.checker, 0);
    assert_int_equal(finding->rule, RULE_DMA001);
    assert_int_equal(tried.log.usb.count, 0);

    assert_true(extremes_witness(&tried.extremes, &tried.log, finding, &witness));
    assert_int_equal(witness.packet[EXTREME_LAZY]->size, 16);
    assert_int_equal(witness.packet[EXTREME_LAZY]->transfer, finding->transfer.number);
    assert_int_equal(witness.packet[EXTREME_LAZY]->channel, finding->transfer.channel);
    assert_int_equal(bytes_of(&witness, EXTREME_EAGER)[0], 'a');
    assert_int_equal(bytes_of(&witness, EXTREME_LAZY)[0], 'b');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_data_packets_of_the_device_are_logged),
        cmocka_unit_test(a_log_grows_with_its_run),
        cmocka_unit_test(packets_are_equal_when_the_host_cannot_tell_them_apart),
        AT_EXTREMES(a_copy_after_the_start_sends_old_bytes_or_new_ones),
        AT_EXTREMES(a_finding_about_received_data_is_shown_by_the_first_packet_that_differs),
        AT_EXTREMES(a_race_of_another_master_is_shown_by_what_it_sends),
        AT_EXTREMES(a_transfer_that_never_differs_is_looked_for_later),
        AT_EXTREMES(firmware_without_races_has_no_witness),
        cmocka_unit_test(an_image_that_is_gone_is_told),
    };

    return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
