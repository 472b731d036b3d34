/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PPI, poked without a CPU, with CLOCK as the block whose events and tasks it joins. Numbers are
 * typed from the specification, not from our list.
 */
#include "sim/base/heap.h"
#include "sim/periph/power_clock.h"
#include "sim/periph/ppi.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum {
    HFCLKSTART = 0x40000000,
    HFCLKSTOP = 0x40000004,
    LFCLKSTART = 0x40000008,
    CTSTART = 0x40000014,
    CTSTOP = 0x40000018,
    HFCLKSTARTED = 0x40000100,
    LFCLKSTARTED = 0x40000104,
    CTSTARTED = 0x40000128,
    CTSTOPPED = 0x4000012c,
    HFCLKRUN = 0x40000408,
    LFCLKRUN = 0x40000414,
    CTIV = 0x40000538,

    CHG0_EN = 0x4001f000,
    CHG0_DIS = 0x4001f004,
    CHG5_EN = 0x4001f028,
    CHEN = 0x4001f500,
    CHENSET = 0x4001f504,
    CHENCLR = 0x4001f508,
    CH0_EEP = 0x4001f510,
    CH0_TEP = 0x4001f514,
    CH1_EEP = 0x4001f518,
    CH1_TEP = 0x4001f51c,
    CH19_TEP = 0x4001f5ac,
    CHG0 = 0x4001f800,
    CHG5 = 0x4001f814,
    FORK0_TEP = 0x4001f910,
    FORK31_TEP = 0x4001f98c,
};

struct fixture {
    struct chip *chip;
    struct power_clock page;
    struct ppi ppi;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    power_clock_init(&f->page, &f->chip->fabric);
    ppi_init(&f->ppi, &f->chip->fabric, &ppi_spec);
    f->chip->fabric.publish = ppi_publish;
    f->chip->fabric.publish_owner = &f->ppi;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    chip_free(f->chip);
    heap_release(f);
    return 0;
}

static void join(struct chip *chip, unsigned channel, guest_addr event, guest_addr task)
{
    chip_write(chip, CH0_EEP + 8 * channel, event);
    chip_write(chip, CH0_TEP + 8 * channel, task);
}

static void start_hfxo(struct chip *chip)
{
    chip_write(chip, HFCLKSTART, 1);
    chip_pass(chip, 360 * CYCLES_PER_US);
}

static void an_event_triggers_the_task_of_its_channel(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    join(chip, 0, HFCLKSTARTED, LFCLKSTART);
    chip_write(chip, CHENSET, 1);
    chip_write(chip, HFCLKSTART, 1);
    chip_pass(chip, 360 * CYCLES_PER_US - 1);
    assert_int_equal(chip_read(chip, LFCLKRUN), 0);

    chip_pass(chip, 1);

    assert_int_equal(chip_read(chip, LFCLKRUN), 1);
}

static void a_disabled_channel_does_nothing(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    join(chip, 0, HFCLKSTARTED, LFCLKSTART);
    chip_write(chip, CHENSET, 2);
    start_hfxo(chip);
    assert_int_equal(chip_read(chip, LFCLKRUN), 0);
}

static void a_fork_triggers_a_second_task(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    join(chip, 0, HFCLKSTARTED, LFCLKSTART);
    chip_write(chip, FORK0_TEP, CTSTOP);
    chip_write(chip, CHENSET, 1);
    start_hfxo(chip);
    assert_int_equal(chip_read(chip, LFCLKRUN), 1);
    assert_int_equal(chip_read(chip, CTSTOPPED), 1);
}

static void set_and_clear_change_bits_and_read_as_chen(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, CHEN, 0xf0);
    chip_write(chip, CHENSET, 0x80000001);
    chip_write(chip, CHENCLR, 0x30);
    assert_int_equal(chip_read(chip, CHEN), 0x800000c1);
    assert_int_equal(chip_read(chip, CHENSET), 0x800000c1);
    assert_int_equal(chip_read(chip, CHENCLR), 0x800000c1);
}

static void a_group_is_enabled_and_disabled_by_its_tasks(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, CHG0, 0x6);
    chip_write(chip, CHG5, 0x1000);
    chip_write(chip, CHG0_EN, 1);
    chip_write(chip, CHG5_EN, 1);
    assert_int_equal(chip_read(chip, CHEN), 0x1006);
    chip_write(chip, CHG0_DIS, 1);
    assert_int_equal(chip_read(chip, CHEN), 0x1000);
}

static void a_channel_can_switch_its_own_group_off(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, CHG0, 0x1);
    join(chip, 0, HFCLKSTARTED, LFCLKSTART);
    chip_write(chip, FORK0_TEP, CHG0_DIS);
    chip_write(chip, CHG0_EN, 1);
    start_hfxo(chip);
    assert_int_equal(chip_read(chip, LFCLKRUN), 1);
    assert_int_equal(chip_read(chip, CHEN), 0);
}

static void a_chain_ends_in_the_instant_it_began(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_hfxo(chip);
    chip_write(chip, LFCLKSTART, 1);
    chip_pass(chip, 600 * CYCLES_PER_US);
    chip_write(chip, CTIV, 1);
    join(chip, 0, HFCLKSTARTED, CTSTART);
    join(chip, 1, CTSTARTED, CTSTOP);
    chip_write(chip, CHENSET, 3);

    chip_write(chip, HFCLKSTART, 1); /* runs already: the event is immediate */

    assert_int_equal(chip_read(chip, CTSTARTED), 1);
    assert_int_equal(chip_read(chip, CTSTOPPED), 1);
}

static void a_circle_goes_round_once(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    start_hfxo(chip);
    join(chip, 0, HFCLKSTARTED, HFCLKSTART);
    join(chip, 1, CTSTOPPED, CTSTOP);
    chip_write(chip, FORK0_TEP, CTSTOP);
    chip_write(chip, CHENSET, 3);

    chip_write(chip, HFCLKSTART, 1);
    assert_int_equal(chip_read(chip, CTSTOPPED), 1);

    /* And is ready for the next time. */
    assert_int_equal(f->ppi.pending, 0);
    assert_int_equal(f->ppi.fired, 0);
    chip_write(chip, CTSTOPPED, 0);
    chip_write(chip, HFCLKSTART, 1);
    assert_int_equal(chip_read(chip, CTSTOPPED), 1);
}

static void an_endpoint_that_is_no_task_is_left_alone(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, CTIV, 5);
    join(chip, 0, HFCLKSTARTED, CTIV);
    join(chip, 1, HFCLKSTARTED, 0);
    chip_write(chip, CHENSET, 3);
    start_hfxo(chip);
    assert_int_equal(chip_read(chip, CTIV), 5);
    assert_int_equal(chip->unmodelled, 0);
}

static void a_fixed_channel_serves_its_own_event(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    chip_write(chip, FORK31_TEP, LFCLKSTART);
    ppi_publish(&f->ppi, 0x4000b140); /* RTC0.EVENTS_COMPARE[0] */
    assert_int_equal(chip_read(chip, LFCLKRUN), 0);

    chip_write(chip, CHENSET, 1u << 31);
    ppi_publish(&f->ppi, 0x4000b140);

    assert_int_equal(chip_read(chip, LFCLKRUN), 1);
    assert_int_equal(chip->unmodelled, 1); /* its fixed task is TIMER0's */
    assert_int_equal(chip->last_unmodelled.address, 0x40008000);
}

/* A block that notes on whose behalf its task was triggered. */
struct probe {
    struct fabric *fabric;
    unsigned writes;
    uint32_t value;
    enum dma_trigger trigger;
};

static bool probe_write(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    struct probe *probe = owner;

    (void)offset, (void)size;
    probe->writes++;
    probe->value = value;
    probe->trigger = probe->fabric->trigger;
    return true;
}

static void a_task_is_triggered_once_with_a_one_on_behalf_of_the_ppi(void **state)
{
    static const struct bus_ops probe_ops = {.write = probe_write};
    struct chip *chip = ((struct fixture *)*state)->chip;
    struct probe probe = {.fabric = &chip->fabric};

    bus_claim(&chip->bus, (struct byte_range){0x40027000, 0x1000}, "PROBE", &probe_ops, &probe);
    join(chip, 0, HFCLKSTARTED, 0x40027004);
    chip_write(chip, CHENSET, 1);
    start_hfxo(chip);

    assert_int_equal(probe.writes, 1);
    assert_int_equal(probe.value, 1);
    assert_int_equal(probe.trigger, DMA_BY_PPI);
    assert_int_equal(chip->fabric.trigger, DMA_BY_CPU);
}

static void a_reset_disables_and_forgets_all_channels(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    join(chip, 19, HFCLKSTARTED, LFCLKSTART);
    chip_write(chip, CHENSET, 1u << 19);
    assert_int_equal(chip_read(chip, CH19_TEP), LFCLKSTART);
    ppi_reset(&f->ppi, RESET_SOFT);
    assert_int_equal(chip_read(chip, CHEN), 0);
    assert_int_equal(chip_read(chip, CH19_TEP), 0);
}

static void registers_have_their_datasheet_names(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;
    char name[64];

    bus_register_name(&chip->bus, CH19_TEP, name, sizeof name);
    assert_string_equal(name, "PPI.CH[19].TEP");
    bus_register_name(&chip->bus, CHG5_EN, name, sizeof name);
    assert_string_equal(name, "PPI.TASKS_CHG[5].EN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(an_event_triggers_the_task_of_its_channel),
        TEST(a_disabled_channel_does_nothing),
        TEST(a_fork_triggers_a_second_task),
        TEST(set_and_clear_change_bits_and_read_as_chen),
        TEST(a_group_is_enabled_and_disabled_by_its_tasks),
        TEST(a_channel_can_switch_its_own_group_off),
        TEST(a_chain_ends_in_the_instant_it_began),
        TEST(a_circle_goes_round_once),
        TEST(an_endpoint_that_is_no_task_is_left_alone),
        TEST(a_fixed_channel_serves_its_own_event),
        TEST(a_task_is_triggered_once_with_a_one_on_behalf_of_the_ppi),
        TEST(a_reset_disables_and_forgets_all_channels),
        TEST(registers_have_their_datasheet_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
