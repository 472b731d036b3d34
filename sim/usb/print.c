/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device in the layout of `lsusb -v`, so that it can be laid beside the real one.
 *
 * Deviations:
 *   1. Names of vendor and product are the device's own strings: there is no list of known ones.
 *   2. Class-specific descriptors are shown as bytes, as lsusb shows those it does not know.
 *   3. Lines do not end in blanks.
 */
#include "sim/base/bits.h"
#include "sim/usb/descriptor.h"
#include "sim/usb/request.h"

/* Names start at an indentation; values end in column 25 behind it. */
enum { VALUE_END = 25, NAME_WIDTH = 20 };

/* One line that ends in a remark; NULL or "" leaves it out. */
static void remark(struct text *text, const char *words)
{
    if (words && *words)
        text_printf(text, " %s", words);
    text_printf(text, "\n");
}

static void number(struct text *text, int indent, const char *name, unsigned value,
                   const char *words)
{
    text_printf(text, "%*s%-*s%5u", indent, "", NAME_WIDTH, name, value);
    remark(text, words);
}

static void hexadecimal(struct text *text, int indent, const char *name, int digits, unsigned value,
                        const char *words)
{
    text_printf(text, "%*s%-*s0x%0*x", indent, "", VALUE_END - 2 - digits, name, digits, value);
    remark(text, words);
}

static void version(struct text *text, int indent, const char *name, unsigned bcd)
{
    text_printf(text, "%*s%-*s%2x.%02x\n", indent, "", NAME_WIDTH, name, bcd >> 8, bcd & 0xff);
}

static void string(struct text *text, int indent, const char *name, unsigned index,
                   const uint8_t *bytes, size_t size)
{
    struct text words = {0};

    if (size)
        usb_print_string(&words, bytes, size);
    number(text, indent, name, index, text_string(&words));
    text_free(&words);
}

/* Base classes (USB-IF, defined class codes). */
static const char *class_name(uint8_t class)
{
    static const struct {
        uint8_t class;
        const char *name;
    } names[] = {
        {0x00, "(Defined at Interface level)"},
        {0x01, "Audio"},
        {0x02, "Communications"},
        {0x03, "Human Interface Device"},
        {0x05, "Physical Interface Device"},
        {0x06, "Imaging"},
        {0x07, "Printer"},
        {0x08, "Mass Storage"},
        {0x09, "Hub"},
        {0x0a, "CDC Data"},
        {0x0b, "Chip/SmartCard"},
        {0x0d, "Content Security"},
        {0x0e, "Video"},
        {0xdc, "Diagnostic"},
        {0xe0, "Wireless"},
        {0xef, "Miscellaneous Device"},
        {0xfe, "Application Specific Interface"},
        {0xff, "Vendor Specific Class"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (names[i].class == class)
            return names[i].name;
    return NULL;
}

static const char *subclass_name(uint8_t class, uint8_t subclass)
{
    if (class == 0xff && subclass == 0xff)
        return "Vendor Specific Subclass";
    if (class == 0x02 && subclass == 0x02)
        return "Abstract (modem)";
    if (class == 0x03 && subclass == 0x01)
        return "Boot Interface Subclass";
    if (class == 0x08 && subclass == 0x06)
        return "SCSI";
    return NULL;
}

static const char *protocol_name(uint8_t class, uint8_t subclass, uint8_t protocol)
{
    if (class == 0xff && subclass == 0xff && protocol == 0xff)
        return "Vendor Specific Protocol";
    if (class == 0x02 && subclass == 0x02 && protocol == 0x01)
        return "AT-commands (v.25ter)";
    if (class == 0x03 && subclass == 0x01)
        return protocol == 1 ? "Keyboard" : protocol == 2 ? "Mouse" : NULL;
    if (class == 0x08 && subclass == 0x06 && protocol == 0x50)
        return "Bulk-Only";
    if (class == 0xef && subclass == 0x02 && protocol == 0x01)
        return "Interface Association";
    return NULL;
}

/* Three bytes: class, subclass, protocol. `names` are the fields' names in that order. */
static void classes(struct text *text, int indent, const char *const names[3], const uint8_t *codes)
{
    number(text, indent, names[0], codes[0], class_name(codes[0]));
    number(text, indent, names[1], codes[1], subclass_name(codes[0], codes[1]));
    number(text, indent, names[2], codes[2], protocol_name(codes[0], codes[1], codes[2]));
}

static void head(struct text *text, int indent, const uint8_t *bytes)
{
    number(text, indent, "bLength", bytes[0], NULL);
    number(text, indent, "bDescriptorType", bytes[1], NULL);
}

static void print_device_descriptor(struct text *text, const struct usb_device_view *view)
{
    static const char *const names[] = {"bDeviceClass", "bDeviceSubClass", "bDeviceProtocol"};
    const uint8_t *bytes = view->device;

    text_printf(text, "Device Descriptor:\n");
    head(text, 2, bytes);
    version(text, 2, "bcdUSB", load_le16(bytes + 2));
    classes(text, 2, names, bytes + 4);
    number(text, 2, "bMaxPacketSize0", bytes[7], NULL);
    hexadecimal(text, 2, "idVendor", 4, load_le16(bytes + 8), NULL);
    hexadecimal(text, 2, "idProduct", 4, load_le16(bytes + 10), NULL);
    version(text, 2, "bcdDevice", load_le16(bytes + 12));
    string(text, 2, "iManufacturer", bytes[14], view->manufacturer, view->manufacturer_size);
    string(text, 2, "iProduct", bytes[15], view->product, view->product_size);
    string(text, 2, "iSerial", bytes[16], view->serial, view->serial_size);
    number(text, 2, "bNumConfigurations", bytes[17], NULL);
}

static void print_configuration_head(struct text *text, const uint8_t *bytes)
{
    text_printf(text, "  Configuration Descriptor:\n");
    head(text, 4, bytes);
    hexadecimal(text, 4, "wTotalLength", 4, load_le16(bytes + 2), NULL);
    number(text, 4, "bNumInterfaces", bytes[4], NULL);
    number(text, 4, "bConfigurationValue", bytes[5], NULL);
    number(text, 4, "iConfiguration", bytes[6], NULL);
    hexadecimal(text, 4, "bmAttributes", 2, bytes[7], NULL);
    text_printf(text, "      %s\n", bytes[7] & 0x40 ? "Self Powered" : "(Bus Powered)");
    if (bytes[7] & 0x20)
        text_printf(text, "      Remote Wakeup\n");
    text_printf(text, "    %-*s%5umA\n", NAME_WIDTH, "MaxPower", 2u * bytes[8]);
}

static void print_association(struct text *text, const uint8_t *bytes)
{
    static const char *const names[] = {"bFunctionClass", "bFunctionSubClass", "bFunctionProtocol"};

    text_printf(text, "    Interface Association:\n");
    head(text, 6, bytes);
    number(text, 6, "bFirstInterface", bytes[2], NULL);
    number(text, 6, "bInterfaceCount", bytes[3], NULL);
    classes(text, 6, names, bytes + 4);
    number(text, 6, "iFunction", bytes[7], NULL);
}

static void print_interface(struct text *text, const uint8_t *bytes)
{
    static const char *const names[] = {"bInterfaceClass", "bInterfaceSubClass",
                                        "bInterfaceProtocol"};

    text_printf(text, "    Interface Descriptor:\n");
    head(text, 6, bytes);
    number(text, 6, "bInterfaceNumber", bytes[2], NULL);
    number(text, 6, "bAlternateSetting", bytes[3], NULL);
    number(text, 6, "bNumEndpoints", bytes[4], NULL);
    classes(text, 6, names, bytes + 5);
    number(text, 6, "iInterface", bytes[8], NULL);
}

static void print_endpoint(struct text *text, const uint8_t *bytes)
{
    static const char *const types[] = {"Control", "Isochronous", "Bulk", "Interrupt"};
    static const char *const synchs[] = {"None", "Asynchronous", "Adaptive", "Synchronous"};
    static const char *const usages[] = {"Data", "Feedback", "Implicit feedback Data",
                                         "(reserved)"};
    unsigned size = load_le16(bytes + 4);

    text_printf(text, "      Endpoint Descriptor:\n");
    head(text, 8, bytes);
    text_printf(text, "        %-*s0x%02x  EP %u %s\n", VALUE_END - 4, "bEndpointAddress", bytes[2],
                bytes[2] & 0x0fu, bytes[2] & 0x80 ? "IN" : "OUT");
    number(text, 8, "bmAttributes", bytes[3], NULL);
    text_printf(text, "          %-*s%s\n", VALUE_END, "Transfer Type", types[bytes[3] & 3]);
    text_printf(text, "          %-*s%s\n", VALUE_END, "Synch Type", synchs[bytes[3] >> 2 & 3]);
    text_printf(text, "          %-*s%s\n", VALUE_END, "Usage Type", usages[bytes[3] >> 4 & 3]);
    text_printf(text, "        %-*s0x%04x  %ux %u bytes\n", VALUE_END - 6, "wMaxPacketSize", size,
                (size >> 11 & 3) + 1, size & 0x7ff);
    number(text, 8, "bInterval", bytes[6], NULL);
}

static void print_unknown(struct text *text, const uint8_t *bytes)
{
    text_printf(text, "      ** UNRECOGNIZED: ");
    for (unsigned i = 0; i < bytes[0]; i++)
        text_printf(text, " %02x", bytes[i]);
    text_printf(text, "\n");
}

static void print_part(struct text *text, const uint8_t *bytes)
{
    switch (bytes[1]) {
    case USB_INTERFACE:
        print_interface(text, bytes);
        break;
    case USB_ENDPOINT:
        print_endpoint(text, bytes);
        break;
    case USB_INTERFACE_ASSOCIATION:
        if (bytes[0] >= 8) {
            print_association(text, bytes);
            break;
        }
        /* fall through */
    default:
        print_unknown(text, bytes);
    }
}

static void print_configuration(struct text *text, const uint8_t *bytes, size_t size)
{
    print_configuration_head(text, bytes);
    if (size != load_le16(bytes + 2)) /* the host read the head only */
        return;
    for (size_t at = bytes[0]; at < size; at += bytes[at])
        print_part(text, bytes + at);
}

static void print_title(struct text *text, const struct usb_device_view *view)
{
    text_printf(text, "Bus 001 Device %03u: ID %04x:%04x", view->address,
                load_le16(view->device + 8), load_le16(view->device + 10));
    if (view->manufacturer_size)
        text_printf(text, " ");
    usb_print_string(text, view->manufacturer, view->manufacturer_size);
    if (view->product_size)
        text_printf(text, " ");
    usb_print_string(text, view->product, view->product_size);
    text_printf(text, "\n");
}

void usb_print_device(struct text *text, const struct usb_device_view *view)
{
    if (view->device_size < DEVICE_DESCRIPTOR_SIZE)
        return;
    print_title(text, view);
    print_device_descriptor(text, view);
    if (view->configuration_size >= CONFIGURATION_DESCRIPTOR_SIZE)
        print_configuration(text, view->configuration, view->configuration_size);
}
