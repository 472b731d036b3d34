/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/usb/request.h"

#include "sim/base/bits.h"

#include <stddef.h>

enum { KIND_STANDARD, KIND_CLASS, KIND_VENDOR };
enum { TO_DEVICE, TO_INTERFACE, TO_ENDPOINT };

static unsigned kind_of(struct usb_request request)
{
    return extract32(request.type, 5, 2);
}

static unsigned recipient_of(struct usb_request request)
{
    return extract32(request.type, 0, 5);
}

struct usb_request usb_request_parse(const uint8_t setup[8])
{
    return (struct usb_request){
        .type = setup[0],
        .request = setup[1],
        .value = load_le16(setup + 2),
        .index = load_le16(setup + 4),
        .length = load_le16(setup + 6),
    };
}

void usb_request_store(struct usb_request request, uint8_t setup[8])
{
    setup[0] = request.type;
    setup[1] = request.request;
    store_le16(setup + 2, request.value);
    store_le16(setup + 4, request.index);
    store_le16(setup + 6, request.length);
}

bool usb_request_reads(struct usb_request request)
{
    return request.type & 0x80 && request.length;
}

bool usb_request_is(struct usb_request request, enum usb_standard_request number)
{
    return kind_of(request) == KIND_STANDARD && recipient_of(request) == TO_DEVICE &&
           request.request == number;
}

const char *usb_descriptor_name(uint8_t type)
{
    static const char *const names[] = {
        [USB_DEVICE] = "Device",
        [USB_CONFIGURATION] = "Configuration",
        [USB_STRING] = "String",
        [USB_INTERFACE] = "Interface",
        [USB_ENDPOINT] = "Endpoint",
        [USB_DEVICE_QUALIFIER] = "Device Qualifier",
        [USB_OTHER_SPEED] = "Other Speed Configuration",
        [USB_INTERFACE_POWER] = "Interface Power",
        [USB_OTG] = "OTG",
        [USB_DEBUG] = "Debug",
        [USB_INTERFACE_ASSOCIATION] = "Interface Association",
        [USB_BOS] = "BOS",
        [USB_DEVICE_CAPABILITY] = "Device Capability",
        [0x21] = "HID",
        [0x22] = "HID Report",
    };

    return type < ARRAY_LENGTH(names) ? names[type] : NULL;
}

static void print_descriptor(struct text *text, struct usb_request request)
{
    uint8_t type = (uint8_t)(request.value >> 8);
    uint8_t index = (uint8_t)request.value;
    const char *name = usb_descriptor_name(type);

    if (name)
        text_printf(text, "%s", name);
    else
        text_printf(text, "type 0x%02x", type);
    if (type == USB_STRING && index == 0)
        text_printf(text, " 0: languages");
    else if (type == USB_STRING)
        text_printf(text, " %u, language 0x%04x", index, request.index);
    else if (index)
        text_printf(text, " %u", index);
}

static void print_feature(struct text *text, struct usb_request request)
{
    if (recipient_of(request) == TO_ENDPOINT && request.value == 0)
        text_printf(text, "ENDPOINT_HALT");
    else if (recipient_of(request) == TO_DEVICE && request.value == 1)
        text_printf(text, "DEVICE_REMOTE_WAKEUP");
    else if (recipient_of(request) == TO_DEVICE && request.value == 2)
        text_printf(text, "TEST_MODE %u", request.index >> 8);
    else
        text_printf(text, "feature %u", request.value);
}

/* ", endpoint 0x81": whom the request is for, unless it is the device. */
static void print_recipient(struct text *text, struct usb_request request, const char *separator)
{
    switch (recipient_of(request)) {
    case TO_DEVICE:
        text_printf(text, "%sdevice", separator);
        break;
    case TO_INTERFACE:
        text_printf(text, "%sinterface %u", separator, request.index & 0xffu);
        break;
    case TO_ENDPOINT:
        text_printf(text, "%sendpoint 0x%02x", separator, request.index & 0xffu);
        break;
    default:
        text_printf(text, "%srecipient %u, index %u", separator, recipient_of(request),
                    request.index);
    }
}

static void print_value(struct text *text, struct usb_request request)
{
    text_printf(text, "%u", request.value);
}

static void print_nothing(struct text *text, struct usb_request request)
{
    (void)text;
    (void)request;
}

/* Class, vendor and unknown requests: all five fields, because nobody here knows what they mean. */
static void print_other(struct text *text, struct usb_request request)
{
    static const char *const kinds[] = {"standard", "class", "vendor", "reserved"};

    text_printf(text, "%s request 0x%02x(value 0x%04x, index 0x%04x", kinds[kind_of(request)],
                request.request, request.value, request.index);
    print_recipient(text, request, ", ");
    text_printf(text, ")");
}

static const struct standard_request {
    const char *name;
    void (*print_argument)(struct text *text, struct usb_request request);
    bool names_recipient;
    bool usual_length; /* the length says nothing: it is part of the definition */
} standard_requests[] = {
    [USB_GET_STATUS] = {"GET_STATUS", print_nothing, true, true},
    [USB_CLEAR_FEATURE] = {"CLEAR_FEATURE", print_feature, true, false},
    [USB_SET_FEATURE] = {"SET_FEATURE", print_feature, true, false},
    [USB_SET_ADDRESS] = {"SET_ADDRESS", print_value, false, false},
    [USB_GET_DESCRIPTOR] = {"GET_DESCRIPTOR", print_descriptor, false, false},
    [USB_SET_DESCRIPTOR] = {"SET_DESCRIPTOR", print_descriptor, false, false},
    [USB_GET_CONFIGURATION] = {"GET_CONFIGURATION", print_nothing, false, true},
    [USB_SET_CONFIGURATION] = {"SET_CONFIGURATION", print_value, false, false},
    [USB_GET_INTERFACE] = {"GET_INTERFACE", print_nothing, true, true},
    [USB_SET_INTERFACE] = {"SET_INTERFACE", print_value, true, false},
    [USB_SYNCH_FRAME] = {"SYNCH_FRAME", print_nothing, true, true},
};

static const struct standard_request *standard_request(struct usb_request request)
{
    if (kind_of(request) != KIND_STANDARD || request.request >= ARRAY_LENGTH(standard_requests) ||
        !standard_requests[request.request].name)
        return NULL;
    return &standard_requests[request.request];
}

static void print_length(struct text *text, struct usb_request request)
{
    if (request.length)
        text_printf(text, ", %u byte%s %s", request.length, request.length == 1 ? "" : "s",
                    usb_request_reads(request) ? "wanted" : "to write");
}

void usb_request_print(struct text *text, const uint8_t setup[8])
{
    struct usb_request request = usb_request_parse(setup);
    const struct standard_request *standard = standard_request(request);
    size_t before;

    if (!standard) {
        print_other(text, request);
        print_length(text, request);
        return;
    }
    text_printf(text, "%s(", standard->name);
    before = text->length;
    standard->print_argument(text, request);
    if (standard->names_recipient)
        print_recipient(text, request, text->length > before ? ", " : "");
    text_printf(text, ")");
    if (!standard->usual_length || !(request.type & 0x80))
        print_length(text, request);
}
