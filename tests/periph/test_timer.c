/* SPDX-License-Identifier: Apache-2.0 */
/* TIMER, chapter by chapter, without a CPU (PS v1.7, 6.30). Offsets are typed, not taken. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/ppi.h"
#include "sim/periph/timer.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { TIMER0 = 0x40008000, TIMER1 = 0x40009000, TIMER3 = 0x4001a000, PPI = 0x4001f000 };
enum { START = 0x000, STOP = 0x004, COUNT = 0x008, CLEAR = 0x00c, SHUTDOWN = 0x010 };
enum { CAPTURE = 0x040, COMPARE = 0x140, SHORTS = 0x200, INTENSET = 0x304, INTENCLR = 0x308 };
enum { MODE = 0x504, BITMODE = 0x508, PRESCALER = 0x510, CC = 0x540 };
enum { BITS_32 = 3, BITS_24 = 2, BITS_8 = 1, IRQ_TIMER0 = 8, IRQ_TIMER3 = 26 };

struct fixture {
    struct chip *chip;
    struct timer timer[TIMERS];
    struct ppi ppi;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    ppi_init(&f->ppi, &f->chip->fabric, &ppi_spec);
    f->chip->fabric.publish = ppi_publish;
    f->chip->fabric.publish_owner = &f->ppi;
    for (unsigned i = 0; i < TIMERS; i++)
        timer_init(&f->timer[i], &f->chip->fabric, &timer_spec[i]);
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

static uint32_t capture(struct fixture *f, guest_addr timer, unsigned n)
{
    poke(f, timer + CAPTURE + 4 * n, 1);
    return peek(f, timer + CC + 4 * n);
}

/* 16 MHz and 32 bits, so that one step takes 4 cycles. */
static void start_fast(struct fixture *f, guest_addr timer)
{
    poke(f, timer + PRESCALER, 0);
    poke(f, timer + BITMODE, BITS_32);
    poke(f, timer + START, 1);
}

static void registers_have_their_reset_values(void **state)
{
    assert_int_equal(peek(*state, TIMER0 + PRESCALER), 4);
    assert_int_equal(peek(*state, TIMER0 + BITMODE), 0);
    assert_int_equal(peek(*state, TIMER0 + MODE), 0);
    assert_int_equal(peek(*state, TIMER3 + CC), 0);
}

static void timers_0_to_2_have_four_compare_registers_the_others_six(void **state)
{
    struct fixture *f = *state;

    peek(f, TIMER3 + CC + 4 * 5);
    peek(f, TIMER0 + CC + 4 * 3);
    assert_int_equal(f->chip->unmodelled, 0);
    peek(f, TIMER0 + CC + 4 * 4);
    assert_int_equal(f->chip->unmodelled, 1);
}

static void it_counts_at_1_mhz_after_reset(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + START, 1);
    chip_pass(f->chip, 1000 * CYCLES_PER_US - 1);
    assert_int_equal(capture(f, TIMER0, 0), 999);
    chip_pass(f->chip, 1);
    assert_int_equal(capture(f, TIMER0, 0), 1000);
}

static void the_prescaler_divides_16_mhz_by_a_power_of_two(void **state)
{
    struct fixture *f = *state;

    for (uint32_t p = 0; p <= 9; p++) {
        poke(f, TIMER0 + PRESCALER, p);
        poke(f, TIMER0 + CLEAR, 1);
        poke(f, TIMER0 + START, 1);
        chip_pass(f->chip, (4u << p) * 10);
        assert_int_equal(capture(f, TIMER0, 0), 10);
        poke(f, TIMER0 + STOP, 1);
    }
}

static void stopped_it_keeps_its_value_and_goes_on_from_there(void **state)
{
    struct fixture *f = *state;

    start_fast(f, TIMER0);
    chip_pass(f->chip, 40);
    poke(f, TIMER0 + STOP, 1);
    chip_pass(f->chip, 1000);
    assert_int_equal(capture(f, TIMER0, 1), 10);
    poke(f, TIMER0 + START, 1);
    chip_pass(f->chip, 8);
    assert_int_equal(capture(f, TIMER0, 1), 12);
}

static void a_second_start_changes_nothing(void **state)
{
    struct fixture *f = *state;

    start_fast(f, TIMER0);
    chip_pass(f->chip, 6);
    poke(f, TIMER0 + START, 1);
    chip_pass(f->chip, 6);
    assert_int_equal(capture(f, TIMER0, 0), 3);
}

static void clear_and_shutdown_set_it_to_0(void **state)
{
    struct fixture *f = *state;

    start_fast(f, TIMER0);
    chip_pass(f->chip, 400);
    poke(f, TIMER0 + CLEAR, 1);
    chip_pass(f->chip, 4);
    assert_int_equal(capture(f, TIMER0, 0), 1);
    poke(f, TIMER0 + SHUTDOWN, 1);
    chip_pass(f->chip, 400);
    assert_int_equal(capture(f, TIMER0, 0), 0);
}

static void the_counter_wraps_at_its_width(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + PRESCALER, 0);
    poke(f, TIMER0 + BITMODE, BITS_8);
    poke(f, TIMER0 + START, 1);
    chip_pass(f->chip, 4 * 257);
    assert_int_equal(capture(f, TIMER0, 0), 1);

    poke(f, TIMER1 + PRESCALER, 0);
    poke(f, TIMER1 + BITMODE, BITS_24);
    poke(f, TIMER1 + START, 1);
    chip_pass(f->chip, 4 * ((sim_time)1 << 24) + 8);
    assert_int_equal(capture(f, TIMER1, 0), 2);
}

static void a_match_comes_at_the_exact_cycle(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + CC + 8, 100);
    start_fast(f, TIMER0);
    chip_pass(f->chip, 399);
    assert_int_equal(peek(f, TIMER0 + COMPARE + 8), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(peek(f, TIMER0 + COMPARE + 8), 1);
    assert_int_equal(peek(f, TIMER0 + COMPARE), 0);
}

static void a_match_comes_once_a_turn(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + PRESCALER, 0);
    poke(f, TIMER0 + BITMODE, BITS_8);
    poke(f, TIMER0 + CC, 0x305); /* only the bits of the width count: 5 */
    poke(f, TIMER0 + START, 1);
    for (unsigned turn = 0; turn < 3; turn++) {
        chip_pass(f->chip, turn ? 4 * 256 - 1 : 4 * 5 - 1);
        assert_int_equal(peek(f, TIMER0 + COMPARE), 0);
        chip_pass(f->chip, 1);
        assert_int_equal(peek(f, TIMER0 + COMPARE), 1);
        poke(f, TIMER0 + COMPARE, 0);
    }
}

static void a_compare_value_of_0_matches_when_the_counter_wraps(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + PRESCALER, 0);
    poke(f, TIMER0 + BITMODE, BITS_8);
    poke(f, TIMER0 + START, 1);
    chip_pass(f->chip, 4 * 256 - 1);
    assert_int_equal(peek(f, TIMER0 + COMPARE), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(peek(f, TIMER0 + COMPARE), 1);
}

static void the_interrupt_bits_start_at_16(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + INTENSET, 0xffffffff);
    assert_int_equal(peek(f, TIMER0 + INTENSET), 0x000f0000);
    poke(f, TIMER3 + INTENSET, 0xffffffff);
    assert_int_equal(peek(f, TIMER3 + INTENSET), 0x003f0000);
    poke(f, TIMER0 + INTENCLR, ~(uint32_t)(1 << 17));
    poke(f, TIMER0 + CC + 4, 10);
    start_fast(f, TIMER0);
    chip_pass(f->chip, 39);
    assert_false(chip_irq(f->chip, IRQ_TIMER0));
    chip_pass(f->chip, 1);
    assert_true(chip_irq(f->chip, IRQ_TIMER0));
    assert_false(chip_irq(f->chip, IRQ_TIMER3));
    poke(f, TIMER0 + COMPARE + 4, 0);
    assert_false(chip_irq(f->chip, IRQ_TIMER0));
}

static void the_clear_shortcut_makes_the_period_cc_steps(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + CC, 25);
    poke(f, TIMER0 + SHORTS, 1 << 0);
    start_fast(f, TIMER0);
    for (unsigned period = 0; period < 5; period++) {
        chip_pass(f->chip, 99);
        assert_int_equal(peek(f, TIMER0 + COMPARE), 0);
        chip_pass(f->chip, 1);
        assert_int_equal(peek(f, TIMER0 + COMPARE), 1);
        assert_int_equal(capture(f, TIMER0, 1), 0);
        poke(f, TIMER0 + COMPARE, 0);
    }
}

static void the_stop_shortcut_stops_at_the_match(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER3 + CC + 4 * 5, 7);
    poke(f, TIMER3 + SHORTS, 1 << 13);
    start_fast(f, TIMER3);
    chip_pass(f->chip, 1000);
    assert_int_equal(capture(f, TIMER3, 0), 7);
    poke(f, TIMER3 + START, 1);
    chip_pass(f->chip, 4);
    assert_int_equal(capture(f, TIMER3, 0), 8);
}

static void two_compare_registers_with_one_value_both_match(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + CC, 5);
    poke(f, TIMER0 + CC + 12, 5);
    poke(f, TIMER0 + SHORTS, 1 << 0 | 1 << 8); /* the first clears and stops */
    start_fast(f, TIMER0);
    chip_pass(f->chip, 20);
    assert_int_equal(peek(f, TIMER0 + COMPARE), 1);
    assert_int_equal(peek(f, TIMER0 + COMPARE + 12), 1);
    assert_int_equal(capture(f, TIMER0, 1), 0);
}

static void a_compare_value_can_be_moved_while_it_runs(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + CC, 10);
    start_fast(f, TIMER0);
    chip_pass(f->chip, 36);
    poke(f, TIMER0 + CC, 20);
    chip_pass(f->chip, 43);
    assert_int_equal(peek(f, TIMER0 + COMPARE), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(peek(f, TIMER0 + COMPARE), 1);
}

static void in_counter_mode_it_counts_tasks_and_no_time(void **state)
{
    struct fixture *f = *state;

    for (uint32_t mode = 1; mode <= 2; mode++) {
        poke(f, TIMER0 + MODE, mode);
        poke(f, TIMER0 + CC, 3);
        poke(f, TIMER0 + CLEAR, 1);
        poke(f, TIMER0 + START, 1);
        chip_pass(f->chip, 100000);
        assert_int_equal(capture(f, TIMER0, 1), 0);
        for (unsigned i = 1; i <= 3; i++) {
            assert_int_equal(peek(f, TIMER0 + COMPARE), 0);
            poke(f, TIMER0 + COUNT, 1);
            assert_int_equal(capture(f, TIMER0, 1), i);
        }
        assert_int_equal(peek(f, TIMER0 + COMPARE), 1);
        poke(f, TIMER0 + COMPARE, 0);
        poke(f, TIMER0 + STOP, 1);
    }
}

static void in_timer_mode_the_count_task_does_nothing(void **state)
{
    struct fixture *f = *state;

    start_fast(f, TIMER0);
    poke(f, TIMER0 + COUNT, 1);
    assert_int_equal(capture(f, TIMER0, 0), 0);
}

static void settings_must_not_change_while_it_runs(void **state)
{
    struct fixture *f = *state;

    start_fast(f, TIMER0);
    assert_int_equal(f->chip->misuses, 0);
    chip_pass(f->chip, 40);
    poke(f, TIMER0 + PRESCALER, 0); /* as it is */
    assert_int_equal(f->chip->misuses, 0);
    poke(f, TIMER0 + PRESCALER, 1);
    assert_int_equal(f->chip->misuses, 1);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_RUNNING);
    assert_int_equal(f->chip->misuse[0].address, 0x40008510);
    chip_pass(f->chip, 80);
    assert_int_equal(capture(f, TIMER0, 0), 20);
}

static void a_match_triggers_another_timer_in_the_same_cycle(void **state)
{
    struct fixture *f = *state;

    poke(f, PPI + 0x510, TIMER0 + COMPARE);
    poke(f, PPI + 0x514, TIMER1 + START);
    poke(f, PPI + 0x910, TIMER3 + CAPTURE + 8); /* fork of channel 0 */
    poke(f, PPI + 0x504, 1);
    poke(f, TIMER0 + CC, 50);
    poke(f, TIMER1 + PRESCALER, 0);
    start_fast(f, TIMER3);
    start_fast(f, TIMER0);
    chip_pass(f->chip, 400);
    assert_int_equal(capture(f, TIMER1, 0), 50);
    assert_int_equal(peek(f, TIMER3 + CC + 8), 50);
}

static void timer_0_counts_what_timer_1_does(void **state)
{
    struct fixture *f = *state;

    poke(f, PPI + 0x510, TIMER1 + COMPARE);
    poke(f, PPI + 0x514, TIMER0 + COUNT);
    poke(f, PPI + 0x504, 1);
    poke(f, TIMER0 + MODE, 2);
    poke(f, TIMER0 + START, 1);
    poke(f, TIMER1 + CC, 10);
    poke(f, TIMER1 + SHORTS, 1);
    start_fast(f, TIMER1);
    chip_pass(f->chip, 40 * 7);
    assert_int_equal(capture(f, TIMER0, 0), 7);
}

static void a_snapshot_goes_on_where_it_was_taken(void **state)
{
    struct fixture *f = *state;
    struct snapshot *before;
    uint64_t after;

    poke(f, TIMER0 + CC, 30);
    start_fast(f, TIMER0);
    chip_pass(f->chip, 61);
    before = snapshot_take(&f->chip->state);
    chip_pass(f->chip, 100);
    after = state_hash(&f->chip->state);
    snapshot_restore(before, &f->chip->state);
    snapshot_free(before);
    assert_int_equal(peek(f, TIMER0 + COMPARE), 0);
    chip_pass(f->chip, 100);
    assert_true(state_hash(&f->chip->state) == after);
}

static void reset_stops_it(void **state)
{
    struct fixture *f = *state;

    poke(f, TIMER0 + CC, 10);
    start_fast(f, TIMER0);
    chip_pass(f->chip, 20);
    timer_reset(&f->timer[0], RESET_SOFT);
    chip_pass(f->chip, 1000);
    assert_int_equal(capture(f, TIMER0, 1), 0);
    assert_int_equal(peek(f, TIMER0 + COMPARE), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(registers_have_their_reset_values),
        TEST(timers_0_to_2_have_four_compare_registers_the_others_six),
        TEST(it_counts_at_1_mhz_after_reset),
        TEST(the_prescaler_divides_16_mhz_by_a_power_of_two),
        TEST(stopped_it_keeps_its_value_and_goes_on_from_there),
        TEST(a_second_start_changes_nothing),
        TEST(clear_and_shutdown_set_it_to_0),
        TEST(the_counter_wraps_at_its_width),
        TEST(a_match_comes_at_the_exact_cycle),
        TEST(a_match_comes_once_a_turn),
        TEST(a_compare_value_of_0_matches_when_the_counter_wraps),
        TEST(the_interrupt_bits_start_at_16),
        TEST(the_clear_shortcut_makes_the_period_cc_steps),
        TEST(the_stop_shortcut_stops_at_the_match),
        TEST(two_compare_registers_with_one_value_both_match),
        TEST(a_compare_value_can_be_moved_while_it_runs),
        TEST(in_counter_mode_it_counts_tasks_and_no_time),
        TEST(in_timer_mode_the_count_task_does_nothing),
        TEST(settings_must_not_change_while_it_runs),
        TEST(a_match_triggers_another_timer_in_the_same_cycle),
        TEST(timer_0_counts_what_timer_1_does),
        TEST(a_snapshot_goes_on_where_it_was_taken),
        TEST(reset_stops_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
