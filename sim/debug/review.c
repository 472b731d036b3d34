/* SPDX-License-Identifier: Apache-2.0 */
/* The past runs again, and somebody watches. */
#include "sim/debug/target_state.h"

#include "sim/base/heap.h"

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
    sim_time halted_by = target->halted_by;
    struct points points = target->points;
    bool goes_on = target->past.count != 0;

    if (!goes_on)
        return;
    past_begin(target);
    watch_only(target, range);
    target->witness = witness;
    for (unsigned i = past_moment_before(&target->past, here) + 1; goes_on && i-- > 0;) {
        const struct remembered *moment = &target->past.moments[i];

        past_restore(target, i);
        (void)part(witness->owner, false, moment->edited);
        if (is_before(moment->at, end))
            motion_run_to(target, end, HEED_NOTHING);
        goes_on = part(witness->owner, true, moment->edited);
        end = moment->at;
    }
    target->witness = NULL;
    watch_again(target, &points);
    past_go_to(target, here);
    motion_halt(target, &(struct hit){.halt = HALT_STEP});
    target->halted = halted;
    target->halted_by = halted_by;
}
