/* SPDX-License-Identifier: Apache-2.0 */
/* The past is what it was, to the last bit, from wherever one goes back to it. */
#include "tests/cmocka.h"
#include "tests/debug/debuggee.h"

#include "sim/base/rng.h"

#include <stdio.h>
#include <string.h>

static const char *const programs[] = {"usb-3", "usb-5", "usb-3-memcpy-after-start"};

static void every_reverse_step_finds_the_state_that_was(void **state)
{
    enum { STEPS = 150 };

    (void)state;
    for (unsigned p = 0; p < ARRAY_LENGTH(programs); p++) {
        struct target *target = debug_firmware(programs[p]);
        uint64_t hashes[STEPS];

        target_step_into_interrupts(target, true);
        target_stop_on(target, STOP_FINDING, false, STOP_ANY);
        target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "ep0in_start"));
        assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
        for (unsigned i = 0; i < STEPS; i++) {
            hashes[i] = hash_of(target);
            (void)step(target);
        }
        for (unsigned i = STEPS; i-- > 0;) {
            target_step_back(target);
            if (hash_of(target) != hashes[i])
                fail_msg("%s: step %u is not found again", programs[p], i);
        }
        target_destroy(target);
    }
}

/* Interrupts that end a sleep are in these steps: far apart in time. */
static void reverse_steps_go_over_sleep(void **state)
{
    enum { STEPS = 60 };
    struct target *target = debug_firmware("usb-3");
    uint64_t hashes[STEPS];
    sim_time first;

    (void)state;
    target_step_into_interrupts(target, true);
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "board_run"));
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    for (unsigned i = 0; i < 2600; i++)
        (void)step(target);
    first = now_of(target);
    for (unsigned i = 0; i < STEPS; i++) {
        hashes[i] = hash_of(target);
        (void)step(target);
    }
    for (unsigned i = STEPS; i-- > 0;) {
        target_step_back(target);
        if (hash_of(target) != hashes[i])
            fail_msg("step %u is not found again", i);
    }
    assert_true(now_of(target) == first);
    target_destroy(target);
}

/* Where a step ran through a handler, or several, the way back does. */
static void reverse_steps_go_through_interrupts(void **state)
{
    enum { STEPS = 30 };
    static const char *const interrupted[] = {"usb-5", "ep0-tick-writes"};

    (void)state;
    for (unsigned p = 0; p < ARRAY_LENGTH(interrupted); p++) {
        struct target *target = debug_firmware(interrupted[p]);
        uint64_t hashes[STEPS];
        unsigned handlers = 0;

        target_stop_on(target, STOP_FINDING, false, STOP_ANY);
        target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "usbd_connect"));
        assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
        for (unsigned i = 0; i < STEPS; i++) {
            sim_time before = now_of(target);

            hashes[i] = hash_of(target);
            (void)step(target);
            handlers += now_of(target) - before > 100;
        }
        assert_true(handlers > 2);
        for (unsigned i = STEPS; i-- > 0;) {
            target_step_back(target);
            if (hash_of(target) != hashes[i])
                fail_msg("%s: step %u is not found again", interrupted[p], i);
        }
        target_destroy(target);
    }
}

/* An interrupt, and a random way into its handler; false when there is no more. */
static bool go_somewhere(struct target *target, struct rng *rng)
{
    if (run_for(target, MOTION_CONTINUE, 200) != HALT_REASON)
        return false;
    for (unsigned i = rng_between(rng, 0, 40); i > 0; i--) {
        if (run_for(target, MOTION_STEP, 200) != HALT_STEP)
            return false;
    }
    return true;
}

static void random_places_of_whole_runs_are_found_again(void **state)
{
    enum { PLACES = 30 };

    (void)state;
    for (unsigned p = 0; p < ARRAY_LENGTH(programs); p++) {
        struct target *target = debug_firmware(programs[p]);
        struct rng rng;
        sim_time when[PLACES];
        uint64_t hashes[PLACES];
        unsigned count = 0;

        rng_seed(&rng, p);
        target_stop_on(target, STOP_FINDING, false, STOP_ANY);
        target_stop_on(target, STOP_IRQ, true, STOP_ANY);
        do {
            when[count] = now_of(target);
            hashes[count++] = hash_of(target);
        } while (count < PLACES && go_somewhere(target, &rng));
        assert_true(count > 5);
        for (unsigned i = 0; i < 2 * count; i++) {
            unsigned place = rng_between(&rng, 0, count - 1);

            if (when[place] < now_of(target)) {
                assert_true(target_go_to(target, when[place]));
                if (hash_of(target) != hashes[place])
                    fail_msg("%s: place %u is not found again", programs[p], place);
            }
            (void)go_somewhere(target, &rng); /* and ahead once more */
        }
        target_destroy(target);
    }
}

static void going_back_stops_at_breakpoints_in_reverse_order(void **state)
{
    enum { STOPS = 12 };
    struct target *target = debug_firmware("usb-5");
    uint64_t hashes[STOPS];

    (void)state;
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "usbd_handler"));
    for (unsigned i = 0; i < STOPS; i++) {
        assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
        hashes[i] = hash_of(target);
    }
    for (unsigned i = STOPS - 1; i-- > 0;) {
        target_continue_back(target);
        assert_int_equal(target_halted(target).halt, HALT_BREAKPOINT);
        assert_true(hash_of(target) == hashes[i]);
    }
    target_continue_back(target);
    assert_int_equal(target_halted(target).halt, HALT_BEGIN);
    assert_true(now_of(target) == 0);
    target_destroy(target);
}

static void going_back_stops_at_the_race(void **state)
{
    struct target *target = debug_firmware("usb-3-memcpy-after-start");
    struct text story = {0};
    sim_time when;

    (void)state;
    assert_int_equal(run_until_halt(target), HALT_REASON);
    when = now_of(target);
    assert_int_equal(run_until_halt(target), HALT_EXIT);
    target_take_story(target, &story);
    text_clear(&story);
    target_continue_back(target);
    target_take_story(target, &story);

    assert_int_equal(target_halted(target).halt, HALT_REASON);
    assert_true(now_of(target) == when);
    assert_non_null(strstr(text_string(&story), "DMA001"));
    text_free(&story);
    target_destroy(target);
}

/* What happened between two instructions, and stopped the machine behind it, is not found again. */
static void going_back_goes_past_the_present_stop(void **state)
{
    struct target *target = debug_firmware("usb-5");
    sim_time first;

    (void)state;
    target_stop_on(target, STOP_SETUP, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    first = now_of(target);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    target_continue_back(target);
    assert_int_equal(target_halted(target).halt, HALT_REASON);
    assert_true(now_of(target) <= first);
    target_destroy(target);
}

static void output_is_not_printed_twice(void **state)
{
    struct target *target = debug_firmware("usb-3");
    struct text plain = {0};
    struct text text = {0};

    (void)state;
    (void)run_until_halt(target);
    target_take_console(target, &plain);
    assert_non_null(strstr(text_string(&plain), "GET_DESCRIPTOR"));
    target_restart(target);
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "usbd_handler"));
    while (run_until_halt(target) == HALT_BREAKPOINT) {
        target_step_back(target);
        target_step_back(target);
        assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    }
    target_continue_back(target);
    (void)run_until_halt(target);
    target_take_console(target, &text);

    assert_string_equal(text_string(&text), text_string(&plain));
    text_free(&text);
    text_free(&plain);
    target_destroy(target);
}

static void the_last_writer_is_found_and_nothing_moves(void **state)
{
    struct target *target = debug_firmware("usb-3");
    guest_addr buffer = address_of(target, "ep0in_buffer");
    struct writer writer;
    struct symbol symbol;
    uint64_t hash;

    (void)state;
    assert_int_equal(run_until_halt(target), HALT_EXIT);
    hash = hash_of(target);

    target_last_writers(target, (struct byte_range){buffer, 1}, &writer);
    assert_int_equal(writer.kind, WRITER_CPU);
    assert_true(image_symbol_at(target_report(target)->image, writer.site.pc, &symbol));
    assert_string_equal(symbol.name, "memcpy");
    assert_true(hash_of(target) == hash);
    assert_int_equal(target_halted(target).halt, HALT_EXIT);
    target_destroy(target);
}

static void a_write_by_hand_is_undone_by_going_back_before_it(void **state)
{
    struct target *target = debug_firmware("usb-3");
    uint64_t before;
    uint64_t after;
    sim_time when;

    (void)state;
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "usbd_handler"));
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    before = hash_of(target);
    when = now_of(target);
    (void)step(target);
    target_set_register(target, CPU_R0, 0x12345678);
    assert_int_equal(target_register(target, CPU_R0), 0x12345678);
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    after = hash_of(target);

    target_step_back(target);
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    assert_true(hash_of(target) == after); /* the future that the write began */
    assert_true(target_go_to(target, when));
    assert_true(hash_of(target) == before); /* what was before it */
    target_destroy(target);
}

static void little_memory_keeps_the_beginning(void **state)
{
    char path[200];
    char *images[] = {path};
    struct target_options options = {
        .plan = {.machine = {.host = HOST_LINUX}, .images = images, .image_count = 1},
        .history_bytes = (size_t)3 << 20};
    struct target *target;
    struct failure failure;
    uint64_t first;

    (void)state;
    (void)snprintf(path, sizeof path, "%s/%s/usb-5.elf", FIRMWARE_DIR, FIRMWARE_DEFAULT);
    assert_int_equal(target_create(&target, &options, &failure), STATUS_OK);
    first = hash_of(target);
    (void)run_for(target, MOTION_CONTINUE, 600);
    assert_true(target_past(target).bytes <= ((size_t)5 << 20));
    assert_true(target_past(target).snapshots >= 2);
    target_continue_back(target);
    assert_true(hash_of(target) == first);
    target_destroy(target);
}

static void a_restart_is_the_first_start(void **state)
{
    struct target *target = debug_firmware("usb-3-memcpy-after-start");
    uint64_t first = hash_of(target);
    uint64_t end;

    (void)state;
    target_stop_on(target, STOP_FINDING, false, STOP_ANY);
    (void)run_until_halt(target);
    end = hash_of(target);
    target_restart(target);
    assert_true(hash_of(target) == first);
    (void)run_until_halt(target);
    assert_true(hash_of(target) == end);
    target_destroy(target);
}

/* Erased flash as a handler's address is no exception return: the fault it makes cannot be taken.
 */
static void an_erased_fault_vector_locks_up(void **state)
{
    struct target *target = debug_firmware("usb-3");

    (void)state;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(step(target), HALT_STEP);
    assert_true(target_erase(target, (struct byte_range){0, 0x1000}));
    target_set_register(target, CPU_PC, 0x60000000);
    target_stop_on(target, STOP_FAULT, false, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_OFF);
    target_step_back(target);
    assert_true(now_of(target) == 2); /* before flash was erased */
    target_destroy(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reverse_step_finds_the_state_that_was),
        cmocka_unit_test(reverse_steps_go_over_sleep),
        cmocka_unit_test(reverse_steps_go_through_interrupts),
        cmocka_unit_test(random_places_of_whole_runs_are_found_again),
        cmocka_unit_test(going_back_stops_at_breakpoints_in_reverse_order),
        cmocka_unit_test(going_back_stops_at_the_race),
        cmocka_unit_test(going_back_goes_past_the_present_stop),
        cmocka_unit_test(output_is_not_printed_twice),
        cmocka_unit_test(the_last_writer_is_found_and_nothing_moves),
        cmocka_unit_test(a_write_by_hand_is_undone_by_going_back_before_it),
        cmocka_unit_test(little_memory_keeps_the_beginning),
        cmocka_unit_test(a_restart_is_the_first_start),
        cmocka_unit_test(an_erased_fault_vector_locks_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
