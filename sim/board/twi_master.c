/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/twi_master.h"

#include "sim/base/heap.h"
#include "sim/board/lines.h"

enum { HIGHEST_ADDRESS = 0x7f };

static enum status read_bytes(struct line_cursor *cursor, struct twi_master_part *part,
                              struct failure *failure)
{
    while (line_take_byte(cursor, &part->bytes[part->size])) {
        if (++part->size == TWI_MASTER_BYTES)
            return line_mistake(cursor, "at most 63 bytes", failure);
    }
    return STATUS_OK;
}

static enum status read_part(struct line_cursor *cursor, struct twi_master_part *part,
                             struct failure *failure)
{
    uint32_t size;

    part->read = line_take_word(cursor, "read");
    if (!part->read && !line_take_word(cursor, "write"))
        return line_mistake(cursor, "neither read nor write", failure);
    if (!line_take_byte(cursor, &part->address) || part->address > HIGHEST_ADDRESS)
        return line_mistake(cursor, "not an address of 00 to 7f", failure);
    if (!part->read)
        return read_bytes(cursor, part, failure);
    if (!line_take_number(cursor, TWI_MASTER_BYTES, &size) || !size)
        return line_mistake(cursor, "how many bytes, from 1 to 64?", failure);
    part->size = (uint8_t)size;
    return STATUS_OK;
}

static enum status read_line(void *owner, struct line_cursor *cursor, struct failure *failure)
{
    struct twi_master *master = owner;
    enum status status = STATUS_OK;
    sim_time when;

    if (!line_take_time(cursor, &when))
        return line_mistake(cursor, "not a time such as 10ms", failure);
    if (master->count && when <= master->part[master->count - 1].when)
        return line_mistake(cursor, "not later than the line before", failure);
    if (!line_take_word(cursor, ":"))
        return line_mistake(cursor, "':' is missing", failure);
    for (bool first = true; status == STATUS_OK && (first || !line_is_over(cursor));
         first = false) {
        struct twi_master_part part = {.when = when, .begins = first};

        status = read_part(cursor, &part, failure);
        master->part = heap_resize(master->part, (master->count + 1) * sizeof part);
        master->part[master->count++] = part;
    }
    return status;
}

enum status twi_master_read(struct twi_master *master, const char *path, struct failure *failure)
{
    return lines_read(path, read_line, master, failure);
}

void twi_master_free(struct twi_master *master)
{
    heap_release(master->part);
    *master = (struct twi_master){0};
}
