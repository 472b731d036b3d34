/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/formats.h"
#include "sim/image/segments.h"

static uint32_t room_from(guest_addr address, const struct image_limits *limits)
{
    for (unsigned i = 0; i < limits->count; i++) {
        struct byte_range place = limits->places[i];

        if (range_contains(place, address))
            return place.size - (address - place.start);
    }
    return 0;
}

enum status binary_read(struct image *image, const struct image_limits *limits,
                        struct failure *failure)
{
    struct pieces pieces = {0};
    uint32_t room = room_from(limits->binary_base, limits);
    enum status status;

    if (image->file_size > room)
        return failure_set(failure, STATUS_BIN_TOO_LARGE, image->path,
                           "%zu bytes, %u fit at 0x%08x", image->file_size, room,
                           limits->binary_base);
    pieces_add(&pieces,
               (struct piece){limits->binary_base, (uint32_t)image->file_size, image->file, 0});
    status = segments_build(image, &pieces, limits, STATUS_BIN_TOO_LARGE, failure);
    pieces_free(&pieces);
    return status;
}
