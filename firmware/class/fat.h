/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIRMWARE_CLASS_FAT_H
#define FIRMWARE_CLASS_FAT_H

#include <stdint.h>

/*
 * Formats `count` blocks of 512 bytes, 32..2048, which are all zero, as FAT12 with one file,
 * README.TXT, that holds `text`, at most 512 characters.
 */
void fat_format(uint8_t *blocks, uint32_t count, const char *text);

#endif
