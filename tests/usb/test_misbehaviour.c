/* SPDX-License-Identifier: Apache-2.0 */
/* Devices that do not behave: each gets one plain sentence, and the host gives up. */
#include "sim/usb/request.h"
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

#include <string.h>

/* Runs `bench` to its end, which must be a failure with this sentence, and releases it. */
static void assert_gives_up(struct bench *bench, const char *sentence)
{
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    assert_string_equal(bench->failure, sentence);
    assert_string_equal(host_reason(bench->host), sentence);
    assert_int_equal(bench->failures, 1);
    bench_destroy(bench);
}

static void a_device_that_never_attaches(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    host_power_on(bench->host);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    assert_string_equal(host_reason(bench->host),
                        "no device: D+ was not pulled up within 2 s after VBUS, so there was "
                        "nothing to enumerate");
    assert_true(bench->scheduler.state.now == 2 * CYCLES_PER_SECOND);
    bench_destroy(bench);
}

static void a_device_that_is_busy_is_waited_for(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->worth_waiting = true;
    host_power_on(bench->host);
    bench_run(bench, 7 * CYCLES_PER_SECOND);
    assert_int_equal(host_outcome(bench->host), HOST_BUSY);
    fake_device_attach(&bench->device, true);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bench_destroy(bench);
}

static void a_device_that_fell_asleep_is_not(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->worth_waiting = true;
    host_power_on(bench->host);
    bench_run(bench, 3 * CYCLES_PER_SECOND);
    wire_set(&bench->wires, WIRE_CPU_ASLEEP, true);
    bench_run(bench, 900 * CYCLES_PER_MS);
    wire_set(&bench->wires, WIRE_CPU_ASLEEP, false); /* it woke up in between, and naps */
    wire_set(&bench->wires, WIRE_CPU_ASLEEP, true);
    bench_run(bench, CYCLES_PER_SECOND);
    assert_int_equal(host_outcome(bench->host), HOST_BUSY);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    assert_string_equal(host_reason(bench->host),
                        "no device: D+ was not pulled up within 6 s after VBUS, so there was "
                        "nothing to enumerate");
    bench_destroy(bench);
}

static void a_device_that_attaches_after_all_is_enumerated(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    host_power_on(bench->host);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    fake_device_attach(&bench->device, true);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_string_equal(host_reason(bench->host), "");
    bench_destroy(bench);
}

static void a_device_that_never_answers(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.silent = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: no answer to the SETUP packet "
                           "at address 0, 3 times in a row; a device descriptor was expected (4 "
                           "attempts, each from a bus reset)");
}

static void a_device_that_falls_silent_after_setup(void **state)
{
    struct bench *bench = bench_create(HOST_WINDOWS);

    (void)state;
    bench->device.mischief.silent_to_in = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: no answer to IN tokens in the "
                           "data stage at address 0, 3 times in a row; a device descriptor was "
                           "expected (3 attempts, each from a bus reset)");
}

static void a_device_that_falls_silent_in_the_status_stage(void **state)
{
    struct bench *bench = bench_create(HOST_MACOS);

    (void)state;
    bench->device.mischief.silent_to_in = true;
    assert_gives_up(bench, "SET_ADDRESS(1): no answer to IN tokens in the status stage at address "
                           "0, 3 times in a row; device not accepting address 1 (3 attempts, each "
                           "from a bus reset)");
}

static void a_device_that_does_not_answer_the_status_stage_of_a_read(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.silent_to_out = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: no answer to the empty OUT "
                           "packet of the status stage at address 0, 3 times in a row; a device "
                           "descriptor was expected (4 attempts, each from a bus reset)");
}

static void a_device_that_stalls_everything(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    memset(bench->device.mischief.stalls, true, sizeof bench->device.mischief.stalls);
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: the device answered STALL; a "
                           "device descriptor was expected (4 attempts, each from a bus reset)");
}

static void a_device_that_stalls_its_configuration(void **state)
{
    struct bench *bench = bench_create(HOST_MACOS);

    (void)state;
    bench->device.mischief.stalls_descriptor[USB_CONFIGURATION] = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Configuration), 9 bytes wanted: the device answered "
                           "STALL; a configuration descriptor was expected (3 attempts, each from "
                           "a bus reset)");
}

static void a_device_that_stalls_set_configuration(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.stalls[USB_SET_CONFIGURATION] = true;
    assert_gives_up(bench, "SET_CONFIGURATION(42): the device answered STALL; the device offers "
                           "this configuration and must accept it");
}

static void a_device_that_naks_for_ever(void **state)
{
    struct bench *bench = bench_create(HOST_WINDOWS);

    (void)state;
    bench->device.mischief.nak_for_ever = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: the device answered IN tokens "
                           "in the data stage with NAK for 5 s; a device descriptor was expected "
                           "(3 attempts, each from a bus reset)");
}

static void a_device_that_refuses_setup(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.refuses_setup = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: the device answered SETUP "
                           "with STALL, but it must accept every SETUP; a device descriptor was "
                           "expected (4 attempts, each from a bus reset)");
}

static void a_device_that_does_not_take_its_address(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.ignores_address = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 18 bytes wanted: no answer to the SETUP packet "
                           "at address 1, 3 times in a row; a device descriptor was expected (4 "
                           "attempts, each from a bus reset)");
}

static void a_device_that_stalls_set_address(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.stalls[USB_SET_ADDRESS] = true;
    assert_gives_up(bench, "SET_ADDRESS(1): the device answered STALL; device not accepting "
                           "address 1 (4 attempts, each from a bus reset)");
}

static unsigned count(const char *text, const char *part)
{
    unsigned found = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        found++;
    return found;
}

/* The first read of a round takes 64 bytes a packet again, so 8 bytes look like a short packet. */
static void each_round_forgets_the_packet_size(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.packet_max = 8;
    bench->device.device[7] = 8;
    bench->device.mischief.stalls[USB_SET_ADDRESS] = true;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    assert_int_equal(count(text_string(&bench->conversation),
                           "GET_DESCRIPTOR(Device), 64 bytes wanted -> 8 bytes: "),
                     4);
    bench_destroy(bench);
}

/* Its data is acknowledged and ignored as a repeated packet; the device thinks it arrived. */
static void a_device_with_the_wrong_toggle(void **state)
{
    struct bench *bench = bench_create(HOST_WINDOWS);

    (void)state;
    bench->device.mischief.wrong_toggle = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: the device answered IN tokens "
                           "in the data stage with NAK for 5 s; before that, 1 packet was ignored "
                           "because of the wrong data toggle; a device descriptor was expected (3 "
                           "attempts, each from a bus reset)");
}

static void a_device_that_insists_on_the_wrong_toggle(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.wrong_toggle = true;
    bench->device.mischief.repeats_packet = 1000;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: the device sent DATA0 where "
                           "DATA1 was expected; a device descriptor was expected (4 "
                           "attempts, each from a bus reset)");
}

static void a_device_with_a_strange_pid(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.strange_pid = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: the device answered IN with "
                           "PID 0xd2, neither DATA0 nor DATA1; a device descriptor was expected (4 "
                           "attempts, each from a bus reset)");
}

static void a_device_that_sends_too_big_packets(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.too_big_packets = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 64 bytes wanted: the device sent a packet of "
                           "65 bytes, endpoint 0 carries at most 64 a packet; a device descriptor "
                           "was expected (4 attempts, each from a bus reset)");
}

static void a_device_that_sends_more_than_asked_for(void **state)
{
    struct bench *bench = bench_create(HOST_MACOS);

    (void)state;
    bench->device.mischief.too_much_data = true;
    assert_gives_up(bench, "GET_DESCRIPTOR(Device), 8 bytes wanted: the device sent 12 bytes, but "
                           "only 8 were asked for; a device descriptor was expected (3 attempts, "
                           "each from a bus reset)");
}

static void a_device_that_sends_data_in_the_status_stage(void **state)
{
    struct bench *bench = bench_create(HOST_MACOS);

    (void)state;
    bench->device.mischief.data_in_status = true;
    assert_gives_up(bench, "SET_ADDRESS(1): the device sent 3 bytes in the status stage, which "
                           "must be empty; device not accepting address 1 (3 attempts, each from a "
                           "bus reset)");
}

static void a_device_that_resets_itself_once_is_enumerated(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.detaches_at_request = 3;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_non_null(strstr(text_string(&bench->conversation),
                           "the device detached during GET_DESCRIPTOR(Device), 18 bytes wanted\n"));
    assert_int_equal(bench->device.resets, 4);
    bench_destroy(bench);
}

/* At the two other places where the device is in the middle of a transaction. */
static void a_device_that_detaches_in_a_transaction_is_enumerated(void **state)
{
    struct bench *acknowledged = bench_create(HOST_LINUX);
    struct bench *out = bench_create(HOST_LINUX);

    (void)state;
    acknowledged->device.mischief.detaches_at_ack = true;
    bench_power_on(acknowledged);
    assert_int_equal(bench_run_until_settled(acknowledged), HOST_DONE);
    assert_int_equal(acknowledged->device.resets, 3);
    bench_destroy(acknowledged);

    out->device.mischief.detaches_at_out = true;
    bench_power_on(out);
    assert_int_equal(bench_run_until_settled(out), HOST_DONE);
    assert_int_equal(out->device.resets, 3);
    bench_destroy(out);
}

static void a_device_that_resets_itself_for_ever(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.mischief.detaches_always = true;
    bench_power_on(bench);
    while (bench->failures == 0)
        bench_run(bench, 10 * CYCLES_PER_MS);
    assert_string_equal(bench->failure,
                        "the device detached during GET_DESCRIPTOR(Device), 64 bytes wanted; it "
                        "came and went 5 times without being configured");
    bench_destroy(bench);
}

static void a_device_that_leaves_and_does_not_come_back(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench_power_on(bench);
    bench_run(bench, 300 * CYCLES_PER_MS);
    fake_device_attach(&bench->device, false);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    assert_string_equal(bench->failure, "the device detached and did not come back within 2 s");
    bench_destroy(bench);
}

static void a_device_descriptor_of_the_wrong_length(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.device[0] = 17;
    assert_gives_up(bench, "device descriptor: bLength is 17, must be 18");
}

static void a_device_descriptor_that_is_cut_short(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.device_size = 12;
    assert_gives_up(bench, "device descriptor: only 12 of its 18 bytes were sent");
}

static void a_device_descriptor_that_is_too_long(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.device_size = 20;
    assert_gives_up(bench, "device descriptor: 20 bytes were sent, must be 18");
}

static void a_configuration_with_too_few_interfaces(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.configuration[4] = 2;
    assert_gives_up(bench, "configuration descriptor: bNumInterfaces is 2, but 1 follows");
}

/* 9 bytes are the header alone, and still the interface it announces is missed. */
static void a_configuration_without_its_interfaces(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.configuration[2] = 9;
    bench->device.configuration_size = 9;
    assert_gives_up(bench, "configuration descriptor: bNumInterfaces is 1, but 0 follow");
}

static void a_configuration_longer_than_the_host_takes(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.configuration[2] = 0x01;
    bench->device.configuration[3] = 0x10;
    assert_gives_up(bench, "configuration descriptor: wTotalLength is 4097, the host takes 4096");
}

static void a_malformed_list_of_languages(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.device[15] = 2;
    fake_device_set_string(&bench->device, 2, "Fence");
    bench->device.string[0][1] = 4;
    assert_gives_up(bench, "string descriptor: bDescriptorType is 4, must be 3");
}

static void a_malformed_string(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);

    (void)state;
    bench->device.device[15] = 2;
    fake_device_set_string(&bench->device, 2, "Fence");
    bench->device.string[2][0] = 14;
    assert_gives_up(bench, "string descriptor: bLength is 14, but 12 bytes were sent");
}

static void a_host_that_gave_up_is_silent(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);
    unsigned frames;

    (void)state;
    bench->device.device[0] = 17;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    frames = bench->device.frames;
    assert_true(frames > 0);
    bench_run(bench, 100 * CYCLES_PER_MS);
    assert_int_equal(bench->device.frames, frames);
    assert_true(bench->device.suspended);
    assert_true(scheduler_next(&bench->scheduler) == SIM_TIME_NEVER);
    bench_destroy(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_that_never_attaches),
        cmocka_unit_test(a_device_that_is_busy_is_waited_for),
        cmocka_unit_test(a_device_that_fell_asleep_is_not),
        cmocka_unit_test(a_device_that_attaches_after_all_is_enumerated),
        cmocka_unit_test(a_device_that_never_answers),
        cmocka_unit_test(a_device_that_falls_silent_after_setup),
        cmocka_unit_test(a_device_that_falls_silent_in_the_status_stage),
        cmocka_unit_test(a_device_that_does_not_answer_the_status_stage_of_a_read),
        cmocka_unit_test(a_device_that_stalls_everything),
        cmocka_unit_test(a_device_that_stalls_its_configuration),
        cmocka_unit_test(a_device_that_stalls_set_configuration),
        cmocka_unit_test(a_device_that_naks_for_ever),
        cmocka_unit_test(a_device_that_refuses_setup),
        cmocka_unit_test(a_device_that_does_not_take_its_address),
        cmocka_unit_test(a_device_that_stalls_set_address),
        cmocka_unit_test(each_round_forgets_the_packet_size),
        cmocka_unit_test(a_device_with_the_wrong_toggle),
        cmocka_unit_test(a_device_that_insists_on_the_wrong_toggle),
        cmocka_unit_test(a_device_with_a_strange_pid),
        cmocka_unit_test(a_device_that_sends_too_big_packets),
        cmocka_unit_test(a_device_that_sends_more_than_asked_for),
        cmocka_unit_test(a_device_that_sends_data_in_the_status_stage),
        cmocka_unit_test(a_device_that_resets_itself_once_is_enumerated),
        cmocka_unit_test(a_device_that_detaches_in_a_transaction_is_enumerated),
        cmocka_unit_test(a_device_that_resets_itself_for_ever),
        cmocka_unit_test(a_device_that_leaves_and_does_not_come_back),
        cmocka_unit_test(a_device_descriptor_of_the_wrong_length),
        cmocka_unit_test(a_device_descriptor_that_is_cut_short),
        cmocka_unit_test(a_device_descriptor_that_is_too_long),
        cmocka_unit_test(a_configuration_with_too_few_interfaces),
        cmocka_unit_test(a_configuration_without_its_interfaces),
        cmocka_unit_test(a_configuration_longer_than_the_host_takes),
        cmocka_unit_test(a_malformed_list_of_languages),
        cmocka_unit_test(a_malformed_string),
        cmocka_unit_test(a_host_that_gave_up_is_silent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
