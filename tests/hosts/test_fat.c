/* SPDX-License-Identifier: Apache-2.0 */
/* The check of FAT file systems; fsck.fat is the witness that good ones are good. */
#include "sim/base/bits.h"
#include "sim/hosts/fat.h"
#include "tests/cmocka.h"
#include "tests/hosts/gadget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = GADGET_BLOCKS * 512, FAT_AT = 512, ROOT_AT = 3 * 512, FIRST_CLUSTER = 26 };

static uint8_t disk[SIZE];

static void assert_fat(enum fat_verdict verdict, const char *words)
{
    struct text text = {0};

    assert_int_equal(fat_check(disk, sizeof disk, &text), verdict);
    assert_string_equal(text_string(&text), words);
    text_free(&text);
}

/* What the other program says of the same disk: 0 is good. */
static int fsck(void)
{
    char path[] = "/tmp/fencepost-fat-XXXXXX";
    char command[80];
    int file = mkstemp(path);
    int code;

    assert_true(file >= 0);
    assert_int_equal(write(file, disk, sizeof disk), sizeof disk);
    (void)close(file);
    (void)snprintf(command, sizeof command, "PATH=$PATH:/usr/sbin fsck.fat -n %s >/dev/null 2>&1",
                   path);
    code = system(command);
    (void)unlink(path);
    return code;
}

static void a_good_file_system_is_good(void **state)
{
    (void)state;
    gadget_format(disk, GADGET_BLOCKS);
    assert_fat(FAT_GOOD, "FAT12, 2 files");
    assert_int_equal(fsck(), 0);
}

static void an_added_file_keeps_it_good(void **state)
{
    uint8_t bytes[3000];

    (void)state;
    gadget_format(disk, GADGET_BLOCKS);
    memset(bytes, 'x', sizeof bytes);
    assert_true(fat_add_file(disk, sizeof disk, "LONG    TXT", bytes, sizeof bytes));
    assert_true(fat_add_file(disk, sizeof disk, "EMPTY   TXT", bytes, 0));
    assert_fat(FAT_GOOD, "FAT12, 4 files");
    assert_int_equal(fsck(), 0);
    assert_false(fat_add_file(disk, sizeof disk, "TOOLONG TXT", disk, sizeof disk));
}

static void damage_is_found_and_named(void **state)
{
    static const struct {
        unsigned at;
        uint8_t change;
        const char *words;
    } damages[] = {
        {13, 2, "boot sector: BPB_SecPerClus is 3"},
        {14, 1, "boot sector: BPB_RsvdSecCnt is 0"},
        {16, 1, "boot sector: BPB_NumFATs is 3"},
        {19, 0x80, "boot sector: BPB_TotSec is 192"},
        {21, 0xf0, "boot sector: BPB_Media is 8"},
        {21, 0x01, "the FAT begins with f8, BPB_Media is f9"},
        {FAT_AT + 512 + 3, 0x01, "the two FATs differ"},
        {ROOT_AT + FIRST_CLUSTER, 0x80, "\"README  TXT\" has cluster 130, which is not there"},
        {ROOT_AT + 29, 0x40, "\"README  TXT\" has 16434 bytes and 1 clusters, must have 33"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        gadget_format(disk, GADGET_BLOCKS);
        disk[damages[i].at] ^= damages[i].change;
        assert_fat(FAT_DAMAGED, damages[i].words);
    }
    gadget_format(disk, GADGET_BLOCKS);
    for (unsigned copy = 0; copy < 2; copy++)
        disk[FAT_AT + copy * 512 + 60] = 0xff; /* cluster 40 */
    assert_fat(FAT_DAMAGED, "cluster 40 is taken, and belongs to no file");
}

static void what_is_no_fat_is_told(void **state)
{
    (void)state;
    memset(disk, 0xff, sizeof disk);
    assert_fat(FAT_NONE, "no FAT boot sector");
    gadget_format(disk, GADGET_BLOCKS);
    store_le16(disk + 22, 0);
    assert_fat(FAT_NONE, "FAT32, not checked");
}

static void a_partition_is_found(void **state)
{
    uint8_t inner[(GADGET_BLOCKS - 8) * 512];

    (void)state;
    gadget_format(inner, GADGET_BLOCKS - 8);
    memset(disk, 0, sizeof disk);
    store_le16(disk + 510, 0xaa55);
    store_le32(disk + 446 + 8, 8);
    memcpy(disk + 8 * 512, inner, sizeof inner);
    assert_fat(FAT_GOOD, "FAT12, 2 files");
}

/* Any disk: no byte outside of it is read, whatever it says. */
static void no_disk_crashes_the_check(void **state)
{
    uint32_t random = 1;

    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        struct text text = {0};

        gadget_format(disk, GADGET_BLOCKS);
        for (unsigned i = 0; i < 4; i++) {
            random = random * 1664525 + 1013904223;
            disk[round % 2 ? random >> 8 & 63 : random >> 8 & 2047] = (uint8_t)(random >> 24);
        }
        (void)fat_check(disk, sizeof disk, &text);
        (void)fat_add_file(disk, sizeof disk, "A          ", disk, 100);
        text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_system_is_good), cmocka_unit_test(an_added_file_keeps_it_good),
        cmocka_unit_test(damage_is_found_and_named),  cmocka_unit_test(what_is_no_fat_is_told),
        cmocka_unit_test(a_partition_is_found),       cmocka_unit_test(no_disk_crashes_the_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
