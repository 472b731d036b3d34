/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens before each instruction: it is counted, and the few that need more than the engine
 * does are looked at.
 *
 * Deviations:
 *   1. Every instruction takes one cycle. Those whose condition fails in an IT block take none.
 *   2. Interrupts wait for the end of an IT block, three instructions at most.
 *   3. So do faults found before an instruction of the block executes (alignment, protection,
 *      CPACR, division by zero): the instruction takes effect; the stacked PC is right.
 *   4. STREX inside an IT block asks the engine's own monitor, which exceptions do not clear.
 *   5. With FPCCR.ASPEN clear, FPCA reads as zero and a set FPCA stacks no FP state.
 *   6. MOV, ADD and LDR give SP the bits 1:0 they compute; in silicon these are zero (B1.4.7).
 */
#include "sim/cpu/internal.h"

/* ---- Instructions that need more ------------------------------------------------------------- */

static bool divides_by_zero(const struct cpu *cpu, guest_addr pc)
{
    uint16_t first;
    uint16_t second;

    if (!(cpu->scs.ccr & CCR_DIV_0_TRP))
        return false;
    cpu_fetch(cpu, pc, &first, &second);
    return engine_get(&cpu->engine, extract32(second, 0, 4)) == 0;
}

/* With the MPU on; otherwise the engine itself refuses what the default map does not allow. */
static bool may_execute(const struct cpu *cpu, guest_addr pc)
{
    struct mpu_question question = {.address = pc, .privileged = !cpu->unprivileged, .fetch = true};

    if (!mpu_enabled(&cpu->mpu))
        return true;
    question.negative_priority = nvic_execution_priority(&cpu->nvic, &cpu->state.masks) < 0;
    return mpu_allows(&cpu->mpu, &question);
}

/* What is wrong with the instruction at `pc`, before it executes. */
static struct found_fault find_fault(const struct cpu *cpu, guest_addr pc, uint8_t class)
{
    struct found_fault fault = {.id = FAULT_NONE, .pc = pc};
    unsigned kind = class & INSN_KIND_MASK;
    bool always_checked = kind == INSN_ALIGNED || kind == INSN_LDREX || kind == INSN_STREX;

    if (!may_execute(cpu, pc))
        fault.id = FAULT_IACCVIOL;
    else if (class & INSN_FP && !cpu_fpu_is_open(cpu))
        fault.id = FAULT_NOCP;
    else if (kind == INSN_DIVIDE && divides_by_zero(cpu, pc))
        fault.id = FAULT_DIVBYZERO;
    else if (class & (INSN_LOADS | INSN_STORES) &&
             (always_checked || cpu->interest & INTEREST_CHECKS))
        fault = cpu_check_access(cpu, pc);
    return fault;
}

/* True when the engine was redirected to a handler or left. */
static bool refuse(struct cpu *cpu, const struct found_fault *fault)
{
    if (cpu_inside_it(cpu, fault->pc)) {
        if (cpu->state.fault.id == FAULT_NONE)
            cpu->state.fault = *fault;
        scheduler_alert(cpu->config.scheduler);
        return false;
    }
    fault_raise(cpu, fault);
    scheduler_alert(cpu->config.scheduler);
    if (cpu->state.lockup)
        engine_stop(&cpu->engine);
    return true;
}

static void pass_barrier(struct cpu *cpu, enum barrier_kind kind)
{
    if (kind != BARRIER_ISB)
        store_buffer_drain(&cpu->config.memory->stores);
    trace_note_barrier(cpu->trace, kind);
    cpu_renew_interest(cpu);
}

static void start_it(struct cpu *cpu, guest_addr pc)
{
    uint16_t first;
    uint16_t second;

    cpu_fetch(cpu, pc, &first, &second);
    cpu_set_it(cpu, pc + 2, first & 0xff);
}

/* The local monitor of the Cortex-M4 has no address: any LDREX opens it, any STREX closes it. The
 * engine compares addresses and values, so STREX to RAM is done here. */
static void store_exclusive(struct cpu *cpu, guest_addr pc)
{
    struct insn_access access;
    guest_addr address;
    uint16_t first;
    uint16_t second;
    unsigned status;

    cpu_fetch(cpu, pc, &first, &second);
    (void)insn_access(first, second, &access);
    address = cpu_effective_address(cpu, pc, &access);
    if (cpu_inside_it(cpu, pc) || memory_fold(address) - RAM_BASE >= RAM_SIZE)
        return; /* deviation 4 */
    status = access.size == 4 ? extract32(second, 8, 4) : extract32(second, 0, 4);
    if (cpu->state.exclusive)
        (void)cpu_store(cpu, address, access.size,
                        engine_get(&cpu->engine, extract32(second, 12, 4)));
    engine_set(&cpu->engine, status, !cpu->state.exclusive);
    cpu->state.exclusive = 0;
    engine_jump(&cpu->engine, pc + 4);
}

/* The engine starts a new FP context with FPSCR 0 by itself; FPDSCR may say otherwise (B1.5.7). */
static void start_fp_context(struct cpu *cpu, guest_addr pc)
{
    uint32_t control = engine_get(&cpu->engine, ENGINE_CONTROL);

    if (!cpu->scs.fpdscr || control & CONTROL_FPCA || cpu->unprivileged || cpu_inside_it(cpu, pc))
        return;
    engine_set(&cpu->engine, ENGINE_CONTROL, control | CONTROL_FPCA);
    engine_set(&cpu->engine, ENGINE_FPSCR, cpu->scs.fpdscr);
    engine_settle(&cpu->engine);
    engine_jump(&cpu->engine, pc);
    cpu->schedule->now--; /* it starts over */
}

static void begin_fp(struct cpu *cpu, guest_addr pc)
{
    enum fault_id id = FAULT_NONE;

    if (cpu->scs.fpccr & FPCCR_LSPACT) {
        id = exception_preserve_fp(cpu);
        cpu_renew_interest(cpu);
    }
    if (id != FAULT_NONE)
        (void)refuse(cpu, &(struct found_fault){.id = id, .pc = pc});
    else
        start_fp_context(cpu, pc);
}

/* CPS, MSR, and MRS of CONTROL. Without ASPEN an FP instruction does not set FPCA; the engine's
 * does always, and must keep it to keep FPSCR: so the program is told what it would read. */
static void access_special(struct cpu *cpu, guest_addr pc)
{
    uint16_t first;
    uint16_t second;

    cpu_fetch(cpu, pc, &first, &second);
    if (!insn_reads_control(first, second)) {
        cpu->masks_stale = true;
        scheduler_alert(cpu->config.scheduler);
    } else if (!(cpu->scs.fpccr & FPCCR_ASPEN) && !cpu_inside_it(cpu, pc)) {
        engine_set(&cpu->engine, extract32(second, 8, 4), cpu_get(cpu, CPU_CONTROL));
        engine_jump(&cpu->engine, pc + 4);
    }
}

static void begin(struct cpu *cpu, guest_addr pc, enum insn_kind kind)
{
    switch (kind) {
    case INSN_DMB:
        pass_barrier(cpu, BARRIER_DMB);
        break;
    case INSN_DSB:
        pass_barrier(cpu, BARRIER_DSB);
        break;
    case INSN_ISB:
        pass_barrier(cpu, BARRIER_ISB);
        break;
    case INSN_IT:
        start_it(cpu, pc);
        break;
    case INSN_SPECIAL:
        access_special(cpu, pc);
        break;
    case INSN_WFI:
    case INSN_WFE:
    case INSN_YIELD:
        cpu->hint = kind;
        break;
    case INSN_SEV:
        cpu->state.event = 1;
        break;
    case INSN_LDREX:
        cpu->state.exclusive = 1;
        break;
    case INSN_CLREX:
        cpu->state.exclusive = 0;
        break;
    case INSN_STREX:
        store_exclusive(cpu, pc);
        break;
    case INSN_PLAIN:
    case INSN_DIVIDE:
    case INSN_ALIGNED:
        break;
    }
}

SELDOM static void attend(struct cpu *cpu, guest_addr pc, uint8_t class)
{
    struct found_fault fault;

    if (class & INSN_UNKNOWN)
        class = cpu_classify(cpu, pc);
    if (cpu->debugger.arrived && cpu_halts(cpu, pc))
        return;
    if (cpu->marks.count || cpu_watches_all(cpu))
        cpu_watch(cpu, pc);
    if (cpu->care[class] == CARE_NOT)
        return;
    if (cpu->path_wanted)
        cpu->path[cpu->path_count++ % PATH_LENGTH] = pc;
    fault = find_fault(cpu, pc, class);
    if (fault.id != FAULT_NONE && refuse(cpu, &fault))
        return;
    if (class & INSN_LOADS && (cpu->trace->state.load_hull.size || cpu->watches_loads))
        cpu_report_loads(cpu, pc);
    if (class & INSN_FP)
        begin_fp(cpu, pc);
    begin(cpu, pc, class & INSN_KIND_MASK);
}

/* Nothing else can be wrong with the instruction at `pc`. */
SELDOM static void attend_alignment(struct cpu *cpu, guest_addr pc, uint8_t class)
{
    uint16_t first;
    uint16_t second;

    cpu_fetch(cpu, pc, &first, &second);
    if (UNLIKELY(engine_get(&cpu->engine, insn_aligned_base(first)) & 3))
        attend(cpu, pc, class);
}

static inline uint8_t class_at(const struct cpu *cpu, guest_addr pc)
{
    uint32_t offset;

    if (LIKELY(pc < FLASH_SIZE))
        return cpu->flash_class[pc / 2];
    offset = pc - (pc < RAM_BASE ? RAM_CODE_BASE : RAM_BASE);
    return offset < RAM_SIZE ? cpu->ram_class[offset / 2] : INSN_UNKNOWN;
}

static inline void count_and_attend(struct cpu *cpu, guest_addr pc)
{
    uint8_t class = class_at(cpu, pc);
    uint8_t care = cpu->care[class];

    cpu->schedule->now++;
    if (UNLIKELY(care == CARE_FULLY))
        attend(cpu, pc, class);
    else if (UNLIKELY(care == CARE_FOR_ALIGNMENT))
        attend_alignment(cpu, pc, class);
}

SELDOM static void look_up_first(struct cpu *cpu, guest_addr pc)
{
    if (!cpu_look_up(cpu, pc))
        count_and_attend(cpu, pc);
}

/* Calls nothing before its end: it saves no registers. */
static void before_instruction(struct uc_struct *uc, uint64_t address, uint32_t size, void *owner)
{
    struct cpu *cpu = owner;
    guest_addr pc = (guest_addr)address;

    (void)uc;
    (void)size;
    cpu->trace->state.pc = pc;
    if (UNLIKELY(cpu->schedule->now >= cpu->schedule->attention))
        look_up_first(cpu, pc);
    else
        count_and_attend(cpu, pc);
}

/* ---- Registers of peripherals ---------------------------------------------------------------- */

static uint32_t read_register(void *owner, guest_addr address, unsigned size)
{
    struct cpu *cpu = owner;
    uint32_t value = bus_read(cpu->config.bus, address, size);

    cpu_renew_interest(cpu);
    return value;
}

static void write_register(void *owner, guest_addr address, unsigned size, uint32_t value)
{
    struct cpu *cpu = owner;

    bus_write(cpu->config.bus, address, size, value);
    cpu_renew_interest(cpu);
}

const struct engine_hooks cpu_engine_hooks = {
    .instruction = before_instruction,
    .store = cpu_on_store,
    .mmio_read = read_register,
    .mmio_write = write_register,
    .trap = cpu_on_trap,
    .invalid = cpu_on_invalid,
    .fault = cpu_on_fault,
};
