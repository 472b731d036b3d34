/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/common/log.h"

#include "firmware/common/semihosting.h"

#include <stdarg.h>
#include <stddef.h>

enum { LINE_MAX = 127 };

struct line {
    size_t used;
    char text[LINE_MAX + 2]; /* newline and NUL */
};

static void put(struct line *line, char c)
{
    if (line->used < LINE_MAX)
        line->text[line->used++] = c;
}

static void put_text(struct line *line, const char *text)
{
    while (*text != '\0')
        put(line, *text++);
}

static void put_number(struct line *line, unsigned value, unsigned base, unsigned digits)
{
    char reversed[10];
    unsigned used = 0;

    do {
        reversed[used++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0 || used < digits);
    while (used > 0)
        put(line, reversed[--used]);
}

void log_line(const char *format, ...)
{
    struct line line = {.used = 0};
    va_list values;

    va_start(values, format);
    for (; *format != '\0'; format++) {
        if (*format != '%')
            put(&line, *format);
        else if (*++format == 'u')
            put_number(&line, va_arg(values, unsigned), 10, 1);
        else if (*format == 'x')
            put_number(&line, va_arg(values, unsigned), 16, 2);
        else if (*format == 's')
            put_text(&line, va_arg(values, const char *));
        else
            put(&line, *format);
    }
    va_end(values);
    line.text[line.used++] = '\n';
    line.text[line.used] = '\0';
    console_write(line.text);
}
