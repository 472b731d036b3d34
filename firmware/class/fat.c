/* SPDX-License-Identifier: Apache-2.0 */
/* FAT12 on a disk without partitions (Microsoft FAT specification; ECMA-107). */
#include "firmware/class/fat.h"

#include "driver/memory.h"

enum {
    BLOCK = 512,
    FAT_BLOCKS = 3, /* 12 bits a cluster, 512 * 3 * 8 / 12 = 1024 clusters */
    FATS = 2,
    ROOT_ENTRIES = 64,
    ENTRY_SIZE = 32,
    FIRST_FAT = 1,
    ROOT = FIRST_FAT + FATS * FAT_BLOCKS,
    DATA = ROOT + ROOT_ENTRIES * ENTRY_SIZE / BLOCK,
    BLOCKS_A_CLUSTER = 2,
    MEDIA = 0xf8, /* fixed disk */
    DATE = (2024 - 1980) << 9 | 1 << 5 | 1,
};

static void store16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void write_boot_block(uint8_t *block, uint32_t count)
{
    static const uint8_t jump[11] = {0xeb, 0x3c, 0x90, 'M', 'S', 'D', 'O', 'S', '5', '.', '0'};
    static const uint8_t names[19] = {'F', 'E', 'N', 'C', 'E', 'P', 'O', 'S', 'T', ' ',
                                      ' ', 'F', 'A', 'T', '1', '2', ' ', ' ', ' '};

    memcpy(block, jump, sizeof jump);
    store16(block + 11, BLOCK);
    block[13] = BLOCKS_A_CLUSTER;
    store16(block + 14, FIRST_FAT);
    block[16] = FATS;
    store16(block + 17, ROOT_ENTRIES);
    store16(block + 19, count);
    block[21] = MEDIA;
    store16(block + 22, FAT_BLOCKS);
    store16(block + 24, 1); /* blocks a track, heads: nobody asks */
    store16(block + 26, 1);
    block[36] = 0x80; /* drive */
    block[38] = 0x29; /* volume number and names follow */
    store16(block + 39, 0x2840);
    memcpy(block + 43, names, sizeof names);
    store16(block + 510, 0xaa55);
}

/* Clusters 0 and 1 are reserved, 2 is the file's first and last. */
static void write_fat(uint8_t *fat)
{
    static const uint8_t entries[5] = {MEDIA, 0xff, 0xff, 0xff, 0x0f};

    memcpy(fat, entries, sizeof entries);
}

static void write_root(uint8_t *root, uint32_t size)
{
    static const uint8_t volume[12] = {'F', 'E', 'N', 'C', 'E', 'P', 'O', 'S', 'T', ' ', ' ', 0x08};
    static const uint8_t file[12] = {'R', 'E', 'A', 'D', 'M', 'E', ' ', ' ', 'T', 'X', 'T', 0x20};

    memcpy(root, volume, sizeof volume);
    store16(root + 24, DATE);
    root += ENTRY_SIZE;
    memcpy(root, file, sizeof file);
    store16(root + 16, DATE);
    store16(root + 24, DATE);
    store16(root + 26, 2);
    store16(root + 28, size);
}

void fat_format(uint8_t *blocks, uint32_t count, const char *text)
{
    uint32_t size = 0;

    for (; text[size] != '\0'; size++)
        blocks[DATA * BLOCK + size] = (uint8_t)text[size];
    write_boot_block(blocks, count);
    for (uint32_t fat = 0; fat < FATS; fat++)
        write_fat(blocks + (FIRST_FAT + fat * FAT_BLOCKS) * BLOCK);
    write_root(blocks + ROOT * BLOCK, size);
}
