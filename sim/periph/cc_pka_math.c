/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKA of the CRYPTOCELL engine: what each operation computes (PS, CRYPTOCELL, OPCODE).
 *
 * Deviations:
 *   1. All results modulo N are reduced fully, also where silicon leaves a few bits more to a later
 *      reduction, and for operands larger than N.
 *   2. The modulus alone is used: what a driver has computed for Barrett's reduction (Np) makes no
 *      difference, nor does a modulus of another length than PKA_L says. Modulo 0 all is 0.
 *   3. Lengths are rounded up to words of 64 bits. Results modulo N have a word of zeros on top.
 *   4. What each bit of PKA_STATUS means behind operations other than addition, subtraction, logic
 *      and shifts is a guess: the sign and zero of the result, no carry.
 */
#include "sim/periph/cc_pka_math.h"

#include "sim/base/compiler.h"

#include <assert.h>
#include <gmp.h>
#include <string.h>

enum { /* bits of PKA_STATUS */
       MSB_4BITS = 0,
       LSB_4BITS = 4,
       SIGN_OUT = 8,
       CARRY = 9,
       CARRY_MOD = 10,
       SUB_IS_ZERO = 11,
       OUT_ZERO = 12,
       DIV_BY_ZERO = 14,
       MODINV_OF_ZERO = 15,
       OPCODE_AT = 16,
};

/* Numbers while one operation is under way. */
struct numbers {
    mpz_t a, b, c, modulus;
    mpz_t result;
    mpz_t spare;
    mp_bitcnt_t bits; /* length of the operands */
};

static void set_flag(struct pka_work *work, unsigned bit, bool set)
{
    work->status |= (uint32_t)set << bit;
}

/* A result is what is left in so many bits: two's complement for those below 0. */
static void wrap(mpz_t number, mp_bitcnt_t bits)
{
    mpz_fdiv_r_2exp(number, number, bits);
}

static void reduce(struct numbers *n)
{
    if (mpz_sgn(n->modulus))
        mpz_mod(n->result, n->result, n->modulus);
    else
        mpz_set_ui(n->result, 0);
}

/* ---- Addition, subtraction, logic, shifts ------------------------------------------------------
 */

static void add(struct numbers *n, struct pka_work *work)
{
    wrap(n->b, n->bits);
    mpz_add(n->result, n->a, n->b);
    set_flag(work, CARRY, mpz_sizeinbase(n->result, 2) > n->bits);
}

static void subtract(struct numbers *n, struct pka_work *work)
{
    wrap(n->a, n->bits);
    wrap(n->b, n->bits);
    set_flag(work, CARRY, mpz_cmp(n->a, n->b) >= 0);
    set_flag(work, SUB_IS_ZERO, !mpz_cmp(n->a, n->b));
    mpz_sub(n->result, n->a, n->b);
}

static void add_modular(struct numbers *n, struct pka_work *work)
{
    mpz_add(n->result, n->a, n->b);
    set_flag(work, CARRY_MOD, mpz_cmp(n->result, n->modulus) >= 0);
    reduce(n);
}

static void subtract_modular(struct numbers *n, struct pka_work *work)
{
    mpz_sub(n->result, n->a, n->b);
    set_flag(work, CARRY_MOD, mpz_sgn(n->result) >= 0);
    set_flag(work, SUB_IS_ZERO, !mpz_sgn(n->result));
    reduce(n);
}

static void and_bits(struct numbers *n, struct pka_work *work)
{
    (void)work;
    mpz_and(n->result, n->a, n->b);
}

static void or_bits(struct numbers *n, struct pka_work *work)
{
    (void)work;
    mpz_ior(n->result, n->a, n->b);
}

static void xor_bits(struct numbers *n, struct pka_work *work)
{
    (void)work;
    mpz_xor(n->result, n->a, n->b);
}

/* So many ones. */
static void set_ones(mpz_t number, mp_bitcnt_t count)
{
    mpz_set_ui(number, 0);
    mpz_setbit(number, count);
    mpz_sub_ui(number, number, 1);
}

static void shift_right(struct numbers *n, struct pka_work *work)
{
    mp_bitcnt_t count = (mp_bitcnt_t)work->b.constant + 1;

    wrap(n->a, n->bits);
    if (work->operation == PKA_SHR1) {
        set_ones(n->spare, count);
        mpz_mul_2exp(n->spare, n->spare, n->bits);
        mpz_ior(n->a, n->a, n->spare);
    }
    mpz_fdiv_q_2exp(n->result, n->a, count);
}

static void shift_left(struct numbers *n, struct pka_work *work)
{
    mp_bitcnt_t count = (mp_bitcnt_t)work->b.constant + 1;

    mpz_mul_2exp(n->result, n->a, count);
    if (work->operation == PKA_SHL1) {
        set_ones(n->spare, count);
        mpz_ior(n->result, n->result, n->spare);
    }
}

/* ---- Multiplication and what is made of it -----------------------------------------------------
 */

static void multiply_low(struct numbers *n, struct pka_work *work)
{
    (void)work;
    mpz_mul(n->result, n->a, n->b);
}

/* The upper half alone. Arm's sources speak of one word more, below it: with that a vendor's
 * library decrypts nothing by RSA. */
static void multiply_high(struct numbers *n, struct pka_work *work)
{
    (void)work;
    mpz_mul(n->result, n->a, n->b);
    mpz_fdiv_q_2exp(n->result, n->result, n->bits);
}

static void multiply_modular(struct numbers *n, struct pka_work *work)
{
    (void)work;
    mpz_mul(n->result, n->a, n->b);
    reduce(n);
}

static void multiply_and_add_modular(struct numbers *n, struct pka_work *work)
{
    (void)work;
    mpz_mul(n->result, n->a, n->b);
    mpz_add(n->result, n->result, n->c);
    reduce(n);
}

static void raise_modular(struct numbers *n, struct pka_work *work)
{
    (void)work;
    if (mpz_sgn(n->modulus) && mpz_sgn(n->b) >= 0)
        mpz_powm(n->result, n->a, n->b, n->modulus);
}

static void divide(struct numbers *n, struct pka_work *work)
{
    set_flag(work, DIV_BY_ZERO, !mpz_sgn(n->b));
    if (!mpz_sgn(n->b))
        return;
    mpz_fdiv_qr(n->result, n->a, n->a, n->b);
    work->a_changed = true;
}

/* 0 for what has no inverse. Sets `spare` to the greatest common divisor. */
static void invert(struct numbers *n, struct pka_work *work)
{
    set_flag(work, MODINV_OF_ZERO, !mpz_sgn(n->b));
    mpz_gcd(n->spare, n->b, n->modulus);
    if (!mpz_sgn(n->modulus) || !mpz_invert(n->result, n->b, n->modulus))
        mpz_set_ui(n->result, 0);
}

static void invert_modular(struct numbers *n, struct pka_work *work)
{
    invert(n, work);
    mpz_set(n->b, n->spare);
    work->b_changed = true;
}

static void divide_modular(struct numbers *n, struct pka_work *work)
{
    invert(n, work);
    mpz_mul(n->result, n->result, n->a);
    reduce(n);
}

static void reduce_only(struct numbers *n, struct pka_work *work)
{
    (void)work;
    mpz_set(n->result, n->a);
    reduce(n);
}

static void terminate(struct numbers *n, struct pka_work *work)
{
    (void)n, (void)work;
}

/* ---- One operation -----------------------------------------------------------------------------
 */

static const struct operation {
    void (*compute)(struct numbers *n, struct pka_work *work);
    bool longer; /* it takes, and leaves, a word more */
} operations[PKA_OPERATIONS] = {
    [PKA_TERMINATE] = {terminate, false},
    [PKA_ADD] = {add, false},
    [PKA_SUB] = {subtract, false},
    [PKA_MOD_ADD] = {add_modular, false},
    [PKA_MOD_SUB] = {subtract_modular, false},
    [PKA_AND] = {and_bits, false},
    [PKA_OR] = {or_bits, false},
    [PKA_XOR] = {xor_bits, false},
    [PKA_SHR0] = {shift_right, false},
    [PKA_SHR1] = {shift_right, false},
    [PKA_SHL0] = {shift_left, false},
    [PKA_SHL1] = {shift_left, false},
    [PKA_MUL_LOW] = {multiply_low, false},
    [PKA_MOD_MUL] = {multiply_modular, true},
    [PKA_MOD_MUL_N] = {multiply_modular, true},
    [PKA_MOD_EXP] = {raise_modular, true},
    [PKA_DIVISION] = {divide, false},
    [PKA_MOD_INV] = {invert_modular, true},
    [PKA_MOD_DIV] = {divide_modular, true},
    [PKA_MUL_HIGH] = {multiply_high, false},
    [PKA_MOD_MLAC] = {multiply_and_add_modular, true},
    [PKA_MOD_MLAC_NR] = {multiply_and_add_modular, true},
    [PKA_REDUCTION] = {reduce_only, true},
};

bool pka_is_known(enum pka_operation operation)
{
    return (unsigned)operation < ARRAY_LENGTH(operations) && operations[operation].compute;
}

uint32_t pka_operand_size(enum pka_operation operation, uint32_t size)
{
    return operations[operation].longer ? size + PKA_WORD : size;
}

static void load(mpz_t number, const struct pka_number *from, uint32_t size)
{
    mpz_init(number);
    if (from->is_constant)
        mpz_set_si(number, from->constant);
    else
        mpz_import(number, size, -1, 1, 0, 0, from->byte);
}

static void store(struct pka_number *to, mpz_t number, uint32_t size)
{
    memset(to->byte, 0, sizeof to->byte);
    wrap(number, 8 * (mp_bitcnt_t)size);
    mpz_export(to->byte, NULL, -1, 1, 0, 0, number);
}

/* What PKA_STATUS says of any result. */
static void tell_result(const struct numbers *n, struct pka_work *work)
{
    bool shifted = work->operation >= PKA_SHR0 && work->operation <= PKA_SHL1;

    work->status |= (uint32_t)work->operation << OPCODE_AT;
    set_flag(work, OUT_ZERO, !mpz_sgn(n->result));
    if (!work->size)
        return;
    set_flag(work, SIGN_OUT, mpz_tstbit(n->result, n->bits - 1));
    for (unsigned i = 0; i < 4 && shifted; i++) {
        set_flag(work, LSB_4BITS + i, mpz_tstbit(n->result, i));
        set_flag(work, MSB_4BITS + i, mpz_tstbit(n->result, n->bits - 4 + i));
    }
}

void pka_compute(struct pka_work *work)
{
    const struct operation *operation = &operations[work->operation];
    uint32_t size = pka_operand_size(work->operation, work->size);
    struct numbers n = {.bits = 8 * (mp_bitcnt_t)work->size};

    assert(operation->compute && size <= PKA_LONGEST);
    load(n.a, &work->a, size);
    load(n.b, &work->b, size);
    load(n.c, &work->c, size);
    load(n.modulus, &work->modulus, work->size);
    mpz_inits(n.result, n.spare, NULL);
    work->status = 0;
    work->a_changed = work->b_changed = false;
    work->result_size = work->operation == PKA_TERMINATE ? 0 : size;
    operation->compute(&n, work);
    if (work->status >> DIV_BY_ZERO & 1)
        work->result_size = 0;
    store(&work->result, n.result, size);
    tell_result(&n, work);
    if (work->a_changed)
        store(&work->a, n.a, size);
    if (work->b_changed)
        store(&work->b, n.b, size);
    mpz_clears(n.a, n.b, n.c, n.modulus, n.result, n.spare, NULL);
}
