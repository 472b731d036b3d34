/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/cpu.h"

#include "sim/base/heap.h"
#include "sim/cpu/internal.h"

#include <stdio.h>
#include <string.h>

/* ---- Building -------------------------------------------------------------------------------- */

static void on_irq_line(void *owner, enum wire_id wire, bool level)
{
    struct cpu *cpu = owner;
    unsigned irq = (unsigned)(wire - WIRE_IRQ);

    if (level && cpu->scs.scr & SCR_SEVONPEND && !(nvic_pending(&cpu->nvic) >> (EXC_IRQ + irq) & 1))
        cpu->state.event = 1;
    nvic_set_line(&cpu->nvic, irq, level);
    scheduler_alert(cpu->config.scheduler);
}

static void on_reset_request(void *owner, enum wire_id wire, bool level)
{
    struct cpu *cpu = owner;

    (void)wire;
    if (level) {
        cpu->reset_requested = true;
        scheduler_alert(cpu->config.scheduler);
    }
}

static void on_systick(void *owner, const struct event *event)
{
    struct cpu *cpu = owner;

    (void)event;
    if (systick_elapsed(&cpu->systick, cpu->config.scheduler))
        cpu_pend(cpu, EXC_SYSTICK);
}

static void copy_stack(const struct cpu *cpu, guest_addr pointer, struct site *site, unsigned n)
{
    guest_addr base = memory_fold(pointer);
    uint32_t left = RAM_BASE + RAM_SIZE - base;

    if (base - RAM_BASE >= RAM_SIZE)
        return;
    site->stack[n].base = base;
    site->stack[n].size = left < SITE_STACK_BYTES ? left : SITE_STACK_BYTES;
    (void)memory_peek(cpu->config.memory, base, site->stack[n].bytes, site->stack[n].size);
}

static void capture(void *owner, struct site *site)
{
    struct cpu *cpu = owner;

    for (unsigned i = 0; i < 15; i++)
        site->r[i] = engine_get(&cpu->engine, i);
    site->r[15] = site->pc;
    site->xpsr = cpu_xpsr(cpu, site->pc);
    cpu_stack_pointers(cpu, &site->msp, &site->psp);
    copy_stack(cpu, site->msp, site, 0);
    copy_stack(cpu, site->psp, site, 1);
}

static void on_nmi(void *owner, enum wire_id wire, bool level)
{
    (void)wire;
    if (level)
        cpu_pend(owner, EXC_NMI);
}

static void connect(struct cpu *cpu)
{
    for (unsigned irq = 0; irq < IRQ_LINES; irq++)
        wire_connect(cpu->config.wires, (enum wire_id)(WIRE_IRQ + irq), on_irq_line, cpu);
    wire_connect(cpu->config.wires, WIRE_NMI, on_nmi, cpu);
    wire_connect(cpu->config.wires, WIRE_RESET_REQUEST, on_reset_request, cpu);
    wire_connect(cpu->config.wires, WIRE_RESET_WATCHDOG, on_reset_request, cpu);
    scheduler_handle(cpu->config.scheduler, EVENT_SYSTICK, on_systick, cpu);
    cpu->trace->capture = capture;
    cpu->trace->capture_owner = cpu;
    cpu->config.memory->ram_written = cpu_ram_written;
    cpu->config.memory->ram_owner = cpu;
    scs_claim(cpu);
}

static void register_state(struct cpu *cpu)
{
    struct state *state = cpu->config.state;

    state_register(state, "cpu", &cpu->state, sizeof cpu->state);
    state_register(state, "nvic", &cpu->nvic, sizeof cpu->nvic);
    state_register(state, "scs", &cpu->scs, sizeof cpu->scs);
    state_register(state, "mpu", &cpu->mpu, sizeof cpu->mpu);
    state_register(state, "systick", &cpu->systick, sizeof cpu->systick);
    state_register(state, "dwt", &cpu->dwt, sizeof cpu->dwt);
    state_register(state, "itm", &cpu->itm, sizeof cpu->itm);
    state_mark_clock(state, &cpu->state.started, 4 * sizeof(sim_time));
    state_mark_clock(state, &cpu->systick.since, sizeof cpu->systick.since);
    state_mark_clock(state, &cpu->dwt, sizeof cpu->dwt);
    semihosting_register_state(&cpu->semihosting, state);
    rtt_register_state(&cpu->rtt, state);
}

static struct cpu *allocate(const struct cpu_config *config)
{
    struct cpu *cpu = heap_allocate(1, sizeof *cpu);

    cpu->config = *config;
    cpu->schedule = &config->scheduler->state;
    cpu->trace = config->trace;
    cpu->interest = UINT32_MAX; /* like no other: `care` is still to be made */
    cpu->flash_class = heap_allocate(CODE_FLASH_HALFWORDS, 1);
    cpu->ram_class = heap_allocate(CODE_RAM_HALFWORDS, 1);
    memset(cpu->flash_class, INSN_UNKNOWN, CODE_FLASH_HALFWORDS);
    memset(cpu->ram_class, INSN_UNKNOWN, CODE_RAM_HALFWORDS);
    return cpu;
}

enum status cpu_create(struct cpu **result, const struct cpu_config *config,
                       struct failure *failure)
{
    static bool tested; /* the library does not change while the program runs */
    struct cpu *cpu;
    enum status status = tested ? STATUS_OK : engine_self_test(failure);

    *result = NULL;
    tested = status == STATUS_OK;
    if (status != STATUS_OK)
        return status;
    cpu = allocate(config);
    status = engine_open(&cpu->engine, config->memory, &cpu_engine_hooks, cpu, failure);
    if (status != STATUS_OK) {
        cpu_destroy(cpu);
        return status;
    }
    semihosting_init(&cpu->semihosting, config->memory, config->trace, config->scheduler);
    rtt_init(&cpu->rtt, config->memory, config->trace);
    connect(cpu);
    register_state(cpu);
    cpu_reset(cpu);
    *result = cpu;
    return STATUS_OK;
}

void cpu_destroy(struct cpu *cpu)
{
    if (!cpu)
        return;
    engine_close(&cpu->engine);
    heap_release(cpu->flash_class);
    heap_release(cpu->ram_class);
    heap_release(cpu);
}

/* ---- Reset ----------------------------------------------------------------------------------- */

/* Levels of lines that were driven, or dropped by wires_reset, without anybody being told. */
static void sample_lines(struct cpu *cpu)
{
    cpu->nvic.line = 0;
    for (unsigned irq = 0; irq < IRQ_LINES; irq++) {
        if (wire_get(cpu->config.wires, (enum wire_id)(WIRE_IRQ + irq)))
            nvic_set_line(&cpu->nvic, irq, true);
    }
}

/* r[13] and the stack pointers are one and the same: MSP and PSP are what counts. */
static void load_registers(struct cpu *cpu)
{
    struct engine *engine = &cpu->engine;
    const struct cpu_registers *saved = &cpu->state.saved;
    uint32_t exception = saved->xpsr & XPSR_IPSR;

    /* Handler mode first: it may write everything. */
    engine_set(engine, ENGINE_IPSR, EXC_HARDFAULT);
    engine_set(engine, ENGINE_CONTROL, 0);
    engine_set(engine, ENGINE_IPSR, EXC_THREAD);
    engine_set(engine, ENGINE_CONTROL, 0);
    engine_set(engine, ENGINE_MSP, saved->msp);
    engine_set(engine, ENGINE_PSP, saved->psp);
    cpu_apply_masks(cpu);
    for (unsigned i = 0; i < 15; i++) {
        if (i != ENGINE_SP)
            engine_set(engine, i, saved->r[i]);
    }
    for (unsigned i = 0; i < 32; i++)
        engine_set(engine, ENGINE_S0 + i, saved->s[i]);
    engine_set(engine, ENGINE_FPSCR, saved->fpscr);
    engine_set(engine, ENGINE_CONTROL, saved->control & ~(uint32_t)CONTROL_NPRIV);
    engine_set(engine, ENGINE_IPSR, exception);
    engine_set(engine, ENGINE_CONTROL, saved->control);
    engine_set(engine, ENGINE_XPSR_ALL, saved->xpsr);
    engine_settle(engine);
    engine_set(engine, ENGINE_PC, saved->r[15] | (saved->xpsr & XPSR_T ? 1 : 0));
    cpu->unprivileged = !exception && saved->control & CONTROL_NPRIV;
    cpu->repeated.size = 0;
}

static uint32_t vector(const struct cpu *cpu, unsigned n)
{
    uint8_t bytes[4] = {0};

    (void)memory_peek(cpu->config.memory, 4 * n, bytes, sizeof bytes);
    return load_le32(bytes);
}

static void clear_requests(struct cpu *cpu)
{
    cpu->stop_requested = false;
    cpu->reset_requested = false;
    cpu->vector_reset = false;
    cpu->exited = false;
    cpu->masks_stale = false;
    cpu->hint = INSN_PLAIN;
    cpu->left_invalid = false;
    cpu->left_fault = (struct found_fault){0};
}

void cpu_reset(struct cpu *cpu)
{
    sim_time now = cpu->schedule->now;
    uint32_t entry = vector(cpu, 1);

    wire_set(cpu->config.wires, WIRE_CPU_ASLEEP, false);
    cpu->state = (struct cpu_state){.started = now,
                                    .rtt_search_at = cpu->rtt.state.block || cpu->rtt_told
                                                         ? SIM_TIME_NEVER
                                                         : now + CYCLES_PER_MS};
    nvic_reset(&cpu->nvic);
    sample_lines(cpu);
    scs_reset(cpu);
    cpu->mpu = (struct mpu){0};
    systick_reset(&cpu->systick, cpu->config.scheduler);
    cpu->dwt = (struct dwt){.since = now};
    itm_reset(&cpu->itm);
    semihosting_reset(&cpu->semihosting);
    cpu_code_is_baseline(cpu);
    clear_requests(cpu);
    cpu->state.saved.msp = vector(cpu, 0) & ~3u;
    cpu->state.saved.r[13] = cpu->state.saved.msp;
    cpu->state.saved.r[14] = 0xffffffff;
    cpu->state.saved.r[15] = entry & ~1u;
    cpu->state.saved.xpsr = XPSR_T;
    load_registers(cpu);
    if (!(entry & 1))
        fault_postpone(cpu, FAULT_INVSTATE, entry);
    cpu_renew_interest(cpu);
    scheduler_alert(cpu->config.scheduler);
}

/* ---- Running --------------------------------------------------------------------------------- */

static bool is_awoken(const struct cpu *cpu)
{
    struct exception_masks masks = cpu->state.masks;

    if (cpu->state.sleep == SLEEP_WFE && cpu->state.event)
        return true;
    if (cpu->state.sleep == SLEEP_WFI)
        masks.primask = 0; /* WFI wakes up for what PRIMASK holds back (B1.5.19) */
    return nvic_preempting(&cpu->nvic, &masks) != 0;
}

static void wake(struct cpu *cpu)
{
    if (cpu->state.sleep == SLEEP_WFE)
        cpu->state.event = 0;
    cpu->state.sleep = AWAKE;
    wire_set(cpu->config.wires, WIRE_CPU_ASLEEP, false);
    cpu->state.recognised_at = cpu->schedule->now; /* what ends sleep is taken first of all */
}

static void sleep_until(struct cpu *cpu, sim_time when)
{
    cpu->state.slept += when - cpu->schedule->now;
    scheduler_skip_to(cpu->config.scheduler, when);
}

/* IOC, DZC, OFC, UFC, IXC and IDC of FPSCR are the chip's interrupt 38 (erratum 87). */
static void tell_of_fpu_exceptions(struct cpu *cpu)
{
    enum { IRQ_FPU = 38, FPSCR_EXCEPTIONS = 0x9f };

    if (!(engine_get(&cpu->engine, ENGINE_FPSCR) & FPSCR_EXCEPTIONS))
        return;
    wire_set(cpu->config.wires, (enum wire_id)(WIRE_IRQ + IRQ_FPU), true);
    wire_set(cpu->config.wires, (enum wire_id)(WIRE_IRQ + IRQ_FPU), false);
}

/* Skips from event to event until something wakes the CPU (true) or the run ends. */
static bool sleep_through(struct cpu *cpu)
{
    tell_of_fpu_exceptions(cpu);
    if (!is_awoken(cpu))
        wire_set(cpu->config.wires, WIRE_CPU_ASLEEP, true);
    for (;;) {
        sim_time next;

        if (is_awoken(cpu)) {
            wake(cpu);
            return true;
        }
        trace_emit(cpu->trace, (struct observation){.kind = OBS_SLEEP});
        next = scheduler_next(cpu->config.scheduler);
        if (cpu->stop_requested || cpu->reset_requested || next == SIM_TIME_NEVER)
            return false;
        if (next >= cpu->limit) {
            sleep_until(cpu, cpu->limit);
            return false;
        }
        if (next > cpu->schedule->now)
            sleep_until(cpu, next);
        scheduler_dispatch(cpu->config.scheduler);
    }
}

static enum cpu_stop reason(const struct cpu *cpu)
{
    if (cpu->exited)
        return CPU_STOP_EXIT;
    if (cpu->state.lockup)
        return CPU_STOP_LOCKUP;
    if (cpu->reset_requested)
        return CPU_STOP_RESET;
    if (cpu->stop_requested)
        return CPU_STOP_REQUESTED;
    if (cpu->schedule->now >= cpu->limit)
        return CPU_STOP_TIME;
    return CPU_STOP_ASLEEP;
}

static bool has_ended(const struct cpu *cpu)
{
    return cpu->stop_requested || cpu->reset_requested || cpu->exited || cpu->state.lockup ||
           cpu->schedule->now >= cpu->limit;
}

enum cpu_stop cpu_run(struct cpu *cpu, sim_time limit)
{
    enum cpu_stop stop;

    cpu->limit = limit;
    cpu->path_count = 0;
    while (!has_ended(cpu)) {
        if (cpu->vector_reset)
            cpu_reset(cpu);
        if (cpu->state.sleep != AWAKE && !sleep_through(cpu))
            break;
        scheduler_alert(cpu->config.scheduler);
        engine_run(&cpu->engine);
        cpu_settle_leave(cpu);
    }
    stop = reason(cpu);
    cpu->stop_requested = false;
    /* Whatever the run looked for next, the following one finds out for itself: two runs leave the
     * same state as one. */
    scheduler_alert(cpu->config.scheduler);
    return stop;
}

void cpu_request_stop(struct cpu *cpu)
{
    cpu->stop_requested = true;
    scheduler_alert(cpu->config.scheduler);
}

int cpu_exit_code(const struct cpu *cpu)
{
    return semihosting_exit_code(&cpu->semihosting);
}

uint64_t cpu_instructions(const struct cpu *cpu)
{
    return cpu->schedule->now - cpu->state.started - cpu->state.slept;
}

/* ---- Registers ------------------------------------------------------------------------------- */

uint32_t cpu_get(const struct cpu *cpu, enum cpu_register reg)
{
    uint32_t msp;
    uint32_t psp;

    switch ((unsigned)reg) {
    case CPU_XPSR:
        return cpu_xpsr(cpu, engine_get(&cpu->engine, ENGINE_PC));
    case CPU_MSP:
        cpu_stack_pointers(cpu, &msp, &psp);
        return msp;
    case CPU_PSP:
        cpu_stack_pointers(cpu, &msp, &psp);
        return psp;
    case CPU_PRIMASK:
        return cpu->state.masks.primask;
    case CPU_BASEPRI:
        return cpu->state.masks.basepri;
    case CPU_FAULTMASK:
        return cpu->state.masks.faultmask;
    case CPU_CONTROL:
        return engine_get(&cpu->engine, ENGINE_CONTROL) &
               (cpu->scs.fpccr & FPCCR_ASPEN ? ~0u : ~(uint32_t)CONTROL_FPCA);
    case CPU_FPSCR:
        return engine_get(&cpu->engine, ENGINE_FPSCR);
    default:
        return engine_get(&cpu->engine,
                          reg < CPU_XPSR ? (unsigned)reg : ENGINE_S0 + (unsigned)(reg - CPU_S0));
    }
}

static void save_registers(struct cpu *cpu)
{
    struct cpu_registers *saved = &cpu->state.saved;

    for (unsigned i = 0; i < 16; i++)
        saved->r[i] = cpu_get(cpu, (enum cpu_register)i);
    saved->xpsr = cpu_get(cpu, CPU_XPSR);
    saved->control = engine_get(&cpu->engine, ENGINE_CONTROL);
    saved->fpscr = cpu_get(cpu, CPU_FPSCR);
    for (unsigned i = 0; i < 32; i++)
        saved->s[i] = cpu_get(cpu, (enum cpu_register)(CPU_S0 + i));
    cpu_stack_pointers(cpu, &saved->msp, &saved->psp);
}

/* Which of the two stack pointers SP is. */
static uint32_t *current_stack(struct cpu_registers *saved)
{
    bool process = !(saved->xpsr & XPSR_IPSR) && saved->control & CONTROL_SPSEL;

    return process ? &saved->psp : &saved->msp;
}

void cpu_set(struct cpu *cpu, enum cpu_register reg, uint32_t value)
{
    struct cpu_registers *saved = &cpu->state.saved;

    save_registers(cpu);
    switch ((unsigned)reg) {
    case CPU_SP:
        *current_stack(saved) = value;
        break;
    case CPU_XPSR:
        saved->xpsr = value;
        break;
    case CPU_MSP:
        saved->msp = value;
        break;
    case CPU_PSP:
        saved->psp = value;
        break;
    case CPU_PRIMASK:
        cpu->state.masks.primask = value & 1;
        break;
    case CPU_BASEPRI:
        cpu->state.masks.basepri = value & PRIORITY_BITS;
        break;
    case CPU_FAULTMASK:
        cpu->state.masks.faultmask = value & 1;
        break;
    case CPU_CONTROL:
        saved->control = value & 7;
        break;
    case CPU_FPSCR:
        saved->fpscr = value;
        break;
    default:
        if (reg <= CPU_PC)
            saved->r[reg] = value;
        else
            saved->s[reg - CPU_S0] = value;
        break;
    }
    load_registers(cpu);
    cpu_renew_interest(cpu);
    scheduler_alert(cpu->config.scheduler);
}

void cpu_save(struct cpu *cpu)
{
    save_registers(cpu);
}

void cpu_restore(struct cpu *cpu)
{
    clear_requests(cpu);
    cpu_forget_code(cpu);
    load_registers(cpu);
    cpu_renew_interest(cpu);
    scheduler_alert(cpu->config.scheduler);
}

/* ---- What others ask ------------------------------------------------------------------------- */

void cpu_set_rtt_address(struct cpu *cpu, guest_addr address)
{
    cpu->rtt_told = address != 0;
    rtt_set_address(&cpu->rtt, address);
    cpu->state.rtt_search_at = address ? SIM_TIME_NEVER : cpu->schedule->now + CYCLES_PER_MS;
}

sim_time cpu_recognition(const struct cpu *cpu)
{
    return cpu->state.recognised_at > cpu->schedule->now ? cpu->state.recognised_at : 0;
}

void cpu_recognise(struct cpu *cpu)
{
    cpu->state.recognised_at = cpu->schedule->now;
    scheduler_alert(cpu->config.scheduler);
}

bool cpu_is_asleep(const struct cpu *cpu)
{
    return cpu->state.sleep != AWAKE;
}

const char *cpu_engine_name(void)
{
    return engine_name();
}

static unsigned path_length(const struct cpu *cpu)
{
    return cpu->path_count < PATH_LENGTH ? cpu->path_count : PATH_LENGTH;
}

const char *cpu_activity(const struct cpu *cpu)
{
    char *text = ((struct cpu *)cpu)->activity; /* room for the answer, not part of the machine */
    size_t room = sizeof cpu->activity;
    guest_addr pc = engine_get(&cpu->engine, ENGINE_PC);
    guest_addr low = pc;
    guest_addr high = pc;

    for (unsigned i = 0; i < path_length(cpu); i++) {
        low = cpu->path[i] < low ? cpu->path[i] : low;
        high = cpu->path[i] > high ? cpu->path[i] : high;
    }
    if (cpu->state.lockup)
        (void)snprintf(text, room, "locked up at 0x%08x", cpu->trace->state.pc);
    else if (cpu->state.sleep != AWAKE)
        (void)snprintf(text, room, "asleep (%s) at 0x%08x",
                       cpu->state.sleep == SLEEP_WFI ? "WFI" : "WFE", cpu->trace->state.pc);
    else if (path_length(cpu) == PATH_LENGTH && high - low < 2 * PATH_LENGTH)
        (void)snprintf(text, room, "looping between 0x%08x and 0x%08x", low, high);
    else
        (void)snprintf(text, room, "executing at 0x%08x", pc);
    return text;
}
