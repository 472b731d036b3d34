/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CC_PKA: the engine for large numbers of CRYPTOCELL (PS, CRYPTOCELL), its registers and its time.
 *
 * Deviations:
 *   1. How long an operation takes is estimated, as no document says: a cycle for each word of 64
 *      bits in additions, logic and shifts, one for each product of two words elsewhere.
 *   2. One operation works and one more waits; PKA_PIPE is 0 then. A third is lost, and says so.
 *   3. A result is stored in its register at the end. Silicon writes it to T0 and exchanges the two
 *      in MEMORY_MAP; drivers that read MEMORY_MAP again see no difference.
 *   4. PKA works disabled or without its clock, which is reported. It can use its memory, and PKA_L
 * and MEMORY_MAP can be written, at any time.
 *   5. The memory has 1024 words of 32 bits, each written by itself, so that PKA_SRAM_WCLEAR has
 *      nothing to do. Addresses wrap.
 *   6. PKA_SW_RESET takes no time and leaves the memory alone.
 */
#include "sim/periph/cc_pka.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/cc_pka_math.h"
#include "sim/periph/notice.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/cc_pka.def"
};

static const struct reg_desc cc_pka_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/cc_pka.def"
};

static const struct field_desc cc_pka_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/cc_pka.def"
};
/* clang-format on */

enum { END = 0x100, LENGTH_MASK = 0x1fff, WORDS = CC_PKA_SRAM / 4, EXCHANGED = 4 };

#define FIELD_OF(value, reg, field) extract32(value, reg##_##field##_LSB, reg##_##field##_WIDTH)

/* ---- Registers of numbers ----------------------------------------------------------------------
 */

/* Where byte `i` of number `index` is in the memory. */
static uint8_t *byte_of(struct cc_pka *pka, uint32_t index, uint32_t i)
{
    uint32_t word = regfile_get(&pka->regs, MEMORY_MAP + 4 * index) & ~1u;

    return &pka->state.sram[(4 * word + i) % CC_PKA_SRAM];
}

static void fetch(struct cc_pka *pka, uint32_t index, uint32_t size, struct pka_number *number)
{
    number->is_constant = false;
    for (uint32_t i = 0; i < size; i++)
        number->byte[i] = *byte_of(pka, index, i);
}

static void keep(struct cc_pka *pka, uint32_t index, uint32_t size, const struct pka_number *number)
{
    for (uint32_t i = 0; i < size; i++)
        *byte_of(pka, index, i) = number->byte[i];
}

static void take_constant(struct pka_number *number, int constant)
{
    number->is_constant = true;
    number->constant = constant;
}

/* Five bits, two's complement. */
static int signed_constant(uint32_t field)
{
    return (int)field - (field & 0x10 ? 0x20 : 0);
}

static bool is_shift(enum pka_operation operation)
{
    return operation >= PKA_SHR0 && operation <= PKA_SHL1;
}

/* Whole words of the engine. */
static uint32_t operand_size(const struct cc_pka *pka, uint32_t opcode)
{
    uint32_t bits =
        regfile_get(&pka->regs, PKA_L + 4 * FIELD_OF(opcode, OPCODE, LEN)) & LENGTH_MASK;

    return (bits + 8 * PKA_WORD - 1) / (8 * PKA_WORD) * PKA_WORD;
}

/* ---- One operation -----------------------------------------------------------------------------
 */

static void fetch_operands(struct cc_pka *pka, uint32_t opcode, struct pka_work *work)
{
    uint32_t size = pka_operand_size(work->operation, work->size);
    uint32_t a = FIELD_OF(opcode, OPCODE, REG_A);
    uint32_t b = FIELD_OF(opcode, OPCODE, REG_B);

    if (FIELD_OF(opcode, OPCODE, CONST_A))
        take_constant(&work->a, signed_constant(a));
    else
        fetch(pka, a, size, &work->a);
    if (is_shift(work->operation))
        take_constant(&work->b, (int)b);
    else if (FIELD_OF(opcode, OPCODE, CONST_B))
        take_constant(&work->b, signed_constant(b));
    else
        fetch(pka, b, size, &work->b);
    fetch(pka, FIELD_OF(opcode, OPCODE, TAG) & 0x1f, size, &work->c);
    fetch(pka, FIELD_OF(regfile_get(&pka->regs, N_NP_T0_T1_ADDR), N_NP_T0_T1_ADDR, N_VIRTUAL_ADDR),
          work->size, &work->modulus);
}

static void keep_results(struct cc_pka *pka, uint32_t opcode, const struct pka_work *work)
{
    uint32_t size = pka_operand_size(work->operation, work->size);

    if (work->a_changed && !work->a.is_constant)
        keep(pka, FIELD_OF(opcode, OPCODE, REG_A), size, &work->a);
    if (work->b_changed && !work->b.is_constant)
        keep(pka, FIELD_OF(opcode, OPCODE, REG_B), size, &work->b);
    if (!FIELD_OF(opcode, OPCODE, DISCARD_R))
        keep(pka, FIELD_OF(opcode, OPCODE, REG_R), work->result_size, &work->result);
    regfile_set(&pka->regs, PKA_STATUS, work->status);
}

static void execute(struct cc_pka *pka, uint32_t opcode)
{
    struct pka_work work = {
        .operation = (enum pka_operation)FIELD_OF(opcode, OPCODE, OPCODE),
        .size = operand_size(pka, opcode),
    };

    fetch_operands(pka, opcode, &work);
    pka_compute(&work);
    keep_results(pka, opcode, &work);
}

/* ---- Time --------------------------------------------------------------------------------------
 */

/* Bits of the exponent in register B. */
static uint32_t exponent_bits(struct cc_pka *pka, uint32_t opcode, uint32_t size)
{
    while (size && !*byte_of(pka, FIELD_OF(opcode, OPCODE, REG_B), size - 1))
        size--;
    return 8 * size;
}

/* Deviation 1. */
static sim_time duration(struct cc_pka *pka, uint32_t opcode)
{
    enum pka_operation operation = (enum pka_operation)FIELD_OF(opcode, OPCODE, OPCODE);
    uint32_t size = operand_size(pka, opcode);
    sim_time words = size / PKA_WORD;
    sim_time simple = EXCHANGED + words;
    sim_time product = EXCHANGED + words * words;
    sim_time reduced = 2 * product + words; /* Barrett: a second product, and a subtraction */

    if (operation < PKA_MUL_LOW)
        return simple;
    if (operation == PKA_MUL_LOW || operation == PKA_MUL_HIGH)
        return product;
    if (operation == PKA_MOD_EXP) /* a square for each bit, a product for every other one */
        return reduced * (1 + exponent_bits(pka, opcode, size) * 3 / 2);
    if (operation == PKA_DIVISION || operation == PKA_MOD_INV || operation == PKA_MOD_DIV)
        return simple * (1 + 8 * (sim_time)size); /* bit by bit */
    return reduced;
}

static void show_progress(struct cc_pka *pka)
{
    regfile_set(&pka->regs, PKA_PIPE, pka->state.count < CC_PKA_PIPE);
    regfile_set(&pka->regs, PKA_DONE, !pka->state.count);
}

static void begin_oldest(struct cc_pka *pka)
{
    scheduler_add(pka->regs.fabric->scheduler, EVENT_CC_PKA_DONE, 0,
                  duration(pka, pka->state.pipe[0]), 0);
}

static void operation_is_done(void *owner, const struct event *event)
{
    struct cc_pka *pka = owner;

    (void)event;
    execute(pka, pka->state.pipe[0]);
    pka->state.pipe[0] = pka->state.pipe[1];
    if (--pka->state.count)
        begin_oldest(pka);
    show_progress(pka);
    if (!pka->state.count)
        pka->done(pka->owner);
}

static void forget_operations(struct cc_pka *pka)
{
    scheduler_cancel(pka->regs.fabric->scheduler, EVENT_CC_PKA_DONE, 0);
    memset(pka->state.pipe, 0, sizeof pka->state.pipe);
    pka->state.count = 0;
}

void cc_pka_clock(struct cc_pka *pka, bool on)
{
    pka->state.clocked = on;
}

/* ---- Registers ---------------------------------------------------------------------------------
 */

static void opcode_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_pka *pka = owner;

    (void)index;
    if (!pka->state.clocked || !pka->enabled(pka->owner))
        regfile_misuse(&pka->regs, MISUSE_DISABLED, OPCODE, value);
    if (pka->state.count == CC_PKA_PIPE ||
        !pka_is_known((enum pka_operation)FIELD_OF(value, OPCODE, OPCODE))) {
        notice_unmodelled(&pka->regs, OPCODE, value); /* deviation 2 */
        return;
    }
    pka->state.pipe[pka->state.count++] = value;
    if (pka->state.count == 1)
        begin_oldest(pka);
    show_progress(pka);
}

static void sw_reset_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_pka *pka = owner;

    (void)index, (void)value;
    forget_operations(pka);
    regfile_reset(&pka->regs);
}

static void write_address_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_pka *pka = owner;

    (void)index;
    pka->state.write_at = value % WORDS;
}

static void read_address_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_pka *pka = owner;

    (void)index;
    pka->state.read_at = value % WORDS;
}

static void data_written(void *owner, unsigned index, uint32_t value)
{
    struct cc_pka *pka = owner;

    (void)index;
    store_le32(pka->state.sram + 4 * (size_t)pka->state.write_at, value);
    pka->state.write_at = (pka->state.write_at + 1) % WORDS;
}

static uint32_t data_read(void *owner, unsigned index)
{
    struct cc_pka *pka = owner;
    uint32_t value = load_le32(pka->state.sram + 4 * (size_t)pka->state.read_at);

    (void)index;
    pka->state.read_at = (pka->state.read_at + 1) % WORDS;
    return value;
}

/* ---- Wiring ------------------------------------------------------------------------------------
 */

static const struct reg_hook cc_pka_hooks[] = {
    {OPCODE, opcode_written, NULL},
    {PKA_SW_RESET, sw_reset_written, NULL},
    {PKA_SRAM_WADDR, write_address_written, NULL},
    {PKA_SRAM_WDATA, data_written, NULL},
    {PKA_SRAM_RDATA, NULL, data_read},
    {PKA_SRAM_RADDR, read_address_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec cc_pka_spec = {
    .name = "CC_PKA",
    .base = BASE_CRYPTOCELL + REGFILE_SIZE,
    .size = END,
    .irq = NO_IRQ,
    .regs = cc_pka_regs,
    .reg_count = ARRAY_LENGTH(cc_pka_regs),
    .fields = cc_pka_fields,
    .field_count = ARRAY_LENGTH(cc_pka_fields),
    .hooks = cc_pka_hooks,
};

void cc_pka_init(struct cc_pka *pka, struct fabric *fabric)
{
    memset(&pka->state, 0, sizeof pka->state);
    regfile_init(&pka->regs, &cc_pka_spec, fabric, pka);
    state_register(fabric->state, "CC_PKA", &pka->state, sizeof pka->state);
    scheduler_handle(fabric->scheduler, EVENT_CC_PKA_DONE, operation_is_done, pka);
}

void cc_pka_reset(struct cc_pka *pka, enum reset_kind reason)
{
    forget_operations(pka);
    regfile_reset(&pka->regs);
    pka->state.clocked = 0;
    pka->state.write_at = pka->state.read_at = 0;
    if (reason == RESET_POWER_ON)
        memset(pka->state.sram, 0, sizeof pka->state.sram);
}
