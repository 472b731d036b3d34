/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/hash.h"

#include "sim/base/bits.h"

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    size_t left = size;

    for (; left >= 8; at += 8, left -= 8)
        hash = mix(hash, (uint64_t)load_le32(at) | (uint64_t)load_le32(at + 4) << 32);
    if (left)
        hash = mix(hash, load_le(at, left));
    return mix(hash, size);
}
