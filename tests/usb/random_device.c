/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/usb/random_device.h"

#include "sim/base/heap.h"
#include "sim/base/rng.h"
#include "sim/usb/host.h"

#include <string.h>

struct bus {
    struct scheduler scheduler;
    struct chooser chooser;
    struct wires wires;
    struct trace trace;
    struct state state;
    struct host *host;
    struct rng rng;
    uint8_t toggles; /* the last data packet's, more or less */
};

static bool chance(struct bus *bus, uint32_t one_in)
{
    return rng_between(&bus->rng, 1, one_in) == 1;
}

/* Now and then the device is pulled, or comes back. */
static void jiggle(struct bus *bus)
{
    if (chance(bus, 200))
        wire_set(&bus->wires, WIRE_USB_PULLUP, !wire_get(&bus->wires, WIRE_USB_PULLUP));
}

static enum usb_answer answer(struct bus *bus)
{
    static const enum usb_answer answers[] = {USB_ANSWER_ACK, USB_ANSWER_ACK, USB_ANSWER_ACK,
                                              USB_ANSWER_ACK, USB_ANSWER_NAK, USB_ANSWER_STALL,
                                              USB_ANSWER_NONE};

    jiggle(bus);
    return answers[rng_between(&bus->rng, 0, ARRAY_LENGTH(answers) - 1)];
}

static void ignore(void *owner)
{
    jiggle(owner);
}

static void see_frame(void *owner, uint16_t frame)
{
    (void)frame;
    jiggle(owner);
}

static enum usb_answer take_setup(void *owner, uint8_t address, const uint8_t packet[8])
{
    struct bus *bus = owner;

    (void)address;
    (void)packet;
    bus->toggles = 1;
    return chance(bus, 20) ? answer(bus) : USB_ANSWER_ACK;
}

static enum usb_answer take_out(void *owner, uint8_t address, uint8_t endpoint, enum usb_pid pid,
                                const uint8_t *bytes, size_t size)
{
    (void)address;
    (void)endpoint;
    (void)pid;
    (void)bytes;
    (void)size;
    return answer(owner);
}

static enum usb_answer give_in(void *owner, uint8_t address, uint8_t endpoint,
                               struct usb_data *data)
{
    struct bus *bus = owner;

    (void)address;
    (void)endpoint;
    memset(data, 0, sizeof *data);
    data->pid = bus->toggles & 1 ? PID_DATA1 : PID_DATA0;
    if (!chance(bus, 10))
        bus->toggles ^= 1;
    if (chance(bus, 30))
        data->pid = PID_STALL;
    data->size = (uint16_t)(chance(bus, 20) ? rng_between(&bus->rng, 0, USB_ISO_MAX)
                                            : rng_between(&bus->rng, 0, 18));
    for (unsigned i = 0; i < data->size; i++)
        data->bytes[i] = (uint8_t)rng_next(&bus->rng);
    return answer(bus);
}

static void take_ack(void *owner, uint8_t address, uint8_t endpoint)
{
    (void)address;
    (void)endpoint;
    jiggle(owner);
}

static void take_isochronous(void *owner, uint8_t address, uint8_t endpoint, const uint8_t *bytes,
                             size_t size, bool intact)
{
    (void)address;
    (void)endpoint;
    (void)bytes;
    (void)size;
    (void)intact;
    jiggle(owner);
}

static bool give_isochronous(void *owner, uint8_t address, uint8_t endpoint, struct usb_data *data)
{
    return give_in(owner, address, endpoint, data) == USB_ANSWER_ACK;
}

static const struct usb_port_ops random_port = {
    .reset_begin = ignore,
    .reset_end = ignore,
    .sof = see_frame,
    .suspend = ignore,
    .resume = ignore,
    .setup = take_setup,
    .out = take_out,
    .in = give_in,
    .in_acknowledged = take_ack,
    .isochronous_out = take_isochronous,
    .isochronous_in = give_isochronous,
};

static void see(void *owner, const struct observation *observation)
{
    (void)owner;
    (void)observation;
}

static struct bus *create(const struct conversation *conversation, uint64_t seed)
{
    struct bus *bus = heap_allocate(1, sizeof *bus);

    rng_seed(&bus->rng, seed);
    scheduler_reset(&bus->scheduler);
    wires_reset(&bus->wires);
    trace_init(&bus->trace, &bus->scheduler.state.now);
    chooser_init(&bus->chooser, CHOICE_RANDOM, seed);
    bus->chooser.other_policy = CHOICE_RANDOM;
    trace_subscribe(&bus->trace, TRACE_KIND(HOST), see, bus);
    bus->host = host_create(&(struct host_config){.scheduler = &bus->scheduler,
                                                  .chooser = &bus->chooser,
                                                  .wires = &bus->wires,
                                                  .trace = &bus->trace,
                                                  .state = &bus->state,
                                                  .port = &random_port,
                                                  .device = bus,
                                                  .profile = HOST_SCRIPT,
                                                  .script = conversation});
    return bus;
}

uint64_t random_device_run(const struct conversation *conversation, uint64_t seed, unsigned events)
{
    struct bus *bus = create(conversation, seed);
    uint64_t hash;

    host_power_on(bus->host);
    wire_set(&bus->wires, WIRE_USB_PULLUP, true);
    for (unsigned i = 0; i < events && host_outcome(bus->host) == HOST_BUSY; i++) {
        sim_time next = scheduler_next(&bus->scheduler);

        if (next == SIM_TIME_NEVER)
            break;
        scheduler_skip_to(&bus->scheduler, next);
        scheduler_dispatch(&bus->scheduler);
    }
    hash = state_hash(&bus->state);
    host_destroy(bus->host);
    heap_release(bus);
    return hash;
}
