/* SPDX-License-Identifier: Apache-2.0 */
/* Registers that the engine holds, and what it does not tell: ITSTATE and the banked stacks. */
#include "sim/cpu/internal.h"

/* ---- ITSTATE: the engine knows it only while it translates ----------------------------------- */

static guest_addr next_instruction(const struct cpu *cpu, guest_addr pc)
{
    uint16_t first;
    uint16_t second;

    cpu_fetch(cpu, pc, &first, &second);
    return pc + (insn_is_wide(first) ? 4 : 2);
}

void cpu_set_it(struct cpu *cpu, guest_addr pc, uint32_t state)
{
    guest_addr end = pc;

    for (uint32_t left = state; left; left = insn_it_advance(left))
        end = next_instruction(cpu, end);
    cpu->state.it = state ? (struct it_block){pc, end, state} : (struct it_block){0};
}

uint32_t cpu_it_state(const struct cpu *cpu, guest_addr pc)
{
    uint32_t state = cpu->state.it.state;

    if (!cpu_inside_it(cpu, pc))
        return 0;
    for (guest_addr at = cpu->state.it.start; at != pc && state; at = next_instruction(cpu, at))
        state = insn_it_advance(state);
    return state;
}

uint32_t cpu_xpsr(const struct cpu *cpu, guest_addr pc)
{
    uint32_t xpsr = engine_get(&cpu->engine, ENGINE_XPSR);
    uint32_t it = cpu_it_state(cpu, pc);

    xpsr = deposit32(xpsr, 10, 6, it >> 2);
    return deposit32(xpsr, 25, 2, it);
}

/* ---- Banked registers ------------------------------------------------------------------------ */

/* Unprivileged code cannot read them, and the engine asks as the program would: so become a handler
 * for a moment. */
static void read_as_handler(struct cpu *cpu, uint32_t *msp, uint32_t *psp)
{
    struct engine *engine = &cpu->engine;

    engine_set(engine, ENGINE_IPSR, EXC_HARDFAULT);
    *msp = engine_get(engine, ENGINE_MSP);
    *psp = engine_get(engine, ENGINE_PSP);
    engine_set(engine, ENGINE_IPSR, EXC_THREAD);
    engine_settle(engine);
}

void cpu_stack_pointers(const struct cpu *cpu, uint32_t *msp, uint32_t *psp)
{
    if (cpu->unprivileged) {
        /* The mode changes for a moment and back: for the caller nothing does. */
        read_as_handler((struct cpu *)cpu, msp, psp);
        return;
    }
    *msp = engine_get(&cpu->engine, ENGINE_MSP);
    *psp = engine_get(&cpu->engine, ENGINE_PSP);
}

void cpu_apply_masks(struct cpu *cpu)
{
    engine_set(&cpu->engine, ENGINE_PRIMASK, cpu->state.masks.primask);
    engine_set(&cpu->engine, ENGINE_BASEPRI, cpu->state.masks.basepri);
    engine_set(&cpu->engine, ENGINE_FAULTMASK, cpu->state.masks.faultmask);
}
