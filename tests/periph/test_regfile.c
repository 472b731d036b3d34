/* SPDX-License-Identifier: Apache-2.0 */
/* regfile: the rules of every kind of register, on a block that exists only here. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/regfile.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

#include <string.h>

enum { BASE = 0x40031000, IRQ = 21 };

struct toy {
    struct chip *chip;
    struct regfile regs;
    bool locked;
    unsigned starts;
    unsigned last_index;
    enum dma_trigger last_trigger;
    unsigned published;
    guest_addr last_published;
    uint32_t last_config;
};

static const struct reg_desc regs[] = {
    {"TASKS_START", "", 0, 0x000, 4, 2, REG_TASK},
    {"TASKS_STOP", "", 0, 0x008, 0, 1, REG_TASK},
    {"EVENTS_DONE", "", 0, 0x100, 4, 2, REG_EVENT},
    {"EVENTS_LATE", "", 0, 0x17c, 0, 1, REG_EVENT},
    {"SHORTS", "", 0, 0x200, 0, 1, REG_SHORTS},
    {"INTEN", "", 0, 0x300, 0, 1, REG_INTEN},
    {"INTENSET", "", 0, 0x304, 0, 1, REG_INTENSET},
    {"INTENCLR", "", 0, 0x308, 0, 1, REG_INTENCLR},
    {"CAUSE", "", 0, 0x400, 0, 1, REG_W1C},
    {"STATUS", "", 0x00010000, 0x404, 0, 1, REG_RO},
    {"CONFIG", "", 0x5, 0x504, 0, 1, REG_RW},
    {"PLAIN", "", 0, 0x508, 0, 1, REG_RW},
    {"COMMAND", "", 0, 0x50c, 0, 1, REG_WO},
    {"RX_PTR", "", 0, 0x600, 0x14, 3, REG_DMA_PTR},
    {"RX_MAXCNT", "", 0, 0x604, 0x14, 3, REG_DMA_MAXCNT},
    {"RX_AMOUNT", "", 0, 0x608, 0x14, 3, REG_DMA_AMOUNT},
    {"SIZE_RX", "", 0, 0x700, 4, 3, REG_RO},
    {"TRIM", "", 0x00030007, 0x520, 0, 1, REG_RW}, /* two reserved bits are ones from reset */
};

static const struct field_desc fields[] = {
    {"CAUSE", "LOW", 0, 12, ""},       {"CONFIG", "LOW", 0, 4, ""}, {"CONFIG", "HIGH", 28, 4, ""},
    {"RX_MAXCNT", "MAXCNT", 0, 7, ""}, {"TRIM", "LEVEL", 0, 3, ""},
};

static void start(void *owner, unsigned index, uint32_t value)
{
    struct toy *toy = owner;

    assert_int_equal(value, 1);
    toy->starts++;
    toy->last_index = index;
    toy->last_trigger = toy->chip->fabric.trigger;
}

static void configured(void *owner, unsigned index, uint32_t value)
{
    struct toy *toy = owner;

    assert_int_equal(index, 0);
    toy->last_config = value;
}

static uint32_t read_size(void *owner, unsigned index)
{
    (void)owner;
    return 100 + index;
}

static bool accessible(void *owner, uint32_t offset, bool write)
{
    (void)write;
    return !((struct toy *)owner)->locked || offset == 0x508;
}

static const struct reg_hook hooks[] = {
    {.offset = 0x000, .written = start},
    {.offset = 0x504, .written = configured},
    {.offset = 0x700, .read = read_size},
    {0},
};

static const struct reg_short shortcuts[] = {
    {.bit = 3, .event = 0x100, .task = 0x000},
    {.bit = 4, .event = 0x104, .task = 0x004},
};

static const struct block_spec spec = {
    .name = "TOY",
    .base = BASE,
    .size = REGFILE_SIZE,
    .irq = IRQ,
    .regs = regs,
    .reg_count = ARRAY_LENGTH(regs),
    .fields = fields,
    .field_count = ARRAY_LENGTH(fields),
    .hooks = hooks,
    .shorts = shortcuts,
    .short_count = ARRAY_LENGTH(shortcuts),
    .accessible = accessible,
};

static void publish(void *owner, guest_addr event)
{
    struct toy *toy = owner;

    toy->published++;
    toy->last_published = event;
    bus_trigger(&toy->chip->bus, BASE + 0x004, 1);
}

static int set_up(void **state)
{
    struct toy *toy = heap_allocate(1, sizeof *toy);

    toy->chip = chip_new();
    regfile_init(&toy->regs, &spec, &toy->chip->fabric, toy);
    *state = toy;
    return 0;
}

static int tear_down(void **state)
{
    struct toy *toy = *state;

    chip_free(toy->chip);
    heap_release(toy);
    return 0;
}

static uint32_t peek(struct toy *toy, uint32_t offset)
{
    return chip_read(toy->chip, BASE + offset);
}

static void poke(struct toy *toy, uint32_t offset, uint32_t value)
{
    chip_write(toy->chip, BASE + offset, value);
}

static void assert_misuse(const struct toy *toy, enum misuse misuse, uint32_t offset)
{
    assert_int_equal(toy->chip->misuses, 1);
    assert_int_equal(toy->chip->misuse[0].misuse, misuse);
    assert_int_equal(toy->chip->misuse[0].address, BASE + offset);
}

static void registers_start_with_their_reset_values(void **state)
{
    struct toy *toy = *state;

    assert_int_equal(peek(toy, 0x404), 0x00010000);
    assert_int_equal(peek(toy, 0x504), 0x5);
    poke(toy, 0x504, 0xa);
    regfile_reset(&toy->regs);
    assert_int_equal(peek(toy, 0x504), 0x5);
}

static void a_task_acts_on_bit_0_and_reads_as_0(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x004, 0);
    poke(toy, 0x004, 2);
    assert_int_equal(toy->starts, 0);
    poke(toy, 0x004, 1);
    assert_int_equal(toy->starts, 1);
    assert_int_equal(toy->last_index, 1);
    assert_int_equal(toy->last_trigger, DMA_BY_CPU);
    assert_int_equal(peek(toy, 0x004), 0);
}

static void an_event_can_be_cleared_but_not_set_by_software(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x100, 1);
    assert_int_equal(peek(toy, 0x100), 0);
    regfile_raise(&toy->regs, 0x100);
    assert_int_equal(peek(toy, 0x100), 1);
    poke(toy, 0x100, 1);
    assert_int_equal(peek(toy, 0x100), 1);
    poke(toy, 0x100, 0);
    assert_int_equal(peek(toy, 0x100), 0);
}

static void inten_intenset_and_intenclr_are_views_of_one_mask(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x304, 0x3);
    assert_int_equal(peek(toy, 0x300), 0x3);
    assert_int_equal(peek(toy, 0x304), 0x3);
    poke(toy, 0x308, 0x1);
    assert_int_equal(peek(toy, 0x308), 0x2);
    poke(toy, 0x300, 0x80000001);
    assert_int_equal(peek(toy, 0x304), 0x80000001);
}

static void interrupt_bits_without_an_event_do_not_exist(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x304, 0xffffffff);
    assert_int_equal(peek(toy, 0x300), 0x80000003);
    poke(toy, 0x300, 0x7fffffff);
    assert_int_equal(peek(toy, 0x300), 0x00000003);
}

static void the_interrupt_line_is_the_or_of_enabled_events_and_a_level(void **state)
{
    struct toy *toy = *state;

    regfile_raise(&toy->regs, 0x17c); /* event 31 */
    assert_false(chip_irq(toy->chip, IRQ));
    poke(toy, 0x304, 0x80000002);
    assert_true(chip_irq(toy->chip, IRQ));
    regfile_raise(&toy->regs, 0x104);
    poke(toy, 0x17c, 0);
    assert_true(chip_irq(toy->chip, IRQ));
    poke(toy, 0x308, 0x2);
    assert_false(chip_irq(toy->chip, IRQ));
    assert_int_equal(peek(toy, 0x104), 1);
}

static void writing_ones_clears_bits_of_a_w1c_register(void **state)
{
    struct toy *toy = *state;

    regfile_set(&toy->regs, 0x400, 0xf1);
    poke(toy, 0x400, 0x30);
    assert_int_equal(peek(toy, 0x400), 0xc1);
}

static void a_write_to_a_read_only_register_is_reported_and_lost(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x404, 7);
    assert_misuse(toy, MISUSE_WRITE_READ_ONLY, 0x404);
    assert_int_equal(toy->chip->misuse[0].value, 7);
    assert_int_equal(peek(toy, 0x404), 0x00010000);
}

static void amount_is_read_only(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x61c, 7);
    assert_misuse(toy, MISUSE_WRITE_READ_ONLY, 0x61c);
}

static void reserved_bits_are_reported_and_not_stored(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x504, 0xf000001f);
    assert_misuse(toy, MISUSE_RESERVED_BITS, 0x504);
    assert_int_equal(peek(toy, 0x504), 0xf000000f);
    assert_int_equal(toy->last_config, 0xf000001f);
}

static void reserved_bits_that_are_ones_from_reset_may_be_written_back(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x520, (peek(toy, 0x520) & ~7u) | 2);
    assert_int_equal(toy->chip->misuses, 0);
    assert_int_equal(peek(toy, 0x520) & 7, 2);
    poke(toy, 0x520, 5); /* nor does a store that leaves them out do harm */
    assert_int_equal(toy->chip->misuses, 0);
    assert_int_equal(peek(toy, 0x520), 5);
    poke(toy, 0x520, 0x00030007); /* as drivers ask whether a pin is disconnected */
    assert_int_equal(peek(toy, 0x520), 0x00030007);
    assert_int_equal(toy->chip->misuses, 0);
    poke(toy, 0x520, 0x00070005);
    assert_misuse(toy, MISUSE_RESERVED_BITS, 0x520);
}

static void interrupt_bits_without_an_event_are_reserved(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x304, 0x3);
    poke(toy, 0x308, 0xffffffff); /* who clears everything means no bit in particular */
    assert_int_equal(toy->chip->misuses, 0);
    poke(toy, 0x304, 0x10);
    assert_misuse(toy, MISUSE_RESERVED_BITS, 0x304);
}

static void a_register_without_fields_has_no_reserved_bits(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x508, 0xffffffff);
    assert_int_equal(toy->chip->misuses, 0);
    assert_int_equal(peek(toy, 0x508), 0xffffffff);
}

static void clearing_with_all_ones_means_no_bit_in_particular(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x400, 0xffffffff); /* write-1-to-clear */
    poke(toy, 0x308, 0xffffffff); /* INTENCLR */
    assert_int_equal(toy->chip->misuses, 0);
}

static void maxcnt_keeps_only_the_bits_it_has(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x618, 0x81);
    assert_int_equal(peek(toy, 0x618), 0x01);
    assert_misuse(toy, MISUSE_RESERVED_BITS, 0x618);
}

static void a_write_only_register_reads_as_0(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x50c, 0x1234);
    assert_int_equal(peek(toy, 0x50c), 0);
}

static void a_read_hook_answers_for_the_stored_value(void **state)
{
    struct toy *toy = *state;

    assert_int_equal(peek(toy, 0x708), 102);
}

static void an_enabled_shortcut_triggers_its_task_in_the_instant_of_the_event(void **state)
{
    struct toy *toy = *state;

    regfile_raise(&toy->regs, 0x104);
    assert_int_equal(toy->starts, 0);
    poke(toy, 0x200, 0x10);
    regfile_raise(&toy->regs, 0x100);
    assert_int_equal(toy->starts, 0);
    regfile_raise(&toy->regs, 0x104); /* still set: the shortcut sees the pulse */
    assert_int_equal(toy->starts, 1);
    assert_int_equal(toy->last_index, 1);
    assert_int_equal(toy->last_trigger, DMA_BY_SHORTCUT);
}

static void an_event_is_published_and_what_it_triggers_is_the_ppis(void **state)
{
    struct toy *toy = *state;

    toy->chip->fabric.publish = publish;
    toy->chip->fabric.publish_owner = toy;
    regfile_raise(&toy->regs, 0x17c);
    assert_int_equal(toy->published, 1);
    assert_int_equal(toy->last_published, BASE + 0x17c);
    assert_int_equal(toy->starts, 1);
    assert_int_equal(toy->last_trigger, DMA_BY_PPI);
    poke(toy, 0x000, 1);
    assert_int_equal(toy->last_trigger, DMA_BY_CPU);
}

static void an_inaccessible_register_reads_as_0_and_ignores_everything(void **state)
{
    struct toy *toy = *state;

    toy->locked = true;
    assert_int_equal(peek(toy, 0x504), 0);
    poke(toy, 0x504, 3);
    poke(toy, 0x000, 1);
    regfile_trigger(&toy->regs, 0x000);
    poke(toy, 0x508, 9);
    toy->locked = false;
    assert_int_equal(peek(toy, 0x504), 5);
    assert_int_equal(peek(toy, 0x508), 9);
    assert_int_equal(toy->starts, 0);
}

static void a_byte_read_extracts_from_the_word(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x508, 0x44332211);
    assert_int_equal(bus_read(&toy->chip->bus, BASE + 0x50a, 1), 0x33);
    assert_int_equal(bus_read(&toy->chip->bus, BASE + 0x50a, 2), 0x4433);
}

static void a_byte_write_changes_its_byte_of_a_stored_register(void **state)
{
    struct toy *toy = *state;

    poke(toy, 0x508, 0x44332211);
    bus_write(&toy->chip->bus, BASE + 0x509, 1, 0xaa);
    assert_int_equal(peek(toy, 0x508), 0x4433aa11);
}

static void a_byte_write_to_a_w1c_register_clears_nothing_elsewhere(void **state)
{
    struct toy *toy = *state;

    regfile_set(&toy->regs, 0x400, 0xffff);
    bus_write(&toy->chip->bus, BASE + 0x401, 1, 0x81);
    assert_int_equal(peek(toy, 0x400), 0x7eff);
}

static void an_offset_that_is_not_in_the_list_is_unmodelled(void **state)
{
    struct toy *toy = *state;

    assert_int_equal(peek(toy, 0x510), 0);
    assert_int_equal(toy->chip->unmodelled, 1);
    assert_int_equal(toy->chip->last_unmodelled.address, BASE + 0x510);
    assert_string_equal(toy->chip->last_unmodelled.block, "TOY");
}

static void a_debugger_looks_without_side_effects(void **state)
{
    struct toy *toy = *state;
    uint32_t value;

    regfile_raise(&toy->regs, 0x100);
    toy->locked = true;
    assert_true(bus_peek(&toy->chip->bus, BASE + 0x100, 4, &value));
    assert_int_equal(value, 1);
    assert_false(bus_peek(&toy->chip->bus, BASE + 0x510, 4, &value));
}

static void names_are_those_of_the_datasheet(void **state)
{
    struct toy *toy = *state;
    const struct reg_desc pin_cnf = {"PIN_CNF", "", 0, 0x700, 4, 32, REG_RW};
    char name[32];

    bus_register_name(&toy->chip->bus, BASE + 0x618, name, sizeof name);
    assert_string_equal(name, "TOY.RX[1].MAXCNT");
    bus_register_name(&toy->chip->bus, BASE + 0x704, name, sizeof name);
    assert_string_equal(name, "TOY.SIZE.RX[1]");
    bus_register_name(&toy->chip->bus, BASE + 0x004, name, sizeof name);
    assert_string_equal(name, "TOY.TASKS_START[1]");
    bus_register_name(&toy->chip->bus, BASE + 0x17c, name, sizeof name);
    assert_string_equal(name, "TOY.EVENTS_LATE");
    reg_full_name(&pin_cnf, 13, name, sizeof name);
    assert_string_equal(name, "PIN_CNF[13]");
}

static void fields_of_a_register_can_be_listed(void **state)
{
    unsigned count;
    const struct field_desc *field = reg_fields(&spec, &regs[10], &count);

    (void)state;
    assert_int_equal(count, 2);
    assert_string_equal(field[1].name, "HIGH");
    assert_null(reg_fields(&spec, &regs[11], &count));
    assert_int_equal(count, 0);
    assert_string_equal(reg_kind_name(regs[10].kind), "RW");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(registers_start_with_their_reset_values),
        TEST(a_task_acts_on_bit_0_and_reads_as_0),
        TEST(an_event_can_be_cleared_but_not_set_by_software),
        TEST(inten_intenset_and_intenclr_are_views_of_one_mask),
        TEST(interrupt_bits_without_an_event_do_not_exist),
        TEST(the_interrupt_line_is_the_or_of_enabled_events_and_a_level),
        TEST(writing_ones_clears_bits_of_a_w1c_register),
        TEST(a_write_to_a_read_only_register_is_reported_and_lost),
        TEST(amount_is_read_only),
        TEST(reserved_bits_are_reported_and_not_stored),
        TEST(reserved_bits_that_are_ones_from_reset_may_be_written_back),
        TEST(interrupt_bits_without_an_event_are_reserved),
        TEST(a_register_without_fields_has_no_reserved_bits),
        TEST(clearing_with_all_ones_means_no_bit_in_particular),
        TEST(maxcnt_keeps_only_the_bits_it_has),
        TEST(a_write_only_register_reads_as_0),
        TEST(a_read_hook_answers_for_the_stored_value),
        TEST(an_enabled_shortcut_triggers_its_task_in_the_instant_of_the_event),
        TEST(an_event_is_published_and_what_it_triggers_is_the_ppis),
        TEST(an_inaccessible_register_reads_as_0_and_ignores_everything),
        TEST(a_byte_read_extracts_from_the_word),
        TEST(a_byte_write_changes_its_byte_of_a_stored_register),
        TEST(a_byte_write_to_a_w1c_register_clears_nothing_elsewhere),
        TEST(an_offset_that_is_not_in_the_list_is_unmodelled),
        TEST(a_debugger_looks_without_side_effects),
        TEST(names_are_those_of_the_datasheet),
        TEST(fields_of_a_register_can_be_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
