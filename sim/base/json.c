/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/json.h"

#include "sim/base/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { INDENT = 2, DEPTH = 32 };

static void write_escaped(struct text *text, unsigned char byte)
{
    static const char short_forms[][3] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r"};

    if (byte == '"' || byte == '\\')
        text_printf(text, "\\%c", byte);
    else if (byte < ARRAY_LENGTH(short_forms) && *short_forms[byte])
        text_printf(text, "%s", short_forms[byte]);
    else
        text_printf(text, "\\u%04x", byte);
}

static void write_string(struct text *text, const char *value)
{
    text_append(text, "\"", 1);
    while (*value) {
        unsigned char first = (unsigned char)*value;
        size_t length = utf8_length(value);

        if (first < ' ' || first == '"' || first == '\\' || first == 0x7f)
            write_escaped(text, first);
        else if (length)
            text_append(text, value, length);
        else
            text_printf(text, "%s", UTF8_REPLACEMENT);
        value += length ? length : 1;
    }
    text_append(text, "\"", 1);
}

static void new_line(struct json *json)
{
    if (json->one_line)
        return;
    text_printf(json->text, "\n%*s", (int)(INDENT * json->depth), "");
}

/* Everything that comes before a value. */
static void begin_value(struct json *json, const char *key)
{
    bool in_array = json->depth && json->arrays >> (json->depth - 1) & 1;

    assert(!key == (json->depth == 0 || in_array));
    if (json->filled)
        text_append(json->text, ",", 1);
    if (json->depth)
        new_line(json);
    json->filled = true;
    if (!key)
        return;
    write_string(json->text, key);
    text_append(json->text, ": ", 2);
}

static void open_level(struct json *json, const char *key, bool array)
{
    assert(json->depth < DEPTH);
    begin_value(json, key);
    text_append(json->text, array ? "[" : "{", 1);
    json->arrays &= ~(UINT32_C(1) << json->depth);
    json->arrays |= (uint32_t)array << json->depth;
    json->depth++;
    json->filled = false;
}

void json_object(struct json *json, const char *key)
{
    open_level(json, key, false);
}

void json_array(struct json *json, const char *key)
{
    open_level(json, key, true);
}

void json_end(struct json *json)
{
    assert(json->depth);
    json->depth--;
    if (json->filled)
        new_line(json);
    text_append(json->text, json->arrays >> json->depth & 1 ? "]" : "}", 1);
    json->filled = true;
    if (!json->depth)
        text_append(json->text, "\n", 1);
}

void json_string(struct json *json, const char *key, const char *value)
{
    if (!value) {
        json_null(json, key);
        return;
    }
    begin_value(json, key);
    write_string(json->text, value);
}

void json_format(struct json *json, const char *key, const char *format, ...)
{
    char words[512];
    va_list values;

    va_start(values, format);
    (void)vsnprintf(words, sizeof words, format, values);
    va_end(values);
    json_string(json, key, words);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
    begin_value(json, key);
    text_printf(json->text, "%" PRIu64, value);
}

void json_real(struct json *json, const char *key, double value)
{
    begin_value(json, key);
    text_printf(json->text, "%.9g", value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    begin_value(json, key);
    text_printf(json->text, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
    begin_value(json, key);
    text_printf(json->text, "null");
}

void json_hex(struct json *json, const char *key, const uint8_t *bytes, size_t size)
{
    begin_value(json, key);
    text_append(json->text, "\"", 1);
    for (size_t i = 0; i < size; i++)
        text_printf(json->text, "%02x", bytes[i]);
    text_append(json->text, "\"", 1);
}
