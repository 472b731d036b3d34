/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/check/heap.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { TAG_MAGIC = 0x48 }; /* top byte, so that marks of other kinds can be told apart */

static const struct heap_function known[] = {
#define HEAP(name_, act_, pointer_, size_)                                                         \
    {.name = #name_, .act = HEAP_##act_, .pointer = pointer_, .size = size_},
#include "sim/check/heap.def"
#undef HEAP
};

const struct heap_function *heap_functions(unsigned *count)
{
    *count = ARRAY_LENGTH(known);
    return known;
}

uint32_t heap_tag(const struct heap_function *function)
{
    assert(function->pointer < HEAP_ARGUMENTS && function->size < HEAP_ARGUMENTS);
    return (uint32_t)TAG_MAGIC << 24 | (uint32_t)function->size << 16 |
           (uint32_t)function->pointer << 8 | (uint32_t)function->act;
}

bool heap_of_tag(uint32_t tag, struct heap_function *function)
{
    if (tag >> 24 != TAG_MAGIC)
        return false;
    *function = (struct heap_function){.act = (enum heap_act)extract32(tag, 0, 8),
                                       .pointer = (uint8_t)extract32(tag, 8, 8),
                                       .size = (uint8_t)extract32(tag, 16, 8)};
    return true;
}

/* ---- Those a user adds ----------------------------------------------------------------------- */

static const struct {
    const char *word;
    enum heap_act act;
    bool has_pointer;
    bool has_size;
} words[] = {
    {"alloc", HEAP_ALLOCATE, false, true},
    {"calloc", HEAP_CALLOC, false, true},
    {"realloc", HEAP_REALLOC, true, true},
    {"free", HEAP_FREE, true, false},
};

/* The part of `*rest` before the next colon; NULL when there is none or it is empty. */
static char *next_part(char **rest)
{
    char *part = *rest;
    char *colon = part ? strchr(part, ':') : NULL;

    if (colon)
        *colon = '\0';
    *rest = colon ? colon + 1 : NULL;
    return part && *part ? part : NULL;
}

static bool read_argument(char **rest, uint8_t *number)
{
    const char *part = next_part(rest);

    if (!part || part[0] < '0' || part[0] >= '0' + HEAP_ARGUMENTS || part[1])
        return false;
    *number = (uint8_t)(part[0] - '0');
    return true;
}

bool heap_function_read(struct heap_function *function, char *text)
{
    char *rest = text;
    const char *word;
    size_t row = 0;

    *function = (struct heap_function){.name = next_part(&rest)};
    word = next_part(&rest);
    if (!function->name || !word)
        return false;
    while (row < ARRAY_LENGTH(words) && strcmp(words[row].word, word) != 0)
        row++;
    if (row == ARRAY_LENGTH(words))
        return false;
    function->act = words[row].act;
    return (!words[row].has_pointer || read_argument(&rest, &function->pointer)) &&
           (!words[row].has_size || read_argument(&rest, &function->size)) && !rest &&
           !(function->act == HEAP_CALLOC && function->size + 1 == HEAP_ARGUMENTS);
}
