/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cpu/harness.h"
#include "tests/cpu/thumb.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { COUNTER = 0x20000100, SECOND = 0x20000104 };

static void run_program(struct harness *harness, const struct program *program, sim_time duration)
{
    harness_load(harness, program->bytes, sizeof program->bytes);
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, duration));
}

static void a_program_stores_to_memory_and_to_registers(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, COUNTER);
    op_load(&program, 1, 0x12345678);
    op(&program, THUMB_STR(1, 0, 0));
    op_load(&program, 0, APB_BASE);
    op(&program, THUMB_STR(1, 0, 4));
    op(&program, THUMB_LDR(2, 0, 4));
    op(&program, THUMB_B_SELF);
    run_program(harness, &program, 100);

    assert_int_equal(0x12345678, harness_word(harness, COUNTER));
    assert_int_equal(0x12345678, harness->registers[1]);
    assert_int_equal(0x12345678, cpu_get(harness->cpu, CPU_R0 + 2));
    assert_int_equal(100, cpu_instructions(harness->cpu));
}

static void an_interrupt_is_taken_and_returned_from(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, 0xe000e100);
    op(&program, THUMB_MOVS(1, 1 << 3));
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_MOVS(2, 7));
    op(&program, THUMB_B_SELF);
    vector_to_here(&program, 16 + 3);
    op_load(&program, 2, COUNTER);
    op(&program, THUMB_LDR(3, 2, 0));
    op(&program, THUMB_ADDS(3, 1));
    op(&program, THUMB_STR(3, 2, 0));
    op(&program, THUMB_BX_LR);
    run_program(harness, &program, 50);

    wire_set(&harness->wires, WIRE_IRQ + 3, true);
    wire_set(&harness->wires, WIRE_IRQ + 3, false);
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, 50));

    assert_int_equal(1, harness_word(harness, COUNTER));
    assert_int_equal(7, cpu_get(harness->cpu, CPU_R0 + 2));
    assert_int_equal(PROGRAM_STACK, cpu_get(harness->cpu, CPU_SP));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_program_stores_to_memory_and_to_registers, harness_setup,
                                        harness_teardown),
        cmocka_unit_test_setup_teardown(an_interrupt_is_taken_and_returned_from, harness_setup,
                                        harness_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
