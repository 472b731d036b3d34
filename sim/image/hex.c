/* SPDX-License-Identifier: Apache-2.0 */
/* Intel HEX: ":LLAAAATTdd...CC", one record a line. */
#include "sim/image/formats.h"
#include "sim/image/segments.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"

#include <string.h>

enum record_type {
    RECORD_DATA = 0,
    RECORD_END = 1,
    RECORD_SEGMENT_BASE = 2,
    RECORD_SEGMENT_START = 3,
    RECORD_LINEAR_BASE = 4,
    RECORD_LINEAR_START = 5,
};

/* Length, address (2), type, at most 255 bytes of data, checksum. */
#define RECORD_ROOM (5 + 255)

struct reader {
    const struct image *image;
    struct failure *failure;
    size_t at;     /* next character */
    unsigned line; /* from 1 */
    bool ended;
    bool is_segmented; /* offsets wrap at 64 KiB within a segment (type 02), never in type 04 */
    uint32_t base;
    uint8_t *data; /* what the records hold, one after the other */
    size_t data_size;
    struct pieces pieces;
};

static enum status syntax(const struct reader *reader, const char *what)
{
    return failure_set(reader->failure, STATUS_HEX_SYNTAX, reader->image->path, "line %u: %s",
                       reader->line, what);
}

static int digit(uint8_t character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    return -1;
}

static bool at_end(const struct reader *reader)
{
    return reader->at >= reader->image->file_size;
}

/* Two digits; false if there are not two. */
static bool take_byte(struct reader *reader, uint8_t *byte)
{
    const uint8_t *text = reader->image->file + reader->at;
    int high;
    int low;

    if (reader->image->file_size - reader->at < 2)
        return false;
    high = digit(text[0]);
    low = digit(text[1]);
    if (high < 0 || low < 0)
        return false;
    reader->at += 2;
    *byte = (uint8_t)(high << 4 | low);
    return true;
}

/* Line ends of any system, empty lines and blanks behind a record. */
static void skip_blanks(struct reader *reader)
{
    for (; !at_end(reader); reader->at++) {
        uint8_t character = reader->image->file[reader->at];

        if (character == '\n')
            reader->line++;
        else if (character != '\r' && character != ' ' && character != '\t')
            return;
    }
}

static enum status take_record(struct reader *reader, uint8_t record[RECORD_ROOM])
{
    unsigned length = 5;
    uint8_t sum = 0;

    if (reader->image->file[reader->at] != ':')
        return syntax(reader, "a record starts with ':'");
    reader->at++;
    for (unsigned i = 0; i < length; i++) {
        if (!take_byte(reader, &record[i]))
            return syntax(reader, "a record has too few hexadecimal digits");
        sum = (uint8_t)(sum + record[i]);
        if (i == 0)
            length += record[0];
    }
    if (!at_end(reader) && digit(reader->image->file[reader->at]) >= 0)
        return syntax(reader, "a record is longer than its length says");
    if (sum != 0)
        return failure_set(reader->failure, STATUS_HEX_CHECKSUM, reader->image->path,
                           "line %u: 0x%02x where 0x%02x is right", reader->line,
                           record[length - 1], (uint8_t)(record[length - 1] - sum));
    return STATUS_OK;
}

static uint16_t big_endian16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static void add_piece(struct reader *reader, uint32_t address, const uint8_t *bytes, uint32_t size)
{
    uint8_t *copy = reader->data + reader->data_size;

    memcpy(copy, bytes, size);
    reader->data_size += size;
    pieces_add(&reader->pieces, (struct piece){address, size, copy, reader->line});
}

static void add_data(struct reader *reader, const uint8_t *record)
{
    uint32_t offset = big_endian16(record + 1);
    uint32_t size = record[0];
    uint32_t first = size;

    if (reader->is_segmented && offset + size > 0x10000)
        first = 0x10000 - offset;
    else if (size && reader->base + offset + (size - 1) < reader->base + offset)
        first = 0 - (reader->base + offset);
    add_piece(reader, reader->base + offset, record + 4, first);
    /* The rest goes on at the start of the segment, or of the address space. */
    add_piece(reader, reader->is_segmented ? reader->base : 0, record + 4 + first, size - first);
}

/* The address records have a fixed length; where to start comes from the vector table. */
static enum status obey_record(struct reader *reader, const uint8_t *record)
{
    static const uint8_t lengths[] = {[RECORD_END] = 0,
                                      [RECORD_SEGMENT_BASE] = 2,
                                      [RECORD_SEGMENT_START] = 4,
                                      [RECORD_LINEAR_BASE] = 2,
                                      [RECORD_LINEAR_START] = 4};
    uint8_t type = record[3];

    if (type > RECORD_LINEAR_START)
        return syntax(reader, "unknown record type");
    if (type != RECORD_DATA && record[0] != lengths[type])
        return syntax(reader, "wrong length for this type of record");

    if (type == RECORD_DATA) {
        add_data(reader, record);
    } else if (type == RECORD_END) {
        reader->ended = true;
    } else if (type == RECORD_SEGMENT_BASE || type == RECORD_LINEAR_BASE) {
        reader->is_segmented = type == RECORD_SEGMENT_BASE;
        reader->base = (uint32_t)big_endian16(record + 4) << (reader->is_segmented ? 4 : 16);
    }
    return STATUS_OK;
}

static enum status read_records(struct reader *reader)
{
    uint8_t record[RECORD_ROOM] = {0};
    enum status status;

    for (skip_blanks(reader); !at_end(reader); skip_blanks(reader)) {
        if (reader->ended)
            return syntax(reader, "text behind the end record");
        status = take_record(reader, record);
        if (status == STATUS_OK)
            status = obey_record(reader, record);
        if (status != STATUS_OK)
            return status;
    }
    if (!reader->ended)
        return failure_set(reader->failure, STATUS_HEX_TRUNCATED, reader->image->path, NULL);
    return STATUS_OK;
}

enum status hex_read(struct image *image, const struct image_limits *limits,
                     struct failure *failure)
{
    struct reader reader = {.image = image, .failure = failure, .line = 1};
    enum status status;

    reader.data = heap_allocate(image->file_size / 2 + 1, 1);
    status = read_records(&reader);
    if (status == STATUS_OK)
        status = segments_build(image, &reader.pieces, limits, STATUS_HEX_SYNTAX, failure);
    pieces_free(&reader.pieces);
    heap_release(reader.data);
    return status;
}
