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

void past_forget(struct target *target)
{
    while (target->past.count)
        drop(&target->past, target->past.count - 1);
    target->past.pace = FIRST_PACE;
    target->told = SIM_TIME_NEVER;
    target->edited = false;
}

void past_release(struct target *target)
{
    past_forget(target);
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
    if (target->edited)
        tell_edit(target);

    if (target->edited || has_edit_ahead(past, here)) {
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
static unsigned moment_before(const struct past *past, struct position position)
{
    unsigned i = past->count - 1;

    while (i && is_before(position, past->moments[i].at))
        i--;
    return i;
}

/* The chooser does not keep its policy in the machine's state, so we do. */
static void load(struct target *target, const struct snapshot *snapshot)
{
    machine_restore(target->machine, snapshot);
    machine_chooser(target->machine)->dma_policy = (enum choice_policy)target->counts.dma_policy;
}

static void restore(struct target *target, unsigned index)
{
    const struct remembered *moment = &target->past.moments[index];

    load(target, moment->snapshot);
    target->at_instruction = moment->at.at_instruction;
}

static void go_to(struct target *target, struct position position)
{
    unsigned index = moment_before(&target->past, position);

    restore(target, index);
    if (is_before(target->past.moments[index].at, position))
        motion_run_to(target, position, HEED_NOTHING);
}

/* To the instruction at `when`, or if the machine cannot rest there the one before, and so on. */
static void go_before(struct target *target, sim_time when, struct position limit)
{
    struct position position = {when, true};

    for (;;) {
        go_to(target, position);
        if (is_before(motion_position(target), limit) || !position.when)
            return;
        position.when--;
    }
}

/* Asleep through to here: when the instruction executed that went to sleep. */
static sim_time latest_instruction(struct target *target, struct position here)
{
    uint64_t count = cpu_instructions(machine_cpu(target->machine));
    unsigned index = moment_before(&target->past, here);
    sim_time low;
    sim_time high = here.when;

    while (index && target->past.moments[index].executed == count)
        index--; /* taken asleep */
    low = target->past.moments[index].at.when;
    while (low < high) {
        sim_time middle = low + (high - low) / 2;

        go_to(target, (struct position){middle, false});
        if (cpu_instructions(machine_cpu(target->machine)) < count)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : 0;
}

void past_undo(struct target *target, const struct hit *hit)
{
    struct position behind = motion_position(target);

    if (!target->past.count)
        return;
    target->heed = HEED_NOTHING;
    go_before(target, hit->when, behind);
    if (target->at_instruction && target_register(target, CPU_PC) == hit->pc)
        target->told = hit->when;
    else /* it happened between two instructions */
        go_to(target, behind);
}

/* ---- Backwards ------------------------------------------------------------------------------- */

bool target_can_go_back(const struct target *target)
{
    return target->past.count > 0;
}

static void begin(struct target *target)
{
    past_commit(target);
    target->halted = (struct halt_report){.halt = HALT_NONE};
    target->hit = (struct hit){.halt = HALT_NONE};
}

static void halt_at_the_beginning(struct target *target)
{
    restore(target, 0);
    motion_rest(target);
    motion_halt(target, &(struct hit){.halt = HALT_BEGIN});
}

/* To the instruction that was executed last, at `when` or before. */
static void go_to_instruction(struct target *target, sim_time when, struct position limit)
{
    go_before(target, when, limit);
    if (!target->at_instruction) /* it slept */
        go_before(target, latest_instruction(target, motion_position(target)), limit);
}

/* Runs again from moment `index` up to `end`; target->hit becomes the latest hit on the way. */
static void search(struct target *target, unsigned index, struct position end)
{
    target->hit = (struct hit){.halt = HALT_NONE};
    text_clear(&target->story);
    restore(target, index);
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
        go_to(target, is_before(behind, here) ? behind : here);
        return;
    }
    go_before(target, hit->when, here);
    target->told = hit->when;
}

/* target->hit becomes the latest hit before `here`, if there is one. */
static void search_back(struct target *target, struct position here)
{
    struct position end = here;

    target->until = here.when;
    target->hit = (struct hit){.halt = HALT_NONE};
    for (unsigned i = moment_before(&target->past, here) + 1; i-- > 0;) {
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
    go_to(target, now);
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
    search_back(target, motion_position(target));
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
            go_to(target, landed);
            return;
        }
        go_to_instruction(target, target->hit.when, now);
    } while (level_of(target) != level);
}

void target_step_back(struct target *target)
{
    struct position here = motion_position(target);
    struct position first = target->past.moments[0].at;
    unsigned level = level_of(target);

    begin(target);
    if (!is_before(first, here)) {
        halt_at_the_beginning(target);
        return;
    }
    go_to_instruction(target, here.when - 1, here);
    if (!target->into_interrupts)
        go_through_handlers(target, level, here);
    motion_halt(target, &(struct hit){.halt = HALT_STEP});
}

void target_continue_back(struct target *target)
{
    struct position here = motion_position(target);
    struct hit hit;

    begin(target);
    search_back(target, here);
    hit = target->hit;
    if (hit.halt == HALT_NONE) {
        halt_at_the_beginning(target);
        return;
    }
    land(target, &hit, here);
    motion_halt(target, &hit);
}

/* ---- Looking back ---------------------------------------------------------------------------- */

static void watch_only(struct target *target, struct byte_range range)
{
    target->points = (struct points){.breakpoints = NULL};
    if (range.size)
        target_add_watchpoint(target, WATCHPOINT_WRITE, range);
    else
        points_apply(target);
}

static void watch_again(struct target *target, const struct points *points)
{
    target_remove_points(target);
    heap_release(target->points.watches);
    heap_release(target->points.watch_kinds);
    target->points = *points;
    points_apply(target);
}

void past_review(struct target *target, struct byte_range range, const struct witness *witness,
                 bool (*part)(void *owner, bool over, bool edited))
{
    struct position here = motion_position(target);
    struct position end = here;
    struct halt_report halted = target->halted;
    struct points points = target->points;
    bool goes_on = target->past.count != 0;

    if (!goes_on)
        return;
    begin(target);
    watch_only(target, range);
    target->witness = witness;
    for (unsigned i = moment_before(&target->past, here) + 1; goes_on && i-- > 0;) {
        const struct remembered *moment = &target->past.moments[i];

        restore(target, i);
        (void)part(witness->owner, false, moment->edited);
        if (is_before(moment->at, end))
            motion_run_to(target, end, HEED_NOTHING);
        goes_on = part(witness->owner, true, moment->edited);
        end = moment->at;
    }
    target->witness = NULL;
    watch_again(target, &points);
    go_to(target, here);
    motion_halt(target, &(struct hit){.halt = HALT_STEP});
    target->halted = halted;
}

/* ---- Other moments --------------------------------------------------------------------------- */

bool target_go_to(struct target *target, sim_time when)
{
    struct position position = {when, true};

    if (!target->past.count || when < target->past.moments[0].at.when ||
        !is_before(position, motion_position(target)))
        return false;
    begin(target);
    go_to(target, position);
    motion_halt(target, &(struct hit){.halt = HALT_STEP});
    return true;
}

struct target_past target_past(const struct target *target)
{
    const struct past *past = &target->past;

    return (struct target_past){.snapshots = past->count,
                                .bytes = past->bytes,
                                .since = past->count ? past->moments[0].at.when : 0};
}

/* ---- Other presents -------------------------------------------------------------------------- */

struct snapshot *target_save(struct target *target)
{
    past_commit(target);
    return machine_save(target->machine);
}

static void begin_history_here(struct target *target)
{
    past_forget(target);
    target->at_instruction = !cpu_is_asleep(machine_cpu(target->machine));
    target->shown = target->counts.printed;
    target->heard = target->counts.host_lines;
    if (target->past.bytes_limit)
        add(target, false);
}

void target_restore(struct target *target, const struct snapshot *snapshot)
{
    load(target, snapshot);
    begin_history_here(target);
    motion_halt(target, &(struct hit){.halt = HALT_START});
}
