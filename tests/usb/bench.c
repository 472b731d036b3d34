/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/usb/bench.h"

#include "sim/base/heap.h"
#include "tests/cmocka.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void see_packet(struct bench *bench, const struct observation *observation)
{
    const struct obs_usb_packet *packet = &observation->usb_packet;
    unsigned slot = bench->packets % BENCH_PACKETS;

    if (packet->pid == PID_SOF) {
        bench->last_sof = observation->when;
        return;
    }
    bench->packet[slot].when = observation->when;
    bench->packet[slot].in_frame = observation->when - bench->last_sof;
    bench->packet[slot].packet = *packet;
    if (packet->size && packet->size <= 64)
        memcpy(bench->packet[slot].bytes, packet->payload, packet->size);
    bench->packets++;
}

static void see_host(struct bench *bench, const struct obs_host *host)
{
    text_printf(&bench->conversation, "%s\n", host->text);
    if (host->step != HOST_FAILED)
        return;
    bench->failures++;
    (void)snprintf(bench->failure, sizeof bench->failure, "%s", host->text);
}

static void see(void *owner, const struct observation *observation)
{
    struct bench *bench = owner;

    if (observation->kind == OBS_USB_PACKET) {
        see_packet(bench, observation);
    } else if (observation->kind == OBS_HOST) {
        see_host(bench, &observation->host);
    } else if (bench->bus_events < BENCH_BUS_EVENTS) {
        bench->bus[bench->bus_events].when = observation->when;
        bench->bus[bench->bus_events++].state = observation->usb_bus.state;
    }
}

static bool is_worth_waiting(const void *owner)
{
    const struct bench *bench = owner;

    return bench->worth_waiting;
}

static struct bench *create(enum host_profile profile, struct conversation *script,
                            enum choice_policy policy, uint64_t seed)
{
    struct bench *bench = heap_allocate(1, sizeof *bench);

    scheduler_reset(&bench->scheduler);
    wires_reset(&bench->wires);
    trace_init(&bench->trace, &bench->scheduler.state.now);
    chooser_init(&bench->chooser, policy, seed);
    bench->chooser.other_policy = policy;
    trace_subscribe(&bench->trace, TRACE_KIND(USB_PACKET) | TRACE_KIND(USB_BUS) | TRACE_KIND(HOST),
                    see, bench);
    fake_device_init(&bench->device, &bench->wires);
    state_register(&bench->state, "schedule", &bench->scheduler.state,
                   sizeof bench->scheduler.state);
    state_register(&bench->state, "choices", &bench->chooser.state, sizeof bench->chooser.state);
    state_register(&bench->state, "wires", bench->wires.level, sizeof bench->wires.level);
    bench->host = host_create(&(struct host_config){
        .scheduler = &bench->scheduler,
        .chooser = &bench->chooser,
        .wires = &bench->wires,
        .trace = &bench->trace,
        .state = &bench->state,
        .port = &fake_port,
        .device = &bench->device,
        .profile = profile,
        .script = script,
        .worth_waiting = is_worth_waiting,
        .owner = bench,
    });
    bench->script = script;
    return bench;
}

struct bench *bench_create_with(enum host_profile profile, enum choice_policy policy, uint64_t seed)
{
    return create(profile, NULL, policy, seed);
}

struct bench *bench_create_script(const char *script)
{
    struct conversation *conversation;
    struct failure failure = {0};
    struct bench *bench;

    if (conversation_parse(&conversation, "test.usb", script, strlen(script), &failure))
        fail_msg("%s", failure.message);
    bench = create(HOST_SCRIPT, conversation, CHOICE_REALISTIC, 1);
    fake_device_add_endpoints(&bench->device);
    return bench;
}

struct bench *bench_create(enum host_profile profile)
{
    return bench_create_with(profile, CHOICE_REALISTIC, 1);
}

void bench_destroy(struct bench *bench)
{
    host_destroy(bench->host);
    conversation_free(bench->script);
    text_free(&bench->conversation);
    heap_release(bench);
}

/* Handles the next event if it is due by `end`. */
static bool step(struct bench *bench, sim_time end)
{
    sim_time next = scheduler_next(&bench->scheduler);

    if (next == SIM_TIME_NEVER || next > end)
        return false;
    scheduler_skip_to(&bench->scheduler, next);
    scheduler_dispatch(&bench->scheduler);
    return true;
}

void bench_run(struct bench *bench, sim_time duration)
{
    sim_time end = bench->scheduler.state.now + duration;

    while (step(bench, end))
        ;
    if (end > bench->scheduler.state.now)
        scheduler_skip_to(&bench->scheduler, end);
}

void bench_power_on(struct bench *bench)
{
    host_power_on(bench->host);
    bench_run(bench, 5 * CYCLES_PER_MS);
    fake_device_attach(&bench->device, true);
}

enum host_outcome bench_run_until_settled(struct bench *bench)
{
    while (host_outcome(bench->host) == HOST_BUSY)
        if (!step(bench, SIM_TIME_NEVER - 1))
            break;
    return host_outcome(bench->host);
}

static enum transfer_outcome run_transfer(struct bench *bench)
{
    while (host_transfer(bench->host) == TRANSFER_BUSY)
        if (!step(bench, SIM_TIME_NEVER - 1))
            break;
    return host_transfer(bench->host);
}

enum transfer_outcome bench_control(struct bench *bench, const uint8_t setup[8],
                                    const uint8_t *data)
{
    host_control(bench->host, setup, data);
    return run_transfer(bench);
}

enum transfer_outcome bench_write(struct bench *bench, const struct host_pipe *pipe,
                                  const uint8_t *data, size_t size)
{
    host_pipe_write(bench->host, pipe, data, size);
    return run_transfer(bench);
}

enum transfer_outcome bench_read(struct bench *bench, const struct host_pipe *pipe, size_t size)
{
    host_pipe_read(bench->host, pipe, size);
    return run_transfer(bench);
}

static const char *pid_name(uint8_t pid)
{
    switch (pid) {
    case PID_SETUP:
        return "SETUP";
    case PID_IN:
        return "IN";
    case PID_OUT:
        return "OUT";
    case PID_DATA0:
        return "DATA0";
    case PID_DATA1:
        return "DATA1";
    case PID_ACK:
        return "ACK";
    case PID_NAK:
        return "NAK";
    case PID_STALL:
        return "STALL";
    default:
        return "?";
    }
}

void bench_assert_packets(struct bench *bench, const char *expected)
{
    struct text text = {0};

    for (unsigned i = 0; i < bench->packets; i++) {
        const struct obs_usb_packet *packet = &bench->packet[i].packet;

        text_printf(&text, "%s%s%s", i ? " " : "", packet->sender == USB_FROM_DEVICE ? "<" : "",
                    pid_name(packet->pid));
        if (packet->pid == PID_DATA0 || packet->pid == PID_DATA1)
            text_printf(&text, ":%u", packet->size);
    }
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
    bench->packets = 0;
}
