/* SPDX-License-Identifier: Apache-2.0 */
/* When `now` reaches `attention` the CPU looks up: events, stops, interrupts. */
#include "sim/cpu/internal.h"

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
    if (cpu->state.recognised_at)
        schedule->attention = earlier(schedule->attention, cpu->state.recognised_at);
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

/* SysTick and the lines of peripherals come from outside: how many instructions the core executes
 * before it takes them is for nobody to say. What a program pends itself is taken at once. */
static bool comes_from_outside(const struct cpu *cpu, unsigned exception)
{
    return exception == EXC_SYSTICK || (cpu->nvic.line >> exception & 1);
}

static bool recognises(struct cpu *cpu)
{
    unsigned exception = nvic_preempting(&cpu->nvic, &cpu->state.masks);

    if (!exception) {
        cpu->state.recognised_at = 0;
        return false;
    }
    if (!cpu->config.chooser || !comes_from_outside(cpu, exception))
        return true;
    if (!cpu->state.recognised_at)
        cpu->state.recognised_at =
            cpu->schedule->now + choose(cpu->config.chooser, CHOICE_IRQ_ENTRY, exception);
    return cpu->schedule->now >= cpu->state.recognised_at;
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
    if (!recognises(cpu)) /* who was asked about it may want to look first */
        return cpu->stop_requested ? LEAVE : EXECUTE;
    cpu->state.recognised_at = 0;
    return exception_take_pending(cpu, pc) ? redirected(cpu) : EXECUTE;
}

SELDOM bool cpu_look_up(struct cpu *cpu, guest_addr pc)
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

void cpu_pend(struct cpu *cpu, unsigned exception)
{
    if (cpu->scs.scr & SCR_SEVONPEND && !(nvic_pending(&cpu->nvic) >> exception & 1))
        cpu->state.event = 1;
    nvic_pend(&cpu->nvic, exception);
    scheduler_alert(cpu->config.scheduler);
}
