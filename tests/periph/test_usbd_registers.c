/* SPDX-License-Identifier: Apache-2.0 */
/* USBD: the register map, against numbers typed from the manual (PS v1.7, 6.35.13). */
#include "tests/cmocka.h"
#include "tests/periph/usbd_bench.h"

#include <string.h>

static const struct witness {
    uint32_t offset;
    const char *name;
    uint32_t reset;
} witnesses[] = {
    {0x004, "TASKS_STARTEPIN[0]", 0},
    {0x020, "TASKS_STARTEPIN[7]", 0},
    {0x024, "TASKS_STARTISOIN", 0},
    {0x028, "TASKS_STARTEPOUT[0]", 0},
    {0x044, "TASKS_STARTEPOUT[7]", 0},
    {0x048, "TASKS_STARTISOOUT", 0},
    {0x04c, "TASKS_EP0RCVOUT", 0},
    {0x050, "TASKS_EP0STATUS", 0},
    {0x054, "TASKS_EP0STALL", 0},
    {0x058, "TASKS_DPDMDRIVE", 0},
    {0x05c, "TASKS_DPDMNODRIVE", 0},
    {0x100, "EVENTS_USBRESET", 0},
    {0x104, "EVENTS_STARTED", 0},
    {0x108, "EVENTS_ENDEPIN[0]", 0},
    {0x124, "EVENTS_ENDEPIN[7]", 0},
    {0x128, "EVENTS_EP0DATADONE", 0},
    {0x12c, "EVENTS_ENDISOIN", 0},
    {0x130, "EVENTS_ENDEPOUT[0]", 0},
    {0x14c, "EVENTS_ENDEPOUT[7]", 0},
    {0x150, "EVENTS_ENDISOOUT", 0},
    {0x154, "EVENTS_SOF", 0},
    {0x158, "EVENTS_USBEVENT", 0},
    {0x15c, "EVENTS_EP0SETUP", 0},
    {0x160, "EVENTS_EPDATA", 0},
    {0x200, "SHORTS", 0},
    {0x300, "INTEN", 0},
    {0x304, "INTENSET", 0},
    {0x308, "INTENCLR", 0},
    {0x400, "EVENTCAUSE", 0},
    {0x420, "HALTED.EPIN[0]", 0},
    {0x43c, "HALTED.EPIN[7]", 0},
    {0x444, "HALTED.EPOUT[0]", 0},
    {0x460, "HALTED.EPOUT[7]", 0},
    {0x468, "EPSTATUS", 0},
    {0x46c, "EPDATASTATUS", 0},
    {0x470, "USBADDR", 0},
    {0x480, "BMREQUESTTYPE", 0},
    {0x484, "BREQUEST", 0},
    {0x488, "WVALUEL", 0},
    {0x48c, "WVALUEH", 0},
    {0x490, "WINDEXL", 0},
    {0x494, "WINDEXH", 0},
    {0x498, "WLENGTHL", 0},
    {0x49c, "WLENGTHH", 0},
    {0x4a0, "SIZE.EPOUT[0]", 0},
    {0x4bc, "SIZE.EPOUT[7]", 0},
    {0x4c0, "SIZE.ISOOUT", 0x00010000},
    {0x500, "ENABLE", 1}, /* the test enabled it */
    {0x504, "USBPULLUP", 1},
    {0x508, "DPDMVALUE", 0},
    {0x50c, "DTOGGLE", 0x100},
    {0x510, "EPINEN", 1},
    {0x514, "EPOUTEN", 1},
    {0x518, "EPSTALL", 0},
    {0x51c, "ISOSPLIT", 0},
    {0x520, "FRAMECNTR", 0},
    {0x52c, "LOWPOWER", 0},
    {0x530, "ISOINCONFIG", 0},
    {0x600, "EPIN[0].PTR", 0},
    {0x604, "EPIN[0].MAXCNT", 0},
    {0x608, "EPIN[0].AMOUNT", 0},
    {0x614, "EPIN[1].PTR", 0},
    {0x694, "EPIN[7].AMOUNT", 0},
    {0x6a0, "ISOIN.PTR", 0},
    {0x6a8, "ISOIN.AMOUNT", 0},
    {0x700, "EPOUT[0].PTR", 0},
    {0x704, "EPOUT[0].MAXCNT", 0},
    {0x708, "EPOUT[0].AMOUNT", 0},
    {0x714, "EPOUT[1].PTR", 0},
    {0x794, "EPOUT[7].AMOUNT", 0},
    {0x7a0, "ISOOUT.PTR", 0},
    {0x7a8, "ISOOUT.AMOUNT", 0},
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
    const struct block_spec *spec = usbd_spec();
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
