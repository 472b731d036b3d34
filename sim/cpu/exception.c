/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions: stacking, entry, return, tail-chaining, lazy FP state (Armv7-M B1.5).
 *
 * Deviations:
 *   1. Entry and return take no time. A more urgent exception can therefore not arrive in the
 * middle of stacking; of those that pend in one instant the most urgent is entered first.
 *   2. R0-R3 and R12 are unknown on entry by the architecture; here they keep their values.
 *   3. CCR.BFHFNMIGN is stored and does not make HardFault and NMI handlers ignore bus faults.
 */
#include "sim/cpu/internal.h"

#include <assert.h>

enum {
    FRAME_BASIC = 0x20,
    FRAME_EXTENDED = 0x68,
    FRAME_FP = 0x20, /* S0-S15, FPSCR, one reserved word */
    FRAME_WORDS = 8,
    FP_WORDS = 16,
    R12 = 12,
    RETURN_ADDRESS = 6, /* index into the basic frame */
    RETURN_XPSR = 7,
    XPSR_ALIGN = 1u << 9,
    EXC_RETURN_BASIC = 0x10, /* no FP state in the frame */
    EXC_RETURN_THREAD = 0x08,
    EXC_RETURN_PSP = 0x04,
};

struct frame {
    guest_addr base;
    uint32_t word[FRAME_WORDS]; /* r0-r3, r12, lr, return address, xpsr */
};

static struct found_fault stack_fault(const struct cpu *cpu, enum fault_id id)
{
    return (struct found_fault){.id = id, .pc = cpu->trace->state.pc};
}

/* Entry and return clear the local monitor and set the event register (B1.5.6, B1.5.8). */
static void pass_boundary(struct cpu *cpu)
{
    cpu->state.exclusive = 0;
    cpu->state.event = 1;
}

/* ---- Pending and escalation ------------------------------------------------------------------ */

static int group_priority(const struct cpu *cpu, unsigned exception)
{
    return nvic_group_priority(&cpu->nvic, nvic_priority(&cpu->nvic, exception));
}

unsigned exception_escalated(const struct cpu *cpu, unsigned exception)
{
    int executing = nvic_execution_priority(&cpu->nvic, &cpu->state.masks);
    bool enabled = cpu->nvic.enabled >> exception & 1;

    return enabled && group_priority(cpu, exception) < executing ? exception : EXC_HARDFAULT;
}

void exception_escalate(struct cpu *cpu, unsigned exception)
{
    int executing = nvic_execution_priority(&cpu->nvic, &cpu->state.masks);

    if (exception_escalated(cpu, exception) != EXC_HARDFAULT) {
        nvic_pend(&cpu->nvic, exception);
    } else if (executing > PRIORITY_HARDFAULT) {
        if (exception != EXC_HARDFAULT)
            cpu->scs.hfsr |= HFSR_FORCED;
        nvic_pend(&cpu->nvic, EXC_HARDFAULT);
    } else {
        fault_lock_up(cpu);
    }
}

static void derive(struct cpu *cpu, enum fault_id id)
{
    struct found_fault fault = stack_fault(cpu, id);

    if (id != FAULT_NONE)
        exception_escalate(cpu, fault_record(cpu, &fault));
}

/* ---- Stacking (B1.5.6, B1.5.7) --------------------------------------------------------------- */

static bool has_fp_context(const struct cpu *cpu)
{
    return engine_get(&cpu->engine, ENGINE_CONTROL) & CONTROL_FPCA && cpu->scs.fpccr & FPCCR_ASPEN;
}

static enum fault_id write_fp_words(struct cpu *cpu, guest_addr base, enum fault_id bus,
                                    enum fault_id protection)
{
    enum fault_id fault = FAULT_NONE;

    for (unsigned i = 0; i < FP_WORDS && fault == FAULT_NONE; i++)
        fault = cpu_stack_word(cpu, base + 4 * i, engine_get(&cpu->engine, ENGINE_S0 + i), bus,
                               protection);
    if (fault == FAULT_NONE)
        fault = cpu_stack_word(cpu, base + 4 * FP_WORDS, engine_get(&cpu->engine, ENGINE_FPSCR),
                               bus, protection);
    return fault;
}

/* Reserves the space and remembers where it is and whether saving may fault later (B1.5.7). */
static void postpone_fp(struct cpu *cpu, guest_addr frame)
{
    int executing = nvic_execution_priority(&cpu->nvic, &cpu->state.masks);
    bool thread = !(engine_get(&cpu->engine, ENGINE_IPSR));
    uint32_t fpccr = cpu->scs.fpccr & (FPCCR_ASPEN | FPCCR_LSPEN);

    fpccr |= FPCCR_LSPACT;
    fpccr |= cpu->unprivileged ? FPCCR_USER : 0u;
    fpccr |= thread ? FPCCR_THREAD : 0u;
    fpccr |= executing > PRIORITY_HARDFAULT ? FPCCR_HFRDY : 0u;
    fpccr |= executing > nvic_priority(&cpu->nvic, EXC_MEMMANAGE) ? FPCCR_MMRDY : 0u;
    fpccr |= executing > nvic_priority(&cpu->nvic, EXC_BUSFAULT) ? FPCCR_BFRDY : 0u;
    cpu->scs.fpccr = fpccr;
    cpu->scs.fpcar = frame + FRAME_FP;
}

static enum fault_id push_fp(struct cpu *cpu, guest_addr frame)
{
    if (!(cpu->scs.fpccr & FPCCR_LSPEN))
        return write_fp_words(cpu, frame + FRAME_FP, FAULT_STKERR, FAULT_MSTKERR);
    postpone_fp(cpu, frame);
    return FAULT_NONE;
}

static enum fault_id push_words(struct cpu *cpu, const struct frame *frame)
{
    enum fault_id fault = FAULT_NONE;

    for (unsigned i = 0; i < FRAME_WORDS && fault == FAULT_NONE; i++)
        fault =
            cpu_stack_word(cpu, frame->base + 4 * i, frame->word[i], FAULT_STKERR, FAULT_MSTKERR);
    return fault;
}

/* Fills in what is stacked for a return to `return_address`. */
static struct frame make_frame(const struct cpu *cpu, guest_addr return_address, bool fp)
{
    const struct engine *engine = &cpu->engine;
    uint32_t sp = engine_get(engine, ENGINE_SP);
    bool align = fp || cpu->scs.ccr & CCR_STKALIGN;
    uint32_t padded = align ? sp >> 2 & 1 : 0;
    struct frame frame = {.base = (sp - (fp ? FRAME_EXTENDED : FRAME_BASIC)) & ~(align ? 7u : 3u)};

    for (unsigned i = 0; i < 4; i++)
        frame.word[i] = engine_get(engine, i);
    frame.word[4] = engine_get(engine, R12);
    frame.word[5] = engine_get(engine, ENGINE_LR);
    frame.word[RETURN_ADDRESS] = return_address & ~1u;
    frame.word[RETURN_XPSR] =
        (cpu_xpsr(cpu, return_address) & ~(uint32_t)XPSR_ALIGN) | (padded ? XPSR_ALIGN : 0u);
    return frame;
}

/* Returns the EXC_RETURN value that undoes it. A fault on the way pends as a derived exception. */
static uint32_t push(struct cpu *cpu, guest_addr return_address)
{
    bool fp = has_fp_context(cpu);
    struct frame frame = make_frame(cpu, return_address, fp);
    uint32_t control = engine_get(&cpu->engine, ENGINE_CONTROL);
    bool thread = !(frame.word[RETURN_XPSR] & XPSR_IPSR);
    uint32_t exc_return = 0xffffffe1;
    enum fault_id fault;

    engine_set(&cpu->engine, ENGINE_SP, frame.base);
    fault = push_words(cpu, &frame);
    if (fp && fault == FAULT_NONE)
        fault = push_fp(cpu, frame.base);
    derive(cpu, fault);
    exc_return |= fp ? 0 : EXC_RETURN_BASIC;
    exc_return |= thread ? EXC_RETURN_THREAD : 0;
    exc_return |= thread && control & CONTROL_SPSEL ? EXC_RETURN_PSP : 0;
    return exc_return;
}

enum fault_id exception_preserve_fp(struct cpu *cpu)
{
    bool unprivileged = cpu->unprivileged;
    enum fault_id fault;

    /* With the rights of the code that was interrupted, whoever executes now. */
    cpu->unprivileged = cpu->scs.fpccr & FPCCR_USER;
    fault = write_fp_words(cpu, cpu->scs.fpcar, FAULT_LSPERR, FAULT_MLSPERR);
    cpu->unprivileged = unprivileged;
    if (fault == FAULT_NONE)
        cpu->scs.fpccr &= ~(uint32_t)FPCCR_LSPACT;
    return fault;
}

/* ---- Entry (B1.5.6) -------------------------------------------------------------------------- */

/* Handler mode, main stack, CONTROL.SPSEL and FPCA clear. The engine ignores SPSEL in handler mode
 * and everything while unprivileged, hence the detour. */
static void enter_handler_mode(struct cpu *cpu, unsigned exception)
{
    struct engine *engine = &cpu->engine;
    uint32_t control = engine_get(engine, ENGINE_CONTROL);
    bool thread = engine_get(engine, ENGINE_IPSR) == EXC_THREAD;

    engine_set(engine, ENGINE_IPSR, exception);
    if (thread && control & CONTROL_SPSEL) {
        engine_set(engine, ENGINE_CONTROL, CONTROL_SPSEL);
        engine_set(engine, ENGINE_IPSR, EXC_THREAD);
        engine_set(engine, ENGINE_CONTROL, 0);
        engine_set(engine, ENGINE_IPSR, exception);
    }
    engine_set(engine, ENGINE_CONTROL, control & CONTROL_NPRIV);
    cpu->unprivileged = false;
}

static bool fetch_vector(const struct cpu *cpu, unsigned exception, uint32_t *vector)
{
    uint8_t bytes[4];

    if (!memory_peek(cpu->config.memory, cpu->scs.vtor + 4 * exception, bytes, sizeof bytes))
        return false;
    *vector = load_le32(bytes);
    return true;
}

/* The most urgent exception, or HardFault when its vector cannot be read; 0 after a lock-up. */
static unsigned choose_handler(struct cpu *cpu, uint32_t *vector)
{
    unsigned exception = nvic_next(&cpu->nvic);

    assert(exception);
    if (fetch_vector(cpu, exception, vector))
        return exception;
    derive(cpu, FAULT_VECTOR);
    exception = nvic_next(&cpu->nvic);
    if (!cpu->state.lockup && !fetch_vector(cpu, exception, vector))
        fault_lock_up(cpu);
    return cpu->state.lockup ? 0 : exception;
}

static void report_entry(struct cpu *cpu, unsigned exception, unsigned from, guest_addr handler)
{
    store_buffer_drain(&cpu->config.memory->stores);
    trace_emit(cpu->trace, (struct observation){.kind = OBS_IRQ_ENTER,
                                                .exception = {.number = (uint16_t)exception,
                                                              .from = (uint16_t)from,
                                                              .pc = handler & ~1u}});
}

/* Starts the most urgent pending exception; the frame is on the stack already. */
static void take(struct cpu *cpu, uint32_t exc_return, unsigned from)
{
    uint32_t vector = 0;
    unsigned exception = cpu->state.lockup ? 0 : choose_handler(cpu, &vector);

    if (!exception)
        return;
    nvic_activate(&cpu->nvic, exception);
    enter_handler_mode(cpu, exception);
    engine_set(&cpu->engine, ENGINE_LR, exc_return);
    engine_set(&cpu->engine, ENGINE_EPSR, XPSR_T);
    cpu_set_it(cpu, 0, 0);
    engine_settle(&cpu->engine);
    pass_boundary(cpu);
    report_entry(cpu, exception, from, vector);
    cpu_renew_interest(cpu);
    if (!(vector & 1))
        fault_postpone(cpu, FAULT_INVSTATE, vector & ~1u);
    else if (vector >= EXC_RETURN_LOWEST) /* not what it means when a program loads it into PC */
        fault_postpone(cpu, FAULT_IACCVIOL, vector & ~1u);
    engine_jump(&cpu->engine, vector);
}

static void enter(struct cpu *cpu, guest_addr return_address)
{
    unsigned from = engine_get(&cpu->engine, ENGINE_IPSR);
    uint32_t exc_return = push(cpu, return_address);

    take(cpu, exc_return, from);
}

bool exception_take_pending(struct cpu *cpu, guest_addr return_address)
{
    if (!nvic_preempting(&cpu->nvic, &cpu->state.masks))
        return false;
    enter(cpu, return_address);
    return true;
}

void exception_raise(struct cpu *cpu, unsigned exception, guest_addr return_address)
{
    exception_escalate(cpu, exception);
    if (!cpu->state.lockup)
        enter(cpu, return_address);
}

/* ---- Return (B1.5.8) ------------------------------------------------------------------------- */

static unsigned count_active(const struct cpu *cpu)
{
    return (unsigned)__builtin_popcountll(cpu->nvic.active);
}

static bool is_consistent(const struct cpu *cpu, uint32_t exc_return, unsigned exception)
{
    bool nested = count_active(cpu) > 1;
    bool to_base = !nested || cpu->scs.ccr & CCR_NONBASETHRDENA;

    if (!nvic_is_active(&cpu->nvic, exception) || exc_return < 0xffffffe0u)
        return false;
    switch (exc_return & 0xf) {
    case 0x1:
        return nested;
    case 0x9:
    case 0xd:
        return to_base;
    default:
        return false;
    }
}

static void deactivate(struct cpu *cpu, unsigned exception)
{
    nvic_deactivate(&cpu->nvic, exception);
    if (exception != EXC_NMI && cpu->state.masks.faultmask) {
        cpu->state.masks.faultmask = 0;
        cpu_apply_masks(cpu);
    }
}

/* The stack frame stays; the fault's handler gets the failed EXC_RETURN in LR. */
static void refuse_return(struct cpu *cpu, uint32_t exc_return, enum fault_id id)
{
    derive(cpu, id);
    take(cpu, exc_return, EXC_THREAD);
}

static enum fault_id read_frame(struct cpu *cpu, struct frame *frame)
{
    enum fault_id fault = FAULT_NONE;

    for (unsigned i = 0; i < FRAME_WORDS && fault == FAULT_NONE; i++)
        fault = cpu_unstack_word(cpu, frame->base + 4 * i, &frame->word[i], FAULT_UNSTKERR,
                                 FAULT_MUNSTKERR);
    return fault;
}

/* FP state that was never saved is still in its registers. */
static enum fault_id pop_fp(struct cpu *cpu, guest_addr base)
{
    enum fault_id fault = FAULT_NONE;
    uint32_t word;

    if (cpu->scs.fpccr & FPCCR_LSPACT) {
        cpu->scs.fpccr &= ~(uint32_t)FPCCR_LSPACT;
        return FAULT_NONE;
    }
    for (unsigned i = 0; i <= FP_WORDS && fault == FAULT_NONE; i++) {
        fault = cpu_unstack_word(cpu, base + 4 * i, &word, FAULT_UNSTKERR, FAULT_MUNSTKERR);
        if (fault == FAULT_NONE)
            engine_set(&cpu->engine, i < FP_WORDS ? ENGINE_S0 + i : ENGINE_FPSCR, word);
    }
    return fault;
}

static void leave_handler_mode(struct cpu *cpu, uint32_t exc_return, uint32_t xpsr)
{
    struct engine *engine = &cpu->engine;
    uint32_t control = engine_get(engine, ENGINE_CONTROL) & CONTROL_NPRIV;
    uint32_t fpca = exc_return & EXC_RETURN_BASIC ? 0 : CONTROL_FPCA;

    if (exc_return & EXC_RETURN_THREAD) {
        /* Privileged until all is written: the engine refuses the rest to unprivileged code. */
        engine_set(engine, ENGINE_CONTROL, 0);
        engine_set(engine, ENGINE_IPSR, EXC_THREAD);
        engine_set(engine, ENGINE_CONTROL,
                   control | fpca | (exc_return & EXC_RETURN_PSP ? CONTROL_SPSEL : 0u));
        cpu->unprivileged = control & CONTROL_NPRIV;
    } else {
        engine_set(engine, ENGINE_IPSR, xpsr & XPSR_IPSR);
        engine_set(engine, ENGINE_CONTROL, control | fpca);
    }
}

static void restore(struct cpu *cpu, const struct frame *frame, uint32_t exc_return)
{
    struct engine *engine = &cpu->engine;
    uint32_t xpsr = frame->word[RETURN_XPSR];
    bool fp = !(exc_return & EXC_RETURN_BASIC);
    guest_addr above = frame->base + (fp ? FRAME_EXTENDED : FRAME_BASIC);

    for (unsigned i = 0; i < 4; i++)
        engine_set(engine, i, frame->word[i]);
    engine_set(engine, R12, frame->word[4]);
    engine_set(engine, ENGINE_LR, frame->word[5]);
    if ((fp || cpu->scs.ccr & CCR_STKALIGN) && xpsr & XPSR_ALIGN)
        above |= 4;
    engine_set(engine, exc_return & EXC_RETURN_PSP ? ENGINE_PSP : ENGINE_MSP, above);
    leave_handler_mode(cpu, exc_return, xpsr);
    engine_set(engine, ENGINE_XPSR_ALL,
               (xpsr & ~(uint32_t)(XPSR_IPSR | XPSR_ALIGN)) | XPSR_T |
                   engine_get(engine, ENGINE_IPSR));
    engine_settle(engine);
}

/* Words of a frame that are looked at without the CPU reading them; 0 where nothing is. */
static uint32_t peek_word(const struct cpu *cpu, const struct frame *frame, unsigned word)
{
    uint8_t bytes[4] = {0};

    (void)memory_peek(cpu->config.memory, frame->base + 4 * word, bytes, sizeof bytes);
    return load_le32(bytes);
}

static unsigned interrupted_exception(const struct cpu *cpu, const struct frame *frame)
{
    return peek_word(cpu, frame, RETURN_XPSR) & XPSR_IPSR;
}

static void report_exit(struct cpu *cpu, unsigned exception, const struct frame *frame)
{
    uint16_t to = (uint16_t)interrupted_exception(cpu, frame);

    store_buffer_drain(&cpu->config.memory->stores);
    trace_emit(cpu->trace,
               (struct observation){.kind = OBS_IRQ_EXIT,
                                    .exception = {.number = (uint16_t)exception,
                                                  .from = to,
                                                  .pc = peek_word(cpu, frame, RETURN_ADDRESS)}});
}

static void resume(struct cpu *cpu, const struct frame *frame, uint32_t exc_return)
{
    guest_addr pc = frame->word[RETURN_ADDRESS];
    uint32_t xpsr = frame->word[RETURN_XPSR];

    restore(cpu, frame, exc_return);
    cpu_set_it(cpu, pc, extract32(xpsr, 10, 6) << 2 | extract32(xpsr, 25, 2));
    cpu_renew_interest(cpu);
    if (!(xpsr & XPSR_T))
        fault_postpone(cpu, FAULT_INVSTATE, pc & ~1u);
    engine_jump(&cpu->engine, pc);
    if (exc_return & EXC_RETURN_THREAD && cpu->scs.scr & SCR_SLEEPONEXIT && !cpu->nvic.active) {
        cpu->state.sleep = SLEEP_WFI;
        scheduler_alert(cpu->config.scheduler);
    }
}

void exception_return(struct cpu *cpu, uint32_t exc_return)
{
    unsigned exception = engine_get(&cpu->engine, ENGINE_IPSR);
    bool thread = exc_return & EXC_RETURN_THREAD;
    bool consistent = is_consistent(cpu, exc_return, exception);
    struct frame frame = {
        .base = engine_get(&cpu->engine, exc_return & EXC_RETURN_PSP ? ENGINE_PSP : ENGINE_MSP)};
    enum fault_id fault;

    deactivate(cpu, exception);
    if (!consistent) {
        refuse_return(cpu, 0xf0000000u | exc_return, FAULT_INVPC);
        return;
    }
    report_exit(cpu, exception, &frame);
    if (nvic_preempting(&cpu->nvic, &cpu->state.masks)) {
        take(cpu, exc_return, interrupted_exception(cpu, &frame)); /* tail-chaining */
        return;
    }
    fault = read_frame(cpu, &frame);
    if (fault == FAULT_NONE && !(exc_return & EXC_RETURN_BASIC))
        fault = pop_fp(cpu, frame.base + FRAME_FP);
    if (fault == FAULT_NONE && thread == !!(frame.word[RETURN_XPSR] & XPSR_IPSR))
        fault = FAULT_INVPC;
    if (fault != FAULT_NONE) {
        refuse_return(cpu, fault == FAULT_INVPC ? 0xf0000000u | exc_return : exc_return, fault);
        return;
    }
    pass_boundary(cpu);
    resume(cpu, &frame, exc_return);
}
