/* SPDX-License-Identifier: Apache-2.0 */
/* The same program as ELF, Intel HEX, UF2 and raw binary is the same bytes in memory. */
#include "tests/image/images.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

#define NRF52840_FAMILY 0xada52840u

static struct failure failure;

static struct image *load(const void *bytes, size_t size)
{
    struct image *image;

    if (image_load_bytes(&image, "file", bytes, size, &nrf52840_limits, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    return image;
}

static void refused(const void *bytes, size_t size, const char *message)
{
    struct image *image = NULL;

    assert_int_not_equal(image_load_bytes(&image, "file", bytes, size, &nrf52840_limits, &failure),
                         STATUS_OK);
    assert_null(image);
    assert_string_equal(failure.message, message);
}

static void same_memory(const struct image *a, const struct image *b)
{
    assert_int_equal(image_segment_count(a), image_segment_count(b));
    for (unsigned i = 0; i < image_segment_count(a); i++) {
        struct image_segment left = image_segment(a, i);
        struct image_segment right = image_segment(b, i);

        assert_int_equal(left.address, right.address);
        assert_int_equal(left.size, right.size);
        assert_memory_equal(left.bytes, right.bytes, left.size);
    }
}

static void hex_and_binary_of_objcopy_are_the_memory_of_the_elf(void **state)
{
    struct image *elf = load_built("gcc-O2.elf");
    struct image *hex = load_built("gcc-O2.hex");
    struct image *binary = load_built("gcc-O2.bin");

    (void)state;
    assert_int_equal(image_format(elf), IMAGE_ELF);
    assert_int_equal(image_format(hex), IMAGE_HEX);
    assert_int_equal(image_format(binary), IMAGE_BIN);
    same_memory(elf, hex);
    same_memory(elf, binary);
    assert_int_equal(image_vector_table(hex), 0);
    assert_false(image_has_debug_info(hex));
    assert_string_equal(image_build_id(hex), "");
    image_free(elf);
    image_free(hex);
    image_free(binary);
}

/* ---- UF2 --------------------------------------------------------------------------------------
 */

static void append_word(struct text *file, uint32_t word)
{
    uint8_t bytes[4];

    store_le32(bytes, word);
    text_append(file, (const char *)bytes, 4);
}

struct uf2_block {
    uint32_t flags, address, size, number, total, family;
};

static void append_block(struct text *file, const struct uf2_block *block, const uint8_t *payload)
{
    uint8_t room[476] = {0};

    memcpy(room, payload, block->size < sizeof room ? block->size : sizeof room);
    append_word(file, 0x0a324655);
    append_word(file, 0x9e5d5157);
    append_word(file, block->flags);
    append_word(file, block->address);
    append_word(file, block->size);
    append_word(file, block->number);
    append_word(file, block->total);
    append_word(file, block->family);
    text_append(file, (const char *)room, sizeof room);
    append_word(file, 0x0ab16f30);
}

static struct text uf2_of(const struct image *image, uint32_t flags, uint32_t family)
{
    struct text file = {0};
    struct image_segment segment = image_segment(image, 0);
    uint32_t total = (segment.size + 255) / 256;

    assert_int_equal(image_segment_count(image), 1);
    for (uint32_t i = 0; i < total; i++) {
        uint32_t left = segment.size - 256 * i;
        struct uf2_block block = {
            flags, segment.address + 256 * i, left < 256 ? left : 256, i, total, family};

        append_block(&file, &block, segment.bytes + 256 * i);
    }
    return file;
}

static void uf2_is_the_memory_of_the_elf(void **state)
{
    struct image *elf = load_built("gcc-O2.elf");
    struct text file = uf2_of(elf, 0x2000, NRF52840_FAMILY);
    struct image *uf2 = load(file.bytes, file.length);

    (void)state;
    assert_int_equal(image_format(uf2), IMAGE_UF2);
    same_memory(elf, uf2);
    assert_string_equal(image_note(uf2), "");
    image_free(uf2);
    text_free(&file);
    image_free(elf);
}

static void uf2_without_family_is_accepted_with_a_note(void **state)
{
    struct image *elf = load_built("gcc-O2.elf");
    struct text file = uf2_of(elf, 0, 0);
    struct image *uf2 = load(file.bytes, file.length);

    (void)state;
    same_memory(elf, uf2);
    assert_string_equal(image_note(uf2), "names no chip family; taken to be for the nRF52840");
    image_free(uf2);
    text_free(&file);
    image_free(elf);
}

static void uf2_of_the_series_and_of_a_boot_loader_is_for_this_chip(void **state)
{
    static const uint32_t families[] = {0x1b57745f, 0xd663823c};
    struct image *elf = load_built("gcc-O2.elf");

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct text file = uf2_of(elf, 0x2000, families[i]);
        struct image *uf2 = load(file.bytes, file.length);

        same_memory(elf, uf2);
        image_free(uf2);
        text_free(&file);
    }
    image_free(elf);
}

static void uf2_blocks_of_other_chips_are_passed_over(void **state)
{
    struct image *elf = load_built("gcc-O2.elf");
    struct text file = uf2_of(elf, 0x2000, NRF52840_FAMILY);
    struct uf2_block other = {0x2000, 0x30000000, 4, 0, 1, 0xe48bff56};
    struct uf2_block comment = {1, 0, 4, 0, 1, 0};
    struct image *uf2;

    (void)state;
    append_block(&file, &other, (const uint8_t *)"rp2");
    append_block(&file, &comment, (const uint8_t *)"txt");
    uf2 = load(file.bytes, file.length);
    same_memory(elf, uf2);
    image_free(uf2);
    text_free(&file);
    image_free(elf);
}

static void damaged_uf2_is_refused(void **state)
{
    struct image *elf = load_built("gcc-O2.elf");
    struct text file = uf2_of(elf, 0x2000, NRF52840_FAMILY);
    struct text other = uf2_of(elf, 0x2000, 0xe48bff56);
    char message[160];
    uint8_t *bytes = (uint8_t *)file.bytes;
    unsigned blocks = (unsigned)(file.length / 512);

    (void)state;
    refused(other.bytes, other.length,
            "file: UF2 file is for another chip family: 0xe48bff56, not 0xada52840 (nRF52840)");
    (void)snprintf(message, sizeof message,
                   "file: UF2 file is damaged: %zu bytes are no whole number of blocks",
                   file.length - 1);
    refused(bytes, file.length - 1, message);
    (void)snprintf(message, sizeof message, "file: UF2 file is damaged: %u of %u blocks",
                   blocks - 1, blocks);
    refused(bytes, file.length - 512, message);
    bytes[512 + 20] = 7;
    refused(bytes, file.length, "file: UF2 file is damaged: block at 512: out of order");
    bytes[512 + 20] = 1;
    bytes[512 + 16] = 0xdd;
    bytes[512 + 17] = 1;
    refused(bytes, file.length,
            "file: UF2 file is damaged: block at 512: payload larger than 476 bytes");
    bytes[4] ^= 1;
    refused(bytes, file.length, "file: UF2 file is damaged: block at 0: wrong magic number");
    text_free(&other);
    text_free(&file);
    image_free(elf);
}

static void a_uf2_address_that_is_given_twice_is_refused(void **state)
{
    static const uint8_t payload[8];
    struct uf2_block first = {0x2000, 0, 8, 0, 2, NRF52840_FAMILY};
    struct uf2_block second = {0x2000, 4, 8, 1, 2, NRF52840_FAMILY};
    struct text file = {0};

    (void)state;
    append_block(&file, &first, payload);
    append_block(&file, &second, payload);
    refused(file.bytes, file.length, "file: UF2 file is damaged: 0x00000004 is loaded twice");
    text_free(&file);
}

/* ---- Intel HEX --------------------------------------------------------------------------------
 */

#define END ":00000001FF\n"

static void refused_hex(const char *text, const char *message)
{
    refused(text, strlen(text), message);
}

static void every_record_type_of_intel_hex_is_understood(void **state)
{
    static const char text[] = ":020000021000EC\r\n" /* segment base 0x10000 */
                               ":0400000001020304F2\r\n"
                               ":0400000300003800C1\r\n" /* start segment: ignored */
                               ":020000040000FA\r\n"     /* linear base 0 */
                               ":0a0000000000042009000000fee7e4\r\n"
                               "\r\n"
                               ":020000042000DA\r\n" /* linear base 0x20000000 */
                               ":01000100AA54  \r\n"
                               ":0400000500000008EF\r\n" /* start linear: ignored */
                               ":00000001FF\r\n";
    struct image *image = load(text, sizeof text - 1);

    (void)state;
    assert_int_equal(image_segment_count(image), 3);
    assert_int_equal(image_segment(image, 0).address, 0);
    assert_int_equal(image_segment(image, 0).size, 10);
    assert_int_equal(image_segment(image, 1).address, 0x10000);
    assert_int_equal(load_le32(image_segment(image, 1).bytes), 0x04030201);
    assert_int_equal(image_segment(image, 2).address, 0x20000001);
    assert_int_equal(image_segment(image, 2).bytes[0], 0xaa);
    image_free(image);
}

static void data_wraps_within_a_segment_of_intel_hex(void **state)
{
    static const char text[] = ":020000020000FC\n" /* segment base 0 */
                               ":0C00000000000420090000000000FEE7E2\n"
                               ":02FFFF00AABB9B\n"
                               ":00000001FF\n";
    char message[200];
    struct image *image;

    (void)state;
    /* 0xFFFF takes the first byte; the second belongs to 0x0000, which is taken already. */
    (void)snprintf(message, sizeof message,
                   "file: Intel HEX syntax error: 0x00000000 is loaded twice (line 3)");
    assert_int_equal(image_load_bytes(&image, "file", (const uint8_t *)text, sizeof text - 1,
                                      &nrf52840_limits, &failure),
                     STATUS_HEX_SYNTAX);
    assert_string_equal(failure.message, message);
}

static void wrong_intel_hex_is_refused_with_its_line(void **state)
{
    (void)state;
    refused_hex(":0a0000000000042009000000fee7e4\n", "file: Intel HEX file has no end record");
    refused_hex(":0a0000000000042009000000fee7e4\n:02000A00BEE74F\n",
                "file: Intel HEX file has no end record");
    refused_hex(":0a0000000000042009000000fee7e5\n" END,
                "file: Intel HEX checksum error: line 1: 0xe5 where 0xe4 is right");
    refused_hex("\n", "file: not a firmware image (neither ELF, Intel HEX, UF2 nor raw binary)");
    refused_hex(":0a0000000000042009000 0",
                "file: Intel HEX syntax error: line 1: a record has too few hexadecimal digits");
    refused_hex(END "x", "file: Intel HEX syntax error: line 2: text behind the end record");
    refused_hex(":00000001FF00\n",
                "file: Intel HEX syntax error: line 1: a record is longer than its length says");
    refused_hex(":00000006FA\n" END, "file: Intel HEX syntax error: line 1: unknown record type");
    refused_hex(":0100000400FB\n" END,
                "file: Intel HEX syntax error: line 1: wrong length for this type of record");
    refused_hex(":020000040000FA\nhello\n",
                "file: Intel HEX syntax error: line 2: a record starts with ':'");
    refused_hex(":020000042004D6\n:01000000AA55\n" END,
                "file: segment lies outside flash and RAM: 0x20040000 to 0x20040000 (line 2)");
    refused_hex(":02000004FFFFFC\n:02FFFF00AABB9B\n" END,
                "file: segment lies outside flash and RAM: 0xffffffff to 0xffffffff (line 2)");
    refused_hex(END, "file: no vector table: nothing is loaded into flash");
}

/* ---- Raw binary -------------------------------------------------------------------------------
 */

static void a_binary_goes_where_the_limits_say(void **state)
{
    size_t size;
    uint8_t *bytes = read_built("gcc-O2.bin", &size);
    struct image_limits limits = nrf52840_limits;
    struct image *image;

    (void)state;
    store_le32(bytes + 4, 0x26101);
    limits.as_binary = true;
    limits.binary_base = 0x26000;
    assert_int_equal(image_load_bytes(&image, "file", bytes, size, &limits, &failure), STATUS_OK);
    assert_int_equal(image_segment(image, 0).address, 0x26000);
    assert_int_equal(image_vector_table(image), 0x26000);
    image_free(image);
    limits.binary_base = FLASH_SIZE - 16;
    assert_int_equal(image_load_bytes(&image, "file", bytes, 17, &limits, &failure),
                     STATUS_BIN_TOO_LARGE);
    assert_string_equal(failure.message, "file: raw binary is larger than the flash: 17 bytes, "
                                         "16 fit at 0x000ffff0");
    heap_release(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_and_binary_of_objcopy_are_the_memory_of_the_elf),
        cmocka_unit_test(uf2_is_the_memory_of_the_elf),
        cmocka_unit_test(uf2_without_family_is_accepted_with_a_note),
        cmocka_unit_test(uf2_of_the_series_and_of_a_boot_loader_is_for_this_chip),
        cmocka_unit_test(uf2_blocks_of_other_chips_are_passed_over),
        cmocka_unit_test(damaged_uf2_is_refused),
        cmocka_unit_test(a_uf2_address_that_is_given_twice_is_refused),
        cmocka_unit_test(every_record_type_of_intel_hex_is_understood),
        cmocka_unit_test(data_wraps_within_a_segment_of_intel_hex),
        cmocka_unit_test(wrong_intel_hex_is_refused_with_its_line),
        cmocka_unit_test(a_binary_goes_where_the_limits_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
