/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations that are followed: every step, every expectation, every misbehaviour. */
#include "sim/base/rng.h"
#include "tests/cmocka.h"
#include "tests/usb/bench.h"
#include "tests/usb/random_device.h"

#include <stdio.h>
#include <string.h>

#define READY "reset\nset configuration 42\nget descriptor configuration 255\n"

/* Prepares the device of a bench before power-on. */
typedef void preparation(struct fake_device *device);

static struct bench *run_with(const char *script, preparation *prepare)
{
    struct bench *bench = bench_create_script(script);

    if (prepare)
        prepare(&bench->device);
    bench_power_on(bench);
    (void)bench_run_until_settled(bench);
    return bench;
}

static void assert_completes_with(const char *script, preparation *prepare)
{
    struct bench *bench = run_with(script, prepare);

    if (host_outcome(bench->host) != HOST_DONE)
        fail_msg("%s\n%s", bench->failure, script);
    bench_destroy(bench);
}

static void assert_completes(const char *script)
{
    assert_completes_with(script, NULL);
}

static void assert_fails_with(const char *script, preparation *prepare, const char *reason)
{
    struct bench *bench = run_with(script, prepare);

    assert_int_equal(host_outcome(bench->host), HOST_GAVE_UP);
    assert_string_equal(bench->failure, reason);
    assert_string_equal(host_reason(bench->host), reason);
    assert_int_equal(bench->failures, 1);
    bench_destroy(bench);
}

static void assert_fails(const char *script, const char *reason)
{
    assert_fails_with(script, NULL, reason);
}

/* The packets of everything behind READY. */
static void assert_packets_with(const char *script, preparation *prepare, const char *expected)
{
    struct text text = {0};
    struct bench *bench;
    unsigned before;

    bench = run_with(READY, NULL);
    before = bench->packets;
    bench_destroy(bench);

    text_printf(&text, "%s%s", READY, script);
    bench = run_with(text_string(&text), prepare);
    if (host_outcome(bench->host) != HOST_DONE)
        fail_msg("%s\n%s", bench->failure, script);
    memmove(bench->packet, bench->packet + before,
            (bench->packets - before) * sizeof bench->packet[0]);
    bench->packets -= before;
    bench_assert_packets(bench, expected);
    bench_destroy(bench);
    text_free(&text);
}

static void assert_packets(const char *script, const char *expected)
{
    assert_packets_with(script, NULL, expected);
}

/* ---- Steps of the port ----------------------------------------------------------------------- */

static void a_conversation_says_what_it_does_and_completes(void **state)
{
    struct bench *bench = run_with("reset\nget descriptor device 18\nsay \"hello\"\n", NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    assert_string_equal(text_string(&bench->conversation),
                        "GET_DESCRIPTOR(Device), 18 bytes wanted -> 18 bytes: 12 01 00 02 00 00 00 "
                        "40 20 20 17 07 00 01 00 00 00 01\n"
                        "hello\n"
                        "test.usb: done, 3 steps\n");
    bench_destroy(bench);
}

static void an_empty_conversation_is_over_at_once(void **state)
{
    (void)state;
    assert_completes("");
}

static void a_reset_waits_for_the_device_and_lasts_as_long_as_asked(void **state)
{
    struct bench *bench = run_with("reset\nreset 20 ms\n", NULL);

    (void)state;
    assert_int_equal(bench->bus_events, 5);
    assert_int_equal(bench->bus[0].state, USB_ATTACHED);
    assert_int_equal(bench->bus[2].when - bench->bus[1].when, 50 * CYCLES_PER_MS);
    assert_int_equal(bench->bus[4].when - bench->bus[3].when, 20 * CYCLES_PER_MS);
    assert_int_equal(bench->device.resets, 2);
    bench_destroy(bench);
}

static void every_built_in_enumeration_can_be_a_step(void **state)
{
    struct bench *bench = run_with("enumerate linux\nenumerate windows\nenumerate macos\n", NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    assert_int_equal(bench->device.configured, 42);
    assert_int_equal(bench->device.resets, 5);
    bench_destroy(bench);
}

static void hates_addresses(struct fake_device *device)
{
    device->mischief.stalls[5] = true;
}

static void a_failed_enumeration_fails_the_step(void **state)
{
    (void)state;
    assert_fails_with("say \"x\"\nenumerate windows\n", hates_addresses,
                      "test.usb:2: SET_ADDRESS(1): the device answered STALL; device not accepting "
                      "address 1 (3 attempts, each from a bus reset)");
}

static void waiting_lets_frames_pass(void **state)
{
    struct bench *bench = run_with("reset\nwait 25 frames\nwait 5 ms\n", NULL);

    (void)state;
    assert_in_range(bench->device.frames, 40, 42); /* 10 of recovery and 30 */
    bench_destroy(bench);
}

static void suspend_stops_the_frames_and_resume_brings_them_back(void **state)
{
    struct bench *bench =
        run_with("reset\nsuspend\nwait 100 ms\nresume\nget descriptor device 18\n", NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    assert_in_range(bench->device.frames, 20, 24);
    assert_false(bench->device.suspended);
    bench_destroy(bench);
}

static void detach_and_attach_switch_vbus(void **state)
{
    struct bench *bench = bench_create_script("reset\ndetach\nwait 10 ms\nattach\nreset\n");

    (void)state;
    bench_power_on(bench);
    bench_run(bench, 168 * CYCLES_PER_MS); /* 5 + 100 + 60 */
    assert_false(wire_get(&bench->wires, WIRE_VBUS));
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    assert_true(wire_get(&bench->wires, WIRE_VBUS));
    assert_int_equal(bench->device.resets, 2);
    bench_destroy(bench);
}

static void steps_that_make_no_sense_now_fail(void **state)
{
    (void)state;
    assert_fails("suspend\n",
                 "test.usb:1: there is no traffic that could be suspended: no device was reset");
    assert_fails("reset\nresume\n", "test.usb:2: the bus is not suspended, it cannot be resumed");
    assert_fails("attach\nget status device\n",
                 "test.usb:2: the device was not reset: reset must come first");
    assert_fails("reset\ndetach\nget status device\n",
                 "test.usb:3: there is no device to speak to: attach and reset must come first");
    assert_fails("reset\nsuspend\nget status device\n",
                 "test.usb:3: the bus is suspended: resume must come first");
}

static void a_device_that_does_not_come_fails_the_step(void **state)
{
    struct bench *bench = bench_create_script("attach within 300 ms\n");

    (void)state;
    host_power_on(bench->host);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    assert_string_equal(bench->failure, "test.usb:1: no device: D+ was not pulled up, or not for "
                                        "long enough, within 300 ms");
    assert_int_equal(bench->scheduler.state.now, 300 * CYCLES_PER_MS);
    bench_destroy(bench);
}

static void the_host_can_wait_until_the_device_detaches(void **state)
{
    struct bench *bench = bench_create_script("reset\nwait for detach within 1 s\nattach\nreset\n");

    (void)state;
    bench_power_on(bench);
    bench_run(bench, 500 * CYCLES_PER_MS);
    fake_device_attach(&bench->device, false);
    bench_run(bench, 50 * CYCLES_PER_MS);
    assert_int_equal(host_outcome(bench->host), HOST_BUSY);
    fake_device_attach(&bench->device, true);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
    bench_destroy(bench);
    assert_fails("reset\nwait for detach within 100 ms\n",
                 "test.usb:2: the device did not detach in the time it was given");
}

static void loops_repeat_their_steps(void **state)
{
    struct bench *bench = run_with(
        "reset\nloop 3 {\nloop 2 {\nget descriptor device 18\n}\nset configuration 42\n}\n", NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    assert_int_equal(bench->device.setups, 9);
    bench_destroy(bench);
}

/* Time from the end of the first request to the SETUP of the second. */
static sim_time time_between_requests(const char *script)
{
    struct bench *bench = run_with(script, NULL);
    sim_time last = 0;
    sim_time pause = 0;

    for (unsigned i = 1; i < bench->packets; i++) {
        if (bench->packet[i].packet.pid == PID_SETUP)
            pause = bench->packet[i].when - last;
        last = bench->packet[i].when;
    }
    bench_destroy(bench);
    return pause;
}

static void the_pace_can_be_set(void **state)
{
    (void)state;
    assert_in_range(time_between_requests("reset\nset address 5\nset address 6\n"),
                    1000 * CYCLES_PER_US, 1100 * CYCLES_PER_US);
    assert_in_range(
        time_between_requests("reset\npace back-to-back\nset address 5\nset address 6\n"), 1,
        15 * CYCLES_PER_US);
    assert_in_range(time_between_requests("reset\npace 50 us\nset address 5\nset address 6\n"),
                    100 * CYCLES_PER_US, 125 * CYCLES_PER_US);
    assert_in_range(time_between_requests("reset\npace 50 us\npace normal\nset address 5\nset "
                                          "address 6\n"),
                    1000 * CYCLES_PER_US, 1100 * CYCLES_PER_US);
}

/* ---- Transfers and what is expected of them -------------------------------------------------- */

static void data_go_round_through_the_control_pipe(void **state)
{
    (void)state;
    assert_completes("reset\nsetup 40 01 00 00 00 00 05 00 data 01 02 \"abc\"\n"
                     "setup c0 01 00 00 00 00 40 00\nexpect 01 ?? 61 62 63\nexpect echo\n"
                     "expect 5 bytes, expect at least 5 bytes\n");
}

static void data_go_round_through_bulk_pipes(void **state)
{
    (void)state;
    assert_completes(READY "loop 3 {\nout on endpoint 1 200 bytes\nin on endpoint 1 500\n"
                           "expect echo\n}\nout endpoint 1 0 bytes\nin endpoint 1 64 expect 0 "
                           "bytes expect echo\nout endpoint 1 64 bytes zlp\nin endpoint 1 128 "
                           "expect 64 bytes\n");
}

static void pipes_follow_the_descriptor_unless_told_otherwise(void **state)
{
    (void)state;
    assert_packets("out endpoint 2 40 bytes packets of 16\nin endpoint 0x82 40 expect echo\n",
                   "OUT DATA0:16 <ACK OUT DATA1:16 <ACK OUT DATA0:8 <ACK IN <DATA0:16 ACK IN "
                   "<DATA1:16 ACK IN <DATA0:8 ACK");
}

static void naks_twice(struct fake_device *device)
{
    device->endpoint[2].naks_each_packet = 2;
    device->endpoint[2].naks = 2;
}

static sim_time duration_of(const char *step)
{
    struct text text = {0};
    struct bench *bench;
    sim_time duration;

    text_printf(&text, READY "out endpoint 2 01\n%s", step);
    bench = run_with(text_string(&text), naks_twice);
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    duration = bench->packet[bench->packets - 1].when - bench->packet[bench->packets - 7].when;
    bench_destroy(bench);
    text_free(&text);
    return duration;
}

static void interrupt_pipes_are_polled_by_interval(void **state)
{
    (void)state;
    assert_in_range(duration_of("in endpoint 2 1\n"), 9 * CYCLES_PER_MS, 10 * CYCLES_PER_MS);
    assert_in_range(duration_of("in endpoint 2 1 interrupt every 3 frames\n"), 5 * CYCLES_PER_MS,
                    6 * CYCLES_PER_MS);
    assert_in_range(duration_of("in endpoint 2 1 bulk\n"), 1, CYCLES_PER_MS);
}

static void is_odd(struct fake_device *device)
{
    static const uint8_t data[20] = {0};

    device->endpoint[3].silent = true;
    fake_endpoint_queue(&device->endpoint[4], data, 20);
    device->endpoint[5].strange_pid = true;
}

static void every_outcome_can_be_expected(void **state)
{
    (void)state;
    assert_completes_with("reset\nget descriptor string 9 255\nexpect stall\n"
                          "get descriptor device 18 expect ok\n"
                          "in endpoint 1 64 within 20 ms expect nak\n"
                          "in endpoint 3 64 expect timeout\n"
                          "out endpoint 5 01\nin endpoint 5 64 expect babble\n"
                          "get descriptor string 9 255 expect any\n"
                          "get descriptor device 18 expect any\n",
                          is_odd);
}

static void a_wrong_outcome_is_told(void **state)
{
    (void)state;
    assert_fails("reset\n\nget descriptor string 9 255\n",
                 "test.usb:3: GET_DESCRIPTOR(String 9, language 0x0409), 255 bytes wanted: the "
                 "device answered STALL");
    assert_fails("reset\nget descriptor device 1 expect stall\n",
                 "test.usb:2: GET_DESCRIPTOR(Device), 1 byte wanted: 1 byte: 12; STALL was "
                 "expected");
    assert_fails("reset\nin endpoint 1 64 within 30 ms\n",
                 "test.usb:2: IN endpoint 1, 64 bytes wanted: the device answered IN tokens with "
                 "NAK for 0.03 s, after 0 bytes");
    assert_fails("reset\nset address 1 expect nak\n",
                 "test.usb:2: SET_ADDRESS(1): ok; nothing but NAK was expected");
    assert_fails("reset\nset address 1 expect timeout\n",
                 "test.usb:2: SET_ADDRESS(1): ok; no answer at all was expected");
    assert_fails("reset\nset address 1 expect babble\n",
                 "test.usb:2: SET_ADDRESS(1): ok; a broken protocol was expected");
    assert_fails("reset\nget descriptor string 9 2 expect ok\n",
                 "test.usb:2: GET_DESCRIPTOR(String 9, language 0x0409), 2 bytes wanted: STALL; "
                 "success was expected");
}

static void wrong_data_are_told(void **state)
{
#define DEVICE "reset\nget descriptor device 18 expect "
#define SAID "test.usb:2: GET_DESCRIPTOR(Device), 18 bytes wanted: "
    (void)state;
    assert_fails(DEVICE "12 01 00 03 ...\n", SAID "byte 3 is 02, 03 was expected");
    assert_fails(DEVICE "12 01\n", SAID "18 bytes came, exactly 2 were expected");
    assert_fails(DEVICE "17 bytes\n", SAID "18 bytes came, exactly 17 were expected");
    assert_fails(DEVICE "at least 19 bytes\n", SAID "18 bytes came, at least 19 were expected");
    assert_fails(DEVICE "at most 1 bytes\n", SAID "18 bytes came, at most 1 was expected");
    assert_fails(DEVICE "echo\n", SAID "18 bytes came, exactly 0 were expected");
    assert_fails(READY "out endpoint 1 01 02\nout endpoint 2 01 03\nin endpoint 1 2 expect echo\n",
                 "test.usb:6: IN endpoint 1, 2 bytes wanted: byte 1 is 02, 03 was expected");
    assert_fails(READY "out endpoint 1 01\nin endpoint 1 64 expect 01 02 ...\n",
                 "test.usb:5: IN endpoint 1, 64 bytes wanted: 1 byte came, at least 2 were "
                 "expected");
#undef DEVICE
#undef SAID
}

static void detaches_in_data(struct fake_device *device)
{
    device->mischief.detaches_at_ack = true;
}

static void a_device_that_goes_away_in_a_transfer_fails_it(void **state)
{
    (void)state;
    assert_fails_with("reset\nget descriptor device 18\n", detaches_in_data,
                      "test.usb:2: the device detached during GET_DESCRIPTOR(Device), 18 bytes "
                      "wanted");
}

static void a_device_that_goes_away_in_a_reset_fails_it(void **state)
{
    struct bench *bench = bench_create_script("reset\n");

    (void)state;
    bench_power_on(bench);
    bench_run(bench, 120 * CYCLES_PER_MS);
    fake_device_attach(&bench->device, false);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    assert_string_equal(bench->failure,
                        "test.usb:1: the device detached while the bus was reset or resumed");
    bench_destroy(bench);
}

/* ---- Misbehaviour ---------------------------------------------------------------------------- */

static void has_small_packets(struct fake_device *device)
{
    device->packet_max = 8;
    device->device[7] = 8;
}

#define SMALL "get descriptor device 8\n"
#define SMALL_PACKETS "SETUP DATA0:8 <ACK IN <DATA1:8 ACK OUT DATA1:0 <ACK "

static void the_status_stage_can_come_early(void **state)
{
    (void)state;
    assert_packets_with(SMALL "get descriptor device 18 after 1 packet status expect 8 bytes\n",
                        has_small_packets,
                        SMALL_PACKETS "SETUP DATA0:8 <ACK IN <DATA1:8 ACK OUT DATA1:0 <ACK");
    assert_packets_with(SMALL "get descriptor device 18 after 9 bytes status expect 16 bytes\n",
                        has_small_packets,
                        SMALL_PACKETS "SETUP DATA0:8 <ACK IN <DATA1:8 ACK IN <DATA0:8 ACK OUT "
                                      "DATA1:0 <ACK");
    /* after the last packet it is not early, and does no harm */
    assert_packets("get descriptor device 18 after 18 bytes status\n",
                   "SETUP DATA0:8 <ACK IN <DATA1:18 ACK OUT DATA1:0 <ACK");
}

static void a_new_setup_can_come_in_mid_transfer(void **state)
{
    (void)state;
    assert_packets("get descriptor device 18 after 0 packets stop\nset configuration 42\n",
                   "SETUP DATA0:8 <ACK SETUP DATA0:8 <ACK IN <DATA1:0 ACK");
    assert_packets("get descriptor device 18 after 1 packet stop expect 18 bytes\n"
                   "set configuration 42\n",
                   "SETUP DATA0:8 <ACK IN <DATA1:18 ACK SETUP DATA0:8 <ACK IN <DATA1:0 ACK");
    assert_packets("out endpoint 1 128 bytes after 1 packet stop\nout endpoint 1 01\n",
                   "OUT DATA0:64 <ACK OUT DATA1:1 <ACK");
}

static void what_came_before_a_stop_is_judged(void **state)
{
    (void)state;
    assert_fails("reset\nget descriptor device 18 after 1 packet stop expect 8 bytes\n",
                 "test.usb:2: GET_DESCRIPTOR(Device), 18 bytes wanted: 18 bytes came, exactly 8 "
                 "were expected");
}

static void a_reset_can_come_in_mid_transfer(void **state)
{
    struct bench *bench = run_with("reset\nget descriptor device 18 after 0 packets reset\n"
                                   "get descriptor device 18\n",
                                   NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    assert_int_equal(bench->device.resets, 2);
    bench_assert_packets(bench, "SETUP DATA0:8 <ACK SETUP DATA0:8 <ACK IN <DATA1:18 ACK OUT "
                                "DATA1:0 <ACK");
    assert_non_null(strstr(text_string(&bench->conversation),
                           "18 bytes wanted -> cut off by a bus reset after 0 packets, 0 bytes"));
    bench_destroy(bench);
}

static void a_reset_can_come_at_any_time(void **state)
{
    (void)state;
    for (unsigned us = 1; us < 100; us += 7) {
        struct text text = {0};
        struct bench *bench;
        unsigned setup = 0;

        text_printf(&text, "reset\nget descriptor device 18 after %u us reset\n", us);
        bench = run_with(text_string(&text), NULL);
        assert_int_equal(host_outcome(bench->host), HOST_DONE);
        assert_int_equal(bench->bus[3].state, USB_RESET_BEGIN);
        assert_int_equal(bench->packet[setup].packet.pid, PID_SETUP);
        assert_int_equal(bench->bus[3].when - bench->packet[setup].when, us * CYCLES_PER_US);
        bench_destroy(bench);
        text_free(&text);
    }
}

/* Lets the script begin and signals resume `when` after power-on. */
static struct bench *run_with_wake_up(const char *script, sim_time when)
{
    struct bench *bench = bench_create_script(script);

    bench_power_on(bench);
    bench_run(bench, when);
    wire_set(&bench->wires, WIRE_USB_RESUME_K, true);
    wire_set(&bench->wires, WIRE_USB_RESUME_K, false);
    (void)bench_run_until_settled(bench);
    return bench;
}

static void a_device_may_wake_the_bus(void **state)
{
    struct bench *bench =
        run_with_wake_up("reset\nsuspend\nwait for wake-up within 1 s\nget descriptor device 18\n",
                         500 * CYCLES_PER_MS);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    assert_non_null(strstr(text_string(&bench->conversation), "remote wake-up"));
    bench_destroy(bench);

    /* Before the script waits for it: the next step finds the bus awake. */
    bench =
        run_with_wake_up("reset\nsuspend\nwait 1 s\nwait for wake-up\nget descriptor device 18\n",
                         500 * CYCLES_PER_MS);
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    bench_destroy(bench);
}

static void a_wake_up_that_does_not_come_fails(void **state)
{
    (void)state;
    assert_fails("reset\nsuspend\nwait for wake-up within 30 ms\n",
                 "test.usb:3: the device did not signal remote wake-up in the time it was given");
    assert_fails("reset\nwait for wake-up\n",
                 "test.usb:2: the bus is not suspended: there is nothing to wake");
}

static void several_outcomes_can_be_right(void **state)
{
    (void)state;
    assert_completes(READY "get status device expect ok or stall expect 00/fe 00\n"
                           "get descriptor 0x7f 18 expect ok or stall expect 01\n");
    assert_fails(READY "get descriptor device 18 expect stall or nak\n",
                 "test.usb:4: GET_DESCRIPTOR(Device), 18 bytes wanted: 18 bytes: 12 01 00 02 00 00 "
                 "00 40 20 20 17 07 00 01 00 00 00 01; STALL or nothing but NAK was expected");
    assert_fails(
        READY "get descriptor device 2 expect 02/0f 01\nget descriptor device 2 expect 01/03 01\n",
        "test.usb:5: GET_DESCRIPTOR(Device), 2 bytes wanted: byte 0 is 12, 01 was expected "
        "in the bits 03");
}

static void a_toggle_can_be_forced_and_demanded(void **state)
{
    (void)state;
    assert_packets("out on endpoint 1 4 bytes as data1\nout on endpoint 1 4 bytes\n",
                   "OUT DATA1:4 <ACK OUT DATA0:4 <ACK");
    assert_fails(
        READY "out on endpoint 1 4 bytes\nin on endpoint 1 64 as data1\n",
        "test.usb:5: IN endpoint 1, 64 bytes wanted: the device sent DATA0 where DATA1 was "
        "expected");
}

static void a_damaged_packet_is_not_seen_and_sent_again(void **state)
{
    (void)state;
    assert_packets("out on endpoint 1 70 bytes after 2 packets spoil crc\n",
                   "OUT DATA0:64 <ACK OUT DATA1:6 OUT DATA1:6 <ACK");
    assert_packets("out on endpoint 1 70 bytes after 1 packet babble\n",
                   "OUT DATA0:81 OUT DATA0:64 <ACK OUT DATA1:6 <ACK");
    assert_packets(
        "out on endpoint 1 4 bytes\nin on endpoint 1 64 after 1 packet spoil crc expect echo\n",
        "OUT DATA0:4 <ACK IN <DATA0:4 IN <DATA0:4 ACK");
    assert_packets("get descriptor device 1 after 0 packets spoil crc\n",
                   "SETUP DATA0:8 SETUP DATA0:8 <ACK IN <DATA1:1 ACK OUT DATA1:0 <ACK");
    assert_packets("get descriptor device 1 after status spoil crc\n",
                   "SETUP DATA0:8 <ACK IN <DATA1:1 ACK OUT DATA1:0 OUT DATA1:0 <ACK");
}

static void a_packet_with_the_wrong_toggle_goes_before_the_right_one(void **state)
{
    struct bench *bench = run_with(READY "out on endpoint 1 4 bytes after 1 packet wrong toggle\n"
                                         "in on endpoint 1 64 expect echo\n"
                                         "setup 40 01 00 00 00 00 04 00 data 01 02 03 04 "
                                         "after 1 packet wrong toggle\n",
                                   NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    assert_int_equal(bench->device.endpoint[1].repeated_out, 1);
    assert_int_equal(bench->device.endpoint[1].taken, 1);
    assert_int_equal(bench->device.stale, 1);
    bench_destroy(bench);
}

static void a_packet_nobody_announced_can_follow_a_write(void **state)
{
    (void)state;
    assert_packets(
        "setup 40 01 00 00 00 00 04 00 data 01 02 03 04 after 1 packet excess expect stall\n",
        "SETUP DATA0:8 <ACK OUT DATA1:4 <ACK OUT DATA0:8 <STALL");
}

static void suspend_and_unplugging_can_come_in_mid_transfer(void **state)
{
    (void)state;
    assert_completes("reset\nget descriptor device 18 after 0 packets suspend\nwait 5 ms\nresume\n"
                     "get descriptor device 18\n");
    assert_completes("reset\nget descriptor device 18 after 0 packets and 5 us detach\n"
                     "wait 5 ms\nattach\nreset\nget descriptor device 18\n");
    assert_completes(READY "out endpoint 1 100 bytes after 1 packet reset\nset configuration 42\n"
                           "out endpoint 1 01\nin endpoint 1 1 expect echo\n");
}

static void a_slow_host_pauses(void **state)
{
    struct bench *bench = run_with("reset\nget descriptor device 18 after 0 packets wait 20 ms\n"
                                   "out endpoint 1 100 bytes after 0 packets wait 3 ms after 1 "
                                   "packet wait 7 ms\n",
                                   NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    /* SETUP DATA0 ACK, IN DATA1 ACK, OUT DATA1 ACK, OUT DATA0 ACK, OUT */
    assert_in_range(bench->packet[3].when - bench->packet[0].when, 20 * CYCLES_PER_MS,
                    22 * CYCLES_PER_MS);
    assert_in_range(bench->packet[9].when - bench->packet[6].when, 4 * CYCLES_PER_MS,
                    6 * CYCLES_PER_MS);
    assert_in_range(bench->packet[12].when - bench->packet[9].when, 7 * CYCLES_PER_MS,
                    9 * CYCLES_PER_MS);
    bench_destroy(bench);
}

static void a_lost_ack_makes_the_other_side_repeat(void **state)
{
    (void)state;
    assert_packets("get descriptor device 18 after 0 packets lose ack\n",
                   "SETUP DATA0:8 <ACK SETUP DATA0:8 <ACK IN <DATA1:18 ACK OUT DATA1:0 <ACK");
    assert_packets_with(SMALL "get descriptor device 18 after 2 packets lose ack expect 18 bytes\n",
                        has_small_packets,
                        SMALL_PACKETS "SETUP DATA0:8 <ACK IN <DATA1:8 ACK IN <DATA0:8 IN <DATA0:8 "
                                      "ACK IN <DATA1:2 ACK OUT DATA1:0 <ACK");
    assert_packets("out endpoint 1 65 bytes after 1 packet lose ack\nin endpoint 1 65 expect echo "
                   "after 64 bytes lose ack\n",
                   "OUT DATA0:64 <ACK OUT DATA0:64 <ACK OUT DATA1:1 <ACK IN <DATA0:64 IN <DATA0:64 "
                   "ACK IN <DATA1:1 ACK");
    assert_packets("set configuration 42 after status lose ack\n",
                   "SETUP DATA0:8 <ACK IN <DATA1:0");
}

static void several_misbehaviours_come_one_after_the_other(void **state)
{
    (void)state;
    assert_packets("out endpoint 1 200 bytes after 1 packet lose ack after 1 packet wait 1 ms, "
                   "after 2 packets lose ack, after 3 packets stop\n",
                   "OUT DATA0:64 <ACK OUT DATA0:64 <ACK OUT DATA1:64 <ACK OUT DATA1:64 <ACK OUT "
                   "DATA0:64 <ACK");
}

static void a_point_at_the_very_end_is_still_reached(void **state)
{
    struct bench *bench = run_with(READY "out endpoint 1 64 bytes after 1 packet reset\n"
                                         "out endpoint 1 64 bytes after 5 ms reset\n",
                                   NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_DONE);
    assert_int_equal(bench->device.resets, 3);
    bench_destroy(bench);
}

static void a_point_that_is_never_reached_fails(void **state)
{
    (void)state;
    assert_fails("reset\nget descriptor device 18 after 2 packets reset\n",
                 "test.usb:2: GET_DESCRIPTOR(Device), 18 bytes wanted: it was over after 1 packet "
                 "and 18 bytes, before its \"after\" number 1");
    assert_fails(READY
                 "out endpoint 1 65 bytes after 1 packet wait 1 ms after 3 packets lose ack\n",
                 "test.usb:4: OUT endpoint 1, 65 bytes to write: it was over after 2 packets and "
                 "65 bytes, before its \"after\" number 2");
}

/* ---- Where it can be interrupted ------------------------------------------------------------- */

static void the_same_script_gives_the_same_run(void **state)
{
    static const char script[] =
        "enumerate linux\nloop 5 {\nout endpoint 1 500 bytes\nin endpoint 1 500 expect echo\n"
        "get descriptor device 18 after 20 us reset\nset configuration 42\n}\n";
    struct bench *a = run_with(script, NULL);
    struct bench *b = run_with(script, NULL);

    (void)state;
    assert_int_equal(host_outcome(a->host), HOST_DONE);
    assert_int_equal(state_hash(&a->state), state_hash(&b->state));
    assert_int_equal(a->packets, b->packets);
    bench_destroy(a);
    bench_destroy(b);
}

static void a_conversation_starts_again_with_power(void **state)
{
    struct bench *bench = run_with("reset\nget descriptor string 9 255\n", NULL);

    (void)state;
    assert_int_equal(host_outcome(bench->host), HOST_GAVE_UP);
    fake_device_attach(&bench->device, false);
    bench->device.suspended = false;
    fake_device_set_string(&bench->device, 1, "one");
    host_power_on(bench->host);
    fake_device_attach(&bench->device, true);
    assert_int_equal(bench_run_until_settled(bench), HOST_GAVE_UP);
    assert_int_equal(bench->failures, 2);
    bench_destroy(bench);
}

static void after_its_end_the_host_takes_orders(void **state)
{
    static const uint8_t get_device[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
    struct bench *bench = run_with("reset\nset address 9\n", NULL);

    (void)state;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    assert_int_equal(host_device_address(bench->host), 9);
    bench_destroy(bench);
}

static char *read_file(const char *path)
{
    static char text[4096];
    FILE *file = fopen(path, "r");
    size_t size;

    if (!file)
        fail_msg("%s cannot be opened; tests run in the project's folder", path);
    size = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    assert_in_range(size, 1, sizeof text - 2);
    text[size] = '\0';
    return text;
}

static void the_loopback_conversation_completes(void **state)
{
    (void)state;
    assert_completes(read_file("tests/usb/conversations/loopback.usb"));
    assert_completes(read_file("tests/usb/conversations/streams.usb"));
}

/* ---- Any conversation, any device ------------------------------------------------------------ */

static const char *const steps[] = {
    "reset\n",
    "attach\n",
    "detach\n",
    "suspend\n",
    "resume\n",
    "wait 3 ms\n",
    "wait for detach within 50 ms\n",
    "enumerate linux\n",
    "enumerate windows\n",
    "enumerate macos\n",
    "pace back-to-back\n",
    "pace normal\n",
    "loop 3 {\nwait 1 ms\n}\n",
    "get descriptor device 18 expect any",
    "get descriptor configuration 255 expect any",
    "setup 40 01 00 00 00 00 46 00 data 70 bytes expect any",
    "set address 5 expect any",
    "set configuration 42 expect any",
    "set interface 0 alternate 0 expect any",
    "in endpoint 1 300 expect any within 20 ms",
    "in endpoint 2 9 interrupt every 3 ms expect any within 20 ms",
    "out endpoint 1 130 bytes zlp expect any within 20 ms",
    "out endpoint 3 \"text\" expect any within 20 ms",
};
enum { FIRST_TRANSFER = 13 };

static const char *const clauses[] = {
    "",
    "",
    " after 0 packets stop",
    " after 1 packet reset",
    " after 30 us reset",
    " after 1 packet lose ack after 1 packet and 10 us suspend",
    " after 0 packets detach",
    " after 1 packet wait 5 ms",
    " after 1 packet lose ack",
    " after 100 us wait 1 ms after 1 ms stop",
};

static void append_random_step(struct text *text, struct rng *rng)
{
    uint32_t step = rng_between(rng, 0, ARRAY_LENGTH(steps) - 1);

    text_printf(text, "%s", steps[step]);
    if (step >= FIRST_TRANSFER)
        text_printf(text, "%s\n", clauses[rng_between(rng, 0, ARRAY_LENGTH(clauses) - 1)]);
}

static void any_conversation_with_any_device_goes_its_way(void **state)
{
    struct rng rng;

    (void)state;
    rng_seed(&rng, 7);
    for (unsigned round = 0; round < 600; round++) {
        struct conversation *conversation;
        struct failure failure = {0};
        struct text text = {0};
        uint64_t hash;

        text_printf(&text, "reset\n");
        for (unsigned i = 0; i < 6; i++)
            append_random_step(&text, &rng);
        if (conversation_parse(&conversation, "any.usb", text_string(&text), text.length, &failure))
            fail_msg("%s", failure.message);
        hash = random_device_run(conversation, round, 1500);
        if (round % 20 == 0)
            assert_true(hash == random_device_run(conversation, round, 1500));
        conversation_free(conversation);
        text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_says_what_it_does_and_completes),
        cmocka_unit_test(an_empty_conversation_is_over_at_once),
        cmocka_unit_test(a_reset_waits_for_the_device_and_lasts_as_long_as_asked),
        cmocka_unit_test(every_built_in_enumeration_can_be_a_step),
        cmocka_unit_test(a_failed_enumeration_fails_the_step),
        cmocka_unit_test(waiting_lets_frames_pass),
        cmocka_unit_test(suspend_stops_the_frames_and_resume_brings_them_back),
        cmocka_unit_test(detach_and_attach_switch_vbus),
        cmocka_unit_test(steps_that_make_no_sense_now_fail),
        cmocka_unit_test(a_device_that_does_not_come_fails_the_step),
        cmocka_unit_test(the_host_can_wait_until_the_device_detaches),
        cmocka_unit_test(loops_repeat_their_steps),
        cmocka_unit_test(the_pace_can_be_set),
        cmocka_unit_test(data_go_round_through_the_control_pipe),
        cmocka_unit_test(data_go_round_through_bulk_pipes),
        cmocka_unit_test(pipes_follow_the_descriptor_unless_told_otherwise),
        cmocka_unit_test(interrupt_pipes_are_polled_by_interval),
        cmocka_unit_test(every_outcome_can_be_expected),
        cmocka_unit_test(a_wrong_outcome_is_told),
        cmocka_unit_test(wrong_data_are_told),
        cmocka_unit_test(a_device_that_goes_away_in_a_transfer_fails_it),
        cmocka_unit_test(a_device_that_goes_away_in_a_reset_fails_it),
        cmocka_unit_test(the_status_stage_can_come_early),
        cmocka_unit_test(a_new_setup_can_come_in_mid_transfer),
        cmocka_unit_test(what_came_before_a_stop_is_judged),
        cmocka_unit_test(a_reset_can_come_in_mid_transfer),
        cmocka_unit_test(a_reset_can_come_at_any_time),
        cmocka_unit_test(a_device_may_wake_the_bus),
        cmocka_unit_test(a_wake_up_that_does_not_come_fails),
        cmocka_unit_test(several_outcomes_can_be_right),
        cmocka_unit_test(a_toggle_can_be_forced_and_demanded),
        cmocka_unit_test(a_damaged_packet_is_not_seen_and_sent_again),
        cmocka_unit_test(a_packet_with_the_wrong_toggle_goes_before_the_right_one),
        cmocka_unit_test(a_packet_nobody_announced_can_follow_a_write),
        cmocka_unit_test(suspend_and_unplugging_can_come_in_mid_transfer),
        cmocka_unit_test(a_slow_host_pauses),
        cmocka_unit_test(a_lost_ack_makes_the_other_side_repeat),
        cmocka_unit_test(several_misbehaviours_come_one_after_the_other),
        cmocka_unit_test(a_point_at_the_very_end_is_still_reached),
        cmocka_unit_test(a_point_that_is_never_reached_fails),
        cmocka_unit_test(the_same_script_gives_the_same_run),
        cmocka_unit_test(a_conversation_starts_again_with_power),
        cmocka_unit_test(after_its_end_the_host_takes_orders),
        cmocka_unit_test(the_loopback_conversation_completes),
        cmocka_unit_test(any_conversation_with_any_device_goes_its_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
