/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/periph/aes.h"

#include <string.h>

enum { ROUNDS = 10, COLUMNS = 4 };

/* FIPS 197, figure 7. */
static const uint8_t sbox[256] = {
    0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7, 0xab, 0x76,
    0xca, 0x82, 0xc9, 0x7d, 0xfa, 0x59, 0x47, 0xf0, 0xad, 0xd4, 0xa2, 0xaf, 0x9c, 0xa4, 0x72, 0xc0,
    0xb7, 0xfd, 0x93, 0x26, 0x36, 0x3f, 0xf7, 0xcc, 0x34, 0xa5, 0xe5, 0xf1, 0x71, 0xd8, 0x31, 0x15,
    0x04, 0xc7, 0x23, 0xc3, 0x18, 0x96, 0x05, 0x9a, 0x07, 0x12, 0x80, 0xe2, 0xeb, 0x27, 0xb2, 0x75,
    0x09, 0x83, 0x2c, 0x1a, 0x1b, 0x6e, 0x5a, 0xa0, 0x52, 0x3b, 0xd6, 0xb3, 0x29, 0xe3, 0x2f, 0x84,
    0x53, 0xd1, 0x00, 0xed, 0x20, 0xfc, 0xb1, 0x5b, 0x6a, 0xcb, 0xbe, 0x39, 0x4a, 0x4c, 0x58, 0xcf,
    0xd0, 0xef, 0xaa, 0xfb, 0x43, 0x4d, 0x33, 0x85, 0x45, 0xf9, 0x02, 0x7f, 0x50, 0x3c, 0x9f, 0xa8,
    0x51, 0xa3, 0x40, 0x8f, 0x92, 0x9d, 0x38, 0xf5, 0xbc, 0xb6, 0xda, 0x21, 0x10, 0xff, 0xf3, 0xd2,
    0xcd, 0x0c, 0x13, 0xec, 0x5f, 0x97, 0x44, 0x17, 0xc4, 0xa7, 0x7e, 0x3d, 0x64, 0x5d, 0x19, 0x73,
    0x60, 0x81, 0x4f, 0xdc, 0x22, 0x2a, 0x90, 0x88, 0x46, 0xee, 0xb8, 0x14, 0xde, 0x5e, 0x0b, 0xdb,
    0xe0, 0x32, 0x3a, 0x0a, 0x49, 0x06, 0x24, 0x5c, 0xc2, 0xd3, 0xac, 0x62, 0x91, 0x95, 0xe4, 0x79,
    0xe7, 0xc8, 0x37, 0x6d, 0x8d, 0xd5, 0x4e, 0xa9, 0x6c, 0x56, 0xf4, 0xea, 0x65, 0x7a, 0xae, 0x08,
    0xba, 0x78, 0x25, 0x2e, 0x1c, 0xa6, 0xb4, 0xc6, 0xe8, 0xdd, 0x74, 0x1f, 0x4b, 0xbd, 0x8b, 0x8a,
    0x70, 0x3e, 0xb5, 0x66, 0x48, 0x03, 0xf6, 0x0e, 0x61, 0x35, 0x57, 0xb9, 0x86, 0xc1, 0x1d, 0x9e,
    0xe1, 0xf8, 0x98, 0x11, 0x69, 0xd9, 0x8e, 0x94, 0x9b, 0x1e, 0x87, 0xe9, 0xce, 0x55, 0x28, 0xdf,
    0x8c, 0xa1, 0x89, 0x0d, 0xbf, 0xe6, 0x42, 0x68, 0x41, 0x99, 0x2d, 0x0f, 0xb0, 0x54, 0xbb, 0x16};

/* Times x in GF(2^8), 4.2.1. */
static uint8_t xtime(uint8_t byte)
{
    return (uint8_t)(byte << 1 ^ (byte & 0x80 ? 0x1b : 0));
}

static void add_key(uint8_t *state, const uint8_t *key)
{
    for (unsigned i = 0; i < AES_BLOCK; i++)
        state[i] ^= key[i];
}

/* The key of the next round, 5.2. */
static void expand(uint8_t *key, uint8_t constant)
{
    key[0] ^= (uint8_t)(sbox[key[13]] ^ constant);
    key[1] ^= sbox[key[14]];
    key[2] ^= sbox[key[15]];
    key[3] ^= sbox[key[12]];
    for (unsigned i = 4; i < AES_BLOCK; i++)
        key[i] ^= key[i - 4];
}

/* SubBytes and ShiftRows, 5.1.1 and 5.1.2: row r moves to the left by r columns. */
static void substitute_and_shift(uint8_t *state)
{
    uint8_t before[AES_BLOCK];

    memcpy(before, state, sizeof before);
    for (unsigned column = 0; column < COLUMNS; column++) {
        for (unsigned row = 0; row < 4; row++)
            state[4 * column + row] = sbox[before[4 * ((column + row) % COLUMNS) + row]];
    }
}

/* MixColumns, 5.1.3. */
static void mix(uint8_t *column)
{
    uint8_t all = (uint8_t)(column[0] ^ column[1] ^ column[2] ^ column[3]);
    uint8_t first = column[0];

    for (unsigned row = 0; row < 4; row++) {
        uint8_t next = row < 3 ? column[row + 1] : first;

        column[row] ^= (uint8_t)(all ^ xtime(column[row] ^ next));
    }
}

void aes_encrypt(const uint8_t *key, const uint8_t *clear, uint8_t *cipher)
{
    uint8_t round_key[AES_BLOCK];
    uint8_t constant = 1;

    memcpy(round_key, key, sizeof round_key);
    memmove(cipher, clear, AES_BLOCK);
    add_key(cipher, round_key);
    for (unsigned round = 1; round <= ROUNDS; round++) {
        substitute_and_shift(cipher);
        for (unsigned column = 0; column < COLUMNS && round < ROUNDS; column++)
            mix(cipher + 4 * column);
        expand(round_key, constant);
        constant = xtime(constant);
        add_key(cipher, round_key);
    }
}

/* ---- Decryption, 5.3 ---------------------------------------------------------------------------
 */

/* The key of the round before: `expand` undone. */
static void unexpand(uint8_t *key, uint8_t constant)
{
    for (unsigned i = AES_BLOCK; i-- > 4;)
        key[i] ^= key[i - 4];
    key[0] ^= (uint8_t)(sbox[key[13]] ^ constant);
    key[1] ^= sbox[key[14]];
    key[2] ^= sbox[key[15]];
    key[3] ^= sbox[key[12]];
}

static void invert_sbox(uint8_t *inverse)
{
    for (unsigned i = 0; i < sizeof sbox; i++)
        inverse[sbox[i]] = (uint8_t)i;
}

/* InvShiftRows and InvSubBytes. */
static void shift_and_substitute_back(uint8_t *state, const uint8_t *inverse)
{
    uint8_t before[AES_BLOCK];

    memcpy(before, state, sizeof before);
    for (unsigned column = 0; column < COLUMNS; column++) {
        for (unsigned row = 0; row < 4; row++)
            state[4 * ((column + row) % COLUMNS) + row] = inverse[before[4 * column + row]];
    }
}

/* InvMixColumns: MixColumns behind a product with 4x^2 + 5, as the two undo each other. */
static void mix_back(uint8_t *column)
{
    uint8_t even = xtime(xtime(column[0] ^ column[2]));
    uint8_t odd = xtime(xtime(column[1] ^ column[3]));

    column[0] ^= even;
    column[1] ^= odd;
    column[2] ^= even;
    column[3] ^= odd;
    mix(column);
}

void aes_decrypt(const uint8_t *key, const uint8_t *cipher, uint8_t *clear)
{
    uint8_t constants[ROUNDS] = {1};
    uint8_t round_key[AES_BLOCK];
    uint8_t inverse[sizeof sbox];

    invert_sbox(inverse);
    memcpy(round_key, key, sizeof round_key);
    for (unsigned round = 0; round < ROUNDS; round++) {
        if (round)
            constants[round] = xtime(constants[round - 1]);
        expand(round_key, constants[round]);
    }
    memmove(clear, cipher, AES_BLOCK);
    for (unsigned round = ROUNDS; round-- > 0;) {
        add_key(clear, round_key);
        for (unsigned column = 0; column < COLUMNS && round < ROUNDS - 1; column++)
            mix_back(clear + 4 * column);
        shift_and_substitute_back(clear, inverse);
        unexpand(round_key, constants[round]);
    }
    add_key(clear, round_key);
}
