/* SPDX-License-Identifier: Apache-2.0 */
/* COMP and LPCOMP, without a CPU (PS v1.7, 6.5, 6.13). Offsets are typed, not taken. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/comparator.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { BASE = 0x40013000, IRQ = 19, COMP = 2, LPCOMP = 1 };
enum { START = 0x000, STOP = 0x004, SAMPLE = 0x008, READY = 0x100, DOWN = 0x104, UP = 0x108 };
enum { CROSS = 0x10c, SHORTS = 0x200, INTENSET = 0x304, RESULT = 0x400, ENABLE = 0x500 };
enum { PSEL = 0x504, REFSEL = 0x508, EXTREFSEL = 0x50c, ANADETECT = 0x520, TH = 0x530 };
enum { MODE = 0x534, HYST = 0x538 };

struct fixture {
    struct chip *chip;
    struct analog analog;
    struct comp comp;
    struct lpcomp lpcomp;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    analog_init(&f->analog, &f->chip->state);
    f->chip->fabric.analog = &f->analog;
    comp_init(&f->comp, &f->chip->fabric, &comp_spec);
    lpcomp_init(&f->lpcomp, &f->chip->fabric, &lpcomp_spec);
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
    return chip_read(f->chip, BASE + offset);
}

static void poke(struct fixture *f, uint32_t offset, uint32_t value)
{
    chip_write(f->chip, BASE + offset, value);
}

static void start(struct fixture *f, uint32_t which)
{
    poke(f, ENABLE, which);
    poke(f, START, 1);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_int_equal(peek(f, READY), 1);
}

/* Whether the input's move to `millivolts` raised the event at `event`, and no other. */
static void assert_moves(struct fixture *f, unsigned millivolts, uint32_t event)
{
    poke(f, UP, 0);
    poke(f, DOWN, 0);
    poke(f, CROSS, 0);
    analog_drive(&f->analog, 3, millivolts);
    assert_int_equal(peek(f, UP), event == UP);
    assert_int_equal(peek(f, DOWN), event == DOWN);
    assert_int_equal(peek(f, CROSS), event != 0);
}

static void comp_has_two_thresholds_in_64ths_of_its_reference(void **state)
{
    struct fixture *f = *state;

    poke(f, PSEL, 3);
    poke(f, REFSEL, 4);        /* VDD, 3300 mV */
    poke(f, TH, 15 | 31 << 8); /* 825 mV, 1650 mV */
    start(f, COMP);
    assert_moves(f, 1650, 0);
    assert_moves(f, 1651, UP);
    assert_moves(f, 3000, 0);
    assert_moves(f, 825, 0);
    assert_moves(f, 824, DOWN);
    assert_moves(f, 1000, 0);
}

static void comp_has_internal_and_external_references(void **state)
{
    static const uint32_t references[] = {1200, 1800, 2400};
    struct fixture *f = *state;

    poke(f, PSEL, 3);
    poke(f, TH, 31 | 31 << 8); /* half */
    start(f, COMP);
    for (uint32_t i = 0; i < 3; i++) {
        analog_drive(&f->analog, 3, 0);
        poke(f, REFSEL, i);
        assert_moves(f, references[i] / 2, 0);
        assert_moves(f, references[i] / 2 + 1, UP);
    }
    analog_drive(&f->analog, 3, 0);
    analog_drive(&f->analog, 6, 1000);
    poke(f, EXTREFSEL, 6);
    poke(f, REFSEL, 5);
    assert_moves(f, 501, UP);
}

static void comp_compares_two_inputs_with_a_hysteresis(void **state)
{
    struct fixture *f = *state;

    poke(f, PSEL, 3);
    poke(f, EXTREFSEL, 5);
    poke(f, MODE, 1 << 8);
    poke(f, HYST, 1);
    analog_drive(&f->analog, 5, 1000);
    start(f, COMP);
    assert_moves(f, 1025, 0);
    assert_moves(f, 1026, UP);
    assert_moves(f, 975, 0);
    assert_moves(f, 974, DOWN);
}

static void lpcomp_compares_with_a_part_of_the_supply(void **state)
{
    static const struct {
        uint32_t refsel;
        unsigned sixteenths;
    } rows[] = {{0, 2}, {6, 14}, {8, 1}, {15, 15}, {3, 8}};
    struct fixture *f = *state;

    analog_supply(&f->analog, 1600);
    poke(f, PSEL, 3);
    start(f, LPCOMP);
    for (unsigned i = 0; i < ARRAY_LENGTH(rows); i++) {
        analog_drive(&f->analog, 3, 0);
        poke(f, REFSEL, rows[i].refsel);
        assert_moves(f, 100 * rows[i].sixteenths, 0);
        assert_moves(f, 100 * rows[i].sixteenths + 1, UP);
    }
    analog_drive(&f->analog, 1, 700);
    poke(f, EXTREFSEL, 1);
    poke(f, REFSEL, 7);
    assert_moves(f, 699, DOWN);
}

static void sample_copies_the_output(void **state)
{
    struct fixture *f = *state;

    poke(f, PSEL, 3);
    analog_drive(&f->analog, 3, 3000);
    poke(f, SHORTS, 1); /* READY -> SAMPLE */
    start(f, LPCOMP);
    assert_int_equal(peek(f, RESULT), 1);
    analog_drive(&f->analog, 3, 0);
    assert_int_equal(peek(f, RESULT), 1);
    poke(f, SAMPLE, 1);
    assert_int_equal(peek(f, RESULT), 0);
}

static void a_shortcut_stops_it_at_the_first_crossing(void **state)
{
    struct fixture *f = *state;

    poke(f, PSEL, 3);
    poke(f, SHORTS, 1 << 3); /* UP -> STOP */
    poke(f, INTENSET, 1 << 2);
    start(f, LPCOMP);
    assert_moves(f, 3000, UP);
    assert_true(chip_irq(f->chip, IRQ));
    assert_moves(f, 0, 0);
}

static void it_says_nothing_before_it_is_ready_and_after_stop(void **state)
{
    struct fixture *f = *state;

    poke(f, PSEL, 3);
    poke(f, ENABLE, LPCOMP);
    poke(f, START, 1);
    assert_moves(f, 3000, 0);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_int_equal(peek(f, READY), 1);
    assert_int_equal(peek(f, UP), 0); /* it was above all along */
    poke(f, STOP, 1);
    assert_moves(f, 0, 0);
}

static void started_while_disabled_it_is_reported(void **state)
{
    struct fixture *f = *state;

    poke(f, START, 1);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_int_equal(peek(f, READY), 0);
    assert_int_equal(f->chip->misuses, 1);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_DISABLED);
}

static void lpcomp_goes_on_in_system_off_to_wake_the_chip(void **state)
{
    struct fixture *f = *state;

    poke(f, PSEL, 3);
    poke(f, ANADETECT, 2); /* DOWN */
    start(f, LPCOMP);
    lpcomp_reset(&f->lpcomp, RESET_INTO_OFF);
    comp_reset(&f->comp, RESET_INTO_OFF);
    analog_drive(&f->analog, 3, 3000);
    assert_false(wire_get(&f->chip->wires, WIRE_ANADETECT));
    analog_drive(&f->analog, 3, 0);
    assert_true(wire_get(&f->chip->wires, WIRE_ANADETECT));
    lpcomp_reset(&f->lpcomp, RESET_OFF_LPCOMP);
    comp_reset(&f->comp, RESET_OFF_LPCOMP);
    assert_false(wire_get(&f->chip->wires, WIRE_ANADETECT));
    assert_int_equal(peek(f, ENABLE), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(comp_has_two_thresholds_in_64ths_of_its_reference),
        TEST(comp_has_internal_and_external_references),
        TEST(comp_compares_two_inputs_with_a_hysteresis),
        TEST(lpcomp_compares_with_a_part_of_the_supply),
        TEST(sample_copies_the_output),
        TEST(a_shortcut_stops_it_at_the_first_crossing),
        TEST(it_says_nothing_before_it_is_ready_and_after_stop),
        TEST(started_while_disabled_it_is_reported),
        TEST(lpcomp_goes_on_in_system_off_to_wake_the_chip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
