/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/comply/writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void append(struct text *text, const char *format, va_list values)
{
    char line[400];

    (void)vsnprintf(line, sizeof line, format, values);
    text_printf(text, "%s", line);
}

void writer_say(struct writer *writer, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    append(&writer->steps, format, values);
    va_end(values);
}

enum comply_plan writer_fails(struct writer *writer, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    append(&writer->reason, format, values);
    va_end(values);
    return PLAN_FAILED;
}

enum comply_plan writer_not_applicable(struct writer *writer, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    append(&writer->reason, format, values);
    va_end(values);
    return PLAN_NOT_APPLICABLE;
}

static void say_bytes(struct writer *writer, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        writer_say(writer, "%s%02x", i ? " " : "", bytes[i]);
}

/* A line holds a few hundred bytes comfortably; long ones go on behind a backslash. */
void writer_expect(struct writer *writer, const uint8_t *bytes, size_t size)
{
    enum { A_LINE = 24 };

    if (!size) {
        writer_say(writer, "expect 0 bytes\n");
        return;
    }
    writer_say(writer, "expect");
    for (size_t i = 0; i < size; i++)
        writer_say(writer, "%s %02x", i && i % A_LINE == 0 ? " \\\n   " : "", bytes[i]);
    writer_say(writer, "\n");
}

/* ---- What the device has --------------------------------------------------------------------- */

static const struct comply_bytes *first(const struct writer *writer)
{
    return &writer->device->configuration[0];
}

static uint8_t attributes(const struct writer *writer)
{
    return first(writer)->size >= CONFIGURATION_DESCRIPTOR_SIZE ? first(writer)->bytes[7] : 0;
}

static bool remote_wakeup(const struct writer *writer)
{
    return attributes(writer) & 0x20;
}

static bool is_configuration(const struct writer *writer, unsigned value)
{
    for (unsigned i = 0; i < writer->device->configurations; i++) {
        const struct comply_bytes *bytes = &writer->device->configuration[i];

        if (bytes->size >= CONFIGURATION_DESCRIPTOR_SIZE && bytes->bytes[5] == value)
            return true;
    }
    return false;
}

/* ---- Names ----------------------------------------------------------------------------------- */

static enum comply_plan expand_config(struct writer *writer)
{
    writer_say(writer, "%u", device_configuration_value(writer->device));
    return PLAN_ASK;
}

static enum comply_plan expand_config_byte(struct writer *writer)
{
    writer_say(writer, "%02x", device_configuration_value(writer->device));
    return PLAN_ASK;
}

void writer_see_configuration(struct writer *writer, uint8_t value)
{
    if (writer->device->tells_configuration)
        writer_say(writer, "get configuration\nexpect %02x\n", value);
}

void writer_see_halt(struct writer *writer, uint8_t address, bool halted)
{
    if (writer->device->tells_halt)
        writer_say(writer, "get status endpoint 0x%02x\nexpect %s 00\n", address,
                   halted ? "01" : "00");
}

void writer_see_setting(struct writer *writer, uint8_t interface, uint8_t alternate)
{
    if (writer->device->tells_setting)
        writer_say(writer, "get interface %u\nexpect %02x\n", interface, alternate);
}

static enum comply_plan expand_configured(struct writer *writer)
{
    writer_see_configuration(writer, device_configuration_value(writer->device));
    return PLAN_ASK;
}

static enum comply_plan expand_unconfigured(struct writer *writer)
{
    writer_see_configuration(writer, 0);
    return PLAN_ASK;
}

static enum comply_plan expand_no_config(struct writer *writer)
{
    unsigned value = 255;

    while (is_configuration(writer, value))
        value--;
    writer_say(writer, "%u", value);
    return PLAN_ASK;
}

static enum comply_plan expand_interface(struct writer *writer)
{
    if (!writer->device->interfaces)
        return writer_not_applicable(writer, "the device has no interface");
    writer_say(writer, "%u", writer->device->interface[0].number);
    return PLAN_ASK;
}

static enum comply_plan expand_no_interface(struct writer *writer)
{
    uint8_t number = 255;

    while (device_has_interface(writer->device, number))
        number--;
    writer_say(writer, "%u", number);
    return PLAN_ASK;
}

static enum comply_plan expand_endpoint(struct writer *writer)
{
    for (unsigned i = 0; i < writer->device->endpoints; i++) {
        const struct comply_endpoint *endpoint = &writer->device->endpoint[i];

        if (device_endpoint_is_open(endpoint) && endpoint->type >= 2) {
            writer_say(writer, "0x%02x", endpoint->address);
            return PLAN_ASK;
        }
    }
    return writer_not_applicable(writer, "the device has no bulk or interrupt endpoint");
}

static enum comply_plan expand_no_endpoint(struct writer *writer)
{
    uint8_t address = 0x8f;

    while (device_has_endpoint(writer->device, address))
        address--;
    writer_say(writer, "0x%02x", address);
    return PLAN_ASK;
}

/* Bit 0: self-powered, which may change where the descriptor says that the device can be. */
static enum comply_plan expand_status(struct writer *writer)
{
    writer_say(writer, attributes(writer) & 0x40 ? "00/fe 00" : "00 00");
    return PLAN_ASK;
}

static enum comply_plan expand_status_wakeup(struct writer *writer)
{
    writer_say(writer, attributes(writer) & 0x40 ? "02/fe 00" : "02 00");
    return PLAN_ASK;
}

static enum comply_plan expand_remote_wakeup(struct writer *writer)
{
    writer_say(writer, remote_wakeup(writer) ? "ok" : "stall");
    return PLAN_ASK;
}

static enum comply_plan expand_device(struct writer *writer)
{
    say_bytes(writer, writer->device->device.bytes, writer->device->device.size);
    return PLAN_ASK;
}

static enum comply_plan needs_remote_wakeup(struct writer *writer)
{
    return remote_wakeup(writer)
               ? PLAN_ASK
               : writer_not_applicable(writer, "bmAttributes says that the device "
                                               "has no remote wake-up");
}

static enum comply_plan needs_no_remote_wakeup(struct writer *writer)
{
    return remote_wakeup(writer) ? writer_not_applicable(writer, "the device has remote wake-up")
                                 : PLAN_ASK;
}

static enum comply_plan expand_name(struct writer *writer, const char *name, size_t length)
{
    static const struct {
        const char *name;
        comply_writer *expand;
    } names[] = {{"config", expand_config},
                 {"config-byte", expand_config_byte},
                 {"configured", expand_configured},
                 {"unconfigured", expand_unconfigured},
                 {"no-config", expand_no_config},
                 {"interface", expand_interface},
                 {"no-interface", expand_no_interface},
                 {"endpoint", expand_endpoint},
                 {"no-endpoint", expand_no_endpoint},
                 {"status", expand_status},
                 {"status-wakeup", expand_status_wakeup},
                 {"remote-wakeup", expand_remote_wakeup},
                 {"device", expand_device},
                 {"needs-remote-wakeup", needs_remote_wakeup},
                 {"needs-no-remote-wakeup", needs_no_remote_wakeup}};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strlen(names[i].name) == length && !strncmp(names[i].name, name, length))
            return names[i].expand(writer);
    return writer_fails(writer, "the case names {%.*s}, which is nothing", (int)length, name);
}

/* Braces of loops stand at the ends of lines, or alone: names have a letter behind theirs. */
enum comply_plan writer_expand(struct writer *writer, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "{");
        enum comply_plan plan;
        size_t length;

        if (text[plain] == '{' && (text[plain + 1] < 'a' || text[plain + 1] > 'z'))
            plain++;
        text_append(&writer->steps, text, plain);
        text += plain;
        if (*text != '{' || text[1] < 'a' || text[1] > 'z')
            continue;
        length = strcspn(text, "}") - 1;
        plan = expand_name(writer, text + 1, length);
        if (plan != PLAN_ASK)
            return plan;
        text += length + 2;
    }
    return PLAN_ASK;
}
