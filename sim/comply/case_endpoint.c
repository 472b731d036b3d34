/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints besides 0: halt, data toggles, transfers given up (USB 2.0, 5.8.5, 8.6, 9.4.5). */
#include "sim/comply/writer.h"

#include <stdio.h>

enum { MASS_STORAGE = 8 };

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

    for (unsigned at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;) {
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

    for (unsigned at = 0; (halted = device_open_endpoint(writer->device, &at)) != NULL;
         endpoints++) {
        say_feature(writer, halted, "set");
        for (unsigned i = 0; (other = device_open_endpoint(writer->device, &i)) != NULL;) {
            writer_see_halt(writer, other->address, other->address == halted->address);
            if (other->address != halted->address && other->address & 0x80)
                say_transfer(writer, other, "ok or nak");
        }
        say_feature(writer, halted, "clear");
    }
    return endpoints >= 2 ? PLAN_ASK
                          : writer_not_applicable(
                                writer, "the device has less than two bulk or interrupt endpoints");
}

/* ---- Data toggles ---------------------------------------------------------------------------- */

/* Where writes mean something to the device they may bring something to read: two, as a device
 * whose toggle is wrong drops the first. Mass storage takes nothing but commands. */
static void say_writes(struct writer *writer)
{
    const struct comply_endpoint *endpoint;

    for (unsigned at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;)
        if (!(endpoint->address & 0x80) && endpoint->interface->class != MASS_STORAGE)
            writer_say(
                writer,
                "loop 2 {\nout on endpoint %u 1 bytes bulk within 1 ms expect ok or nak\n}\n",
                endpoint->address);
}

/* A packet that comes must have DATA0, which the host checks. */
static void say_first_read(struct writer *writer, const struct comply_endpoint *endpoint)
{
    say_writes(writer);
    writer_say(writer, "in on endpoint %u %u bulk as data0 within 1 ms expect ok or nak\n",
               endpoint->address & 15u, endpoint->size);
}

/* The toggle starts again with DATA0 on both sides. */
enum comply_plan ask_clear_without_halt(struct writer *writer)
{
    const struct comply_endpoint *endpoint;

    for (unsigned at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;) {
        for (unsigned round = 0; round < 3; round++) {
            say_feature(writer, endpoint, "clear");
            writer_see_halt(writer, endpoint->address, false);
            if (endpoint->address & 0x80)
                say_first_read(writer, endpoint);
        }
    }
    return ask_if_any(writer, bulk_or_interrupt);
}

/* One packet of each IN endpoint, if it has any; `how`; another one. */
static enum comply_plan ask_toggles(struct writer *writer, const char *how)
{
    const struct comply_endpoint *endpoint;
    unsigned endpoints = 0;

    for (unsigned at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;) {
        if (!(endpoint->address & 0x80))
            continue;
        for (unsigned round = 0; round < 3; round++) {
            writer_say(writer, "%s\n", how);
            say_first_read(writer, endpoint);
        }
        endpoints++;
    }
    return endpoints ? PLAN_ASK
                     : writer_not_applicable(writer, "the device has no bulk or interrupt IN "
                                                     "endpoint");
}

enum comply_plan ask_configuration_toggles(struct writer *writer)
{
    char how[40];

    (void)snprintf(how, sizeof how, "set configuration %u",
                   device_configuration_value(writer->device));
    return ask_toggles(writer, how);
}

/* Only where SET_INTERFACE cannot be refused. */
enum comply_plan ask_interface_toggles(struct writer *writer)
{
    const struct comply_endpoint *endpoint;
    char how[40];

    for (unsigned at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;) {
        if (device_settings(writer->device, endpoint->interface->number) < 2)
            continue;
        (void)snprintf(how, sizeof how, "set interface %u alternate 0",
                       endpoint->interface->number);
        return ask_toggles(writer, how);
    }
    return writer_not_applicable(writer, "no interface with several settings has bulk or "
                                         "interrupt endpoints in setting 0");
}

enum comply_plan ask_synch_frame(struct writer *writer)
{
    const struct comply_endpoint *endpoint;

    writer_say(writer, "synch frame endpoint 0 expect stall\n");
    for (unsigned at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;)
        writer_say(writer, "synch frame endpoint 0x%02x expect stall\n", endpoint->address);
    return PLAN_ASK;
}

/* ---- Unlink ---------------------------------------------------------------------------------- */

enum comply_plan ask_unlink_reads(struct writer *writer)
{
    static const unsigned times[] = {20, 150, 700, 1500, 3300};
    const struct comply_endpoint *endpoint;

    for (unsigned at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;) {
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

    for (unsigned at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;) {
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
