/* SPDX-License-Identifier: Apache-2.0 */
/* GPIOTE, chapter by chapter, without a CPU (PS v1.7, 6.10). Offsets are typed, not taken. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/gpio.h"
#include "sim/periph/gpiote.h"
#include "sim/periph/ppi.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { GPIOTE = 0x40006000, P0 = 0x50000000, PPI = 0x4001f000, IRQ_GPIOTE = 6 };
enum { OUT = 0x000, SET = 0x030, CLR = 0x060, IN = 0x100, PORT = 0x17c };
enum { INTENSET = 0x304, CONFIG = 0x510 };
enum { EVENT = 1, TASK = 3, RISES = 1 << 16, FALLS = 2 << 16, BOTH = 3 << 16, HIGH = 1 << 20 };
enum { BUTTON = 11, LED = 13, P1_02 = 34 };

struct fixture {
    struct chip *chip;
    struct gpio gpio;
    struct gpiote gpiote;
    struct ppi ppi;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    ppi_init(&f->ppi, &f->chip->fabric, &ppi_spec);
    f->chip->fabric.publish = ppi_publish;
    f->chip->fabric.publish_owner = &f->ppi;
    f->chip->fabric.gpio = &f->gpio;
    gpio_init(&f->gpio, &f->chip->fabric);
    gpiote_init(&f->gpiote, &f->chip->fabric, &gpiote_spec);
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

static uint32_t peek(struct fixture *f, uint32_t offset)
{
    return chip_read(f->chip, GPIOTE + offset);
}

static void poke(struct fixture *f, uint32_t offset, uint32_t value)
{
    chip_write(f->chip, GPIOTE + offset, value);
}

static uint32_t pin(unsigned n)
{
    return (n % 32) << 8 | (n / 32) << 13;
}

/* Whether channel 0 raised IN when the button went to `level`. */
static bool sees(struct fixture *f, enum level level)
{
    bool seen;

    poke(f, IN, 0);
    gpio_drive(&f->gpio, BUTTON, level);
    seen = peek(f, IN);
    poke(f, IN, 0);
    return seen;
}

static void an_edge_makes_an_event_as_polarity_says(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG, EVENT | pin(BUTTON) | RISES);
    assert_true(sees(f, LEVEL_HIGH));
    assert_false(sees(f, LEVEL_LOW));
    poke(f, CONFIG, EVENT | pin(BUTTON) | FALLS);
    assert_false(sees(f, LEVEL_HIGH));
    assert_true(sees(f, LEVEL_LOW));
    poke(f, CONFIG, EVENT | pin(BUTTON) | BOTH);
    assert_true(sees(f, LEVEL_HIGH));
    assert_true(sees(f, LEVEL_LOW));
    assert_false(sees(f, LEVEL_LOW)); /* no change */
    poke(f, CONFIG, EVENT | pin(BUTTON));
    assert_false(sees(f, LEVEL_HIGH));
    poke(f, CONFIG, pin(BUTTON) | BOTH); /* off */
    assert_false(sees(f, LEVEL_LOW));
}

static void each_channel_has_a_pin_and_an_interrupt(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG + 4 * 7, EVENT | pin(P1_02) | BOTH);
    poke(f, INTENSET, 1u << 7);
    gpio_drive(&f->gpio, 2, LEVEL_HIGH);
    assert_false(chip_irq(f->chip, IRQ_GPIOTE));
    gpio_drive(&f->gpio, P1_02, LEVEL_HIGH);
    assert_true(chip_irq(f->chip, IRQ_GPIOTE));
    assert_int_equal(peek(f, IN + 4 * 7), 1);
    poke(f, IN + 4 * 7, 0);
    assert_false(chip_irq(f->chip, IRQ_GPIOTE));
}

static void a_task_channel_drives_its_pin_from_the_start(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG, TASK | pin(LED) | BOTH | HIGH);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_HIGH);
    chip_write(f->chip, P0 + 0x50c, 1u << LED); /* OUTCLR has no say */
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_HIGH);
    poke(f, CONFIG, 0);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_FLOATING);
}

static void out_does_what_polarity_says(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG, TASK | pin(LED) | BOTH);
    for (unsigned i = 0; i < 4; i++) {
        poke(f, OUT, 1);
        assert_int_equal(gpio_output(&f->gpio, LED), i % 2 ? LEVEL_LOW : LEVEL_HIGH);
    }
    poke(f, CONFIG, TASK | pin(LED) | RISES);
    poke(f, OUT, 1);
    poke(f, OUT, 1);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_HIGH);
    poke(f, CONFIG, TASK | pin(LED) | FALLS);
    poke(f, OUT, 1);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_LOW);
    poke(f, CONFIG, TASK | pin(LED));
    poke(f, OUT, 1);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_LOW);
}

static void set_and_clr_do_what_they_say(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG + 4 * 3, TASK | pin(LED) | BOTH);
    poke(f, SET + 4 * 3, 1);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_HIGH);
    poke(f, CLR + 4 * 3, 1);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_LOW);
    poke(f, SET, 1); /* another channel, off */
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_LOW);
}

static void changing_the_polarity_keeps_the_level(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG, TASK | pin(LED) | BOTH);
    poke(f, SET, 1);
    poke(f, CONFIG, TASK | pin(LED) | RISES);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_HIGH);
}

static void port_is_raised_when_detect_rises(void **state)
{
    struct fixture *f = *state;

    poke(f, INTENSET, 1u << 31);
    chip_write(f->chip, P0 + 0x700 + 4 * BUTTON, 0x3000c); /* pull-up, sense low */
    chip_write(f->chip, P0 + 0x700 + 4 * (BUTTON + 1), 0x3000c);
    assert_int_equal(peek(f, PORT), 0);
    gpio_drive(&f->gpio, BUTTON, LEVEL_LOW);
    assert_int_equal(peek(f, PORT), 1);
    assert_true(chip_irq(f->chip, IRQ_GPIOTE));
    poke(f, PORT, 0);
    gpio_drive(&f->gpio, BUTTON + 1, LEVEL_LOW); /* DETECT is high already */
    assert_int_equal(peek(f, PORT), 0);
}

/* Button to LED by PPI: no CPU, no time. */
static void a_button_moves_a_led_through_the_ppi(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG, EVENT | pin(BUTTON) | FALLS);
    poke(f, CONFIG + 4, TASK | pin(LED) | BOTH);
    chip_write(f->chip, PPI + 0x510, GPIOTE + IN);
    chip_write(f->chip, PPI + 0x514, GPIOTE + OUT + 4);
    chip_write(f->chip, PPI + 0x504, 1);
    gpio_drive(&f->gpio, BUTTON, LEVEL_HIGH);
    gpio_drive(&f->gpio, BUTTON, LEVEL_LOW);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_HIGH);
}

static void a_task_can_be_seen_by_an_event_channel(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG, TASK | pin(LED) | BOTH);
    poke(f, CONFIG + 4, EVENT | pin(LED) | RISES);
    poke(f, OUT, 1);
    assert_int_equal(peek(f, IN + 4), 1);
}

static void reset_gives_the_pins_back(void **state)
{
    struct fixture *f = *state;

    poke(f, CONFIG, TASK | pin(LED) | BOTH | HIGH);
    gpio_reset(&f->gpio, RESET_SOFT);
    gpiote_reset(&f->gpiote, RESET_SOFT);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_FLOATING);
    assert_int_equal(peek(f, CONFIG), 0);
    poke(f, OUT, 1);
    assert_int_equal(gpio_output(&f->gpio, LED), LEVEL_FLOATING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_edge_makes_an_event_as_polarity_says),
        TEST(each_channel_has_a_pin_and_an_interrupt),
        TEST(a_task_channel_drives_its_pin_from_the_start),
        TEST(out_does_what_polarity_says),
        TEST(set_and_clr_do_what_they_say),
        TEST(changing_the_polarity_keeps_the_level),
        TEST(port_is_raised_when_detect_rises),
        TEST(a_button_moves_a_led_through_the_ppi),
        TEST(a_task_can_be_seen_by_an_event_channel),
        TEST(reset_gives_the_pins_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
