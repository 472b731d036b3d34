/* SPDX-License-Identifier: Apache-2.0 */
/* POWER, poked without a CPU. Numbers are typed from the specification, not from our list. */
#include "sim/base/heap.h"
#include "sim/mem/map.h"
#include "sim/periph/power_clock.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum {
    CONSTLAT = 0x40000078,
    LOWPWR = 0x4000007c,
    USBDETECTED = 0x4000011c,
    USBREMOVED = 0x40000120,
    USBPWRRDY = 0x40000124,
    INTENSET = 0x40000304,
    INTENCLR = 0x40000308,
    RESETREAS = 0x40000400,
    USBREGSTATUS = 0x40000438,
    SYSTEMOFF = 0x40000500,
    POFCON = 0x40000510,
    GPREGRET = 0x4000051c,
    GPREGRET2 = 0x40000520,
    FORCEPROTECT = 0x40000550,
    DISABLE = 0x40000558,
    DCDCEN = 0x40000578,
    DCDCEN0 = 0x40000580,
    RAM0_POWER = 0x40000900,
    RAM0_POWERSET = 0x40000904,
    RAM8_POWER = 0x40000980,
    RAM8_POWERCLR = 0x40000988,
};

#define REGULATOR_TIME (50 * CYCLES_PER_US)

struct fixture {
    struct chip *chip;
    struct power_clock page;
    unsigned times_off;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    power_clock_init(&f->page, &f->chip->fabric);
    power_clock_reset(&f->page, RESET_POWER_ON);
    wire_set(&f->chip->wires, WIRE_USB_ENABLE, true);
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

static void plug_in(struct chip *chip)
{
    wire_set(&chip->wires, WIRE_VBUS, true);
    chip_pass(chip, 0);
}

static void without_vbus_nothing_is_detected(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_pass(chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(chip, USBDETECTED), 0);
    assert_int_equal(chip_read(chip, USBREMOVED), 0);
    assert_int_equal(chip_read(chip, USBREGSTATUS), 0);
}

static void vbus_is_detected_and_the_regulator_follows(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    plug_in(chip);
    assert_int_equal(chip_read(chip, USBDETECTED), 1);
    assert_int_equal(chip_read(chip, USBREGSTATUS), 1);
    chip_pass(chip, REGULATOR_TIME - 1);
    assert_int_equal(chip_read(chip, USBPWRRDY), 0);
    assert_false(wire_get(&chip->wires, WIRE_USB_REGULATOR));

    chip_pass(chip, 1);

    assert_int_equal(chip_read(chip, USBPWRRDY), 1);
    assert_int_equal(chip_read(chip, USBREGSTATUS), 3);
    assert_true(wire_get(&chip->wires, WIRE_USB_REGULATOR));
}

static void vbus_present_before_reset_is_detected_before_the_first_instruction(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    plug_in(chip);
    chip_pass(chip, REGULATOR_TIME);
    power_clock_reset(&f->page, RESET_SOFT);
    assert_int_equal(chip_read(chip, USBREGSTATUS), 0);
    assert_false(wire_get(&chip->wires, WIRE_USB_REGULATOR));

    chip_pass(chip, 0);
    assert_int_equal(chip_read(chip, USBDETECTED), 1);
    assert_int_equal(chip_read(chip, USBREMOVED), 0);
    chip_pass(chip, REGULATOR_TIME);
    assert_int_equal(chip_read(chip, USBPWRRDY), 1);
}

static void removing_vbus_stops_the_regulator(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    plug_in(chip);
    chip_pass(chip, REGULATOR_TIME);
    wire_set(&chip->wires, WIRE_VBUS, false);
    chip_pass(chip, 0);

    assert_int_equal(chip_read(chip, USBREMOVED), 1);
    assert_int_equal(chip_read(chip, USBREGSTATUS), 0);
    assert_false(wire_get(&chip->wires, WIRE_USB_REGULATOR));
}

static void vbus_removed_early_gives_no_power_ready(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    plug_in(chip);
    wire_set(&chip->wires, WIRE_VBUS, false);
    chip_pass(chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(chip, USBPWRRDY), 0);
    assert_int_equal(chip_read(chip, USBREGSTATUS), 0);
}

static void usb_power_events_have_interrupt_bits_7_to_9(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, INTENSET, 1 << 7);
    plug_in(chip);
    assert_true(chip_irq(chip, 0));
    chip_write(chip, INTENCLR, 1 << 7);
    assert_false(chip_irq(chip, 0));
    chip_write(chip, INTENSET, 1 << 9);
    assert_false(chip_irq(chip, 0));
    chip_pass(chip, REGULATOR_TIME);
    assert_true(chip_irq(chip, 0));
    chip_write(chip, USBPWRRDY, 0);
    chip_write(chip, INTENSET, 1 << 8);
    wire_set(&chip->wires, WIRE_VBUS, false);
    chip_pass(chip, 0);
    assert_true(chip_irq(chip, 0));
}

static void reset_reasons_add_up_until_ones_clear_them(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    assert_int_equal(chip_read(chip, RESETREAS), 0);
    power_clock_reset(&f->page, RESET_SOFT);
    assert_int_equal(chip_read(chip, RESETREAS), 0x4);
    power_clock_reset(&f->page, RESET_LOCKUP);
    assert_int_equal(chip_read(chip, RESETREAS), 0xc);

    chip_write(chip, RESETREAS, 0x4);
    assert_int_equal(chip_read(chip, RESETREAS), 0x8);

    power_clock_reset(&f->page, RESET_POWER_ON);
    assert_int_equal(chip_read(chip, RESETREAS), 0);
}

static void retained_registers_live_through_a_soft_reset_only(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    chip_write(chip, GPREGRET, 0x57);
    chip_write(chip, GPREGRET2, 0xa8);
    chip_write(chip, DCDCEN, 1);
    power_clock_reset(&f->page, RESET_SOFT);
    assert_int_equal(chip_read(chip, GPREGRET), 0x57);
    assert_int_equal(chip_read(chip, GPREGRET2), 0xa8);
    assert_int_equal(chip_read(chip, DCDCEN), 0);

    power_clock_reset(&f->page, RESET_PIN);
    assert_int_equal(chip_read(chip, GPREGRET), 0);
    assert_int_equal(chip_read(chip, GPREGRET2), 0);
    assert_int_equal(chip_read(chip, RESETREAS), 0x5);
}

static void gpregret_holds_eight_bits(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, GPREGRET, 0x1b1);
    assert_int_equal(chip_read(chip, GPREGRET), 0xb1);
}

static void ram_power_is_set_and_cleared_bit_by_bit(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    assert_int_equal(chip_read(chip, RAM0_POWER), 0xffff);
    assert_int_equal(chip_read(chip, RAM8_POWER), 0xffff);
    chip_write(chip, RAM0_POWERSET, 0x00030000);
    chip_write(chip, RAM8_POWERCLR, 0x0000ff00);
    assert_int_equal(chip_read(chip, RAM0_POWER), 0x0003ffff);
    assert_int_equal(chip_read(chip, RAM8_POWER), 0x000000ff);
    assert_int_equal(chip_read(chip, RAM0_POWERSET), 0);
}

static void protection_and_converter_settings_are_kept(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    assert_int_equal(chip_read(chip, DISABLE), 0);
    chip_write(chip, DISABLE, 0x5a);
    chip_write(chip, DCDCEN0, 1);
    chip_write(chip, POFCON, 0x5);
    chip_write(chip, CONSTLAT, 1);
    chip_write(chip, LOWPWR, 1);
    assert_int_equal(chip_read(chip, DISABLE), 0x5a);
    assert_int_equal(chip_read(chip, FORCEPROTECT), 0xffffffff);
    assert_int_equal(chip_read(chip, DCDCEN0), 1);
    assert_int_equal(chip_read(chip, POFCON), 0x5);
    assert_int_equal(chip->misuses, 0);
    assert_int_equal(chip->unmodelled, 0);
}

static void count_off(void *owner)
{
    struct fixture *f = owner;

    f->times_off++;
}

static void system_off_is_told_to_the_owner_of_the_machine(void **state)
{
    struct fixture *f = *state;

    f->page.system_off = count_off;
    f->page.system_off_owner = f;
    chip_write(f->chip, SYSTEMOFF, 0);
    assert_int_equal(f->times_off, 0);
    chip_write(f->chip, SYSTEMOFF, 1);
    assert_int_equal(f->times_off, 1);
    assert_int_equal(f->chip->unmodelled, 0);
}

static void system_off_that_nobody_wants_to_know_of_is_reported(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, SYSTEMOFF, 1);
    assert_int_equal(chip->unmodelled, 1);
    assert_int_equal(chip->last_unmodelled.address, SYSTEMOFF);
}

/* 5.3.5: 4 is 1.7 V, 15 is 2.8 V. */
static void a_failing_supply_is_warned_of_once(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    power_set_supply(&f->page, 1600);
    assert_int_equal(chip_read(chip, 0x40000108), 0); /* not asked for */
    chip_write(chip, 0x40000304, 1 << 2);
    chip_write(chip, POFCON, 1 | 4 << 1);
    assert_true(chip_irq(chip, 0));
    chip_write(chip, 0x40000108, 0);
    power_set_supply(&f->page, 1650);
    assert_int_equal(chip_read(chip, 0x40000108), 0);
    power_set_supply(&f->page, 1700);
    power_set_supply(&f->page, 1699);
    assert_int_equal(chip_read(chip, 0x40000108), 1);
    chip_write(chip, 0x40000108, 0);
    power_set_supply(&f->page, 2800);
    chip_write(chip, POFCON, 1 | 15 << 1);
    assert_int_equal(chip_read(chip, 0x40000108), 0);
    power_set_supply(&f->page, 2799);
    assert_int_equal(chip_read(chip, 0x40000108), 1);
}

static void sleep_has_two_events(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    wire_set(&chip->wires, WIRE_CPU_ASLEEP, true);
    assert_int_equal(chip_read(chip, 0x40000114), 1);
    assert_int_equal(chip_read(chip, 0x40000118), 0);
    wire_set(&chip->wires, WIRE_CPU_ASLEEP, false);
    assert_int_equal(chip_read(chip, 0x40000118), 1);
}

static void fill(struct chip *chip)
{
    memory_fill_ram(&chip->memory, 0xa5);
    for (guest_addr address = RAM_BASE; address < RAM_BASE + RAM_SIZE; address += 0x1000)
        memory_master_write(&chip->memory, address, (const uint8_t *)"\1\2\3\4", 4);
}

static bool is_lost(struct chip *chip, guest_addr address)
{
    return chip_cell(chip, address) == 0xa5a5a5a5;
}

/* 4.2: eight blocks of two sections of 4 KiB, one of six sections of 32 KiB. */
static void a_section_of_ram_that_is_switched_off_loses_its_content(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    fill(chip);
    chip_write(chip, RAM0_POWER + 8, 2); /* POWERCLR, section 1 */
    assert_false(is_lost(chip, 0x20000000));
    assert_true(is_lost(chip, 0x20001000));
    assert_false(is_lost(chip, 0x20002000));
    chip_write(chip, RAM8_POWER, 0x1f);
    assert_false(is_lost(chip, 0x20037000));
    assert_true(is_lost(chip, 0x20038000));
    assert_true(is_lost(chip, 0x2003f000));
    fill(chip);
    chip_write(chip, RAM0_POWERSET, 2);
    chip_write(chip, RAM8_POWERCLR, 0x20); /* off already */
    assert_false(is_lost(chip, 0x20001000));
    assert_false(is_lost(chip, 0x2003f000));
}

static void system_off_keeps_what_retention_says(void **state)
{
    struct fixture *f = *state;

    fill(f->chip);
    chip_write(f->chip, RAM0_POWERSET, 1 << 17);
    power_clock_reset(&f->page, RESET_INTO_OFF);
    assert_true(is_lost(f->chip, 0x20000000));
    assert_false(is_lost(f->chip, 0x20001000));
    assert_true(is_lost(f->chip, 0x20002000));
    assert_int_equal(chip_read(f->chip, RESETREAS), 0);
    fill(f->chip);
    power_clock_reset(&f->page, RESET_OFF_DETECT);
    assert_int_equal(chip_read(f->chip, RESETREAS), 1 << 16);
    assert_false(is_lost(f->chip, 0x20000000));
}

static void registers_are_named_in_one_page(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;
    char name[64];

    bus_register_name(&chip->bus, USBREGSTATUS, name, sizeof name);
    assert_string_equal(name, "POWER.USBREGSTATUS");
    bus_register_name(&chip->bus, RAM8_POWERCLR, name, sizeof name);
    assert_string_equal(name, "POWER.RAM[8].POWERCLR");
}

static void each_half_has_its_own_list(void **state)
{
    (void)state;
    assert_string_equal(clock_spec.regs[0].name, "TASKS_HFCLKSTART");
    assert_string_equal(clock_spec.regs[clock_spec.reg_count - 1].name, "LFRCMODE");
    assert_string_equal(clock_spec.fields[clock_spec.field_count - 1].reg, "LFRCMODE");
    assert_string_equal(power_spec.regs[0].name, "TASKS_CONSTLAT");
    assert_string_equal(power_spec.fields[0].reg, "RESETREAS");
    assert_int_equal(clock_spec.reg_count + power_spec.reg_count, power_clock_spec.reg_count);
}

static void usbpwrrdy_waits_for_enable_but_not_for_ever(void **state)
{
    struct fixture *f = *state;

    wire_set(&f->chip->wires, WIRE_USB_ENABLE, false);
    plug_in(f->chip);
    for (unsigned ms = 0; ms < 100; ms++) {
        assert_int_equal(chip_read(f->chip, USBREGSTATUS), 1);
        chip_pass(f->chip, CYCLES_PER_MS);
    }
    assert_int_equal(chip_read(f->chip, USBPWRRDY), 1);
    assert_int_equal(chip_read(f->chip, USBREGSTATUS), 3);
}

/* Which may be seconds after VBUS, in firmware that does something else first. */
static void its_patience_begins_when_somebody_asks(void **state)
{
    struct fixture *f = *state;

    wire_set(&f->chip->wires, WIRE_USB_ENABLE, false);
    plug_in(f->chip);
    chip_pass(f->chip, 5 * CYCLES_PER_SECOND);
    assert_int_equal(chip_read(f->chip, USBREGSTATUS), 1);
    chip_pass(f->chip, 90 * CYCLES_PER_MS);
    assert_int_equal(chip_read(f->chip, USBREGSTATUS), 1); /* asking again begins nothing anew */
    chip_pass(f->chip, 10 * CYCLES_PER_MS);
    assert_int_equal(chip_read(f->chip, USBREGSTATUS), 3);
}

/* A boot loader that looks in passing, and a driver that hangs if it is ready before ENABLE. */
static void who_looked_once_does_not_wait(void **state)
{
    struct fixture *f = *state;

    wire_set(&f->chip->wires, WIRE_USB_ENABLE, false);
    plug_in(f->chip);
    assert_int_equal(chip_read(f->chip, USBREGSTATUS), 1);
    chip_pass(f->chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(f->chip, USBREGSTATUS), 1);
}

static void who_enables_its_interrupt_waits_for_it_too(void **state)
{
    struct fixture *f = *state;

    wire_set(&f->chip->wires, WIRE_USB_ENABLE, false);
    chip_write(f->chip, 0x40000304, 0x200);
    plug_in(f->chip);
    chip_pass(f->chip, 100 * CYCLES_PER_MS);
    assert_int_equal(chip_read(f->chip, USBPWRRDY), 1);
}

static void enable_starts_the_regulator(void **state)
{
    struct fixture *f = *state;

    wire_set(&f->chip->wires, WIRE_USB_ENABLE, false);
    plug_in(f->chip);
    chip_pass(f->chip, 10 * CYCLES_PER_MS);
    assert_int_equal(chip_read(f->chip, USBREGSTATUS), 1);
    wire_set(&f->chip->wires, WIRE_USB_ENABLE, true);
    chip_pass(f->chip, REGULATOR_TIME);
    assert_int_equal(chip_read(f->chip, USBREGSTATUS), 3);
}

static void usbpwrrdy_may_need_enable_or_not(void **state)
{
    struct fixture *f = *state;

    wire_set(&f->chip->wires, WIRE_USB_ENABLE, false);
    f->chip->fabric.silicon.answer[UNDOCUMENTED_USBPWRRDY] = USBPWRRDY_ENABLE;
    plug_in(f->chip);
    chip_pass(f->chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(f->chip, USBPWRRDY), 0);

    wire_set(&f->chip->wires, WIRE_VBUS, false);
    chip_pass(f->chip, 0);
    f->chip->fabric.silicon.answer[UNDOCUMENTED_USBPWRRDY] = USBPWRRDY_NOTHING;
    plug_in(f->chip);
    chip_pass(f->chip, REGULATOR_TIME);
    assert_int_equal(chip_read(f->chip, USBPWRRDY), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(without_vbus_nothing_is_detected),
        TEST(vbus_is_detected_and_the_regulator_follows),
        TEST(vbus_present_before_reset_is_detected_before_the_first_instruction),
        TEST(removing_vbus_stops_the_regulator),
        TEST(vbus_removed_early_gives_no_power_ready),
        TEST(usb_power_events_have_interrupt_bits_7_to_9),
        TEST(reset_reasons_add_up_until_ones_clear_them),
        TEST(retained_registers_live_through_a_soft_reset_only),
        TEST(gpregret_holds_eight_bits),
        TEST(ram_power_is_set_and_cleared_bit_by_bit),
        TEST(protection_and_converter_settings_are_kept),
        TEST(system_off_is_told_to_the_owner_of_the_machine),
        TEST(system_off_that_nobody_wants_to_know_of_is_reported),
        TEST(a_failing_supply_is_warned_of_once),
        TEST(sleep_has_two_events),
        TEST(a_section_of_ram_that_is_switched_off_loses_its_content),
        TEST(system_off_keeps_what_retention_says),
        TEST(registers_are_named_in_one_page),
        TEST(each_half_has_its_own_list),
        TEST(usbpwrrdy_waits_for_enable_but_not_for_ever),
        TEST(its_patience_begins_when_somebody_asks),
        TEST(who_looked_once_does_not_wait),
        TEST(who_enables_its_interrupt_waits_for_it_too),
        TEST(enable_starts_the_regulator),
        TEST(usbpwrrdy_may_need_enable_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
