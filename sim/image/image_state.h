/* SPDX-License-Identifier: Apache-2.0 */
/* What an image consists of: shared by the files of this folder, by nobody else. */
#ifndef SIM_IMAGE_IMAGE_STATE_H
#define SIM_IMAGE_IMAGE_STATE_H

#include "sim/image/image.h"

#include <libelf.h>

struct debug_info;
struct symbol_table;

struct image {
    char *path;
    enum image_format format;
    const char *note;

    /* The file. ELF strings, sections and debug information point into it. */
    uint8_t *file;
    size_t file_size;

    /* Memory content: sorted by address, no two touch or overlap, all in `content`. */
    struct image_segment *segments;
    unsigned segment_count;
    uint8_t *content;
    guest_addr vector_table;

    /* ELF only; NULL otherwise. */
    Elf *elf;
    struct symbol_table *symbols;
    struct debug_info *debug; /* opened by the first question about the source */
    char build_id[2 * 64 + 1];
};

/* Reads a file that is in memory already, named `path` in messages; `bytes` are copied. */
MUST_CHECK enum status image_load_bytes(struct image **image, const char *path,
                                        const uint8_t *bytes, size_t size,
                                        const struct image_limits *limits, struct failure *failure);

/* The segment that holds `address`; NULL if nothing is loaded there. */
const struct image_segment *image_segment_at(const struct image *image, guest_addr address);

/* `size` bytes the image loads at `address`; NULL if it does not load all of them. */
const uint8_t *image_loaded(const struct image *image, guest_addr address, uint32_t size);

#endif
