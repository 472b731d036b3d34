/* SPDX-License-Identifier: Apache-2.0 */
/* RTC, chapter by chapter, without a CPU (PS v1.7, 6.22). Offsets are typed, not taken. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/lfclk.h"
#include "sim/periph/power_clock.h"
#include "sim/periph/ppi.h"
#include "sim/periph/rtc.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { RTC0 = 0x4000b000, RTC1 = 0x40011000, RTC2 = 0x40024000, PPI = 0x4001f000 };
enum { START = 0x000, STOP = 0x004, CLEAR = 0x008, TRIGOVRFLW = 0x00c };
enum { TICK = 0x100, OVRFLW = 0x104, COMPARE = 0x140, INTENSET = 0x304, INTENCLR = 0x308 };
enum { EVTEN = 0x340, EVTENSET = 0x344, EVTENCLR = 0x348 };
enum { COUNTER = 0x504, PRESCALER = 0x508, CC = 0x540, IRQ_RTC1 = 17 };

struct fixture {
    struct chip *chip;
    struct power_clock clock;
    struct rtc rtc[RTCS];
    struct ppi ppi;
};

static uint32_t peek(struct fixture *f, guest_addr address)
{
    return chip_read(f->chip, address);
}

static void poke(struct fixture *f, guest_addr address, uint32_t value)
{
    chip_write(f->chip, address, value);
}

static sim_time now(const struct fixture *f)
{
    return f->chip->scheduler.state.now;
}

/* To right behind the `n`th edge of LFCLK from here. */
static void pass_edges(struct fixture *f, uint64_t n)
{
    chip_pass(f->chip, lfclk_edge_time(lfclk_edges(now(f)) + n) - now(f));
}

/* LFCLK runs, and an edge was just now. */
static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    power_clock_init(&f->clock, &f->chip->fabric);
    ppi_init(&f->ppi, &f->chip->fabric, &ppi_spec);
    f->chip->fabric.publish = ppi_publish;
    f->chip->fabric.publish_owner = &f->ppi;
    for (unsigned i = 0; i < RTCS; i++)
        rtc_init(&f->rtc[i], &f->chip->fabric, &rtc_spec[i]);
    poke(f, 0x40000008, 1); /* LFCLKSTART */
    chip_pass(f->chip, CYCLES_PER_MS);
    pass_edges(f, 1);
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

/* Started at the edge that was just now; a start takes effect at the next edge. */
static void start(struct fixture *f, guest_addr rtc)
{
    poke(f, rtc + START, 1);
    pass_edges(f, 1);
}

static void edges_are_1953_and_an_eighth_cycles_apart(void **state)
{
    (void)state;
    assert_int_equal(lfclk_edge_time(8), 15625);
    assert_int_equal(lfclk_edge_time(32768), 64000000);
    assert_int_equal(lfclk_edge_time(1), 1954);
    for (uint64_t n = 1; n < 100; n++) {
        assert_int_equal(lfclk_edges(lfclk_edge_time(n)), n);
        assert_int_equal(lfclk_edges(lfclk_edge_time(n) - 1), n - 1);
    }
}

static void rtc0_has_three_compare_registers_the_others_four(void **state)
{
    struct fixture *f = *state;

    peek(f, RTC1 + CC + 12);
    peek(f, RTC2 + CC + 12);
    assert_int_equal(f->chip->unmodelled, 0);
    peek(f, RTC0 + CC + 12);
    assert_int_equal(f->chip->unmodelled, 1);
}

static void started_it_counts_32768_steps_a_second(void **state)
{
    struct fixture *f = *state;

    start(f, RTC1);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0);
    chip_pass(f->chip, CYCLES_PER_SECOND);
    assert_int_equal(peek(f, RTC1 + COUNTER), 32768);
}

static void the_prescaler_divides_by_one_more(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + PRESCALER, 327);
    start(f, RTC1);
    pass_edges(f, 327);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0);
    pass_edges(f, 1);
    assert_int_equal(peek(f, RTC1 + COUNTER), 1);
    pass_edges(f, 328 * 99);
    assert_int_equal(peek(f, RTC1 + COUNTER), 100);
}

static void without_lfclk_it_stands_still(void **state)
{
    struct fixture *f = *state;

    start(f, RTC1);
    pass_edges(f, 10);
    poke(f, 0x4000000c, 1); /* LFCLKSTOP */
    chip_pass(f->chip, CYCLES_PER_SECOND);
    assert_int_equal(peek(f, RTC1 + COUNTER), 10);
    poke(f, 0x40000008, 1);
    chip_pass(f->chip, CYCLES_PER_MS);
    assert_in_range(peek(f, RTC1 + COUNTER), 11, 10 + 33);
}

/* 6.22.8: "15 to 46 us". */
static void a_task_takes_effect_after_half_a_period_to_one_and_a_half(void **state)
{
    struct fixture *f = *state;

    start(f, RTC1);
    pass_edges(f, 5);
    poke(f, RTC1 + CLEAR, 1);
    assert_int_equal(peek(f, RTC1 + COUNTER), 5);
    chip_pass(f->chip, 1952);
    assert_int_equal(peek(f, RTC1 + COUNTER), 5);
    chip_pass(f->chip, 2);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0);

    pass_edges(f, 5);
    chip_pass(f->chip, 1500); /* less than half a period left */
    poke(f, RTC1 + STOP, 1);
    chip_pass(f->chip, 460);
    assert_int_equal(peek(f, RTC1 + COUNTER), 6);
    pass_edges(f, 10);
    assert_int_equal(peek(f, RTC1 + COUNTER), 7);
}

static void trigovrflw_sets_it_16_steps_before_the_overflow(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + EVTENSET, 1 << 1);
    start(f, RTC1);
    poke(f, RTC1 + TRIGOVRFLW, 1);
    pass_edges(f, 1);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0xfffff0);
    pass_edges(f, 15);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0xffffff);
    assert_int_equal(peek(f, RTC1 + OVRFLW), 0);
    pass_edges(f, 1);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0);
    assert_int_equal(peek(f, RTC1 + OVRFLW), 1);
}

static void an_event_is_generated_only_when_somebody_asked_for_it(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + CC, 3);
    start(f, RTC1);
    pass_edges(f, 4);
    assert_int_equal(peek(f, RTC1 + COMPARE), 0);
    assert_int_equal(peek(f, RTC1 + TICK), 0);
    poke(f, RTC1 + INTENSET, 1 << 0);
    pass_edges(f, 1);
    assert_int_equal(peek(f, RTC1 + TICK), 1);
    assert_true(chip_irq(f->chip, IRQ_RTC1));
}

static void evten_has_three_addresses(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + EVTENSET, 1 << 0 | 1 << 19);
    poke(f, RTC1 + EVTENSET, 1 << 1);
    assert_int_equal(peek(f, RTC1 + EVTEN), 0x80003);
    poke(f, RTC1 + EVTENCLR, 1 << 0);
    assert_int_equal(peek(f, RTC1 + EVTENCLR), 0x80002);
    poke(f, RTC1 + EVTEN, 0xf0003);
    assert_int_equal(peek(f, RTC1 + EVTENSET), 0xf0003);
    assert_int_equal(f->chip->misuses, 0);
}

static void a_match_comes_with_the_step_to_the_value(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + EVTENSET, 1 << 18);
    poke(f, RTC1 + CC + 8, 100);
    start(f, RTC1);
    pass_edges(f, 100);
    chip_pass(f->chip, 0);
    assert_int_equal(peek(f, RTC1 + COMPARE + 8), 1);
    poke(f, RTC1 + COMPARE + 8, 0);
    pass_edges(f, 1000);
    assert_int_equal(peek(f, RTC1 + COMPARE + 8), 0);
}

static void the_cycle_before_the_step_there_is_no_match(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + EVTENSET, 1 << 16);
    poke(f, RTC1 + CC, 2);
    start(f, RTC1);
    chip_pass(f->chip, lfclk_edge_time(lfclk_edges(now(f)) + 2) - now(f) - 1);
    assert_int_equal(peek(f, RTC1 + COMPARE), 0);
    chip_pass(f->chip, 1);
    assert_int_equal(peek(f, RTC1 + COMPARE), 1);
}

/* 6.22.7: CC 0 and CLEAR, CC N and START at N. */
static void clear_and_start_make_no_match(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + EVTENSET, 1 << 16);
    poke(f, RTC1 + CC, 0);
    start(f, RTC1);
    pass_edges(f, 3);
    poke(f, RTC1 + CLEAR, 1);
    pass_edges(f, 5);
    assert_int_equal(peek(f, RTC1 + COMPARE), 0);
}

/* 6.22.7: N + 2 is guaranteed, whatever the choice. */
static void two_steps_ahead_always_matches(void **state)
{
    struct fixture *f = *state;

    for (enum choice_policy policy = CHOICE_REALISTIC; policy <= CHOICE_LAZY; policy++) {
        f->chip->chooser.other_policy = policy;
        poke(f, RTC1 + EVTENSET, 1 << 16);
        start(f, RTC1);
        for (unsigned late = 0; late < 1953; late += 279) {
            pass_edges(f, 4);
            chip_pass(f->chip, late);
            poke(f, RTC1 + COMPARE, 0);
            poke(f, RTC1 + CC, peek(f, RTC1 + COUNTER) + 2);
            pass_edges(f, 2);
            assert_int_equal(peek(f, RTC1 + COMPARE), 1);
        }
    }
}

static void one_step_ahead_may_be_missed(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + EVTENSET, 1 << 16);
    start(f, RTC1);
    pass_edges(f, 4);
    f->chip->chooser.other_policy = CHOICE_EAGER;
    poke(f, RTC1 + CC, peek(f, RTC1 + COUNTER) + 1);
    pass_edges(f, 2);
    assert_int_equal(peek(f, RTC1 + COMPARE), 1);

    poke(f, RTC1 + COMPARE, 0);
    f->chip->chooser.other_policy = CHOICE_LAZY;
    chip_pass(f->chip, 100);
    poke(f, RTC1 + CC, peek(f, RTC1 + COUNTER) + 1);
    pass_edges(f, 4);
    assert_int_equal(peek(f, RTC1 + COMPARE), 0);
}

static void a_match_on_the_old_value_can_still_come(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + EVTENSET, 1 << 16);
    poke(f, RTC1 + CC, 5);
    start(f, RTC1);
    pass_edges(f, 4);
    f->chip->chooser.other_policy = CHOICE_LAZY;
    chip_pass(f->chip, 100);
    poke(f, RTC1 + CC, 1000);
    pass_edges(f, 1);
    assert_int_equal(peek(f, RTC1 + COMPARE), 1);
}

static void the_ppi_hears_only_what_evten_lets_through(void **state)
{
    struct fixture *f = *state;

    poke(f, PPI + 0x510, RTC1 + COMPARE);
    poke(f, PPI + 0x514, RTC2 + START);
    poke(f, PPI + 0x504, 1);
    poke(f, RTC1 + CC, 2);
    poke(f, RTC1 + INTENSET, 1 << 16);
    start(f, RTC1);
    pass_edges(f, 4);
    assert_int_equal(peek(f, RTC1 + COMPARE), 1);
    pass_edges(f, 4);
    assert_int_equal(peek(f, RTC2 + COUNTER), 0);

    poke(f, RTC1 + EVTENSET, 1 << 16);
    poke(f, RTC1 + CC, peek(f, RTC1 + COUNTER) + 2);
    pass_edges(f, 5);
    assert_int_equal(peek(f, RTC2 + COUNTER), 2); /* the task takes a period itself */
}

static void the_prescaler_stays_while_it_runs(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + PRESCALER, 7);
    start(f, RTC1);
    poke(f, RTC1 + PRESCALER, 7);
    assert_int_equal(f->chip->misuses, 0);
    poke(f, RTC1 + PRESCALER, 9);
    assert_int_equal(f->chip->misuses, 1);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_RUNNING);
    assert_int_equal(peek(f, RTC1 + PRESCALER), 7);
    poke(f, RTC1 + STOP, 1);
    pass_edges(f, 2);
    poke(f, RTC1 + PRESCALER, 9);
    assert_int_equal(f->chip->misuses, 1);
    assert_int_equal(peek(f, RTC1 + PRESCALER), 9);
}

static void the_counter_is_24_bits_wide(void **state)
{
    struct fixture *f = *state;

    poke(f, RTC1 + EVTENSET, 1 << 1);
    start(f, RTC1);
    pass_edges(f, 0xffffff);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0xffffff);
    pass_edges(f, 1);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0);
    assert_int_equal(peek(f, RTC1 + OVRFLW), 1);
}

static void nothing_is_scheduled_when_nobody_asked(void **state)
{
    struct fixture *f = *state;

    start(f, RTC1);
    assert_true(scheduler_when(&f->chip->scheduler, EVENT_RTC_STEP, 1) == SIM_TIME_NEVER);
    poke(f, RTC1 + INTENSET, 1);
    assert_true(scheduler_when(&f->chip->scheduler, EVENT_RTC_STEP, 1) != SIM_TIME_NEVER);
    poke(f, RTC1 + INTENCLR, 1);
    assert_true(scheduler_when(&f->chip->scheduler, EVENT_RTC_STEP, 1) == SIM_TIME_NEVER);
}

static void reset_stops_it_at_0(void **state)
{
    struct fixture *f = *state;

    start(f, RTC1);
    pass_edges(f, 10);
    rtc_reset(&f->rtc[1], RESET_SOFT);
    pass_edges(f, 10);
    assert_int_equal(peek(f, RTC1 + COUNTER), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(edges_are_1953_and_an_eighth_cycles_apart),
        TEST(rtc0_has_three_compare_registers_the_others_four),
        TEST(started_it_counts_32768_steps_a_second),
        TEST(the_prescaler_divides_by_one_more),
        TEST(without_lfclk_it_stands_still),
        TEST(a_task_takes_effect_after_half_a_period_to_one_and_a_half),
        TEST(trigovrflw_sets_it_16_steps_before_the_overflow),
        TEST(an_event_is_generated_only_when_somebody_asked_for_it),
        TEST(evten_has_three_addresses),
        TEST(a_match_comes_with_the_step_to_the_value),
        TEST(the_cycle_before_the_step_there_is_no_match),
        TEST(clear_and_start_make_no_match),
        TEST(two_steps_ahead_always_matches),
        TEST(one_step_ahead_may_be_missed),
        TEST(a_match_on_the_old_value_can_still_come),
        TEST(the_ppi_hears_only_what_evten_lets_through),
        TEST(the_prescaler_stays_while_it_runs),
        TEST(the_counter_is_24_bits_wide),
        TEST(nothing_is_scheduled_when_nobody_asked),
        TEST(reset_stops_it_at_0),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
