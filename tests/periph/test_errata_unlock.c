/* SPDX-License-Identifier: Apache-2.0 */
/* The lock of the USBD workarounds, with the sequences that drivers in the field use. */
#include "sim/base/heap.h"
#include "sim/periph/errata_unlock.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { LOCK = 0x4006ec00, ERRATA_171 = 0x4006ec14, ERRATA_187 = 0x4006ed14, KEY = 0x9375 };

struct fixture {
    struct chip *chip;
    struct errata_unlock errata;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    errata_unlock_init(&f->errata, &f->chip->fabric, &errata_unlock_spec);
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

static void it_is_locked_after_reset(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    assert_int_equal(chip_read(chip, LOCK), 0);
}

static void a_driver_that_looks_first_can_write(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    if (chip_read(chip, LOCK) == 0)
        chip_write(chip, LOCK, KEY);
    assert_int_not_equal(chip_read(chip, LOCK), 0);
    chip_write(chip, ERRATA_171, 0xc0);
    chip_write(chip, ERRATA_187, 3);
    chip_write(chip, LOCK, KEY);

    assert_int_equal(chip_read(chip, LOCK), 0);
    assert_int_equal(chip_read(chip, ERRATA_171), 0xc0);
    assert_int_equal(chip_read(chip, ERRATA_187), 3);
    assert_int_equal(chip->misuses, 0);
}

static void a_driver_that_turns_the_key_blindly_can_write(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, LOCK, KEY);
    chip_write(chip, ERRATA_187, 3);
    chip_write(chip, LOCK, KEY);
    chip_write(chip, LOCK, KEY);
    chip_write(chip, ERRATA_187, 0);
    chip_write(chip, LOCK, KEY);
    assert_int_equal(chip_read(chip, ERRATA_187), 0);
    assert_int_equal(chip_read(chip, LOCK), 0);
    assert_int_equal(chip->misuses, 0);
}

static void a_write_while_locked_is_ignored_and_reported(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, ERRATA_171, 0xc0);
    assert_int_equal(chip_read(chip, ERRATA_171), 0);
    assert_int_equal(chip->misuses, 1);
    assert_int_equal(chip->misuse[0].misuse, MISUSE_DISABLED);
    assert_int_equal(chip->misuse[0].address, ERRATA_171);
}

static void a_wrong_key_turns_nothing(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, LOCK, 0x9374);
    assert_int_equal(chip_read(chip, LOCK), 0);
    chip_write(chip, LOCK, KEY);
    chip_write(chip, LOCK, 0);
    assert_int_equal(chip_read(chip, LOCK), 1);
}

static void its_neighbours_are_unmodelled(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    (void)chip_read(chip, 0x4006ec18);
    assert_int_equal(chip->unmodelled, 1);
    assert_string_equal(chip->last_unmodelled.block, "ERRATA");
}

static void a_reset_locks_it_and_clears_the_values(void **state)
{
    struct fixture *f = *state;

    chip_write(f->chip, LOCK, KEY);
    chip_write(f->chip, ERRATA_171, 0xc0);
    errata_unlock_reset(&f->errata, RESET_SOFT);
    assert_int_equal(chip_read(f->chip, LOCK), 0);
    assert_int_equal(chip_read(f->chip, ERRATA_171), 0);
    chip_write(f->chip, LOCK, KEY);
    assert_int_equal(chip_read(f->chip, LOCK), 1);
}

static void usbd_hears_of_the_workarounds(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;
    struct errata_unlock *errata = &((struct fixture *)*state)->errata;

    chip_write(chip, LOCK, KEY);
    chip_write(chip, ERRATA_171, 0xc0);
    assert_true(wire_get(&chip->wires, WIRE_ERRATUM_171));
    assert_false(wire_get(&chip->wires, WIRE_ERRATUM_187));
    chip_write(chip, ERRATA_187, 3);
    assert_true(wire_get(&chip->wires, WIRE_ERRATUM_187));
    chip_write(chip, ERRATA_171, 0);
    assert_false(wire_get(&chip->wires, WIRE_ERRATUM_171));
    errata_unlock_reset(errata, RESET_SOFT);
    assert_false(wire_get(&chip->wires, WIRE_ERRATUM_187));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(it_is_locked_after_reset),
        TEST(a_driver_that_looks_first_can_write),
        TEST(a_driver_that_turns_the_key_blindly_can_write),
        TEST(a_write_while_locked_is_ignored_and_reported),
        TEST(a_wrong_key_turns_nothing),
        TEST(its_neighbours_are_unmodelled),
        TEST(a_reset_locks_it_and_clears_the_values),
        TEST(usbd_hears_of_the_workarounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
