/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/spi_master.h"

#include "sim/base/file.h"
#include "sim/base/heap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A line under way. */
struct cursor {
    const char *path;
    unsigned number;
    const char *begin;
    char *at;
};

static enum status mistake(const struct cursor *cursor, const char *what, struct failure *failure)
{
    return failure_set(failure, STATUS_BOARD, cursor->path, "line %u, column %u: %s",
                       cursor->number, (unsigned)(cursor->at - cursor->begin) + 1, what);
}

static void skip_spaces(struct cursor *cursor)
{
    cursor->at += strspn(cursor->at, " \t\r");
}

/* "10ms", "500us" or "1s" */
static bool read_time(struct cursor *cursor, sim_time *when)
{
    static const struct {
        const char *name;
        sim_time cycles;
    } units[] = {{"us", CYCLES_PER_US}, {"ms", CYCLES_PER_MS}, {"s", CYCLES_PER_SECOND}};
    char *end;
    unsigned long number = strtoul(cursor->at, &end, 10);

    if (end == cursor->at || *cursor->at == '-' || number > 1000000)
        return false;
    for (unsigned i = 0; i < 3; i++) {
        size_t length = strlen(units[i].name);

        if (!strncmp(end, units[i].name, length)) {
            *when = number * units[i].cycles;
            cursor->at = end + length;
            skip_spaces(cursor);
            return true;
        }
    }
    return false;
}

static enum status read_bytes(struct cursor *cursor, struct spi_master_line *line,
                              struct failure *failure)
{
    while (*cursor->at && *cursor->at != '#') {
        char digits[3] = {cursor->at[0], cursor->at[1], '\0'};
        char *end;
        unsigned long byte = strtoul(digits, &end, 16);

        if (end != digits + 2 || strchr(" \t+-xX", digits[0]) || strchr("xX", digits[1]))
            return mistake(cursor, "not two hexadecimal digits", failure);
        if (line->size == SPI_MASTER_BYTES)
            return mistake(cursor, "at most 64 bytes", failure);
        line->bytes[line->size++] = (uint8_t)byte;
        cursor->at += 2;
        skip_spaces(cursor);
    }
    return line->size ? STATUS_OK : mistake(cursor, "no bytes", failure);
}

static enum status read_line(struct spi_master *master, struct cursor *cursor,
                             struct failure *failure)
{
    struct spi_master_line line = {.size = 0};
    enum status status;

    skip_spaces(cursor);
    if (!*cursor->at || *cursor->at == '#')
        return STATUS_OK;
    if (!read_time(cursor, &line.when))
        return mistake(cursor, "not a time such as 10ms", failure);
    if (master->count && line.when <= master->line[master->count - 1].when)
        return mistake(cursor, "not later than the line before", failure);
    if (*cursor->at != ':')
        return mistake(cursor, "':' is missing", failure);
    cursor->at++;
    skip_spaces(cursor);
    status = read_bytes(cursor, &line, failure);
    if (status != STATUS_OK)
        return status;
    master->line = heap_resize(master->line, (master->count + 1) * sizeof line);
    master->line[master->count++] = line;
    return STATUS_OK;
}

enum status spi_master_read(struct spi_master *master, const char *path, struct failure *failure)
{
    struct cursor cursor = {.path = path};
    uint8_t *bytes;
    size_t size;
    enum status status = file_read(path, &bytes, &size, failure);
    char *text;

    if (status != STATUS_OK)
        return status;
    text = heap_resize(bytes, size + 1);
    text[size] = '\0';
    for (char *next = text; status == STATUS_OK && next;) {
        char *end = strchr(next, '\n');

        cursor.begin = next;
        cursor.at = next;
        cursor.number++;
        if (end)
            *end = '\0';
        next = end ? end + 1 : NULL;
        status = read_line(master, &cursor, failure);
    }
    heap_release(text);
    return status;
}

void spi_master_free(struct spi_master *master)
{
    heap_release(master->line);
    *master = (struct spi_master){0};
}
