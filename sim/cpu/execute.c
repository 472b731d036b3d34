/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens around each instruction: time, events, interrupts, and the instructions that need
 * more than the engine does.
 *
 * Deviations:
 *   1. Every instruction takes one cycle. Those whose condition fails in an IT block take none.
 *   2. Inside an IT block nothing is interrupted: interrupts wait for its end (three instructions
 * at most). So do faults that are found before the instruction executes (alignment, protection,
 *      CPACR, division by zero): the instruction takes effect, the stacked PC is right.
 *   3. STREX inside an IT block asks the engine's own monitor, which exceptions do not clear.
 */
#include "sim/cpu/internal.h"

/* ---- Attention: when `now` reaches `attention` ----------------------------------------------- */

bool cpu_must_leave(const struct cpu *cpu)
{
    return cpu->stop_requested || cpu->reset_requested || cpu->vector_reset || cpu->exited ||
           cpu->state.lockup || cpu->state.sleep != AWAKE || cpu->schedule->now >= cpu->limit;
}

static sim_time earlier(sim_time a, sim_time b)
{
    return a < b ? a : b;
}

static void renew_attention(struct cpu *cpu)
{
    struct schedule *schedule = cpu->schedule;
    sim_time path_from = cpu->limit > PATH_LENGTH ? cpu->limit - PATH_LENGTH : 0;

    cpu->path_wanted = schedule->now >= path_from;
    schedule->attention = earlier(schedule->attention, cpu->limit);
    schedule->attention = earlier(schedule->attention, cpu->state.rtt_search_at);
    if (!cpu->path_wanted)
        schedule->attention = earlier(schedule->attention, path_from);
    cpu_renew_interest(cpu);
}

/* The engine lets MSR write bits of the stack pointers that do not exist. */
static void align_stacks(struct cpu *cpu)
{
    for (unsigned reg = ENGINE_MSP; reg <= ENGINE_PSP; reg++) {
        uint32_t pointer = engine_get(&cpu->engine, reg);

        if (pointer & 3)
            engine_set(&cpu->engine, reg, pointer & ~3u);
    }
}

/* A CPS or MSR executed: the engine has new masks, mode or privilege. */
static void refresh_masks(struct cpu *cpu)
{
    struct exception_masks *masks = &cpu->state.masks;
    uint32_t control = engine_get(&cpu->engine, ENGINE_CONTROL);
    bool handler = engine_get(&cpu->engine, ENGINE_IPSR) != EXC_THREAD;

    cpu->masks_stale = false;
    cpu->unprivileged = !handler && control & CONTROL_NPRIV;
    if (cpu->unprivileged) /* it cannot have changed them */
        return;
    masks->primask = engine_get(&cpu->engine, ENGINE_PRIMASK) & 1;
    masks->basepri = engine_get(&cpu->engine, ENGINE_BASEPRI) & PRIORITY_BITS;
    masks->faultmask = 0;
    /* FAULTMASK cannot be set from NMI and HardFault (B5.2.3). */
    if (nvic_execution_priority(&cpu->nvic, NULL) >= 0)
        masks->faultmask = engine_get(&cpu->engine, ENGINE_FAULTMASK) & 1;
    cpu_apply_masks(cpu);
    align_stacks(cpu);
}

static void search_rtt(struct cpu *cpu)
{
    sim_time now = cpu->schedule->now;

    if (now < cpu->state.rtt_search_at)
        return;
    if (rtt_search(&cpu->rtt)) {
        cpu->state.rtt_search_at = SIM_TIME_NEVER;
        rtt_drain(&cpu->rtt);
    } else {
        cpu->state.rtt_search_at = now + 2 * (now - cpu->state.started);
    }
}

/* Events go on inside an IT block; everything that would redirect the engine has to wait. */
static void look_up_inside_it(struct cpu *cpu)
{
    scheduler_dispatch(cpu->config.scheduler);
    scheduler_alert(cpu->config.scheduler);
    cpu_renew_interest(cpu);
}

static void take_postponed_fault(struct cpu *cpu)
{
    struct found_fault fault = cpu->state.fault;

    cpu->state.fault = (struct found_fault){0};
    if (fault.id == FAULT_INVSTATE) /* stacked as it is: T clear */
        engine_set(&cpu->engine, ENGINE_EPSR, 0);
    fault_raise(cpu, &fault);
}

/* What becomes of the instruction that was about to execute. Redirecting and leaving exclude each
 * other: the engine would forget the stop. */
enum verdict { EXECUTE, REDIRECTED, LEAVE };

static enum verdict redirected(const struct cpu *cpu)
{
    return cpu->state.lockup ? LEAVE : REDIRECTED;
}

static enum verdict judge(struct cpu *cpu, guest_addr pc)
{
    if (cpu->state.fault.id != FAULT_NONE) {
        take_postponed_fault(cpu);
        return redirected(cpu);
    }
    if (cpu_must_leave(cpu))
        return LEAVE;
    search_rtt(cpu);
    scheduler_dispatch(cpu->config.scheduler);
    if (cpu_must_leave(cpu))
        return LEAVE;
    return exception_take_pending(cpu, pc) ? redirected(cpu) : EXECUTE;
}

/* True when the instruction at `pc` is not to be executed now. */
SELDOM static bool look_up(struct cpu *cpu, guest_addr pc)
{
    enum verdict verdict;

    if (cpu->masks_stale)
        refresh_masks(cpu);
    if (cpu_inside_it(cpu, pc)) {
        look_up_inside_it(cpu);
        return false;
    }
    verdict = judge(cpu, pc);
    if (verdict == EXECUTE) {
        renew_attention(cpu);
        return false;
    }
    scheduler_alert(cpu->config.scheduler);
    if (verdict == LEAVE)
        engine_stop(&cpu->engine);
    return true;
}

/* ---- Instructions that need more ------------------------------------------------------------- */

static bool fpu_is_open(const struct cpu *cpu)
{
    uint32_t access = extract32(cpu->scs.cpacr, 20, 2);

    return access == 3 || (access == 1 && !cpu->unprivileged);
}

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
    bool always_checked = kind >= INSN_FP || kind == INSN_LDREX || kind == INSN_STREX;

    if (!may_execute(cpu, pc))
        fault.id = FAULT_IACCVIOL;
    else if (kind == INSN_FP && !fpu_is_open(cpu))
        fault.id = FAULT_NOCP;
    else if (kind == INSN_DIVIDE && divides_by_zero(cpu, pc))
        fault.id = FAULT_DIVBYZERO;
    else if (class & (INSN_LOADS | INSN_STORES) && (always_checked || cpu->interest & INSN_STORES))
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

static void report_barrier(struct cpu *cpu, guest_addr pc, enum barrier_kind kind)
{
    if (!trace_wants(cpu->trace, OBS_BARRIER))
        return;
    trace_emit(cpu->trace,
               (struct observation){.kind = OBS_BARRIER, .barrier = {.pc = pc, .kind = kind}});
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
        return; /* deviation 3 */
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

    if (cpu->scs.fpccr & FPCCR_LSPACT)
        id = exception_preserve_fp(cpu);
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
        report_barrier(cpu, pc, BARRIER_DMB);
        break;
    case INSN_DSB:
        report_barrier(cpu, pc, BARRIER_DSB);
        break;
    case INSN_ISB:
        report_barrier(cpu, pc, BARRIER_ISB);
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
    case INSN_FP:
        begin_fp(cpu, pc);
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
    if (!(class & cpu->interest))
        return;
    if (cpu->path_wanted)
        cpu->path[cpu->path_count++ % PATH_LENGTH] = pc;
    fault = find_fault(cpu, pc, class);
    if (fault.id != FAULT_NONE && refuse(cpu, &fault))
        return;
    if (class & INSN_LOADS && cpu->trace->state.load_hull.size)
        cpu_report_loads(cpu, pc);
    begin(cpu, pc, class & INSN_KIND_MASK);
}

static inline uint8_t class_at(const struct cpu *cpu, guest_addr pc)
{
    uint32_t offset;

    if (LIKELY(pc < FLASH_SIZE))
        return cpu->flash_class[pc / 2];
    offset = memory_fold(pc) - RAM_BASE;
    return offset < RAM_SIZE ? cpu->ram_class[offset / 2] : INSN_UNKNOWN;
}

static void before_instruction(struct uc_struct *uc, uint64_t address, uint32_t size, void *owner)
{
    struct cpu *cpu = owner;
    guest_addr pc = (guest_addr)address;
    uint8_t class;

    (void)uc;
    (void)size;
    cpu->trace->state.pc = pc;
    if (UNLIKELY(cpu->schedule->now >= cpu->schedule->attention) && look_up(cpu, pc))
        return;
    cpu->schedule->now++;
    class = class_at(cpu, pc);
    if (UNLIKELY(class & cpu->interest))
        attend(cpu, pc, class);
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

    if (pc >= 0xf0000000u && engine_get(&cpu->engine, ENGINE_IPSR))
        exception_return(cpu, pc | 1);
    else
        fault_raise(cpu, &fault);
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

static void on_trap(void *owner, enum engine_trap trap)
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

static void on_invalid(void *owner)
{
    struct cpu *cpu = owner;

    cpu->left_invalid = true;
}

static void on_fault(void *owner, enum engine_fault kind, guest_addr address)
{
    struct cpu *cpu = owner;
    bool fetch = kind == ENGINE_BAD_FETCH;

    cpu->left_fault = (struct found_fault){.id = fetch ? FAULT_IBUSERR : FAULT_PRECISERR,
                                           .pc = fetch ? address : cpu->trace->state.pc,
                                           .address = address,
                                           .store = kind == ENGINE_BAD_WRITE};
}

const struct engine_hooks cpu_engine_hooks = {
    .instruction = before_instruction,
    .store = cpu_store,
    .mmio_read = read_register,
    .mmio_write = write_register,
    .trap = on_trap,
    .invalid = on_invalid,
    .fault = on_fault,
};

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

void cpu_pend(struct cpu *cpu, unsigned exception)
{
    if (cpu->scs.scr & SCR_SEVONPEND && !(nvic_pending(&cpu->nvic) >> exception & 1))
        cpu->state.event = 1;
    nvic_pend(&cpu->nvic, exception);
    scheduler_alert(cpu->config.scheduler);
}
