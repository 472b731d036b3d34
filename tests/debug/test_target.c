/* SPDX-License-Identifier: Apache-2.0 */
/* Stops are exact, and change nothing. */
#include "tests/cmocka.h"
#include "tests/debug/debuggee.h"

#include <stdio.h>
#include <string.h>

/* ---- Forwards -------------------------------------------------------------------------------- */

/* A run to its end without anybody looking. */
static uint64_t run_undisturbed(const char *program, sim_time *end)
{
    struct target *target = debug_firmware(program);
    uint64_t hash;

    target_stop_on(target, STOP_FINDING, false, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_EXIT);
    *end = now_of(target);
    hash = hash_of(target);
    target_destroy(target);
    return hash;
}

static void breakpoints_do_not_change_the_run(void **state)
{
    struct target *target = debug_firmware("usb-3");
    unsigned stops = 0;
    sim_time end;
    uint64_t hash = run_undisturbed("usb-3", &end);
    guest_addr main = address_of(target, "main");

    (void)state;
    for (guest_addr pc = main & ~0xfffu; pc < (main & ~0xfffu) + 0x1000; pc += 2)
        if (pc % 32 == 0)
            target_add_breakpoint(target, BREAKPOINT_HARDWARE, pc);
    while (run_until_halt(target) == HALT_BREAKPOINT)
        stops++;

    assert_true(stops > 20);
    assert_int_equal(target_halted(target).halt, HALT_EXIT);
    assert_true(now_of(target) == end);
    assert_true(hash_of(target) == hash);
    target_destroy(target);
}

static void watchpoints_do_not_change_the_run(void **state)
{
    struct target *target = debug_firmware("usb-3");
    unsigned stops = 0;
    sim_time end;
    uint64_t hash = run_undisturbed("usb-3", &end);
    guest_addr buffer = address_of(target, "ep0in_buffer");

    (void)state;
    target_add_watchpoint(target, WATCHPOINT_ACCESS, (struct byte_range){buffer, 18});
    while (run_until_halt(target) == HALT_WATCHPOINT)
        stops++;

    assert_true(stops >= 36);
    assert_true(now_of(target) == end);
    assert_true(hash_of(target) == hash);
    target_destroy(target);
}

static void a_breakpoint_stops_before_its_instruction(void **state)
{
    struct target *target = debug_firmware("usb-3");
    guest_addr start = address_of(target, "ep0in_start");

    (void)state;
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, start);

    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    assert_int_equal(target_register(target, CPU_PC), start);
    target_destroy(target);
}

static void a_removed_breakpoint_does_not_stop(void **state)
{
    struct target *target = debug_firmware("usb-3");
    guest_addr start = address_of(target, "ep0in_start");

    (void)state;
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, start);
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, start);
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    target_remove_breakpoint(target, BREAKPOINT_HARDWARE, start);

    assert_int_equal(run_until_halt(target), HALT_EXIT);
    target_destroy(target);
}

static void a_watchpoint_stops_at_the_store(void **state)
{
    struct target *target = debug_firmware("usb-3");
    guest_addr buffer = address_of(target, "ep0in_buffer");
    uint8_t before;
    uint8_t after;

    (void)state;
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "ep0in_start"));
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    target_add_watchpoint(target, WATCHPOINT_WRITE, (struct byte_range){buffer + 1, 1});
    assert_int_equal(run_until_halt(target), HALT_WATCHPOINT);
    assert_int_equal(target_halted(target).address, buffer + 1);
    assert_int_equal(target_read(target, buffer + 1, &before, 1), 1);
    assert_int_equal(step(target), HALT_STEP);
    assert_int_equal(target_read(target, buffer + 1, &after, 1), 1);

    assert_int_equal(before, 0);
    assert_int_equal(after, 1); /* bDescriptorType */
    target_destroy(target);
}

static void a_step_is_one_instruction(void **state)
{
    struct target *target = debug_firmware("usb-3");

    (void)state;
    for (sim_time time = 1; time < 200; time++) {
        assert_int_equal(step(target), HALT_STEP);
        assert_true(now_of(target) == time);
    }
    target_destroy(target);
}

/* From the first interrupt on; the next one ends the sleep that follows it. */
static void steps_go_into_interrupts_or_through_them(void **state)
{
    (void)state;
    for (unsigned into = 0; into < 2; into++) {
        struct target *target = debug_firmware("usb-3");
        guest_addr handler = address_of(target, "usbd_handler");
        bool seen = false;

        target_step_into_interrupts(target, into);
        target_add_breakpoint(target, BREAKPOINT_HARDWARE, handler);
        assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
        target_remove_points(target);
        for (unsigned i = 0; i < 3000 && !seen && target_halted(target).halt != HALT_EXIT; i++) {
            (void)step(target);
            seen = target_register(target, CPU_PC) == handler;
        }
        assert_int_equal(seen, into);
        target_destroy(target);
    }
}

static void a_race_stops_at_the_guilty_instruction_once(void **state)
{
    struct target *target = debug_firmware("usb-3-memcpy-after-start");
    struct text story = {0};
    sim_time when;

    (void)state;
    assert_int_equal(run_until_halt(target), HALT_REASON);
    when = now_of(target);
    target_take_story(target, &story);
    assert_non_null(strstr(text_string(&story), "DMA001"));
    assert_int_equal(checker_finding_count(target_checker(target)), 0); /* not done yet */
    assert_int_equal(step(target), HALT_STEP);
    assert_int_equal(checker_finding_count(target_checker(target)), 1);
    assert_true(now_of(target) == when + 1);
    assert_int_equal(run_until_halt(target), HALT_EXIT);
    target_destroy(target);
    text_free(&story);
}

static void reading_peripherals_has_no_effect(void **state)
{
    struct target *target = debug_firmware("usb-3");
    uint64_t hash;
    uint8_t byte;

    (void)state;
    target_stop_on(target, STOP_SETUP, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    hash = hash_of(target);
    for (guest_addr address = 0x40000000; address < 0x40040000; address++)
        (void)target_read(target, address, &byte, 1);
    for (guest_addr address = 0xe000e000; address < 0xe000f000; address++)
        (void)target_read(target, address, &byte, 1);
    assert_true(hash_of(target) == hash);
    target_destroy(target);
}

/* The handler is there: nothing is locked up, and going on goes into it. */
static void a_fault_stops_before_its_handler(void **state)
{
    struct target *target = debug_firmware("usb-5");
    struct text story = {0};

    (void)state;
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "usbd_handler"));
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    target_set_register(target, CPU_PC, 0x60000000);
    assert_int_equal(run_until_halt(target), HALT_FAULT);
    target_take_story(target, &story);
    assert_non_null(strstr(text_string(&story), "HardFault: fetch from 0x60000000"));
    assert_null(strstr(text_string(&story), "locked up"));
    assert_int_equal(target_register(target, CPU_XPSR) & 0x1ff, 3);
    assert_int_equal(run_until_halt(target), HALT_EXIT); /* the handler gives up */
    text_free(&story);
    target_destroy(target);
}

/* 40 of them, of sizes that are no power of two, all over the buffer: each store stops once. */
static void watchpoints_may_be_many_and_of_any_size(void **state)
{
    struct target *target = debug_firmware("usb-3");
    guest_addr buffer = address_of(target, "ep0in_buffer");
    unsigned stops = 0;
    sim_time last = 0;

    (void)state;
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "ep0in_start"));
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    target_remove_points(target);
    for (unsigned i = 0; i < 40; i++)
        target_add_watchpoint(target, WATCHPOINT_WRITE, (struct byte_range){buffer + i % 15, 3});
    for (unsigned i = 0; i < 18; i++) {
        assert_int_equal(run_until_halt(target), HALT_WATCHPOINT);
        assert_true(now_of(target) > last);
        last = now_of(target);
        stops++;
    }
    for (unsigned i = 0; i < 40; i++)
        target_remove_watchpoint(target, WATCHPOINT_WRITE, (struct byte_range){buffer + i % 15, 3});
    assert_int_equal(run_until_halt(target), HALT_EXIT);
    assert_int_equal(stops, 18);
    target_destroy(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breakpoints_do_not_change_the_run),
        cmocka_unit_test(watchpoints_do_not_change_the_run),
        cmocka_unit_test(a_breakpoint_stops_before_its_instruction),
        cmocka_unit_test(a_removed_breakpoint_does_not_stop),
        cmocka_unit_test(a_watchpoint_stops_at_the_store),
        cmocka_unit_test(a_step_is_one_instruction),
        cmocka_unit_test(steps_go_into_interrupts_or_through_them),
        cmocka_unit_test(a_race_stops_at_the_guilty_instruction_once),
        cmocka_unit_test(reading_peripherals_has_no_effect),
        cmocka_unit_test(a_fault_stops_before_its_handler),
        cmocka_unit_test(watchpoints_may_be_many_and_of_any_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
