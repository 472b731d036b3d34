/* SPDX-License-Identifier: Apache-2.0 */
/* The images the Makefile builds for these tests, and the memory of the chip they are for. */
#ifndef TESTS_IMAGE_IMAGES_H
#define TESTS_IMAGE_IMAGES_H

#include "sim/image/image_state.h"

#define FLASH_SIZE 0x00100000u
#define RAM_BASE 0x20000000u
#define RAM_SIZE 0x00040000u

/* Flash, UICR and RAM; a raw binary goes to 0. */
extern const struct image_limits nrf52840_limits;

/* Loads IMAGE_DIR/name; fails the test if that is refused. */
struct image *load_built(const char *name);

/* Reads the file IMAGE_DIR/name. Owned by the caller. */
uint8_t *read_built(const char *name, size_t *size);

/* The address of a symbol that must exist. */
guest_addr address_of(const struct image *image, const char *symbol);

/* Calls `test` for each build of the program, e.g. "gcc-O2-lto.elf". */
void for_each_build(void (*test)(const char *name));

#endif
