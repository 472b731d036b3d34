/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vendor-specific device that sends back what it gets by bulk, interrupt, isochronous and control
 * transfers. Windows loads its WinUSB driver without an INF file, by the descriptors of Microsoft
 * OS 2.0 that the BOS descriptor announces.
 */
#include "firmware/class/loopback.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum {
    CONFIGURATION_SIZE = CONFIGURATION_HEADER_SIZE + LOOPBACK_BYTES_SIZE,

    WINDOWS_REQUEST = 0x20,       /* bMS_VendorCode: ours to choose */
    WINDOWS_DESCRIPTOR_SET = 7,   /* wIndex */
    WINDOWS_VERSION = 0x06030000, /* Windows 8.1 and later */

    BOS_SIZE = 5 + 28,
    GUID_PROPERTY_SIZE = 2 + 2 + 2 + 2 + 42 + 2 + 80,
    SET_SIZE = 10 + 20 + GUID_PROPERTY_SIZE,
};

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0210, 0xff, 0, 0, 0x0104)};

static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, 1, SELF_POWERED),
    LOOPBACK_BYTES,
};

/* USB 3.2, 9.6.2; Microsoft OS 2.0 Descriptors Specification, table 4: D8DD60DF-4589-4CC7-9CD2-
 * 659D9E648A9F is the platform. */
static const uint8_t bos[BOS_SIZE] = {
    5,
    DESCRIPTOR_BOS,
    LE16(BOS_SIZE),
    1,
    28,
    DESCRIPTOR_CAPABILITY,
    5, /* platform */
    0,
    0xdf,
    0x60,
    0xdd,
    0xd8,
    0x89,
    0x45,
    0xc7,
    0x4c,
    0x9c,
    0xd2,
    0x65,
    0x9d,
    0x9e,
    0x64,
    0x8a,
    0x9f,
    LE32(WINDOWS_VERSION),
    LE16(SET_SIZE),
    WINDOWS_REQUEST,
    0, /* no alternate enumeration */
};

#define WIDE(character) character, 0

/* Microsoft OS 2.0: set header (table 10), compatible ID (13), registry property (14). */
static const uint8_t descriptor_set[SET_SIZE] = {
    LE16(10),
    LE16(0),
    LE32(WINDOWS_VERSION),
    LE16(SET_SIZE),

    LE16(20),
    LE16(3),
    'W',
    'I',
    'N',
    'U',
    'S',
    'B',
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,

    LE16(GUID_PROPERTY_SIZE),
    LE16(4),
    LE16(7), /* REG_MULTI_SZ */
    LE16(42),
    WIDE('D'),
    WIDE('e'),
    WIDE('v'),
    WIDE('i'),
    WIDE('c'),
    WIDE('e'),
    WIDE('I'),
    WIDE('n'),
    WIDE('t'),
    WIDE('e'),
    WIDE('r'),
    WIDE('f'),
    WIDE('a'),
    WIDE('c'),
    WIDE('e'),
    WIDE('G'),
    WIDE('U'),
    WIDE('I'),
    WIDE('D'),
    WIDE('s'),
    WIDE(0),
    LE16(80),
    WIDE('{'),
    WIDE('8'),
    WIDE('5'),
    WIDE('9'),
    WIDE('3'),
    WIDE('C'),
    WIDE('9'),
    WIDE('1'),
    WIDE('4'),
    WIDE('-'),
    WIDE('5'),
    WIDE('1'),
    WIDE('D'),
    WIDE('0'),
    WIDE('-'),
    WIDE('4'),
    WIDE('7'),
    WIDE('F'),
    WIDE('B'),
    WIDE('-'),
    WIDE('A'),
    WIDE('0'),
    WIDE('E'),
    WIDE('6'),
    WIDE('-'),
    WIDE('4'),
    WIDE('1'),
    WIDE('C'),
    WIDE('8'),
    WIDE('7'),
    WIDE('D'),
    WIDE('6'),
    WIDE('F'),
    WIDE('2'),
    WIDE('8'),
    WIDE('4'),
    WIDE('0'),
    WIDE('}'),
    WIDE(0),
    WIDE(0),
};

static const char *const strings[] = {"Fencepost", "Loopback", NULL};
static const struct function *const functions[] = {&loopback_function};

static struct answer vendor(const struct usbd_setup *setup)
{
    if (setup->request_type == 0xc0 && setup->request == WINDOWS_REQUEST && setup->value == 0 &&
        setup->index == WINDOWS_DESCRIPTOR_SET)
        return send(descriptor_set, sizeof descriptor_set);
    return loopback_vendor(setup);
}

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .bos = bos,
    .strings = strings,
    .string_count = 3,
    .functions = functions,
    .function_count = 1,
    .vendor = vendor,
    .vendor_received = loopback_vendor_received,
};

int main(void)
{
    device_run(&device, loopback_work);
}
