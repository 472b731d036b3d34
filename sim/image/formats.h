/* SPDX-License-Identifier: Apache-2.0 */
/* The readers of the formats: each turns image->file into segments, and ELF into symbols too. */
#ifndef SIM_IMAGE_FORMATS_H
#define SIM_IMAGE_FORMATS_H

#include "sim/image/image_state.h"

#define UF2_MAGIC_FIRST 0x0a324655u /* "UF2\n" */

/* Executable and Linking Format, 32-bit little-endian ARM (AAELF32). */
MUST_CHECK enum status elf_read(struct image *image, const struct image_limits *limits,
                                struct failure *failure);

/* Intel Hexadecimal Object File Format (revision A, 1988), record types 00 to 05. */
MUST_CHECK enum status hex_read(struct image *image, const struct image_limits *limits,
                                struct failure *failure);

/* USB Flashing Format, as its public specification gives it. */
MUST_CHECK enum status uf2_read(struct image *image, const struct image_limits *limits,
                                struct failure *failure);

/* Nothing but the bytes: they go to limits->binary_base. */
MUST_CHECK enum status binary_read(struct image *image, const struct image_limits *limits,
                                   struct failure *failure);

/*
 * Finds the vector table (Armv7-M ARM, B1.5.3) at the lowest loaded address of the Code region:
 * an initial stack pointer in RAM and the odd address of loaded code. Fills image->vector_table.
 */
MUST_CHECK enum status vectors_find(struct image *image, const struct image_limits *limits,
                                    struct failure *failure);

#endif
