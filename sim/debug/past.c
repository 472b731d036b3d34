/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The past: snapshots, and forward execution from them. Nothing else is recorded; a run from a
 * snapshot is the run that was, to the last bit.
 *
 * Deviations:
 *   1. Behind a place inside an IT block the machine comes to rest behind the block; going back
 *      passes over such a place.
 *   2. What the debugger wrote is undone by going back before it, and not done again by going
 *      forward from there.
 */
#include "sim/debug/target_state.h"

#include "sim/base/heap.h"
#include "sim/report/style.h"

#include <assert.h>
#include <string.h>

enum {
    FIRST_PACE = 100000,  /* instructions from one snapshot to the next: some milliseconds */
    QUIET_PACE = 3200000, /* cycles after which there is one although little was executed */
    NEARBY = 10000,       /* cycles from the snapshot kept nearby to the place gone to */
};

/* ---- Snapshots ------------------------------------------------------------------------------- */

static void drop(struct past *past, unsigned index)
{
    past->bytes -= snapshot_size(past->moments[index].snapshot);
    snapshot_free(past->moments[index].snapshot);
    past->count--;
    memmove(&past->moments[index], &past->moments[index + 1],
            (past->count - index) * sizeof *past->moments);
}

/* What was kept behind `here` has another past now. */
static void disconnect(struct target *target, struct position here)
{
    for (struct kept *kept = target->kept; kept; kept = kept->next)
        kept->connected &= !is_before(here, kept->at);
}

void past_forget(struct target *target)
{
    for (struct kept *kept = target->kept; kept; kept = kept->next)
        kept->connected = false;
    target->past.near.valid = false;
    while (target->past.count)
        drop(&target->past, target->past.count - 1);
    target->past.pace = FIRST_PACE;
    target->told = SIM_TIME_NEVER;
    target->edited = false;
}

void past_release(struct target *target)
{
    past_forget(target);
    snapshot_free(target->past.near.snapshot);
    heap_release(target->past.moments);
}

/* Every second one goes. Those behind an edit have to stay, and so does the first. */
static void thin_out(struct past *past)
{
    bool odd = false;

    for (unsigned i = past->count; i-- > 1;) {
        odd = !odd;
        if (!past->moments[i].edited && !odd)
            drop(past, i);
    }
    past->pace *= 2;
}

static void add(struct target *target, bool edited)
{
    struct past *past = &target->past;
    struct remembered *moment;

    if (past->count == past->room) {
        past->room = past->room ? 2 * past->room : 64;
        past->moments = heap_resize(past->moments, past->room * sizeof *past->moments);
    }
    assert(past->moments);
    moment = &past->moments[past->count++];
    *moment = (struct remembered){.at = motion_position(target),
                                  .snapshot = machine_save(target->machine),
                                  .executed = cpu_instructions(machine_cpu(target->machine)),
                                  .edited = edited};
    past->bytes += snapshot_size(moment->snapshot);
    if (past->bytes > past->bytes_limit && past->count > 4)
        thin_out(past);
}

void past_remember(struct target *target)
{
    struct past *past = &target->past;
    const struct remembered *last = past->count ? &past->moments[past->count - 1] : NULL;
    uint64_t instructions = cpu_instructions(machine_cpu(target->machine));
    struct position here = motion_position(target);

    if (!past->bytes_limit)
        return;
    if (last && !is_before(last->at, here))
        return; /* it is known from the first time */
    /* A system reset counts instructions anew. */
    if (last && instructions >= last->executed && instructions - last->executed < past->pace &&
        here.when - last->at.when < QUIET_PACE)
        return;
    add(target, false);
}

static bool has_edit_ahead(const struct past *past, struct position here)
{
    for (unsigned i = past->count; i-- > 0 && is_before(here, past->moments[i].at);) {
        if (past->moments[i].edited)
            return true;
    }
    return false;
}

static void tell_edit(struct target *target)
{
    text_printf(&target->console, "fencepost: changed by hand at ");
    print_milliseconds(&target->console, machine_now(target->machine), 6, 0);
    text_printf(&target->console, " ms: a new future begins here\n");
}

void past_commit(struct target *target)
{
    struct past *past = &target->past;
    struct position here = motion_position(target);

    images_tell(target);
    if (target->edited) {
        tell_edit(target);
        disconnect(target, here);
    }
    if (target->edited || has_edit_ahead(past, here)) {
        past->near.valid &= !is_before(here, past->near.at);
        while (past->count > 1 && is_before(here, past->moments[past->count - 1].at))
            drop(past, past->count - 1);
        target->shown = target->counts.printed;
        target->heard = target->counts.host_lines;
    }
    if (target->edited && past->bytes_limit)
        add(target, true);
    target->edited = false;
}

/* ---- Going there ----------------------------------------------------------------------------- */

/* The latest moment not behind `position`. There is always the first. */
unsigned past_moment_before(const struct past *past, struct position position)
{
    unsigned i = past->count - 1;

    while (i && is_before(position, past->moments[i].at))
        i--;
    return i;
}

void past_load(struct target *target, const struct snapshot *snapshot)
{
    machine_restore(target->machine, snapshot);
}

void past_restore(struct target *target, unsigned index)
{
    const struct remembered *moment = &target->past.moments[index];

    past_load(target, moment->snapshot);
    target->at_instruction = moment->at.at_instruction;
}

/* To the snapshot nearby, if it is closer to `position` than that of moment `index`. */
static bool restore_nearby(struct target *target, unsigned index, struct position position)
{
    const struct near *near = &target->past.near;

    if (!near->valid || is_before(position, near->at) ||
        !is_before(target->past.moments[index].at, near->at))
        return false;
    past_load(target, near->snapshot);
    target->at_instruction = near->at.at_instruction;
    return true;
}

/* A long way to go: whoever comes here, comes again. */
static void stop_nearby(struct target *target, struct position position)
{
    struct near *near = &target->past.near;

    if (position.when - machine_now(target->machine) < 2 * NEARBY)
        return;
    motion_run_to(target, (struct position){position.when - NEARBY, false}, HEED_NOTHING);
    near->snapshot = machine_save_into(target->machine, near->snapshot);
    near->at = motion_position(target);
    near->valid = is_before(near->at, position);
}

void past_go_to(struct target *target, struct position position)
{
    unsigned index = past_moment_before(&target->past, position);

    if (!restore_nearby(target, index, position))
        past_restore(target, index);
    if (!is_before(motion_position(target), position))
        return;
    stop_nearby(target, position);
    motion_run_to(target, position, HEED_NOTHING);
}

/* To the instruction at `when`, or if the machine cannot rest there the one before, and so on. */
void past_go_before(struct target *target, sim_time when, struct position limit)
{
    struct position position = {when, true};

    for (;;) {
        past_go_to(target, position);
        if (is_before(motion_position(target), limit) || !position.when)
            return;
        position.when--;
    }
}

/* Asleep through to here: when the instruction executed that went to sleep. */
static sim_time latest_instruction(struct target *target, struct position here)
{
    uint64_t count = cpu_instructions(machine_cpu(target->machine));
    unsigned index = past_moment_before(&target->past, here);
    sim_time low;
    sim_time high = here.when;

    while (index && target->past.moments[index].executed == count)
        index--; /* taken asleep */
    low = target->past.moments[index].at.when;
    while (low < high) {
        sim_time middle = low + (high - low) / 2;

        past_go_to(target, (struct position){middle, false});
        if (cpu_instructions(machine_cpu(target->machine)) < count)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : 0;
}

/* To the instruction that was executed last, at `when` or before. */
void past_go_to_instruction(struct target *target, sim_time when, struct position limit)
{
    past_go_before(target, when, limit);
    if (!target->at_instruction) /* it slept */
        past_go_before(target, latest_instruction(target, motion_position(target)), limit);
}

void past_undo(struct target *target, const struct hit *hit)
{
    struct position behind = motion_position(target);

    if (!target->past.count)
        return;
    target->heed = HEED_NOTHING;
    past_go_before(target, hit->when, behind);
    if (target->at_instruction && target_register(target, CPU_PC) == hit->pc)
        target->told = hit->when;
    else /* it happened between two instructions */
        past_go_to(target, behind);
}

void past_begin(struct target *target)
{
    past_commit(target);
    target->halted = (struct halt_report){.halt = HALT_NONE};
    target->hit = (struct hit){.halt = HALT_NONE};
}

struct target_past target_past(const struct target *target)
{
    const struct past *past = &target->past;

    return (struct target_past){.snapshots = past->count,
                                .bytes = past->bytes,
                                .since = past->count ? past->moments[0].at.when : 0};
}

void past_begin_anew(struct target *target)
{
    past_forget(target);
    target->shown = target->counts.printed;
    target->heard = target->counts.host_lines;
    if (target->past.bytes_limit)
        add(target, false);
}
