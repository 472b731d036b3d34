/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/text.h"

#include "sim/base/heap.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void reserve(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;
    size_t capacity = text->capacity ? text->capacity : 256;

    while (capacity < needed)
        capacity *= 2;
    if (capacity != text->capacity) {
        text->bytes = heap_resize(text->bytes, capacity);
        text->capacity = capacity;
    }
}

void text_append(struct text *text, const char *bytes, size_t size)
{
    reserve(text, size);
    memcpy(text->bytes + text->length, bytes, size);
    text->length += size;
    text->bytes[text->length] = '\0';
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list values;
    int size;

    va_start(values, format);
    size = vsnprintf(NULL, 0, format, values);
    va_end(values);
    assert(size >= 0);

    reserve(text, (size_t)size);
    va_start(values, format);
    (void)vsnprintf(text->bytes + text->length, (size_t)size + 1, format, values);
    va_end(values);
    text->length += (size_t)size;
}

const char *text_string(const struct text *text)
{
    return text->bytes ? text->bytes : "";
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->bytes)
        text->bytes[0] = '\0';
}

void text_free(struct text *text)
{
    heap_release(text->bytes);
    *text = (struct text){0};
}

bool text_ends_with(const char *string, const char *end)
{
    size_t length = strlen(string);
    size_t end_length = strlen(end);

    return length >= end_length && !strcmp(string + length - end_length, end);
}
