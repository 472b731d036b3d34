/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FAT12 and FAT16 on a disk that is in memory as a whole (FAT specification 1.03): is it
 * consistent, and one file more. Inside sim/hosts.
 *
 * Deviations:
 *   1. FAT32 is told and not checked; neither are long names, times and dates.
 */
#ifndef SIM_HOSTS_FAT_H
#define SIM_HOSTS_FAT_H

#include "sim/base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { FAT_SECTOR = 512, FAT_CLUSTERS_MAX = 8192 };

enum fat_verdict {
    FAT_GOOD,
    FAT_DAMAGED,
    FAT_NONE, /* no FAT file system, or one that is not looked at; the text says why */
};

/* Looks at boot sector, both FATs, directories and chains; at a partition's when the disk has a
 * partition table. Appends what is wrong, or what is there: "FAT12, 3 files". */
enum fat_verdict fat_check(const uint8_t *disk, size_t size, struct text *text);

/* Adds a file to the root directory. `name` is 8 and 3 characters. False when there is no room. */
bool fat_add_file(uint8_t *disk, size_t size, const char name[11], const uint8_t *bytes,
                  size_t length);

#endif
