/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/common/request.h"

#include "firmware/common/log.h"

enum {
    TO_HOST_STANDARD_DEVICE = 0x80, /* bmRequestType */
    TO_DEVICE_STANDARD_DEVICE = 0x00,

    SET_ADDRESS = 5, /* bRequest */
    GET_DESCRIPTOR = 6,
    SET_CONFIGURATION = 9,

    DESCRIPTOR_DEVICE = 1, /* high byte of wValue */
    DESCRIPTOR_CONFIGURATION = 2,

    ADDRESS_MAX = 127,
};

static enum request_kind descriptor_kind(const struct usbd_setup *setup)
{
    if (setup->index != 0) /* a language: only strings have one */
        return REQUEST_UNKNOWN;
    if (setup->value == DESCRIPTOR_DEVICE << 8)
        return REQUEST_GET_DEVICE_DESCRIPTOR;
    if (setup->value == DESCRIPTOR_CONFIGURATION << 8)
        return REQUEST_GET_CONFIGURATION_DESCRIPTOR;
    return REQUEST_UNKNOWN;
}

enum request_kind request_kind(const struct usbd_setup *setup)
{
    if (setup->request_type == TO_HOST_STANDARD_DEVICE && setup->request == GET_DESCRIPTOR)
        return descriptor_kind(setup);
    if (setup->request_type != TO_DEVICE_STANDARD_DEVICE || setup->index != 0 || setup->length != 0)
        return REQUEST_UNKNOWN;
    if (setup->request == SET_ADDRESS && setup->value <= ADDRESS_MAX)
        return REQUEST_SET_ADDRESS;
    if (setup->request == SET_CONFIGURATION && setup->value <= UINT8_MAX)
        return REQUEST_SET_CONFIGURATION;
    return REQUEST_UNKNOWN;
}

void request_log(const struct usbd_setup *setup)
{
    switch (request_kind(setup)) {
    case REQUEST_GET_DEVICE_DESCRIPTOR:
        log_line("GET_DESCRIPTOR Device [length=%u]", (unsigned)setup->length);
        break;
    case REQUEST_GET_CONFIGURATION_DESCRIPTOR:
        log_line("GET_DESCRIPTOR Configuration [length=%u]", (unsigned)setup->length);
        break;
    case REQUEST_SET_ADDRESS:
        log_line("SET_ADDRESS %u", (unsigned)setup->value);
        break;
    case REQUEST_SET_CONFIGURATION:
        log_line("SET_CONFIGURATION %u", (unsigned)setup->value);
        break;
    case REQUEST_UNKNOWN:
        log_line("unknown: type 0x%x, request %u, value 0x%x, index 0x%x, length %u",
                 (unsigned)setup->request_type, (unsigned)setup->request, (unsigned)setup->value,
                 (unsigned)setup->index, (unsigned)setup->length);
        break;
    }
}
