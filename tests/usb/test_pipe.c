/* SPDX-License-Identifier: Apache-2.0 */
/* Bulk and interrupt transfers, packet by packet. */
#include "sim/usb/request.h"
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

#include <string.h>

static const uint8_t set_configuration[8] = {0x00, 9, 42, 0, 0, 0, 0, 0};

static struct bench *ready_bench_with(enum choice_policy policy, uint64_t seed)
{
    struct bench *bench = bench_create_with(HOST_LINUX, policy, seed);

    fake_device_add_endpoints(&bench->device);
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bench->packets = 0;
    return bench;
}

/* An enumerated device: bulk on endpoint 1, interrupt IN on endpoint 2. */
static struct bench *ready_bench(void)
{
    return ready_bench_with(CHOICE_REALISTIC, 1);
}

static struct host_pipe bulk(void)
{
    return (struct host_pipe){.endpoint = 1, .packet_max = 64};
}

static void fill(uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(i * 7 + i / 256);
}

static void assert_received(const struct bench *bench, const uint8_t *expected,
                            size_t expected_size)
{
    size_t size;
    const uint8_t *data = host_transfer_data(bench->host, &size);

    assert_int_equal(size, expected_size);
    assert_memory_equal(data, expected, size);
}

/* ---- Packets --------------------------------------------------------------------------------- */

static void data_goes_out_in_packets_with_alternating_toggles(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    uint8_t data[150];

    (void)state;
    fill(data, sizeof data);
    assert_int_equal(bench_write(bench, &pipe, data, sizeof data), TRANSFER_DONE);
    bench_assert_packets(bench, "OUT DATA0:64 <ACK OUT DATA1:64 <ACK OUT DATA0:22 <ACK");
    assert_int_equal(bench->device.endpoint[1].taken, 3);
    bench_destroy(bench);
}

static void data_comes_in_until_a_short_packet(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    uint8_t data[70];

    (void)state;
    fill(data, sizeof data);
    fake_endpoint_queue(&bench->device.endpoint[1], data, 64);
    fake_endpoint_queue(&bench->device.endpoint[1], data + 64, 6);
    assert_int_equal(bench_read(bench, &pipe, 512), TRANSFER_DONE);
    bench_assert_packets(bench, "IN <DATA0:64 ACK IN <DATA1:6 ACK");
    assert_received(bench, data, sizeof data);
    bench_destroy(bench);
}

static void a_read_ends_when_all_bytes_have_come(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    uint8_t data[64];

    (void)state;
    fill(data, sizeof data);
    fake_endpoint_queue(&bench->device.endpoint[1], data, 64);
    assert_int_equal(bench_read(bench, &pipe, 64), TRANSFER_DONE);
    bench_assert_packets(bench, "IN <DATA0:64 ACK");
    assert_received(bench, data, 64);
    bench_destroy(bench);
}

static void a_zero_length_packet_ends_a_read(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    uint8_t data[64];

    (void)state;
    fill(data, sizeof data);
    fake_endpoint_queue(&bench->device.endpoint[1], data, 64);
    fake_endpoint_queue(&bench->device.endpoint[1], NULL, 0);
    assert_int_equal(bench_read(bench, &pipe, 128), TRANSFER_DONE);
    bench_assert_packets(bench, "IN <DATA0:64 ACK IN <DATA1:0 ACK");
    assert_received(bench, data, 64);
    bench_destroy(bench);
}

static void nothing_to_write_is_a_zero_length_packet(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();

    (void)state;
    assert_int_equal(bench_write(bench, &pipe, NULL, 0), TRANSFER_DONE);
    bench_assert_packets(bench, "OUT DATA0:0 <ACK");
    bench_destroy(bench);
}

static void a_write_of_whole_packets_can_end_with_a_zero_length_packet(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[128] = {1};

    (void)state;
    assert_int_equal(bench_write(bench, &pipe, data, 128), TRANSFER_DONE);
    bench_assert_packets(bench, "OUT DATA0:64 <ACK OUT DATA1:64 <ACK");
    pipe.zlp = true;
    assert_int_equal(bench_write(bench, &pipe, data, 128), TRANSFER_DONE);
    bench_assert_packets(bench, "OUT DATA0:64 <ACK OUT DATA1:64 <ACK OUT DATA0:0 <ACK");
    assert_int_equal(bench_write(bench, &pipe, data, 65), TRANSFER_DONE);
    bench_assert_packets(bench, "OUT DATA1:64 <ACK OUT DATA0:1 <ACK");
    bench_destroy(bench);
}

/* ---- Toggles --------------------------------------------------------------------------------- */

static void the_toggle_goes_on_from_one_transfer_to_the_next(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[3] = {1, 2, 3};

    (void)state;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(bench_write(bench, &pipe, data, 3), TRANSFER_DONE);
    bench_assert_packets(bench, "OUT DATA0:3 <ACK OUT DATA1:3 <ACK OUT DATA0:3 <ACK");
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(bench_read(bench, &pipe, 64), TRANSFER_DONE);
    bench_assert_packets(bench, "IN <DATA0:3 ACK IN <DATA1:3 ACK IN <DATA0:3 ACK");
    bench_destroy(bench);
}

/* Writes one packet, makes the request, and writes another. */
static void assert_toggle_starts_again(const uint8_t request[8])
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[3] = {1, 2, 3};

    assert_int_equal(bench_write(bench, &pipe, data, 3), TRANSFER_DONE);
    assert_int_equal(bench_control(bench, request, NULL), TRANSFER_DONE);
    bench->packets = 0;
    assert_int_equal(bench_write(bench, &pipe, data, 3), TRANSFER_DONE);
    bench_assert_packets(bench, "OUT DATA0:3 <ACK");
    assert_int_equal(bench->device.endpoint[1].repeated_out, 0);
    bench_destroy(bench);
}

static void requests_that_configure_start_toggles_again(void **state)
{
    static const uint8_t set_interface[8] = {0x01, 11, 0, 0, 0, 0, 0, 0};
    static const uint8_t clear_halt[8] = {0x02, 1, 0, 0, 0x01, 0, 0, 0};

    (void)state;
    assert_toggle_starts_again(set_configuration);
    assert_toggle_starts_again(set_interface);
    assert_toggle_starts_again(clear_halt);
}

static void clearing_one_halt_leaves_other_toggles_alone(void **state)
{
    static const uint8_t clear_halt_in[8] = {0x02, 1, 0, 0, 0x81, 0, 0, 0};
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[3] = {1, 2, 3};

    (void)state;
    assert_int_equal(bench_write(bench, &pipe, data, 3), TRANSFER_DONE);
    assert_int_equal(bench_control(bench, clear_halt_in, NULL), TRANSFER_DONE);
    bench->packets = 0;
    assert_int_equal(bench_write(bench, &pipe, data, 3), TRANSFER_DONE);
    bench_assert_packets(bench, "OUT DATA1:3 <ACK");
    bench_destroy(bench);
}

static void a_wrong_toggle_is_acknowledged_and_dropped_three_times(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[1] = {7};

    (void)state;
    bench->device.endpoint[1].wrong_toggle = true;
    fake_endpoint_queue(&bench->device.endpoint[1], data, 1);
    assert_int_equal(bench_read(bench, &pipe, 64), TRANSFER_BABBLE);
    bench_assert_packets(bench, "IN <DATA1:1 ACK IN <DATA1:1 ACK IN <DATA1:1 ACK");
    assert_non_null(strstr(text_string(&bench->conversation),
                           "IN endpoint 1, 64 bytes wanted -> the device sent DATA1 where "
                           "DATA0 was expected"));
    bench_destroy(bench);
}

/* ---- When the device is not ready, or not well ----------------------------------------------- */

static void naks_are_retried_within_the_frame(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[1] = {7};

    (void)state;
    bench->device.endpoint[1].naks_each_packet = 3;
    bench->device.endpoint[1].naks = 3;
    assert_int_equal(bench_write(bench, &pipe, data, 1), TRANSFER_DONE);
    assert_in_range(bench->packet[bench->packets - 1].when - bench->packet[0].when, 1,
                    CYCLES_PER_MS);
    bench_assert_packets(bench, "OUT DATA0:1 <NAK OUT DATA0:1 <NAK OUT DATA0:1 <NAK OUT DATA0:1 "
                                "<ACK");
    bench_destroy(bench);
}

static void endless_naks_end_in_a_time_out(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    sim_time start = bench->scheduler.state.now;

    (void)state;
    pipe.patience = 20 * CYCLES_PER_MS;
    assert_int_equal(bench_read(bench, &pipe, 64), TRANSFER_TIMED_OUT);
    assert_in_range(bench->scheduler.state.now - start, 20 * CYCLES_PER_MS, 21 * CYCLES_PER_MS);
    assert_non_null(strstr(text_string(&bench->conversation),
                           "the device answered IN tokens with NAK for 0.02 s, after 0 bytes"));
    bench_destroy(bench);
}

static void three_silences_end_a_transfer(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[1] = {7};

    (void)state;
    bench->device.endpoint[1].silent = true;
    assert_int_equal(bench_write(bench, &pipe, data, 1), TRANSFER_SILENT);
    bench_assert_packets(bench, "OUT DATA0:1 OUT DATA0:1 OUT DATA0:1");
    bench_destroy(bench);
}

static void a_halted_endpoint_stalls_until_it_is_cleared(void **state)
{
    static const uint8_t clear_halt[8] = {0x02, 1, 0, 0, 0x01, 0, 0, 0};
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[1] = {7};

    (void)state;
    bench->device.endpoint[1].halted_out = true;
    assert_int_equal(bench_write(bench, &pipe, data, 1), TRANSFER_STALLED);
    bench_assert_packets(bench, "OUT DATA0:1 <STALL");
    assert_int_equal(bench_control(bench, clear_halt, NULL), TRANSFER_DONE);
    assert_int_equal(bench_write(bench, &pipe, data, 1), TRANSFER_DONE);
    bench_destroy(bench);
}

static void too_much_data_is_babble(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    uint8_t data[65] = {0};

    (void)state;
    fake_endpoint_queue(&bench->device.endpoint[1], data, 20);
    assert_int_equal(bench_read(bench, &pipe, 10), TRANSFER_BABBLE);
    assert_non_null(strstr(text_string(&bench->conversation),
                           "the device sent 20 bytes, but only 10 were asked for"));
    fake_endpoint_reset(&bench->device.endpoint[1]);
    fake_endpoint_queue(&bench->device.endpoint[1], data, 65);
    assert_int_equal(bench_read(bench, &pipe, 128), TRANSFER_BABBLE);
    assert_non_null(strstr(text_string(&bench->conversation),
                           "a packet of 65 bytes, endpoint 1 carries at most 64"));
    bench_destroy(bench);
}

static void a_strange_pid_ends_the_transfer(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[1] = {7};

    (void)state;
    bench->device.endpoint[1].strange_pid = true;
    fake_endpoint_queue(&bench->device.endpoint[1], data, 1);
    assert_int_equal(bench_read(bench, &pipe, 64), TRANSFER_BABBLE);
    assert_non_null(strstr(text_string(&bench->conversation), "neither DATA0 nor DATA1"));
    bench_destroy(bench);
}

static void a_transfer_dies_with_its_device(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = bulk();
    const uint8_t data[100] = {0};

    (void)state;
    bench->device.mischief.detaches_at_out = true;
    assert_int_equal(bench_write(bench, &pipe, data, 100), TRANSFER_SILENT);
    assert_non_null(strstr(text_string(&bench->conversation),
                           "the device detached during OUT endpoint 1, 100 bytes to write"));
    bench_destroy(bench);
}

/* ---- Time ------------------------------------------------------------------------------------ */

/* The most data packets of `size` bytes in any frame. */
static unsigned packets_in_fullest_frame(const struct bench *bench)
{
    unsigned most = 0;
    unsigned count = 0;
    uint16_t frame = 0;

    for (unsigned i = 0; i < bench->packets; i++) {
        const struct obs_usb_packet *packet = &bench->packet[i].packet;

        if (packet->pid != PID_DATA0 && packet->pid != PID_DATA1)
            continue;
        count = packet->frame == frame ? count + 1 : 1;
        frame = packet->frame;
        most = count > most ? count : most;
    }
    return most;
}

static void a_frame_carries_19_full_packets(void **state)
{
    static const enum choice_policy policies[] = {CHOICE_REALISTIC, CHOICE_EAGER};
    uint8_t data[HOST_DATA_MAX];

    (void)state;
    fill(data, sizeof data);
    for (size_t i = 0; i < ARRAY_LENGTH(policies); i++) {
        struct bench *bench = ready_bench_with(policies[i], 1);
        struct host_pipe pipe = bulk();

        assert_int_equal(bench_write(bench, &pipe, data, sizeof data), TRANSFER_DONE);
        assert_int_equal(packets_in_fullest_frame(bench), 19);
        bench->packets = 0;
        assert_int_equal(bench_read(bench, &pipe, sizeof data), TRANSFER_DONE);
        assert_int_equal(packets_in_fullest_frame(bench), 19);
        assert_received(bench, data, sizeof data);
        bench_destroy(bench);
    }
}

static void transactions_fit_into_frames_under_every_policy(void **state)
{
    uint8_t data[1000];

    (void)state;
    fill(data, sizeof data);
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct bench *bench = ready_bench_with(CHOICE_RANDOM, seed);
        struct host_pipe pipe = bulk();

        bench->device.endpoint[1].naks_each_packet = seed % 4;
        assert_int_equal(bench_write(bench, &pipe, data, sizeof data), TRANSFER_DONE);
        assert_int_equal(bench_read(bench, &pipe, sizeof data), TRANSFER_DONE);
        assert_received(bench, data, sizeof data);
        for (unsigned i = 0; i < bench->packets; i++)
            assert_in_range(bench->packet[i].in_frame, 4 * CYCLES_PER_US, 940 * CYCLES_PER_US);
        bench_destroy(bench);
    }
}

static void an_interrupt_endpoint_is_polled_by_its_interval(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = host_pipe(bench->host, 2, true);
    uint8_t data[48];

    (void)state;
    fill(data, sizeof data);
    assert_int_equal(pipe.interval, 5);
    assert_int_equal(pipe.packet_max, 16);
    for (unsigned i = 0; i < 3; i++)
        fake_endpoint_queue(&bench->device.endpoint[2], data + 16 * i, 16);
    bench->device.endpoint[2].naks = 1;
    assert_int_equal(bench_read(bench, &pipe, 32), TRANSFER_DONE);
    assert_int_equal(bench_read(bench, &pipe, 16), TRANSFER_DONE);
    for (unsigned i = 0, last = 0; i < bench->packets; i++) {
        if (bench->packet[i].packet.pid != PID_IN)
            continue;
        if (i)
            assert_int_equal(bench->packet[i].packet.frame - bench->packet[last].packet.frame, 5);
        last = i;
    }
    bench_assert_packets(bench, "IN <NAK IN <DATA0:16 ACK IN <DATA1:16 ACK IN <DATA0:16 ACK");
    bench_destroy(bench);
}

static void endpoints_nobody_described_are_bulk(void **state)
{
    struct bench *bench = ready_bench();
    struct host_pipe pipe = host_pipe(bench->host, 7, false);

    (void)state;
    assert_int_equal(pipe.endpoint, 7);
    assert_int_equal(pipe.packet_max, 64);
    assert_int_equal(pipe.interval, 0);
    bench_destroy(bench);
}

static void a_descriptor_read_by_hand_describes_endpoints_too(void **state)
{
    static const uint8_t get_configuration[8] = {0x80, 6, 0, 2, 0, 0, 255, 0};
    struct bench *bench = bench_create(HOST_MANUAL);
    struct host_pipe pipe;

    (void)state;
    fake_device_add_endpoints(&bench->device);
    bench_power_on(bench);
    host_bus_reset(bench->host);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    assert_int_equal(bench_control(bench, get_configuration, NULL), TRANSFER_DONE);
    pipe = host_pipe(bench->host, 2, true);
    assert_int_equal(pipe.interval, 5);
    bench_destroy(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_goes_out_in_packets_with_alternating_toggles),
        cmocka_unit_test(data_comes_in_until_a_short_packet),
        cmocka_unit_test(a_read_ends_when_all_bytes_have_come),
        cmocka_unit_test(a_zero_length_packet_ends_a_read),
        cmocka_unit_test(nothing_to_write_is_a_zero_length_packet),
        cmocka_unit_test(a_write_of_whole_packets_can_end_with_a_zero_length_packet),
        cmocka_unit_test(the_toggle_goes_on_from_one_transfer_to_the_next),
        cmocka_unit_test(requests_that_configure_start_toggles_again),
        cmocka_unit_test(clearing_one_halt_leaves_other_toggles_alone),
        cmocka_unit_test(a_wrong_toggle_is_acknowledged_and_dropped_three_times),
        cmocka_unit_test(naks_are_retried_within_the_frame),
        cmocka_unit_test(endless_naks_end_in_a_time_out),
        cmocka_unit_test(three_silences_end_a_transfer),
        cmocka_unit_test(a_halted_endpoint_stalls_until_it_is_cleared),
        cmocka_unit_test(too_much_data_is_babble),
        cmocka_unit_test(a_strange_pid_ends_the_transfer),
        cmocka_unit_test(a_transfer_dies_with_its_device),
        cmocka_unit_test(a_frame_carries_19_full_packets),
        cmocka_unit_test(transactions_fit_into_frames_under_every_policy),
        cmocka_unit_test(an_interrupt_endpoint_is_polled_by_its_interval),
        cmocka_unit_test(endpoints_nobody_described_are_bulk),
        cmocka_unit_test(a_descriptor_read_by_hand_describes_endpoints_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
