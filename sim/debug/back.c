/* SPDX-License-Identifier: Apache-2.0 */
/* Backwards: by one instruction, to what would have stopped the machine, to a time. */
#include "sim/debug/target_state.h"

#include <string.h>

/* ---- Backwards ------------------------------------------------------------------------------- */

bool target_can_go_back(const struct target *target)
{
    return target->past.count > 0;
}

static void halt_at_the_beginning(struct target *target)
{
    past_restore(target, 0);
    motion_rest(target);
    motion_halt(target, &(struct hit){.halt = HALT_BEGIN});
}

/* Runs again from moment `index` up to `end`; target->hit becomes the latest hit on the way. */
static void search(struct target *target, unsigned index, struct position end)
{
    target->hit = (struct hit){.halt = HALT_NONE};
    text_clear(&target->story);
    past_restore(target, index);
    motion_run_to(target, end, HEED_THE_LATEST);
}

/*
 * Backwards a breakpoint or reason to stop is reached before its instruction. gdb takes a
 * watchpoint for one that stops on the near side of the access, and steps over it itself: back,
 * then.
 */
static void land(struct target *target, const struct hit *hit, struct position here)
{
    struct position behind = {hit->when + 1, true};

    if (hit->halt == HALT_WATCHPOINT) {
        past_go_to(target, is_before(behind, here) ? behind : here);
        return;
    }
    past_go_before(target, hit->when, here);
    target->told = hit->when;
}

/* target->hit becomes the latest hit before `here`, if there is one. */
static void search_back(struct target *target, struct position here, sim_time until)
{
    struct position end = here;

    target->until = until;
    target->hit = (struct hit){.halt = HALT_NONE};
    for (unsigned i = past_moment_before(&target->past, here) + 1; i-- > 0;) {
        if (is_before(target->past.moments[i].at, end))
            search(target, i, end);
        if (target->hit.halt != HALT_NONE)
            return;
        end = target->past.moments[i].at;
    }
}

/* ---- Backwards through interrupts ------------------------------------------------------------ */

static unsigned level_of(const struct target *target)
{
    return target_register(target, CPU_XPSR) & 0x1ff;
}

/* Whether a handler returned from where the machine is now up to `here`. */
static bool returns_before(struct target *target, struct position here)
{
    struct position now = motion_position(target);
    unsigned returns = target->returns;

    motion_run_to(target, here, HEED_NOTHING);
    past_go_to(target, now);
    return target->returns != returns;
}

/* target->hit becomes the latest entry of the handler we are in, coming from `level`. */
static bool search_entry(struct target *target, unsigned level)
{
    struct stop_choice stops[STOP_REASONS];
    struct points points = target->points;

    memcpy(stops, target->stops, sizeof stops);
    memset(target->stops, 0, sizeof target->stops);
    target->points = (struct points){.breakpoints = NULL};
    points_apply(target);
    target->entry = (struct entry){.number = level_of(target), .from = level};
    search_back(target, motion_position(target), machine_now(target->machine));
    target->entry = (struct entry){.number = 0};
    target->points = points;
    points_apply(target);
    memcpy(target->stops, stops, sizeof stops);
    return target->hit.halt != HALT_NONE;
}

/* The machine is at the end of a handler that was left before `here`: goes on to the instruction
 * that was interrupted. Handlers may have followed each other without a return in between. */
static void go_through_handlers(struct target *target, unsigned level, struct position here)
{
    struct position landed = motion_position(target);

    if (!level_of(target) || level_of(target) == level || !returns_before(target, here))
        return;
    do {
        struct position now = motion_position(target);

        if (!search_entry(target, level)) {
            past_go_to(target, landed);
            return;
        }
        past_go_to_instruction(target, target->hit.when, now);
    } while (level_of(target) != level);
}

void target_step_back(struct target *target)
{
    struct position here = motion_position(target);
    struct position first = target->past.moments[0].at;
    unsigned level = level_of(target);

    past_begin(target);
    if (!is_before(first, here)) {
        halt_at_the_beginning(target);
        return;
    }
    past_go_to_instruction(target, here.when - 1, here);
    if (!target->into_interrupts)
        go_through_handlers(target, level, here);
    motion_halt(target, &(struct hit){.halt = HALT_STEP});
}

/* What the machine halted for just now is no news. */
static sim_time before_the_stop(const struct target *target, struct position here)
{
    bool stands = !is_before(target->halted_at, here) && !is_before(here, target->halted_at);

    return stands && target->halted_by < here.when ? target->halted_by : here.when;
}

void target_continue_back(struct target *target)
{
    struct position here = motion_position(target);
    sim_time until = before_the_stop(target, here);
    struct hit hit;

    past_begin(target);
    search_back(target, here, until);
    hit = target->hit;
    if (hit.halt == HALT_NONE) {
        halt_at_the_beginning(target);
        return;
    }
    land(target, &hit, here);
    motion_halt(target, &hit);
}

bool target_go_to(struct target *target, sim_time when)
{
    struct position position = {when, true};

    if (!target->past.count || when < target->past.moments[0].at.when ||
        !is_before(position, motion_position(target)))
        return false;
    past_begin(target);
    past_go_to(target, position);
    if (machine_now(target->machine) > when) /* asleep at that time */
        past_go_to(target, (struct position){when, false});
    motion_halt(target, &(struct hit){.halt = HALT_STEP});
    return true;
}
