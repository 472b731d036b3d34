/* SPDX-License-Identifier: Apache-2.0 */
/* Breakpoints and watchpoints: sorted lists that the CPU borrows. */
#include "sim/debug/target_state.h"

#include "sim/base/heap.h"

#include <string.h>

static unsigned place_of(const struct points *points, guest_addr address)
{
    unsigned i = 0;

    while (i < points->breakpoint_count && points->breakpoints[i] < address)
        i++;
    return i;
}

bool points_have_breakpoint(const struct target *target, guest_addr pc)
{
    const struct points *points = &target->points;
    unsigned place = place_of(points, pc);

    return place < points->breakpoint_count && points->breakpoints[place] == pc;
}

/* What the CPU itself does not see: stores to peripheral registers are heard of in stops.c. */
static void on_access(void *owner, const struct cpu_watch *watch, struct byte_range range,
                      enum cpu_access access)
{
    struct target *target = owner;

    if (target->witness) {
        target->witness->wrote(target->witness->owner, range, WRITER_CPU);
        return;
    }
    (void)access;
    (void)stops_hit(
        target, (struct hit){.halt = HALT_WATCHPOINT,
                             .when = machine_now(target->machine) - 1,
                             .address = watch->range.start,
                             .watch = target->points.watch_kinds[watch - target->points.watches],
                             .undo = true});
}

void points_apply(struct target *target)
{
    const struct points *points = &target->points;
    const struct cpu_debugger debugger = {.owner = target,
                                          .arrived = motion_arrived,
                                          .accessed = on_access,
                                          .everywhere = target->everywhere,
                                          .breakpoints = points->breakpoints,
                                          .breakpoint_count = points->breakpoint_count,
                                          .watches = points->watches,
                                          .watch_count = points->watch_count};

    cpu_debug(machine_cpu(target->machine), &debugger);
}

/* The CPU forgets the lists before they move. */
static void edit(struct target *target)
{
    cpu_debug(machine_cpu(target->machine), NULL);
}

static void insert(struct points *points, unsigned place, guest_addr address)
{
    unsigned behind = points->breakpoint_count - place;

    points->breakpoint_count++;
    points->breakpoints =
        heap_resize(points->breakpoints, points->breakpoint_count * sizeof *points->breakpoints);
    points->breakpoint_kinds = heap_resize(points->breakpoint_kinds, points->breakpoint_count);
    memmove(&points->breakpoints[place + 1], &points->breakpoints[place],
            behind * sizeof *points->breakpoints);
    memmove(&points->breakpoint_kinds[place + 1], &points->breakpoint_kinds[place], behind);
    points->breakpoints[place] = address;
    points->breakpoint_kinds[place] = 0;
}

static void remove_at(struct points *points, unsigned place)
{
    unsigned behind = --points->breakpoint_count - place;

    memmove(&points->breakpoints[place], &points->breakpoints[place + 1],
            behind * sizeof *points->breakpoints);
    memmove(&points->breakpoint_kinds[place], &points->breakpoint_kinds[place + 1], behind);
}

void target_add_breakpoint(struct target *target, enum breakpoint_kind kind, guest_addr address)
{
    struct points *points = &target->points;
    unsigned place = place_of(points, address);

    if (!points_have_breakpoint(target, address)) {
        edit(target);
        insert(points, place, address);
        points_apply(target);
    }
    points->breakpoint_kinds[place] |= (uint8_t)kind;
}

void target_remove_breakpoint(struct target *target, enum breakpoint_kind kind, guest_addr address)
{
    struct points *points = &target->points;
    unsigned place = place_of(points, address);

    if (!points_have_breakpoint(target, address))
        return;
    points->breakpoint_kinds[place] &= (uint8_t)~kind;
    if (points->breakpoint_kinds[place])
        return;
    edit(target);
    remove_at(points, place);
    points_apply(target);
}

bool points_are_software(const struct target *target, guest_addr pc)
{
    return points_have_breakpoint(target, pc) &&
           target->points.breakpoint_kinds[place_of(&target->points, pc)] == BREAKPOINT_SOFTWARE;
}

void target_add_watchpoint(struct target *target, enum watchpoint_kind kind,
                           struct byte_range range)
{
    static const uint32_t accesses[] = {[WATCHPOINT_WRITE] = CPU_STORES,
                                        [WATCHPOINT_READ] = CPU_LOADS,
                                        [WATCHPOINT_ACCESS] = CPU_STORES | CPU_LOADS};
    struct points *points = &target->points;
    unsigned count = points->watch_count + 1;

    edit(target);
    points->watches = heap_resize(points->watches, count * sizeof *points->watches);
    points->watch_kinds = heap_resize(points->watch_kinds, count * sizeof *points->watch_kinds);
    range.start = memory_fold(range.start);
    points->watches[points->watch_count] =
        (struct cpu_watch){.range = range, .accesses = accesses[kind]};
    points->watch_kinds[points->watch_count++] = kind;
    points_apply(target);
}

void target_remove_watchpoint(struct target *target, enum watchpoint_kind kind,
                              struct byte_range range)
{
    struct points *points = &target->points;
    unsigned i = 0;

    range.start = memory_fold(range.start);
    while (i < points->watch_count &&
           (points->watch_kinds[i] != kind || points->watches[i].range.start != range.start ||
            points->watches[i].range.size != range.size))
        i++;
    if (i == points->watch_count)
        return;
    edit(target);
    points->watch_count--;
    points->watches[i] = points->watches[points->watch_count];
    points->watch_kinds[i] = points->watch_kinds[points->watch_count];
    points_apply(target);
}

void target_remove_points(struct target *target)
{
    edit(target);
    target->points.breakpoint_count = 0;
    target->points.watch_count = 0;
    points_apply(target);
}
