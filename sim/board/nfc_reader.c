/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/nfc_reader.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/board/lines.h"

uint16_t nfc_crc_of_byte(uint16_t crc, uint8_t byte)
{
    uint32_t value = crc ^ byte;

    for (unsigned bit = 0; bit < 8; bit++)
        value = value & 1 ? value >> 1 ^ 0x8408 : value >> 1;
    return (uint16_t)value;
}

uint16_t nfc_crc(const uint8_t *bytes, unsigned size)
{
    uint16_t crc = NFC_CRC_SEED;

    for (unsigned i = 0; i < size; i++)
        crc = nfc_crc_of_byte(crc, bytes[i]);
    return crc;
}

static enum status read_frame(struct line_cursor *cursor, struct nfc_step *step, bool broken,
                              struct failure *failure)
{
    uint16_t crc;

    while (!line_is_over(cursor)) {
        if (step->size == NFC_FRAME_BYTES)
            return line_mistake(cursor, "at most 256 bytes", failure);
        if (!line_take_byte(cursor, &step->bytes[step->size]))
            return line_mistake(cursor, "not two hexadecimal digits", failure);
        step->size++;
    }
    if (!step->size)
        return line_mistake(cursor, "no bytes", failure);
    crc = nfc_crc(step->bytes, step->size);
    store_le16(&step->bytes[step->size], broken ? (uint16_t)~crc : crc);
    step->size += NFC_CRC_BYTES;
    step->action = broken ? NFC_BROKEN : NFC_FRAME;
    return STATUS_OK;
}

static enum status read_action(struct line_cursor *cursor, struct nfc_step *step,
                               struct failure *failure)
{
    if (line_take_word(cursor, "frame"))
        return read_frame(cursor, step, false, failure);
    if (line_take_word(cursor, "broken"))
        return read_frame(cursor, step, true, failure);
    if (line_take_word(cursor, "select")) {
        step->action = NFC_SELECT;
        return STATUS_OK;
    }
    if (!line_take_word(cursor, "field"))
        return line_mistake(cursor, "not one of: field, select, frame, broken", failure);
    step->action = NFC_FIELD_ON;
    if (line_take_word(cursor, "on"))
        return STATUS_OK;
    step->action = NFC_FIELD_OFF;
    return line_take_word(cursor, "off") ? STATUS_OK : line_mistake(cursor, "on or off?", failure);
}

static enum status read_line(void *owner, struct line_cursor *cursor, struct failure *failure)
{
    struct nfc_reader *reader = owner;
    struct nfc_step step = {.when = 0};
    enum status status;

    if (!line_take_time(cursor, &step.when))
        return line_mistake(cursor, "not a time such as 10ms", failure);
    if (reader->count && step.when <= reader->step[reader->count - 1].when)
        return line_mistake(cursor, "not later than the line before", failure);
    if (!line_take_word(cursor, ":"))
        return line_mistake(cursor, "':' is missing", failure);
    status = read_action(cursor, &step, failure);
    if (status != STATUS_OK)
        return status;
    reader->step = heap_resize(reader->step, (reader->count + 1) * sizeof step);
    reader->step[reader->count++] = step;
    return STATUS_OK;
}

enum status nfc_reader_read(struct nfc_reader *reader, const char *path, struct failure *failure)
{
    return lines_read(path, read_line, reader, failure);
}

void nfc_reader_finish(struct nfc_reader *reader)
{
    heap_release(reader->step);
    reader->step = NULL;
    reader->count = 0;
}

void nfc_reader_report(const struct nfc_reader *reader, bool from_chip, uint8_t byte)
{
    trace_emit(reader->trace,
               (struct observation){
                   .kind = OBS_SERIAL,
                   .serial = {.port = reader->name, .from_chip = from_chip, .byte = byte}});
}
