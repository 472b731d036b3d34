/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breakpoints and watchpoints, at no cost where there are none.
 *
 * A breakpoint makes its halfword's class one that is looked at each time; a watchpoint on RAM
 * marks its pages as those that hold code are marked. Nothing here is state, and nothing takes
 * time.
 *
 * Deviations:
 *   1. The engine cannot be left inside an IT block: there a halt comes behind the block.
 *   2. A store to flash or to an information register is not watched.
 */
#include "sim/cpu/internal.h"

bool cpu_has_breakpoint(const struct cpu *cpu, guest_addr pc)
{
    const struct cpu_debugger *debugger = &cpu->debugger;
    unsigned low = 0;
    unsigned high = debugger->breakpoint_count;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (debugger->breakpoints[middle] == pc)
            return true;
        if (debugger->breakpoints[middle] < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The instruction was counted already; one that does not execute now takes its cycle back. */
bool cpu_halts(struct cpu *cpu, guest_addr pc)
{
    const struct cpu_debugger *debugger = &cpu->debugger;
    bool halts;

    if (!debugger->everywhere && !cpu_has_breakpoint(cpu, pc))
        return false;
    cpu->schedule->now--;
    halts = debugger->arrived(debugger->owner, pc);
    if (halts)
        cpu_request_stop(cpu);
    if (halts && !cpu_inside_it(cpu, pc)) {
        engine_stop(&cpu->engine);
        return true;
    }
    cpu->schedule->now++; /* deviation 1 */
    return false;
}

void cpu_tell_access(struct cpu *cpu, struct byte_range range, enum cpu_access access)
{
    const struct cpu_debugger *debugger = &cpu->debugger;

    for (unsigned i = 0; i < debugger->watch_count; i++) {
        const struct cpu_watch *watch = &debugger->watches[i];

        if (watch->accesses & access && ranges_overlap(watch->range, range))
            debugger->accessed(debugger->owner, watch, range, access);
    }
}

static void reclassify(struct cpu *cpu)
{
    for (unsigned i = 0; i < cpu->debugger.breakpoint_count; i++)
        cpu_look_at(cpu, cpu->debugger.breakpoints[i]);
}

static void mark_pages(struct cpu *cpu, struct byte_range range)
{
    guest_addr end = RAM_BASE + RAM_SIZE;
    guest_addr first = range.start < RAM_BASE ? RAM_BASE : range.start;
    guest_addr last = range.start + range.size - 1;

    if (!range.size || first >= end || last < RAM_BASE)
        return;
    last = last >= end ? end - 1 : last;
    for (guest_addr page = (first - RAM_BASE) / CODE_PAGE; page <= (last - RAM_BASE) / CODE_PAGE;
         page++)
        cpu->ram_page[page] |= PAGE_WATCHED;
}

void cpu_debug(struct cpu *cpu, const struct cpu_debugger *debugger)
{
    reclassify(cpu);
    cpu->debugger = debugger ? *debugger : (struct cpu_debugger){.owner = NULL};
    reclassify(cpu);
    for (unsigned page = 0; page < CODE_PAGES; page++)
        cpu->ram_page[page] &= (uint8_t)~PAGE_WATCHED;
    cpu->watches_loads = false;
    for (unsigned i = 0; i < cpu->debugger.watch_count; i++) {
        const struct cpu_watch *watch = &cpu->debugger.watches[i];

        if (watch->accesses & CPU_STORES)
            mark_pages(cpu, watch->range);
        cpu->watches_loads |= (watch->accesses & CPU_LOADS) != 0;
    }
    cpu_renew_interest(cpu);
}
