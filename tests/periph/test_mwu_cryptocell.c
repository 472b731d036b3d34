/* SPDX-License-Identifier: Apache-2.0 */
/* MWU and CRYPTOCELL: their registers, and that they say what they do not do. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/cryptocell.h"
#include "sim/periph/mwu.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

struct fixture {
    struct chip *chip;
    struct mwu mwu;
    struct cryptocell cryptocell;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    mwu_init(&f->mwu, &f->chip->fabric, &mwu_spec);
    cryptocell_init(&f->cryptocell, &f->chip->fabric, &cryptocell_spec);
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

static void the_peripheral_regions_are_where_the_peripherals_are(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    assert_int_equal(chip_read(chip, 0x400206c0), 0x40000000);
    assert_int_equal(chip_read(chip, 0x400206c4), 0x4001ffff);
    assert_int_equal(chip_read(chip, 0x400206d0), 0x40020000);
    assert_int_equal(chip_read(chip, 0x400206d4), 0x4003ffff);
}

static void regions_and_enables_are_stored(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x40020630, 0x20000000);
    chip_write(chip, 0x40020634, 0x20001fff);
    chip_write(chip, 0x40020514, 0x040000c0); /* REGIONENSET */
    chip_write(chip, 0x40020518, 0x00000040); /* REGIONENCLR */
    chip_write(chip, 0x40020324, 0x00000080); /* NMIENSET */
    assert_int_equal(chip_read(chip, 0x40020630), 0x20000000);
    assert_int_equal(chip_read(chip, 0x40020510), 0x04000080);
    assert_int_equal(chip_read(chip, 0x40020320), 0x00000080);
    assert_int_equal(chip->misuses, 0);
}

static void a_region_that_is_enabled_is_told_of_once(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x40020630, 0x20000000);
    assert_int_equal(chip->unmodelled, 0);
    chip_write(chip, 0x40020510, 1);
    chip_write(chip, 0x40020514, 2);
    assert_int_equal(chip->unmodelled, 1);
    assert_string_equal(chip->last_unmodelled.block, "MWU");
}

static void the_engine_can_be_switched_on_and_known_but_not_used(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x5002a500, 1);
    assert_int_equal(chip_read(chip, 0x5002a500), 1);
    assert_int_equal(chip_read(chip, 0x5002ba24), 0x20e00000); /* HOST_SIGNATURE */
    assert_int_equal(chip_read(chip, 0x5002ba04), 0x01ffffff); /* IMR */
    assert_int_equal(chip->unmodelled, 0);
    chip_write(chip, 0x5002b400, 1); /* AES key 0 */
    assert_int_equal(chip->unmodelled, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_peripheral_regions_are_where_the_peripherals_are),
        TEST(regions_and_enables_are_stored),
        TEST(a_region_that_is_enabled_is_told_of_once),
        TEST(the_engine_can_be_switched_on_and_known_but_not_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
