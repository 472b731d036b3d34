/* SPDX-License-Identifier: Apache-2.0 */
/* GPIO, poked without a CPU. Numbers are typed from the specification, not from our list. */
#include "sim/base/heap.h"
#include "sim/periph/gpio.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum {
    P0_OUT = 0x50000504,
    P0_OUTSET = 0x50000508,
    P0_OUTCLR = 0x5000050c,
    P0_IN = 0x50000510,
    P0_DIR = 0x50000514,
    P0_DIRSET = 0x50000518,
    P0_DIRCLR = 0x5000051c,
    P0_LATCH = 0x50000520,
    P0_PIN_CNF = 0x50000700,
    P0_PIN_CNF_31 = 0x5000077c,
    P1_OUT = 0x50000804,
    P1_IN = 0x50000810,
    P1_DIR = 0x50000814,
    P1_PIN_CNF = 0x50000a00,
    P1_PIN_CNF_15 = 0x50000a3c,
    P1_PIN_CNF_16 = 0x50000a40,

    LED1 = 13,    /* of the nRF52840 DK, lights when low */
    BUTTON1 = 11, /* of the nRF52840 DK, connects to ground when pressed */

    INPUT = 0x0,
    INPUT_PULLDOWN = 0x4,
    INPUT_PULLUP = 0xc,
    DISCONNECTED_PULLUP = 0xe,
    OUTPUT = 0x3,
    OUTPUT_READABLE = 0x1,
    OPEN_DRAIN_PULLUP = 0x60d, /* S0D1 */
    SENSE_LOW_PULLUP = 0x3000c,
};

struct fixture {
    struct chip *chip;
    struct gpio gpio;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    gpio_init(&f->gpio, &f->chip->fabric);
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

static void configure(struct chip *chip, unsigned pin, uint32_t configuration)
{
    chip_write(chip, P0_PIN_CNF + 4 * pin, configuration);
}

static bool reads_high(struct chip *chip, unsigned pin)
{
    return chip_read(chip, P0_IN) >> pin & 1;
}

static void pins_are_disconnected_inputs_after_reset(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    assert_int_equal(chip_read(chip, P0_PIN_CNF), 2);
    assert_int_equal(chip_read(chip, P0_PIN_CNF_31), 2);
    assert_int_equal(chip_read(chip, P1_PIN_CNF), 2);
    assert_int_equal(chip_read(chip, P1_PIN_CNF_15), 2);
    assert_int_equal(chip_read(chip, P0_DIR), 0);
    assert_int_equal(chip_read(chip, P0_IN), 0);
}

static void out_set_and_clear_change_bits_and_read_as_out(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, P0_OUT, 0x0000ff00);
    chip_write(chip, P0_OUTSET, 0x80000001);
    chip_write(chip, P0_OUTCLR, 0x00000f00);
    assert_int_equal(chip_read(chip, P0_OUT), 0x8000f001);
    assert_int_equal(chip_read(chip, P0_OUTSET), 0x8000f001);
    assert_int_equal(chip_read(chip, P0_OUTCLR), 0x8000f001);
}

static void dir_and_pin_cnf_share_their_bit(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, P0_DIRSET, 1u << LED1);
    assert_int_equal(chip_read(chip, P0_PIN_CNF + 4 * LED1), 3);
    configure(chip, 31, OUTPUT);
    assert_int_equal(chip_read(chip, P0_DIR), 0x80002000);
    assert_int_equal(chip_read(chip, P0_DIRCLR), 0x80002000);
    chip_write(chip, P0_DIRCLR, 1u << LED1);
    assert_int_equal(chip_read(chip, P0_PIN_CNF + 4 * LED1), 2);
    chip_write(chip, P0_DIR, 1);
    assert_int_equal(chip_read(chip, P0_PIN_CNF), 3);
    assert_int_equal(chip_read(chip, P0_PIN_CNF_31), 2);
    assert_int_equal(chip_read(chip, P0_DIRSET), 1);
}

static void a_led_sees_what_the_firmware_drives(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(gpio_output(&f->gpio, LED1), LEVEL_FLOATING);
    configure(f->chip, LED1, OUTPUT);
    assert_int_equal(gpio_output(&f->gpio, LED1), LEVEL_LOW);
    chip_write(f->chip, P0_OUTSET, 1u << LED1);
    assert_int_equal(gpio_output(&f->gpio, LED1), LEVEL_HIGH);
}

static void an_output_is_read_back_only_with_its_input_connected(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, P0_OUTSET, 1u << LED1);
    configure(chip, LED1, OUTPUT);
    assert_false(reads_high(chip, LED1));
    configure(chip, LED1, OUTPUT_READABLE);
    assert_true(reads_high(chip, LED1));
}

static void a_button_is_high_by_its_pull_until_it_is_pressed(void **state)
{
    struct fixture *f = *state;

    configure(f->chip, BUTTON1, INPUT_PULLUP);
    assert_true(reads_high(f->chip, BUTTON1));
    gpio_drive(&f->gpio, BUTTON1, LEVEL_LOW);
    assert_false(reads_high(f->chip, BUTTON1));
    gpio_drive(&f->gpio, BUTTON1, LEVEL_FLOATING);
    assert_true(reads_high(f->chip, BUTTON1));
}

static void a_floating_input_follows_its_pull(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    configure(chip, 3, INPUT);
    assert_false(reads_high(chip, 3));
    configure(chip, 3, INPUT_PULLUP);
    assert_true(reads_high(chip, 3));
    configure(chip, 3, INPUT_PULLDOWN);
    assert_false(reads_high(chip, 3));
    configure(chip, 3, DISCONNECTED_PULLUP);
    assert_false(reads_high(chip, 3));
}

static void the_board_overrides_a_pull(void **state)
{
    struct fixture *f = *state;

    configure(f->chip, 3, INPUT_PULLDOWN);
    gpio_drive(&f->gpio, 3, LEVEL_HIGH);
    assert_true(reads_high(f->chip, 3));
}

static void an_open_drain_pin_lets_the_board_pull_it_low(void **state)
{
    struct fixture *f = *state;

    chip_write(f->chip, P0_OUTSET, 1u << 4);
    configure(f->chip, 4, OPEN_DRAIN_PULLUP);
    assert_int_equal(gpio_output(&f->gpio, 4), LEVEL_HIGH);
    assert_true(reads_high(f->chip, 4));
    gpio_drive(&f->gpio, 4, LEVEL_LOW);
    assert_false(reads_high(f->chip, 4));
    gpio_drive(&f->gpio, 4, LEVEL_HIGH);
    chip_write(f->chip, P0_OUTCLR, 1u << 4);
    assert_false(reads_high(f->chip, 4));
    assert_int_equal(gpio_output(&f->gpio, 4), LEVEL_LOW);
}

static void a_sensed_level_is_latched_until_it_is_cleared(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    configure(chip, BUTTON1, SENSE_LOW_PULLUP);
    assert_int_equal(chip_read(chip, P0_LATCH), 0);
    gpio_drive(&f->gpio, BUTTON1, LEVEL_LOW);
    assert_int_equal(chip_read(chip, P0_LATCH), 1u << BUTTON1);
    chip_write(chip, P0_LATCH, 1u << BUTTON1); /* still pressed */
    assert_int_equal(chip_read(chip, P0_LATCH), 1u << BUTTON1);
    gpio_drive(&f->gpio, BUTTON1, LEVEL_FLOATING);
    assert_int_equal(chip_read(chip, P0_LATCH), 1u << BUTTON1);
    chip_write(chip, P0_LATCH, 1u << BUTTON1);
    assert_int_equal(chip_read(chip, P0_LATCH), 0);
}

static void port_1_has_pins_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    chip_write(chip, P1_PIN_CNF, INPUT_PULLUP);
    assert_int_equal(chip_read(chip, P1_IN), 1);
    assert_int_equal(chip_read(chip, P0_IN), 0);
    gpio_drive(&f->gpio, 32, LEVEL_LOW);
    assert_int_equal(chip_read(chip, P1_IN), 0);
    chip_write(chip, P1_PIN_CNF_15, OUTPUT);
    assert_int_equal(chip_read(chip, P1_DIR), 0x8000);
    chip_write(chip, P1_OUT, 0xffffffff);
    assert_int_equal(chip_read(chip, P1_OUT), 0xffff);
    assert_int_equal(gpio_output(&f->gpio, 47), LEVEL_HIGH);
}

static void port_1_ends_at_pin_15(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;
    char name[64];

    (void)chip_read(chip, P1_PIN_CNF_16);
    assert_int_equal(chip->unmodelled, 1);
    bus_register_name(&chip->bus, P1_PIN_CNF_15, name, sizeof name);
    assert_string_equal(name, "P1.PIN_CNF[15]");
    bus_register_name(&chip->bus, P0_PIN_CNF_31, name, sizeof name);
    assert_string_equal(name, "P0.PIN_CNF[31]");
}

static void a_reset_lets_go_of_the_pins_but_not_of_the_button(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    configure(chip, LED1, OUTPUT);
    gpio_drive(&f->gpio, BUTTON1, LEVEL_LOW);
    gpio_reset(&f->gpio, RESET_SOFT);
    assert_int_equal(gpio_output(&f->gpio, LED1), LEVEL_FLOATING);
    assert_int_equal(chip_read(chip, P0_PIN_CNF + 4 * LED1), 2);
    configure(chip, BUTTON1, INPUT_PULLUP);
    assert_false(reads_high(chip, BUTTON1));
}

/* 6.9.2: DETECT is the OR of all sensed pins, and LATCH does not matter. */
static void detect_follows_the_sensed_pins(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    configure(chip, BUTTON1, SENSE_LOW_PULLUP);
    configure(chip, BUTTON1 + 1, SENSE_LOW_PULLUP);
    assert_false(wire_get(&chip->wires, WIRE_DETECT_P0));
    gpio_drive(&f->gpio, BUTTON1, LEVEL_LOW);
    assert_true(wire_get(&chip->wires, WIRE_DETECT_P0));
    assert_false(wire_get(&chip->wires, WIRE_DETECT_P1));
    gpio_drive(&f->gpio, BUTTON1 + 1, LEVEL_LOW);
    gpio_drive(&f->gpio, BUTTON1, LEVEL_FLOATING);
    assert_true(wire_get(&chip->wires, WIRE_DETECT_P0));
    gpio_drive(&f->gpio, BUTTON1 + 1, LEVEL_FLOATING);
    assert_false(wire_get(&chip->wires, WIRE_DETECT_P0));
}

static void enabling_sense_on_a_level_that_is_there_detects_at_once(void **state)
{
    struct fixture *f = *state;

    gpio_drive(&f->gpio, BUTTON1, LEVEL_LOW);
    configure(f->chip, BUTTON1, SENSE_LOW_PULLUP);
    assert_true(wire_get(&f->chip->wires, WIRE_DETECT_P0));
    configure(f->chip, BUTTON1, SENSE_LOW_PULLUP | 2); /* input disconnected */
    assert_false(wire_get(&f->chip->wires, WIRE_DETECT_P0));
}

static void count_edges(void *owner, enum wire_id wire, bool level)
{
    unsigned *rises = owner;

    (void)wire;
    *rises += level;
}

/* 6.9.2.1: LDETECT stays until LATCH is cleared, and rises again when bits are left. */
static void in_latched_mode_detect_follows_latch(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;
    unsigned rises = 0;

    wire_connect(&chip->wires, WIRE_DETECT_P0, count_edges, &rises);
    chip_write(chip, 0x50000524, 1); /* DETECTMODE */
    configure(chip, BUTTON1, SENSE_LOW_PULLUP);
    configure(chip, BUTTON1 + 1, SENSE_LOW_PULLUP);
    gpio_drive(&f->gpio, BUTTON1, LEVEL_LOW);
    gpio_drive(&f->gpio, BUTTON1, LEVEL_FLOATING);
    assert_true(wire_get(&chip->wires, WIRE_DETECT_P0));
    assert_int_equal(rises, 1);
    gpio_drive(&f->gpio, BUTTON1 + 1, LEVEL_LOW);
    assert_int_equal(rises, 1);
    chip_write(chip, P0_LATCH, 1u << BUTTON1);
    assert_true(wire_get(&chip->wires, WIRE_DETECT_P0));
    assert_int_equal(rises, 2);
    gpio_drive(&f->gpio, BUTTON1 + 1, LEVEL_FLOATING);
    chip_write(chip, P0_LATCH, 2u << BUTTON1);
    assert_false(wire_get(&chip->wires, WIRE_DETECT_P0));
    assert_int_equal(rises, 2);
}

static void each_pin_has_a_wire(void **state)
{
    struct fixture *f = *state;

    gpio_drive(&f->gpio, 33, LEVEL_HIGH);
    assert_true(wire_get(&f->chip->wires, (enum wire_id)(WIRE_PIN + 33)));
    chip_write(f->chip, 0x50000518, 1u << 5); /* DIRSET */
    chip_write(f->chip, 0x50000508, 1u << 5); /* OUTSET */
    assert_true(wire_get(&f->chip->wires, (enum wire_id)(WIRE_PIN + 5)));
    chip_write(f->chip, 0x5000050c, 1u << 5); /* OUTCLR */
    assert_false(wire_get(&f->chip->wires, (enum wire_id)(WIRE_PIN + 5)));
}

static void a_peripheral_takes_a_pin_whatever_out_says(void **state)
{
    struct fixture *f = *state;

    chip_write(f->chip, 0x50000518, 1u << 5);
    gpio_take(&f->gpio, 5, true);
    assert_int_equal(gpio_output(&f->gpio, 5), LEVEL_HIGH);
    chip_write(f->chip, 0x50000508, 1u << 5);
    gpio_take(&f->gpio, 5, false);
    assert_int_equal(gpio_output(&f->gpio, 5), LEVEL_LOW);
    gpio_release(&f->gpio, 5);
    assert_int_equal(gpio_output(&f->gpio, 5), LEVEL_HIGH);
}

static void pins_keep_their_settings_through_system_off(void **state)
{
    struct fixture *f = *state;

    configure(f->chip, BUTTON1, SENSE_LOW_PULLUP);
    gpio_reset(&f->gpio, RESET_OFF_DETECT);
    assert_int_equal(chip_read(f->chip, P0_PIN_CNF + 4 * BUTTON1), SENSE_LOW_PULLUP);
    gpio_reset(&f->gpio, RESET_SOFT);
    assert_int_equal(chip_read(f->chip, P0_PIN_CNF + 4 * BUTTON1), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(pins_are_disconnected_inputs_after_reset),
        TEST(out_set_and_clear_change_bits_and_read_as_out),
        TEST(dir_and_pin_cnf_share_their_bit),
        TEST(a_led_sees_what_the_firmware_drives),
        TEST(an_output_is_read_back_only_with_its_input_connected),
        TEST(a_button_is_high_by_its_pull_until_it_is_pressed),
        TEST(a_floating_input_follows_its_pull),
        TEST(the_board_overrides_a_pull),
        TEST(an_open_drain_pin_lets_the_board_pull_it_low),
        TEST(a_sensed_level_is_latched_until_it_is_cleared),
        TEST(detect_follows_the_sensed_pins),
        TEST(enabling_sense_on_a_level_that_is_there_detects_at_once),
        TEST(in_latched_mode_detect_follows_latch),
        TEST(each_pin_has_a_wire),
        TEST(a_peripheral_takes_a_pin_whatever_out_says),
        TEST(pins_keep_their_settings_through_system_off),
        TEST(port_1_has_pins_of_its_own),
        TEST(port_1_ends_at_pin_15),
        TEST(a_reset_lets_go_of_the_pins_but_not_of_the_button),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
