/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/xml.h"

#include "sim/base/utf8.h"

#include <stdbool.h>
#include <string.h>

/* U+FFFE and U+FFFF are the two that are well-formed UTF-8 and yet not allowed (XML 1.0, 2.2). */
static bool is_no_character(const char *bytes)
{
    return !strncmp(bytes, "\xef\xbf\xbe", 3) || !strncmp(bytes, "\xef\xbf\xbf", 3);
}

static bool is_blank(char byte)
{
    return byte == '\n' || byte == '\t' || byte == '\r';
}

/* `at` is one character, or a byte that is none: `length` 0. */
static void append_one(struct text *text, const char *at, size_t length)
{
    unsigned char first = (unsigned char)*at;

    if (first == '&')
        text_printf(text, "&amp;");
    else if (first == '<')
        text_printf(text, "&lt;");
    else if (first == '>')
        text_printf(text, "&gt;");
    else if (first == '"')
        text_printf(text, "&quot;");
    else if ((first < ' ' && !is_blank(*at)) || first == 0x7f)
        text_printf(text, "\\x%02x", first);
    else if (!length || is_no_character(at))
        text_printf(text, "%s", UTF8_REPLACEMENT);
    else
        text_append(text, at, length);
}

/* A blank that XML would make another one of is written as its number. */
static void append(struct text *text, const char *words, const char *numbered)
{
    while (*words) {
        size_t length = utf8_length(words);

        if (strchr(numbered, *words))
            text_printf(text, "&#%u;", (unsigned char)*words);
        else
            append_one(text, words, length);
        words += length ? length : 1;
    }
}

void xml_element_text(struct text *text, const char *words)
{
    append(text, words, "\r");
}

void xml_attribute_text(struct text *text, const char *words)
{
    append(text, words, "\r\n\t");
}
