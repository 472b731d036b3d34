/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which instructions need more than the engine does, as things are at present. Whoever changes what
 * this depends on calls cpu_renew_interest before the next instruction.
 */
#include "sim/cpu/internal.h"

#include <string.h>

bool cpu_fpu_is_open(const struct cpu *cpu)
{
    uint32_t access = extract32(cpu->scs.cpacr, 20, 2);

    return access == 3 || (access == 1 && !cpu->unprivileged);
}

/* Whether an FP instruction has to be refused, or something has to be done before it. */
static bool cares_for_fp(const struct cpu *cpu)
{
    return !cpu_fpu_is_open(cpu) || cpu->scs.fpccr & FPCCR_LSPACT || cpu->scs.fpdscr;
}

static uint32_t present_interest(const struct cpu *cpu)
{
    uint32_t interest = 0;

    if (mpu_enabled(&cpu->mpu) || cpu->unprivileged || cpu->scs.ccr & CCR_UNALIGN_TRP)
        interest |= INTEREST_CHECKS | INSN_LOADS | INSN_STORES;
    if (cpu->trace->state.load_hull.size || cpu->watches_loads)
        interest |= INSN_LOADS;
    if (cpu->scs.ccr & CCR_DIV_0_TRP)
        interest |= INTEREST_DIVISION;
    if (cares_for_fp(cpu))
        interest |= INSN_FP;
    if (mpu_enabled(&cpu->mpu) || cpu->path_wanted || cpu_watches_all(cpu) ||
        cpu->debugger.everywhere)
        interest |= INTEREST_ALL;
    return interest;
}

static uint8_t care_for(uint32_t interest, uint32_t class)
{
    unsigned kind = class & INSN_KIND_MASK;

    if (interest & INTEREST_ALL || class & (INSN_UNKNOWN | interest))
        return CARE_FULLY;
    if (kind == INSN_ALIGNED)
        return CARE_FOR_ALIGNMENT;
    if (kind == INSN_PLAIN || (kind == INSN_DIVIDE && !(interest & INTEREST_DIVISION)))
        return CARE_NOT;
    return CARE_FULLY;
}

void cpu_renew_interest(struct cpu *cpu)
{
    uint32_t interest = present_interest(cpu);

    if (LIKELY(interest == cpu->interest))
        return;
    cpu->interest = interest;
    for (uint32_t class = 0; class < ARRAY_LENGTH(cpu->care); class ++)
        cpu->care[class] = care_for(interest, class);
}
