/* SPDX-License-Identifier: Apache-2.0 */
/* regfile: blocks that share their base (PS v1.7, 6.1.2), on three that exist only here. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/regfile.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { BASE = 0x40003000, IRQ = 3, BLOCKS = 3 };

struct block {
    struct regfile regs;
    unsigned starts;
    unsigned enables;
    uint32_t last_enable;
};

struct page {
    struct chip *chip;
    struct block block[BLOCKS];
};

static const struct reg_desc master_regs[] = {
    {"TASKS_START", "", 0, 0x010, 0, 1, REG_TASK},
    {"EVENTS_END", "", 0, 0x118, 0, 1, REG_EVENT},
    {"INTENSET", "", 0, 0x304, 0, 1, REG_INTENSET},
    {"INTENCLR", "", 0, 0x308, 0, 1, REG_INTENCLR},
    {"ENABLE", "", 0, 0x500, 0, 1, REG_RW},
    {"PSEL_SCK", "", 0xffffffff, 0x508, 0, 1, REG_RW},
    {"FREQUENCY", "", 0x04000000, 0x524, 0, 1, REG_RW},
};

static const struct reg_desc slave_regs[] = {
    {"TASKS_ACQUIRE", "", 0, 0x024, 0, 1, REG_TASK},
    {"EVENTS_ACQUIRED", "", 0, 0x128, 0, 1, REG_EVENT},
    {"INTENSET", "", 0, 0x304, 0, 1, REG_INTENSET},
    {"INTENCLR", "", 0, 0x308, 0, 1, REG_INTENCLR},
    {"STATUS", "", 0, 0x440, 0, 1, REG_W1C},
    {"ENABLE", "", 0, 0x500, 0, 1, REG_RW},
    {"PSEL_SCK", "", 0xffffffff, 0x508, 0, 1, REG_RW},
};

static const struct reg_desc old_regs[] = {
    {"EVENTS_READY", "", 0, 0x108, 0, 1, REG_EVENT},
    {"INTENSET", "", 0, 0x304, 0, 1, REG_INTENSET},
    {"INTENCLR", "", 0, 0x308, 0, 1, REG_INTENCLR},
    {"ENABLE", "", 0, 0x500, 0, 1, REG_RW},
    {"PSEL_SCK", "", 0xffffffff, 0x508, 0, 1, REG_RW},
};

static const struct field_desc fields[] = {{"ENABLE", "ENABLE", 0, 4, ""}};

static void start(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    ((struct block *)owner)->starts++;
}

static void enable(void *owner, unsigned index, uint32_t value)
{
    struct block *block = owner;

    (void)index;
    block->enables++;
    block->last_enable = value;
}

static const struct reg_hook master_hooks[] = {{0x010, start, NULL}, {0x500, enable, NULL}, {0}};
static const struct reg_hook slave_hooks[] = {{0x024, start, NULL}, {0x500, enable, NULL}, {0}};

#define SPEC(name_, regs_, hooks_, personality_)                                                   \
    {                                                                                              \
        .name = (name_), .base = BASE, .size = REGFILE_SIZE, .irq = IRQ, .regs = (regs_),          \
        .reg_count = ARRAY_LENGTH(regs_), .fields = fields, .field_count = 1, .hooks = (hooks_),   \
        .enable = 0x500, .personality = (personality_)                                             \
    }

static const struct block_spec specs[BLOCKS] = {
    SPEC("SPIM0", master_regs, master_hooks, 7),
    SPEC("SPIS0", slave_regs, slave_hooks, 2),
    SPEC("TWI0", old_regs, NULL, 5),
};

static int set_up(void **state)
{
    struct page *page = heap_allocate(1, sizeof *page);

    page->chip = chip_new();
    for (unsigned i = 0; i < BLOCKS; i++)
        regfile_init(&page->block[i].regs, &specs[i], &page->chip->fabric, &page->block[i]);
    *state = page;
    return 0;
}

static int tear_down(void **state)
{
    struct page *page = *state;

    chip_free(page->chip);
    heap_release(page);
    return 0;
}

static uint32_t peek(struct page *page, uint32_t offset)
{
    return chip_read(page->chip, BASE + offset);
}

static void poke(struct page *page, uint32_t offset, uint32_t value)
{
    chip_write(page->chip, BASE + offset, value);
}

static void assert_called(struct page *page, uint32_t offset, const char *expected)
{
    char name[64];

    bus_register_name(&page->chip->bus, BASE + offset, name, sizeof name);
    assert_string_equal(name, expected);
}

static void registers_keep_their_reset_values(void **state)
{
    assert_int_equal(peek(*state, 0x500), 0);
    assert_int_equal(peek(*state, 0x508), 0xffffffff);
    assert_int_equal(peek(*state, 0x524), 0x04000000);
    assert_int_equal(((struct page *)*state)->chip->unmodelled, 0);
}

static void what_was_configured_before_enable_is_there_afterwards(void **state)
{
    struct page *page = *state;

    poke(page, 0x508, 13);
    poke(page, 0x500, 2);

    assert_int_equal(peek(page, 0x508), 13);
    assert_int_equal(regfile_get(&page->block[1].regs, 0x508), 13);
    assert_true(regfile_enabled(&page->block[1].regs));
    assert_false(regfile_enabled(&page->block[0].regs));
}

static void each_of_them_hears_of_enable(void **state)
{
    struct page *page = *state;

    poke(page, 0x500, 7);
    poke(page, 0x500, 2);

    assert_int_equal(page->block[0].enables, 2);
    assert_int_equal(page->block[1].enables, 2);
    assert_int_equal(page->block[0].last_enable, 2);
}

static void a_register_has_the_name_of_the_block_that_is_enabled_or_was_last(void **state)
{
    struct page *page = *state;

    assert_called(page, 0x508, "SPIM0.PSEL.SCK"); /* the first that has it */
    poke(page, 0x500, 5);
    assert_called(page, 0x508, "TWI0.PSEL.SCK");
    poke(page, 0x500, 0);
    assert_called(page, 0x508, "TWI0.PSEL.SCK");
    assert_called(page, 0x440, "SPIS0.STATUS"); /* the only one */
    assert_called(page, 0x7fc, "SPIM0+0x7fc");
}

static void a_task_goes_to_the_block_that_has_it(void **state)
{
    struct page *page = *state;

    poke(page, 0x500, 7);
    poke(page, 0x010, 1);
    poke(page, 0x500, 2);
    poke(page, 0x024, 1);

    assert_int_equal(page->block[0].starts, 1);
    assert_int_equal(page->block[1].starts, 1);
}

static void before_enable_the_interrupt_bits_of_all_can_be_set(void **state)
{
    struct page *page = *state;

    poke(page, 0x304, 1 << 6 | 1 << 10 | 1 << 2 | 1 << 0);
    assert_int_equal(peek(page, 0x304), 1 << 6 | 1 << 10 | 1 << 2);

    poke(page, 0x308, 0xffffffff);
    poke(page, 0x500, 2);
    poke(page, 0x304, 1 << 6 | 1 << 10);
    assert_int_equal(peek(page, 0x308), 1 << 10);
}

static void they_share_one_interrupt_line(void **state)
{
    struct page *page = *state;

    poke(page, 0x500, 7);
    poke(page, 0x304, 1 << 6);
    regfile_raise(&page->block[0].regs, 0x118);
    assert_true(chip_irq(page->chip, IRQ));
    poke(page, 0x118, 0);
    assert_false(chip_irq(page->chip, IRQ));

    poke(page, 0x500, 2);
    poke(page, 0x304, 1 << 10);
    regfile_raise(&page->block[1].regs, 0x128);
    assert_true(chip_irq(page->chip, IRQ));
}

static void an_address_that_none_of_them_has_is_unmodelled(void **state)
{
    struct page *page = *state;

    poke(page, 0x600, 1);

    assert_int_equal(page->chip->unmodelled, 1);
}

static void a_snapshot_holds_who_was_enabled(void **state)
{
    struct page *page = *state;
    struct snapshot *before;

    poke(page, 0x500, 2);
    before = snapshot_take(&page->chip->state);
    poke(page, 0x500, 5);
    snapshot_restore(before, &page->chip->state);
    snapshot_free(before);

    assert_called(page, 0x508, "SPIS0.PSEL.SCK");
}

static void reset_forgets_who_was_enabled(void **state)
{
    struct page *page = *state;

    poke(page, 0x500, 5);
    for (unsigned i = BLOCKS; i-- > 0;)
        regfile_reset(&page->block[i].regs);

    assert_int_equal(peek(page, 0x500), 0);
    assert_called(page, 0x508, "SPIM0.PSEL.SCK");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(registers_keep_their_reset_values),
        TEST(what_was_configured_before_enable_is_there_afterwards),
        TEST(each_of_them_hears_of_enable),
        TEST(a_register_has_the_name_of_the_block_that_is_enabled_or_was_last),
        TEST(a_task_goes_to_the_block_that_has_it),
        TEST(before_enable_the_interrupt_bits_of_all_can_be_set),
        TEST(they_share_one_interrupt_line),
        TEST(an_address_that_none_of_them_has_is_unmodelled),
        TEST(a_snapshot_holds_who_was_enabled),
        TEST(reset_forgets_who_was_enabled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
