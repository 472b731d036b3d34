/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/usb/crc.h"
#include "tests/cmocka.h"

/* Worked examples of the USB-IF's white paper on CRCs. In the comments the CRC in the order of
 * transmission: the first bit sent is the lowest. */
static void crc5_of_known_tokens(void **state)
{
    (void)state;
    assert_int_equal(usb_crc5(0x15 | 0xe << 7), 0x1d); /* 10111 */
    assert_int_equal(usb_crc5(0x3a | 0xa << 7), 0x07); /* 11100 */
    assert_int_equal(usb_crc5(0x70 | 0x4 << 7), 0x0e); /* 01110 */
    assert_int_equal(usb_crc5(0x09 | 0x2 << 7), 0x16); /* on the wire: 09 b1 */
    assert_int_equal(usb_crc5(0x001), 0x1d);           /* SOF, frame 1: 10111 */
}

static void crc5_of_address_0_endpoint_0(void **state)
{
    (void)state;
    assert_int_equal(usb_crc5(0), 0x02); /* on the wire: 2d 00 10 */
}

static void crc16_of_known_packets(void **state)
{
    const uint8_t ascending[] = {0x00, 0x01, 0x02, 0x03};
    const uint8_t mixed[] = {0x23, 0x45, 0x67, 0x89};
    const uint8_t get_device[] = {0x80, 0x06, 0x00, 0x01, 0x00, 0x00, 0x40, 0x00};

    (void)state;
    assert_int_equal(usb_crc16(ascending, sizeof ascending), 0x7aef);
    assert_int_equal(usb_crc16(mixed, sizeof mixed), 0x1c0e);
    assert_int_equal(usb_crc16(get_device, sizeof get_device), 0x94dd); /* on the wire: dd 94 */
}

static void crc16_of_an_empty_packet_is_zero(void **state)
{
    (void)state;
    assert_int_equal(usb_crc16(NULL, 0), 0);
}

/* A receiver runs the CRC over payload and CRC and finds the residual 1000000000001101 (8.3.5.2).
 */
static void crc16_leaves_the_residual_of_the_specification(void **state)
{
    uint8_t packet[] = {0xde, 0xad, 0xbe, 0xef, 0x42, 0, 0};
    uint16_t crc = usb_crc16(packet, 5);

    (void)state;
    packet[5] = (uint8_t)crc;
    packet[6] = (uint8_t)(crc >> 8);
    assert_int_equal((uint16_t)~usb_crc16(packet, sizeof packet), 0xb001); /* 0x800d reflected */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc5_of_known_tokens),
        cmocka_unit_test(crc5_of_address_0_endpoint_0),
        cmocka_unit_test(crc16_of_known_packets),
        cmocka_unit_test(crc16_of_an_empty_packet_is_zero),
        cmocka_unit_test(crc16_leaves_the_residual_of_the_specification),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
