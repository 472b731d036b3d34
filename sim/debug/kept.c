/* SPDX-License-Identifier: Apache-2.0 */
/* Places that are kept under a name, to come back to. */
#include "sim/debug/target_state.h"

#include "sim/base/heap.h"

struct kept *target_keep(struct target *target)
{
    struct kept *kept = heap_allocate(1, sizeof *kept);

    past_commit(target);
    *kept = (struct kept){.at = motion_position(target),
                          .snapshot = machine_save(target->machine),
                          .build = target->build,
                          .connected = target->past.count != 0,
                          .next = target->kept};
    target->kept = kept;
    return kept;
}

void target_release(struct target *target, struct kept *kept)
{
    struct kept **at = &target->kept;

    while (*at != kept)
        at = &(*at)->next;
    *at = kept->next;
    snapshot_free(kept->snapshot);
    heap_release(kept);
}

sim_time target_kept_at(const struct kept *kept)
{
    return kept->at.when;
}

bool target_return(struct target *target, const struct kept *kept)
{
    if (kept->build != target->build)
        return false;
    past_begin(target);
    past_load(target, kept->snapshot);
    target->at_instruction = kept->at.at_instruction;
    if (!kept->connected)
        past_begin_anew(target);
    motion_halt(target, &(struct hit){.halt = HALT_START});
    return true;
}
