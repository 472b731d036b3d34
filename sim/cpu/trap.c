/* SPDX-License-Identifier: Apache-2.0 */
/* Where an instruction ends in something else than the next one: traps, faults, sleep. */
#include "sim/cpu/internal.h"

/* ---- Traps: the engine can be redirected here ------------------------------------------------ */

static void call_supervisor(struct cpu *cpu, guest_addr next)
{
    int executing = nvic_execution_priority(&cpu->nvic, &cpu->state.masks);
    int priority = nvic_group_priority(&cpu->nvic, nvic_priority(&cpu->nvic, EXC_SVCALL));
    struct found_fault fault = {.id = FAULT_SVC, .pc = cpu->trace->state.pc};
    unsigned exception = EXC_SVCALL;

    if (priority >= executing)
        exception = fault_record(cpu, &fault);
    exception_raise(cpu, exception, next);
}

static void step_over_breakpoint(struct cpu *cpu, guest_addr pc)
{
    uint32_t it = insn_it_advance(cpu_it_state(cpu, pc));

    engine_set(&cpu->engine, ENGINE_EPSR,
               XPSR_T | extract32(it, 2, 6) << 10 | extract32(it, 0, 2) << 25);
    engine_settle(&cpu->engine);
    engine_jump(&cpu->engine, pc + 2);
}

static void stop_at_breakpoint(struct cpu *cpu, guest_addr pc)
{
    enum { SEMIHOSTING = 0xab };
    struct found_fault fault = {.id = FAULT_BKPT, .pc = pc};
    uint32_t result = 0;
    uint16_t first;
    uint16_t second;

    cpu_fetch(cpu, pc, &first, &second);
    if ((first & 0xff) != SEMIHOSTING) {
        fault_raise(cpu, &fault);
        return;
    }
    if (semihosting_call(&cpu->semihosting, engine_get(&cpu->engine, 0),
                         engine_get(&cpu->engine, 1), &result) == SEMIHOST_EXIT)
        cpu->exited = true;
    engine_set(&cpu->engine, 0, result);
    step_over_breakpoint(cpu, pc);
}

static void abort_fetch(struct cpu *cpu, guest_addr pc)
{
    struct found_fault fault = {.id = FAULT_IACCVIOL, .pc = pc};

    if (cpu->state.fault.id != FAULT_NONE) { /* of a vector that leads there */
        fault = cpu->state.fault;
        cpu->state.fault = (struct found_fault){0};
        fault_raise(cpu, &fault);
    } else if (pc >= EXC_RETURN_LOWEST && engine_get(&cpu->engine, ENGINE_IPSR)) {
        exception_return(cpu, pc | 1);
    } else {
        fault_raise(cpu, &fault);
    }
}

static void refuse_undefined(struct cpu *cpu)
{
    guest_addr pc = engine_get(&cpu->engine, ENGINE_PC);
    struct found_fault fault = {.id = FAULT_UNDEFINSTR, .pc = pc};
    uint16_t first;
    uint16_t second;

    cpu_fetch(cpu, pc, &first, &second);
    if (!(engine_get(&cpu->engine, ENGINE_EPSR) & XPSR_T))
        fault.id = FAULT_INVSTATE;
    else if ((first & 0xec00) == 0xec00) /* the coprocessor space: none but the FPU is there */
        fault.id = FAULT_NOCP;
    fault_raise(cpu, &fault);
}

void cpu_on_trap(void *owner, enum engine_trap trap)
{
    struct cpu *cpu = owner;
    guest_addr pc = engine_get(&cpu->engine, ENGINE_PC);

    switch (trap) {
    case ENGINE_SVC:
        call_supervisor(cpu, pc);
        break;
    case ENGINE_BKPT:
        stop_at_breakpoint(cpu, pc);
        break;
    case ENGINE_EXCEPTION_RETURN:
    case ENGINE_PREFETCH_ABORT:
        abort_fetch(cpu, pc);
        break;
    case ENGINE_BAD_STATE:
        fault_raise(cpu, &(struct found_fault){.id = FAULT_INVSTATE, .pc = pc});
        break;
    case ENGINE_UNDEFINED:
        refuse_undefined(cpu);
        break;
    }
    scheduler_alert(cpu->config.scheduler);
    if (cpu->state.lockup)
        engine_stop(&cpu->engine);
}

/* ---- Leaving the engine ---------------------------------------------------------------------- */

void cpu_on_invalid(void *owner)
{
    struct cpu *cpu = owner;

    cpu->left_invalid = true;
}

void cpu_on_fault(void *owner, enum engine_fault kind, guest_addr address)
{
    struct cpu *cpu = owner;
    bool fetch = kind == ENGINE_BAD_FETCH;

    cpu->left_fault = (struct found_fault){.id = fetch ? FAULT_IBUSERR : FAULT_PRECISERR,
                                           .pc = fetch ? address : cpu->trace->state.pc,
                                           .address = address,
                                           .store = kind == ENGINE_BAD_WRITE};
}

static void begin_sleep(struct cpu *cpu, enum insn_kind hint)
{
    guest_addr pc = cpu->trace->state.pc;

    if (hint == INSN_WFI)
        cpu->state.sleep = SLEEP_WFI;
    else if (hint == INSN_WFE && cpu->state.event)
        cpu->state.event = 0;
    else if (hint == INSN_WFE)
        cpu->state.sleep = SLEEP_WFE;
    /* The engine forgets ITSTATE when it leaves. */
    if (cpu_inside_it(cpu, pc)) {
        guest_addr next = engine_get(&cpu->engine, ENGINE_PC);
        uint32_t it = cpu_it_state(cpu, next);

        engine_set(&cpu->engine, ENGINE_EPSR,
                   XPSR_T | extract32(it, 2, 6) << 10 | extract32(it, 0, 2) << 25);
        engine_settle(&cpu->engine);
    }
}

void cpu_settle_leave(struct cpu *cpu)
{
    enum insn_kind hint = cpu->hint;
    struct found_fault fault = cpu->left_fault;
    bool invalid = cpu->left_invalid;

    cpu->hint = INSN_PLAIN;
    cpu->left_fault = (struct found_fault){0};
    cpu->left_invalid = false;
    if (fault.id != FAULT_NONE)
        fault_raise(cpu, &fault);
    else if (hint != INSN_PLAIN)
        begin_sleep(cpu, hint);
    else if (invalid)
        refuse_undefined(cpu);
}
