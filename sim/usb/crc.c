/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/usb/crc.h"

/* Both run with reflected polynomials, because USB sends the least significant bit first. */
enum {
    POLYNOMIAL5 = 0x14,    /* x^5 + x^2 + 1 */
    POLYNOMIAL16 = 0xa001, /* x^16 + x^15 + x^2 + 1 */
    TOKEN_FIELD_BITS = 11,
};

static uint32_t shift(uint32_t crc, uint32_t bits, unsigned count, uint32_t polynomial)
{
    for (unsigned i = 0; i < count; i++)
        crc = crc >> 1 ^ ((crc ^ bits >> i) & 1 ? polynomial : 0);
    return crc;
}

uint8_t usb_crc5(uint16_t bits)
{
    return (uint8_t)(~shift(0x1f, bits, TOKEN_FIELD_BITS, POLYNOMIAL5) & 0x1f);
}

uint16_t usb_crc16(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0xffff;

    for (size_t i = 0; i < size; i++)
        crc = shift(crc, bytes[i], 8, POLYNOMIAL16);
    return (uint16_t)~crc;
}
