/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/lines.h"

#include "sim/base/compiler.h"
#include "sim/base/file.h"
#include "sim/base/heap.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 10, HIGHEST_TIME = 1000000 };

enum status line_mistake(const struct line_cursor *cursor, const char *what,
                         struct failure *failure)
{
    return failure_set(failure, STATUS_BOARD, cursor->path, "line %u, column %u: %s",
                       cursor->number, (unsigned)(cursor->at - cursor->begin) + 1, what);
}

void line_skip_spaces(struct line_cursor *cursor)
{
    cursor->at += strspn(cursor->at, " \t\r");
}

bool line_is_over(const struct line_cursor *cursor)
{
    return !*cursor->at || *cursor->at == '#';
}

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) != 0;
}

bool line_take_word(struct line_cursor *cursor, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(cursor->at, word, length) != 0 ||
        (is_letter(word[length - 1]) && is_letter(cursor->at[length])))
        return false;
    cursor->at += length;
    line_skip_spaces(cursor);
    return true;
}

bool line_take_byte(struct line_cursor *cursor, uint8_t *byte)
{
    char digits[3] = {0};

    if (!isxdigit((unsigned char)cursor->at[0]) || !isxdigit((unsigned char)cursor->at[1]) ||
        is_letter(cursor->at[2]))
        return false;
    memcpy(digits, cursor->at, 2);
    *byte = (uint8_t)strtoul(digits, NULL, 16);
    cursor->at += 2;
    line_skip_spaces(cursor);
    return true;
}

/* Decimal digits; *end is behind them. False: none, or more than `highest`. */
static bool read_number(const char *at, uint32_t highest, uint32_t *number, const char **end)
{
    size_t length = strspn(at, "0123456789");
    unsigned long long value = strtoull(at, NULL, 10);

    if (!length || length > LONGEST_NUMBER || value > highest)
        return false;
    *number = (uint32_t)value;
    *end = at + length;
    return true;
}

bool line_take_number(struct line_cursor *cursor, uint32_t highest, uint32_t *number)
{
    const char *end;

    if (!read_number(cursor->at, highest, number, &end) || is_letter(*end))
        return false;
    cursor->at = end;
    line_skip_spaces(cursor);
    return true;
}

bool line_take_time(struct line_cursor *cursor, sim_time *when)
{
    static const struct {
        const char *name;
        sim_time cycles;
    } units[] = {{"us", CYCLES_PER_US}, {"ms", CYCLES_PER_MS}, {"s", CYCLES_PER_SECOND}};
    uint32_t number;
    const char *end;

    if (!read_number(cursor->at, HIGHEST_TIME, &number, &end))
        return false;
    for (unsigned i = 0; i < ARRAY_LENGTH(units); i++) {
        size_t length = strlen(units[i].name);

        if (strncmp(end, units[i].name, length) != 0 || is_letter(end[length]))
            continue;
        *when = number * units[i].cycles;
        cursor->at = end + length;
        line_skip_spaces(cursor);
        return true;
    }
    return false;
}

static enum status read_one(struct line_cursor *cursor, line_reader *read, void *owner,
                            struct failure *failure)
{
    enum status status;

    line_skip_spaces(cursor);
    if (line_is_over(cursor))
        return STATUS_OK;
    status = read(owner, cursor, failure);
    if (status == STATUS_OK && !line_is_over(cursor))
        status = line_mistake(cursor, "something is left over", failure);
    return status;
}

enum status lines_parse(const char *name, const char *text, size_t size, line_reader *read,
                        void *owner, struct failure *failure)
{
    struct line_cursor cursor = {.path = name};
    enum status status = STATUS_OK;

    while (status == STATUS_OK && size) {
        const char *newline = memchr(text, '\n', size);
        size_t length = newline ? (size_t)(newline - text) : size;
        char *line = heap_allocate(length + 1, 1);

        memcpy(line, text, length);
        cursor.number++;
        cursor.begin = line;
        cursor.at = line;
        status = strlen(line) == length ? read_one(&cursor, read, owner, failure)
                                        : line_mistake(&cursor, "a NUL byte", failure);
        heap_release(line);
        text += length + (newline != NULL);
        size -= length + (newline != NULL);
    }
    return status;
}

enum status lines_read(const char *path, line_reader *read, void *owner, struct failure *failure)
{
    uint8_t *bytes;
    size_t size;
    enum status status = file_read(path, &bytes, &size, failure);

    if (status != STATUS_OK)
        return status;
    status = lines_parse(path, (const char *)bytes, size, read, owner, failure);
    heap_release(bytes);
    return status;
}
