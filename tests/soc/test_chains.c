/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains through the PPI of the whole chip, the CPU standing still: from event to task in the same
 * cycle, across blocks, forks, groups and the fixed channels.
 */
#include "sim/base/compiler.h"
#include "sim/soc/machine.h"
#include "tests/cmocka.h"

enum { TIMER0 = 0x40008000, TIMER1 = 0x40009000, TIMER2 = 0x4000a000, RTC0 = 0x4000b000 };
enum { GPIOTE = 0x40006000, EGU0 = 0x40014000, EGU3 = 0x40017000, PPI = 0x4001f000 };
enum { CHEN = 0x500, CH = 0x510, CHG = 0x800, FORK = 0x910 };
enum { START = 0x000, STOP = 0x004, COUNT = 0x008, COMPARE = 0x140, CC = 0x540 };
enum { MODE = 0x504, BITMODE = 0x508, PRESCALER = 0x510, CAPTURE = 0x040 };

static int set_up(void **state)
{
    const struct machine_options options = {.host = HOST_MANUAL};
    struct machine *machine;
    struct failure failure;

    if (machine_create(&machine, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    machine_power_on(machine);
    *state = machine;
    return 0;
}

static int tear_down(void **state)
{
    machine_destroy(*state);
    return 0;
}

static void poke(struct machine *machine, guest_addr address, uint32_t value)
{
    bus_write(machine_bus(machine), address, 4, value);
}

static uint32_t peek(struct machine *machine, guest_addr address)
{
    return bus_read(machine_bus(machine), address, 4);
}

static void pass(struct machine *machine, sim_time duration)
{
    struct scheduler *scheduler = machine_scheduler(machine);
    sim_time end = scheduler->state.now + duration;

    scheduler_dispatch(scheduler);
    while (scheduler_next(scheduler) <= end) {
        scheduler_skip_to(scheduler, scheduler_next(scheduler));
        scheduler_dispatch(scheduler);
    }
    scheduler_skip_to(scheduler, end);
}

static void join(struct machine *machine, unsigned channel, guest_addr event, guest_addr task)
{
    poke(machine, PPI + CH + 8 * channel, event);
    poke(machine, PPI + CH + 4 + 8 * channel, task);
    poke(machine, PPI + CHEN + 4, 1u << channel);
}

static void set_up_timer(struct machine *machine, guest_addr timer, uint32_t compare)
{
    poke(machine, timer + PRESCALER, 0);
    poke(machine, timer + BITMODE, 3);
    poke(machine, timer + CC, compare);
}

static uint32_t capture(struct machine *machine, guest_addr timer)
{
    poke(machine, timer + CAPTURE + 8, 1);
    return peek(machine, timer + CC + 8);
}

/* TIMER0 -> EGU0 -> GPIOTE toggles a pin -> GPIOTE sees the edge -> TIMER1 counts and TIMER2 stops:
 * five blocks, no time. */
static void a_chain_through_five_blocks_takes_no_time(void **state)
{
    struct machine *machine = *state;

    set_up_timer(machine, TIMER0, 100);
    set_up_timer(machine, TIMER1, 0);
    set_up_timer(machine, TIMER2, 0);
    poke(machine, TIMER1 + MODE, 2);
    poke(machine, GPIOTE + 0x510, 3 | 13 << 8 | 3 << 16);     /* channel 0: task, toggles P0.13 */
    poke(machine, GPIOTE + 0x510 + 4, 1 | 13 << 8 | 1 << 16); /* channel 1: event, P0.13 rises */
    join(machine, 0, TIMER0 + COMPARE, EGU0 + 4 * 7);
    join(machine, 1, EGU0 + 0x100 + 4 * 7, GPIOTE + 0x000);
    join(machine, 19, GPIOTE + 0x100 + 4, TIMER1 + COUNT);
    poke(machine, PPI + FORK + 4 * 19, TIMER2 + STOP);
    poke(machine, TIMER1 + START, 1);
    poke(machine, TIMER2 + START, 1);
    poke(machine, TIMER0 + START, 1);
    pass(machine, 1000);
    assert_int_equal(machine_pin(machine, 13), LEVEL_HIGH);
    assert_int_equal(capture(machine, TIMER1), 1);
    assert_int_equal(capture(machine, TIMER2), 100);
}

/* 6.16.1: 30 and 31 join RTC0.COMPARE[0] with TIMER0.CLEAR and TIMER0.START. */
static void the_fixed_channels_join_rtc0_and_timer0(void **state)
{
    struct machine *machine = *state;
    uint32_t before;

    set_up_timer(machine, TIMER0, 0xffffffff);
    poke(machine, 0x40000008, 1); /* LFCLKSTART */
    pass(machine, CYCLES_PER_MS);
    poke(machine, RTC0 + CC, 10);
    poke(machine, RTC0 + 0x344, 1u << 16); /* EVTENSET */
    poke(machine, PPI + CHEN + 4, 1u << 31);
    poke(machine, RTC0 + START, 1);
    pass(machine, CYCLES_PER_MS);
    before = capture(machine, TIMER0);
    assert_in_range(before, 1, 16000); /* started by channel 31 */
    poke(machine, PPI + CHEN + 4, 1u << 30);
    poke(machine, RTC0 + CC, peek(machine, RTC0 + 0x504) + 2);
    pass(machine, 2 * 1954);
    assert_in_range(capture(machine, TIMER0), 0, 2 * 1954 / 4); /* cleared by channel 30 */
}

static void a_channel_can_switch_a_group_off_and_itself_with_it(void **state)
{
    struct machine *machine = *state;

    set_up_timer(machine, TIMER0, 10);
    set_up_timer(machine, TIMER1, 0);
    poke(machine, TIMER0 + 0x200, 1); /* COMPARE[0] clears */
    poke(machine, TIMER1 + MODE, 2);
    poke(machine, TIMER1 + START, 1);
    poke(machine, PPI + CHG + 4 * 5, 1u << 3 | 1u << 4);
    join(machine, 3, TIMER0 + COMPARE, TIMER1 + COUNT);
    join(machine, 4, EGU3 + 0x100, TIMER1 + COUNT);
    join(machine, 5, TIMER0 + COMPARE, PPI + 0x004 + 8 * 5); /* CHG[5].DIS */
    poke(machine, TIMER0 + START, 1);
    pass(machine, 1000);
    poke(machine, EGU3, 1);
    assert_int_equal(capture(machine, TIMER1), 1); /* the first match only */
    assert_int_equal(peek(machine, PPI + CHEN), 1u << 5);
}

/* Button to wake-up to pin: DETECT -> PORT -> GPIOTE.SET. */
static void a_sensed_pin_reaches_another_pin(void **state)
{
    struct machine *machine = *state;

    poke(machine, 0x50000700 + 4 * 11, 0x3000c); /* P0.11: pull-up, sense low */
    poke(machine, GPIOTE + 0x510 + 4 * 7, 3 | 14 << 8 | 3 << 16);
    join(machine, 0, GPIOTE + 0x17c, GPIOTE + 0x030 + 4 * 7);
    machine_drive_pin(machine, 11, LEVEL_LOW);
    assert_int_equal(machine_pin(machine, 14), LEVEL_HIGH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_chain_through_five_blocks_takes_no_time),
        TEST(the_fixed_channels_join_rtc0_and_timer0),
        TEST(a_channel_can_switch_a_group_off_and_itself_with_it),
        TEST(a_sensed_pin_reaches_another_pin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
