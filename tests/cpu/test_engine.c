/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/nvic.h"
#include "tests/cpu/harness.h"
#include "tests/cpu/thumb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { DATA = 0x20000100, IRQ = 3, SYST = 0xe000e010u - PPB_BASE };

#define ON_A_CPU(test) cmocka_unit_test_setup_teardown(test, harness_setup, harness_teardown)

static void load(struct harness *harness, const struct program *program)
{
    harness_load(harness, program->bytes, sizeof program->bytes);
}

static void run_program(struct harness *harness, const struct program *program, sim_time duration)
{
    load(harness, program);
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, duration));
}

static void enable_irq(struct program *program)
{
    op_load(program, 7, 0xe000e100);
    op(program, THUMB_MOVS(6, 1 << IRQ));
    op(program, THUMB_STR(6, 7, 0));
}

static void count_irqs(struct program *program)
{
    vector_to_here(program, EXC_IRQ + IRQ);
    op_load(program, 2, DATA);
    op(program, THUMB_LDR(3, 2, 0));
    op(program, THUMB_ADDS(3, 1));
    op(program, THUMB_STR(3, 2, 0));
    op(program, THUMB_BX_LR);
}

static void set_irq(struct harness *harness, bool level)
{
    wire_set(&harness->wires, (enum wire_id)(WIRE_IRQ + IRQ), level);
}

static void raise_irq(void *owner, const struct event *event)
{
    (void)event;
    set_irq(owner, true);
    set_irq(owner, false);
}

/* An event of some peripheral in `delay` cycles that pulses the interrupt line. */
static void irq_in(struct harness *harness, sim_time delay)
{
    scheduler_handle(&harness->scheduler, EVENT_CLOCK_HFXO, raise_irq, harness);
    scheduler_add(&harness->scheduler, EVENT_CLOCK_HFXO, 0, delay, 0);
}

static uint64_t hash(struct harness *harness)
{
    cpu_save(harness->cpu);
    return state_hash(&harness->state);
}

static void a_program_stores_to_memory_and_to_registers(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, DATA);
    op_load(&program, 1, 0x12345678);
    op(&program, THUMB_STR(1, 0, 0));
    op_load(&program, 0, APB_BASE);
    op(&program, THUMB_STR(1, 0, 4));
    op(&program, THUMB_LDR(2, 0, 4));
    op(&program, THUMB_B_SELF);
    run_program(harness, &program, 100);

    assert_int_equal(0x12345678, harness_word(harness, DATA));
    assert_int_equal(0x12345678, harness->registers[1]);
    assert_int_equal(0x12345678, cpu_get(harness->cpu, CPU_R0 + 2));
    assert_int_equal(100, cpu_instructions(harness->cpu));
}

static void an_interrupt_is_taken_and_returned_from(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    enable_irq(&program);
    op(&program, THUMB_MOVS(2, 7));
    op(&program, THUMB_B_SELF);
    count_irqs(&program);
    run_program(harness, &program, 50);
    set_irq(harness, true);
    set_irq(harness, false);
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, 50));

    assert_int_equal(1, harness_word(harness, DATA));
    assert_int_equal(7, cpu_get(harness->cpu, CPU_R0 + 2));
    assert_int_equal(PROGRAM_STACK, cpu_get(harness->cpu, CPU_SP));
}

static void an_event_interrupts_at_its_very_cycle(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    enable_irq(&program);
    for (unsigned i = 0; i < 50; i++)
        op(&program, THUMB_ADDS(4, 1));
    op(&program, THUMB_B_SELF);
    count_irqs(&program);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(IRQ_ENTER));
    irq_in(harness, 20);
    (void)harness_run(harness, 21);

    /* Four instructions of set-up, then sixteen ADDS, then the first one of the handler. */
    assert_int_equal(20, harness_find(harness, OBS_IRQ_ENTER, 0)->when);
    assert_int_equal(16, cpu_get(harness->cpu, CPU_R0 + 4));
}

static void a_run_in_slices_leaves_the_state_of_one_run(void **state)
{
    struct harness *harness = *state;
    struct harness *other = harness_create();
    struct program program = program_begin();

    enable_irq(&program);
    op(&program, THUMB_ADDS(4, 1));
    op(&program, 0xe7fd); /* b to the ADDS */
    count_irqs(&program);
    load(harness, &program);
    load(other, &program);
    irq_in(harness, 77);
    irq_in(other, 77);
    (void)harness_run(harness, 200);
    for (unsigned i = 0; i < 40; i++)
        (void)harness_run(other, 5);

    assert_int_equal(hash(harness), hash(other));
    harness_destroy(other);
}

static void a_byte_written_to_icer_disables_its_interrupts_only(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, 0xe000e100);
    op_load(&program, 1, 0x00030301);
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_ADDS(0, 0x80));
    op(&program, THUMB_MOVS(1, 1));
    op(&program, THUMB_STRB(1, 0, 1));
    op(&program, THUMB_LDR(2, 0, 0));
    op(&program, THUMB_B_SELF);
    run_program(harness, &program, 50);

    assert_int_equal(0x00030201, cpu_get(harness->cpu, CPU_R0 + 2));
}

static void sleep_skips_to_the_next_event(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    enable_irq(&program);
    op(&program, THUMB_WFI);
    op(&program, THUMB_MOVS(5, 1));
    op(&program, THUMB_B_SELF);
    count_irqs(&program);
    load(harness, &program);
    irq_in(harness, 1000000);
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, 1000020));

    assert_int_equal(1, harness_word(harness, DATA));
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_in_range(cpu_instructions(harness->cpu), 20, 30);
}

static void sleep_without_events_ends_the_run(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op(&program, THUMB_WFI);
    op(&program, THUMB_B_SELF);
    load(harness, &program);

    assert_int_equal(CPU_STOP_ASLEEP, harness_run(harness, 1000));
    assert_int_equal(1, harness->scheduler.state.now);
    assert_non_null(strstr(cpu_activity(harness->cpu), "asleep (WFI)"));
}

static void wfi_wakes_for_an_interrupt_that_primask_holds_back(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    enable_irq(&program);
    op(&program, THUMB_CPSID);
    op(&program, THUMB_WFI);
    op(&program, THUMB_MOVS(5, 1));
    op(&program, THUMB_B_SELF);
    count_irqs(&program);
    load(harness, &program);
    irq_in(harness, 500);
    (void)harness_run(harness, 600);

    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_int_equal(0, harness_word(harness, DATA));
}

static void wfe_takes_the_event_that_sev_left(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op(&program, THUMB_SEV);
    op(&program, THUMB_WFE);
    op(&program, THUMB_MOVS(5, 1));
    op(&program, THUMB_YIELD);
    op(&program, THUMB_WFE);
    op(&program, THUMB_MOVS(5, 2));
    load(harness, &program);

    assert_int_equal(CPU_STOP_ASLEEP, harness_run(harness, 100));
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_non_null(strstr(cpu_activity(harness->cpu), "asleep (WFE)"));
}

static void a_tight_loop_is_named(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op(&program, THUMB_NOP);
    op(&program, THUMB_B_SELF);
    run_program(harness, &program, 1000);

    assert_string_equal("looping between 0x00000202 and 0x00000202", cpu_activity(harness->cpu));
}

static void systick_interrupts_periodically(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, PPB_BASE + SYST);
    op(&program, THUMB_MOVS(1, 99));
    op(&program, THUMB_STR(1, 0, 4));
    op(&program, THUMB_STR(1, 0, 8));
    op(&program, THUMB_MOVS(1, 7));
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_B_SELF);
    vector_to_here(&program, EXC_SYSTICK);
    op(&program, THUMB_ADDS(4, 1));
    op(&program, THUMB_BX_LR);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(IRQ_ENTER));
    (void)harness_run(harness, 1000);

    assert_int_equal(9, harness_count(harness, OBS_IRQ_ENTER));
    assert_int_equal(100, harness_find(harness, OBS_IRQ_ENTER, 5)->when -
                              harness_find(harness, OBS_IRQ_ENTER, 4)->when);
}

static void an_exception_closes_the_exclusive_monitor(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, DATA);
    op(&program, THUMB_MOVS(1, 9));
    op(&program, THUMB_LDREX(2, 0));
    op(&program, THUMB_STREX(3, 1, 0)); /* 0: stored */
    op(&program, THUMB_LDREX(2, 0));
    op(&program, THUMB_SVC(0));
    op(&program, THUMB_MOVS(1, 5));
    op(&program, THUMB_STREX(4, 1, 0)); /* 1: not stored */
    op(&program, THUMB_STREX(5, 1, 0)); /* 1: no LDREX before */
    op(&program, THUMB_B_SELF);
    vector_to_here(&program, EXC_SVCALL);
    op(&program, THUMB_BX_LR);
    run_program(harness, &program, 50);

    assert_int_equal(0, cpu_get(harness->cpu, CPU_R0 + 3));
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 4));
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_int_equal(9, harness_word(harness, DATA));
}

static void store_to_flash(struct harness *harness, guest_addr address)
{
    struct program program = program_begin();

    op_load(&program, 0, address);
    op_load(&program, 1, 0xcafe);
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_MOVS(5, 1));
    op(&program, THUMB_B_SELF);
    vector_to_here(&program, EXC_HARDFAULT);
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(FAULT));
    (void)harness_run(harness, 50);
}

static void a_store_to_flash_is_the_controllers_to_decide(void **state)
{
    struct harness *harness = *state;

    harness->flash_accepts = true;
    store_to_flash(harness, 0x40000);

    assert_int_equal(0x40000, harness->flash_address);
    assert_int_equal(0xcafe, harness->flash_value);
    assert_int_equal(0xffffffff, harness_word(harness, 0x40000));
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_int_equal(0, harness_count(harness, OBS_FAULT));
}

static void an_unaligned_store_to_flash_is_asked_for_once(void **state)
{
    struct harness *harness = *state;

    harness->flash_accepts = true;
    store_to_flash(harness, 0x40002);

    assert_int_equal(1, harness->flash_stores);
    assert_int_equal(0x40002, harness->flash_address);
    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 5));
    assert_int_equal(0, harness_count(harness, OBS_FAULT));
}

static void a_refused_store_to_flash_is_a_bus_fault(void **state)
{
    struct harness *harness = *state;

    store_to_flash(harness, 0x40000);

    assert_int_equal(1, harness_count(harness, OBS_FAULT));
    assert_int_equal(0x40000, harness_find(harness, OBS_FAULT, 0)->fault.bfar);
    assert_int_equal(EXC_HARDFAULT, harness_find(harness, OBS_FAULT, 0)->fault.exception);
    assert_int_equal(0x40000000, harness_find(harness, OBS_FAULT, 0)->fault.hfsr);
    assert_int_equal(PROGRAM_CODE + 16, harness_find(harness, OBS_FAULT, 0)->fault.pc);
    assert_string_equal("store to 0x00040000, where writing is not allowed",
                        harness_find(harness, OBS_FAULT, 0)->fault.cause);
    assert_int_equal(0, cpu_get(harness->cpu, CPU_R0 + 5));
}

static void the_code_alias_folds_to_data_ram(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, DATA - RAM_BASE + RAM_CODE_BASE);
    op(&program, THUMB_MOVS(1, 77));
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_LDR(2, 0, 0));
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD));
    trace_watch(&harness->trace, (struct byte_range){DATA, 4}, WATCH_STORES | WATCH_LOADS);
    (void)harness_run(harness, 20);

    assert_int_equal(77, harness_word(harness, DATA));
    assert_int_equal(2, harness->records);
    assert_int_equal(DATA, harness->record[0].access.address);
    assert_int_equal(DATA, harness->record[1].access.address);
    assert_int_equal(77, harness->record[1].access.before);
}

static void watched_loads_are_reported_word_by_word(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, DATA);
    op(&program, 0xc81e); /* ldmia r0!, {r1-r4} */
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    harness_set_word(harness, DATA + 4, 0xaabbccdd);
    harness_record(harness, TRACE_KIND(CPU_LOAD));
    trace_watch(&harness->trace, (struct byte_range){DATA + 4, 8}, WATCH_LOADS);
    (void)harness_run(harness, 20);

    assert_int_equal(2, harness->records);
    assert_int_equal(DATA + 4, harness->record[0].access.address);
    assert_int_equal(0xaabbccdd, harness->record[0].access.before);
    assert_int_equal(DATA + 8, harness->record[1].access.address);
}

static void stacking_is_reported_as_stacking(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    guest_addr call;

    call = program.at;
    op(&program, THUMB_SVC(0));
    op(&program, THUMB_B_SELF);
    vector_to_here(&program, EXC_SVCALL);
    op(&program, THUMB_BX_LR);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD));
    trace_watch(&harness->trace, (struct byte_range){PROGRAM_STACK - 32, 32},
                WATCH_STORES | WATCH_LOADS);
    (void)harness_run(harness, 20);

    assert_int_equal(8, harness_count(harness, OBS_CPU_STORE));
    assert_int_equal(8, harness_count(harness, OBS_CPU_LOAD));
    assert_int_equal(ACTOR_STACKING, harness->record[0].access.actor);
    assert_int_equal(call, harness->record[0].access.pc);
}

static void a_double_word_reaches_registers_as_two_words(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, APB_BASE);
    op(&program, THUMB_MOVS(1, 11));
    op(&program, THUMB_MOVS(2, 22));
    op(&program, THUMB_STRD(1, 2, 0));
    op(&program, THUMB_LDRD(3, 4, 0));
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(MMIO_READ) | TRACE_KIND(MMIO_WRITE));
    (void)harness_run(harness, 20);

    assert_int_equal(4, harness->records);
    assert_int_equal(11, harness->registers[0]);
    assert_int_equal(22, harness->registers[1]);
    assert_int_equal(22, cpu_get(harness->cpu, CPU_R0 + 4));
}

static void a_fault_inside_an_it_block_resumes_inside_it(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, 0x60000000);
    op(&program, THUMB_CMP(1, 0));
    op(&program, THUMB_IT(0, 0x6)); /* ITTE EQ */
    op(&program, THUMB_LDR(2, 0, 0));
    op(&program, THUMB_MOVS(3, 1));
    op(&program, THUMB_MOVS(4, 1)); /* not executed: NE */
    op(&program, THUMB_B_SELF);
    vector_to_here(&program, EXC_HARDFAULT);
    op_load(&program, 0, DATA);
    op(&program, 0x9000 | 0); /* str r0, [sp]: the load will succeed */
    op(&program, THUMB_BX_LR);
    run_program(harness, &program, 50);

    assert_int_equal(1, cpu_get(harness->cpu, CPU_R0 + 3));
    assert_int_equal(0, cpu_get(harness->cpu, CPU_R0 + 4));
}

/* Flags, IT blocks, stack and exclusives: whatever an interrupt could disturb. */
static void compute(struct program *program)
{
    guest_addr loop;

    op_load(program, 0, DATA + 0x100);
    op(program, THUMB_MOVS(1, 0));
    op(program, THUMB_MOVS(4, 0));
    loop = program->at;
    op(program, 0xb413); /* push {r0, r1, r4} */
    op(program, THUMB_MOVS(4, 0xff));
    op(program, 0xbc13); /* pop {r0, r1, r4} */
    op(program, THUMB_ADDS(1, 1));
    op(program, 0x084a);           /* lsrs r2, r1, #1: C is bit 0 */
    op(program, THUMB_IT(2, 0xe)); /* ITEE CS */
    op(program, 0x440c);           /* add r4, r1 */
    op(program, 0x0064);           /* lsl r4, r4, #1 */
    op(program, 0x4054);           /* eor r4, r2 */
    op(program, THUMB_STR(4, 0, 0));
    op(program, THUMB_CMP(1, 20));
    op(program, 0xd100 | (((loop - program->at - 4) / 2) & 0xff)); /* bne loop */
    op(program, THUMB_B_SELF);
}

static void an_interrupt_at_any_instruction_disturbs_nothing(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    uint32_t expected;

    enable_irq(&program);
    compute(&program);
    count_irqs(&program);
    run_program(harness, &program, 400);
    expected = cpu_get(harness->cpu, CPU_R0 + 4);
    assert_int_equal(20, cpu_get(harness->cpu, CPU_R0 + 1));

    for (sim_time delay = 1; delay < 120; delay++) {
        harness_set_word(harness, DATA, 0);
        cpu_reset(harness->cpu);
        irq_in(harness, delay);
        (void)harness_run(harness, 450);
        assert_int_equal(1, harness_word(harness, DATA));
        assert_int_equal(expected, cpu_get(harness->cpu, CPU_R0 + 4));
        assert_int_equal(20, cpu_get(harness->cpu, CPU_R0 + 1));
        assert_int_equal(PROGRAM_STACK, cpu_get(harness->cpu, CPU_SP));
    }
}

static void an_unaligned_access_reaches_registers_in_aligned_parts(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, APB_BASE);
    op_load(&program, 1, 0x44332211);
    op(&program, 0xf8c01001); /* str r1, [r0, #1] */
    op(&program, 0xf8d02001); /* ldr r2, [r0, #1] */
    op(&program, THUMB_B_SELF);
    load(harness, &program);
    harness_record(harness, TRACE_KIND(MMIO_READ) | TRACE_KIND(MMIO_WRITE));
    (void)harness_run(harness, 20);

    assert_int_equal(0x44332211, cpu_get(harness->cpu, CPU_R0 + 2));
    for (unsigned i = 0; i < harness->records; i++)
        assert_int_equal(0, harness->record[i].mmio.address & (harness->record[i].mmio.size - 1));
}

static void a_vector_table_nowhere_locks_the_core_up(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, 0xe000ed08);
    op_load(&program, 1, 0x60000000);
    op(&program, THUMB_STR(1, 0, 0));
    op(&program, THUMB_SVC(0));
    load(harness, &program);
    harness_record(harness, TRACE_KIND(FAULT) | TRACE_KIND(IRQ_ENTER));

    assert_int_equal(CPU_STOP_LOCKUP, harness_run(harness, 50));
    assert_int_equal(0, harness_count(harness, OBS_IRQ_ENTER));
    assert_int_equal(2, harness_find(harness, OBS_FAULT, 0)->fault.hfsr); /* VECTTBL */
    assert_true(harness_find(harness, OBS_FAULT, 1)->fault.lockup);
    assert_int_equal(CPU_STOP_LOCKUP, harness_run(harness, 50));
}

static void semihosting_ends_a_run_with_a_code(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op(&program, THUMB_MOVS(0, 3)); /* SYS_WRITEC */
    op_load(&program, 1, DATA);
    op(&program, THUMB_BKPT(0xab));
    op(&program, THUMB_MOVS(0, 0x18)); /* SYS_EXIT */
    op_load(&program, 1, 0x20026);
    op(&program, THUMB_BKPT(0xab));
    load(harness, &program);
    harness_set_word(harness, DATA, 'x');

    assert_int_equal(CPU_STOP_EXIT, harness_run(harness, 100));
    assert_int_equal(0, cpu_exit_code(harness->cpu));
    assert_string_equal("x", text_string(&harness->console));
}

static void a_reset_request_stops_the_run(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op_load(&program, 0, 0xe000ed00);
    op_load(&program, 1, 0x05fa0004);
    op(&program, THUMB_STR(1, 0, 0x0c));
    op(&program, THUMB_MOVS(5, 1));
    load(harness, &program);

    assert_int_equal(CPU_STOP_RESET, harness_run(harness, 100));
    assert_true(wire_get(&harness->wires, WIRE_RESET_REQUEST));
    assert_int_equal(0, cpu_get(harness->cpu, CPU_R0 + 5));
    wires_reset(&harness->wires);
    cpu_reset(harness->cpu);
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, 3));
}

static void a_site_holds_registers_and_both_stacks(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    struct site site;

    op_load(&program, 0, 0x20004000);
    op(&program, THUMB_MSR(SPECIAL_PSP, 0));
    op(&program, THUMB_MOVS(0, 3));
    op(&program, THUMB_MSR(SPECIAL_CONTROL, 0));
    op(&program, THUMB_ISB);
    op(&program, THUMB_MOVS(4, 44));
    op(&program, THUMB_B_SELF);
    run_program(harness, &program, 20);
    harness_set_word(harness, 0x20004000, 0x5150);
    trace_site(&harness->trace, &site);

    assert_int_equal(44, site.r[4]);
    assert_int_equal(0x20004000, site.r[13]);
    assert_int_equal(PROGRAM_STACK, site.msp);
    assert_int_equal(0x20004000, site.psp);
    assert_int_equal(0x5150, load_le32(site.stack[1].bytes));
    assert_int_equal(SITE_STACK_BYTES, site.stack[0].size);
    assert_int_equal(CPU_STOP_TIME, harness_run(harness, 5));
}

static void registers_written_by_a_debugger_stay(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();

    op(&program, THUMB_B_SELF);
    run_program(harness, &program, 10);
    for (enum cpu_register reg = CPU_R0; reg < CPU_SP; reg++)
        cpu_set(harness->cpu, reg, 0x100u + reg);
    cpu_set(harness->cpu, CPU_SP, 0x20001000);
    cpu_set(harness->cpu, CPU_PSP, 0x20002000);
    cpu_set(harness->cpu, CPU_BASEPRI, 0x40);
    cpu_set(harness->cpu, (enum cpu_register)(CPU_S0 + 31), 0x3f800000);
    (void)harness_run(harness, 10);

    for (enum cpu_register reg = CPU_R0; reg < CPU_SP; reg++)
        assert_int_equal(0x100u + reg, cpu_get(harness->cpu, reg));
    assert_int_equal(0x20001000, cpu_get(harness->cpu, CPU_MSP));
    assert_int_equal(0x20002000, cpu_get(harness->cpu, CPU_PSP));
    assert_int_equal(0x40, cpu_get(harness->cpu, CPU_BASEPRI));
    assert_int_equal(0x3f800000, cpu_get(harness->cpu, (enum cpu_register)(CPU_S0 + 31)));
    assert_int_equal(PROGRAM_CODE, cpu_get(harness->cpu, CPU_PC));
}

static void a_snapshot_within_a_handler_continues_alike(void **state)
{
    struct harness *harness = *state;
    struct program program = program_begin();
    struct snapshot *snapshot;
    uint64_t first;

    enable_irq(&program);
    op(&program, THUMB_ADDS(4, 1));
    op(&program, 0xe7fd);
    count_irqs(&program);
    load(harness, &program);
    irq_in(harness, 30);
    (void)harness_run(harness, 33); /* inside the handler */
    assert_int_equal(EXC_IRQ + IRQ, cpu_get(harness->cpu, CPU_XPSR) & 0x1ff);
    cpu_save(harness->cpu);
    snapshot = snapshot_take(&harness->state);
    (void)harness_run(harness, 100);
    first = hash(harness);
    snapshot_restore(snapshot, &harness->state);
    cpu_restore(harness->cpu);
    (void)harness_run(harness, 100);

    assert_int_equal(first, hash(harness));
    assert_int_equal(1, harness_word(harness, DATA));
    snapshot_free(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_CPU(a_program_stores_to_memory_and_to_registers),
        ON_A_CPU(an_interrupt_is_taken_and_returned_from),
        ON_A_CPU(an_event_interrupts_at_its_very_cycle),
        ON_A_CPU(a_run_in_slices_leaves_the_state_of_one_run),
        ON_A_CPU(a_byte_written_to_icer_disables_its_interrupts_only),
        ON_A_CPU(sleep_skips_to_the_next_event),
        ON_A_CPU(sleep_without_events_ends_the_run),
        ON_A_CPU(wfi_wakes_for_an_interrupt_that_primask_holds_back),
        ON_A_CPU(wfe_takes_the_event_that_sev_left),
        ON_A_CPU(a_tight_loop_is_named),
        ON_A_CPU(systick_interrupts_periodically),
        ON_A_CPU(an_exception_closes_the_exclusive_monitor),
        ON_A_CPU(a_store_to_flash_is_the_controllers_to_decide),
        ON_A_CPU(an_unaligned_store_to_flash_is_asked_for_once),
        ON_A_CPU(a_refused_store_to_flash_is_a_bus_fault),
        ON_A_CPU(the_code_alias_folds_to_data_ram),
        ON_A_CPU(watched_loads_are_reported_word_by_word),
        ON_A_CPU(stacking_is_reported_as_stacking),
        ON_A_CPU(a_double_word_reaches_registers_as_two_words),
        ON_A_CPU(a_fault_inside_an_it_block_resumes_inside_it),
        ON_A_CPU(an_interrupt_at_any_instruction_disturbs_nothing),
        ON_A_CPU(an_unaligned_access_reaches_registers_in_aligned_parts),
        ON_A_CPU(a_vector_table_nowhere_locks_the_core_up),
        ON_A_CPU(semihosting_ends_a_run_with_a_code),
        ON_A_CPU(a_reset_request_stops_the_run),
        ON_A_CPU(a_site_holds_registers_and_both_stacks),
        ON_A_CPU(registers_written_by_a_debugger_stay),
        ON_A_CPU(a_snapshot_within_a_handler_continues_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
