/* SPDX-License-Identifier: Apache-2.0 */
/* RNG and TEMP, without a CPU (PS v1.7, 6.19, 6.28). Offsets are typed, not taken. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/random.h"
#include "sim/periph/temp.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { RNG = 0x4000d000, TEMP = 0x4000c000, IRQ_TEMP = 12, IRQ_RNG = 13 };
enum { START = 0x000, STOP = 0x004, READY = 0x100, SHORTS = 0x200, INTENSET = 0x304 };
enum { CONFIG = 0x504, VALUE = 0x508 };

struct fixture {
    struct chip *chip;
    struct random random;
    struct temp temp;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    f->chip->fabric.seed = 42;
    random_init(&f->random, &f->chip->fabric, &random_spec);
    temp_init(&f->temp, &f->chip->fabric, &temp_spec);
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

static uint32_t peek(struct fixture *f, guest_addr address)
{
    return chip_read(f->chip, address);
}

static void poke(struct fixture *f, guest_addr address, uint32_t value)
{
    chip_write(f->chip, address, value);
}

static void the_first_number_comes_after_the_start_time(void **state)
{
    struct fixture *f = *state;

    poke(f, RNG + START, 1);
    chip_pass(f->chip, 158 * CYCLES_PER_US - 1);
    assert_int_equal(peek(f, RNG + READY), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(peek(f, RNG + READY), 1);
}

static void bias_correction_makes_it_slower(void **state)
{
    struct fixture *f = *state;

    poke(f, RNG + CONFIG, 1);
    poke(f, RNG + START, 1);
    chip_pass(f->chip, 248 * CYCLES_PER_US);
    assert_int_equal(peek(f, RNG + READY), 1);
    for (unsigned i = 0; i < 4; i++) {
        poke(f, RNG + READY, 0);
        chip_pass(f->chip, 120 * CYCLES_PER_US - 1);
        assert_int_equal(peek(f, RNG + READY), 0);
        chip_pass(f->chip, 1);
        assert_int_equal(peek(f, RNG + READY), 1);
    }
}

static void it_goes_on_until_it_is_stopped(void **state)
{
    struct fixture *f = *state;

    poke(f, RNG + INTENSET, 1);
    poke(f, RNG + START, 1);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_true(chip_irq(f->chip, IRQ_RNG));
    poke(f, RNG + STOP, 1);
    poke(f, RNG + READY, 0);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_int_equal(peek(f, RNG + READY), 0);
}

static void the_shortcut_makes_one_number(void **state)
{
    struct fixture *f = *state;

    poke(f, RNG + SHORTS, 1);
    poke(f, RNG + START, 1);
    chip_pass(f->chip, CYCLES_PER_MS);
    poke(f, RNG + READY, 0);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_int_equal(peek(f, RNG + READY), 0);
}

/* All 256 values, none much more often than another: chi-square of 255 degrees of freedom. */
static void the_numbers_are_uniform(void **state)
{
    struct fixture *f = *state;
    unsigned count[256] = {0};
    double chi = 0;

    poke(f, RNG + CONFIG, 1);
    poke(f, RNG + START, 1);
    chip_pass(f->chip, 128 * CYCLES_PER_US);
    for (unsigned i = 0; i < 25600; i++) {
        chip_pass(f->chip, 120 * CYCLES_PER_US);
        count[peek(f, RNG + VALUE)]++;
    }
    for (unsigned i = 0; i < 256; i++)
        chi += ((double)count[i] - 100) * ((double)count[i] - 100) / 100;
    assert_true(chi > 180 && chi < 340);
}

static void a_power_on_repeats_them_a_reset_does_not(void **state)
{
    struct fixture *f = *state;
    uint32_t first;
    uint32_t words[3];

    for (unsigned i = 0; i < 3; i++) {
        poke(f, RNG + START, 1);
        words[i] = 0;
        for (unsigned n = 0; n < 4; n++) {
            chip_pass(f->chip, n ? 30 * CYCLES_PER_US : 158 * CYCLES_PER_US);
            words[i] = words[i] << 8 | peek(f, RNG + VALUE);
        }
        random_reset(&f->random, i == 0 ? RESET_SOFT : RESET_POWER_ON);
    }
    first = words[0];
    assert_int_not_equal(words[1], first);
    assert_int_equal(words[2], first);
}

static void a_measurement_gives_the_temperature_in_quarters(void **state)
{
    struct fixture *f = *state;

    poke(f, TEMP + INTENSET, 1);
    poke(f, TEMP + START, 1);
    chip_pass(f->chip, 36 * CYCLES_PER_US - 1);
    assert_int_equal(peek(f, TEMP + READY), 0);
    chip_pass(f->chip, 1);
    assert_true(chip_irq(f->chip, IRQ_TEMP));
    assert_int_equal(peek(f, TEMP + 0x508), 100);
}

static void a_temperature_below_zero_is_negative(void **state)
{
    struct fixture *f = *state;

    f->temp.quarters = -42;
    poke(f, TEMP + START, 1);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_int_equal(peek(f, TEMP + 0x508), 0xffffffd6);
}

static void a_stopped_measurement_never_ends(void **state)
{
    struct fixture *f = *state;

    poke(f, TEMP + START, 1);
    poke(f, TEMP + STOP, 1);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_int_equal(peek(f, TEMP + READY), 0);
}

static void the_calibration_can_be_written(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(peek(f, TEMP + 0x520), 0x326);
    poke(f, TEMP + 0x520, 0x2f0);
    assert_int_equal(peek(f, TEMP + 0x520), 0x2f0);
    assert_int_equal(peek(f, TEMP + 0x540), 0x3fef);
    assert_int_equal(peek(f, TEMP + 0x570), 0x50);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_number_comes_after_the_start_time),
        TEST(bias_correction_makes_it_slower),
        TEST(it_goes_on_until_it_is_stopped),
        TEST(the_shortcut_makes_one_number),
        TEST(the_numbers_are_uniform),
        TEST(a_power_on_repeats_them_a_reset_does_not),
        TEST(a_measurement_gives_the_temperature_in_quarters),
        TEST(a_temperature_below_zero_is_negative),
        TEST(a_stopped_measurement_never_ends),
        TEST(the_calibration_can_be_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
