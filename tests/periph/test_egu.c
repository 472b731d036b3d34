/* SPDX-License-Identifier: Apache-2.0 */
/* EGU, without a CPU (PS v1.7, 6.8). Offsets are typed, not taken. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/egu.h"
#include "sim/periph/ppi.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { EGU0 = 0x40014000, EGU5 = 0x40019000, PPI = 0x4001f000, IRQ_SWI0 = 20, IRQ_SWI5 = 25 };

struct fixture {
    struct chip *chip;
    struct egu egu[EGUS];
    struct ppi ppi;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    ppi_init(&f->ppi, &f->chip->fabric, &ppi_spec);
    f->chip->fabric.publish = ppi_publish;
    f->chip->fabric.publish_owner = &f->ppi;
    for (unsigned i = 0; i < EGUS; i++)
        egu_init(&f->egu[i], &f->chip->fabric, &egu_spec[i]);
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

static void each_task_raises_its_event(void **state)
{
    struct fixture *f = *state;

    for (unsigned n = 0; n < 16; n++) {
        chip_write(f->chip, EGU5 + 4 * n, 1);
        for (unsigned other = 0; other < 16; other++)
            assert_int_equal(chip_read(f->chip, EGU5 + 0x100 + 4 * other), other == n);
        chip_write(f->chip, EGU5 + 0x100 + 4 * n, 0);
    }
}

static void an_enabled_event_is_a_software_interrupt(void **state)
{
    struct fixture *f = *state;

    chip_write(f->chip, EGU0 + 0x304, 1 << 15);
    chip_write(f->chip, EGU0 + 4 * 14, 1);
    assert_false(chip_irq(f->chip, IRQ_SWI0));
    chip_write(f->chip, EGU0 + 4 * 15, 1);
    assert_true(chip_irq(f->chip, IRQ_SWI0));
    assert_false(chip_irq(f->chip, IRQ_SWI5));
    chip_write(f->chip, EGU0 + 0x100 + 4 * 15, 0);
    assert_false(chip_irq(f->chip, IRQ_SWI0));
}

/* A chain through six units and the PPI, in one instant. */
static void units_pass_an_event_on_through_the_ppi(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i + 1 < EGUS; i++) {
        chip_write(f->chip, PPI + 0x510 + 8 * i, EGU0 + 0x1000 * i + 0x100 + 4 * i);
        chip_write(f->chip, PPI + 0x514 + 8 * i, EGU0 + 0x1000 * (i + 1) + 4 * (i + 1));
    }
    chip_write(f->chip, PPI + 0x504, 0x1f);
    chip_write(f->chip, EGU0, 1);
    assert_int_equal(chip_read(f->chip, EGU5 + 0x100 + 4 * 5), 1);
}

static void reset_clears_it(void **state)
{
    struct fixture *f = *state;

    chip_write(f->chip, EGU0 + 0x300, 1);
    chip_write(f->chip, EGU0, 1);
    egu_reset(&f->egu[0], RESET_SOFT);
    assert_int_equal(chip_read(f->chip, EGU0 + 0x100), 0);
    assert_int_equal(chip_read(f->chip, EGU0 + 0x300), 0);
    assert_false(chip_irq(f->chip, IRQ_SWI0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_task_raises_its_event),
        TEST(an_enabled_event_is_a_software_interrupt),
        TEST(units_pass_an_event_on_through_the_ppi),
        TEST(reset_clears_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
