/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forwards. The machine runs in slices, so that the debugger can get a word in between; a motion
 * that was sliced is the same to the last bit as one that was not.
 */
#include "sim/debug/target_state.h"

/* About a millisecond of the host's time, and of virtual time when the CPU is awake. */
enum { SLICE = 64000 };

struct position motion_position(const struct target *target)
{
    return (struct position){machine_now(target->machine), target->at_instruction};
}

/* ---- While it runs --------------------------------------------------------------------------- */

static bool ends_step(const struct target *target, guest_addr pc)
{
    if (machine_now(target->machine) == target->start.when && target->start.at_instruction)
        return false; /* it has not moved yet */
    if (target->interrupted && !target->into_interrupts)
        return false;
    return target->motion == MOTION_STEP || !range_contains(target->range, pc);
}

static bool is_moving_on(const struct target *target)
{
    return target->heed == HEED_THE_FIRST && target->motion != MOTION_CONTINUE;
}

/* The CPU asks at breakpoints, and at each instruction while `everywhere` is set. */
bool motion_arrived(void *owner, guest_addr pc)
{
    struct target *target = owner;
    sim_time now = machine_now(target->machine);
    bool halts = target->resting;

    /* A motion does not stop at the breakpoint it starts from. */
    if (points_have_breakpoint(target, pc) &&
        (now != target->start.when || !target->start.at_instruction) &&
        target->heed != HEED_NOTHING) {
        (void)stops_hit(target, (struct hit){.halt = HALT_BREAKPOINT, .when = now, .address = pc});
        halts |= target->heed == HEED_THE_FIRST;
    }
    if (!halts && is_moving_on(target) && ends_step(target, pc)) {
        (void)stops_hit(target, (struct hit){.halt = HALT_STEP, .when = now});
        halts = true;
    }
    if (halts) {
        target->at_instruction = true;
        target->arrived_at = pc;
        machine_request_stop(target->machine);
    }
    return halts;
}

static void ask_everywhere(struct target *target, bool everywhere)
{
    if (target->everywhere == everywhere)
        return;
    target->everywhere = everywhere;
    points_apply(target);
}

/* Inside an IT block the CPU went on to its end although we told it to halt. */
static void doubt_at_instruction(struct target *target)
{
    if (target_register(target, CPU_PC) != target->arrived_at)
        target->at_instruction = false;
}

static enum leg cannot_go_on(struct target *target, enum halt halt, const char *why)
{
    target->at_instruction = true; /* none that executes, but behind all that did */
    if (target->heed == HEED_THE_FIRST) {
        (void)stops_hit(target, (struct hit){.halt = halt});
        text_printf(&target->story, "%s\n", why);
    }
    return LEG_END;
}

static enum leg run(struct target *target, sim_time limit)
{
    for (;;) {
        sim_time now = machine_now(target->machine);
        unsigned faults = target->faults;
        enum machine_stop stop;

        target->at_instruction = false;
        stop = machine_run(target->machine, limit - now);
        switch (stop) {
        case MACHINE_STOP_TIME:
            return LEG_OVER;
        case MACHINE_STOP_CONDITION:
            if (target->at_instruction)
                doubt_at_instruction(target);
            return LEG_HIT;
        case MACHINE_STOP_FAULT: /* stops.c has seen it; a locked up CPU does not move */
            if (machine_now(target->machine) == now && faults == target->faults)
                return cannot_go_on(target, HALT_OFF, "The CPU is locked up.");
            break;
        case MACHINE_STOP_HOST_DONE:
        case MACHINE_STOP_HOST_FAILED:
            break; /* likewise */
        case MACHINE_STOP_EXIT:
            return cannot_go_on(target, HALT_EXIT, "The firmware has ended itself.");
        case MACHINE_STOP_ASLEEP:
            return cannot_go_on(target, HALT_OFF,
                                "The CPU is asleep, and nothing will ever happen again.");
        case MACHINE_STOP_OFF:
            return cannot_go_on(target, HALT_OFF, "The firmware switched the chip off.");
        }
        if (target->heed == HEED_THE_FIRST && target->hit.halt != HALT_NONE)
            return LEG_HIT;
        if (machine_now(target->machine) >= limit)
            return LEG_OVER;
    }
}

/* ---- Coming to rest -------------------------------------------------------------------------- */

void motion_rest(struct target *target)
{
    target->resting = true;
    ask_everywhere(target, true);
    /* A fault or a reset may come before the instruction. */
    for (unsigned tries = 0; tries < 4 && !target->at_instruction; tries++) {
        bool asleep = cpu_is_asleep(machine_cpu(target->machine));
        enum leg leg = run(target, machine_now(target->machine) + (asleep ? 1 : SLICE));

        if (leg == LEG_END || (asleep && leg == LEG_OVER))
            break;
    }
    target->resting = false;
    ask_everywhere(target, false);
}

void motion_run_to(struct target *target, struct position position, enum heed heed)
{
    enum heed kept = target->heed;

    target->heed = heed;
    target->start = (struct position){SIM_TIME_NEVER, false};
    target->findings = checker_finding_count(target->checker);
    target->at_instruction = false;
    while (machine_now(target->machine) < position.when) {
        if (run(target, position.when) == LEG_END)
            break;
    }
    if (position.at_instruction)
        motion_rest(target);
    target->heed = kept;
}

/* ---- What the debugger asks for -------------------------------------------------------------- */

void motion_halt(struct target *target, const struct hit *hit)
{
    target->halted = (struct halt_report){.halt = hit->halt,
                                          .address = hit->address,
                                          .watch = hit->watch,
                                          .software = points_are_software(target, hit->address),
                                          .code = machine_exit_code(target->machine)};
    target->halted_at = motion_position(target);
    target->halted_by =
        hit->halt == HALT_REASON || hit->halt == HALT_FAULT ? hit->when : SIM_TIME_NEVER;
    target->heed = HEED_NOTHING;
    ask_everywhere(target, false);
}

void target_go(struct target *target, enum motion motion, struct byte_range range)
{
    past_commit(target);
    target->motion = motion;
    target->range = range;
    target->start = motion_position(target);
    target->interrupted = 0;
    target->hit = (struct hit){.halt = HALT_NONE};
    target->halted = (struct halt_report){.halt = HALT_NONE};
    target->findings = checker_finding_count(target->checker);
    target->heed = HEED_THE_FIRST;
    ask_everywhere(target, motion != MOTION_CONTINUE);
}

bool target_advance(struct target *target)
{
    enum leg leg = run(target, machine_now(target->machine) + SLICE);

    if (leg == LEG_OVER) {
        past_remember(target);
        return false;
    }
    if (leg == LEG_HIT)
        motion_rest(target);
    if (target->hit.undo)
        past_undo(target, &target->hit);
    motion_halt(target, &target->hit);
    return true;
}

void target_interrupt(struct target *target)
{
    target->hit = (struct hit){.halt = HALT_INTERRUPT};
    target->heed = HEED_NOTHING;
    if (!cpu_is_asleep(machine_cpu(target->machine)))
        motion_rest(target);
    motion_halt(target, &target->hit);
}

bool target_steps_into_interrupts(const struct target *target)
{
    return target->into_interrupts;
}

void target_step_into_interrupts(struct target *target, bool on)
{
    target->into_interrupts = on;
}
