/* SPDX-License-Identifier: Apache-2.0 */
/* base: ranges, bits, hashes, random numbers, texts and failures. */
#include "tests/cmocka.h"

#include "sim/base/bits.h"
#include "sim/base/hash.h"
#include "sim/base/range.h"
#include "sim/base/rng.h"
#include "sim/base/status.h"
#include "sim/base/text.h"

#include <string.h>

/* The same question in 64-bit arithmetic, where nothing wraps. */
static bool overlap_in_64_bits(struct byte_range a, struct byte_range b)
{
    uint64_t a_end = (uint64_t)a.start + a.size;
    uint64_t b_end = (uint64_t)b.start + b.size;

    return a.size && b.size && a.start < b_end && b.start < a_end;
}

static void ranges_overlap_like_in_64_bit_arithmetic(void **state)
{
    static const uint32_t starts[] = {0, 1, 63, 64, 0x20000000, 0x2003ffff, 0xffffff00, 0xffffffff};
    static const uint32_t sizes[] = {0, 1, 2, 63, 64, 65, 0x100, 0x40000};

    (void)state;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        for (size_t j = 0; j < sizeof starts / sizeof *starts; j++) {
            for (size_t k = 0; k < 64; k++) {
                struct byte_range a = {starts[i], sizes[k / 8]};
                struct byte_range b = {starts[j], sizes[k % 8]};

                if ((uint64_t)a.start + a.size > UINT64_C(0x100000000) ||
                    (uint64_t)b.start + b.size > UINT64_C(0x100000000))
                    continue;
                assert_int_equal(ranges_overlap(a, b), overlap_in_64_bits(a, b));
            }
        }
    }
}

static void an_empty_range_overlaps_nothing_and_is_covered_by_everything(void **state)
{
    struct byte_range ram = {0x20000000, 64};

    (void)state;
    assert_false(ranges_overlap((struct byte_range){0x20000010, 0}, ram));
    assert_true(range_covers(ram, (struct byte_range){0, 0}));
}

static void a_range_covers_what_lies_wholly_inside(void **state)
{
    struct byte_range ram = {0x20000000, 64};

    (void)state;
    assert_true(range_covers(ram, (struct byte_range){0x20000000, 64}));
    assert_true(range_covers(ram, (struct byte_range){0x2000003f, 1}));
    assert_false(range_covers(ram, (struct byte_range){0x2000003f, 2}));
    assert_false(range_covers(ram, (struct byte_range){0x1fffffff, 2}));
    assert_false(range_covers(ram, (struct byte_range){0x20000001, 0xffffffff}));
}

static void fields_go_in_and_come_out(void **state)
{
    (void)state;
    assert_int_equal(extract32(0xdeadbeef, 8, 8), 0xbe);
    assert_int_equal(extract32(0xdeadbeef, 0, 32), 0xdeadbeef);
    assert_int_equal(deposit32(0xffffffff, 4, 8, 0), 0xfffff00f);
    assert_int_equal(deposit32(0, 0, 32, 0x12345678), 0x12345678);
    assert_int_equal(sign_extend32(0x1ff, 9), 0xffffffff);
    assert_int_equal(sign_extend32(0x0ff, 9), 0xff);
}

static void words_are_little_endian_on_every_host(void **state)
{
    uint8_t bytes[8];

    (void)state;
    store_le32(bytes, 0x11223344);
    assert_int_equal(bytes[0], 0x44);
    assert_int_equal(bytes[3], 0x11);
    assert_int_equal(load_le32(bytes), 0x11223344);
    assert_int_equal(load_le16(bytes + 1), 0x2233);
    store_le(bytes, 8, UINT64_C(0x0102030405060708));
    assert_int_equal(bytes[7], 1);
    assert_true(load_le(bytes, 8) == UINT64_C(0x0102030405060708));
    assert_int_equal(load_le(bytes, 3), 0x060708);
}

static void the_hash_sees_every_byte_and_the_length(void **state)
{
    uint8_t bytes[37] = {0};
    uint64_t empty = hash_bytes(HASH_SEED, bytes, sizeof bytes);

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] ^= 1;
        assert_true(hash_bytes(HASH_SEED, bytes, sizeof bytes) != empty);
        bytes[i] ^= 1;
    }
    assert_true(hash_bytes(HASH_SEED, bytes, 36) != empty);
    assert_true(hash_bytes(HASH_SEED, bytes, sizeof bytes) == empty);
}

static void random_numbers_repeat_with_the_seed_and_stay_in_bounds(void **state)
{
    struct rng a;
    struct rng b;
    uint32_t seen = 0;

    (void)state;
    rng_seed(&a, 7);
    rng_seed(&b, 7);
    for (int i = 0; i < 1000; i++) {
        uint32_t value = rng_between(&a, 10, 13);

        assert_in_range(value, 10, 13);
        assert_int_equal(value, rng_between(&b, 10, 13));
        seen |= bit32(value);
    }
    assert_int_equal(seen, 0xf << 10); /* every value came up */
    assert_int_equal(rng_between(&a, 5, 5), 5);
    (void)rng_between(&a, 0, UINT32_MAX);
}

static void an_end_is_found_at_the_end_only(void **state)
{
    (void)state;
    assert_true(text_ends_with("a.bin", ".bin"));
    assert_true(text_ends_with(".bin", ".bin"));
    assert_true(text_ends_with("a", ""));
    assert_false(text_ends_with("a.bin.hex", ".bin"));
    assert_false(text_ends_with("bin", ".bin"));
}

static void a_text_grows_as_needed(void **state)
{
    struct text text = {0};

    (void)state;
    assert_string_equal(text_string(&text), "");
    for (int i = 0; i < 200; i++)
        text_printf(&text, "%03d,", i);
    assert_int_equal(text.length, 800);
    assert_int_equal(strlen(text_string(&text)), 800);
    assert_memory_equal(text.bytes + 796, "199,", 5);
    text_clear(&text);
    assert_string_equal(text_string(&text), "");
    text_free(&text);
}

static void a_failure_names_the_thing_and_the_reason(void **state)
{
    struct failure failure;

    (void)state;
    assert_int_equal(failure_set(&failure, STATUS_ELF_NOT_ARM, "a.elf", NULL), STATUS_ELF_NOT_ARM);
    assert_string_equal(failure.message, "a.elf: ELF file is not for ARM");
    (void)failure_set(&failure, STATUS_HEX_CHECKSUM, "b.hex", "line %d", 12);
    assert_string_equal(failure.message, "b.hex: Intel HEX checksum error: line 12");
    assert_int_equal(failure_set(NULL, STATUS_USAGE, NULL, NULL), STATUS_USAGE);
}

static void an_overlong_failure_is_cut(void **state)
{
    struct failure failure;
    char name[1000];

    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    (void)failure_set(&failure, STATUS_FILE_MISSING, name, "and %s", name);
    assert_int_equal(strlen(failure.message), sizeof failure.message - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_overlap_like_in_64_bit_arithmetic),
        cmocka_unit_test(an_empty_range_overlaps_nothing_and_is_covered_by_everything),
        cmocka_unit_test(a_range_covers_what_lies_wholly_inside),
        cmocka_unit_test(fields_go_in_and_come_out),
        cmocka_unit_test(words_are_little_endian_on_every_host),
        cmocka_unit_test(the_hash_sees_every_byte_and_the_length),
        cmocka_unit_test(random_numbers_repeat_with_the_seed_and_stay_in_bounds),
        cmocka_unit_test(an_end_is_found_at_the_end_only),
        cmocka_unit_test(a_text_grows_as_needed),
        cmocka_unit_test(a_failure_names_the_thing_and_the_reason),
        cmocka_unit_test(an_overlong_failure_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
