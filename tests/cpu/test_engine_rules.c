/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways Unicorn corrupts a run when it is used carelessly. One test a rule: each fails if
 * sim/cpu stops obeying it, or if the library changes.
 */
#include "sim/cpu/nvic.h"
#include "tests/cpu/harness.h"
#include "tests/cpu/thumb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { DATA = 0x20000100, CODE_IN_RAM = 0x20001000, IRQ = 3, EQ = 0 };

#define RULE(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)

static void load(struct harness *harness, const struct program *program)
{
    harness_load(harness, program->bytes, sizeof program->bytes);
}

static void enable_irq(struct program *program)
{
    op_load(program, 7, 0xe000e100);
    op(program, THUMB_MOVS(6, 1 << IRQ));
    op(program, THUMB_STR(6, 7, 0));
}

/* A handler that counts in the word at DATA. */
static void count_irqs(struct program *program)
{
    vector_to_here(program, EXC_IRQ + IRQ);
    op_load(program, 2, DATA);
    op(program, THUMB_LDR(3, 2, 0));
    op(program, THUMB_ADDS(3, 1));
    op(program, THUMB_STR(3, 2, 0));
    op(program, THUMB_BX_LR);
}

static void pulse_irq(struct harness *harness)
{
    wire_set(&harness->wires, (enum wire_id)(WIRE_IRQ + IRQ), true);
    wire_set(&harness->wires, (enum wire_id)(WIRE_IRQ + IRQ), false);
}

static void stop_on_access(void *owner, const struct observation *observation)
{
    struct harness *harness = owner;

    (void)observation;
    cpu_request_stop(harness->cpu);
}

static void pulse_on_write(void *owner, const struct observation *observation)
{
    if (observation->mmio.address == APB_BASE)
        pulse_irq(owner);
}

static void r1_the_core_is_a_cortex_m4(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, 0xe000ed00);
    op(&program, THUMB_LDR(1, 0, 0));
    op_load(&program, 0, DATA);
    op(&program, 0xe8d03faf); /* LDA r3, [r0]: Armv8-M only */
    vector_to_here(&program, EXC_HARDFAULT);
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(FAULT));
    (void)harness_run(harness, 50);

    assert_int_equal(0x410fc241, cpu_get(harness->cpu, CPU_R0 + 1));
    assert_int_equal(1, harness_count(harness, OBS_FAULT));
    assert_int_equal(0x00010000, harness_find(harness, OBS_FAULT, 0)->fault.cfsr);
}

static void r2_a_stop_from_a_register_access_repeats_nothing(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, APB_BASE);
    op(&program, THUMB_LDR(1, 0, 0));
    op(&program, THUMB_ADDS(1, 1));
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_ADDS(2, 1));
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    harness->registers[0] = 41;
    harness_record(harness, TRACE_KIND(MMIO_READ) | TRACE_KIND(MMIO_WRITE));
    trace_subscribe(&harness->trace, TRACE_KIND(MMIO_READ) | TRACE_KIND(MMIO_WRITE), stop_on_access,
                    harness);

    assert_int_equal(CPU_STOP_REQUESTED, harness_run(harness, 50));
    assert_int_equal(41, cpu_get(harness->cpu, CPU_R0 + 1));
    assert_int_equal(PROGRAM_CODE + 10, cpu_get(harness->cpu, CPU_PC));
    assert_int_equal(CPU_STOP_REQUESTED, harness_run(harness, 50));
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, 50));

    assert_int_equal(42, harness->registers[0]);
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 2));
    assert_int_equal(1, harness_count(harness, OBS_MMIO_READ));
    assert_int_equal(1, harness_count(harness, OBS_MMIO_WRITE));
}

static void r3_an_it_block_is_not_torn_apart(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    enable_irq(&program);
    op_load(&program, 0, APB_BASE);
    op(&program, THUMB_MOVS(1, 0));
    op(&program, THUMB_CMP(1, 0));
    op(&program, THUMB_IT(EQ, 0x1)); /* ITTTT EQ */
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_ADDS(4, 1));
    op(&program, THUMB_ADDS(4, 1));
    op(&program, THUMB_ADDS(4, 1));
    op(&program, THUMB_B_SELF);
    count_irqs(&program);
    load(harness, &program);
    trace_subscribe(&harness->trace, TRACE_KIND(MMIO_WRITE), stop_on_access, harness);
    harness_record(harness, TRACE_KIND(IRQ_ENTER));
    trace_subscribe(&harness->trace, TRACE_KIND(MMIO_WRITE), pulse_on_write, harness);
    while (harness_run(harness, 50) != CPU_STOP_TIME) {
    }

    assert_int_equal(3, cpu_get(harness->cpu, CPU_R0 + 4));
    assert_int_equal(1, harness_count(harness, OBS_IRQ_ENTER));
    assert_int_equal(1, harness_word(harness, DATA));
}

static void r4_a_stop_at_exception_entry_is_not_lost(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    enable_irq(&program);
    op(&program, THUMB_B_SELF);
    count_irqs(&program);
    load(harness, &program);
    (void)harness_run(harness, 20);
    trace_subscribe(&harness->trace, TRACE_KIND(IRQ_ENTER), stop_on_access, harness);
    pulse_irq(harness);

    assert_int_equal(CPU_STOP_REQUESTED, harness_run(harness, 50));
    assert_int_equal(EXC_IRQ + IRQ, cpu_get(harness->cpu, CPU_XPSR) & 0x1ff);
    assert_int_equal(load_le32(program.bytes + 4 * (EXC_IRQ + IRQ)) & ~1u,
                     cpu_get(harness->cpu, CPU_PC));
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, 50));
    assert_int_equal(1, harness_word(harness, DATA));
}

/* R5 and R6 are about block hooks, of which there are none: PC comes from the instruction hook. */
static void r5_r6_the_pc_of_an_access_is_exact_in_chained_blocks(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    guest_addr store;

    op_load(&program, 0, APB_BASE);
    op(&program, THUMB_NOP);
    op(&program, THUMB_NOP);
    store = program.at;
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_NOP);
    op(&program, 0xe7fa); /* b to the first NOP */
    load(harness, &program);
    harness_record(harness, TRACE_KIND(MMIO_WRITE));
    (void)harness_run(harness, 4000);

    assert_true(harness_count(harness, OBS_MMIO_WRITE) > 700);
    for (unsigned i = 0; i < harness->records; i++)
        assert_int_equal(store, harness->record[i].mmio.pc);
}

static long resident_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long total = 0;
    long resident = 0;

    if (file) {
        if (fscanf(file, "%ld %ld", &total, &resident) != 2)
            resident = 0;
        (void)fclose(file);
    }
    return resident;
}

/* A flush of all translations would touch the whole code buffer, a gibibyte. */
static void r7_short_runs_flush_no_translations(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    long before;

    op(&program, THUMB_ADDS(0, 1));
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    before = resident_pages();
    for (unsigned i = 0; i < 200; i++)
        assert_int_equal(CPU_STOP_TIME, harness_run(harness, 3));

    assert_true(resident_pages() - before < 0x4000);
    assert_int_equal(600, cpu_instructions(harness->cpu));
}

static void r8_each_instruction_counts_once(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    for (unsigned i = 0; i < 100; i++)
        op(&program, THUMB_ADDS(0, 1));
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    for (unsigned i = 1; i <= 100; i++) {
        assert_int_equal(CPU_STOP_TIME, harness_run(harness, 1));
        assert_int_equal(i, cpu_get(harness->cpu, CPU_R0));
    }
}

static void r9_stores_are_seen_once_without_memory_hooks(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, DATA);
    op_load(&program, 1, 0x11223344);
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, 0xf8c01005); /* str r1, [r0, #5]: unaligned */
    op(&program, THUMB_STRB(1, 0, 1));
    op(&program, THUMB_LDR(2, 0, 0));
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD));
    trace_watch(&harness->trace, (struct byte_range){DATA, 16}, WATCH_STORES);
    (void)harness_run(harness, 50);

    assert_int_equal(3, harness->records);
    assert_int_equal(DATA + 5, harness->record[1].access.address);
    assert_int_equal(4, harness->record[1].access.size);
    assert_int_equal(0x11223344, harness->record[1].access.after);
    assert_int_equal(0x11, harness->record[2].access.before ^ 0x22);
    assert_int_equal(0x11224444, harness_word(harness, DATA));
}

static void r10_a_handler_is_privileged_whoever_was_interrupted(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op(&program, THUMB_MOVS(0, 1));
    op(&program, THUMB_MSR(SPECIAL_CONTROL, 0));
    op(&program, THUMB_ISB);
    op(&program, THUMB_SVC(0));
    op(&program, THUMB_MOVS(4, 5));
    op(&program, THUMB_B_SELF);
    vector_to_here(&program, EXC_SVCALL);
    op_load(&program, 0, 0xe000ed00);
    op(&program, THUMB_LDR(3, 0, 0));
    op(&program, THUMB_MOV(5, 3));
    op(&program, THUMB_BX_LR);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(FAULT) | TRACE_KIND(IRQ_EXIT));
    (void)harness_run(harness, 50);

    assert_int_equal(0, harness_count(harness, OBS_FAULT));
    assert_int_equal(1, harness_count(harness, OBS_IRQ_EXIT));
    assert_int_equal(0x410fc241, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_int_equal(5, cpu_get(harness->cpu, CPU_R0 + 4));
    assert_int_equal(1, cpu_get(harness->cpu, CPU_CONTROL));
    assert_int_equal(PROGRAM_STACK, cpu_get(harness->cpu, CPU_MSP));
}

static void r11_an_even_pc_from_the_debugger_stays_in_thumb_state(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op(&program, THUMB_B_SELF);
    op(&program, THUMB_MOVS(0, 9));
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    cpu_set(harness->cpu, CPU_PC, PROGRAM_CODE + 2);
    (void)harness_run(harness, 5);

    assert_int_equal(9, cpu_get(harness->cpu, CPU_R0));
}

static void r12_code_that_ran_before_is_observed_too(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op(&program, THUMB_DMB);
    op(&program, 0xe7fc); /* b to the DMB */
    load(harness, &program);
    (void)harness_run(harness, 10);
    harness_record(harness, TRACE_KIND(BARRIER));
    (void)harness_run(harness, 10);

    assert_int_equal(5, harness_count(harness, OBS_BARRIER));
}

static void r13_no_address_ends_a_run(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, DATA);
    op(&program, THUMB_MOVS(5, 1));
    op(&program, THUMB_BX(5)); /* to address 0, which is what `until` would be */
    load(harness, &program);

    assert_int_equal(CPU_STOP_TIME, harness_run(harness, 10));
    assert_int_equal(10, cpu_instructions(harness->cpu));
    assert_in_range(cpu_get(harness->cpu, CPU_PC), 4, 0x40);
}

static void r14_snapshots_stay_with_their_machine(void **state)
{
    struct harness *harness = *state;
    struct harness *other = harness_create();
    struct program program = program_begin();
    struct snapshot *snapshot;
    uint64_t hash;

    op_load(&program, 0, DATA);
    op(&program, THUMB_ADDS(1, 1));
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, 0xe7fc); /* b to the ADDS */
    load(harness, &program);
    load(other, &program);
    (void)harness_run(harness, 20);
    cpu_save(harness->cpu);
    snapshot = snapshot_take(&harness->state);
    (void)harness_run(harness, 1000);
    cpu_save(harness->cpu);
    hash = state_hash(&harness->state);

    (void)harness_run(other, 333);
    harness_destroy(other);
    snapshot_restore(snapshot, &harness->state);
    cpu_restore(harness->cpu);
    (void)harness_run(harness, 1000);
    cpu_save(harness->cpu);

    assert_int_equal(hash, state_hash(&harness->state));
    snapshot_free(snapshot);
}

/* Runs code in RAM, seen at `view`, that another view of the same cells rewrites. */
static void rewrite_code(struct harness *harness, guest_addr view, guest_addr other)
{
    struct program program = program_begin();

    op_load(&program, 0, other);
    op_load(&program, 1, THUMB_BX_LR << 16 | THUMB_MOVS(4, 1));
    op_load(&program, 2, THUMB_BX_LR << 16 | THUMB_MOVS(4, 2));
    op_load(&program, 3, view | 1);
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, 0x4798); /* blx r3 */
    op(&program, THUMB_MOV(5, 4));
    op(&program, THUMB_STR(2, 0, 0));
    op(&program, 0x4798);
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    (void)harness_run(harness, 50);
}

static void r15_rewritten_code_is_executed_anew(void **state)
{
    struct harness *harness = *state;
    guest_addr alias = CODE_IN_RAM - RAM_BASE + RAM_CODE_BASE;

    rewrite_code(harness, CODE_IN_RAM, CODE_IN_RAM);
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_int_equal(2, cpu_get(harness->cpu, CPU_R0 + 4));
    rewrite_code(harness, alias, CODE_IN_RAM);
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_int_equal(2, cpu_get(harness->cpu, CPU_R0 + 4));
    rewrite_code(harness, CODE_IN_RAM, alias);
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_int_equal(2, cpu_get(harness->cpu, CPU_R0 + 4));
}

static void r15_a_snapshot_brings_old_code_back(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    struct snapshot *snapshot;

    op_load(&program, 3, CODE_IN_RAM | 1);
    op(&program, 0x4798); /* blx r3 */
    op(&program, 0xe7fd); /* b to the BLX */
    load(harness, &program);
    harness_set_word(harness, CODE_IN_RAM, THUMB_BX_LR << 16 | THUMB_MOVS(4, 1));
    (void)harness_run(harness, 30);
    cpu_save(harness->cpu);
    snapshot = snapshot_take(&harness->state);
    harness_set_word(harness, CODE_IN_RAM, THUMB_BX_LR << 16 | THUMB_MOVS(4, 2));
    cpu_code_changed(harness->cpu, (struct byte_range){CODE_IN_RAM, 4});
    (void)harness_run(harness, 30);
    assert_int_equal(2, cpu_get(harness->cpu, CPU_R0 + 4));

    snapshot_restore(snapshot, &harness->state);
    cpu_restore(harness->cpu);
    (void)harness_run(harness, 30);

    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 4));
    snapshot_free(snapshot);
}

static void r15_a_snapshot_brings_old_flash_back(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    struct byte_range edit = {PROGRAM_CODE, 2};
    struct snapshot *snapshot;

    op(&program, THUMB_MOVS(4, 1));
    op(&program, 0xe7fd); /* b to the MOVS */
    load(harness, &program);
    (void)harness_run(harness, 30);
    cpu_save(harness->cpu);
    snapshot = snapshot_take(&harness->state);
    memory_flash_changing(&harness->memory, edit);
    store_le16(harness->memory.flash + PROGRAM_CODE, THUMB_MOVS(4, 2));
    cpu_code_changed(harness->cpu, edit);
    (void)harness_run(harness, 30);
    assert_int_equal(2, cpu_get(harness->cpu, CPU_R0 + 4));

    snapshot_restore(snapshot, &harness->state);
    cpu_restore(harness->cpu);
    (void)harness_run(harness, 30);

    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 4));
    snapshot_free(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE(r1_the_core_is_a_cortex_m4),
        RULE(r2_a_stop_from_a_register_access_repeats_nothing),
        RULE(r3_an_it_block_is_not_torn_apart),
        RULE(r4_a_stop_at_exception_entry_is_not_lost),
        RULE(r5_r6_the_pc_of_an_access_is_exact_in_chained_blocks),
        RULE(r7_short_runs_flush_no_translations),
        RULE(r8_each_instruction_counts_once),
        RULE(r9_stores_are_seen_once_without_memory_hooks),
        RULE(r10_a_handler_is_privileged_whoever_was_interrupted),
        RULE(r11_an_even_pc_from_the_debugger_stays_in_thumb_state),
        RULE(r12_code_that_ran_before_is_observed_too),
        RULE(r13_no_address_ends_a_run),
        RULE(r14_snapshots_stay_with_their_machine),
        RULE(r15_rewritten_code_is_executed_anew),
        RULE(r15_a_snapshot_brings_old_code_back),
        RULE(r15_a_snapshot_brings_old_flash_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
