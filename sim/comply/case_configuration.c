/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations and interfaces (USB 2.0, 9.1.1.5, 9.4.2, 9.4.4, 9.4.7 and 9.4.10). */
#include "sim/comply/writer.h"

#include <stdio.h>

static void say_set(struct writer *writer, uint8_t value)
{
    writer_say(writer, "set configuration %u\n", value);
    writer_see_configuration(writer, value);
}

enum comply_plan ask_each_configuration(struct writer *writer)
{
    const struct comply_device *device = writer->device;

    for (unsigned i = 0; i < device->configurations; i++) {
        uint8_t value;

        if (!device->configuration[i].bytes)
            continue; /* another case tells it */
        value = device->configuration[i].bytes[5];
        say_set(writer, value);
        say_set(writer, 0);
        say_set(writer, value);
    }
    return PLAN_ASK;
}

/* A device may be silent or answer STALL. NAK comes from hardware that does not know better. What
 * it must not do is send or take data. */
enum comply_plan ask_unconfigured_endpoints(struct writer *writer)
{
    const struct comply_endpoint *endpoint;
    unsigned at = 0;

    writer_say(writer, "set configuration 0\n");
    while ((endpoint = device_open_endpoint(writer->device, &at)) != NULL) {
        if (endpoint->address & 0x80)
            writer_say(writer,
                       "in on endpoint %u %u bulk within 5 ms expect stall or timeout or "
                       "nak\n",
                       endpoint->address & 15u, endpoint->size);
        else
            writer_say(writer,
                       "out on endpoint %u 1 bytes bulk within 5 ms expect stall or "
                       "timeout or nak\n",
                       endpoint->address);
    }
    return writer->device->endpoints
               ? PLAN_ASK
               : writer_not_applicable(writer, "the device has only endpoint 0");
}

/* By its status, and by what it answers. */
static void see_no_halt(struct writer *writer, const struct comply_endpoint *endpoint)
{
    writer_see_halt(writer, endpoint->address, false);
    if (endpoint->address & 0x80)
        writer_say(writer, "in on endpoint %u %u bulk within 1 ms expect ok or nak\n",
                   endpoint->address & 15u, endpoint->size);
}

/* Halts all endpoints, does `how`, and looks at them. */
static enum comply_plan ask_end_of_halt(struct writer *writer, uint8_t interface, bool all,
                                        const char *how)
{
    const struct comply_endpoint *endpoint;
    unsigned endpoints = 0;
    unsigned at = 0;

    while ((endpoint = device_open_endpoint(writer->device, &at)) != NULL) {
        if (!all && endpoint->interface->number != interface)
            continue;
        writer_say(writer, "set feature halt endpoint 0x%02x\n", endpoint->address);
        endpoints++;
    }
    writer_say(writer, "%s\n", how);
    for (at = 0; (endpoint = device_open_endpoint(writer->device, &at)) != NULL;) {
        if (all || endpoint->interface->number == interface)
            see_no_halt(writer, endpoint);
    }
    return endpoints
               ? PLAN_ASK
               : writer_not_applicable(writer, "the device has no bulk or interrupt endpoint");
}

enum comply_plan ask_configuration_clears_halt(struct writer *writer)
{
    char how[40];

    (void)snprintf(how, sizeof how, "set configuration %u",
                   device_configuration_value(writer->device));
    return ask_end_of_halt(writer, 0, true, how);
}

enum comply_plan ask_interface_status(struct writer *writer)
{
    for (unsigned i = 0; i < writer->device->interfaces; i++) {
        const struct comply_interface *interface = &writer->device->interface[i];

        if (!interface->configuration && !interface->alternate)
            writer_say(writer, "get status interface %u\nexpect 00 00\n", interface->number);
    }
    return writer->steps.length ? PLAN_ASK
                                : writer_not_applicable(writer, "the device has no interface");
}

enum comply_plan ask_interface_setting(struct writer *writer)
{
    for (unsigned i = 0; i < writer->device->interfaces; i++) {
        const struct comply_interface *interface = &writer->device->interface[i];

        if (!interface->configuration && !interface->alternate)
            writer_say(writer, "get interface %u\nexpect 00\n", interface->number);
    }
    return writer->steps.length ? PLAN_ASK
                                : writer_not_applicable(writer, "the device has no interface");
}

/* USB 2.0, 9.4.10: an interface with a single setting may refuse SET_INTERFACE. */
enum comply_plan ask_each_alternate(struct writer *writer)
{
    for (unsigned i = 0; i < writer->device->interfaces; i++) {
        const struct comply_interface *interface = &writer->device->interface[i];
        bool only_one = device_settings(writer->device, interface->number) == 1;

        if (interface->configuration)
            continue;
        writer_say(writer, "set interface %u alternate %u%s\n", interface->number,
                   interface->alternate, only_one ? " expect ok or stall" : "");
        writer_see_setting(writer, interface->number, interface->alternate);
    }
    for (unsigned i = 0; i < writer->device->interfaces; i++) {
        const struct comply_interface *interface = &writer->device->interface[i];

        if (interface->configuration || device_settings(writer->device, interface->number) < 2)
            continue;
        writer_say(writer, "set interface %u alternate 0\n", interface->number);
        writer_see_setting(writer, interface->number, 0);
    }
    return writer->steps.length ? PLAN_ASK
                                : writer_not_applicable(writer, "the device has no interface");
}

enum comply_plan ask_wrong_alternate(struct writer *writer)
{
    for (unsigned i = 0; i < writer->device->interfaces; i++) {
        const struct comply_interface *interface = &writer->device->interface[i];

        if (interface->configuration || interface->alternate)
            continue;
        writer_say(writer, "set interface %u alternate %u expect stall\n", interface->number,
                   device_settings(writer->device, interface->number));
        writer_see_setting(writer, interface->number, 0);
    }
    return writer->steps.length ? PLAN_ASK
                                : writer_not_applicable(writer, "the device has no interface");
}

/* Only where SET_INTERFACE cannot be refused. */
enum comply_plan ask_interface_clears_halt(struct writer *writer)
{
    for (unsigned i = 0; i < writer->device->interfaces; i++) {
        const struct comply_interface *interface = &writer->device->interface[i];
        char how[40];

        if (interface->configuration || interface->alternate ||
            device_settings(writer->device, interface->number) < 2)
            continue;
        (void)snprintf(how, sizeof how, "set interface %u alternate 0", interface->number);
        if (ask_end_of_halt(writer, interface->number, false, how) == PLAN_ASK)
            return PLAN_ASK;
        text_clear(&writer->steps);
        text_clear(&writer->reason);
    }
    return writer_not_applicable(writer, "no interface with several settings has bulk or interrupt "
                                         "endpoints in setting 0");
}
