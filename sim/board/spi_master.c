/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/spi_master.h"

#include "sim/base/heap.h"
#include "sim/board/lines.h"

static enum status read_bytes(struct line_cursor *cursor, struct spi_master_line *line,
                              struct failure *failure)
{
    while (!line_is_over(cursor)) {
        if (line->size == SPI_MASTER_BYTES)
            return line_mistake(cursor, "at most 64 bytes", failure);
        if (!line_take_byte(cursor, &line->bytes[line->size]))
            return line_mistake(cursor, "not two hexadecimal digits", failure);
        line->size++;
    }
    return line->size ? STATUS_OK : line_mistake(cursor, "no bytes", failure);
}

static enum status read_line(void *owner, struct line_cursor *cursor, struct failure *failure)
{
    struct spi_master *master = owner;
    struct spi_master_line line = {.size = 0};
    enum status status;

    if (!line_take_time(cursor, &line.when))
        return line_mistake(cursor, "not a time such as 10ms", failure);
    if (master->count && line.when <= master->line[master->count - 1].when)
        return line_mistake(cursor, "not later than the line before", failure);
    if (!line_take_word(cursor, ":"))
        return line_mistake(cursor, "':' is missing", failure);
    status = read_bytes(cursor, &line, failure);
    if (status != STATUS_OK)
        return status;
    master->line = heap_resize(master->line, (master->count + 1) * sizeof line);
    master->line[master->count++] = line;
    return STATUS_OK;
}

enum status spi_master_read(struct spi_master *master, const char *path, struct failure *failure)
{
    return lines_read(path, read_line, master, failure);
}

void spi_master_free(struct spi_master *master)
{
    heap_release(master->line);
    *master = (struct spi_master){0};
}
