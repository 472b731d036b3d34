/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resets that come from elsewhere than the program: the watchdog, and the wake-up from System OFF.
 * The programs are a few instructions each, written as halfwords beside their assembly.
 */
#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/mem/map.h"
#include "sim/mem/memory.h"
#include "sim/soc/machine.h"
#include "tests/cmocka.h"

#include <string.h>

enum { BUTTON = 11, LOOP = 0xe7fe };

static int set_up(void **state)
{
    const struct machine_options options = {.host = HOST_MANUAL};
    struct machine *machine;
    struct failure failure;

    if (machine_create(&machine, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    *state = machine;
    return 0;
}

static int tear_down(void **state)
{
    machine_destroy(*state);
    return 0;
}

static void put(struct machine *machine, guest_addr address, const uint16_t *code, size_t count)
{
    uint8_t *at =
        memory_at(machine_memory(machine), (struct byte_range){address, 2 * (uint32_t)count});

    for (size_t i = 0; i < count; i++)
        store_le16(at + 2 * i, code[i]);
}

static uint32_t reg(struct machine *machine, unsigned n)
{
    return cpu_get(machine_cpu(machine), (enum cpu_register)n);
}

static void see_reset(void *owner, const struct observation *seen)
{
    *(uint32_t *)owner = seen->reset.reason;
}

/* After reset r4 is RESETREAS; when that is 0, the button is sensed and the chip goes off. */
static const uint16_t goes_off[] = {
    0x1000, 0x2000, 0x0009, 0x0000, /* SP, reset */
    0x4804,                         /* ldr r0, =0x40000400: RESETREAS */
    0x6804,                         /* ldr r4, [r0] */
    0xb92c,                         /* cbnz r4, to the loop */
    0x4904,                         /* ldr r1, =0x5000072c: PIN_CNF[11] */
    0x4a04,                         /* ldr r2, =0x0003000c: pull-up, sense low */
    0x600a,                         /* str r2, [r1] */
    0x2501,                         /* movs r5, #1 */
    0xf8c0, 0x5100,                 /* str r5, [r0, #0x100]: SYSTEMOFF */
    LOOP,   0x0400, 0x4000, 0x072c, 0x5000, 0x000c, 0x0003,
};

static void start_going_off(struct machine *machine)
{
    put(machine, 0, goes_off, ARRAY_LENGTH(goes_off));
    machine_power_on(machine);
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_OFF);
}

static void a_pin_wakes_the_chip_from_system_off(void **state)
{
    struct machine *machine = *state;
    uint32_t reason = 0;

    trace_subscribe(machine_trace(machine), TRACE_KIND(RESET), see_reset, &reason);
    start_going_off(machine);
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_OFF); /* and stays so */
    machine_drive_pin(machine, BUTTON, LEVEL_LOW);
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_TIME);
    assert_int_equal(reg(machine, 4), 1 << 16);
    assert_int_equal(reason, 1 << 16);
}

static void a_button_of_the_board_wakes_it_at_its_time(void **state)
{
    const struct machine_options options = {.host = HOST_MANUAL,
                                            .board.port[PORT_PINS] = "P0.11=low@5ms"};
    struct machine *machine;
    struct failure failure;

    (void)state;
    assert_int_equal(machine_create(&machine, &options, &failure), STATUS_OK);
    put(machine, 0, goes_off, ARRAY_LENGTH(goes_off));
    machine_power_on(machine);
    assert_int_equal(machine_run(machine, 10 * CYCLES_PER_MS), MACHINE_STOP_TIME);
    assert_int_equal(reg(machine, 4), 1 << 16);
    machine_destroy(machine);
}

static void vbus_wakes_the_chip_when_it_comes_but_not_when_it_is_there(void **state)
{
    struct machine *machine = *state;

    start_going_off(machine);
    wire_set(machine_wires(machine), WIRE_VBUS, false);
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_OFF);
    wire_set(machine_wires(machine), WIRE_VBUS, true);
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_TIME);
    assert_int_equal(reg(machine, 4), 1 << 20);
}

static void ram_is_lost_in_system_off(void **state)
{
    struct machine *machine = *state;
    uint8_t *ram = memory_at(machine_memory(machine), (struct byte_range){0x20010000, 1});

    put(machine, 0, goes_off, ARRAY_LENGTH(goes_off));
    machine_power_on(machine);
    *ram = 42;
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_OFF);
    assert_int_equal(*ram, 0);
}

static void a_snapshot_knows_that_the_chip_is_off(void **state)
{
    struct machine *machine = *state;
    struct snapshot *off;

    start_going_off(machine);
    off = machine_save(machine);
    machine_drive_pin(machine, BUTTON, LEVEL_LOW);
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_TIME);
    machine_restore(machine, off);
    snapshot_free(off);
    assert_int_equal(machine_run(machine, CYCLES_PER_MS), MACHINE_STOP_OFF);
}

/* After reset r4 is RESETREAS; when that is 0, the watchdog is started. */
static const uint16_t waits_for_the_dog[] = {
    0x1000, 0x2000, 0x0009, 0x0000, /* SP, reset */
    0x4804,                         /* ldr r0, =0x40000400: RESETREAS */
    0x6804,                         /* ldr r4, [r0] */
    0xb92c,                         /* cbnz r4, to the loop */
    0x4904,                         /* ldr r1, =0x40010000 */
    0x2264,                         /* movs r2, #100 */
    0xf8c1, 0x2504,                 /* str r2, [r1, #0x504]: CRV */
    0x2201,                         /* movs r2, #1 */
    0x600a,                         /* str r2, [r1]: START */
    LOOP,   0x0400, 0x4000, 0x0000, 0x4001,
};

static void the_watchdog_resets_the_chip_and_says_so(void **state)
{
    struct machine *machine = *state;
    uint32_t reason = 0;

    trace_subscribe(machine_trace(machine), TRACE_KIND(RESET), see_reset, &reason);
    put(machine, 0, waits_for_the_dog, ARRAY_LENGTH(waits_for_the_dog));
    machine_power_on(machine);
    machine_run(machine, 3 * CYCLES_PER_MS);
    assert_int_equal(reason, 0);
    machine_run(machine, CYCLES_PER_MS);
    assert_int_equal(reason, 1 << 1);
    assert_int_equal(reg(machine, 4), 1 << 1);
    reason = 0;
    machine_run(machine, 100 * CYCLES_PER_MS); /* and does not run after it */
    assert_int_equal(reason, 0);
}

/* Enables the FPU and its interrupt, sets a flag of FPSCR and sleeps. */
static const uint16_t sleeps_with_a_flag[] = {
    [0] = 0x1000,
    0x2000,
    0x0101,
    0x0000, /* SP, reset */
    [0xd8 / 2] = 0x012d,
    0x0000,               /* interrupt 38 */
    [0x100 / 2] = 0x4808, /* ldr r0, =0xe000ed88: CPACR */
    0xf44f,
    0x0170, /* mov r1, #0x00f00000 */
    0x6001, /* str r1, [r0] */
    0xf3bf,
    0x8f4f,
    0xf3bf,
    0x8f6f, /* dsb; isb */
    0x4805, /* ldr r0, =0xe000e104: NVIC_ISER1 */
    0x2140, /* movs r1, #0x40 */
    0x6001, /* str r1, [r0] */
    0x2101, /* movs r1, #1: IOC */
    0xeee1,
    0x1a10, /* vmsr fpscr, r1 */
    0xbf30, /* wfi */
    0x3601, /* adds r6, #1 */
    LOOP,
    0x0000,
    0xed88,
    0xe000,
    0xe104,
    0xe000,
    0x3501,
    0x4770, /* adds r5, #1; bx lr */
};

static void an_exception_flag_of_the_fpu_keeps_the_cpu_awake(void **state)
{
    struct machine *machine = *state;

    put(machine, 0, sleeps_with_a_flag, ARRAY_LENGTH(sleeps_with_a_flag));
    machine_power_on(machine);
    machine_run(machine, CYCLES_PER_MS);
    assert_int_equal(reg(machine, 5), 1);
    assert_int_equal(reg(machine, 6), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pin_wakes_the_chip_from_system_off),
        cmocka_unit_test(a_button_of_the_board_wakes_it_at_its_time),
        TEST(vbus_wakes_the_chip_when_it_comes_but_not_when_it_is_there),
        TEST(ram_is_lost_in_system_off),
        TEST(a_snapshot_knows_that_the_chip_is_off),
        TEST(the_watchdog_resets_the_chip_and_says_so),
        TEST(an_exception_flag_of_the_fpu_keeps_the_cpu_awake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
