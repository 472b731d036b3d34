/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/file.h"
#include "sim/image/debug_info.h"
#include "sim/image/formats.h"
#include "sim/image/symbols.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/base/text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* By content. A raw binary cannot be told from anything else, so its name has to say it. */
static bool detect_format(struct image *image, const struct image_limits *limits)
{
    const uint8_t *file = image->file;
    size_t size = image->file_size;

    if (limits->as_binary)
        image->format = IMAGE_BIN;
    else if (size >= SELFMAG && memcmp(file, ELFMAG, SELFMAG) == 0)
        image->format = IMAGE_ELF;
    else if (size >= 4 && load_le32(file) == UF2_MAGIC_FIRST)
        image->format = IMAGE_UF2;
    else if (file[0] == ':')
        image->format = IMAGE_HEX;
    else if (text_ends_with(image->path, ".bin"))
        image->format = IMAGE_BIN;
    else
        return false;
    return true;
}

static enum status read_format(struct image *image, const struct image_limits *limits,
                               struct failure *failure)
{
    switch (image->format) {
    case IMAGE_ELF:
        return elf_read(image, limits, failure);
    case IMAGE_HEX:
        return hex_read(image, limits, failure);
    case IMAGE_UF2:
        return uf2_read(image, limits, failure);
    case IMAGE_BIN:
        break;
    }
    return binary_read(image, limits, failure);
}

/* Takes `file` over, also on failure. */
static enum status build(struct image **built, const char *path, uint8_t *file, size_t size,
                         const struct image_limits *limits, struct failure *failure)
{
    struct image *image = heap_allocate(1, sizeof *image);
    enum status status = STATUS_OK;

    image->path = heap_copy_string(path);
    image->note = "";
    image->file = file;
    image->file_size = size;
    if (!detect_format(image, limits))
        status = failure_set(failure, STATUS_IMAGE_UNKNOWN, path, NULL);
    if (status == STATUS_OK)
        status = read_format(image, limits, failure);
    if (status == STATUS_OK)
        status = vectors_find(image, limits, failure);
    if (status != STATUS_OK) {
        image_free(image);
        image = NULL;
    }
    *built = image;
    return status;
}

/* "app.bin@0x10000" says where a raw binary goes. Returns whether it does; `path` then ends before.
 */
static bool cut_base(char *path, guest_addr *base)
{
    char *at = strrchr(path, '@');
    char *end;
    unsigned long address;

    if (!at || at[1] < '0' || at[1] > '9')
        return false;
    errno = 0;
    address = strtoul(at + 1, &end, 0);
    if (*end || errno || address > UINT32_MAX)
        return false;
    *at = '\0';
    if (!text_ends_with(path, ".bin")) {
        *at = '@';
        return false;
    }
    *base = (guest_addr)address;
    return true;
}

enum status image_load(struct image **image, const char *path, const struct image_limits *limits,
                       struct failure *failure)
{
    char *name = heap_copy_string(path);
    struct image_limits placed = *limits;
    uint8_t *file;
    size_t size;
    enum status status;

    *image = NULL;
    placed.as_binary |= cut_base(name, &placed.binary_base);
    status = file_read(name, &file, &size, failure);
    heap_release(name);
    return status == STATUS_OK ? build(image, path, file, size, &placed, failure) : status;
}

enum status image_load_bytes(struct image **image, const char *path, const uint8_t *bytes,
                             size_t size, const struct image_limits *limits,
                             struct failure *failure)
{
    uint8_t *file;

    *image = NULL;
    if (!size)
        return failure_set(failure, STATUS_FILE_EMPTY, path, NULL);
    file = memcpy(heap_allocate(size, 1), bytes, size);
    return build(image, path, file, size, limits, failure);
}

void image_free(struct image *image)
{
    if (!image)
        return;
    debug_info_close(image->debug);
    symbols_free(image->symbols);
    if (image->elf)
        (void)elf_end(image->elf);
    heap_release(image->segments);
    heap_release(image->content);
    heap_release(image->file);
    heap_release(image->path);
    heap_release(image);
}

const char *image_path(const struct image *image)
{
    return image->path;
}

enum image_format image_format(const struct image *image)
{
    return image->format;
}

const char *image_note(const struct image *image)
{
    return image->note;
}

unsigned image_segment_count(const struct image *image)
{
    return image->segment_count;
}

struct image_segment image_segment(const struct image *image, unsigned index)
{
    assert(index < image->segment_count);
    return image->segments[index];
}

guest_addr image_vector_table(const struct image *image)
{
    return image->vector_table;
}

const char *image_build_id(const struct image *image)
{
    return image->build_id;
}

bool image_symbol_at(const struct image *image, guest_addr address, struct symbol *symbol)
{
    return symbols_at(image->symbols, address, symbol);
}

bool image_symbol_named(const struct image *image, const char *name, struct symbol *symbol)
{
    return symbols_named(image->symbols, name, symbol);
}

const struct image_segment *image_segment_at(const struct image *image, guest_addr address)
{
    for (unsigned i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];

        if (address - segment->address < segment->size)
            return segment;
    }
    return NULL;
}

const uint8_t *image_loaded(const struct image *image, guest_addr address, uint32_t size)
{
    const struct image_segment *segment = image_segment_at(image, address);
    uint32_t offset;

    if (!segment)
        return NULL;
    offset = address - segment->address;
    return size <= segment->size - offset ? segment->bytes + offset : NULL;
}

bool image_word(const struct image *image, guest_addr address, uint32_t *word)
{
    const uint8_t *bytes = image_loaded(image, address, 4);

    if (bytes)
        *word = load_le32(bytes);
    return bytes != NULL;
}

/* The first byte that both segments hold, with another value. */
static bool segments_differ(struct image_segment a, struct image_segment b, guest_addr *address)
{
    for (uint32_t i = 0; i < a.size; i++) {
        guest_addr at = a.address + i;

        if (at - b.address < b.size && a.bytes[i] != b.bytes[at - b.address]) {
            *address = at;
            return true;
        }
    }
    return false;
}

bool image_differs(const struct image *a, const struct image *b, guest_addr *address)
{
    for (unsigned i = 0; i < image_segment_count(a); i++) {
        for (unsigned j = 0; j < image_segment_count(b); j++) {
            if (segments_differ(image_segment(a, i), image_segment(b, j), address))
                return true;
        }
    }
    return false;
}

bool image_has_symbols(const struct image *image)
{
    return !symbols_empty(image->symbols);
}
