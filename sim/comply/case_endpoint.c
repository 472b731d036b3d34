/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints besides 0: halt, data toggles, transfers given up (USB 2.0, 5.8.5, 8.6, 9.4.5). */
#include "sim/comply/writer.h"

enum { MASS_STORAGE = 8 };

/* Bulk and interrupt endpoints of settings 0; NULL behind the last. */
static const struct comply_endpoint *open_endpoint(const struct writer *writer, unsigned *at)
{
    while (*at < writer->device->endpoints) {
        const struct comply_endpoint *endpoint = &writer->device->endpoint[(*at)++];

        if (device_endpoint_is_open(endpoint) && endpoint->type >= 2)
            return endpoint;
    }
    return NULL;
}

static enum comply_plan ask_if_any(struct writer *writer, const char *what)
{
    return writer->steps.length ? PLAN_ASK
                                : writer_not_applicable(writer, "the device has no %s", what);
}

static const char bulk_or_interrupt[] = "bulk or interrupt endpoint";

/* One token, or a few where the device does not answer. */
static void say_transfer(struct writer *writer, const struct comply_endpoint *endpoint,
                         const char *expected)
{
    if (endpoint->address & 0x80)
        writer_say(writer, "in on endpoint %u %u bulk within 1 ms expect %s\n",
                   endpoint->address & 15u, endpoint->size, expected);
    else
        writer_say(writer, "out on endpoint %u 1 bytes bulk within 1 ms expect %s\n",
                   endpoint->address, expected);
}

static void say_feature(struct writer *writer, const struct comply_endpoint *endpoint,
                        const char *what)
{
    writer_say(writer, "%s feature halt endpoint 0x%02x\n", what, endpoint->address);
}

/* Of all types: an isochronous endpoint has no halt, and says 0. */
enum comply_plan ask_endpoint_status(struct writer *writer)
{
    for (unsigned i = 0; i < writer->device->endpoints; i++)
        if (device_endpoint_is_open(&writer->device->endpoint[i]))
            writer_say(writer, "get status endpoint 0x%02x\nexpect 00 00\n",
                       writer->device->endpoint[i].address);
    return ask_if_any(writer, "endpoint besides 0 in settings 0");
}

/* Behind CLEAR_FEATURE whatever the class makes of it may come, but no STALL. */
enum comply_plan ask_halt(struct writer *writer)
{
    const struct comply_endpoint *endpoint;

    for (unsigned at = 0; (endpoint = open_endpoint(writer, &at)) != NULL;) {
        say_feature(writer, endpoint, "set");
        writer_see_halt(writer, endpoint->address, true);
        say_transfer(writer, endpoint, "stall");
        say_transfer(writer, endpoint, "stall");
        say_feature(writer, endpoint, "clear");
        writer_see_halt(writer, endpoint->address, false);
        if (endpoint->address & 0x80)
            say_transfer(writer, endpoint, "ok or nak");
    }
    return ask_if_any(writer, bulk_or_interrupt);
}

enum comply_plan ask_halt_is_alone(struct writer *writer)
{
    const struct comply_endpoint *halted;
    const struct comply_endpoint *other;
    unsigned endpoints = 0;

    for (unsigned at = 0; (halted = open_endpoint(writer, &at)) != NULL; endpoints++) {
        say_feature(writer, halted, "set");
        for (unsigned i = 0; (other = open_endpoint(writer, &i)) != NULL;) {
            writer_see_halt(writer, other->address, other == halted);
            if (other != halted && other->address & 0x80)
                say_transfer(writer, other, "ok or nak");
        }
        say_feature(writer, halted, "clear");
    }
    return endpoints >= 2 ? PLAN_ASK
                          : writer_not_applicable(
                                writer, "the device has less than two bulk or interrupt endpoints");
}

/* The toggle starts again with DATA0 on both sides: a packet that comes must have it, which the
 * host checks. */
enum comply_plan ask_clear_without_halt(struct writer *writer)
{
    const struct comply_endpoint *endpoint;

    for (unsigned at = 0; (endpoint = open_endpoint(writer, &at)) != NULL;) {
        for (unsigned round = 0; round < 3; round++) {
            say_feature(writer, endpoint, "clear");
            writer_see_halt(writer, endpoint->address, false);
            if (endpoint->address & 0x80)
                writer_say(writer,
                           "in on endpoint %u %u bulk as data0 within 1 ms expect ok or nak\n",
                           endpoint->address & 15u, endpoint->size);
        }
    }
    return ask_if_any(writer, bulk_or_interrupt);
}

enum comply_plan ask_synch_frame(struct writer *writer)
{
    const struct comply_endpoint *endpoint;

    writer_say(writer, "synch frame endpoint 0 expect stall\n");
    for (unsigned at = 0; (endpoint = open_endpoint(writer, &at)) != NULL;)
        writer_say(writer, "synch frame endpoint 0x%02x expect stall\n", endpoint->address);
    return PLAN_ASK;
}

/* ---- Unlink ---------------------------------------------------------------------------------- */

enum comply_plan ask_unlink_reads(struct writer *writer)
{
    static const unsigned times[] = {20, 150, 700, 1500, 3300};
    const struct comply_endpoint *endpoint;

    for (unsigned at = 0; (endpoint = open_endpoint(writer, &at)) != NULL;) {
        if (!(endpoint->address & 0x80))
            continue;
        for (size_t i = 0; i < ARRAY_LENGTH(times); i++)
            writer_say(writer, "in on endpoint %u %u bulk after %u us stop expect ok or nak\n",
                       endpoint->address & 15u, 4 * endpoint->size, times[i]);
        writer_see_halt(writer, endpoint->address, false);
    }
    return ask_if_any(writer, "bulk or interrupt IN endpoint");
}

/* Mass storage takes nothing but commands. Afterwards the configuration is set again: what was
 * written means nothing. */
enum comply_plan ask_unlink_writes(struct writer *writer)
{
    static const unsigned times[] = {20, 150, 700, 1500, 3300};
    const struct comply_endpoint *endpoint;

    for (unsigned at = 0; (endpoint = open_endpoint(writer, &at)) != NULL;) {
        if (endpoint->address & 0x80 || endpoint->interface->class == MASS_STORAGE)
            continue;
        for (size_t i = 0; i < ARRAY_LENGTH(times); i++)
            writer_say(writer,
                       "out on endpoint %u %u bytes bulk after %u us stop expect ok or nak\n",
                       endpoint->address, 4u * endpoint->size, times[i]);
        writer_see_halt(writer, endpoint->address, false);
    }
    if (writer->steps.length)
        writer_say(writer, "set configuration %u\n", device_configuration_value(writer->device));
    return ask_if_any(writer, "bulk or interrupt OUT endpoint that may be written to");
}
