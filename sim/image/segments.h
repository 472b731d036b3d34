/* SPDX-License-Identifier: Apache-2.0 */
/* From the pieces a file is made of to the segments of an image. */
#ifndef SIM_IMAGE_SEGMENTS_H
#define SIM_IMAGE_SEGMENTS_H

#include "sim/image/image_state.h"

/* A run of bytes as one record, block or program header gives it. */
struct piece {
    guest_addr address;
    uint32_t size;
    const uint8_t *bytes; /* owned by whoever collects the pieces */
    unsigned line;        /* of a text file, from 1; 0: the file has no lines */
};

/* Start with `struct pieces pieces = {0};`, end with pieces_free. */
struct pieces {
    struct piece *items;
    size_t count;
    size_t capacity;
};

/* An empty piece is left out. */
void pieces_add(struct pieces *pieces, struct piece piece);
void pieces_free(struct pieces *pieces);

/*
 * Sorts the pieces, joins those that touch, and copies them into the image. Refuses a piece that
 * leaves the places of `limits`, and, with status `twice`, an address that two pieces give.
 */
MUST_CHECK enum status segments_build(struct image *image, struct pieces *pieces,
                                      const struct image_limits *limits, enum status twice,
                                      struct failure *failure);

#endif
