/* SPDX-License-Identifier: Apache-2.0 */
/* AES and HASH of CRYPTOCELL, used the way a vendor's library does, without a CPU. */
#include "tests/cmocka.h"
#include "tests/periph/cc_bench.h"

#include <string.h>

enum { LINE = 42 };
enum { /* offsets from 0x5002b000 */
       AES_KEY = 0x400,
       AES_IV = 0x440,
       AES_CTR = 0x460,
       AES_CONTROL = 0x4c0,
       HASH_H = 0x640,
       HASH_PAD_AUTO = 0x684,
       HASH_PAD_FORCE = 0x7c8,
       HASH_CUR_LEN = 0x7cc,
       HASH_CONTROL = 0x7c0,

       IRR = 0xa00,
       IMR = 0xa04,
       ICR = 0xa08,
       SRC_ADDR = 0xc28,
       SRC_SIZE = 0xc2c,
       SRC_SRAM_ADDR = 0xc30,
       SRC_SRAM_SIZE = 0xc34,
       DST_ADDR = 0xd28,
       DST_SIZE = 0xd2c,
       DST_SRAM_ADDR = 0xd30,
       DST_SRAM_SIZE = 0xd34,
       SRAM_DATA = 0xf00,
       SRAM_ADDR = 0xf04,
};
enum { SRAM_DIN_INT = 0x10, SRAM_DOUT_INT = 0x20, DIN_INT = 0x40, DOUT_INT = 0x80 };

/* FIPS 197, C.1: key and clear text count up. */
static void load_key(void)
{
    for (uint32_t i = 0; i < 4; i++)
        cc_write(AES_KEY + 4 * i, 0x03020100 + 0x04040404 * i);
    for (unsigned i = 0; i < 16; i++)
        *serial_ram(cc_bench, CC_IN + i) = (uint8_t)(0x11 * i);
}

static void aes_encrypts_as_fips_197_says(void **state)
{
    static const uint8_t cipher[] = {0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30,
                                     0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a};

    (void)state;
    load_key();
    cc_write(CC_CRYPTO_CTL, 1);
    cc_write(AES_CONTROL, 0);
    cc_move(CC_OUT, 16);
    assert_memory_equal(serial_ram(cc_bench, CC_OUT), cipher, sizeof cipher);
    assert_int_equal(cc_bench->opened, 2);
    assert_int_equal(cc_bench->observed, 2);
    cc_move(CC_IN, 16); /* in place */
    assert_memory_equal(serial_ram(cc_bench, CC_IN), cipher, sizeof cipher);
    assert_int_equal(cc_bench->chip->misuses + cc_bench->chip->unmodelled, 0);
}

static void a_cbc_mac_is_left_in_the_iv(void **state)
{
    (void)state;
    load_key();
    cc_write(CC_CRYPTO_CTL, 1);
    cc_write(AES_CONTROL, 3 << 2);
    cc_move(0, 16);
    assert_int_equal(cc_read(AES_IV), 0xd8e0c469);
    assert_int_equal(cc_read(AES_IV + 12), 0x5ac5b470);
}

static void a_counter_undoes_itself_and_takes_part_of_a_block(void **state)
{
    (void)state;
    load_key();
    cc_write(CC_CRYPTO_CTL, 1);
    cc_write(AES_CONTROL, 2 << 2);
    cc_write(AES_CTR + 12, 0xff000000);
    cc_move(CC_OUT, 21);
    assert_int_equal(cc_read(AES_CTR + 12), 0x01010000);
    memcpy(serial_ram(cc_bench, CC_IN), serial_ram(cc_bench, CC_OUT), 21);
    cc_write(AES_CTR + 12, 0xff000000);
    cc_move(CC_OUT, 21);
    for (unsigned i = 0; i < 16; i++)
        assert_int_equal(*serial_ram(cc_bench, CC_OUT + i), 0x11 * i);
    assert_int_equal(*serial_ram(cc_bench, CC_OUT + 20), 0);
}

/* FIPS 180-4: "abc", padded to a block. */
static void put_abc(void)
{
    memset(serial_ram(cc_bench, CC_IN), 0, 64);
    memcpy(serial_ram(cc_bench, CC_IN), "abc\x80", 4);
    *serial_ram(cc_bench, CC_IN + 63) = 24;
}

static void load_hash(const uint32_t *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        cc_write(HASH_H + 4 * i, words[i]);
    cc_write(CC_CRYPTO_CTL, 7);
}

static void hash_is_that_of_fips_180(void **state)
{
    static const uint32_t sha256[] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    static const uint32_t sha1[] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

    (void)state;
    put_abc();
    load_hash(sha256, 8);
    cc_write(HASH_CONTROL, 2);
    cc_move(0, 64);
    assert_int_equal(cc_read(HASH_H), 0xba7816bf);
    assert_int_equal(cc_read(HASH_H + 28), 0xf20015ad);
    load_hash(sha1, 5);
    cc_write(HASH_CONTROL, 1);
    cc_move(0, 64);
    assert_int_equal(cc_read(HASH_H), 0xa9993e36);
    assert_int_equal(cc_read(HASH_H + 16), 0x9cd0d89d);
}

static const uint32_t sha256_begin[] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/* FIPS 180-4's examples of 3 and 56 bytes; the second needs a block more. */
static void the_hardware_pads_the_end_of_the_data(void **state)
{
    static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

    (void)state;
    load_hash(sha256_begin, 8);
    cc_write(HASH_CONTROL, 2);
    cc_write(HASH_PAD_AUTO, 1);
    memcpy(serial_ram(cc_bench, CC_IN), text, 56);
    cc_move(0, 3);
    assert_int_equal(cc_read(HASH_H), 0xba7816bf);
    assert_int_equal(cc_read(HASH_H + 28), 0xf20015ad);
    load_hash(sha256_begin, 8);
    cc_write(HASH_CUR_LEN, 0);
    cc_move(0, 56);
    assert_int_equal(cc_read(HASH_H), 0x248d6a61);
    assert_int_equal(cc_read(HASH_H + 28), 0x19db06c1);
}

static void a_message_of_no_bytes_is_padded_at_a_word(void **state)
{
    (void)state;
    load_hash(sha256_begin, 8);
    cc_write(HASH_CONTROL, 2);
    cc_write(HASH_PAD_FORCE, 0);
    assert_int_equal(cc_read(HASH_H), 0x6a09e667);
    cc_write(HASH_PAD_FORCE, 4);
    assert_int_equal(cc_read(HASH_H), 0xe3b0c442);
    assert_int_equal(cc_read(HASH_H + 28), 0x7852b855);
    assert_int_equal(cc_bench->chip->unmodelled, 0);
}

static void the_end_interrupts_and_tells_that_the_data_is_free(void **state)
{
    (void)state;
    put_abc();
    cc_write(IMR, 0xffffffff & ~(uint32_t)DIN_INT);
    cc_write(CC_CRYPTO_CTL, 7);
    cc_write(HASH_CONTROL, 2);
    cc_write(SRC_ADDR, CC_IN);
    cc_write(SRC_SIZE, 64);
    assert_int_equal(cc_read(IRR), 0);
    serial_pass(cc_bench, 100 * CYCLES_PER_US);
    assert_true(chip_irq(cc_bench->chip, LINE));
    assert_int_equal(cc_bench->observed, 0);
    assert_int_equal(cc_read(IRR), DIN_INT);
    assert_int_equal(cc_bench->observed, 1);
    cc_write(ICR, DIN_INT);
    assert_false(chip_irq(cc_bench->chip, LINE));
}

static void data_passes_the_units(void **state)
{
    (void)state;
    put_abc();
    cc_write(CC_CRYPTO_CTL, 0);
    cc_move(CC_OUT, 64);
    assert_memory_equal(serial_ram(cc_bench, CC_OUT), serial_ram(cc_bench, CC_IN), 64);
    assert_int_equal(cc_read(IRR), DIN_INT | DOUT_INT);
}

static void data_that_is_moved_while_it_is_disabled_is_reported(void **state)
{
    (void)state;
    chip_write(cc_bench->chip, 0x5002a500, 0);
    cc_move(0, 64);
    assert_int_equal(cc_bench->chip->misuses, 1);
    assert_int_equal(cc_bench->chip->misuse[0].misuse, MISUSE_DISABLED);
}

/* The first read begins to fetch, the second one gives the word. */
static void a_word_of_the_engines_memory_comes_one_read_late(void **state)
{
    (void)state;
    cc_write(SRAM_ADDR, 8);
    cc_write(SRAM_DATA, 0x11111111);
    cc_write(SRAM_DATA, 0x22222222);
    cc_write(SRAM_ADDR, 8);
    (void)cc_read(SRAM_DATA);
    assert_int_equal(cc_read(SRAM_DATA), 0x11111111);
    assert_int_equal(cc_read(SRAM_DATA), 0x22222222);
}

static void data_goes_to_the_engines_memory_and_back(void **state)
{
    (void)state;
    put_abc();
    cc_write(CC_CRYPTO_CTL, 0);
    cc_write(DST_SRAM_ADDR, 2000);
    cc_write(DST_SRAM_SIZE, 64);
    cc_move(0, 64);
    assert_int_equal(cc_read(IRR), DIN_INT | SRAM_DOUT_INT);
    cc_write(ICR, DIN_INT | SRAM_DOUT_INT);
    cc_write(DST_ADDR, CC_OUT);
    cc_write(DST_SIZE, 64);
    cc_write(SRC_SRAM_ADDR, 2000);
    cc_write(SRC_SRAM_SIZE, 64);
    serial_pass(cc_bench, 100 * CYCLES_PER_US);
    assert_int_equal(cc_read(IRR), SRAM_DIN_INT | DOUT_INT);
    assert_memory_equal(serial_ram(cc_bench, CC_OUT), serial_ram(cc_bench, CC_IN), 64);
    assert_int_equal(cc_bench->chip->unmodelled, 0);
}

static void more_than_fits_from_the_engines_memory_is_reported(void **state)
{
    (void)state;
    cc_write(CC_CRYPTO_CTL, 0);
    cc_write(SRC_SRAM_SIZE, 1025);
    assert_int_equal(cc_bench->chip->unmodelled, 1);
}

static void what_is_missing_says_so(void **state)
{
    (void)state;
    load_key();
    cc_write(CC_CRYPTO_CTL, 1);
    cc_write(AES_CONTROL, 2 << 12); /* a key of 256 bits */
    cc_write(SRC_ADDR, CC_IN);
    cc_write(SRC_SIZE, 16);
    assert_int_equal(cc_bench->chip->unmodelled, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cc_set_up, cc_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(aes_encrypts_as_fips_197_says),
        TEST(a_cbc_mac_is_left_in_the_iv),
        TEST(a_counter_undoes_itself_and_takes_part_of_a_block),
        TEST(hash_is_that_of_fips_180),
        TEST(the_hardware_pads_the_end_of_the_data),
        TEST(a_message_of_no_bytes_is_padded_at_a_word),
        TEST(the_end_interrupts_and_tells_that_the_data_is_free),
        TEST(data_passes_the_units),
        TEST(data_that_is_moved_while_it_is_disabled_is_reported),
        TEST(a_word_of_the_engines_memory_comes_one_read_late),
        TEST(data_goes_to_the_engines_memory_and_back),
        TEST(more_than_fits_from_the_engines_memory_is_reported),
        TEST(what_is_missing_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
