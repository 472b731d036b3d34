/* SPDX-License-Identifier: Apache-2.0 */
/* cpu: marked functions, recorded compiler barriers, stack pointers, stores and barriers. */
#include "tests/cmocka.h"

#include "tests/cpu/harness.h"
#include "tests/cpu/thumb.h"

enum {
    DATA = 0x20000100,
    CALLEE = 0x300,
    PUSH_LR = 0xb500,
    POP_PC = 0xbd00,
    SUB_SP_64 = 0xb090,
    ADD_SP_64 = 0xb010,
    BLX_R7 = 0x47b8,
    MARK = 77,
};

#define ON_A_CPU(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)

static void run_program(struct harness *harness, const struct program *program)
{
    harness_load(harness, program->bytes, sizeof program->bytes);
    assert_int_equal(harness_run(harness, 200), CPU_STOP_TIME);
}

/* main: r0 = 5; callee(r0); callee(r0) again; end. callee: push, r0 = 9, pop. */
static struct program two_calls(void)
{
    struct program program = program_begin();

    op_load(&program, 7, CALLEE | 1);
    op(&program, THUMB_MOVS(0, 5));
    op(&program, BLX_R7);
    op(&program, BLX_R7);
    op(&program, THUMB_B_SELF);
    program_at(&program, CALLEE);
    op(&program, PUSH_LR);
    op(&program, THUMB_MOVS(0, 9));
    op(&program, POP_PC);
    return program;
}

static void entering_a_marked_function_is_reported_with_its_arguments(void **state)
{
    struct harness *harness = *state;
    struct program program = two_calls();
    const struct observation *call;

    harness_record(harness, TRACE_KIND(CALL));
    assert_true(cpu_mark_call(harness->cpu, CALLEE | 1, MARK));
    run_program(harness, &program);

    assert_int_equal(harness_count(harness, OBS_CALL), 2);
    call = harness_find(harness, OBS_CALL, 0);
    assert_int_equal(call->call.pc, CALLEE);
    assert_int_equal(call->call.tag, MARK);
    assert_int_equal(call->call.r[0], 5);
    assert_int_equal(harness_find(harness, OBS_CALL, 1)->call.r[0], 9);
}

static void its_return_is_reported_with_the_result(void **state)
{
    struct harness *harness = *state;
    struct program program = two_calls();
    const struct observation *call;
    const struct observation *back;

    harness_record(harness, TRACE_KIND(CALL) | TRACE_KIND(RETURN));
    assert_true(cpu_mark_call(harness->cpu, CALLEE, MARK));
    run_program(harness, &program);

    assert_int_equal(harness_count(harness, OBS_RETURN), 2);
    call = harness_find(harness, OBS_CALL, 0);
    back = harness_find(harness, OBS_RETURN, 0);
    assert_int_equal(back->call.pc, call->call.lr & ~1u);
    assert_int_equal(back->call.r[0], 9);
    assert_int_equal(back->call.tag, MARK);
    assert_int_equal(back->when - call->when, 3);
}

static void a_function_that_is_not_marked_is_not_reported(void **state)
{
    struct harness *harness = *state;
    struct program program = two_calls();

    harness_record(harness, TRACE_KIND(CALL) | TRACE_KIND(RETURN));
    assert_true(cpu_mark_call(harness->cpu, CALLEE + 0x100, MARK));
    run_program(harness, &program);
    assert_int_equal(harness_count(harness, OBS_CALL), 0);
}

static void a_recorded_compiler_barrier_is_seen_where_it_stands(void **state)
{
    struct harness *harness = *state;
    struct program program = two_calls();
    const struct observation *barrier;

    harness_record(harness, TRACE_KIND(BARRIER));
    assert_true(cpu_mark_fence(harness->cpu, CALLEE + 2));
    run_program(harness, &program);
    assert_int_equal(harness_count(harness, OBS_BARRIER), 2);
    barrier = harness_find(harness, OBS_BARRIER, 0);
    assert_int_equal(barrier->barrier.kind, BARRIER_COMPILER);
    assert_int_equal(barrier->barrier.pc, CALLEE + 2);
}

static void stack_pointers_are_reported_only_while_somebody_watches(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    struct byte_range buffer = {PROGRAM_STACK - 64, 32};
    const struct observation *moved;

    op(&program, SUB_SP_64);
    op(&program, ADD_SP_64);
    op(&program, THUMB_B_SELF);
    harness_record(harness, TRACE_KIND(STACK));
    run_program(harness, &program);
    assert_int_equal(harness_count(harness, OBS_STACK), 0);

    harness_load(harness, program.bytes, sizeof program.bytes);
    trace_watch(&harness->trace, buffer, WATCH_STACK);
    (void)harness_run(harness, 50);
    assert_int_equal(harness_count(harness, OBS_STACK), 2);
    moved = harness_find(harness, OBS_STACK, 1);
    assert_false(moved->stack.psp);
    assert_int_equal(moved->stack.before, PROGRAM_STACK - 64);
    assert_int_equal(moved->stack.after, PROGRAM_STACK);
    assert_int_equal(moved->stack.pc, PROGRAM_CODE + 4); /* the instruction behind ADD SP */
}

static void a_store_is_unordered_until_a_barrier_executes(void **state)
{
    static const struct {
        uint32_t barrier;
        bool orders;
    } cases[] = {{THUMB_DMB, true}, {THUMB_DSB, true}, {THUMB_ISB, false}};
    struct harness *harness = *state;
    struct recent_store store;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct program program = program_begin();

        op_load(&program, 2, DATA);
        op(&program, THUMB_STR(2, 2, 0));
        op(&program, cases[i].barrier);
        op(&program, THUMB_B_SELF);
        trace_reset(&harness->trace);
        run_program(harness, &program);
        assert_int_equal(
            !cases[i].orders,
            trace_unordered_store(&harness->trace, (struct byte_range){DATA, 4}, false, &store));
    }
    assert_int_equal(store.size, 4);
    assert_int_equal(store.address, DATA);
}

static uint8_t what_a_master_reads(struct harness *harness)
{
    uint8_t byte;

    memory_master_read(&harness->memory, DATA, &byte, 1);
    return byte;
}

static void with_a_store_buffer_a_master_sees_the_store_behind_the_barrier(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 2, DATA);
    op(&program, THUMB_MOVS(3, 42));
    op(&program, THUMB_STRB(3, 2, 0));
    op(&program, THUMB_NOP);
    op(&program, THUMB_DMB);
    op(&program, THUMB_B_SELF);
    harness->memory.stores.depth = 8;
    harness_load(harness, program.bytes, sizeof program.bytes);

    (void)harness_run(harness, 4);
    assert_int_equal(harness->memory.ram[DATA - RAM_BASE], 42);
    assert_int_equal(what_a_master_reads(harness), 0);
    (void)harness_run(harness, 4);
    assert_int_equal(what_a_master_reads(harness), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_CPU(entering_a_marked_function_is_reported_with_its_arguments),
        ON_A_CPU(its_return_is_reported_with_the_result),
        ON_A_CPU(a_function_that_is_not_marked_is_not_reported),
        ON_A_CPU(a_recorded_compiler_barrier_is_seen_where_it_stands),
        ON_A_CPU(stack_pointers_are_reported_only_while_somebody_watches),
        ON_A_CPU(a_store_is_unordered_until_a_barrier_executes),
        ON_A_CPU(with_a_store_buffer_a_master_sees_the_store_behind_the_barrier),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
