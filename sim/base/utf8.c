/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* What the first byte promises, 0 if it cannot be a first one. */
static size_t promised_length(uint8_t first)
{
    if (first < 0x80)
        return first != 0;
    if (first < 0xc2) /* a continuation, or an overlong form of ASCII */
        return 0;
    if (first < 0xe0)
        return 2;
    if (first < 0xf0)
        return 3;
    return first < 0xf5 ? 4 : 0;
}

/* Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte. */
static bool is_excluded(uint8_t first, uint8_t second)
{
    return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
           (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
}

size_t utf8_length(const char *bytes)
{
    const uint8_t *at = (const uint8_t *)bytes;
    size_t length = promised_length(at[0]);

    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) /* the end of the string too */
            return 0;
    }
    return length > 1 && is_excluded(at[0], at[1]) ? 0 : length;
}
