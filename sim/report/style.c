/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/style.h"

#include "sim/base/compiler.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const colours[] = {
    [PAINT_ERROR] = "\x1b[1;31m", [PAINT_WARNING] = "\x1b[1;33m", [PAINT_GOOD] = "\x1b[1;32m",
    [PAINT_STRONG] = "\x1b[1m",   [PAINT_FAINT] = "\x1b[2m",
};

void paint(struct text *text, bool colour, enum paint paint, const char *format, ...)
{
    char words[512];
    va_list values;

    va_start(values, format);
    (void)vsnprintf(words, sizeof words, format, values);
    va_end(values);
    if (colour)
        text_printf(text, "%s%s\x1b[0m", colours[paint], words);
    else
        text_printf(text, "%s", words);
}

unsigned column_of(const struct text *text)
{
    const char *all = text_string(text);
    const char *line = strrchr(all, '\n');
    unsigned column = 0;

    for (line = line ? line + 1 : all; *line; line++) {
        if (*line == '\x1b')
            line += strcspn(line, "m");
        else if (((unsigned char)*line & 0xc0) != 0x80) /* not in the midst of a UTF-8 character */
            column++;
    }
    return column;
}

void wrap(struct text *text, unsigned column, unsigned indent, const char *words)
{
    bool fresh = true;

    while (*words) {
        size_t length = strcspn(words, " \n");

        if (!fresh && column + 1 + length > REPORT_WIDTH) {
            text_printf(text, "\n%*s", (int)indent, "");
            column = indent;
            fresh = true;
        }
        if (!fresh)
            text_append(text, " ", 1);
        text_append(text, words, length);
        column += (unsigned)length + !fresh;
        fresh = false;
        words += length;
        if (*words == '\n' && words[1]) {
            bool blank = words[1] == '\n';

            text_printf(text, "\n%*s", blank ? 0 : (int)indent, "");
            column = indent;
            fresh = true;
        }
        words += *words != '\0';
    }
}

void print_milliseconds(struct text *text, sim_time when, unsigned digits, unsigned width)
{
    uint64_t whole = when / CYCLES_PER_MS;
    uint64_t rest = when % CYCLES_PER_MS; /* 15.625 ns each */
    uint64_t fraction = digits == 3 ? rest / CYCLES_PER_US : rest * 1000 / CYCLES_PER_US;
    char number[40];

    (void)snprintf(number, sizeof number, "%" PRIu64 ".%0*" PRIu64, whole, (int)digits, fraction);
    text_printf(text, "%*s", (int)width, number);
}

const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

void print_exception(struct text *text, unsigned exception)
{
    static const char *const names[16] = {
        [0] = "thread mode", [2] = "NMI",        [3] = "HardFault", [4] = "MemManage",
        [5] = "BusFault",    [6] = "UsageFault", [11] = "SVCall",   [12] = "DebugMonitor",
        [14] = "PendSV",     [15] = "SysTick",
    };

    if (exception >= ARRAY_LENGTH(names))
        text_printf(text, "IRQ %u", exception - 16);
    else if (names[exception])
        text_printf(text, "%s", names[exception]);
    else
        text_printf(text, "exception %u", exception);
}
