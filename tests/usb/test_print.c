/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

#include <string.h>

static void the_workshop_device_is_printed_as_lsusb_does(void **state)
{
    struct bench *bench = bench_create(HOST_LINUX);
    struct usb_device_view view;
    struct text text = {0};

    (void)state;
    bench->device.device[14] = 1;
    bench->device.device[15] = 2;
    fake_device_set_string(&bench->device, 1, "Ferrous Systems");
    fake_device_set_string(&bench->device, 2, "workshop");
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_DONE);

    view = host_device_view(bench->host);
    usb_print_device(&text, &view);
    assert_string_equal(text_string(&text),
                        "Bus 001 Device 001: ID 2020:0717 Ferrous Systems workshop\n"
                        "Device Descriptor:\n"
                        "  bLength                18\n"
                        "  bDescriptorType         1\n"
                        "  bcdUSB               2.00\n"
                        "  bDeviceClass            0 (Defined at Interface level)\n"
                        "  bDeviceSubClass         0\n"
                        "  bDeviceProtocol         0\n"
                        "  bMaxPacketSize0        64\n"
                        "  idVendor           0x2020\n"
                        "  idProduct          0x0717\n"
                        "  bcdDevice            1.00\n"
                        "  iManufacturer           1 Ferrous Systems\n"
                        "  iProduct                2 workshop\n"
                        "  iSerial                 0\n"
                        "  bNumConfigurations      1\n"
                        "  Configuration Descriptor:\n"
                        "    bLength                 9\n"
                        "    bDescriptorType         2\n"
                        "    wTotalLength       0x0012\n"
                        "    bNumInterfaces          1\n"
                        "    bConfigurationValue    42\n"
                        "    iConfiguration          0\n"
                        "    bmAttributes         0xc0\n"
                        "      Self Powered\n"
                        "    MaxPower              500mA\n"
                        "    Interface Descriptor:\n"
                        "      bLength                 9\n"
                        "      bDescriptorType         4\n"
                        "      bInterfaceNumber        0\n"
                        "      bAlternateSetting       0\n"
                        "      bNumEndpoints           0\n"
                        "      bInterfaceClass         0 (Defined at Interface level)\n"
                        "      bInterfaceSubClass      0\n"
                        "      bInterfaceProtocol      0\n"
                        "      iInterface              0\n");
    text_free(&text);
    bench_destroy(bench);
}

static void endpoints_associations_and_unknown_descriptors_are_printed(void **state)
{
    static const uint8_t device[] = {0x12, 0x01, 0x00, 0x02, 0xef, 0x02, 0x01, 0x08, 0x09,
                                     0x12, 0x01, 0x00, 0x34, 0x12, 0x00, 0x00, 0x00, 0x01};
    static const uint8_t configuration[] = {
        9, 2,    0x26, 0,    1,    1, 0,  0xa0, 50, /* configuration */
        8, 11,   0,    1,    3,    1, 2,  0,        /* association */
        9, 4,    0,    0,    1,    3, 1,  2,    0,  /* interface: mouse */
        5, 0x21, 0x11, 0x01, 0x00,                  /* class-specific */
        7, 5,    0x81, 3,    5,    0, 10,           /* endpoint */
    };
    const struct usb_device_view view = {
        .address = 12,
        .device = device,
        .device_size = sizeof device,
        .configuration = configuration,
        .configuration_size = sizeof configuration,
    };
    struct text text = {0};

    (void)state;
    usb_print_device(&text, &view);
    assert_non_null(strstr(text_string(&text), "Bus 001 Device 012: ID 1209:0001\n"));
    assert_non_null(strstr(text_string(&text), "  bDeviceClass          239 Miscellaneous Device\n"
                                               "  bDeviceSubClass         2\n"
                                               "  bDeviceProtocol         1 Interface Association\n"
                                               "  bMaxPacketSize0         8\n"));
    assert_non_null(strstr(text_string(&text), "  bcdDevice           12.34\n"));
    assert_non_null(strstr(text_string(&text), "    bmAttributes         0xa0\n"
                                               "      (Bus Powered)\n"
                                               "      Remote Wakeup\n"
                                               "    MaxPower              100mA\n"
                                               "    Interface Association:\n"
                                               "      bLength                 8\n"));
    assert_non_null(strstr(text_string(&text),
                           "      bInterfaceClass         3 Human Interface Device\n"
                           "      bInterfaceSubClass      1 Boot Interface Subclass\n"
                           "      bInterfaceProtocol      2 Mouse\n"));
    assert_non_null(strstr(text_string(&text), "      ** UNRECOGNIZED:  05 21 11 01 00\n"
                                               "      Endpoint Descriptor:\n"
                                               "        bLength                 7\n"
                                               "        bDescriptorType         5\n"
                                               "        bEndpointAddress     0x81  EP 1 IN\n"
                                               "        bmAttributes            3\n"
                                               "          Transfer Type            Interrupt\n"
                                               "          Synch Type               None\n"
                                               "          Usage Type               Data\n"
                                               "        wMaxPacketSize     0x0005  1x 5 bytes\n"
                                               "        bInterval              10\n"));
    text_free(&text);
}

/* Class, subclass and protocol of an interface, and the words behind them. */
static void classes_have_their_names(void **state)
{
    static const struct {
        uint8_t codes[3];
        const char *words;
    } known[] = {
        {{0x02, 0x02, 0x01},
         "Class         2 Communications\n"
         "      bInterfaceSubClass      2 Abstract (modem)\n"
         "      bInterfaceProtocol      1 AT-commands (v.25ter)\n"},
        {{0x08, 0x06, 0x50},
         "Class         8 Mass Storage\n"
         "      bInterfaceSubClass      6 SCSI\n"
         "      bInterfaceProtocol     80 Bulk-Only\n"},
        {{0xff, 0xff, 0xff},
         "Class       255 Vendor Specific Class\n"
         "      bInterfaceSubClass    255 Vendor Specific Subclass\n"
         "      bInterfaceProtocol    255 Vendor Specific Protocol\n"},
        {{0x77, 0x01, 0x02},
         "Class       119\n"
         "      bInterfaceSubClass      1\n"
         "      bInterfaceProtocol      2\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct bench *bench = bench_create(HOST_LINUX);
        struct usb_device_view view;
        struct text text = {0};

        memcpy(bench->device.configuration + 14, known[i].codes, 3);
        bench_power_on(bench);
        assert_int_equal(bench_run_until_settled(bench), HOST_DONE);
        view = host_device_view(bench->host);
        usb_print_device(&text, &view);
        assert_non_null(strstr(text_string(&text), known[i].words));
        text_free(&text);
        bench_destroy(bench);
    }
}

static void nothing_is_printed_before_the_device_is_known(void **state)
{
    struct usb_device_view view = {0};
    struct text text = {0};

    (void)state;
    usb_print_device(&text, &view);
    assert_string_equal(text_string(&text), "");
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_workshop_device_is_printed_as_lsusb_does),
        cmocka_unit_test(endpoints_associations_and_unknown_descriptors_are_printed),
        cmocka_unit_test(classes_have_their_names),
        cmocka_unit_test(nothing_is_printed_before_the_device_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
