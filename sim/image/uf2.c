/* SPDX-License-Identifier: Apache-2.0 */
/* UF2: blocks of 512 bytes, each with its own address, for drag-and-drop boot loaders. */
#include "sim/image/formats.h"
#include "sim/image/segments.h"

#include "sim/base/bits.h"

#define UF2_MAGIC_SECOND 0x9e5d5157u
#define UF2_MAGIC_LAST 0x0ab16f30u
#define UF2_FAMILY_NRF52840 0xada52840u
/* Of all chips of the series, and of boot loaders of the nRF52 that update themselves. */
#define UF2_FAMILY_NRF52 0x1b57745fu
#define UF2_FAMILY_BOOT_LOADER 0xd663823cu
#define UF2_BLOCK 512u
#define UF2_PAYLOAD_ROOM 476u

enum uf2_flag {
    UF2_NOT_MAIN_FLASH = 0x00000001,
    UF2_FILE_CONTAINER = 0x00001000,
    UF2_FAMILY_PRESENT = 0x00002000,
};

struct block {
    uint32_t flags;
    uint32_t address;
    uint32_t size;
    uint32_t number;
    uint32_t total;
    uint32_t family;
    const uint8_t *payload;
};

struct uf2_reader {
    struct image *image;
    struct failure *failure;
    struct pieces pieces;
    uint32_t count; /* blocks for this chip so far */
    uint32_t total; /* blocks for this chip as the first of them says */
    bool without_family;
    uint32_t other_family; /* of a block that was passed over; 0: none was */
};

static enum status damaged(const struct uf2_reader *reader, uint32_t at, const char *what)
{
    return failure_set(reader->failure, STATUS_UF2_DAMAGED, reader->image->path, "block at %u: %s",
                       at, what);
}

static enum status take_block(const struct uf2_reader *reader, uint32_t at, struct block *block)
{
    const uint8_t *bytes = reader->image->file + at;

    if (load_le32(bytes) != UF2_MAGIC_FIRST || load_le32(bytes + 4) != UF2_MAGIC_SECOND ||
        load_le32(bytes + UF2_BLOCK - 4) != UF2_MAGIC_LAST)
        return damaged(reader, at, "wrong magic number");
    *block = (struct block){.flags = load_le32(bytes + 8),
                            .address = load_le32(bytes + 12),
                            .size = load_le32(bytes + 16),
                            .number = load_le32(bytes + 20),
                            .total = load_le32(bytes + 24),
                            .family = load_le32(bytes + 28),
                            .payload = bytes + 32};
    if (block->size > UF2_PAYLOAD_ROOM)
        return damaged(reader, at, "payload larger than 476 bytes");
    return STATUS_OK;
}

static bool is_family_of_this_chip(uint32_t family)
{
    return family == UF2_FAMILY_NRF52840 || family == UF2_FAMILY_NRF52 ||
           family == UF2_FAMILY_BOOT_LOADER;
}

/* A file may hold builds for several chips, and blocks that are not for the main flash. */
static bool is_for_this_chip(struct uf2_reader *reader, const struct block *block)
{
    if (block->flags & (UF2_NOT_MAIN_FLASH | UF2_FILE_CONTAINER))
        return false;
    if (!(block->flags & UF2_FAMILY_PRESENT)) {
        reader->without_family = true;
        return true;
    }
    if (is_family_of_this_chip(block->family))
        return true;
    reader->other_family = block->family;
    return false;
}

static enum status add_block(struct uf2_reader *reader, uint32_t at, const struct block *block)
{
    if (reader->count == 0)
        reader->total = block->total;
    if (block->total != reader->total)
        return damaged(reader, at, "number of blocks differs from the first block's");
    if (block->number != reader->count)
        return damaged(reader, at, "out of order");
    reader->count++;
    pieces_add(&reader->pieces, (struct piece){block->address, block->size, block->payload, 0});
    return STATUS_OK;
}

static enum status read_blocks(struct uf2_reader *reader)
{
    uint32_t size = (uint32_t)reader->image->file_size;
    struct block block = {0};
    enum status status;

    if (size % UF2_BLOCK)
        return failure_set(reader->failure, STATUS_UF2_DAMAGED, reader->image->path,
                           "%u bytes are no whole number of blocks", size);
    for (uint32_t at = 0; at < size; at += UF2_BLOCK) {
        status = take_block(reader, at, &block);
        if (status == STATUS_OK && is_for_this_chip(reader, &block))
            status = add_block(reader, at, &block);
        if (status != STATUS_OK)
            return status;
    }
    if (!reader->count && reader->other_family)
        return failure_set(reader->failure, STATUS_UF2_OTHER_FAMILY, reader->image->path,
                           "0x%08x, not 0x%08x (nRF52840)", reader->other_family,
                           UF2_FAMILY_NRF52840);
    if (reader->count != reader->total)
        return failure_set(reader->failure, STATUS_UF2_DAMAGED, reader->image->path,
                           "%u of %u blocks", reader->count, reader->total);
    return STATUS_OK;
}

enum status uf2_read(struct image *image, const struct image_limits *limits,
                     struct failure *failure)
{
    struct uf2_reader reader = {.image = image, .failure = failure};
    enum status status = read_blocks(&reader);

    if (status == STATUS_OK)
        status = segments_build(image, &reader.pieces, limits, STATUS_UF2_DAMAGED, failure);
    if (reader.without_family)
        image->note = "names no chip family; taken to be for the nRF52840";
    pieces_free(&reader.pieces);
    return status;
}
