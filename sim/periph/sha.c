/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/periph/sha.h"

#include <string.h>

enum { SHA1_ROUNDS = 80, SHA256_ROUNDS = 64 };

static uint32_t left(uint32_t word, unsigned by)
{
    return word << by | word >> (32 - by);
}

static uint32_t right(uint32_t word, unsigned by)
{
    return left(word, 32 - by);
}

static uint32_t word_at(const uint8_t *block, unsigned index)
{
    const uint8_t *bytes = block + 4 * index;

    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t choose_bits(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) ^ (~x & z);
}

static uint32_t majority(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) ^ (x & z) ^ (y & z);
}

/* 4.1.1 and 4.2.1 */
static uint32_t sha1_mix(unsigned round, const uint32_t *v)
{
    static const uint32_t constants[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t mixed = v[1] ^ v[2] ^ v[3];

    if (round < 20)
        mixed = choose_bits(v[1], v[2], v[3]);
    else if (round >= 40 && round < 60)
        mixed = majority(v[1], v[2], v[3]);
    return mixed + constants[round / 20];
}

void sha1_block(uint32_t hash[SHA1_WORDS], const uint8_t block[SHA_BLOCK])
{
    uint32_t w[SHA1_ROUNDS];
    uint32_t v[SHA1_WORDS];

    for (unsigned t = 0; t < 16; t++)
        w[t] = word_at(block, t);
    for (unsigned t = 16; t < SHA1_ROUNDS; t++)
        w[t] = left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    memcpy(v, hash, sizeof v);
    for (unsigned t = 0; t < SHA1_ROUNDS; t++) {
        uint32_t next = left(v[0], 5) + sha1_mix(t, v) + v[4] + w[t];

        memmove(v + 1, v, 4 * sizeof *v);
        v[0] = next;
        v[2] = left(v[2], 30);
    }
    for (unsigned i = 0; i < SHA1_WORDS; i++)
        hash[i] += v[i];
}

/* 4.2.2 */
static const uint32_t k256[SHA256_ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static void sha256_schedule(uint32_t w[SHA256_ROUNDS], const uint8_t *block)
{
    for (unsigned t = 0; t < 16; t++)
        w[t] = word_at(block, t);
    for (unsigned t = 16; t < SHA256_ROUNDS; t++) {
        uint32_t a = w[t - 15];
        uint32_t b = w[t - 2];

        w[t] = (right(b, 17) ^ right(b, 19) ^ b >> 10) + w[t - 7] +
               (right(a, 7) ^ right(a, 18) ^ a >> 3) + w[t - 16];
    }
}

void sha256_block(uint32_t hash[SHA256_WORDS], const uint8_t block[SHA_BLOCK])
{
    uint32_t w[SHA256_ROUNDS];
    uint32_t v[SHA256_WORDS];

    sha256_schedule(w, block);
    memcpy(v, hash, sizeof v);
    for (unsigned t = 0; t < SHA256_ROUNDS; t++) {
        uint32_t first = v[7] + (right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25)) +
                         choose_bits(v[4], v[5], v[6]) + k256[t] + w[t];
        uint32_t second =
            (right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22)) + majority(v[0], v[1], v[2]);

        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += first;
        v[0] = first + second;
    }
    for (unsigned i = 0; i < SHA256_WORDS; i++)
        hash[i] += v[i];
}
