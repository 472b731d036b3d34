/* SPDX-License-Identifier: Apache-2.0 */
/* Streams: data out and in at the same time, as fast as the bus allows. */
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

#include <stdio.h>
#include <string.h>

#define READY "reset\nset configuration 42\nget descriptor configuration 255\n"

typedef void preparation(struct fake_device *device);

static struct bench *run_with(const char *steps, preparation *prepare)
{
    char script[400];
    struct bench *bench;

    (void)snprintf(script, sizeof script, "%s%s", READY, steps);
    bench = bench_create_script(script);
    if (prepare)
        prepare(&bench->device);
    bench_power_on(bench);
    (void)bench_run_until_settled(bench);
    return bench;
}

static struct bench *complete_with(const char *steps, preparation *prepare)
{
    struct bench *bench = run_with(steps, prepare);

    if (host_outcome(bench->host) != HOST_DONE)
        fail_msg("%s", bench->failure);
    return bench;
}

static void assert_fails(const char *steps, preparation *prepare, const char *reason)
{
    struct bench *bench = run_with(steps, prepare);

    assert_int_equal(host_outcome(bench->host), HOST_GAVE_UP);
    if (!strstr(bench->failure, reason))
        fail_msg("\"%s\" is not in \"%s\"", reason, bench->failure);
    bench_destroy(bench);
}

static struct fake_endpoint *echo_of(struct bench *bench)
{
    return &bench->device.endpoint[1];
}

/* ---- Bulk ------------------------------------------------------------------------------------ */

static void all_bytes_go_out_and_come_back(void **state)
{
    struct bench *bench =
        complete_with("stream 10000 bytes out endpoint 1 in endpoint 1 seed 3\n", NULL);
    struct host_stream_figures figures = host_stream_figures(bench->host);

    (void)state;
    assert_int_equal(figures.out, 10000);
    assert_int_equal(figures.in, 10000);
    assert_int_equal(figures.packets_out, 157);
    assert_int_equal(figures.packets_in, 157);
    assert_int_equal(echo_of(bench)->count, 0);
    bench_destroy(bench);
}

/* USB 2.0, table 5-9: 19 bulk packets of 64 bytes fit into a frame. */
static void one_direction_alone_fills_the_frames(void **state)
{
    struct bench *bench =
        complete_with("pace back-to-back\nstream 7296 bytes out endpoint 1\n", NULL);
    struct host_stream_figures figures = host_stream_figures(bench->host);

    (void)state;
    assert_int_equal(figures.packets_out, 6 * 19);
    assert_in_range(figures.duration, 5 * CYCLES_PER_MS, 6 * CYCLES_PER_MS + 100 * CYCLES_PER_US);
    bench_destroy(bench);
}

static void the_two_directions_take_turns(void **state)
{
    struct bench *bench = complete_with("stream 320 bytes out endpoint 1 in endpoint 1\n", NULL);
    unsigned outs = 0;
    unsigned ins = 0;

    (void)state;
    for (unsigned i = 0; i < bench->packets; i++) {
        const struct obs_usb_packet *packet = &bench->packet[i].packet;

        outs += packet->endpoint == 1 && packet->pid == PID_OUT;
        ins += packet->endpoint == 1 && packet->pid == PID_IN;
        assert_true(outs <= ins + 1 && ins <= outs);
    }
    assert_int_equal(outs, 5);
    assert_int_equal(ins, 5);
    bench_destroy(bench);
}

static void naks(struct fake_device *device)
{
    device->endpoint[1].naks_each_packet = 3;
}

static void naks_cost_time_and_no_bytes(void **state)
{
    struct bench *bench = complete_with("stream 3000 bytes out endpoint 1 in endpoint 1\n", naks);

    (void)state;
    assert_int_equal(host_stream_figures(bench->host).in, 3000);
    bench_destroy(bench);
}

static void a_host_that_stops_reading_fills_the_device(void **state)
{
    struct bench *bench = complete_with(
        "stream 32768 bytes out endpoint 1 in endpoint 1 pausing 12 ms every 8192 bytes\n", NULL);

    (void)state;
    assert_int_equal(host_stream_figures(bench->host).in, 32768);
    assert_true(host_stream_figures(bench->host).duration > 3 * 12 * CYCLES_PER_MS);
    bench_destroy(bench);
}

static void lost_acks_lose_no_byte(void **state)
{
    struct bench *bench = complete_with(
        "stream 3000 bytes out endpoint 1 in endpoint 1 after 1 packet lose ack "
        "after 5 packets lose ack after 6 packets lose ack after 900 bytes lose ack\n",
        NULL);

    (void)state;
    assert_int_equal(host_stream_figures(bench->host).in, 3000);
    assert_true(echo_of(bench)->repeated_out + echo_of(bench)->sent > 47);
    bench_destroy(bench);
}

static void damages(struct fake_device *device)
{
    device->endpoint[1].damages = 4;
}

static void swallows(struct fake_device *device)
{
    device->endpoint[1].swallows = 3;
}

static void halts(struct fake_device *device)
{
    device->endpoint[1].nak_for_ever = true;
}

static void a_wrong_byte_is_found_and_shown(void **state)
{
    (void)state;
    assert_fails("stream 3000 bytes out endpoint 1 in endpoint 1\n", damages,
                 "test.usb:4: stream of 3000 bytes, out on endpoint 1, in on endpoint 1: byte 197 "
                 "came back as ");
    assert_fails("stream 3000 bytes out endpoint 1 in endpoint 1\n", swallows,
                 "byte 128 came back");
}

static void a_stream_that_does_not_move_ends(void **state)
{
    (void)state;
    assert_fails("stream 3000 bytes out endpoint 1 within 20 ms\n", halts,
                 "nothing but NAK for 0.02 s, after 0 bytes out");
    assert_fails("set feature halt endpoint 1\nstream 3000 bytes out endpoint 1\n", NULL,
                 "STALL after 0 bytes out");
    assert_fails("stream 64 bytes in endpoint 1 within 30 ms\n", NULL,
                 "nothing but NAK for 0.03 s, after 0 bytes in");
}

static void a_stream_can_be_cut_off(void **state)
{
    struct bench *bench =
        complete_with("stream 30000 bytes out endpoint 1 in endpoint 1 after 20 packets reset\n"
                      "set configuration 42\n"
                      "stream 300 bytes out endpoint 1 in endpoint 1 after 2 ms wait 5 ms\n"
                      "stream 30000 bytes out endpoint 1 after 3 ms stop\n",
                      NULL);

    (void)state;
    bench_destroy(bench);
}

/* ---- Isochronous ----------------------------------------------------------------------------- */

static void an_isochronous_packet_goes_each_way_each_frame(void **state)
{
    struct bench *bench = complete_with(
        "stream 2000 bytes out endpoint 8 in endpoint 8 isochronous packets of 200\n", NULL);
    struct host_stream_figures figures = host_stream_figures(bench->host);

    (void)state;
    assert_int_equal(figures.packets_out, 10);
    assert_int_equal(figures.packets_in, 10);
    assert_int_equal(figures.lost, 0);
    assert_in_range(figures.duration, 9 * CYCLES_PER_MS, 11 * CYCLES_PER_MS);
    bench_destroy(bench);
}

static void a_silent_isochronous_endpoint_is_told(void **state)
{
    (void)state;
    assert_fails("stream 64 bytes in endpoint 8 isochronous within 30 ms\n", NULL, "no answer");
}

static void a_damaged_isochronous_packet_is_one_that_does_not_come_back(void **state)
{
    struct bench *bench = complete_with("stream 2000 bytes out endpoint 8 in endpoint 8 "
                                        "isochronous packets of 200 after 4 packets spoil crc\n",
                                        NULL);
    struct host_stream_figures figures = host_stream_figures(bench->host);

    (void)state;
    assert_int_equal(figures.packets_out, 10);
    assert_int_equal(figures.lost, 1);
    bench_destroy(bench);
}

static void single_packets_go_to_isochronous_endpoints(void **state)
{
    struct bench *bench =
        complete_with("out on endpoint 8 100 bytes isochronous packets of 192\n"
                      "in on endpoint 8 192 isochronous packets of 192 within 20 ms expect echo\n"
                      "out on endpoint 8 100 bytes isochronous packets of 192 after 1 packet spoil "
                      "crc\n"
                      "in on endpoint 8 192 isochronous within 20 ms expect timeout\n",
                      NULL);

    (void)state;
    bench_destroy(bench);
}

static void only_isochronous_packets_are_large(void **state)
{
    (void)state;
    assert_fails("stream 1000 bytes out endpoint 1 packets of 200\n", NULL,
                 "only packets of isochronous endpoints have more than 64 bytes");
    assert_fails("out endpoint 1 300 bytes packets of 200\n", NULL,
                 "only packets of isochronous endpoints have more than 64 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_bytes_go_out_and_come_back),
        cmocka_unit_test(one_direction_alone_fills_the_frames),
        cmocka_unit_test(the_two_directions_take_turns),
        cmocka_unit_test(naks_cost_time_and_no_bytes),
        cmocka_unit_test(a_host_that_stops_reading_fills_the_device),
        cmocka_unit_test(lost_acks_lose_no_byte),
        cmocka_unit_test(a_wrong_byte_is_found_and_shown),
        cmocka_unit_test(a_stream_that_does_not_move_ends),
        cmocka_unit_test(a_stream_can_be_cut_off),
        cmocka_unit_test(an_isochronous_packet_goes_each_way_each_frame),
        cmocka_unit_test(a_silent_isochronous_endpoint_is_told),
        cmocka_unit_test(a_damaged_isochronous_packet_is_one_that_does_not_come_back),
        cmocka_unit_test(single_packets_go_to_isochronous_endpoints),
        cmocka_unit_test(only_isochronous_packets_are_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
