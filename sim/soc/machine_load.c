/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/bits.h"
#include "sim/soc/flash_file.h"
#include "sim/soc/machine_parts.h"

#include <assert.h>
#include <string.h>

/* Where the firmware recorded compiler barriers: one address a word. */
static bool mark_fences(struct machine *machine, const struct image *image)
{
    const uint8_t *bytes;
    size_t size;

    if (!image_section(image, ".fencepost.fences", &bytes, &size))
        return true;
    for (size_t at = 0; at + 4 <= size; at += 4) {
        if (!cpu_mark_fence(machine->cpu, load_le32(bytes + at)))
            return false;
    }
    return true;
}

void machine_place_segments(struct machine *machine, const struct image *image)
{
    for (unsigned i = 0; i < image_segment_count(image); i++) {
        struct image_segment segment = image_segment(image, i);
        uint8_t *at =
            memory_at(&machine->memory, (struct byte_range){segment.address, segment.size});

        assert(at); /* image_load checked every segment against the places below */
        memcpy(at, segment.bytes, segment.size);
    }
}

/* Two images may have bytes in common (a boot loader's UICR), but no byte with two values. */
static enum status check_overlap(const struct machine *machine, const struct image *image,
                                 const char *path, struct failure *failure)
{
    for (unsigned i = 0; i < machine->images; i++) {
        guest_addr address;

        if (image_differs(machine->image[i], image, &address))
            return failure_set(failure, STATUS_IMAGES_OVERLAP, path, "at 0x%08x", address);
    }
    return STATUS_OK;
}

enum status machine_load(struct machine *machine, const char *path, struct failure *failure)
{
    static const struct byte_range places[] = {
        {FLASH_BASE, FLASH_SIZE}, {RAM_BASE, RAM_SIZE}, {UICR_BASE, INFO_SIZE}};
    const struct image_limits limits = {
        .places = places, .count = ARRAY_LENGTH(places), .binary_base = FLASH_BASE};
    struct image *image;
    enum status status;

    if (machine->images == IMAGES)
        return failure_set(failure, STATUS_USAGE, path, "at most %d images", IMAGES);
    status = image_load(&image, path, &limits, failure);
    if (status != STATUS_OK)
        return status;
    status = check_overlap(machine, image, path, failure);
    if (status != STATUS_OK) {
        image_free(image);
        return status;
    }
    machine->image[machine->images++] = image;
    if (!mark_fences(machine, image))
        return failure_set(failure, STATUS_TOO_MANY_MARKS, path, ".fencepost.fences");
    machine_place_segments(machine, image);
    memory_set_baseline(&machine->memory);
    return STATUS_OK;
}

enum status machine_load_flash(struct machine *machine, const char *path, struct failure *failure)
{
    return flash_file_load(&machine->memory, path, failure);
}

enum status machine_save_flash(const struct machine *machine, const char *path,
                               struct failure *failure)
{
    return flash_file_save(&machine->memory, path, failure);
}

const struct image *machine_image(const struct machine *machine)
{
    for (unsigned i = 0; i < machine->images; i++) {
        if (image_has_debug_info(machine->image[i]))
            return machine->image[i];
    }
    return machine->images ? machine->image[0] : NULL;
}

guest_addr machine_symbol_address(const struct machine *machine, const char *name)
{
    struct symbol symbol;
    const struct image *image = machine_image(machine);

    return image && image_symbol_named(image, name, &symbol) ? symbol.address : 0;
}

guest_addr machine_begins_at(const struct machine *machine)
{
    static const uint8_t erased[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    uint8_t vectors[8];

    if (!memory_peek(&machine->memory, FLASH_BASE, vectors, sizeof vectors) ||
        memcmp(vectors, erased, sizeof vectors) != 0)
        return FLASH_BASE;
    for (unsigned i = 0; i < machine->images; i++) {
        if (image_vector_table(machine->image[i]))
            return image_vector_table(machine->image[i]);
    }
    return FLASH_BASE;
}
