/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/image.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"

static bool take_word(const struct image_segment *piece, guest_addr address, uint32_t *word)
{
    struct byte_range range = {piece->address, piece->size};

    if (!range_covers(range, (struct byte_range){address, 4}))
        return false;
    *word = load_le32(piece->bytes + (address - piece->address));
    return true;
}

bool kept_memory_read(void *kept, guest_addr address, uint32_t *word)
{
    const struct kept_memory *memory = kept;

    for (unsigned i = 0; i < ARRAY_LENGTH(memory->piece); i++)
        if (take_word(&memory->piece[i], address, word))
            return true;
    for (unsigned i = 0; i < image_segment_count(memory->image); i++) {
        struct image_segment segment = image_segment(memory->image, i);

        if (take_word(&segment, address, word))
            return true;
    }
    return false;
}
