/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/periph/chacha.h"

#include "sim/base/bits.h"

#include <string.h>

static uint32_t rotate(uint32_t word, unsigned left)
{
    return word << left | word >> (32 - left);
}

/* RFC 8439, 2.1. */
static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    *a += *b;
    *d = rotate(*d ^ *a, 16);
    *c += *d;
    *b = rotate(*b ^ *c, 12);
    *a += *b;
    *d = rotate(*d ^ *a, 8);
    *c += *d;
    *b = rotate(*b ^ *c, 7);
}

/* RFC 8439, 2.3: columns, then diagonals. */
static void double_round(uint32_t *w)
{
    for (unsigned i = 0; i < 4; i++)
        quarter_round(&w[i], &w[4 + i], &w[8 + i], &w[12 + i]);
    for (unsigned i = 0; i < 4; i++)
        quarter_round(&w[i], &w[4 + (i + 1) % 4], &w[8 + (i + 2) % 4], &w[12 + (i + 3) % 4]);
}

void chacha_block(const uint32_t input[CHACHA_WORDS], unsigned rounds, uint8_t stream[CHACHA_BLOCK])
{
    uint32_t w[CHACHA_WORDS];

    memcpy(w, input, sizeof w);
    for (unsigned i = 0; i < rounds; i += 2)
        double_round(w);
    for (unsigned i = 0; i < CHACHA_WORDS; i++)
        store_le32(stream + 4 * (size_t)i, w[i] + input[i]);
}
