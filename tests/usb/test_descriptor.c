/* SPDX-License-Identifier: Apache-2.0 */
/* Each field that can be wrong, and the sentence it gets. */
#include "sim/base/compiler.h"
#include "sim/base/rng.h"
#include "sim/usb/descriptor.h"
#include "tests/cmocka.h"

#include <string.h>

typedef bool check(const uint8_t *bytes, size_t size, struct text *fault);

static const uint8_t device[] = {0x12, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x40, 0x20,
                                 0x20, 0x17, 0x07, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01};

/* A serial port: two interfaces, functional descriptors, one interrupt and two bulk endpoints. */
static const uint8_t serial[] = {
    9, 2,    67,   0,    2,    1,  0,  0xc0, 50, /*  0: configuration */
    9, 4,    0,    0,    1,    2,  2,  1,    0,  /*  9: interface 0 */
    5, 0x24, 0x00, 0x10, 0x01,                   /* 18: header */
    5, 0x24, 0x01, 0x00, 0x01,                   /* 23: call management */
    4, 0x24, 0x02, 0x02,                         /* 28: abstract control */
    5, 0x24, 0x06, 0x00, 0x01,                   /* 32: union */
    7, 5,    0x81, 3,    8,    0,  16,           /* 37: interrupt IN */
    9, 4,    1,    0,    2,    10, 0,  0,    0,  /* 44: interface 1 */
    7, 5,    0x02, 2,    64,   0,  0,            /* 53: bulk OUT */
    7, 5,    0x82, 2,    64,   0,  0,            /* 60: bulk IN */
};

/* `bytes` with one of them changed must give `sentence`. */
static void assert_fault(check *checks, const uint8_t *bytes, size_t size, size_t at, uint8_t value,
                         const char *sentence)
{
    uint8_t changed[128];
    struct text fault = {0};

    memcpy(changed, bytes, size);
    changed[at] = value;
    assert_false(checks(changed, size, &fault));
    assert_string_equal(text_string(&fault), sentence);
    text_free(&fault);
}

static void assert_good(check *checks, const uint8_t *bytes, size_t size)
{
    struct text fault = {0};

    assert_true(checks(bytes, size, &fault));
    assert_string_equal(text_string(&fault), "");
    text_free(&fault);
}

static void good_descriptors_pass(void **state)
{
    (void)state;
    assert_good(usb_check_device, device, sizeof device);
    assert_good(usb_check_device, device, 8);
    assert_good(usb_check_configuration_header, serial, 9);
    assert_good(usb_check_configuration, serial, sizeof serial);
}

static void wrong_bytes_of_the_device_descriptor_are_named(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        const char *sentence;
    } faults[] = {
        {0, 17, "device descriptor: bLength is 17, must be 18"},
        {1, 2, "device descriptor: bDescriptorType is 2, must be 1"},
        {2, 0x0a, "device descriptor: bcdUSB is 0x020a, its digits must be decimal"},
        {3, 3, "device descriptor: bcdUSB is 0x0300, must be 0x0100 to 0x0210 at full speed"},
        {5, 1, "device descriptor: bDeviceSubClass is 1, must be 0 because bDeviceClass is 0"},
        {6, 2, "device descriptor: bDeviceProtocol is 2, must be 0 because bDeviceClass is 0"},
        {7, 0, "device descriptor: bMaxPacketSize0 is 0, must be 8, 16, 32 or 64"},
        {7, 65, "device descriptor: bMaxPacketSize0 is 65, must be 8, 16, 32 or 64"},
        {12, 0x1b, "device descriptor: bcdDevice is 0x011b, its digits must be decimal"},
        {17, 0, "device descriptor: bNumConfigurations is 0, must be at least 1"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++)
        assert_fault(usb_check_device, device, sizeof device, faults[i].at, faults[i].value,
                     faults[i].sentence);
    assert_fault(usb_check_device, device, 7, 0, 18,
                 "device descriptor: only 7 of its 18 bytes were sent");
}

static void wrong_bytes_of_the_configuration_are_named(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        const char *sentence;
    } faults[] = {
        {0, 8, "configuration descriptor: bLength is 8, must be 9"},
        {1, 1, "configuration descriptor: bDescriptorType is 1, must be 2"},
        {2, 8, "configuration descriptor: wTotalLength is 8, must be at least 9"},
        {2, 68, "configuration descriptor: wTotalLength is 68, but 67 bytes were sent"},
        {4, 0, "configuration descriptor: bNumInterfaces is 0, must be at least 1"},
        {4, 3, "configuration descriptor: bNumInterfaces is 3, but 2 follow"},
        {4, 1, "configuration descriptor: bNumInterfaces is 1, but 2 follow"},
        {5, 0,
         "configuration descriptor: bConfigurationValue is 0, must be at least 1: 0 means not "
         "configured"},
        {7, 0x40,
         "configuration descriptor: bmAttributes bit 7 is 0, must be 1 (reserved, set to one)"},
        {7, 0xc1, "configuration descriptor: bmAttributes is 0xc1, bits 4 to 0 must be 0"},
        {8, 251, "configuration descriptor: bMaxPower is 251, must be at most 250 (500 mA)"},
        {9, 8, "interface descriptor: bLength is 8, must be 9"},
        {10, 2, "configuration descriptor: a descriptor of type 2 stands inside it"},
        {13, 2, "interface descriptor: interface 0 announces bNumEndpoints 2, but 1 follows"},
        {13, 0, "interface descriptor: interface 0 announces bNumEndpoints 0, but 1 follows"},
        {18, 1,
         "configuration descriptor: the descriptor at byte 18 has bLength 1, but 49 bytes are "
         "left of wTotalLength 67"},
        {37, 6, "endpoint descriptor: bLength is 6, must be 7"},
        {39, 0x80,
         "endpoint descriptor: bEndpointAddress is 0x80, must be 0x01 to 0x0f (OUT) or 0x81 to "
         "0x8f (IN)"},
        {39, 0x91,
         "endpoint descriptor: bEndpointAddress is 0x91, must be 0x01 to 0x0f (OUT) or 0x81 to "
         "0x8f (IN)"},
        {41, 0,
         "endpoint descriptor: wMaxPacketSize is 0, must be 1 to 64 for an interrupt endpoint at "
         "full speed"},
        {41, 65,
         "endpoint descriptor: wMaxPacketSize is 65, must be 1 to 64 for an interrupt endpoint "
         "at full speed"},
        {43, 0,
         "endpoint descriptor: bInterval is 0, must be 1 to 255 for an interrupt endpoint at "
         "full speed"},
        {48, 3, "interface descriptor: interface 1 announces bNumEndpoints 3, but 2 follow"},
        {57, 63,
         "endpoint descriptor: wMaxPacketSize is 63, must be 8, 16, 32 or 64 for a bulk or "
         "control endpoint at full speed"},
        {58, 2,
         "endpoint descriptor: wMaxPacketSize is 576, must be 8, 16, 32 or 64 for a bulk or "
         "control endpoint at full speed"},
        {60, 8,
         "configuration descriptor: the descriptor at byte 60 has bLength 8, but 7 bytes are "
         "left of wTotalLength 67"},
        {62, 0x02, "endpoint descriptor: bEndpointAddress 0x02 is there twice"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++)
        assert_fault(usb_check_configuration, serial, sizeof serial, faults[i].at, faults[i].value,
                     faults[i].sentence);
}

static void an_endpoint_before_the_first_interface_is_refused(void **state)
{
    static const uint8_t bytes[] = {9, 2, 16, 0, 1, 1, 0, 0x80, 50, 7, 5, 0x81, 2, 64, 0, 0};

    (void)state;
    assert_fault(usb_check_configuration, bytes, sizeof bytes, 0, 9,
                 "endpoint descriptor: it stands before the first interface");
}

/* Alternate settings count as one interface. */
static void alternate_settings_are_one_interface(void **state)
{
    static const uint8_t bytes[] = {9, 2, 34, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 0, 1,  2, 0,
                                    0, 9, 4,  0, 1, 1, 1, 2,    0,  0, 7, 5, 1, 1, 64, 0, 1};

    (void)state;
    assert_good(usb_check_configuration, bytes, sizeof bytes);
}

static bool check_string_2(const uint8_t *bytes, size_t size, struct text *fault)
{
    return usb_check_string(bytes, size, 2, fault);
}

static bool check_languages(const uint8_t *bytes, size_t size, struct text *fault)
{
    return usb_check_string(bytes, size, 0, fault);
}

static void wrong_bytes_of_strings_are_named(void **state)
{
    static const uint8_t string[] = {6, 3, 'H', 0, 'i', 0};
    static const uint8_t odd[] = {5, 3, 'H', 0, 'i'};
    static const uint8_t empty[] = {2, 3};

    (void)state;
    assert_good(check_string_2, string, sizeof string);
    assert_good(check_string_2, empty, sizeof empty);
    assert_fault(check_string_2, string, sizeof string, 1, 2,
                 "string descriptor: bDescriptorType is 2, must be 3");
    assert_fault(check_string_2, string, sizeof string, 0, 8,
                 "string descriptor: bLength is 8, but 6 bytes were sent");
    assert_fault(check_string_2, string, 1, 0, 6,
                 "string descriptor: only 1 of its 2 bytes were sent");
    assert_fault(check_string_2, odd, sizeof odd, 0, 5,
                 "string descriptor: bLength is 5, must be even");
    assert_fault(check_languages, empty, sizeof empty, 0, 2,
                 "string descriptor: bLength is 2, must be at least 4 in the list of languages");
}

static void strings_become_utf_8(void **state)
{
    static const uint8_t string[] = {18,   3,    'a',  0,    0xe4, 0,    0xac, 0x20, 0x3d,
                                     0xd8, 0x00, 0xde, 0x00, 0xd8, '\n', 0,    'z',  0};
    struct text text = {0};

    (void)state;
    usb_print_string(&text, string, sizeof string);
    assert_string_equal(text_string(&text), "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80??z");
    text_free(&text);
}

/* Whatever a device sends, the checks read no byte it did not send (the sanitizer watches). */
static void garbage_is_read_within_its_bounds(void **state)
{
    struct rng rng;

    (void)state;
    rng_seed(&rng, 1);
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t bytes[sizeof serial];
        size_t size = rng_between(&rng, 0, sizeof serial);
        struct text fault = {0};

        memcpy(bytes, serial, sizeof serial);
        for (unsigned i = rng_between(&rng, 1, 4); i > 0; i--)
            bytes[rng_between(&rng, 0, sizeof serial - 1)] = (uint8_t)rng_next(&rng);
        memmove(bytes + sizeof serial - size, bytes, size); /* up to the end of the array */
        if (usb_check_configuration(bytes + sizeof serial - size, size, &fault))
            assert_string_equal(text_string(&fault), "");
        else
            assert_true(fault.length > 20);
        text_free(&fault);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_descriptors_pass),
        cmocka_unit_test(wrong_bytes_of_the_device_descriptor_are_named),
        cmocka_unit_test(wrong_bytes_of_the_configuration_are_named),
        cmocka_unit_test(an_endpoint_before_the_first_interface_is_refused),
        cmocka_unit_test(alternate_settings_are_one_interface),
        cmocka_unit_test(wrong_bytes_of_strings_are_named),
        cmocka_unit_test(strings_become_utf_8),
        cmocka_unit_test(garbage_is_read_within_its_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
