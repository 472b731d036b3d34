/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/references.h"

#include "sim/base/bits.h"
#include "sim/image/image_state.h"

/* A compiler may put something between the halves of an address, but not much. */
enum { PAIR_DISTANCE = 32, NO_REGISTER = 16 };

struct search {
    const struct image *image;
    struct byte_range within;
    void (*found)(void *owner, guest_addr at, guest_addr address);
    void *owner;
    /* The MOVW of each register that came last: where, and the lower half it loads. */
    struct {
        guest_addr at;
        uint32_t low;
    } half[NO_REGISTER];
};

static void test(const struct search *search, guest_addr at, uint32_t address)
{
    if (address - search->within.start < search->within.size)
        search->found(search->owner, at, address);
}

/* LDR (literal), T1 and T2: the address of the word, or 0. */
static guest_addr literal_of(guest_addr at, uint16_t first, uint16_t second)
{
    guest_addr base = (at + 4) & ~3u;

    if ((first & 0xf800) == 0x4800)
        return base + 4 * (first & 0xffu);
    if ((first & 0xff7f) == 0xf85f)
        return first & 0x80 ? base + (second & 0xfffu) : base - (second & 0xfffu);
    return 0;
}

/* MOVW T3 and MOVT T1: imm4:i:imm3:imm8. */
static uint32_t immediate_of(uint16_t first, uint16_t second)
{
    return (first & 0xfu) << 12 | (first >> 10 & 1u) << 11 | (second >> 12 & 7u) << 8 |
           (second & 0xffu);
}

static void look_for_pair(struct search *search, guest_addr at, uint16_t first, uint16_t second)
{
    unsigned reg = second >> 8 & 15;

    if (second & 0x8000)
        return;
    if ((first & 0xfbf0) == 0xf240) {
        search->half[reg].at = at;
        search->half[reg].low = immediate_of(first, second);
    } else if ((first & 0xfbf0) == 0xf2c0 && search->half[reg].at &&
               at - search->half[reg].at <= PAIR_DISTANCE) {
        test(search, search->half[reg].at,
             immediate_of(first, second) << 16 | search->half[reg].low);
    }
}

static void look_at(struct search *search, guest_addr at, uint16_t first, uint16_t second)
{
    guest_addr literal = literal_of(at, first, second);
    const uint8_t *word = literal ? image_loaded(search->image, literal, 4) : NULL;

    if (word)
        test(search, at, load_le32(word));
    look_for_pair(search, at, first, second);
}

void image_references(const struct image *image, struct byte_range within,
                      void (*found)(void *owner, guest_addr at, guest_addr address), void *owner)
{
    struct search search = {.image = image, .within = within, .found = found, .owner = owner};

    for (unsigned i = 0; i < image->segment_count; i++) {
        const struct image_segment *segment = &image->segments[i];

        for (uint32_t offset = 0; offset + 4 <= segment->size; offset += 2)
            look_at(&search, segment->address + offset, load_le16(segment->bytes + offset),
                    load_le16(segment->bytes + offset + 2));
    }
}
