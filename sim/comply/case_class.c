/* SPDX-License-Identifier: Apache-2.0 */
/* What classes add to chapter 9: their descriptors, and the requests that change nothing. */
#include "sim/base/bits.h"
#include "sim/comply/writer.h"

#include <stdio.h>
#include <string.h>

enum {
    COMMUNICATION = 2,
    HID = 3,
    MASS_STORAGE = 8,
    CS_INTERFACE = 0x24,
    HID_DESCRIPTOR = 0x21,
    HID_REPORT = 0x22,
    BULK_ONLY = 0x50,
    PLATFORM_CAPABILITY = 5,
};

/* Settings 0 of the first configuration with this class; NULL behind the last. */
static const struct comply_interface *interface_of_class(const struct writer *writer,
                                                         unsigned class, unsigned *at)
{
    while (*at < writer->device->interfaces) {
        const struct comply_interface *interface = &writer->device->interface[(*at)++];

        if (!interface->configuration && !interface->alternate && interface->class == class)
            return interface;
    }
    return NULL;
}

/* ---- Communication devices ------------------------------------------------------------------- */

/* The functional descriptor with this subtype (CDC 1.2, 5.2.3), or NULL. */
static const uint8_t *functional(const struct comply_interface *interface, uint8_t subtype)
{
    for (const uint8_t *at = interface->descriptor; at;
         at = usb_next_descriptor(at, interface->end))
        if (at[1] == CS_INTERFACE && at[0] >= 3 && at[2] == subtype)
            return at;
    return NULL;
}

static enum comply_plan check_union(struct writer *writer, const struct comply_interface *interface,
                                    const uint8_t *its)
{
    if (its[0] < 5)
        return writer_fails(writer, "the union of interface %u has bLength %u, must be 5 or more",
                            interface->number, its[0]);
    if (its[3] != interface->number)
        return writer_fails(writer, "the union of interface %u says bControlInterface %u",
                            interface->number, its[3]);
    for (unsigned i = 4; i < its[0]; i++)
        if (!device_has_interface(writer->device, its[i]))
            return writer_fails(writer,
                                "the union of interface %u names interface %u, which is "
                                "not there",
                                interface->number, its[i]);
    return PLAN_PASSED;
}

enum comply_plan check_cdc_descriptors(struct writer *writer)
{
    const struct comply_interface *interface;
    unsigned interfaces = 0;

    for (unsigned at = 0; (interface = interface_of_class(writer, COMMUNICATION, &at)) != NULL;) {
        const uint8_t *header = functional(interface, 0);
        const uint8_t *its = functional(interface, 6);

        interfaces++;
        if (!header || header[0] < 5)
            return writer_fails(writer, "interface %u has no header functional descriptor",
                                interface->number);
        if (!its)
            return writer_fails(writer, "interface %u has no union functional descriptor",
                                interface->number);
        if (check_union(writer, interface, its) != PLAN_PASSED)
            return PLAN_FAILED;
    }
    return interfaces ? PLAN_PASSED
                      : writer_not_applicable(writer, "the device has no communication interface");
}

/* Those of the abstract control model with line coding (PSTN 1.2, 5.3.2, bit 1). */
enum comply_plan ask_line_coding(struct writer *writer)
{
    static const char *const codings[] = {"80 25 00 00 00 00 08", "00 c2 01 00 00 00 08",
                                          "00 10 0e 00 02 02 07"};
    const struct comply_interface *interface;

    for (unsigned at = 0; (interface = interface_of_class(writer, COMMUNICATION, &at)) != NULL;) {
        const uint8_t *model = functional(interface, 2);

        if (interface->subclass != 2 || !model || model[0] < 4 || !(model[3] & 2))
            continue;
        for (size_t i = 0; i < ARRAY_LENGTH(codings); i++)
            writer_say(writer,
                       "set line-coding interface %u data %s\n"
                       "get line-coding interface %u expect echo\n",
                       interface->number, codings[i], interface->number);
        writer_say(writer,
                   "set control-line-state 3 interface %u\nset control-line-state 0 interface %u\n",
                   interface->number, interface->number);
    }
    return writer->steps.length ? PLAN_ASK
                                : writer_not_applicable(writer, "the device has no line coding");
}

/* ---- HID ------------------------------------------------------------------------------------- */

enum comply_plan ask_hid_descriptors(struct writer *writer)
{
    const struct comply_interface *interface;

    for (unsigned at = 0; (interface = interface_of_class(writer, HID, &at)) != NULL;) {
        const uint8_t *hid = device_part(interface, HID_DESCRIPTOR);
        unsigned length;

        if (!hid || hid[0] < 9)
            return writer_fails(writer, "HID interface %u has no HID descriptor",
                                interface->number);
        if (hid[6] != HID_REPORT)
            return writer_fails(writer,
                                "HID interface %u: the first descriptor is of type 0x%02x, "
                                "must be 0x22 (report)",
                                interface->number, hid[6]);
        length = load_le16(hid + 7);
        writer_say(writer, "get descriptor hid interface %u 9\n", interface->number);
        writer_expect(writer, hid, hid[0] < 9 ? hid[0] : 9);
        writer_say(writer, "get descriptor report interface %u %u\nexpect %u bytes\n",
                   interface->number, length, length);
        writer_say(writer, "get descriptor report interface %u 4096\nexpect %u bytes\n",
                   interface->number, length);
    }
    return writer->steps.length ? PLAN_ASK
                                : writer_not_applicable(writer, "the device has no HID interface");
}

/* SET_PROTOCOL and GET_PROTOCOL are for devices of the boot subclass (HID 1.11, 7.2.5). */
enum comply_plan ask_hid_protocol(struct writer *writer)
{
    const struct comply_interface *interface;

    for (unsigned at = 0; (interface = interface_of_class(writer, HID, &at)) != NULL;) {
        unsigned number = interface->number;

        /* SET_IDLE may be refused by all but keyboards (7.2.4). */
        writer_say(writer, "set idle 0 interface %u%s\n", number,
                   interface->subclass == 1 && interface->protocol == 1 ? ""
                                                                        : " expect ok or stall");
        if (interface->subclass != 1)
            continue;
        writer_say(writer, "get protocol interface %u expect 01\n", number);
        writer_say(writer, "set protocol boot interface %u\n", number);
        writer_say(writer, "get protocol interface %u expect 00\n", number);
        writer_say(writer, "set protocol report interface %u\n", number);
        writer_say(writer, "get protocol interface %u expect 01\n", number);
    }
    return writer->steps.length ? PLAN_ASK
                                : writer_not_applicable(writer, "the device has no HID interface");
}

/* ---- Mass storage ---------------------------------------------------------------------------- */

/* BOT 1.0, 4.1.1: 12 characters of 0..9 and A..F at least. */
static enum comply_plan check_serial_number(struct writer *writer)
{
    const struct comply_device *device = writer->device;
    uint8_t index = device->device.bytes[16];
    const struct comply_bytes *serial = NULL;

    for (unsigned i = 0; i < device->strings; i++)
        if (index && device->string[i].index == index)
            serial = &device->string[i].bytes;
    if (!serial || !serial->bytes)
        return writer_fails(writer, "the device has no serial number, but mass storage must have");
    if (serial->size < 2 + 2 * 12)
        return writer_fails(writer, "the serial number has %zu characters, must have 12 or more",
                            (serial->size - 2) / 2);
    for (size_t i = 2; i + 1 < serial->size; i += 2)
        if (serial->bytes[i + 1] || !strchr("0123456789ABCDEF", serial->bytes[i]))
            return writer_fails(writer, "character %zu of the serial number is none of 0..9, A..F",
                                i / 2);
    return PLAN_PASSED;
}

static bool has_bulk(const struct writer *writer, const struct comply_interface *interface,
                     unsigned direction)
{
    for (unsigned i = 0; i < writer->device->endpoints; i++) {
        const struct comply_endpoint *endpoint = &writer->device->endpoint[i];

        if (endpoint->interface == interface && endpoint->type == 2 &&
            (endpoint->address & 0x80) == direction)
            return true;
    }
    return false;
}

enum comply_plan check_msc_descriptors(struct writer *writer)
{
    const struct comply_interface *interface;
    unsigned interfaces = 0;

    for (unsigned at = 0; (interface = interface_of_class(writer, MASS_STORAGE, &at)) != NULL;) {
        if (interface->protocol != BULK_ONLY)
            continue;
        interfaces++;
        if (!has_bulk(writer, interface, 0x80) || !has_bulk(writer, interface, 0))
            return writer_fails(writer,
                                "interface %u has not both a bulk IN and a bulk OUT "
                                "endpoint",
                                interface->number);
    }
    return interfaces ? check_serial_number(writer)
                      : writer_not_applicable(writer, "the device has no bulk-only mass storage");
}

enum comply_plan ask_msc_max_lun(struct writer *writer)
{
    const struct comply_interface *interface;

    for (unsigned at = 0; (interface = interface_of_class(writer, MASS_STORAGE, &at)) != NULL;)
        if (interface->protocol == BULK_ONLY)
            writer_say(writer, "get max-lun interface %u expect ok or stall expect 00/f0\n",
                       interface->number);
    return writer->steps.length
               ? PLAN_ASK
               : writer_not_applicable(writer, "the device has no bulk-only mass storage");
}

/* ---- Microsoft OS 2.0 ------------------------------------------------------------------------ */

static const uint8_t *os_capability(const struct comply_bytes *bos)
{
    static const uint8_t uuid[16] = {0xdf, 0x60, 0xdd, 0xd8, 0x89, 0x45, 0xc7, 0x4c,
                                     0x9c, 0xd2, 0x65, 0x9d, 0x9e, 0x64, 0x8a, 0x9f};
    const uint8_t *at = bos->size >= 5 ? bos->bytes : NULL;

    for (; at; at = usb_next_descriptor(at, bos->bytes + bos->size))
        if (at[0] >= 28 && at[2] == PLATFORM_CAPABILITY && !memcmp(at + 4, uuid, sizeof uuid))
            return at;
    return NULL;
}

/* The header of the set stands first and tells the length of all (MS OS 2.0, table 10). */
enum comply_plan ask_os_descriptors(struct writer *writer)
{
    const uint8_t *capability = os_capability(&writer->device->bos);
    unsigned length;

    if (!capability)
        return writer_not_applicable(writer, "the BOS descriptor announces no such set");
    length = load_le16(capability + 24);
    writer_say(writer,
               "setup c0 %02x 00 00 07 00 %02x %02x expect %u bytes expect 0a 00 00 00 %02x %02x "
               "%02x %02x %02x %02x ...\n",
               capability[26], length & 0xff, length >> 8, length, capability[20], capability[21],
               capability[22], capability[23], capability[24], capability[25]);
    return PLAN_ASK;
}
