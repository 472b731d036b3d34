/* SPDX-License-Identifier: Apache-2.0 */
/* WDT, chapter by chapter, without a CPU (PS v1.7, 6.36). Offsets are typed, not taken. */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/lfclk.h"
#include "sim/periph/wdt.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

enum { WDT = 0x40010000, IRQ_WDT = 16, RELOAD = 0x6e524635 };
enum { START = 0x000, TIMEOUT = 0x100, INTENSET = 0x304, RUNSTATUS = 0x400, REQSTATUS = 0x404 };
enum { CRV = 0x504, RREN = 0x508, CONFIG = 0x50c, RR = 0x600 };

struct fixture {
    struct chip *chip;
    struct wdt wdt;
};

static int set_up(void **state)
{
    struct fixture *f = heap_allocate(1, sizeof *f);

    f->chip = chip_new();
    wdt_init(&f->wdt, &f->chip->fabric, &wdt_spec);
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
    return chip_read(f->chip, WDT + offset);
}

static void poke(struct fixture *f, uint32_t offset, uint32_t value)
{
    chip_write(f->chip, WDT + offset, value);
}

static bool bites(const struct fixture *f)
{
    return wire_get(&f->chip->wires, WIRE_RESET_WATCHDOG);
}

static void pass_edges(struct fixture *f, uint64_t n)
{
    sim_time now = f->chip->scheduler.state.now;

    chip_pass(f->chip, lfclk_edge_time(lfclk_edges(now) + n) - now);
}

static void registers_have_their_reset_values(void **state)
{
    assert_int_equal(peek(*state, CRV), 0xffffffff);
    assert_int_equal(peek(*state, RREN), 1);
    assert_int_equal(peek(*state, CONFIG), 1);
    assert_int_equal(peek(*state, REQSTATUS), 1);
    assert_int_equal(peek(*state, RUNSTATUS), 0);
}

static void it_resets_the_chip_crv_plus_1_periods_after_the_start(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 32767);
    poke(f, START, 1);
    assert_int_equal(peek(f, RUNSTATUS), 1);
    chip_pass(f->chip, CYCLES_PER_SECOND - 1);
    assert_false(bites(f));
    chip_pass(f->chip, 1);
    assert_true(bites(f));
    assert_int_equal(peek(f, TIMEOUT), 1);
}

static void with_an_interrupt_two_periods_are_left(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, INTENSET, 1);
    poke(f, START, 1);
    pass_edges(f, 100);
    assert_true(chip_irq(f->chip, IRQ_WDT));
    assert_false(bites(f));
    poke(f, RR, RELOAD); /* too late */
    pass_edges(f, 1);
    assert_false(bites(f));
    pass_edges(f, 1);
    assert_true(bites(f));
}

static void a_reload_begins_the_time_anew(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, START, 1);
    for (unsigned i = 0; i < 5; i++) {
        pass_edges(f, 99);
        poke(f, RR, RELOAD);
    }
    assert_false(bites(f));
    pass_edges(f, 99);
    assert_false(bites(f));
    pass_edges(f, 1);
    assert_true(bites(f));
}

static void only_the_right_value_reloads(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, START, 1);
    pass_edges(f, 50);
    poke(f, RR, 0x6e524634);
    poke(f, RR + 4, RELOAD); /* not enabled, and RR[0] is */
    pass_edges(f, 50);
    assert_true(bites(f));
}

static void every_enabled_register_must_be_written(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, RREN, 0x85);
    poke(f, START, 1);
    assert_int_equal(peek(f, REQSTATUS), 0x85);
    pass_edges(f, 90);
    poke(f, RR, RELOAD);
    poke(f, RR + 4 * 7, RELOAD);
    assert_int_equal(peek(f, REQSTATUS), 0x04);
    poke(f, RR + 4 * 2, RELOAD);
    assert_int_equal(peek(f, REQSTATUS), 0x85);
    pass_edges(f, 99);
    assert_false(bites(f));
    pass_edges(f, 1);
    assert_true(bites(f));
}

static void it_pauses_while_the_cpu_sleeps_if_it_is_told_to(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, CONFIG, 0);
    poke(f, START, 1);
    pass_edges(f, 40);
    wire_set(&f->chip->wires, WIRE_CPU_ASLEEP, true);
    pass_edges(f, 1000);
    wire_set(&f->chip->wires, WIRE_CPU_ASLEEP, false);
    pass_edges(f, 59);
    assert_false(bites(f));
    pass_edges(f, 1);
    assert_true(bites(f));
}

static void it_runs_through_sleep_after_reset(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, START, 1);
    wire_set(&f->chip->wires, WIRE_CPU_ASLEEP, true);
    pass_edges(f, 100);
    assert_true(bites(f));
}

static void its_settings_are_locked_once_it_runs(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, START, 1);
    poke(f, CRV, 99); /* as it is */
    assert_int_equal(f->chip->misuses, 0);
    poke(f, CRV, 9999);
    poke(f, RREN, 0);
    poke(f, CONFIG, 0);
    assert_int_equal(peek(f, CRV), 99);
    assert_int_equal(peek(f, RREN), 1);
    assert_int_equal(peek(f, CONFIG), 1);
    assert_int_equal(f->chip->misuses, 3);
    assert_int_equal(f->chip->misuse[0].misuse, MISUSE_RUNNING);
    assert_int_equal(f->chip->misuse[0].address, 0x40010504);
}

static void the_shortest_time_is_16_periods(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 0);
    poke(f, START, 1);
    pass_edges(f, 15);
    assert_false(bites(f));
    pass_edges(f, 1);
    assert_true(bites(f));
}

static void a_reset_by_the_cpu_does_not_stop_it(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, START, 1);
    pass_edges(f, 50);
    wdt_reset(&f->wdt, RESET_SOFT);
    assert_int_equal(peek(f, RUNSTATUS), 1);
    assert_int_equal(peek(f, CRV), 99);
    pass_edges(f, 50);
    assert_true(bites(f));
}

static void its_own_reset_stops_it(void **state)
{
    struct fixture *f = *state;

    poke(f, CRV, 99);
    poke(f, START, 1);
    wdt_reset(&f->wdt, RESET_WATCHDOG);
    assert_int_equal(peek(f, RUNSTATUS), 0);
    assert_int_equal(peek(f, CRV), 0xffffffff);
    pass_edges(f, 1000);
    assert_false(bites(f));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(registers_have_their_reset_values),
        TEST(it_resets_the_chip_crv_plus_1_periods_after_the_start),
        TEST(with_an_interrupt_two_periods_are_left),
        TEST(a_reload_begins_the_time_anew),
        TEST(only_the_right_value_reloads),
        TEST(every_enabled_register_must_be_written),
        TEST(it_pauses_while_the_cpu_sleeps_if_it_is_told_to),
        TEST(it_runs_through_sleep_after_reset),
        TEST(its_settings_are_locked_once_it_runs),
        TEST(the_shortest_time_is_16_periods),
        TEST(a_reset_by_the_cpu_does_not_stop_it),
        TEST(its_own_reset_stops_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
