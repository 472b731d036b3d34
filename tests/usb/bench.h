/* SPDX-License-Identifier: Apache-2.0 */
/* A host, a fake device and a cable, without a machine; and a record of what was observed. */
#ifndef TESTS_USB_BENCH_H
#define TESTS_USB_BENCH_H

#include "sim/base/text.h"
#include "sim/usb/host.h"
#include "tests/usb/fake_device.h"

enum { BENCH_PACKETS = 4096, BENCH_BUS_EVENTS = 64 };

struct bench {
    struct scheduler scheduler;
    struct chooser chooser;
    struct wires wires;
    struct trace trace;
    struct state state;
    struct fake_device device;
    struct conversation *script; /* NULL without one */
    bool worth_waiting;          /* what the host is told when no device comes */
    struct host *host;

    /* Observed. */
    struct text conversation; /* a line for each OBS_HOST */
    char failure[320];
    unsigned failures;
    struct {
        sim_time when;
        sim_time in_frame;            /* since the last SOF */
        struct obs_usb_packet packet; /* its payload is in `bytes` */
        uint8_t bytes[64];
    } packet[BENCH_PACKETS]; /* without SOF */
    unsigned packets;
    sim_time last_sof;
    struct {
        sim_time when;
        enum usb_bus_state state;
    } bus[BENCH_BUS_EVENTS];
    unsigned bus_events;
};

/* The device is not attached yet; the host is off. */
struct bench *bench_create(enum host_profile profile);
struct bench *bench_create_with(enum host_profile profile, enum choice_policy policy,
                                uint64_t seed);

/* A host that follows `script`, with a device that has endpoints. */
struct bench *bench_create_script(const char *script);
void bench_destroy(struct bench *bench);

/* Powers on with the device attached from 5 ms on. */
void bench_power_on(struct bench *bench);

/* Handles events for `duration`, or until the host's outcome is no longer HOST_BUSY. */
void bench_run(struct bench *bench, sim_time duration);
enum host_outcome bench_run_until_settled(struct bench *bench);

/* One control transfer from start to end. */
enum transfer_outcome bench_control(struct bench *bench, const uint8_t setup[8],
                                    const uint8_t *data);

/* One bulk or interrupt transfer from start to end. */
enum transfer_outcome bench_write(struct bench *bench, const struct host_pipe *pipe,
                                  const uint8_t *data, size_t size);
enum transfer_outcome bench_read(struct bench *bench, const struct host_pipe *pipe, size_t size);

/* "SETUP DATA0:8 <ACK ...": the packets since the last call; "<" is the device, sizes stand behind
 * data packets. */
void bench_assert_packets(struct bench *bench, const char *expected);

#endif
