/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What others asked to be told about instructions: marked functions and compiler barriers, and
 * where the stack pointers go.
 *
 * Marked places stay unclassified in the class tables, so they are always attended and cost
 * nothing anywhere else.
 */
#include "sim/cpu/internal.h"

/* ---- Marks ----------------------------------------------------------------------------------- */

/* Index of the first mark at or behind `pc`. */
static unsigned first_mark(const struct cpu_marks *marks, guest_addr pc)
{
    unsigned low = 0;
    unsigned high = marks->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (marks->mark[middle].pc < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool add_mark(struct cpu *cpu, struct cpu_mark mark)
{
    struct cpu_marks *marks = &cpu->marks;
    unsigned at = first_mark(marks, mark.pc);

    if (marks->count == CPU_MARKS)
        return false;
    for (unsigned i = marks->count++; i > at; i--)
        marks->mark[i] = marks->mark[i - 1];
    marks->mark[at] = mark;
    /* What was classified before has to be attended from now on. */
    cpu_code_changed(cpu, (struct byte_range){mark.pc, 2});
    return true;
}

bool cpu_mark_call(struct cpu *cpu, guest_addr function, uint32_t tag)
{
    return add_mark(cpu, (struct cpu_mark){.pc = function & ~1u, .kind = MARK_CALL, .tag = tag});
}

bool cpu_mark_fence(struct cpu *cpu, guest_addr pc)
{
    return add_mark(cpu, (struct cpu_mark){.pc = pc & ~1u, .kind = MARK_FENCE});
}

bool cpu_is_marked(const struct cpu *cpu, guest_addr pc)
{
    unsigned at = first_mark(&cpu->marks, pc);

    return at < cpu->marks.count && cpu->marks.mark[at].pc == pc;
}

static void await_return(struct cpu *cpu, guest_addr return_to, uint32_t tag)
{
    struct cpu_state *state = &cpu->state;

    if (state->calls == CPU_OPEN_CALLS)
        return; /* recursion of allocators: the outer calls are the ones that matter */
    state->call[state->calls++] = (struct open_call){
        .return_to = return_to, .stack = engine_get(&cpu->engine, ENGINE_SP), .tag = tag};
}

static void report_call(struct cpu *cpu, guest_addr pc, uint32_t tag)
{
    struct obs_call call = {.pc = pc, .lr = engine_get(&cpu->engine, ENGINE_LR), .tag = tag};

    for (unsigned i = 0; i < ARRAY_LENGTH(call.r); i++)
        call.r[i] = engine_get(&cpu->engine, i);
    if (trace_wants(cpu->trace, OBS_RETURN))
        await_return(cpu, call.lr & ~1u, tag);
    trace_emit(cpu->trace, (struct observation){.kind = OBS_CALL, .call = call});
}

static void report_marks(struct cpu *cpu, guest_addr pc)
{
    const struct cpu_marks *marks = &cpu->marks;

    for (unsigned i = first_mark(marks, pc); i < marks->count && marks->mark[i].pc == pc; i++) {
        if (marks->mark[i].kind == MARK_FENCE)
            trace_note_barrier(cpu->trace, BARRIER_COMPILER);
        else if (trace_wants(cpu->trace, OBS_CALL))
            report_call(cpu, pc, marks->mark[i].tag);
    }
}

/* A call is over when its return address executes with its stack again, not in a recursion. */
static void report_returns(struct cpu *cpu, guest_addr pc)
{
    struct cpu_state *state = &cpu->state;
    uint32_t stack = engine_get(&cpu->engine, ENGINE_SP);

    for (unsigned i = state->calls; i-- > 0;) {
        struct open_call open = state->call[i];

        if (open.return_to != pc || open.stack != stack)
            continue;
        for (unsigned j = i; j + 1 < state->calls; j++)
            state->call[j] = state->call[j + 1];
        state->call[--state->calls] = (struct open_call){0};
        trace_emit(cpu->trace,
                   (struct observation){
                       .kind = OBS_RETURN,
                       .call = {.pc = pc, .tag = open.tag, .r = {engine_get(&cpu->engine, 0)}}});
    }
}

/* ---- Stack pointers -------------------------------------------------------------------------- */

static void report_stack(struct cpu *cpu, guest_addr pc, bool psp, uint32_t before, uint32_t after)
{
    if (before != after)
        trace_emit(cpu->trace,
                   (struct observation){
                       .kind = OBS_STACK,
                       .stack = {.pc = pc, .psp = psp, .before = before, .after = after}});
}

static void watch_stacks(struct cpu *cpu, guest_addr pc)
{
    struct cpu_state *state = &cpu->state;
    struct stacks_seen before = state->stacks;

    if (!cpu->trace->state.stack_watches) {
        state->stacks = (struct stacks_seen){0};
        return;
    }
    cpu_stack_pointers(cpu, &state->stacks.msp, &state->stacks.psp);
    state->stacks.known = 1;
    if (before.known) {
        report_stack(cpu, pc, false, before.msp, state->stacks.msp);
        report_stack(cpu, pc, true, before.psp, state->stacks.psp);
    }
}

/* ---- Before each instruction that is attended ------------------------------------------------ */

bool cpu_watches_all(const struct cpu *cpu)
{
    return cpu->trace->state.stack_watches || cpu->state.stacks.known || cpu->state.calls;
}

void cpu_watch(struct cpu *cpu, guest_addr pc)
{
    if (cpu->state.calls)
        report_returns(cpu, pc);
    if (cpu->marks.count)
        report_marks(cpu, pc);
    if (cpu->trace->state.stack_watches || cpu->state.stacks.known)
        watch_stacks(cpu, pc);
    cpu_renew_interest(cpu);
}
