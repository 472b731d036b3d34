/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/walker_state.h"

#include "sim/base/heap.h"

#include <string.h>

enum { INLINE_MAX = 3 };

/* ---- Making ---------------------------------------------------------------------------------- */

static enum status mark(struct walker *walker, const char *name, uint32_t tag,
                        struct failure *failure)
{
    struct symbol symbol;

    if (!name)
        return STATUS_OK;
    if (!machine_image(walker->machine) ||
        !image_symbol_named(machine_image(walker->machine), name, &symbol))
        return failure_set(failure, STATUS_FUNCTION_MISSING, name, NULL);
    if (!cpu_mark_call(machine_cpu(walker->machine), symbol.address & ~1u, tag))
        return failure_set(failure, STATUS_TOO_MANY_MARKS, name, NULL);
    return STATUS_OK;
}

enum status walker_create(struct walker **result, const struct plan *plan,
                          const struct walker_options *options, const struct sharing *known,
                          struct sharing *learned, struct failure *failure)
{
    struct walker *walker = heap_allocate(1, sizeof *walker);
    enum status status;

    walker->plan = plan;
    walker->options = *options;
    *result = NULL;
    status = plan_build(plan, &walker->machine, failure);
    if (status == STATUS_OK) {
        walker->checker = checked_attach(walker->machine, options->checked);
        status = mark(walker, options->from, WATCH_FROM, failure);
    }
    if (status == STATUS_OK)
        status = mark(walker, options->to, WATCH_TO, failure);
    if (status != STATUS_OK) {
        walker_destroy(walker);
        return status;
    }
    watcher_attach(&walker->watcher, walker->machine, &walker->options, known, learned);
    *result = walker;
    return STATUS_OK;
}

void walker_destroy(struct walker *walker)
{
    if (!walker)
        return;
    watcher_release(&walker->watcher);
    keep_destroy(walker->keep);
    checker_destroy(walker->checker);
    machine_destroy(walker->machine);
    heap_release(walker);
}

struct machine *walker_machine(struct walker *walker)
{
    return walker->machine;
}

struct checker *walker_checker(struct walker *walker)
{
    return walker->checker;
}

/* ---- Walking --------------------------------------------------------------------------------- */

static sim_time left(const struct walker *walker)
{
    sim_time now = machine_now(walker->machine);

    return walker->deadline > now ? walker->deadline - now : 0;
}

/* For `duration`, or until it hangs. While it runs transfers begin and make progress, so it looks
 * again and again. */
static enum machine_stop run_patiently(struct walker *walker, sim_time duration)
{
    sim_time now = machine_now(walker->machine);
    sim_time end = now + duration;
    enum machine_stop stop = MACHINE_STOP_TIME;

    for (; stop == MACHINE_STOP_TIME && now < end && !walker_is_hung(walker);
         now = machine_now(walker->machine)) {
        sim_time limit = walker_end_of_patience(walker);
        sim_time soon = now + walker_patience(walker);

        limit = limit < soon ? limit : soon;
        stop = machine_run(walker->machine, (limit < end ? limit : end) - now);
    }
    return stop;
}

/* A decision and the end of the conversation may come with one instruction. */
static enum machine_stop run_for(struct walker *walker, sim_time duration)
{
    enum machine_stop stop = run_patiently(walker, duration);
    enum host_outcome outcome = host_outcome(machine_host(walker->machine));

    if (stop != MACHINE_STOP_CONDITION || outcome == HOST_BUSY || outcome == HOST_IDLE)
        return stop;
    return outcome == HOST_DONE ? MACHINE_STOP_HOST_DONE : MACHINE_STOP_HOST_FAILED;
}

static enum machine_stop run(struct walker *walker)
{
    return run_for(walker, left(walker));
}

/* As run, and stops when something becomes possible that was not at the decision before. */
static enum machine_stop run_watchfully(struct walker *walker)
{
    sim_time ready = watcher_next_ready(&walker->watcher);
    sim_time now = machine_now(walker->machine);
    sim_time duration = left(walker);
    enum machine_stop stop;

    if (ready == SIM_TIME_NEVER || ready - now >= duration ||
        cpu_is_asleep(machine_cpu(walker->machine)))
        return run_for(walker, duration);
    stop = run_for(walker, ready - now);
    if (stop != MACHINE_STOP_TIME || walker_is_hung(walker))
        return stop;
    watcher_ready(&walker->watcher);
    return MACHINE_STOP_CONDITION;
}

/* Runs to the next decision with more than one branch, or to the end. */
static void run_on(struct walker *walker, struct walk *walk)
{
    struct watcher *watcher = &walker->watcher;
    unsigned taken = 0;

    walk->rule = 0;
    walk->at = 0;
    for (;;) {
        enum machine_stop stop = run_watchfully(walker);

        walk->branches = 0;
        walk->end = WALK_DECISION;
        if (stop != MACHINE_STOP_CONDITION || watcher->window_over) {
            walker_tell_end(walker, stop, walk);
            return;
        }
        if (walker_has_failed(walker)) {
            walker_tell_end(walker, stop, walk);
            return;
        }
        walk->at = watcher->asleep ? 0 : watcher->access_pc;
        watcher_branches(watcher, walk);
        if (walk->branches > 1 || (walk->branches == 1 && watcher->asleep && taken == INLINE_MAX))
            return;
        if (walk->branches == 1) {
            taken += watcher->asleep;
            watcher_take(watcher, &walk->branch[0]);
        }
    }
}

static void conclude(struct walker *walker, uint8_t *bytes, size_t room, struct walk *walk)
{
    const struct watcher *watcher = &walker->watcher;
    size_t kept = 0;

    watcher_count(&walker->watcher);
    walk->when = machine_now(walker->machine);
    walk->key = walker_key(walker);
    walk->wire = watcher_wire(watcher);
    walk->slack = watcher_slack(watcher);
    walk->raw = watcher->raw;
    walk->answers = watcher->answers;
    walk->overflow = watcher->overflow;
    walk->retros = watcher->retros;
    walk->lost = watcher->lost;
    memcpy(walk->retro, watcher->retro, watcher->retros * sizeof walk->retro[0]);
    memcpy(walk->answer, watcher->answer,
           (watcher->answers < LOG_MAX ? watcher->answers : LOG_MAX) * sizeof walk->answer[0]);
    if (room && walk->end == WALK_DECISION)
        kept = keep_save(walker->keep, bytes, room);
    walk->kept = (uint32_t)kept;
}

void walker_restore(struct walker *walker, const uint8_t *kept)
{
    keep_restore(walker->keep, kept);
    watcher_restored(&walker->watcher);
}

void walker_go_on(struct walker *walker, const struct branch *branch, uint8_t *bytes, size_t room,
                  struct walk *walk)
{
    watcher_begin(&walker->watcher, NULL, 0);
    watcher_take(&walker->watcher, branch);
    run_on(walker, walk);
    conclude(walker, bytes, room, walk);
}

void walker_step(struct walker *walker, const uint8_t *kept, const struct branch *branch,
                 const struct choice_answer *forced, unsigned forced_count, uint8_t *bytes,
                 size_t room, struct walk *walk)
{
    walker_restore(walker, kept);
    watcher_begin(&walker->watcher, forced, forced_count);
    watcher_take(&walker->watcher, branch);
    run_on(walker, walk);
    conclude(walker, bytes, room, walk);
}

void walker_take_chances(struct walker *walker, uint64_t seed)
{
    walker->watcher.by_chance = seed != 0;
    rng_seed(&walker->watcher.chance, seed);
}

/* ---- Beginning ------------------------------------------------------------------------------- */

static bool reach(struct walker *walker, struct walk *walk)
{
    uint32_t wanted = walker->options.from_count ? walker->options.from_count : 1;
    enum machine_stop stop = MACHINE_STOP_CONDITION;

    walker->watcher.plain = true;
    while (walker->watcher.entries < wanted && stop == MACHINE_STOP_CONDITION)
        stop = machine_run(walker->machine, left(walker));
    walker->watcher.plain = false;
    if (stop == MACHINE_STOP_CONDITION)
        return true;
    walker_tell_end(walker, stop, walk);
    return false;
}

bool walker_begin(struct walker *walker, struct walk *walk)
{
    machine_power_on(walker->machine);
    watcher_power_on(&walker->watcher);
    walker->deadline = walker->plan->timeout;
    memset(walk, 0, sizeof *walk);
    watcher_begin(&walker->watcher, NULL, 0);
    if (walker->options.from && !reach(walker, walk))
        return false;
    keep_destroy(walker->keep);
    walker->keep = keep_create(walker->machine);
    keep_ignore_region(walker->keep, "explore");
    return true;
}

/* From the root to the end with the usual answers, but for the forced ones. */
static void run_plainly(struct walker *walker, const struct choice_answer *answers, uint32_t count,
                        struct walk *walk)
{
    struct watcher *watcher = &walker->watcher;
    enum machine_stop stop;

    walker_restore(walker, NULL);
    watcher_begin(watcher, answers, count);
    watcher->usual = heap_resize(watcher->usual, (count + 1) * sizeof *watcher->usual);
    for (uint32_t i = 0; i < count; i++)
        watcher->usual[i] = answers[i].value; /* until it is asked */
    watcher->plain = true;
    watcher->to_window = true;
    do {
        stop = run(walker);
    } while (stop == MACHINE_STOP_CONDITION && !watcher->window_over);
    watcher->to_window = false;
    memset(walk, 0, sizeof *walk);
    walker_tell_end(walker, stop, walk);
    watcher->plain = false;
    walk->strayed = watcher->strayed;
    walk->when = machine_now(walker->machine);
    walk->wire = watcher_wire(watcher);
    walk->key = walker_key(walker);
}

void walker_reference(struct walker *walker, struct walk *walk)
{
    walker->watcher.referring = true;
    run_plainly(walker, NULL, 0, walk);
    walker->watcher.referring = false;
}

void walker_replay(struct walker *walker, const struct choice_answer *answers, uint32_t count,
                   struct walk *walk)
{
    run_plainly(walker, answers, count, walk);
}

uint32_t walker_usual(const struct walker *walker, uint32_t index)
{
    return walker->watcher.usual[index];
}

void walker_tell(struct walker *walker, struct story *story)
{
    walker->watcher.story = story;
}

const char *walk_end_name(enum walk_end end)
{
    static const char *const names[WALK_ENDS] = {
        [WALK_DECISION] = "open",
        [WALK_CLEAN] = "clean",
        [WALK_FINDING] = "finding",
        [WALK_ANSWER] = "different answer",
        [WALK_FAULT] = "fault",
        [WALK_EXIT] = "assertion",
        [WALK_HOST_FAILED] = "failed conversation",
        [WALK_TIMEOUT] = "time-out",
        [WALK_ASLEEP] = "asleep for ever",
        [WALK_OFF] = "switched off",
        [WALK_HANG] = "hang",
    };

    return names[end];
}
