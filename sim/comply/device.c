/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/comply/device.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/usb/request.h"

#include <string.h>

const uint8_t *device_part(const struct comply_interface *interface, uint8_t type)
{
    const uint8_t *at = interface->descriptor;

    while (at && at[1] != type)
        at = usb_next_descriptor(at, interface->end);
    return at;
}

static void note_string(struct comply_device *device, uint8_t index)
{
    if (!index || device->strings == COMPLY_STRINGS)
        return;
    for (unsigned i = 0; i < device->strings; i++)
        if (device->string[i].index == index)
            return;
    device->string[device->strings++].index = index;
}

static struct comply_interface *add_interface(struct comply_device *device, unsigned configuration,
                                              const uint8_t *at)
{
    struct comply_interface *interface;

    if (device->interfaces == COMPLY_INTERFACES || at[0] < INTERFACE_DESCRIPTOR_SIZE)
        return NULL;
    interface = &device->interface[device->interfaces++];
    *interface = (struct comply_interface){.configuration = (uint8_t)configuration,
                                           .number = at[2],
                                           .alternate = at[3],
                                           .class = at[5],
                                           .subclass = at[6],
                                           .protocol = at[7],
                                           .descriptor = at};
    note_string(device, at[8]);
    return interface;
}

static void add_endpoint(struct comply_device *device, const struct comply_interface *interface,
                         const uint8_t *at)
{
    if (!interface || device->endpoints == COMPLY_ENDPOINTS || at[0] < ENDPOINT_DESCRIPTOR_SIZE)
        return;
    device->endpoint[device->endpoints++] =
        (struct comply_endpoint){.interface = interface,
                                 .address = at[2],
                                 .type = at[3] & 3,
                                 .size = load_le16(at + 4) & 0x7ff,
                                 .interval = at[6]};
}

static void walk_configuration(struct comply_device *device, unsigned index)
{
    const struct comply_bytes *bytes = &device->configuration[index];
    const uint8_t *end = bytes->bytes + bytes->size;
    struct comply_interface *interface = NULL;

    if (bytes->size < CONFIGURATION_DESCRIPTOR_SIZE)
        return;
    note_string(device, bytes->bytes[6]);
    for (const uint8_t *at = bytes->bytes; at; at = usb_next_descriptor(at, end)) {
        if (at[1] == USB_INTERFACE) {
            if (interface)
                interface->end = at;
            interface = add_interface(device, index, at);
            if (interface)
                interface->end = end;
        } else if (at[1] == USB_ENDPOINT) {
            add_endpoint(device, interface, at);
        } else if (at[1] == USB_INTERFACE_ASSOCIATION && at[0] >= 8) {
            note_string(device, at[7]);
        }
    }
}

void device_walk(struct comply_device *device)
{
    if (device->device.size >= DEVICE_DESCRIPTOR_SIZE) {
        note_string(device, device->device.bytes[14]);
        note_string(device, device->device.bytes[15]);
        note_string(device, device->device.bytes[16]);
    }
    for (unsigned i = 0; i < device->configurations; i++)
        walk_configuration(device, i);
}

void device_free(struct comply_device *device)
{
    heap_release(device->device.bytes);
    for (unsigned i = 0; i < device->configurations; i++)
        heap_release(device->configuration[i].bytes);
    heap_release(device->languages.bytes);
    heap_release(device->bos.bytes);
    for (unsigned i = 0; i < device->strings; i++)
        heap_release(device->string[i].bytes.bytes);
    memset(device, 0, sizeof *device);
}

uint8_t device_configuration_value(const struct comply_device *device)
{
    const struct comply_bytes *first = &device->configuration[0];

    return first->size >= CONFIGURATION_DESCRIPTOR_SIZE ? first->bytes[5] : 1;
}

bool device_has_interface(const struct comply_device *device, uint8_t number)
{
    for (unsigned i = 0; i < device->interfaces; i++)
        if (!device->interface[i].configuration && device->interface[i].number == number)
            return true;
    return false;
}

bool device_has_endpoint(const struct comply_device *device, uint8_t address)
{
    for (unsigned i = 0; i < device->endpoints; i++)
        if (!device->endpoint[i].interface->configuration && device->endpoint[i].address == address)
            return true;
    return false;
}

unsigned device_settings(const struct comply_device *device, uint8_t number)
{
    unsigned settings = 0;

    for (unsigned i = 0; i < device->interfaces; i++)
        settings += !device->interface[i].configuration && device->interface[i].number == number;
    return settings;
}

bool device_endpoint_is_open(const struct comply_endpoint *endpoint)
{
    return !endpoint->interface->configuration && !endpoint->interface->alternate;
}

const struct comply_endpoint *device_open_endpoint(const struct comply_device *device, unsigned *at)
{
    while (*at < device->endpoints) {
        const struct comply_endpoint *endpoint = &device->endpoint[(*at)++];

        if (device_endpoint_is_open(endpoint) && endpoint->type >= 2)
            return endpoint;
    }
    return NULL;
}
