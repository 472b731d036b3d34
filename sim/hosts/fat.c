/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/hosts/fat.h"

#include "sim/base/bits.h"

#include <string.h>

enum { ENTRY = 32, NAME = 11, ATTRIBUTES = 11, FIRST_CLUSTER = 26, FILE_SIZE = 28 };
enum { VOLUME = 0x08, DIRECTORY = 0x10, LONG_NAME = 0x0f, DELETED = 0xe5 };
enum { DIRECTORIES_MAX = 64 };

/* Where things are, in bytes from the beginning of the disk. */
struct volume {
    const uint8_t *disk;
    size_t size;
    uint32_t start;
    uint32_t fat;
    uint32_t fat_size; /* of one FAT */
    uint32_t fats;
    uint32_t root;
    uint32_t root_entries;
    uint32_t data;
    uint32_t cluster; /* bytes */
    uint32_t clusters;
    bool wide; /* FAT16 */
};

/* ---- The boot sector ------------------------------------------------------------------------- */

static bool is_boot_sector(const uint8_t *sector)
{
    return load_le16(sector + 510) == 0xaa55 && (sector[0] == 0xeb || sector[0] == 0xe9) &&
           load_le16(sector + 11) == FAT_SECTOR;
}

/* The first partition, when the first sector is a partition table. */
static bool find_start(struct volume *volume)
{
    uint32_t first;

    if (volume->size < FAT_SECTOR)
        return false;
    if (is_boot_sector(volume->disk))
        return true;
    if (load_le16(volume->disk + 510) != 0xaa55)
        return false;
    first = load_le32(volume->disk + 446 + 8);
    if (!first || first >= volume->size / FAT_SECTOR)
        return false;
    volume->start = first * FAT_SECTOR;
    return is_boot_sector(volume->disk + volume->start);
}

static bool fail(struct text *text, const char *field, uint32_t value)
{
    text_printf(text, "boot sector: %s is %u", field, value);
    return false;
}

static uint32_t total_sectors(const uint8_t *boot)
{
    return load_le16(boot + 19) ? load_le16(boot + 19) : load_le32(boot + 32);
}

static bool read_boot(struct volume *volume, struct text *text)
{
    const uint8_t *boot = volume->disk + volume->start;
    uint32_t per_cluster = boot[13];
    uint32_t reserved = load_le16(boot + 14);
    uint32_t sectors = total_sectors(boot);
    uint32_t before;

    volume->fats = boot[16];
    volume->root_entries = load_le16(boot + 17);
    volume->fat_size = load_le16(boot + 22) * (uint32_t)FAT_SECTOR;
    if (!per_cluster || per_cluster & (per_cluster - 1))
        return fail(text, "BPB_SecPerClus", per_cluster);
    if (!reserved)
        return fail(text, "BPB_RsvdSecCnt", reserved);
    if (volume->fats < 1 || volume->fats > 2)
        return fail(text, "BPB_NumFATs", volume->fats);
    if (boot[21] != 0xf0 && boot[21] < 0xf8)
        return fail(text, "BPB_Media", boot[21]);
    if (!sectors || sectors > (volume->size - volume->start) / FAT_SECTOR)
        return fail(text, "BPB_TotSec", sectors);
    volume->cluster = per_cluster * FAT_SECTOR;
    volume->fat = volume->start + reserved * FAT_SECTOR;
    volume->root = volume->fat + volume->fats * volume->fat_size;
    volume->data =
        volume->root + (volume->root_entries * ENTRY + FAT_SECTOR - 1) / FAT_SECTOR * FAT_SECTOR;
    before = (volume->data - volume->start) / FAT_SECTOR;
    if (before >= sectors)
        return fail(text, "BPB_TotSec", sectors);
    volume->clusters = (sectors - before) / per_cluster;
    volume->wide = volume->clusters >= 4085;
    return true;
}

/* ---- The FAT --------------------------------------------------------------------------------- */

static uint32_t entry_of(const struct volume *volume, uint32_t cluster)
{
    const uint8_t *fat = volume->disk + volume->fat;
    uint32_t pair;

    if (volume->wide)
        return load_le16(fat + 2 * (size_t)cluster);
    pair = load_le16(fat + cluster + cluster / 2);
    return cluster & 1 ? pair >> 4 : pair & 0xfff;
}

static bool is_last(const struct volume *volume, uint32_t entry)
{
    return entry >= (volume->wide ? 0xfff8u : 0xff8u);
}

static bool fits_into_fat(const struct volume *volume)
{
    uint32_t entries = volume->clusters + 2;

    return (volume->wide ? 2 * entries : (3 * entries + 1) / 2) <= volume->fat_size;
}

static bool check_fats(const struct volume *volume, struct text *text)
{
    const uint8_t *fat = volume->disk + volume->fat;

    if (!fits_into_fat(volume)) {
        text_printf(text, "the FAT has no room for %u clusters", volume->clusters);
        return false;
    }
    if (fat[0] != volume->disk[volume->start + 21]) {
        text_printf(text, "the FAT begins with %02x, BPB_Media is %02x", fat[0],
                    volume->disk[volume->start + 21]);
        return false;
    }
    if (volume->fats == 2 && memcmp(fat, fat + volume->fat_size, volume->fat_size) != 0) {
        text_printf(text, "the two FATs differ");
        return false;
    }
    return true;
}

/* ---- Directories and files ------------------------------------------------------------------- */

struct walk {
    const struct volume *volume;
    struct text *text;
    uint8_t used[FAT_CLUSTERS_MAX / 8];  /* bit n: cluster n belongs to something */
    uint32_t directory[DIRECTORIES_MAX]; /* first clusters of those still to be looked at */
    unsigned directories;
    unsigned files;
};

static bool take_cluster(struct walk *walk, const uint8_t *entry, uint32_t cluster)
{
    uint8_t bit = (uint8_t)(1u << cluster % 8);

    if (cluster < 2 || cluster >= walk->volume->clusters + 2) {
        text_printf(walk->text, "\"%.11s\" has cluster %u, which is not there", (const char *)entry,
                    cluster);
        return false;
    }
    if (walk->used[cluster / 8] & bit) {
        text_printf(walk->text, "cluster %u of \"%.11s\" belongs to something else too", cluster,
                    (const char *)entry);
        return false;
    }
    walk->used[cluster / 8] |= bit;
    return true;
}

/* Follows the chain from `cluster`, and counts. A loop meets itself. */
static bool follow(struct walk *walk, const uint8_t *entry, uint32_t cluster, uint32_t *length)
{
    *length = 0;
    while (!is_last(walk->volume, cluster)) {
        if (!take_cluster(walk, entry, cluster))
            return false;
        ++*length;
        cluster = entry_of(walk->volume, cluster);
    }
    return true;
}

static bool check_entry(struct walk *walk, const uint8_t *entry)
{
    uint32_t first = load_le16(entry + FIRST_CLUSTER);
    uint32_t size = load_le32(entry + FILE_SIZE);
    bool directory = entry[ATTRIBUTES] & DIRECTORY;
    uint32_t wanted = size / walk->volume->cluster + (size % walk->volume->cluster != 0);
    uint32_t length = 0;

    if (entry[0] == '.')
        return true;
    if (first && !follow(walk, entry, first, &length))
        return false;
    if (directory) {
        if (walk->directories < DIRECTORIES_MAX)
            walk->directory[walk->directories++] = first;
        return true;
    }
    walk->files++;
    if (length == wanted)
        return true;
    text_printf(walk->text, "\"%.11s\" has %u bytes and %u clusters, must have %u",
                (const char *)entry, size, length, wanted);
    return false;
}

/* True: go on behind these entries. `ended`: there is no entry behind. */
static bool check_entries(struct walk *walk, uint32_t at, uint32_t entries, bool *ended)
{
    for (uint32_t i = 0; i < entries && !*ended; i++) {
        const uint8_t *entry = walk->volume->disk + at + i * ENTRY;

        *ended = entry[0] == 0;
        if (*ended || entry[0] == DELETED || entry[ATTRIBUTES] == LONG_NAME ||
            entry[ATTRIBUTES] & VOLUME)
            continue;
        if (!check_entry(walk, entry))
            return false;
    }
    return true;
}

static bool check_directory(struct walk *walk, uint32_t cluster)
{
    const struct volume *volume = walk->volume;
    bool ended = false;

    while (!is_last(volume, cluster) && cluster >= 2 && !ended) {
        if (!check_entries(walk, volume->data + (cluster - 2) * volume->cluster,
                           volume->cluster / ENTRY, &ended))
            return false;
        cluster = entry_of(volume, cluster);
    }
    return true;
}

static bool check_lost(struct walk *walk)
{
    for (uint32_t cluster = 2; cluster < walk->volume->clusters + 2; cluster++) {
        uint32_t entry = entry_of(walk->volume, cluster);
        bool bad = entry == (walk->volume->wide ? 0xfff7u : 0xff7u);

        if (entry && !bad && !(walk->used[cluster / 8] >> cluster % 8 & 1)) {
            text_printf(walk->text, "cluster %u is taken, and belongs to no file", cluster);
            return false;
        }
    }
    return true;
}

static bool check_files(struct walk *walk)
{
    bool ended = false;

    if (!check_entries(walk, walk->volume->root, walk->volume->root_entries, &ended))
        return false;
    for (unsigned i = 0; i < walk->directories; i++)
        if (!check_directory(walk, walk->directory[i]))
            return false;
    return check_lost(walk);
}

/* ---- All of it ------------------------------------------------------------------------------- */

/* FAT32 has no root directory of fixed size. */
static bool is_fat32(const struct volume *volume)
{
    return load_le16(volume->disk + volume->start + 22) == 0;
}

enum fat_verdict fat_check(const uint8_t *disk, size_t size, struct text *text)
{
    struct volume volume = {.disk = disk, .size = size};
    struct walk walk = {.volume = &volume, .text = text};

    if (!find_start(&volume)) {
        text_printf(text, "no FAT boot sector");
        return FAT_NONE;
    }
    if (is_fat32(&volume)) {
        text_printf(text, "FAT32, not checked");
        return FAT_NONE;
    }
    if (!read_boot(&volume, text))
        return FAT_DAMAGED;
    if (volume.clusters + 2 > FAT_CLUSTERS_MAX) {
        text_printf(text, "%u clusters, not checked", volume.clusters);
        return FAT_NONE;
    }
    if (!check_fats(&volume, text) || !check_files(&walk))
        return FAT_DAMAGED;
    text_printf(text, "FAT%s, %u file%s", volume.wide ? "16" : "12", walk.files,
                walk.files == 1 ? "" : "s");
    return FAT_GOOD;
}

/* ---- A file more ----------------------------------------------------------------------------- */

static void set_entry(uint8_t *disk, const struct volume *volume, uint32_t cluster, uint32_t value)
{
    for (uint32_t copy = 0; copy < volume->fats; copy++) {
        uint8_t *fat = disk + volume->fat + copy * volume->fat_size;
        uint8_t *pair = fat + cluster + cluster / 2;

        if (volume->wide)
            store_le16(fat + 2 * (size_t)cluster, (uint16_t)value);
        else if (cluster & 1)
            store_le16(pair, (uint16_t)((load_le16(pair) & 0x000f) | value << 4));
        else
            store_le16(pair, (uint16_t)((load_le16(pair) & 0xf000) | value));
    }
}

static uint32_t free_cluster(const struct volume *volume, uint32_t from)
{
    for (uint32_t cluster = from; cluster < volume->clusters + 2; cluster++)
        if (!entry_of(volume, cluster))
            return cluster;
    return 0;
}

/* A free entry of the root directory, or one with this name; NULL when there is none. */
static uint8_t *root_entry(uint8_t *disk, const struct volume *volume)
{
    for (uint32_t i = 0; i < volume->root_entries; i++) {
        uint8_t *entry = disk + volume->root + i * ENTRY;

        if (entry[0] == 0 || entry[0] == DELETED)
            return entry;
    }
    return NULL;
}

bool fat_add_file(uint8_t *disk, size_t size, const char name[11], const uint8_t *bytes,
                  size_t length)
{
    struct volume volume = {.disk = disk, .size = size};
    struct text unused = {0};
    uint32_t before = 0;
    uint8_t *entry;
    bool good = find_start(&volume) && !is_fat32(&volume) && read_boot(&volume, &unused);

    text_free(&unused);
    entry = good ? root_entry(disk, &volume) : NULL;
    if (!entry)
        return false;
    memset(entry, 0, ENTRY);
    memcpy(entry, name, NAME);
    entry[ATTRIBUTES] = 0x20; /* archive */
    store_le32(entry + FILE_SIZE, (uint32_t)length);
    for (size_t at = 0; at < length; at += volume.cluster) {
        uint32_t cluster = free_cluster(&volume, 2);
        size_t part = length - at < volume.cluster ? length - at : volume.cluster;

        if (!cluster)
            return false;
        memcpy(disk + volume.data + (cluster - 2) * volume.cluster, bytes + at, part);
        set_entry(disk, &volume, cluster, volume.wide ? 0xffff : 0xfff);
        if (before)
            set_entry(disk, &volume, before, cluster);
        else
            store_le16(entry + FIRST_CLUSTER, (uint16_t)cluster);
        before = cluster;
    }
    return true;
}
