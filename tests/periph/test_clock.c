/* SPDX-License-Identifier: Apache-2.0 */
/* CLOCK, poked without a CPU. Numbers are typed from the specification, not from our list. */
#include "sim/base/heap.h"
#include "sim/periph/power_clock.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum {
    HFCLKSTART = 0x40000000,
    HFCLKSTOP = 0x40000004,
    LFCLKSTART = 0x40000008,
    LFCLKSTOP = 0x4000000c,
    CAL = 0x40000010,
    CTSTART = 0x40000014,
    CTSTOP = 0x40000018,
    HFCLKSTARTED = 0x40000100,
    LFCLKSTARTED = 0x40000104,
    DONE = 0x4000010c,
    CTTO = 0x40000110,
    CTSTARTED = 0x40000128,
    CTSTOPPED = 0x4000012c,
    INTENSET = 0x40000304,
    INTENCLR = 0x40000308,
    HFCLKRUN = 0x40000408,
    HFCLKSTAT = 0x4000040c,
    LFCLKRUN = 0x40000414,
    LFCLKSTAT = 0x40000418,
    LFCLKSRCCOPY = 0x4000041c,
    LFCLKSRC = 0x40000518,
    HFXODEBOUNCE = 0x40000528,
    CTIV = 0x40000538,
};

struct fixture {
    struct chip *chip;
    struct power_clock page;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    power_clock_init(&f->page, &f->chip->fabric);
    power_clock_reset(&f->page, RESET_POWER_ON);
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

static void start_hfxo(struct chip *chip)
{
    chip_write(chip, HFCLKSTART, 1);
    chip_pass(chip, 360 * CYCLES_PER_US);
}

static void start_lfrc(struct chip *chip)
{
    chip_write(chip, LFCLKSTART, 1);
    chip_pass(chip, 600 * CYCLES_PER_US);
}

static void hfxo_starts_after_its_start_time(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    assert_int_equal(chip_read(chip, HFCLKSTAT), 0);
    chip_write(chip, HFCLKSTART, 1);
    assert_int_equal(chip_read(chip, HFCLKRUN), 1);
    chip_pass(chip, 360 * CYCLES_PER_US - 1);
    assert_int_equal(chip_read(chip, HFCLKSTAT), 0);
    assert_int_equal(chip_read(chip, HFCLKSTARTED), 0);
    assert_false(wire_get(&chip->wires, WIRE_HFXO));

    chip_pass(chip, 1);

    assert_int_equal(chip_read(chip, HFCLKSTAT), 0x00010001);
    assert_int_equal(chip_read(chip, HFCLKSTARTED), 1);
    assert_true(wire_get(&chip->wires, WIRE_HFXO));
}

static void starting_hfxo_twice_does_not_delay_it(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, HFCLKSTART, 1);
    chip_pass(chip, 300 * CYCLES_PER_US);
    chip_write(chip, HFCLKSTART, 1);
    chip_pass(chip, 60 * CYCLES_PER_US);

    assert_int_equal(chip_read(chip, HFCLKSTARTED), 1);
    chip_write(chip, HFCLKSTARTED, 0);
    chip_pass(chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(chip, HFCLKSTARTED), 0);
}

static void starting_a_running_hfxo_raises_the_event_again(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_hfxo(chip);
    chip_write(chip, HFCLKSTARTED, 0);

    chip_write(chip, HFCLKSTART, 1);

    assert_int_equal(chip_read(chip, HFCLKSTARTED), 1);
    assert_int_equal(chip_read(chip, HFCLKSTAT), 0x00010001);
}

static void stopping_hfxo_lowers_its_wire_and_cancels_a_start(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_hfxo(chip);
    chip_write(chip, HFCLKSTOP, 1);
    assert_int_equal(chip_read(chip, HFCLKSTAT), 0);
    assert_int_equal(chip_read(chip, HFCLKRUN), 0);
    assert_false(wire_get(&chip->wires, WIRE_HFXO));

    chip_write(chip, HFCLKSTARTED, 0);
    chip_write(chip, HFCLKSTART, 1);
    chip_write(chip, HFCLKSTOP, 1);
    chip_pass(chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(chip, HFCLKSTARTED), 0);
}

static void writing_zero_to_a_task_starts_nothing(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, HFCLKSTART, 0);
    chip_pass(chip, CYCLES_PER_SECOND);

    assert_int_equal(chip_read(chip, HFCLKRUN), 0);
    assert_int_equal(chip_read(chip, HFCLKSTARTED), 0);
}

static void the_eager_and_the_lazy_policy_move_the_start_of_hfxo(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip->chooser.other_policy = CHOICE_EAGER;
    chip_write(chip, HFCLKSTART, 1);
    chip_pass(chip, 100 * CYCLES_PER_US);
    assert_int_equal(chip_read(chip, HFCLKSTARTED), 1);

    chip_write(chip, HFCLKSTOP, 1);
    chip_write(chip, HFCLKSTARTED, 0);
    chip->chooser.other_policy = CHOICE_LAZY;
    chip_write(chip, HFCLKSTART, 1);
    chip_pass(chip, 1000 * CYCLES_PER_US - 1);
    assert_int_equal(chip_read(chip, HFCLKSTARTED), 0);
    chip_pass(chip, 1);
    assert_int_equal(chip_read(chip, HFCLKSTARTED), 1);
}

static void lfclk_from_rc_starts_after_600_microseconds(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, LFCLKSTOP, 1);
    chip_write(chip, LFCLKSRC, 0);
    chip_write(chip, LFCLKSTART, 1);
    assert_int_equal(chip_read(chip, LFCLKRUN), 1);
    chip_pass(chip, 600 * CYCLES_PER_US - 1);
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 0);

    chip_pass(chip, 1);

    assert_int_equal(chip_read(chip, LFCLKSTARTED), 1);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0x00010000);
}

static void lfclk_from_the_crystal_shows_its_source(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, LFCLKSRC, 1);
    chip_write(chip, LFCLKSTART, 1);
    assert_int_equal(chip_read(chip, LFCLKSRCCOPY), 1);
    chip_write(chip, LFCLKSRC, 0); /* too late for this start */
    chip_pass(chip, 600 * CYCLES_PER_US);

    assert_int_equal(chip_read(chip, LFCLKSTARTED), 1);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0x00010001);
    assert_int_equal(chip_read(chip, LFCLKSRCCOPY), 1);
}

static void the_lazy_policy_gives_the_crystal_its_250_milliseconds(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip->chooser.other_policy = CHOICE_LAZY;
    chip_write(chip, LFCLKSRC, 1);
    chip_write(chip, LFCLKSTART, 1);
    chip_pass(chip, 250 * CYCLES_PER_MS - 1);
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 0);
    chip_pass(chip, 1);
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 1);
}

static void starting_a_running_lfclk_raises_the_event_again(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_lfrc(chip);
    chip_write(chip, LFCLKSTARTED, 0);
    chip_write(chip, LFCLKSTART, 1);
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 1);
}

static void stopping_lfclk_stops_it(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_lfrc(chip);
    chip_write(chip, LFCLKSTOP, 1);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0);
    assert_int_equal(chip_read(chip, LFCLKRUN), 0);
}

static void a_stop_cancels_the_start_of_lfclk(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, LFCLKSTART, 1);
    chip_write(chip, LFCLKSTOP, 1);
    chip_pass(chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 0);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0);
}

static void starting_lfclk_twice_starts_it_once_from_the_last_source(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, LFCLKSTART, 1);
    chip_pass(chip, 300 * CYCLES_PER_US);
    chip_write(chip, LFCLKSRC, 1);
    chip_write(chip, LFCLKSTART, 1);
    chip_write(chip, LFCLKSTART, 1);
    chip_pass(chip, 600 * CYCLES_PER_US - 1);
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 0);
    chip_pass(chip, 1);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0x00010001);
    chip_write(chip, LFCLKSTARTED, 0);
    chip_pass(chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 0);
}

/* As drivers do that want a clock soon and the crystal later. */
static void lfclk_changes_from_rc_to_the_crystal_while_it_runs(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_lfrc(chip);
    chip_write(chip, LFCLKSTARTED, 0);
    chip_write(chip, LFCLKSRC, 1);
    chip_write(chip, LFCLKSTART, 1);
    assert_int_equal(chip_read(chip, LFCLKSRCCOPY), 1);
    chip_pass(chip, 600 * CYCLES_PER_US - 1);
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 0);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0x00010000);

    chip_pass(chip, 1);

    assert_int_equal(chip_read(chip, LFCLKSTARTED), 1);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0x00010001);
    assert_int_equal(chip->misuses, 0);
}

/* It is then as good as the RC oscillator of HFCLK, which is no mistake. */
static void the_synthesized_source_needs_no_hfxo(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, LFCLKSRC, 2);
    start_lfrc(chip);

    assert_int_equal(chip->misuses, 0);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0x00010002);
}

static void the_synthesized_source_with_hfxo_is_silent(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_hfxo(chip);
    chip_write(chip, LFCLKSRC, 2);
    start_lfrc(chip);

    assert_int_equal(chip->misuses, 0);
    assert_int_equal(chip_read(chip, LFCLKSTAT), 0x00010002);
}

static void calibration_raises_done(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_hfxo(chip);
    chip_write(chip, CAL, 1);
    assert_int_equal(chip_read(chip, DONE), 0);
    chip_pass(chip, 16 * CYCLES_PER_MS);
    assert_int_equal(chip_read(chip, DONE), 1);
    assert_int_equal(chip->misuses, 0);
}

static void calibration_without_hfxo_is_reported(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, CAL, 1);
    assert_int_equal(chip->misuses, 1);
    assert_int_equal(chip->misuse[0].misuse, MISUSE_NO_HFXO);
}

static void the_calibration_timer_counts_quarter_seconds(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_lfrc(chip);
    chip_write(chip, CTIV, 3);
    chip_write(chip, CTSTART, 1);
    assert_int_equal(chip_read(chip, CTSTARTED), 1);
    chip_pass(chip, 750 * CYCLES_PER_MS - 1);
    assert_int_equal(chip_read(chip, CTTO), 0);
    chip_pass(chip, 1);
    assert_int_equal(chip_read(chip, CTTO), 1);
}

static void a_stopped_calibration_timer_does_not_time_out(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    start_lfrc(chip);
    chip_write(chip, CTIV, 1);
    chip_write(chip, CTSTART, 1);
    chip_write(chip, CTSTOP, 1);
    assert_int_equal(chip_read(chip, CTSTOPPED), 1);
    chip_pass(chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(chip, CTTO), 0);
}

static void the_calibration_timer_needs_lfclk(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, CTIV, 1);
    chip_write(chip, CTSTART, 1);
    chip_pass(chip, CYCLES_PER_SECOND);
    assert_int_equal(chip_read(chip, CTSTARTED), 0);
    assert_int_equal(chip_read(chip, CTTO), 0);
}

static void interrupt_0_follows_the_started_event(void **state)
{
    struct chip *chip = ((struct fixture *)*state)->chip;

    chip_write(chip, INTENSET, 1);
    start_hfxo(chip);
    assert_true(chip_irq(chip, 0));
    chip_write(chip, HFCLKSTARTED, 0);
    assert_false(chip_irq(chip, 0));
}

static void a_reset_stops_the_oscillators_and_forgets_pending_starts(void **state)
{
    struct fixture *f = *state;
    struct chip *chip = f->chip;

    start_hfxo(chip);
    chip_write(chip, LFCLKSTART, 1);
    chip_write(chip, HFXODEBOUNCE, 0x20);

    power_clock_reset(&f->page, RESET_SOFT);
    chip_pass(chip, CYCLES_PER_SECOND);

    assert_int_equal(chip_read(chip, HFCLKSTAT), 0);
    assert_false(wire_get(&chip->wires, WIRE_HFXO));
    assert_int_equal(chip_read(chip, LFCLKSTARTED), 0);
    assert_int_equal(chip_read(chip, HFXODEBOUNCE), 0x10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(hfxo_starts_after_its_start_time),
        TEST(starting_hfxo_twice_does_not_delay_it),
        TEST(starting_a_running_hfxo_raises_the_event_again),
        TEST(stopping_hfxo_lowers_its_wire_and_cancels_a_start),
        TEST(writing_zero_to_a_task_starts_nothing),
        TEST(the_eager_and_the_lazy_policy_move_the_start_of_hfxo),
        TEST(lfclk_from_rc_starts_after_600_microseconds),
        TEST(lfclk_from_the_crystal_shows_its_source),
        TEST(the_lazy_policy_gives_the_crystal_its_250_milliseconds),
        TEST(starting_a_running_lfclk_raises_the_event_again),
        TEST(stopping_lfclk_stops_it),
        TEST(a_stop_cancels_the_start_of_lfclk),
        TEST(starting_lfclk_twice_starts_it_once_from_the_last_source),
        TEST(lfclk_changes_from_rc_to_the_crystal_while_it_runs),
        TEST(the_synthesized_source_needs_no_hfxo),
        TEST(the_synthesized_source_with_hfxo_is_silent),
        TEST(calibration_raises_done),
        TEST(calibration_without_hfxo_is_reported),
        TEST(the_calibration_timer_counts_quarter_seconds),
        TEST(a_stopped_calibration_timer_does_not_time_out),
        TEST(the_calibration_timer_needs_lfclk),
        TEST(interrupt_0_follows_the_started_event),
        TEST(a_reset_stops_the_oscillators_and_forgets_pending_starts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
