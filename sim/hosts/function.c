/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/hosts/function.h"

#include "sim/base/bits.h"
#include "sim/usb/request.h"

#include <string.h>

static const uint8_t *next_interface(const uint8_t *at, const uint8_t *end)
{
    while (at && (at[1] != USB_INTERFACE || at[0] < INTERFACE_DESCRIPTOR_SIZE))
        at = usb_next_descriptor(at, end);
    return at;
}

bool function_next(const struct host *host, struct function *function)
{
    size_t size;
    const uint8_t *all = host_configuration_descriptor(host, &size);
    const uint8_t *end = all + size;
    const uint8_t *at = function->descriptor;
    const uint8_t *behind;

    if (size < CONFIGURATION_DESCRIPTOR_SIZE)
        return false;
    at = next_interface(at ? usb_next_descriptor(at, end) : all, end);
    if (!at)
        return false;
    behind = usb_next_descriptor(at, end);
    behind = behind ? next_interface(behind, end) : NULL;
    *function = (struct function){.number = at[2],
                                  .alternate = at[3],
                                  .class = at[5],
                                  .subclass = at[6],
                                  .protocol = at[7],
                                  .descriptor = at,
                                  .end = behind ? behind : end};
    return true;
}

bool function_of_class(const struct host *host, uint8_t class, struct function *function)
{
    while (function_next(host, function))
        if (function->class == class && !function->alternate)
            return true;
    return false;
}

bool function_numbered(const struct host *host, uint8_t number, struct function *function)
{
    *function = (struct function){0};
    while (function_next(host, function))
        if (function->number == number && !function->alternate)
            return true;
    return false;
}

const uint8_t *function_part(const struct function *function, uint8_t type, uint8_t subtype)
{
    for (const uint8_t *at = function->descriptor; at; at = usb_next_descriptor(at, function->end))
        if (at[1] == type && (!subtype || (at[0] >= 3 && at[2] == subtype)))
            return at;
    return NULL;
}

struct function_endpoint function_endpoint(const struct function *function, enum endpoint_type type,
                                           bool in)
{
    for (const uint8_t *at = function->descriptor; at; at = usb_next_descriptor(at, function->end))
        if (at[1] == USB_ENDPOINT && at[0] >= ENDPOINT_DESCRIPTOR_SIZE &&
            (at[3] & 3) == (uint8_t)type && (at[2] >> 7 == in))
            return (struct function_endpoint){at[2], at[2] & 15, load_le16(at + 4) & 0x7ff, at[6]};
    return (struct function_endpoint){0};
}

uint8_t function_attributes(const struct host *host)
{
    size_t size;
    const uint8_t *all = host_configuration_descriptor(host, &size);

    return size >= CONFIGURATION_DESCRIPTOR_SIZE ? all[7] : 0;
}

static const uint8_t probe[PROBE_BYTES] = {'F', 'e', 'N', 'c', '3', 0x00, 0x0d, 0x80, 0xff};

void function_write_probe(struct text *steps)
{
    for (size_t i = 0; i < sizeof probe; i++)
        text_printf(steps, " %02x", probe[i]);
}

bool function_sent_probe_back(const struct host *host)
{
    size_t size;
    const uint8_t *bytes = host_transfer_data(host, &size);

    return host_transfer(host) == TRANSFER_DONE && size == sizeof probe &&
           !memcmp(bytes, probe, size);
}
