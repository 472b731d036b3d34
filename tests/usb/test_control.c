/* SPDX-License-Identifier: Apache-2.0 */
/* Control transfers, packet by packet, asked for by hand. */
#include "sim/usb/request.h"
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

#include <string.h>

static const uint8_t get_device[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
static const uint8_t set_address[8] = {0x00, 5, 9, 0, 0, 0, 0, 0};

/* A manual host with a device that was reset: ready for host_control. */
static struct bench *ready_bench(void)
{
    struct bench *bench = bench_create(HOST_MANUAL);

    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    host_bus_reset(bench->host);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    bench->packets = 0;
    return bench;
}

static void vendor_write(uint8_t setup[8], uint16_t size)
{
    usb_request_store((struct usb_request){0x40, 1, 0, 0, size}, setup);
}

static void vendor_read(uint8_t setup[8], uint16_t size)
{
    usb_request_store((struct usb_request){0xc0, 1, 0, 0, size}, setup);
}

static void a_read_has_three_stages(void **state)
{
    struct bench *bench = ready_bench();
    size_t size;

    (void)state;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench_assert_packets(bench, "SETUP DATA0:8 <ACK IN <DATA1:18 ACK OUT DATA1:0 <ACK");
    assert_memory_equal(host_transfer_data(bench->host, &size), bench->device.device, 18);
    assert_int_equal(size, 18);
    bench_destroy(bench);
}

static void a_request_without_data_has_an_in_status_stage(void **state)
{
    struct bench *bench = ready_bench();

    (void)state;
    assert_int_equal(bench_control(bench, set_address, NULL), TRANSFER_DONE);
    bench_assert_packets(bench, "SETUP DATA0:8 <ACK IN <DATA1:0 ACK");
    assert_int_equal(host_device_address(bench->host), 9);
    assert_int_equal(bench->device.address, 9);

    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    assert_int_equal(bench->packet[0].packet.address, 9);
    bench_destroy(bench);
}

static void a_write_alternates_its_toggles(void **state)
{
    struct bench *bench = ready_bench();
    uint8_t data[130];
    uint8_t setup[8];

    (void)state;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(3 * i);
    vendor_write(setup, sizeof data);
    assert_int_equal(bench_control(bench, setup, data), TRANSFER_DONE);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 <ACK OUT DATA1:64 <ACK OUT DATA0:64 <ACK OUT DATA1:2 "
                         "<ACK IN <DATA1:0 ACK");
    assert_int_equal(bench->device.received_size, sizeof data);
    assert_memory_equal(bench->device.received, data, sizeof data);
    bench_destroy(bench);
}

static void a_write_of_whole_packets_has_no_empty_one_behind_it(void **state)
{
    struct bench *bench = ready_bench();
    const uint8_t data[128] = {1};
    uint8_t setup[8];

    (void)state;
    vendor_write(setup, sizeof data);
    assert_int_equal(bench_control(bench, setup, data), TRANSFER_DONE);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 <ACK OUT DATA1:64 <ACK OUT DATA0:64 <ACK IN <DATA1:0 ACK");
    bench_destroy(bench);
}

/* Gives the device `size` bytes and reads with `wanted`. */
static void read_back(struct bench *bench, uint16_t size, uint16_t wanted)
{
    uint8_t setup[8];

    for (uint16_t i = 0; i < size; i++)
        bench->device.received[i] = (uint8_t)i;
    bench->device.received_size = size;
    vendor_read(setup, wanted);
    assert_int_equal(bench_control(bench, setup, NULL), TRANSFER_DONE);
}

static void a_short_packet_ends_the_data_stage(void **state)
{
    struct bench *bench = ready_bench();
    size_t size;

    (void)state;
    read_back(bench, 70, 200);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 <ACK IN <DATA1:64 ACK IN <DATA0:6 ACK OUT DATA1:0 <ACK");
    (void)host_transfer_data(bench->host, &size);
    assert_int_equal(size, 70);
    bench_destroy(bench);
}

static void an_empty_packet_ends_the_data_stage_after_full_ones(void **state)
{
    struct bench *bench = ready_bench();
    size_t size;

    (void)state;
    read_back(bench, 64, 200);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 <ACK IN <DATA1:64 ACK IN <DATA0:0 ACK OUT DATA1:0 <ACK");
    (void)host_transfer_data(bench->host, &size);
    assert_int_equal(size, 64);
    bench_destroy(bench);
}

static void all_bytes_wanted_end_the_data_stage(void **state)
{
    struct bench *bench = ready_bench();

    (void)state;
    read_back(bench, 200, 128);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 <ACK IN <DATA1:64 ACK IN <DATA0:64 ACK OUT DATA1:0 <ACK");
    bench_destroy(bench);
}

static void naked_packets_are_sent_again_with_the_same_toggle(void **state)
{
    struct bench *bench = ready_bench();
    const uint8_t data[3] = {1, 2, 3};
    uint8_t setup[8];

    (void)state;
    bench->device.mischief.naks_each_packet = 2;
    vendor_write(setup, sizeof data);
    assert_int_equal(bench_control(bench, setup, data), TRANSFER_DONE);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 <ACK OUT DATA1:3 <NAK OUT DATA1:3 <NAK OUT DATA1:3 <ACK "
                         "IN <NAK IN <NAK IN <DATA1:0 ACK");
    bench_destroy(bench);
}

static void a_stall_ends_the_transfer(void **state)
{
    struct bench *bench = ready_bench();
    const uint8_t qualifier[8] = {0x80, 6, 0, 6, 0, 0, 10, 0};

    (void)state;
    assert_int_equal(bench_control(bench, qualifier, NULL), TRANSFER_STALLED);
    bench_assert_packets(bench, "SETUP DATA0:8 <ACK IN <STALL");
    bench_destroy(bench);
}

static void two_lost_answers_are_forgiven(void **state)
{
    struct bench *bench = ready_bench();

    (void)state;
    bench->device.mischief.silent_first = 2;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 SETUP DATA0:8 SETUP DATA0:8 <ACK IN <DATA1:18 ACK OUT "
                         "DATA1:0 <ACK");
    bench_destroy(bench);
}

static void three_lost_answers_are_silence(void **state)
{
    struct bench *bench = ready_bench();

    (void)state;
    bench->device.mischief.silent_first = 3;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_SILENT);
    bench_assert_packets(bench, "SETUP DATA0:8 SETUP DATA0:8 SETUP DATA0:8");
    bench_destroy(bench);
}

/* Only answers that are lost one behind the other count. */
static void lost_answers_between_naks_are_forgiven(void **state)
{
    struct bench *bench = ready_bench();

    (void)state;
    bench->device.mischief.silent_now_and_then = true;
    bench->device.mischief.naks_each_packet = 5;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench_destroy(bench);
}

static void naks_time_out_after_5_s(void **state)
{
    struct bench *bench = ready_bench();
    sim_time start = bench->scheduler.state.now;
    sim_time took;

    (void)state;
    bench->device.mischief.nak_for_ever = true;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_TIMED_OUT);
    took = bench->scheduler.state.now - start;
    assert_true(took >= 5 * CYCLES_PER_SECOND);
    assert_true(took < 5 * CYCLES_PER_SECOND + 5 * CYCLES_PER_MS);
    bench_destroy(bench);
}

/* The device did not hear the ACK and sends the packet again. */
static void a_repeated_packet_is_acknowledged_and_ignored(void **state)
{
    struct bench *bench = ready_bench();
    const uint8_t *data;
    size_t size;

    (void)state;
    bench->device.mischief.repeats_packet = 1;
    read_back(bench, 70, 70);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 <ACK IN <DATA1:64 ACK IN <DATA1:64 ACK IN <DATA0:6 ACK "
                         "OUT DATA1:0 <ACK");
    data = host_transfer_data(bench->host, &size);
    assert_int_equal(size, 70);
    assert_int_equal(data[64], 64);
    bench_destroy(bench);
}

static void a_packet_repeated_for_ever_breaks_the_transfer(void **state)
{
    struct bench *bench = ready_bench();
    uint8_t setup[8];

    (void)state;
    bench->device.mischief.repeats_packet = 100;
    bench->device.received_size = 70;
    vendor_read(setup, 70);
    assert_int_equal(bench_control(bench, setup, NULL), TRANSFER_BABBLE);
    bench_destroy(bench);
}

static void packets_nobody_may_send_are_not_acknowledged(void **state)
{
    struct bench *bench = ready_bench();

    (void)state;
    bench->device.mischief.too_big_packets = true;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_BABBLE);
    bench_assert_packets(bench, "SETUP DATA0:8 <ACK IN <DATA1:65");
    assert_int_equal(bench->device.acknowledged, 0);
    bench_destroy(bench);
}

static void the_packet_size_is_learnt_from_the_device_descriptor(void **state)
{
    struct bench *bench = ready_bench();
    uint8_t first[8] = {0x80, 6, 0, 1, 0, 0, 8, 0};

    (void)state;
    bench->device.packet_max = 8;
    bench->device.device[7] = 8;
    assert_int_equal(bench_control(bench, first, NULL), TRANSFER_DONE);
    bench->packets = 0;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench_assert_packets(bench,
                         "SETUP DATA0:8 <ACK IN <DATA1:8 ACK IN <DATA0:8 ACK IN <DATA1:2 ACK OUT "
                         "DATA1:0 <ACK");
    bench_destroy(bench);
}

static void a_read_of_64_kib_keeps_the_first_bytes(void **state)
{
    struct bench *bench = ready_bench();
    size_t size;

    (void)state;
    read_back(bench, 4096, 0xffff);
    (void)host_transfer_data(bench->host, &size);
    assert_int_equal(size, HOST_DATA_MAX);
    bench_destroy(bench);
}

static void a_transfer_without_a_device_ends_at_once(void **state)
{
    struct bench *bench = bench_create(HOST_MANUAL);

    (void)state;
    host_power_on(bench->host);
    host_control(bench->host, get_device, NULL);
    assert_int_equal(host_transfer(bench->host), TRANSFER_SILENT);
    assert_int_equal(bench->packets, 0);
    bench_destroy(bench);
}

static void an_abandoned_transfer_sends_no_further_token(void **state)
{
    struct bench *bench = ready_bench();
    unsigned packets;

    (void)state;
    bench->device.mischief.nak_for_ever = true;
    host_control(bench->host, get_device, NULL);
    bench_run(bench, 3 * CYCLES_PER_MS);
    packets = bench->packets;
    assert_true(packets > 3);
    host_abandon(bench->host);
    bench_run(bench, 3 * CYCLES_PER_MS);
    assert_int_equal(bench->packets, packets);

    bench->device.mischief.nak_for_ever = false;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench_destroy(bench);
}

/* ---- bus time -------------------------------------------------------------------------------- */

/* Bits of a packet without stuffing, as literal numbers of chapter 8.3. */
static sim_time packet_time(const struct obs_usb_packet *packet)
{
    unsigned bits = 19; /* SYNC, PID, end of packet */

    if (packet->pid == PID_DATA0 || packet->pid == PID_DATA1)
        bits += 16 + 8u * packet->size;
    else if (packet->pid == PID_SETUP || packet->pid == PID_IN || packet->pid == PID_OUT)
        bits += 16;
    return (sim_time)bits * 64 / 12;
}

static bool is_token(const struct obs_usb_packet *packet)
{
    return packet->pid == PID_SETUP || packet->pid == PID_IN || packet->pid == PID_OUT;
}

/* Walks the record: transactions neither overlap one another nor reach over the end of a frame. */
static void assert_bus_time(const struct bench *bench)
{
    sim_time busy_until = 0;
    sim_time used = 0;

    assert_in_range(bench->packets, 100, BENCH_PACKETS);
    for (unsigned i = 0; i < bench->packets; i++) {
        const struct obs_usb_packet *packet = &bench->packet[i].packet;

        if (is_token(packet)) {
            assert_true(bench->packet[i].when >= busy_until);
            assert_true(bench->packet[i].in_frame >= 3 * CYCLES_PER_US); /* behind SOF */
            used = 0;
        }
        used += packet_time(packet);
        busy_until = bench->packet[i].when + used;
        assert_true(bench->packet[i].in_frame + used < CYCLES_PER_MS);
    }
}

static void transactions_fit_into_frames(void **state)
{
    (void)state;
    for (enum choice_policy policy = CHOICE_REALISTIC; policy <= CHOICE_RANDOM; policy++) {
        struct bench *bench = bench_create_with(HOST_LINUX, policy, 11);

        bench->device.mischief.naks_each_packet = 40;
        bench->device.device[15] = 2;
        fake_device_set_string(&bench->device, 2, "a string of more than 64 bytes when sent");
        bench_power_on(bench);
        assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
        assert_bus_time(bench);
        bench_destroy(bench);
    }
}

static void frames_are_1_ms_apart(void **state)
{
    struct bench *bench = ready_bench();
    unsigned before = bench->device.frames;

    (void)state;
    bench_run(bench, 250 * CYCLES_PER_MS);
    assert_int_equal(bench->device.frames - before, 250);
    bench_destroy(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_has_three_stages),
        cmocka_unit_test(a_request_without_data_has_an_in_status_stage),
        cmocka_unit_test(a_write_alternates_its_toggles),
        cmocka_unit_test(a_write_of_whole_packets_has_no_empty_one_behind_it),
        cmocka_unit_test(a_short_packet_ends_the_data_stage),
        cmocka_unit_test(an_empty_packet_ends_the_data_stage_after_full_ones),
        cmocka_unit_test(all_bytes_wanted_end_the_data_stage),
        cmocka_unit_test(naked_packets_are_sent_again_with_the_same_toggle),
        cmocka_unit_test(a_stall_ends_the_transfer),
        cmocka_unit_test(two_lost_answers_are_forgiven),
        cmocka_unit_test(three_lost_answers_are_silence),
        cmocka_unit_test(lost_answers_between_naks_are_forgiven),
        cmocka_unit_test(naks_time_out_after_5_s),
        cmocka_unit_test(a_repeated_packet_is_acknowledged_and_ignored),
        cmocka_unit_test(a_packet_repeated_for_ever_breaks_the_transfer),
        cmocka_unit_test(packets_nobody_may_send_are_not_acknowledged),
        cmocka_unit_test(the_packet_size_is_learnt_from_the_device_descriptor),
        cmocka_unit_test(a_read_of_64_kib_keeps_the_first_bytes),
        cmocka_unit_test(a_transfer_without_a_device_ends_at_once),
        cmocka_unit_test(an_abandoned_transfer_sends_no_further_token),
        cmocka_unit_test(transactions_fit_into_frames),
        cmocka_unit_test(frames_are_1_ms_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
