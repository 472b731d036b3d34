/* SPDX-License-Identifier: Apache-2.0 */
/* Bits, fields and little-endian words. The guest is little-endian whatever the host is. */
#ifndef SIM_BASE_BITS_H
#define SIM_BASE_BITS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint32_t bit32(unsigned n)
{
    assert(n < 32);
    return (uint32_t)1 << n;
}

/* All ones in `width` low bits. width 0..32. */
static inline uint32_t mask32(unsigned width)
{
    assert(width <= 32);
    return width ? 0xffffffffu >> (32 - width) : 0;
}

/* Bits [lsb, lsb+width) of `word`, shifted down. */
static inline uint32_t extract32(uint32_t word, unsigned lsb, unsigned width)
{
    return (word >> lsb) & mask32(width);
}

/* `word` with bits [lsb, lsb+width) replaced by the low bits of `value`. */
static inline uint32_t deposit32(uint32_t word, unsigned lsb, unsigned width, uint32_t value)
{
    uint32_t mask = mask32(width) << lsb;

    return (word & ~mask) | ((value << lsb) & mask);
}

static inline uint32_t sign_extend32(uint32_t value, unsigned width)
{
    uint32_t sign = bit32(width - 1);

    return ((value & mask32(width)) ^ sign) - sign;
}

static inline uint16_t load_le16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t load_le32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

/* `size` low bytes, 1..8. */
static inline uint64_t load_le(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;

    assert(size >= 1 && size <= 8);
    for (size_t i = size; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static inline void store_le16(uint8_t *bytes, uint16_t value)
{
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static inline void store_le32(uint8_t *bytes, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static inline void store_le(uint8_t *bytes, size_t size, uint64_t value)
{
    assert(size >= 1 && size <= 8);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

#endif
