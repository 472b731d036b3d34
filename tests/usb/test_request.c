/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/usb/request.h"
#include "tests/cmocka.h"

#include <string.h>

struct example {
    uint8_t setup[8];
    const char *words;
};

static void assert_words(const struct example *example)
{
    struct text text = {0};

    usb_request_print(&text, example->setup);
    assert_string_equal(text_string(&text), example->words);
    text_free(&text);
}

static void assert_all(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_words(&examples[i]);
}

static void standard_requests_are_named(void **state)
{
    static const struct example examples[] = {
        {{0x80, 0, 0, 0, 0, 0, 2, 0}, "GET_STATUS(device)"},
        {{0x81, 0, 0, 0, 3, 0, 2, 0}, "GET_STATUS(interface 3)"},
        {{0x82, 0, 0, 0, 0x81, 0, 2, 0}, "GET_STATUS(endpoint 0x81)"},
        {{0x00, 1, 1, 0, 0, 0, 0, 0}, "CLEAR_FEATURE(DEVICE_REMOTE_WAKEUP, device)"},
        {{0x02, 1, 0, 0, 0x02, 0, 0, 0}, "CLEAR_FEATURE(ENDPOINT_HALT, endpoint 0x02)"},
        {{0x00, 3, 2, 0, 0, 1, 0, 0}, "SET_FEATURE(TEST_MODE 1, device)"},
        {{0x00, 5, 1, 0, 0, 0, 0, 0}, "SET_ADDRESS(1)"},
        {{0x80, 8, 0, 0, 0, 0, 1, 0}, "GET_CONFIGURATION()"},
        {{0x00, 9, 42, 0, 0, 0, 0, 0}, "SET_CONFIGURATION(42)"},
        {{0x81, 10, 0, 0, 1, 0, 1, 0}, "GET_INTERFACE(interface 1)"},
        {{0x01, 11, 2, 0, 1, 0, 0, 0}, "SET_INTERFACE(2, interface 1)"},
        {{0x82, 12, 0, 0, 0x83, 0, 2, 0}, "SYNCH_FRAME(endpoint 0x83)"},
    };

    (void)state;
    assert_all(examples, sizeof examples / sizeof examples[0]);
}

static void descriptors_are_named(void **state)
{
    static const struct example examples[] = {
        {{0x80, 6, 0, 1, 0, 0, 64, 0}, "GET_DESCRIPTOR(Device), 64 bytes wanted"},
        {{0x80, 6, 0, 2, 0, 0, 255, 0}, "GET_DESCRIPTOR(Configuration), 255 bytes wanted"},
        {{0x80, 6, 1, 2, 0, 0, 9, 0}, "GET_DESCRIPTOR(Configuration 1), 9 bytes wanted"},
        {{0x80, 6, 0, 3, 0, 0, 255, 0}, "GET_DESCRIPTOR(String 0: languages), 255 bytes wanted"},
        {{0x80, 6, 2, 3, 9, 4, 255, 0},
         "GET_DESCRIPTOR(String 2, language 0x0409), 255 bytes wanted"},
        {{0x80, 6, 0, 6, 0, 0, 10, 0}, "GET_DESCRIPTOR(Device Qualifier), 10 bytes wanted"},
        {{0x80, 6, 0, 15, 0, 0, 5, 0}, "GET_DESCRIPTOR(BOS), 5 bytes wanted"},
        {{0x81, 6, 0, 0x22, 0, 0, 1, 0}, "GET_DESCRIPTOR(HID Report), 1 byte wanted"},
        {{0x80, 6, 0, 0x77, 0, 0, 1, 1}, "GET_DESCRIPTOR(type 0x77), 257 bytes wanted"},
        {{0x00, 7, 0, 1, 0, 0, 18, 0}, "SET_DESCRIPTOR(Device), 18 bytes to write"},
    };

    (void)state;
    assert_all(examples, sizeof examples / sizeof examples[0]);
}

static void other_requests_show_their_fields(void **state)
{
    static const struct example examples[] = {
        {{0x21, 0x20, 0, 0, 1, 0, 7, 0},
         "class request 0x20(value 0x0000, index 0x0001, interface 1), 7 bytes to write"},
        {{0xc0, 0x01, 0x34, 0x12, 0, 0, 4, 0},
         "vendor request 0x01(value 0x1234, index 0x0000, device), 4 bytes wanted"},
        {{0x00, 2, 0, 0, 0, 0, 0, 0}, "standard request 0x02(value 0x0000, index 0x0000, device)"},
        {{0x63, 0xff, 0, 0, 5, 0, 0, 0},
         "reserved request 0xff(value 0x0000, index 0x0005, recipient 3, index 5)"},
    };

    (void)state;
    assert_all(examples, sizeof examples / sizeof examples[0]);
}

static void storing_and_parsing_are_inverse(void **state)
{
    const uint8_t setup[8] = {0x80, 6, 0x34, 0x12, 0x78, 0x56, 0xbc, 0x9a};
    uint8_t again[8];

    (void)state;
    usb_request_store(usb_request_parse(setup), again);
    assert_memory_equal(again, setup, sizeof setup);
    assert_int_equal(usb_request_parse(setup).value, 0x1234);
    assert_int_equal(usb_request_parse(setup).index, 0x5678);
    assert_int_equal(usb_request_parse(setup).length, 0x9abc);
}

static void a_request_without_data_reads_nothing(void **state)
{
    (void)state;
    assert_true(usb_request_reads((struct usb_request){.type = 0x80, .length = 1}));
    assert_false(usb_request_reads((struct usb_request){.type = 0x80, .length = 0}));
    assert_false(usb_request_reads((struct usb_request){.type = 0x00, .length = 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_requests_are_named),
        cmocka_unit_test(descriptors_are_named),
        cmocka_unit_test(other_requests_show_their_fields),
        cmocka_unit_test(storing_and_parsing_are_inverse),
        cmocka_unit_test(a_request_without_data_reads_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
