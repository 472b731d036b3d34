/* SPDX-License-Identifier: Apache-2.0 */
/* Quotations from the firmware's source. */
#include "sim/report/place.h"
#include "sim/report/style.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TAB_STOP = 8, LINE_ROOM = 1024, QUOTED = REPORT_WIDTH - 12 };

const char *shown_path(const char *file)
{
    char folder[1024];
    size_t length;

    if (!getcwd(folder, sizeof folder))
        return file;
    length = strlen(folder);
    if (!strncmp(file, folder, length) && file[length] == '/')
        return file + length + 1;
    return strncmp(file, "./", 2) ? file : file + 2;
}

/* Reads one line whatever its length; what does not fit `line` is dropped. False at the end. */
static bool read_line(FILE *source, char *line)
{
    size_t used = 0;
    int c = fgetc(source);

    if (c == EOF)
        return false;
    for (; c != EOF && c != '\n'; c = fgetc(source)) {
        if (used < LINE_ROOM - 1 && c != '\r' && c != '\0')
            line[used++] = (char)c;
    }
    line[used] = '\0';
    return true;
}

/* Control characters would reach the terminal. */
static char shown_byte(char byte)
{
    if (byte == '\t')
        return ' ';
    return (unsigned char)byte < ' ' || byte == 0x7f ? '?' : byte;
}

/* `line` with tabs as spaces, cut to QUOTED columns. Returns where source column `column` (from 1;
 * 0: the first that is not blank) went to, from 0. */
static unsigned lay_out(const char *line, unsigned column, char *out)
{
    unsigned width = 0;
    unsigned mark = 0;

    if (!column)
        column = (unsigned)strspn(line, " \t") + 1;
    for (unsigned i = 0; line[i] && width < QUOTED; i++) {
        unsigned spaces = line[i] == '\t' ? TAB_STOP - width % TAB_STOP : 1;

        mark = i + 1 == column ? width : mark;
        for (; spaces && width < QUOTED; spaces--)
            out[width++] = shown_byte(line[i]);
    }
    out[width] = '\0';
    return mark;
}

void print_excerpt(struct text *text, const struct report_options *options, const char *file,
                   unsigned line, unsigned column)
{
    FILE *source = fopen(shown_path(file), "r");
    char raw[LINE_ROOM];
    char shown[QUOTED + 1];

    if (!source)
        return;
    for (unsigned number = 1; number <= line + 1 && read_line(source, raw); number++) {
        unsigned mark = lay_out(raw, number == line ? column : 0, shown);

        if (number + 1 < line)
            continue;
        text_printf(text, number == line ? "  > %5u | " : "    %5u | ", number);
        paint(text, options->colour, number == line ? PAINT_STRONG : PAINT_FAINT, "%s", shown);
        text_printf(text, "\n");
        if (number == line)
            text_printf(text, "          | %*s^\n", (int)mark, "");
    }
    (void)fclose(source);
}
