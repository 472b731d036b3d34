/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors: well-formed, complete, and consistent with each other (USB 2.0, 9.5 and 9.6). */
#include "sim/base/bits.h"
#include "sim/comply/writer.h"
#include "sim/usb/request.h"

#include <stdio.h>
#include <string.h>

/* ---- Each for itself ------------------------------------------------------------------------- */

/* What a check of sim/usb/descriptor.h found. */
static enum comply_plan verdict_of(bool good)
{
    return good ? PLAN_PASSED : PLAN_FAILED;
}

enum comply_plan check_device_descriptor(struct writer *writer)
{
    const struct comply_bytes *device = &writer->device->device;

    if (device->size != DEVICE_DESCRIPTOR_SIZE)
        return writer_fails(writer, "%zu bytes came, the device descriptor has 18", device->size);
    return verdict_of(usb_check_device(device->bytes, device->size, &writer->reason));
}

enum comply_plan check_configuration_descriptors(struct writer *writer)
{
    const struct comply_device *device = writer->device;

    for (unsigned i = 0; i < device->configurations; i++) {
        const struct comply_bytes *bytes = &device->configuration[i];

        if (!bytes->bytes)
            return writer_fails(writer,
                                "bNumConfigurations is %u, but configuration %u cannot be read",
                                device->configurations, i);
        if (!usb_check_configuration(bytes->bytes, bytes->size, &writer->reason))
            return PLAN_FAILED;
    }
    return device->configurations ? PLAN_PASSED
                                  : writer_fails(writer, "bNumConfigurations is 0, must be 1 or "
                                                         "more");
}

enum comply_plan check_configuration_values(struct writer *writer)
{
    const struct comply_device *device = writer->device;
    bool seen[256] = {false};

    for (unsigned i = 0; i < device->configurations; i++) {
        const struct comply_bytes *bytes = &device->configuration[i];

        if (bytes->size < CONFIGURATION_DESCRIPTOR_SIZE)
            continue;
        if (seen[bytes->bytes[5]])
            return writer_fails(writer, "two configurations have bConfigurationValue %u",
                                bytes->bytes[5]);
        seen[bytes->bytes[5]] = true;
    }
    return PLAN_PASSED;
}

/* ---- Interfaces and endpoints ---------------------------------------------------------------- */

static bool has_setting(const struct comply_device *device, unsigned configuration, unsigned number,
                        unsigned alternate)
{
    for (unsigned i = 0; i < device->interfaces; i++) {
        const struct comply_interface *interface = &device->interface[i];

        if (interface->configuration == configuration && interface->number == number &&
            interface->alternate == alternate)
            return true;
    }
    return false;
}

/* USB 2.0, 9.2.3: numbers and settings start at 0 and have no holes. */
enum comply_plan check_interface_numbers(struct writer *writer)
{
    const struct comply_device *device = writer->device;

    if (!device->interfaces)
        return writer_not_applicable(writer, "the device has no interface");
    for (unsigned i = 0; i < device->interfaces; i++) {
        const struct comply_interface *interface = &device->interface[i];
        unsigned configuration = interface->configuration;

        for (unsigned number = 0; number <= interface->number; number++)
            if (!has_setting(device, configuration, number, 0))
                return writer_fails(writer,
                                    "there is an interface %u, but no interface %u with "
                                    "bAlternateSetting 0",
                                    interface->number, number);
        for (unsigned alternate = 0; alternate < interface->alternate; alternate++)
            if (!has_setting(device, configuration, interface->number, alternate))
                return writer_fails(writer, "interface %u has a setting %u, but no setting %u",
                                    interface->number, interface->alternate, alternate);
    }
    return PLAN_PASSED;
}

enum comply_plan check_endpoint_addresses(struct writer *writer)
{
    const struct comply_device *device = writer->device;

    if (!device->endpoints)
        return writer_not_applicable(writer, "the device has only endpoint 0");
    for (unsigned i = 0; i < device->endpoints; i++) {
        for (unsigned j = 0; j < i; j++) {
            const struct comply_endpoint *one = &device->endpoint[i];
            const struct comply_endpoint *other = &device->endpoint[j];

            if (one->address == other->address &&
                one->interface->configuration == other->interface->configuration &&
                one->interface->number != other->interface->number)
                return writer_fails(writer, "endpoint 0x%02x belongs to interface %u and to %u",
                                    one->address, other->interface->number, one->interface->number);
        }
    }
    return PLAN_PASSED;
}

enum comply_plan check_default_bandwidth(struct writer *writer)
{
    const struct comply_device *device = writer->device;
    unsigned isochronous = 0;

    for (unsigned i = 0; i < device->endpoints; i++) {
        const struct comply_endpoint *endpoint = &device->endpoint[i];

        isochronous += endpoint->type == 1;
        if (endpoint->type == 1 && !endpoint->interface->alternate && endpoint->size)
            return writer_fails(writer,
                                "isochronous endpoint 0x%02x has wMaxPacketSize %u in setting 0 of "
                                "interface %u, must be 0 or stand in another setting",
                                endpoint->address, endpoint->size, endpoint->interface->number);
    }
    return isochronous ? PLAN_PASSED
                       : writer_not_applicable(writer, "the device has no isochronous endpoint");
}

static bool check_association(struct writer *writer, unsigned configuration, const uint8_t *at)
{
    if (at[0] != 8) {
        (void)writer_fails(writer, "bLength is %u, must be 8", at[0]);
        return false;
    }
    for (unsigned i = 0; i < at[3]; i++) {
        if (!has_setting(writer->device, configuration, at[2] + i, 0)) {
            (void)writer_fails(writer,
                               "an association of %u interfaces from number %u on, but there is no "
                               "interface %u",
                               at[3], at[2], at[2] + i);
            return false;
        }
    }
    if (at[3] == 0)
        (void)writer_fails(writer, "an association of no interfaces");
    return at[3] != 0;
}

enum comply_plan check_associations(struct writer *writer)
{
    const struct comply_device *device = writer->device;
    unsigned associations = 0;

    for (unsigned i = 0; i < device->configurations; i++) {
        const struct comply_bytes *bytes = &device->configuration[i];
        const uint8_t *at = bytes->size >= 2 ? bytes->bytes : NULL;

        for (; at; at = usb_next_descriptor(at, bytes->bytes + bytes->size)) {
            if (at[1] != USB_INTERFACE_ASSOCIATION)
                continue;
            associations++;
            if (!check_association(writer, i, at))
                return PLAN_FAILED;
        }
    }
    if (!associations)
        return writer_not_applicable(writer, "there is no association");
    /* The class that tells a host to look for them (IAD ECN, table Z-2). */
    if (memcmp(device->device.bytes + 4, "\xef\x02\x01", 3) != 0)
        return writer_fails(
            writer, "device class %02x/%02x/%02x, must be ef/02/01 with an association",
            device->device.bytes[4], device->device.bytes[5], device->device.bytes[6]);
    return PLAN_PASSED;
}

/* ---- Strings --------------------------------------------------------------------------------- */

enum comply_plan check_languages(struct writer *writer)
{
    const struct comply_device *device = writer->device;

    if (!device->strings)
        return writer_not_applicable(writer, "no descriptor names a string");
    if (!device->languages.bytes)
        return writer_fails(writer, "strings are named, but string 0 cannot be read");
    return verdict_of(
        usb_check_string(device->languages.bytes, device->languages.size, 0, &writer->reason));
}

enum comply_plan check_strings(struct writer *writer)
{
    const struct comply_device *device = writer->device;

    if (!device->strings)
        return writer_not_applicable(writer, "no descriptor names a string");
    for (unsigned i = 0; i < device->strings; i++) {
        const struct comply_string *string = &device->string[i];

        if (!string->bytes.bytes)
            return writer_fails(writer, "string %u is named, but cannot be read", string->index);
        if (!usb_check_string(string->bytes.bytes, string->bytes.size, string->index,
                              &writer->reason))
            return PLAN_FAILED;
    }
    return PLAN_PASSED;
}

/* ---- BOS ------------------------------------------------------------------------------------- */

static enum comply_plan check_capabilities(struct writer *writer)
{
    const struct comply_bytes *bos = &writer->device->bos;
    unsigned capabilities = 0;
    size_t at = 5;

    while (at < bos->size) {
        const uint8_t *capability = bos->bytes + at;

        if (bos->size - at < 3 || capability[0] < 3 || capability[0] > bos->size - at)
            return writer_fails(writer,
                                "the capability at byte %zu has bLength %u, but %zu bytes "
                                "are left",
                                at, capability[0], bos->size - at);
        if (capability[1] != USB_DEVICE_CAPABILITY)
            return writer_fails(writer, "the descriptor at byte %zu has type %u, must be 16", at,
                                capability[1]);
        capabilities++;
        at += capability[0];
    }
    if (capabilities != bos->bytes[4])
        return writer_fails(writer, "bNumDeviceCaps is %u, but %u follow", bos->bytes[4],
                            capabilities);
    return PLAN_PASSED;
}

enum comply_plan check_bos(struct writer *writer)
{
    const struct comply_bytes *bos = &writer->device->bos;
    unsigned version = load_le16(writer->device->device.bytes + 2);

    if (!bos->bytes && version < 0x0201)
        return writer_not_applicable(writer, "bcdUSB is %04x: no BOS descriptor is needed",
                                     version);
    if (!bos->bytes)
        return writer_fails(writer, "bcdUSB is %04x, but there is no BOS descriptor", version);
    if (bos->size < 5 || bos->bytes[0] != 5 || bos->bytes[1] != USB_BOS)
        return writer_fails(writer, "bLength or bDescriptorType is wrong");
    if (load_le16(bos->bytes + 2) != bos->size)
        return writer_fails(writer, "wTotalLength is %u, but %zu bytes came",
                            load_le16(bos->bytes + 2), bos->size);
    return check_capabilities(writer);
}

/* ---- In pieces ------------------------------------------------------------------------------- */

static void ask_piece(struct writer *writer, const char *request, const struct comply_bytes *bytes,
                      size_t length)
{
    writer_say(writer, "get descriptor %s %zu\n", request, length);
    writer_expect(writer, bytes->bytes, length < bytes->size ? length : bytes->size);
}

enum comply_plan ask_device_lengths(struct writer *writer)
{
    static const uint16_t lengths[] = {1, 2, 7, 8, 9, 17, 18, 19, 63, 64, 65, 255, 256, 65535};

    for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++)
        ask_piece(writer, "device", &writer->device->device, lengths[i]);
    return PLAN_ASK;
}

enum comply_plan ask_configuration_lengths(struct writer *writer)
{
    static const uint16_t lengths[] = {1,  4,   8,   9,   10,  32,  63,   64,
                                       65, 127, 128, 129, 255, 512, 4096, 65535};

    for (unsigned i = 0; i < writer->device->configurations; i++) {
        const struct comply_bytes *bytes = &writer->device->configuration[i];
        char request[40];

        if (!bytes->bytes)
            return writer_fails(writer, "configuration %u cannot be read", i);
        (void)snprintf(request, sizeof request, "configuration %u", i);
        for (size_t j = 0; j < ARRAY_LENGTH(lengths); j++)
            ask_piece(writer, request, bytes, lengths[j]);
        ask_piece(writer, request, bytes, bytes->size - 1);
        ask_piece(writer, request, bytes, bytes->size);
        ask_piece(writer, request, bytes, bytes->size + 1);
    }
    return PLAN_ASK;
}

static void say_string(struct writer *writer, const struct comply_string *string, char *request,
                       size_t room)
{
    const struct comply_bytes *languages = &writer->device->languages;

    (void)snprintf(request, room, "string %u language 0x%04x", string->index,
                   languages->size >= 4 ? load_le16(languages->bytes + 2) : 0x0409);
}

enum comply_plan ask_string_lengths(struct writer *writer)
{
    static const uint16_t lengths[] = {1, 2, 3, 4, 8, 63, 64, 65, 254, 255};

    for (unsigned i = 0; i < writer->device->strings; i++) {
        const struct comply_string *string = &writer->device->string[i];
        char request[60];

        if (!string->bytes.bytes)
            continue; /* another case tells it */
        say_string(writer, string, request, sizeof request);
        for (size_t j = 0; j < ARRAY_LENGTH(lengths); j++)
            ask_piece(writer, request, &string->bytes, lengths[j]);
    }
    if (!writer->steps.length)
        return writer_not_applicable(writer, "the device has no strings");
    ask_piece(writer, "string 0", &writer->device->languages, 2);
    ask_piece(writer, "string 0", &writer->device->languages, 255);
    return PLAN_ASK;
}

enum comply_plan ask_descriptors_again(struct writer *writer)
{
    const struct comply_device *device = writer->device;

    ask_piece(writer, "device", &device->device, 18);
    for (unsigned i = 0; i < device->configurations; i++) {
        char request[40];

        (void)snprintf(request, sizeof request, "configuration %u", i);
        if (device->configuration[i].bytes)
            ask_piece(writer, request, &device->configuration[i], 4096);
    }
    for (unsigned i = 0; i < device->strings; i++) {
        char request[60];

        say_string(writer, &device->string[i], request, sizeof request);
        if (device->string[i].bytes.bytes)
            ask_piece(writer, request, &device->string[i].bytes, 255);
    }
    return PLAN_ASK;
}

/* ---- What is not there ----------------------------------------------------------------------- */

/* USB 2.0, 9.6.4: without a device qualifier there is none. */
enum comply_plan ask_other_speed(struct writer *writer)
{
    writer_say(writer, "get descriptor other-speed 9 expect stall\n");
    return PLAN_ASK;
}

/* 0xee is left out: Windows's older scheme uses it. */
enum comply_plan ask_no_string(struct writer *writer)
{
    unsigned index = 0xfd;

    for (unsigned i = 0; i < writer->device->strings; i++)
        if (writer->device->string[i].index == index)
            return writer_not_applicable(writer, "the device has very many strings");
    writer_say(writer, "get descriptor string %u 255 expect stall\n", index);
    return PLAN_ASK;
}

enum comply_plan ask_no_configuration(struct writer *writer)
{
    writer_say(writer, "get descriptor configuration %u 255 expect stall\n",
               writer->device->device.bytes[17]);
    writer_say(writer, "get descriptor configuration 255 255 expect stall\n");
    return PLAN_ASK;
}
