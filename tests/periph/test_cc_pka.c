/* SPDX-License-Identifier: Apache-2.0 */
/* PKA of CRYPTOCELL, poked without a CPU: one operation after the other, then what is made of them,
 * up to points of an elliptic curve that others have published. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/cryptocell.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

#include <string.h>

enum { LINE = 42, WORDS = 10, WORD = 4 };
enum { /* addresses */
       ENABLE = 0x5002a500,
       MEMORY_MAP = 0x5002b000,
       OPCODE = 0x5002b080,
       N_NP_T0_T1 = 0x5002b084,
       STATUS = 0x5002b088,
       SW_RESET = 0x5002b08c,
       LENGTH = 0x5002b090,
       PIPE = 0x5002b0b0,
       DONE = 0x5002b0b4,
       VERSION = 0x5002b0c4,
       WADDR = 0x5002b0d4,
       WDATA = 0x5002b0d8,
       RDATA = 0x5002b0dc,
       RADDR = 0x5002b0e4,
       PKA_CLK = 0x5002b81c,
       CLK_STATUS = 0x5002b824,
       IRR = 0x5002ba00,
       IMR = 0x5002ba04,
       ICR = 0x5002ba08,
};
enum { /* operations */
       ADD = 0x04,
       SUB,
       MOD_ADD,
       MOD_SUB,
       AND,
       OR,
       XOR,
       SHR0 = 0x0c,
       SHR1,
       SHL0,
       SHL1,
       MUL_LOW,
       MOD_MUL,
       MOD_MUL_N,
       MOD_EXP,
       DIVISION,
       MOD_INV,
       MOD_DIV,
       MUL_HIGH,
       MOD_MLAC,
       REDUCTION = 0x1b,
};
enum { CARRY = 1 << 9, SIGN = 1 << 8, ZERO = 1 << 12, DIV_BY_ZERO = 1 << 14 };

/* Lengths: PKA_L[0] is that of the modulus, PKA_L[1] that of a whole register. */
enum { MODULUS, WHOLE };

/* Registers: N is 0, as at reset; the engine's own are 30 and 31. */
enum { N, NP, A, B, C, D, X, Y, LAMBDA, R, PX, PY };

#define CONSTANT(value) (0x20u | ((unsigned)(value)&0x1f))
#define DISCARD 0x20u

static struct chip *chip;
static struct cryptocell cryptocell;

static int set_up(void **state)
{
    (void)state;
    chip = chip_new();
    cryptocell_init(&cryptocell, &chip->fabric, &cryptocell_spec);
    chip_write(chip, ENABLE, 1);
    chip_write(chip, PKA_CLK, 1);
    for (uint32_t i = 0; i < 32; i++)
        chip_write(chip, MEMORY_MAP + 4 * i, WORDS * i);
    chip_write(chip, LENGTH + 4 * MODULUS, 256);
    chip_write(chip, LENGTH + 4 * WHOLE, 320);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    chip_free(chip);
    return 0;
}

/* ---- Numbers -----------------------------------------------------------------------------------
 */

static uint32_t digit(char c)
{
    return (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Hexadecimal text, most significant digit first, into words, least significant first. */
static void words_of(const char *text, uint32_t words[WORDS])
{
    size_t length = strlen(text);

    memset(words, 0, WORDS * sizeof *words);
    for (size_t i = 0; i < length; i++)
        words[i / 8] |= digit(text[length - 1 - i]) << 4 * (i % 8);
}

static void put(unsigned reg, const char *text)
{
    uint32_t words[WORDS];

    words_of(text, words);
    chip_write(chip, WADDR, chip_read(chip, MEMORY_MAP + 4 * reg));
    for (unsigned i = 0; i < WORDS; i++)
        chip_write(chip, WDATA, words[i]);
}

static void assert_is(unsigned reg, const char *text)
{
    uint32_t words[WORDS];

    words_of(text, words);
    chip_write(chip, RADDR, chip_read(chip, MEMORY_MAP + 4 * reg));
    for (unsigned i = 0; i < WORDS; i++)
        assert_int_equal(chip_read(chip, RDATA), words[i]);
}

static uint32_t opcode(unsigned operation, unsigned length, unsigned r, unsigned a, unsigned b)
{
    return operation << 27 | length << 24 | a << 18 | b << 12 | r << 6;
}

static void wait_until_done(void)
{
    for (unsigned i = 0; !chip_read(chip, DONE); i++) {
        assert_true(i < 100000);
        chip_pass(chip, 100);
    }
}

static void compute(unsigned operation, unsigned length, unsigned r, unsigned a, unsigned b)
{
    chip_write(chip, OPCODE, opcode(operation, length, r, a, b));
    wait_until_done();
}

static uint32_t flags(void)
{
    return chip_read(chip, STATUS) & (CARRY | SIGN | ZERO | DIV_BY_ZERO);
}

/* ---- Addition, subtraction, logic, shifts ------------------------------------------------------
 */

static void sums_and_differences_carry_to_the_end_of_the_length(void **state)
{
    (void)state;
    put(A, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    put(B, "1");
    compute(ADD, WHOLE, C, A, B);
    assert_is(C, "10000000000000000000000000000000000000000000000000000000000000000");
    assert_int_equal(flags(), 0);
    put(C, "0");
    compute(ADD, MODULUS, C, A, B);
    assert_is(C, "0");
    assert_int_equal(flags(), CARRY | ZERO);
    compute(SUB, MODULUS, C, A, B);
    assert_int_equal(flags(), CARRY | SIGN); /* no borrow */
    compute(SUB, WHOLE, C, B, A);            /* 1 - (2^256 - 1) */
    assert_is(C,
              "ffffffffffffffff0000000000000000000000000000000000000000000000000000000000000002");
    assert_int_equal(flags(), SIGN);
}

static void constants_have_five_bits_and_a_sign(void **state)
{
    (void)state;
    put(A, "100000000");
    compute(ADD, WHOLE, B, A, CONSTANT(15));
    assert_is(B, "10000000f");
    compute(ADD, WHOLE, B, A, CONSTANT(-1));
    assert_is(B, "ffffffff");
    compute(SUB, WHOLE, B, A, CONSTANT(2));
    assert_is(B, "fffffffe");
    compute(SUB, WHOLE, B, CONSTANT(0), A); /* negation */
    assert_is(B,
              "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00000000");
    compute(AND, WHOLE, B, B, CONSTANT(0));
    assert_is(B, "0");
}

static void logic_is_that_of_bits(void **state)
{
    (void)state;
    put(A, "f0f0f0f0f0f0f0f1");
    put(B, "ff00ff00ff00ff00");
    compute(AND, WHOLE, C, A, B);
    assert_is(C, "f000f000f000f000");
    compute(OR, WHOLE, C, A, B);
    assert_is(C, "fff0fff0fff0fff1");
    compute(XOR, WHOLE, C, A, B);
    assert_is(C, "ff00ff00ff00ff1");
    compute(AND, WHOLE, C, A, CONSTANT(-2)); /* clear bit 0 */
    assert_is(C, "f0f0f0f0f0f0f0f0");
    compute(XOR, WHOLE, C, C, CONSTANT(-1)); /* invert */
    assert_is(C,
              "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0f0f0f0f0f0f0f0f");
    compute(OR, WHOLE, C, A, CONSTANT(0)); /* copy */
    assert_is(C, "f0f0f0f0f0f0f0f1");
}

static void a_comparison_changes_nothing_but_the_status(void **state)
{
    (void)state;
    put(A, "1234");
    put(B, "1234");
    put(N, "77");
    compute(XOR, WHOLE, DISCARD | N, A, B);
    assert_int_equal(flags(), ZERO);
    assert_is(N, "77");
    compute(XOR, WHOLE, DISCARD | N, A, CONSTANT(4));
    assert_int_equal(flags(), 0);
    compute(AND, WHOLE, DISCARD | N, A, CONSTANT(1)); /* even? */
    assert_int_equal(flags(), ZERO);
}

static void a_shift_is_by_one_more_than_it_says(void **state)
{
    (void)state;
    put(A, "8000000000000000000000000000000000000000000000000000000000000001");
    compute(SHR0, MODULUS, B, A, 3);
    assert_is(B, "800000000000000000000000000000000000000000000000000000000000000");
    assert_int_equal(chip_read(chip, STATUS) & 0xff, 0); /* four bits at each end */
    compute(SHR1, MODULUS, B, A, 31);
    assert_is(B, "ffffffff80000000000000000000000000000000000000000000000000000000");
    compute(SHL0, MODULUS, B, A, 0);
    assert_is(B, "2");
    assert_int_equal(chip_read(chip, STATUS) & 0xff, 0x20);
    compute(SHL1, WHOLE, B, A, 3);
    assert_is(B, "8000000000000000000000000000000000000000000000000000000000000001f");
}

/* ---- Multiplication and what is made of it -----------------------------------------------------
 */

static void a_product_has_two_halves(void **state)
{
    (void)state;
    put(A, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    compute(MUL_LOW, MODULUS, B, A, A);
    compute(MUL_HIGH, MODULUS, C, A, A);
    assert_is(B, "1");
    assert_is(C, "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe");
}

static void a_division_leaves_the_remainder_in_a(void **state)
{
    (void)state;
    put(A, "123456789abcdef0123456789abcdef0123456789abcdef0");
    put(B, "fedcba9876543210f");
    compute(OR, WHOLE, D, A, CONSTANT(0));
    compute(DIVISION, WHOLE, C, A, B);
    compute(MUL_LOW, WHOLE, X, C, B);
    compute(ADD, WHOLE, X, X, A);
    assert_is(X, "123456789abcdef0123456789abcdef0123456789abcdef0");
    compute(SUB, WHOLE, DISCARD, A, B); /* the remainder is less */
    assert_int_equal(flags() & CARRY, 0);
    put(A, "64");
    compute(DIVISION, WHOLE, C, A, CONSTANT(7));
    assert_is(C, "e");
    assert_is(A, "2");
}

static void a_division_by_zero_says_so_and_leaves_the_numbers(void **state)
{
    (void)state;
    put(A, "64");
    put(B, "0");
    put(C, "1");
    compute(DIVISION, WHOLE, C, A, B);
    assert_int_equal(flags() & DIV_BY_ZERO, DIV_BY_ZERO);
    assert_is(A, "64");
    assert_is(C, "1");
}

static void sums_are_reduced_modulo_register_0(void **state)
{
    (void)state;
    put(N, "61");
    put(A, "60");
    put(B, "5");
    compute(MOD_ADD, WHOLE, C, A, B);
    assert_is(C, "4");
    compute(MOD_SUB, WHOLE, C, B, A);
    assert_is(C, "6");
    compute(MOD_SUB, WHOLE, C, CONSTANT(0), B);
    assert_is(C, "5c");
    compute(MOD_SUB, WHOLE, C, CONSTANT(0), CONSTANT(0));
    assert_is(C, "0");
    compute(MOD_ADD, WHOLE, C, B, CONSTANT(-6));
    assert_is(C, "60");
}

static void the_modulus_is_where_n_np_t0_t1_addr_says(void **state)
{
    (void)state;
    assert_int_equal(chip_read(chip, N_NP_T0_T1), 0x000ff820);
    chip_write(chip, N_NP_T0_T1, 0x000ff820 | D);
    put(D, "a");
    put(A, "7");
    compute(MOD_MUL, MODULUS, C, A, A);
    assert_is(C, "9");
}

/* The textbook's RSA: 3233 = 61 * 53, 17 and 2753. */
static void powers_undo_each_other(void **state)
{
    (void)state;
    put(N, "ca1");
    put(A, "41");
    put(B, "11");
    put(C, "ac1");
    compute(MOD_EXP, MODULUS, X, A, B);
    assert_is(X, "ae6");
    compute(MOD_EXP, MODULUS, X, X, C);
    assert_is(X, "41");
}

/* Fermat's little theorem. */
static void the_power_before_a_prime_is_1(void **state)
{
    (void)state;
    put(N, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
    put(A, "deadbeefcafe0123456789");
    compute(SUB, WHOLE, B, N, CONSTANT(1));
    compute(MOD_EXP, MODULUS, C, A, B);
    assert_is(C, "1");
}

static void an_inverse_leaves_the_greatest_common_divisor_in_b(void **state)
{
    (void)state;
    put(N, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    put(A, "123456789");
    put(B, "123456789");
    compute(MOD_INV, MODULUS, C, CONSTANT(1), B);
    assert_is(B, "1");
    compute(MOD_MUL, MODULUS, D, A, C);
    assert_is(D, "1");
    put(N, "f");
    put(B, "9");
    compute(MOD_INV, MODULUS, C, CONSTANT(1), B);
    assert_is(B, "3");
    assert_is(C, "0");
}

/* 2^256 - 1 has a word more than fits when it is doubled. */
static void a_word_behind_the_length_counts_modulo_n(void **state)
{
    (void)state;
    put(N, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    put(A, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    compute(ADD, WHOLE, A, A, A);
    compute(ADD, WHOLE, A, A, CONSTANT(3));
    put(B, "5");
    compute(MOD_MUL_N, MODULUS, C, A, B);
    assert_is(C, "f");
    compute(REDUCTION, MODULUS, C, A, 0);
    assert_is(C, "3");
}

static void a_product_and_a_sum_take_register_c_from_the_tag(void **state)
{
    (void)state;
    put(N, "64");
    put(A, "c");
    put(B, "d");
    put(Y, "63");
    chip_write(chip, OPCODE, opcode(MOD_MLAC, MODULUS, C, A, B) | Y);
    wait_until_done();
    assert_is(C, "37"); /* 12 * 13 + 99 = 255 */
}

/* ---- Time --------------------------------------------------------------------------------------
 */

static void an_operation_takes_its_time_and_one_more_waits(void **state)
{
    (void)state;
    put(A, "1");
    put(B, "0");
    chip_write(chip, IMR, ~(1u << 9));
    assert_int_equal(chip_read(chip, DONE), 1);
    chip_write(chip, OPCODE, opcode(ADD, WHOLE, B, B, A));
    assert_int_equal(chip_read(chip, DONE), 0);
    assert_int_equal(chip_read(chip, PIPE), 1);
    chip_write(chip, OPCODE, opcode(ADD, WHOLE, B, B, A));
    assert_int_equal(chip_read(chip, PIPE), 0);
    assert_is(B, "0");
    assert_false(chip_irq(chip, LINE));
    wait_until_done();
    assert_is(B, "2");
    assert_int_equal(chip_read(chip, PIPE), 1);
    assert_true(chip_irq(chip, LINE));
    assert_int_equal(chip_read(chip, IRR), 1 << 9);
    chip_write(chip, ICR, 1 << 9);
    assert_false(chip_irq(chip, LINE));
}

static sim_time time_of(unsigned operation, unsigned length)
{
    sim_time begin = chip->scheduler.state.now;

    chip_write(chip, OPCODE, opcode(operation, length, C, A, B));
    while (!chip_read(chip, DONE))
        chip_pass(chip, 1);
    return chip->scheduler.state.now - begin;
}

static void longer_numbers_and_harder_work_take_longer(void **state)
{
    (void)state;
    put(N, "61");
    put(A, "5");
    put(B, "ffff");
    assert_true(time_of(ADD, MODULUS) < time_of(ADD, WHOLE));
    assert_true(time_of(ADD, MODULUS) < time_of(MOD_MUL, MODULUS));
    assert_true(time_of(MOD_MUL, MODULUS) < time_of(MOD_MUL, WHOLE));
    assert_true(20 * time_of(MOD_MUL, MODULUS) < time_of(MOD_EXP, MODULUS));
}

static void a_third_operation_is_lost_and_says_so(void **state)
{
    (void)state;
    put(A, "1");
    put(B, "0");
    for (unsigned i = 0; i < 3; i++)
        chip_write(chip, OPCODE, opcode(ADD, WHOLE, B, B, A));
    assert_int_equal(chip->unmodelled, 1);
    wait_until_done();
    assert_is(B, "2");
}

static void disabled_or_without_its_clock_it_is_reported(void **state)
{
    (void)state;
    assert_int_equal(chip_read(chip, CLK_STATUS), 0x108);
    chip_write(chip, PKA_CLK, 0);
    assert_int_equal(chip_read(chip, CLK_STATUS), 0x100);
    compute(ADD, WHOLE, A, A, CONSTANT(1));
    assert_int_equal(chip->misuses, 1);
    assert_int_equal(chip->misuse[0].misuse, MISUSE_DISABLED);
    chip_write(chip, PKA_CLK, 1);
    chip_write(chip, ENABLE, 0);
    compute(ADD, WHOLE, A, A, CONSTANT(1));
    assert_int_equal(chip->misuses, 2);
}

static void a_reset_forgets_what_is_under_way(void **state)
{
    (void)state;
    put(B, "7");
    chip_write(chip, OPCODE, opcode(ADD, WHOLE, B, B, CONSTANT(1)));
    chip_write(chip, SW_RESET, 1);
    assert_int_equal(chip_read(chip, DONE), 1);
    assert_int_equal(chip_read(chip, LENGTH), 0);
    chip_write(chip, MEMORY_MAP + 4 * B, WORDS * B);
    chip_pass(chip, 1000);
    assert_is(B, "7");
}

static void a_snapshot_holds_an_operation_that_is_under_way(void **state)
{
    struct snapshot *before;
    uint64_t end;

    (void)state;
    put(N, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
    put(A, "deadbeefcafe0123456789");
    put(B, "10001");
    chip_write(chip, OPCODE, opcode(MOD_EXP, MODULUS, C, A, B));
    chip_write(chip, OPCODE, opcode(ADD, WHOLE, D, A, A));
    chip_pass(chip, 10);
    before = snapshot_take(&chip->state);
    wait_until_done();
    end = state_hash(&chip->state);
    put(C, "0");
    put(D, "0");
    snapshot_restore(before, &chip->state);
    snapshot_free(before);
    assert_int_equal(chip_read(chip, PIPE), 0);
    wait_until_done();
    assert_int_equal(state_hash(&chip->state), end);
    assert_is(D, "1bd5b7ddf95fc02468acf12");
}

static void nonsense_does_no_harm(void **state)
{
    uint32_t random = 1;

    (void)state;
    assert_int_equal(chip_read(chip, VERSION), 0x16110215);
    for (unsigned i = 0; i < 3000; i++) {
        random = random * 1664525 + 1013904223;
        chip_write(chip, MEMORY_MAP + 4 * (random >> 27), random);
        chip_write(chip, LENGTH + 4 * (random >> 29), random >> 7 & 0x3ff);
        chip_write(chip, N_NP_T0_T1, random >> 9 & 0xfffff);
        chip_write(chip, WDATA, random);
        random = random * 1664525 + 1013904223;
        chip_write(chip, OPCODE, random);
        chip_pass(chip, random >> 20);
        (void)chip_read(chip, RDATA);
    }
    chip_write(chip, LENGTH, 0x1fff);
    chip_write(chip, OPCODE, opcode(MOD_MUL, 0, 31, 30, 29));
    wait_until_done();
}

/* ---- Elliptic curves: what is published --------------------------------------------------------
 */

/* lambda = C / D; X, Y = the point on the line through X, Y with that slope; B is the other x. */
static void go_on_along_the_line(void)
{
    compute(MOD_DIV, MODULUS, LAMBDA, C, D);
    compute(MOD_MUL, MODULUS, A, LAMBDA, LAMBDA);
    compute(MOD_SUB, WHOLE, A, A, X);
    compute(MOD_SUB, WHOLE, A, A, B);
    compute(MOD_SUB, WHOLE, C, X, A);
    compute(MOD_MUL, MODULUS, C, LAMBDA, C);
    compute(MOD_SUB, WHOLE, Y, C, Y);
    compute(OR, WHOLE, X, A, CONSTANT(0));
}

static void double_point(void)
{
    compute(MOD_MUL, MODULUS, C, X, X);
    compute(MOD_SUB, WHOLE, C, C, CONSTANT(1)); /* a is -3: 3 (x^2 - 1) */
    compute(MOD_ADD, WHOLE, D, C, C);
    compute(MOD_ADD, WHOLE, C, C, D);
    compute(MOD_ADD, WHOLE, D, Y, Y);
    compute(OR, WHOLE, B, X, CONSTANT(0));
    go_on_along_the_line();
}

static void add_point(void)
{
    compute(MOD_SUB, WHOLE, C, PY, Y);
    compute(MOD_SUB, WHOLE, D, PX, X);
    compute(OR, WHOLE, B, PX, CONSTANT(0));
    go_on_along_the_line();
}

static void load_p256(void)
{
    put(N, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    put(PX, "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    put(PY, "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
}

/* X, Y = `scalar` times PX, PY. */
static void multiply_point(const char *scalar)
{
    uint32_t k[WORDS];
    unsigned bit = 32 * WORDS - 1;

    words_of(scalar, k);
    while (!(k[bit / 32] >> bit % 32 & 1))
        bit--;
    compute(OR, WHOLE, X, PX, CONSTANT(0));
    compute(OR, WHOLE, Y, PY, CONSTANT(0));
    while (bit-- > 0) {
        double_point();
        if (k[bit / 32] >> bit % 32 & 1)
            add_point();
    }
}

/* RFC 5903, 8.1: both sides' public keys, and what they share. */
static void two_sides_share_the_point_of_rfc_5903(void **state)
{
    (void)state;
    load_p256();
    multiply_point("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
    assert_is(X, "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180");
    assert_is(Y, "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3");
    compute(OR, WHOLE, PX, X, CONSTANT(0));
    compute(OR, WHOLE, PY, Y, CONSTANT(0));
    multiply_point("c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53");
    assert_is(X, "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de");
}

/* Bluetooth Core Specification, Vol 3, Part H, 2.3.5.6.1: keys to debug LE Secure Connections with.
 */
static void the_debug_key_of_bluetooth_is_a_pair(void **state)
{
    (void)state;
    load_p256();
    multiply_point("3f49f6d4a3c55f3874c9b3e3d2103f504aff607beb40b7995899b8a6cd3c1abd");
    assert_is(X, "20b003d2f297be2c5e2c83a7e9f9a5b9eff49111acf4fddbcc0301480e359de6");
    assert_is(Y, "dc809c49652aeb6d63329abf5a52155c766345c28fed3024741c8ed01589d28b");
}

/* RFC 8439, 2.5.2: the blocks of the message, with the bit behind each, most significant first. */
static void poly1305_gives_the_tag_of_rfc_8439(void **state)
{
    static const char *const blocks[] = {
        "16f4620636968706172676f7470797243",
        "16f7247206863726165736552206d7572",
        "17075",
    };

    (void)state;
    chip_write(chip, LENGTH + 4 * MODULUS, 130);
    chip_write(chip, LENGTH + 4 * WHOLE, 256);
    put(N, "3fffffffffffffffffffffffffffffffb");
    put(B, "806d5400e52447c036d555408bed685");  /* r */
    put(C, "1bf54941aff6bf4afdb20dfb8a800301"); /* s */
    put(A, "0");
    for (unsigned i = 0; i < ARRAY_LENGTH(blocks); i++) {
        put(X, blocks[i]);
        compute(MOD_ADD, WHOLE, A, A, X);
        compute(MOD_MUL, MODULUS, A, A, B);
    }
    compute(ADD, WHOLE, A, A, C);
    chip_write(chip, LENGTH + 4 * WHOLE, 128);
    compute(OR, WHOLE, Y, A, CONSTANT(0));
    assert_is(Y, "a927010caf8b2bc2c6365130c11d06a8");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sums_and_differences_carry_to_the_end_of_the_length),
        TEST(constants_have_five_bits_and_a_sign),
        TEST(logic_is_that_of_bits),
        TEST(a_comparison_changes_nothing_but_the_status),
        TEST(a_shift_is_by_one_more_than_it_says),
        TEST(a_product_has_two_halves),
        TEST(a_division_leaves_the_remainder_in_a),
        TEST(a_division_by_zero_says_so_and_leaves_the_numbers),
        TEST(sums_are_reduced_modulo_register_0),
        TEST(the_modulus_is_where_n_np_t0_t1_addr_says),
        TEST(powers_undo_each_other),
        TEST(the_power_before_a_prime_is_1),
        TEST(an_inverse_leaves_the_greatest_common_divisor_in_b),
        TEST(a_word_behind_the_length_counts_modulo_n),
        TEST(a_product_and_a_sum_take_register_c_from_the_tag),
        TEST(an_operation_takes_its_time_and_one_more_waits),
        TEST(longer_numbers_and_harder_work_take_longer),
        TEST(a_third_operation_is_lost_and_says_so),
        TEST(disabled_or_without_its_clock_it_is_reported),
        TEST(a_reset_forgets_what_is_under_way),
        TEST(a_snapshot_holds_an_operation_that_is_under_way),
        TEST(nonsense_does_no_harm),
        TEST(two_sides_share_the_point_of_rfc_5903),
        TEST(the_debug_key_of_bluetooth_is_a_pair),
        TEST(poly1305_gives_the_tag_of_rfc_8439),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
