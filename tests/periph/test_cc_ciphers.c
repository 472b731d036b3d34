/* SPDX-License-Identifier: Apache-2.0 */
/* AES and CHACHA of CRYPTOCELL against what NIST and RFC 8439 have published. */
#include "sim/base/compiler.h"
#include "tests/cmocka.h"
#include "tests/periph/cc_bench.h"

#include <string.h>

enum { /* offsets */
       CHACHA_CONTROL = 0x380,
       CHACHA_KEY = 0x388,
       CHACHA_IV = 0x3a8,
       CHACHA_COUNT = 0x3b8,
       CHACHA_RESET = 0x3c0,
       CHACHA_POLY1305_KEY = 0x3c4,
       CHACHA_ENDIANNESS = 0x3e4,
       AES_KEY = 0x400,
       AES_IV = 0x440,
       AES_CTR = 0x460,
       AES_SK = 0x478,
       AES_CMAC_INIT = 0x47c,
       AES_REMAINING = 0x4bc,
       AES_CONTROL = 0x4c0,
       AES_CTR_NO_INCREMENT = 0x4d8,
       AES_RESET = 0x4f4,
       AES_CMAC_SIZE0_KICK = 0x524,
       HASH_H = 0x640,
       HASH_PAD_AUTO = 0x684,
       HASH_CONTROL = 0x7c0,
       HASH_RESET = 0x7e4,
       CHACHA_CLK = 0x858,
       CLK_STATUS = 0x824,
       HOST_IOT_KDR = 0xa50,
       HOST_IOT_LCS = 0xa60,
       DIN_BUFFER = 0xc00,
       DIN_CPU_DATA = 0xc48,
       DOUT_BUFFER = 0xd00,
};
enum { TO_AES = 1, AES_TO_HASH = 2, AES_AND_HASH = 3, AES_MAC_AND_PAST = 9, TO_CHACHA = 16 };
enum { ECB = 0 << 2, CBC = 1 << 2, CTR = 2 << 2, CBC_MAC = 3 << 2, CMAC = 7 << 2, DECRYPT = 1 };
enum { XOR_KEY = 1 << 29 };

/* ---- AES ---------------------------------------------------------------------------------------
 */

/* SP 800-38A, F: one key and one text for all modes. */
static const char key[] = "2b7e151628aed2a6abf7158809cf4f3c";
static const char clear[] = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
static const char iv[] = "000102030405060708090a0b0c0d0e0f";
static const char cbc[] = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
                          "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7";

static void load(uint32_t offset, const char *text)
{
    uint8_t bytes[64];
    uint32_t size = cc_bytes(text, bytes);

    cc_write_bytes(offset, bytes, size);
}

static uint32_t put_text(const char *text)
{
    uint8_t bytes[128];
    uint32_t size = cc_bytes(text, bytes);

    cc_put(bytes, size);
    return size;
}

static void assert_out(const char *text)
{
    uint8_t bytes[128];
    uint32_t size = cc_bytes(text, bytes);

    assert_memory_equal(serial_ram(cc_bench, CC_OUT), bytes, size);
}

static void assert_registers(uint32_t offset, const char *text)
{
    uint8_t bytes[64];
    uint32_t size = cc_bytes(text, bytes);

    cc_assert_bytes(offset, bytes, size);
}

static void use_aes(uint32_t control)
{
    cc_write(CC_CRYPTO_CTL, TO_AES);
    cc_write(AES_CONTROL, control);
    load(AES_KEY, key);
}

static void ecb_goes_both_ways(void **state)
{
    (void)state;
    use_aes(ECB);
    assert_int_equal(cc_read(AES_KEY), 0); /* a key cannot be read back */
    cc_move(CC_OUT, put_text(clear));
    assert_out("3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf");
    use_aes(ECB | DECRYPT);
    cc_move(CC_OUT, put_text("3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"));
    assert_out("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
}

static void cbc_goes_both_ways_and_leaves_the_last_block_in_the_iv(void **state)
{
    (void)state;
    use_aes(CBC);
    load(AES_IV, iv);
    cc_move(CC_OUT, put_text(clear));
    assert_out(cbc);
    assert_registers(AES_IV, "3ff1caa1681fac09120eca307586e1a7");
    use_aes(CBC | DECRYPT);
    load(AES_IV, iv);
    cc_move(CC_OUT, put_text(cbc));
    assert_out(clear);
    assert_registers(AES_IV, "3ff1caa1681fac09120eca307586e1a7");
}

static void cbc_decrypts_in_place_and_goes_on_where_it_was(void **state)
{
    (void)state;
    use_aes(CBC | DECRYPT);
    load(AES_IV, iv);
    put_text(cbc);
    cc_move(CC_IN, 32);
    memmove(serial_ram(cc_bench, CC_IN), serial_ram(cc_bench, CC_IN + 32), 32);
    cc_move(CC_OUT, 32);
    assert_out("30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
}

static void a_counter_may_stay(void **state)
{
    (void)state;
    use_aes(CTR);
    load(AES_CTR, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    cc_move(CC_OUT, put_text(clear));
    assert_out("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
    assert_registers(AES_CTR, "f0f1f2f3f4f5f6f7f8f9fafbfcfdff03");
    cc_write(AES_CTR_NO_INCREMENT, 1);
    load(AES_CTR, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    cc_move(CC_OUT, put_text(clear));
    assert_out("874d6191b620e3261bef6864990db6ce");
    assert_registers(AES_CTR, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
}

/* SP 800-38B, D.1, and more: messages of whole blocks and of parts of one. */
static void a_cmac_ends_where_the_driver_said(void **state)
{
    static const struct {
        uint32_t size;
        const char *tag;
    } examples[] = {
        {16, "070a16b46b4d4144f79bdd9dd04a287c"},
        {40, "dfa66747de9ae63030ca32611497c827"},
        {64, "51f0bebf7e3b9d92fc49741779363cfe"},
    };

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(examples); i++) {
        use_aes(CMAC);
        cc_write(AES_CMAC_INIT, 1);
        load(AES_IV, "00000000000000000000000000000000");
        cc_write(AES_REMAINING, examples[i].size);
        put_text(clear);
        cc_move(0, examples[i].size);
        assert_registers(AES_IV, examples[i].tag);
        assert_int_equal(cc_bench->chip->unmodelled, 0);
    }
}

/* As a vendor's library does: all but the last block first, without saying what remains. */
static void a_cmac_may_come_in_pieces(void **state)
{
    (void)state;
    use_aes(CMAC);
    load(AES_IV, "00000000000000000000000000000000");
    put_text(clear);
    cc_move(0, 48);
    memmove(serial_ram(cc_bench, CC_IN), serial_ram(cc_bench, CC_IN + 48), 16);
    cc_write(AES_REMAINING, 16);
    cc_move(0, 16);
    assert_registers(AES_IV, "51f0bebf7e3b9d92fc49741779363cfe");
}

static void a_cmac_of_nothing_needs_a_kick(void **state)
{
    (void)state;
    use_aes(CMAC);
    cc_write(AES_CMAC_SIZE0_KICK, 1);
    assert_registers(AES_IV, "bb1d6929e95937287fa37d129b756746");
}

/* AES_KEY of FIPS 197 as K_DR, then what it is with the first key added. */
static void the_device_root_key_is_taken_from_the_hardware(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 16; i += 4) {
        assert_int_equal(cc_read(HOST_IOT_KDR), 0);
        cc_write(HOST_IOT_KDR + i, 0x03020100 + 0x01010101 * i);
    }
    assert_int_equal(cc_read(HOST_IOT_KDR), 1);
    cc_write(HOST_IOT_KDR, 0xffffffff); /* once only */
    cc_write(CC_CRYPTO_CTL, TO_AES);
    cc_write(AES_CONTROL, ECB);
    cc_write(AES_SK, 1);
    cc_move(CC_OUT, put_text("00112233445566778899aabbccddeeff"));
    assert_out("69c4e0d86a7b0430d8cdb78070b4c55a");
    cc_write(AES_CONTROL, XOR_KEY); /* added to itself: zeros */
    cc_write(AES_SK, 1);
    cc_move(CC_OUT, put_text("00000000000000000000000000000000"));
    assert_out("66e94bd4ef8a2c3b884cfa59ca342b2e");
}

static void the_life_cycle_is_said_once(void **state)
{
    (void)state;
    assert_int_equal(cc_read(HOST_IOT_LCS), 2);
    cc_write(HOST_IOT_LCS, 2);
    assert_int_equal(cc_read(HOST_IOT_LCS), 0x102);
    cc_write(HOST_IOT_LCS, 0);
    assert_int_equal(cc_read(HOST_IOT_LCS), 0x102);
}

static void a_key_is_forgotten_by_a_reset(void **state)
{
    (void)state;
    use_aes(CBC);
    load(AES_IV, iv);
    cc_write(AES_RESET, 1);
    assert_int_equal(cc_read(AES_CONTROL), 0);
    assert_registers(AES_IV, "00000000000000000000000000000000");
    cc_move(CC_OUT, put_text("00000000000000000000000000000000"));
    assert_out("66e94bd4ef8a2c3b884cfa59ca342b2e");
}

/* ---- Other ways through the engine --------------------------------------------------------------
 */

static const uint32_t sha256_begin[] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static void use_sha256(void)
{
    for (unsigned i = 0; i < 8; i++)
        cc_write(HASH_H + 4 * i, sha256_begin[i]);
    cc_write(HASH_CONTROL, 2);
    cc_write(HASH_PAD_AUTO, 1);
}

/* FIPS 180-4 of what CBC makes of the text, and of the text. */
static void data_is_hashed_behind_aes_or_beside_it(void **state)
{
    (void)state;
    use_aes(CBC);
    load(AES_IV, iv);
    use_sha256();
    cc_write(CC_CRYPTO_CTL, AES_TO_HASH);
    cc_move(0, put_text(clear));
    assert_int_equal(cc_read(HASH_H), 0x513fa782);
    use_aes(CBC);
    load(AES_IV, iv);
    cc_write(HASH_RESET, 1);
    assert_int_equal(cc_read(HASH_H), 0);
    use_sha256();
    cc_write(CC_CRYPTO_CTL, AES_AND_HASH);
    cc_move(CC_OUT, put_text(clear));
    assert_out(cbc);
    assert_int_equal(cc_read(HASH_H), 0xd1960c02);
}

static void a_mac_is_made_of_data_that_passes(void **state)
{
    (void)state;
    use_aes(CBC_MAC);
    load(AES_IV, iv);
    cc_write(CC_CRYPTO_CTL, AES_MAC_AND_PAST);
    cc_move(CC_OUT, put_text(clear));
    assert_out(clear);
    assert_registers(AES_IV, "3ff1caa1681fac09120eca307586e1a7");
}

static void the_cpu_feeds_aes_word_by_word(void **state)
{
    static const uint32_t words[] = {0xe2bec16b, 0x969f402e, 0x117e3de9, 0x2a179373};

    (void)state;
    use_aes(ECB);
    cc_write(DIN_CPU_DATA, 16);
    for (unsigned i = 0; i < 4; i++)
        cc_write(DIN_BUFFER + 4 * i, words[i]);
    assert_int_equal(cc_read(DOUT_BUFFER), 0xb47bd73a);
    assert_int_equal(cc_read(DOUT_BUFFER), 0x60367a0d);
    assert_int_equal(cc_read(DIN_BUFFER), 0xf3ca9ea8); /* the same, by the vendor's address */
    assert_int_equal(cc_read(DOUT_BUFFER), 0x97ef6624);
    assert_int_equal(cc_read(DOUT_BUFFER), 0); /* no more */
}

static void the_cpu_ends_a_hash_with_part_of_a_word(void **state)
{
    (void)state;
    use_sha256();
    cc_write(CC_CRYPTO_CTL, 7);
    cc_write(DIN_CPU_DATA, 3);
    cc_write(DIN_BUFFER, 0x00636261);
    assert_int_equal(cc_read(HASH_H), 0xba7816bf);
}

static void a_way_no_document_has_says_so(void **state)
{
    (void)state;
    cc_write(CC_CRYPTO_CTL, 5);
    cc_move(0, 16);
    assert_int_equal(cc_bench->chip->unmodelled, 1);
}

/* ---- CHACHA ------------------------------------------------------------------------------------
 */

enum { INIT = 1 << 1, GEN_KEY_POLY1305 = 1 << 2, KEY_128 = 1 << 3, RESET_COUNT = 1 << 9 };
enum { ROUNDS_12 = 1 << 4, ROUNDS_8 = 2 << 4, IV_96 = 1 << 10 };

/* The first word of an IV of 96 bits is where the upper half of the counter is. */
static void use_chacha(const char *chacha_key, const char *nonce, uint32_t count, uint32_t control)
{
    uint8_t bytes[12];

    cc_bytes(nonce, bytes);
    cc_write(CC_CRYPTO_CTL, TO_CHACHA);
    load(CHACHA_KEY, chacha_key);
    cc_write(CHACHA_COUNT, count);
    cc_write_bytes(CHACHA_COUNT + 4, bytes, 4);
    cc_write_bytes(CHACHA_IV, bytes + 4, 8);
    cc_write(CHACHA_CONTROL, control);
}

static const char counting[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/* RFC 8439, 2.4.2. */
static void chacha_encrypts_as_rfc_8439_says(void **state)
{
    static const char text[] =
        "Ladies and Gentlemen of the class of '99: If I could offer you only "
        "one tip for the future, sunscreen would be it.";

    (void)state;
    cc_write(CHACHA_CLK, 1);
    assert_int_equal(cc_read(CLK_STATUS), 0x180);
    use_chacha(counting, "000000000000004a00000000", 1, INIT | IV_96);
    cc_put(text, sizeof text - 1);
    cc_move(CC_OUT, sizeof text - 1);
    assert_out("6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
               "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
               "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
               "5af90bbf74a35be6b40b8eedf2785e42874d");
    assert_int_equal(cc_read(CHACHA_COUNT), 3);
    memcpy(serial_ram(cc_bench, CC_IN), serial_ram(cc_bench, CC_OUT), sizeof text - 1);
    cc_write(CHACHA_COUNT, 1);
    cc_move(CC_OUT, sizeof text - 1);
    assert_memory_equal(serial_ram(cc_bench, CC_OUT), text, sizeof text - 1);
    assert_int_equal(cc_bench->chip->misuses + cc_bench->chip->unmodelled, 0);
}

/* RFC 8439, 2.6.2. */
static void the_key_for_poly1305_is_that_of_rfc_8439(void **state)
{
    (void)state;
    use_chacha("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
               "000000000001020304050607", 0, INIT | IV_96 | GEN_KEY_POLY1305);
    assert_registers(CHACHA_POLY1305_KEY,
                     "8ad5a08b905f81cc815040274ab29471a833b637e3fd0da508dbb8e2fdd1a646");
    assert_int_equal(cc_read(CHACHA_COUNT), 0);
}

/* The key stream of nothing: draft-strombergson-chacha-test-vectors-01, TC1, with IVs of 64 bits.
 */
static void fewer_rounds_and_shorter_keys_are_those_of_the_draft(void **state)
{
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    static const struct {
        uint32_t control;
        const char *stream;
    } examples[] = {
        {0, "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"},
        {ROUNDS_12, "9bf49a6a0755f953811fce125f2683d50429c3bb49e074147e0089a52eae155f"},
        {ROUNDS_8, "3e00ef2f895f40d67f5bb8e81f09a5a12c840ec3ce9a7f3b181be188ef711a1e"},
        {KEY_128, "89670952608364fd00b2f90936f031c8e756e15dba04b8493d00429259b20f46"},
    };

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(examples); i++) {
        use_chacha(zeros, "000000000000000000000000", 0, INIT | examples[i].control);
        memset(serial_ram(cc_bench, CC_IN), 0, 32);
        cc_move(CC_OUT, 32);
        assert_out(examples[i].stream);
    }
}

static void blocks_are_counted_in_64_bits_but_with_a_long_iv(void **state)
{
    (void)state;
    use_chacha(counting, "000000000000000000000000", 0xffffffff, INIT);
    cc_move(CC_OUT, 64);
    assert_int_equal(cc_read(CHACHA_COUNT), 0);
    assert_int_equal(cc_read(CHACHA_COUNT + 4), 1);
    use_chacha(counting, "000000000000000000000000", 0xffffffff, INIT | IV_96);
    cc_move(CC_OUT, 64);
    assert_int_equal(cc_read(CHACHA_COUNT), 0);
    assert_int_equal(cc_read(CHACHA_COUNT + 4), 0);
    cc_write(CHACHA_COUNT, 7);
    cc_write(CHACHA_CONTROL, INIT | RESET_COUNT);
    assert_int_equal(cc_read(CHACHA_COUNT), 0);
}

static void salsa_and_other_orders_of_bytes_are_missing(void **state)
{
    (void)state;
    use_chacha(counting, "000000000000000000000000", 0, INIT | 1);
    cc_move(0, 64);
    assert_int_equal(cc_bench->chip->unmodelled, 1);
    cc_write(CHACHA_CONTROL, INIT);
    cc_write(CHACHA_ENDIANNESS, 2);
    cc_move(0, 64);
    assert_int_equal(cc_bench->chip->unmodelled, 2);
    cc_write(CHACHA_RESET, 1);
    assert_int_equal(cc_read(CHACHA_ENDIANNESS), 0);
    assert_int_equal(cc_read(CHACHA_CONTROL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cc_set_up, cc_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ecb_goes_both_ways),
        TEST(cbc_goes_both_ways_and_leaves_the_last_block_in_the_iv),
        TEST(cbc_decrypts_in_place_and_goes_on_where_it_was),
        TEST(a_counter_may_stay),
        TEST(a_cmac_ends_where_the_driver_said),
        TEST(a_cmac_may_come_in_pieces),
        TEST(a_cmac_of_nothing_needs_a_kick),
        TEST(the_device_root_key_is_taken_from_the_hardware),
        TEST(the_life_cycle_is_said_once),
        TEST(a_key_is_forgotten_by_a_reset),
        TEST(data_is_hashed_behind_aes_or_beside_it),
        TEST(a_mac_is_made_of_data_that_passes),
        TEST(the_cpu_feeds_aes_word_by_word),
        TEST(the_cpu_ends_a_hash_with_part_of_a_word),
        TEST(a_way_no_document_has_says_so),
        TEST(chacha_encrypts_as_rfc_8439_says),
        TEST(the_key_for_poly1305_is_that_of_rfc_8439),
        TEST(fewer_rounds_and_shorter_keys_are_those_of_the_draft),
        TEST(blocks_are_counted_in_64_bits_but_with_a_long_iv),
        TEST(salsa_and_other_orders_of_bytes_are_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
