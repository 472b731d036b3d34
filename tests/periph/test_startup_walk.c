/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What real start-up code does to the chip, access by access and in its order, without a CPU: the
 * vendor's SystemInit, a Rust board support package, and the power-up of two USB stacks. Addresses
 * and values are those of that code, not of our lists.
 */
#include "sim/base/heap.h"
#include "sim/periph/easydma.h"
#include "sim/periph/errata_unlock.h"
#include "sim/periph/ficr.h"
#include "sim/periph/gpio.h"
#include "sim/periph/nvmc.h"
#include "sim/periph/power_clock.h"
#include "sim/periph/ppi.h"
#include "sim/periph/uicr.h"
#include "sim/periph/usbd.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

/* Far more than any of the waits needs: 10 ms. */
enum { POLL_CYCLES = 64, POLLS = 10000 };

struct board {
    struct chip *chip;
    struct easydma easydma;
    struct power_clock power_clock;
    struct nvmc nvmc;
    struct ppi ppi;
    struct errata_unlock errata;
    struct gpio gpio;
    struct usbd usbd;
};

static int power_on(void **state)
{
    struct board *board = heap_allocate(1, sizeof *board);
    struct fabric *fabric;

    board->chip = chip_new();
    fabric = &board->chip->fabric;
    fabric->publish = ppi_publish;
    fabric->publish_owner = &board->ppi;
    ficr_init(fabric->memory);
    uicr_init(fabric->memory);
    easydma_init(&board->easydma, fabric);
    power_clock_init(&board->power_clock, fabric);
    nvmc_init(&board->nvmc, fabric, &nvmc_spec);
    ppi_init(&board->ppi, fabric, &ppi_spec);
    errata_unlock_init(&board->errata, fabric, &errata_unlock_spec);
    gpio_init(&board->gpio, fabric);
    fabric->easydma = &board->easydma;
    usbd_init(&board->usbd, fabric, &usbd_spec);
    power_clock_reset(&board->power_clock, RESET_POWER_ON);
    wire_set(fabric->wires, WIRE_VBUS, true);
    chip_pass(board->chip, 0);
    *state = board;
    return 0;
}

static int switch_off(void **state)
{
    struct board *board = *state;

    chip_free(board->chip);
    heap_release(board);
    return 0;
}

static uint32_t peek(struct board *board, guest_addr address)
{
    return chip_read(board->chip, address);
}

static void poke(struct board *board, guest_addr address, uint32_t value)
{
    chip_write(board->chip, address, value);
}

/* while ((*address & mask) != value) {} */
static void poll_until(struct board *board, guest_addr address, uint32_t mask, uint32_t value)
{
    for (unsigned i = 0; i < POLLS; i++) {
        if ((peek(board, address) & mask) == value)
            return;
        chip_pass(board->chip, POLL_CYCLES);
    }
    fail_msg("0x%08x never showed 0x%x", address, value);
}

static void assert_all_modelled(const struct board *board)
{
    assert_int_equal(board->chip->misuses, 0);
    assert_int_equal(board->chip->unmodelled, 0);
}

/* ---- Steps that several firmwares have in common ------------------------------------------------
 */

static bool is_locked(struct board *board)
{
    return peek(board, 0x4006ec00) == 0;
}

static void write_locked(struct board *board, guest_addr address, uint32_t value)
{
    bool locked = is_locked(board);

    if (locked)
        poke(board, 0x4006ec00, 0x9375);
    poke(board, address, value);
    if (locked)
        poke(board, 0x4006ec00, 0x9375);
}

static void enable_usbd(struct board *board)
{
    write_locked(board, 0x4006ed14, 3);    /* erratum 187 */
    write_locked(board, 0x4006ec14, 0xc0); /* erratum 171 */
    poke(board, 0x40027500, 1);            /* USBD.ENABLE */
}

static void wait_for_usbd_ready(struct board *board)
{
    poll_until(board, 0x40027400, 1u << 11, 1u << 11); /* USBD.EVENTCAUSE.READY */
    poke(board, 0x40027400, 1u << 11);
    write_locked(board, 0x4006ec14, 0);
    write_locked(board, 0x4006ed14, 0);
    poke(board, 0x40027800, 0x7e3); /* erratum 166 */
    poke(board, 0x40027804, 0x40);
}

/* ---- Walks ----------------------------------------------------------------------------------- */

/* SystemInit of the vendor's MDK 8 on a chip of revision 3. */
static void system_init(struct board *board)
{
    assert_int_equal(chip_cell(board->chip, 0x10000130) & 0xff, 0x08);
    assert_int_equal(chip_cell(board->chip, 0x10000134) & 0xff, 0x05);
    poke(board, 0x4000010c, 0); /* erratum 36: CLOCK.EVENTS_DONE, EVENTS_CTTO, CTIV */
    poke(board, 0x40000110, 0);
    poke(board, 0x40000538, 0);
    if (peek(board, 0x40000400) & 1) /* erratum 136: RESETREAS */
        poke(board, 0x40000400, ~1u);
    poke(board, 0x40000558, chip_cell(board->chip, 0x10001208)); /* APPROTECT.DISABLE */
    /* Settings in UICR that are missing would be written and followed by a reset. */
    assert_false(chip_cell(board->chip, 0x1000120c) & 1);          /* NFCPINS */
    assert_false(chip_cell(board->chip, 0x10001200) & 0x80000000); /* PSELRESET[0] */
    assert_false(chip_cell(board->chip, 0x10001204) & 0x80000000);
}

static void system_init_finds_everything_it_touches(void **state)
{
    struct board *board = *state;

    system_init(board);

    assert_int_equal(peek(board, 0x40000558), 0xffffff5a);
    assert_all_modelled(board);
}

static void after_a_pin_reset_system_init_leaves_only_that_reason(void **state)
{
    struct board *board = *state;

    power_clock_reset(&board->power_clock, RESET_SOFT);
    power_clock_reset(&board->power_clock, RESET_PIN);
    assert_int_equal(peek(board, 0x40000400), 0x5);
    system_init(board);
    assert_int_equal(peek(board, 0x40000400), 0x1);
}

static void the_temperature_trim_is_reported_once_by_the_name_of_its_block(void **state)
{
    struct board *board = *state;

    bus_name_unmodelled(&board->chip->bus, (struct byte_range){0x4000c000, 0x1000}, "TEMP");
    for (guest_addr n = 0; n < 6; n++) /* erratum 66, first part: A0..A5 */
        poke(board, 0x4000c520 + 4 * n, chip_cell(board->chip, 0x10000404 + 4 * n));
    assert_int_equal(board->chip->unmodelled, 6);
    assert_string_equal(board->chip->last_unmodelled.block, "TEMP");
}

/* A board package that waits for the 32 MHz crystal twice, clearing the event in between. */
static void a_rust_board_starts_its_clocks_twice(void **state)
{
    struct board *board = *state;

    poke(board, 0x40000000, 1);
    poll_until(board, 0x40000100, 1, 1);
    poke(board, 0x40000100, 0);
    poke(board, 0x40000518, 1); /* LFCLKSRC: crystal */
    poke(board, 0x40000008, 1);
    poll_until(board, 0x40000104, 1, 1);
    poke(board, 0x40000104, 0);
    poke(board, 0x40000000, 1);
    poll_until(board, 0x40000100, 1, 1);

    assert_int_equal(peek(board, 0x4000040c), 0x00010001);
    assert_int_equal(peek(board, 0x40000418), 0x00010001);
    assert_all_modelled(board);
}

/* The same package then waits for the events, not the levels, of the USB supply. */
static void a_rust_board_powers_usb_up_by_events(void **state)
{
    struct board *board = *state;

    poll_until(board, 0x4000011c, 1, 1); /* POWER.EVENTS_USBDETECTED */
    poke(board, 0x4000011c, 0);
    enable_usbd(board);
    wait_for_usbd_ready(board);
    poll_until(board, 0x40000124, 1, 1); /* POWER.EVENTS_USBPWRRDY */
    poke(board, 0x40000124, 0);
    poke(board, 0x40000000, 1);
    poll_until(board, 0x40000100, 1, 1);
    poke(board, 0x40027504, 1); /* USBD.USBPULLUP */

    assert_true(wire_get(&board->chip->wires, WIRE_USB_PULLUP));
    assert_all_modelled(board);
}

/* The order of a C stack's board package and USB power callbacks, up to the pull-up. */
static void a_c_stack_powers_usb_up_by_levels(void **state)
{
    struct board *board = *state;

    poke(board, 0x4000000c, 1); /* LFCLKSTOP, LFCLKSRC = RC, LFCLKSTART */
    poke(board, 0x40000518, 0);
    poke(board, 0x40000008, 1);
    poke(board, 0x50000700 + 4 * 13, 0x3); /* LED 1, off */
    poke(board, 0x50000508, 1u << 13);
    poke(board, 0x50000700 + 4 * 25, 0xc); /* button 4 */
    poke(board, 0x40000578, 0);            /* DCDCEN, DCDCEN0 */
    poke(board, 0x40000580, 0);
    poke(board, 0x40000304, 0x380); /* interrupts of USBDETECTED, USBREMOVED, USBPWRRDY */
    assert_true(peek(board, 0x40000438) & 1);

    poke(board, 0x40027308, 1u << 23); /* DETECTED: USBEVENT off, READY cleared, ENABLE */
    poke(board, 0x40027400, 1u << 11);
    enable_usbd(board);
    assert_int_equal(peek(board, 0x4000040c), 0);
    poke(board, 0x40000100, 0);
    poke(board, 0x40000000, 1);

    poll_until(board, 0x40000438, 3, 3); /* PWRRDY: READY, ISOSPLIT, USBRESET on, crystal */
    wait_for_usbd_ready(board);
    poke(board, 0x4002751c, 0x80);
    poke(board, 0x40027304, 1);
    poll_until(board, 0x4000040c, 0x00010001, 0x00010001);
    poke(board, 0x40027504, 1);

    assert_true(wire_get(&board->chip->wires, WIRE_USB_PULLUP));
    assert_true(chip_irq(board->chip, 0));
    assert_false(chip_irq(board->chip, 39));
    assert_int_equal(gpio_output(&board->gpio, 13), LEVEL_HIGH);
    assert_int_equal(peek(board, 0x50000510) >> 25 & 1, 1);
    assert_all_modelled(board);
}

/* What a Rust async framework compares and would program, had it to. */
static void an_async_framework_has_nothing_to_program_in_uicr(void **state)
{
    struct board *board = *state;

    assert_int_equal(chip_cell(board->chip, 0x10001200), 18); /* reset pin as wanted */
    assert_int_equal(chip_cell(board->chip, 0x10001208), 0xffffff5a);
    poke(board, 0x40000558, 0x5a); /* APPROTECT.DISABLE = SwDisable */
    poke(board, 0x40000000, 1);
    poll_until(board, 0x40000100, 1, 1);
    assert_all_modelled(board);
}

/* ... and how it does so when a setting is missing. */
static void a_missing_uicr_setting_is_programmed_through_nvmc(void **state)
{
    struct board *board = *state;

    poke(board, 0x4001e504, 2); /* CONFIG: erase */
    poke(board, 0x4001e514, 1); /* ERASEUICR */
    for (unsigned i = 0; i < 100 && !(peek(board, 0x4001e400) & 1); i++)
        chip_pass(board->chip, CYCLES_PER_MS);
    poke(board, 0x4001e504, 1);
    poll_until(board, 0x4001e400, 1, 1);
    assert_true(nvmc_flash_write(&board->nvmc, 0x10001304, 4, 0xfffffffd)); /* REGOUT0 */
    poll_until(board, 0x4001e400, 1, 1);
    poke(board, 0x4001e504, 0);
    poll_until(board, 0x4001e400, 1, 1);

    assert_int_equal(chip_cell(board->chip, 0x10001304), 0xfffffffd);
    assert_int_equal(chip_cell(board->chip, 0x10001200), 0xffffffff);
    assert_all_modelled(board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, power_on, switch_off)
        TEST(system_init_finds_everything_it_touches),
        TEST(after_a_pin_reset_system_init_leaves_only_that_reason),
        TEST(the_temperature_trim_is_reported_once_by_the_name_of_its_block),
        TEST(a_rust_board_starts_its_clocks_twice),
        TEST(a_rust_board_powers_usb_up_by_events),
        TEST(a_c_stack_powers_usb_up_by_levels),
        TEST(an_async_framework_has_nothing_to_program_in_uicr),
        TEST(a_missing_uicr_setting_is_programmed_through_nvmc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
