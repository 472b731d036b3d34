/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: the register map, against numbers typed from the manual (PS v1.7, 6.35). */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

static const struct witness {
    const char *name;
    uint32_t offset;
    uint32_t reset;
} witnesses[] = {
    {"TASKS_STARTEPIN[0]", 0x004, 0},
    {"TASKS_STARTEPIN[7]", 0x020, 0},
    {"TASKS_STARTISOIN", 0x024, 0},
    {"TASKS_STARTEPOUT[0]", 0x028, 0},
    {"TASKS_STARTEPOUT[7]", 0x044, 0},
    {"TASKS_STARTISOOUT", 0x048, 0},
    {"TASKS_EP0RCVOUT", 0x04c, 0},
    {"TASKS_EP0STATUS", 0x050, 0},
    {"TASKS_EP0STALL", 0x054, 0},
    {"TASKS_DPDMDRIVE", 0x058, 0},
    {"TASKS_DPDMNODRIVE", 0x05c, 0},
    {"EVENTS_USBRESET", 0x100, 0},
    {"EVENTS_STARTED", 0x104, 0},
    {"EVENTS_ENDEPIN[0]", 0x108, 0},
    {"EVENTS_ENDEPIN[7]", 0x124, 0},
    {"EVENTS_EP0DATADONE", 0x128, 0},
    {"EVENTS_ENDISOIN", 0x12c, 0},
    {"EVENTS_ENDEPOUT[0]", 0x130, 0},
    {"EVENTS_ENDEPOUT[7]", 0x14c, 0},
    {"EVENTS_ENDISOOUT", 0x150, 0},
    {"EVENTS_SOF", 0x154, 0},
    {"EVENTS_USBEVENT", 0x158, 0},
    {"EVENTS_EP0SETUP", 0x15c, 0},
    {"EVENTS_EPDATA", 0x160, 0},
    {"SHORTS", 0x200, 0},
    {"INTEN", 0x300, 0},
    {"INTENSET", 0x304, 0},
    {"INTENCLR", 0x308, 0},
    {"EVENTCAUSE", 0x400, 0},
    {"HALTED.EPIN[0]", 0x420, 0},
    {"HALTED.EPIN[7]", 0x43c, 0},
    {"HALTED.EPOUT[0]", 0x444, 0},
    {"HALTED.EPOUT[7]", 0x460, 0},
    {"EPSTATUS", 0x468, 0},
    {"EPDATASTATUS", 0x46c, 0},
    {"USBADDR", 0x470, 0},
    {"BMREQUESTTYPE", 0x480, 0},
    {"BREQUEST", 0x484, 0},
    {"WVALUEL", 0x488, 0},
    {"WVALUEH", 0x48c, 0},
    {"WINDEXL", 0x490, 0},
    {"WINDEXH", 0x494, 0},
    {"WLENGTHL", 0x498, 0},
    {"WLENGTHH", 0x49c, 0},
    {"SIZE.EPOUT[0]", 0x4a0, 0},
    {"SIZE.EPOUT[7]", 0x4bc, 0},
    {"SIZE.ISOOUT", 0x4c0, 0x00010000},
    {"ENABLE", 0x500, 1}, /* the test enabled it */
    {"USBPULLUP", 0x504, 1},
    {"DPDMVALUE", 0x508, 0},
    {"DTOGGLE", 0x50c, 0x100},
    {"EPINEN", 0x510, 1},
    {"EPOUTEN", 0x514, 1},
    {"EPSTALL", 0x518, 0},
    {"ISOSPLIT", 0x51c, 0},
    {"FRAMECNTR", 0x520, 0},
    {"LOWPOWER", 0x52c, 0},
    {"ISOINCONFIG", 0x530, 0},
    {"EPIN[0].PTR", 0x600, 0},
    {"EPIN[0].MAXCNT", 0x604, 0},
    {"EPIN[0].AMOUNT", 0x608, 0},
    {"EPIN[1].PTR", 0x614, 0},
    {"EPIN[7].AMOUNT", 0x694, 0},
    {"ISOIN.PTR", 0x6a0, 0},
    {"ISOIN.AMOUNT", 0x6a8, 0},
    {"EPOUT[0].PTR", 0x700, 0},
    {"EPOUT[0].MAXCNT", 0x704, 0},
    {"EPOUT[0].AMOUNT", 0x708, 0},
    {"EPOUT[1].PTR", 0x714, 0},
    {"EPOUT[7].AMOUNT", 0x794, 0},
    {"ISOOUT.PTR", 0x7a0, 0},
    {"ISOOUT.AMOUNT", 0x7a8, 0},
};

static void each_register_is_where_the_manual_says_with_its_reset_value(void **state)
{
    struct bench *bench = *state;
    char name[48];

    for (size_t i = 0; i < sizeof witnesses / sizeof witnesses[0]; i++) {
        const struct witness *witness = &witnesses[i];

        assert_true(regfile_name(&bench->usbd.regs, witness->offset, name, sizeof name));
        assert_string_equal(name, witness->name);
        assert_int_equal(peek(bench, witness->offset), witness->reset);
    }
    assert_int_equal(bench->chip->unmodelled, 0);
    assert_no_misuse(bench);
}

static void the_block_has_154_registers_and_three_that_no_manual_lists(void **state)
{
    const struct block_spec *spec = &usbd_spec;
    unsigned documented = 0;
    unsigned other = 0;

    (void)state;
    for (unsigned i = 0; i < spec->reg_count; i++) {
        if (strncmp(spec->regs[i].name, "UNDOC_", 6) == 0)
            other += spec->regs[i].count;
        else
            documented += spec->regs[i].count;
    }
    assert_int_equal(documented, 154);
    assert_int_equal(other, 3);
    assert_int_equal(spec->base, 0x40027000);
    assert_int_equal(spec->irq, 39);
}

static void interrupts_exist_for_the_25_events(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x304, 0xffffffff);
    assert_int_equal(peek(bench, 0x300), 0x01ffffff);
}

static void setup_raises_interrupt_39_through_bit_23(void **state)
{
    struct bench *bench = *state;
    const uint8_t get_status[8] = {0x80, 0, 0, 0, 0, 0, 2, 0};

    poke(bench, 0x304, 1u << 23);
    assert_false(chip_irq(bench->chip, USBD_IRQ));
    host_setup(bench, get_status);
    assert_true(chip_irq(bench->chip, USBD_IRQ));
    poke(bench, 0x15c, 0);
    assert_false(chip_irq(bench->chip, USBD_IRQ));
}

static void descriptors_lie_0x14_apart_and_keep_7_bits_of_maxcnt(void **state)
{
    struct bench *bench = *state;

    for (uint32_t n = 0; n < 8; n++) {
        poke(bench, 0x600 + 0x14 * n, 0x20000100 + n);
        poke(bench, 0x704 + 0x14 * n, 0x40 + n);
    }
    for (uint32_t n = 0; n < 8; n++) {
        assert_int_equal(peek(bench, 0x600 + 0x14 * n), 0x20000100 + n);
        assert_int_equal(peek(bench, 0x704 + 0x14 * n), 0x40 + n);
    }
    assert_no_misuse(bench);
    poke(bench, 0x604, 0xff);
    assert_int_equal(peek(bench, 0x604), 0x7f);
    assert_misused(bench, MISUSE_RESERVED_BITS, 0x604);
}

static void the_window_into_the_core_is_memory(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x800, 0x7e3); /* erratum 166 */
    poke(bench, 0x804, 0x40);
    poke(bench, 0x800, 0x7e4);
    assert_int_equal(peek(bench, 0x804), 0);
    poke(bench, 0x800, 0x7e3);
    assert_int_equal(peek(bench, 0x804), 0x40);
}

static void a_setup_register_cannot_be_written(void **state)
{
    struct bench *bench = *state;

    poke(bench, 0x480, 1);
    assert_misused(bench, MISUSE_WRITE_READ_ONLY, 0x480);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_on_bus, bench_remove)
    const struct CMUnitTest tests[] = {
        TEST(each_register_is_where_the_manual_says_with_its_reset_value),
        TEST(the_block_has_154_registers_and_three_that_no_manual_lists),
        TEST(interrupts_exist_for_the_25_events),
        TEST(setup_raises_interrupt_39_through_bit_23),
        TEST(descriptors_lie_0x14_apart_and_keep_7_bits_of_maxcnt),
        TEST(the_window_into_the_core_is_memory),
        TEST(a_setup_register_cannot_be_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
