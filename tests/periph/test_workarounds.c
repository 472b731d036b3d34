/* SPDX-License-Identifier: Apache-2.0 */
/* Registers in no manual: workarounds of drivers in the field write them, and nothing is reported.
 */
#include "sim/base/heap.h"
#include "sim/periph/egu.h"
#include "sim/periph/workarounds.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

struct fixture {
    struct chip *chip;
    struct workarounds workarounds;
    struct egu egu;
    guest_addr cycled;
};

static void note_cycle(void *owner, guest_addr base)
{
    ((struct fixture *)owner)->cycled = base;
}

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    workarounds_init(&f->workarounds, &f->chip->fabric);
    workarounds_reset(&f->workarounds, RESET_POWER_ON);
    f->workarounds.power_cycle = note_cycle;
    f->workarounds.owner = f;
    egu_init(&f->egu, &f->chip->fabric, &egu_spec[0]);
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

static void what_workarounds_write_is_kept_and_not_reported(void **state)
{
    static const guest_addr written[] = {0x40000e00, 0x40000e04, 0x40000e34, 0x40000ee4, 0x4000173c,
                                         0x40001774, 0x4000568c, 0x40006614, 0x40008554, 0x4000c504,
                                         0x40025038, 0x40029054, 0x4002f004, 0x400230a4};
    struct chip *chip = ((struct fixture *)*state)->chip;

    for (unsigned i = 0; i < sizeof written / sizeof written[0]; i++) {
        chip_write(chip, written[i], 0x100 + i);
        assert_int_equal(chip_read(chip, written[i]), 0x100 + i);
    }
    assert_int_equal(chip->unmodelled, 0);
    assert_int_equal(chip->misuses, 0);
}

static void their_neighbours_are_still_reported(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x40029058, 1);
    assert_int_equal(chip->unmodelled, 1);
}

static void a_block_knows_its_own_registers_first(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x40014304, 1); /* EGU0.INTENSET */
    assert_int_equal(chip_read(chip, 0x40014300), 1);
    chip_write(chip, 0x40014010 + 0x100, 1); /* an event that exists: no fallback */
    assert_int_equal(chip->unmodelled, 0);
}

static void a_block_is_switched_off_and_on_at_ffc(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(chip_read(f->chip, 0x40014ffc), 1);
    chip_write(f->chip, 0x40014ffc, 1);
    assert_int_equal(f->cycled, 0);
    chip_write(f->chip, 0x40014ffc, 0);
    assert_int_equal(f->cycled, 0x40014000);
    assert_int_equal(chip_read(f->chip, 0x40014ffc), 0);
    chip_write(f->chip, 0x40014ffc, 1);
    assert_int_equal(chip_read(f->chip, 0x40014ffc), 1);
    assert_int_equal(f->chip->unmodelled, 0);
}

static void the_supply_itself_has_no_such_register(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, 0x40000ffc, 0);
    assert_int_equal(chip->unmodelled, 1);
}

static void a_reset_takes_them_back(void **state)
{
    struct fixture *f = *state;

    chip_write(f->chip, 0x40000e00, 3);
    chip_write(f->chip, 0x40014ffc, 0);
    workarounds_reset(&f->workarounds, RESET_SOFT);
    assert_int_equal(chip_read(f->chip, 0x40000e00), 0);
    assert_int_equal(chip_read(f->chip, 0x40001788), 1);
    assert_int_equal(chip_read(f->chip, 0x40027474), 0x20);
    assert_int_equal(chip_read(f->chip, 0x40014ffc), 1);
}

int main(void)
{
#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        FRESH(what_workarounds_write_is_kept_and_not_reported),
        FRESH(their_neighbours_are_still_reported),
        FRESH(a_block_knows_its_own_registers_first),
        FRESH(a_block_is_switched_off_and_on_at_ffc),
        FRESH(the_supply_itself_has_no_such_register),
        FRESH(a_reset_takes_them_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
