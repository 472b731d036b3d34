/* SPDX-License-Identifier: Apache-2.0 */
/* What a firmware that hangs waits for: the registers and variables it polls, and interrupts. */
#include "tests/explore/programs.h"

#include "sim/explore/waiting.h"

enum { EVENTS_LFCLKSTARTED = 0x40000104, TASKS_LFCLKSTART = 0x40000008, IRQ_USBD = 39 };

static struct program program;

/* `name` has run until it hangs. */
static struct machine *hangs(const char *name)
{
    struct machine *machine;

    program_open(&program, name);
    machine = program_build(&program.plan);
    machine_power_on(machine);
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_TIME);
    return machine;
}

static void a_polled_register_is_named_and_nothing_will_raise_it(void **state)
{
    struct machine *machine = hangs("waits-for-clock");
    struct waiting waiting;

    (void)state;
    waiting_look(machine, &waiting);
    assert_int_equal(waiting.reads, 1);
    assert_int_equal(waiting.read[0].address, EVENTS_LFCLKSTARTED);
    assert_int_equal(waiting.read[0].value, 0);
    assert_string_equal(waiting.read[0].block, "CLOCK");
    assert_true(waiting.read[0].is_register);
    assert_true(waiting.read[0].is_modelled);
    assert_false(waiting.read[0].is_coming);
    assert_int_equal(waiting.lines, 0);
    machine_destroy(machine);
}

static void an_event_of_its_block_that_is_scheduled_is_noticed(void **state)
{
    struct machine *machine = hangs("waits-for-clock");
    struct waiting waiting;

    (void)state;
    scheduler_add(machine_scheduler(machine), EVENT_CLOCK_CTTO, 0, CYCLES_PER_SECOND, 0);
    waiting_look(machine, &waiting);
    assert_int_equal(waiting.reads, 1);
    assert_true(waiting.read[0].is_coming);
    machine_destroy(machine);
}

static void a_byte_on_the_wire_may_raise_an_event_of_the_instance_that_sends_it(void **state)
{
    struct machine *machine = hangs("waits-for-uart");
    struct waiting waiting;

    (void)state;
    waiting_look(machine, &waiting);
    assert_int_equal(waiting.reads, 1);
    assert_string_equal(waiting.read[0].block, "UARTE0");
    assert_true(waiting.read[0].is_coming);
    machine_destroy(machine);
}

static void what_others_have_scheduled_raises_nothing(void **state)
{
    struct machine *machine = hangs("waits-for-clock");
    struct waiting waiting;

    (void)state;
    scheduler_add(machine_scheduler(machine), EVENT_UART_SENT, 0, CYCLES_PER_SECOND, 0);
    waiting_look(machine, &waiting);
    assert_int_equal(waiting.reads, 1);
    assert_false(waiting.read[0].is_coming);
    machine_destroy(machine);
}

static void what_changes_soon_is_not_what_it_hangs_at(void **state)
{
    struct machine *machine = hangs("waits-for-clock");
    struct waiting waiting;

    (void)state;
    bus_trigger(machine_bus(machine), TASKS_LFCLKSTART, 1);
    waiting_look(machine, &waiting);
    assert_int_equal(waiting.reads, 0);
    machine_destroy(machine);
}

static void a_polled_variable_is_found_and_that_interrupts_are_masked(void **state)
{
    struct machine *machine = hangs("waits-for-flag");
    struct waiting waiting;
    struct symbol symbol;

    (void)state;
    assert_true(image_symbol_named(machine_image(machine), "usb_ready", &symbol));
    waiting_look(machine, &waiting);
    assert_int_equal(waiting.reads, 1);
    assert_int_equal(waiting.read[0].address, symbol.address);
    assert_false(waiting.read[0].is_register);
    assert_true(waiting.masked);
    assert_int_equal(waiting.lines, 1);
    assert_int_equal(waiting.line[0], IRQ_USBD);
    machine_destroy(machine);
}

static unsigned heard;

static void hears(void *owner, const struct observation *seen)
{
    (void)owner, (void)seen;
    heard++;
}

static void looking_leaves_the_machine_as_it_was_and_tells_nobody(void **state)
{
    struct machine *machine = hangs("waits-for-clock");
    struct waiting waiting;
    uint64_t hash = machine_hash(machine);

    (void)state;
    heard = 0;
    trace_subscribe(machine_trace(machine), TRACE_KIND(MMIO_READ), hears, NULL);
    waiting_look(machine, &waiting);
    assert_int_equal(heard, 0);
    assert_true(machine_hash(machine) == hash);
    machine_run(machine, 100);
    assert_true(heard);
    machine_destroy(machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polled_register_is_named_and_nothing_will_raise_it),
        cmocka_unit_test(an_event_of_its_block_that_is_scheduled_is_noticed),
        cmocka_unit_test(a_byte_on_the_wire_may_raise_an_event_of_the_instance_that_sends_it),
        cmocka_unit_test(what_others_have_scheduled_raises_nothing),
        cmocka_unit_test(what_changes_soon_is_not_what_it_hangs_at),
        cmocka_unit_test(a_polled_variable_is_found_and_that_interrupts_are_masked),
        cmocka_unit_test(looking_leaves_the_machine_as_it_was_and_tells_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
