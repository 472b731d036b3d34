/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/walker.h"

#include "sim/base/bits.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/explore/watcher.h"

#include <assert.h>
#include <string.h>

enum { SETTLE_MS = 10, INLINE_MAX = 3, JUDGED = 64, LR = 14 };

struct walker {
    const struct plan *plan;
    struct walker_options options;
    struct machine *machine;
    struct checker *checker;
    struct keep *keep;
    struct watcher watcher; /* what sees the machine and answers its questions */
    sim_time deadline;
    guest_addr stack_top;
    unsigned judged; /* findings about which `counts` was asked; a ring */
    struct judgement {
        uint32_t rule;
        guest_addr pc;
        guest_addr start;
        guest_addr caller; /* LR: of a copy routine */
        bool counts;
    } judgement[JUDGED];
};

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

static guest_addr initial_stack(struct machine *machine)
{
    uint8_t bytes[4] = {0};

    (void)memory_peek(machine_memory(machine), FLASH_BASE, bytes, sizeof bytes);
    return load_le32(bytes);
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
    walker->stack_top = initial_stack(walker->machine);
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

/* ---- Where a walk came to -------------------------------------------------------------------- */

static bool counts(struct walker *walker, const struct finding *finding)
{
    struct judgement judgement = {.rule = finding->rule,
                                  .pc = finding->first.pc,
                                  .start = finding->transfer.start.pc,
                                  .caller = finding->site.r[LR]};
    unsigned known = walker->judged < JUDGED ? walker->judged : JUDGED;

    if (!walker->options.counts)
        return true;
    for (unsigned i = 0; i < known; i++) {
        const struct judgement *at = &walker->judgement[i];

        if (at->rule == judgement.rule && at->pc == judgement.pc && at->start == judgement.start &&
            at->caller == judgement.caller)
            return at->counts;
    }
    judgement.counts =
        walker->options.counts(walker->options.counts_owner, walker->machine, finding);
    walker->judgement[walker->judged++ % JUDGED] = judgement;
    return judgement.counts;
}

/* The first error among the findings that counts; NULL: none. */
static const struct finding *first_error(struct walker *walker)
{
    for (unsigned i = 0; i < checker_finding_count(walker->checker); i++) {
        const struct finding *finding = checker_finding(walker->checker, i);

        if (finding->severity == SEVERITY_ERROR && counts(walker, finding))
            return finding;
    }
    return NULL;
}

static uint64_t hash_findings(const struct walker *walker)
{
    uint64_t hash = HASH_SEED;

    for (unsigned i = 0; i < checker_finding_count(walker->checker); i++) {
        const struct finding *finding = checker_finding(walker->checker, i);
        uint32_t what[3] = {finding->rule, finding->first.pc, finding->transfer.start.pc};

        hash = hash_bytes(hash, what, sizeof what);
    }
    return hash;
}

/* Below the stack pointer, down to what any stack has used: given back. Only the main stack is
 * known so well. */
static struct byte_range dead_stack(const struct walker *walker)
{
    guest_addr low = walker->watcher.known->stack_low;
    guest_addr msp = cpu_get(machine_cpu(walker->machine), CPU_MSP);

    if (!low || low >= msp || msp > walker->stack_top || low < RAM_BASE)
        return (struct byte_range){RAM_BASE, 0};
    return (struct byte_range){low, msp - low};
}

static uint64_t key_of(struct walker *walker)
{
    uint64_t parts[4];

    keep_ignore_ram(walker->keep, dead_stack(walker));
    parts[0] = keep_key(walker->keep);
    parts[1] = watcher_hash(&walker->watcher);
    parts[2] = hash_findings(walker);
    parts[3] = HASH_SEED;
    return hash_bytes(HASH_SEED, parts, sizeof parts);
}

static enum walk_end end_of(struct walker *walker, enum machine_stop stop)
{
    switch (stop) {
    case MACHINE_STOP_HOST_DONE:
    case MACHINE_STOP_CONDITION:
        return WALK_CLEAN;
    case MACHINE_STOP_EXIT:
        return machine_exit_code(walker->machine) ? WALK_EXIT : WALK_CLEAN;
    case MACHINE_STOP_FAULT:
        return WALK_FAULT;
    case MACHINE_STOP_HOST_FAILED:
        return WALK_HOST_FAILED;
    case MACHINE_STOP_TIME:
        return WALK_TIMEOUT;
    case MACHINE_STOP_ASLEEP:
        return WALK_ASLEEP;
    case MACHINE_STOP_OFF:
        return WALK_OFF;
    }
    return WALK_TIMEOUT;
}

/* What the host does last belongs to the run, as in plan_proceed: with the usual answers. */
static enum machine_stop settle(struct walker *walker)
{
    bool plain = walker->watcher.plain;
    enum machine_stop after;

    walker->watcher.plain = true;
    after = machine_run(walker->machine, SETTLE_MS * CYCLES_PER_MS);
    walker->watcher.plain = plain;
    return after == MACHINE_STOP_TIME || after == MACHINE_STOP_ASLEEP ? MACHINE_STOP_HOST_DONE
                                                                      : after;
}

static sim_time patience_of(const struct walker *walker)
{
    uint32_t frames = walker->options.bounds.patience;

    return frames ? frames * CYCLES_PER_MS : SIM_TIME_NEVER / 2;
}

/* When a control transfer that makes no progress is a hang. */
static sim_time end_of_patience(const struct walker *walker)
{
    const struct watch_state *state = &walker->watcher.state;

    return state->under_way ? state->progressed + patience_of(walker) : SIM_TIME_NEVER;
}

static bool is_hung(const struct walker *walker)
{
    return machine_now(walker->machine) >= end_of_patience(walker);
}

static guest_addr function_of(const struct walker *walker, guest_addr pc)
{
    const struct image *image = machine_image(walker->machine);
    struct symbol symbol;

    return image && image_symbol_at(image, pc, &symbol) ? symbol.address : pc;
}

static uint64_t hash_text(const char *text)
{
    return hash_bytes(HASH_SEED, text, strlen(text));
}

/* What the host waits for when nothing goes on. */
static uint64_t activity_of(const struct host *host)
{
    struct text text = {0};
    uint64_t hash;

    host_print_activity(&text, host);
    hash = hash_text(text_string(&text));
    text_free(&text);
    return hash;
}

static uint64_t reason_of(const struct walker *walker, enum walk_end end)
{
    const struct host *host = machine_host(walker->machine);

    switch (end) {
    case WALK_ANSWER:
        return walker->watcher.state.given_up ? ANSWER_GIVEN_UP : ANSWER_OTHER;
    case WALK_HOST_FAILED:
        return hash_text(host_reason(host));
    case WALK_TIMEOUT:
    case WALK_HANG:
    case WALK_ASLEEP:
        return activity_of(host);
    case WALK_DECISION:
    case WALK_CLEAN:
    case WALK_FINDING:
    case WALK_FAULT:
    case WALK_EXIT:
    case WALK_OFF:
    case WALK_ENDS:
        break;
    }
    return 0;
}

static void tell_end(struct walker *walker, enum machine_stop stop, struct walk *walk)
{
    const struct finding *finding;

    if (stop == MACHINE_STOP_HOST_DONE)
        stop = settle(walker);
    finding = first_error(walker);
    walk->end = end_of(walker, stop);
    if (walk->end == WALK_TIMEOUT && is_hung(walker))
        walk->end = WALK_HANG;
    walk->pc = machine_trace(walker->machine)->state.pc;
    walk->failed = machine_now(walker->machine);
    if (finding) {
        walk->failed = finding->first.when;
        walk->end = WALK_FINDING;
        walk->rule = finding->rule;
        walk->pc = finding->first.pc;
    } else if (walk->end == WALK_CLEAN && walker->watcher.state.differs) {
        walk->end = WALK_ANSWER;
        walk->failed = walker->watcher.state.differed;
    }
    walk->function = function_of(walker, walk->pc);
    walk->reason = reason_of(walker, (enum walk_end)walk->end);
}

/* Findings and other answers end a walk at the next stop. */
static bool has_failed(struct walker *walker)
{
    return !walker->options.bounds.whole &&
           (walker->watcher.state.differs || first_error(walker) != NULL);
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

    for (; stop == MACHINE_STOP_TIME && now < end && !is_hung(walker);
         now = machine_now(walker->machine)) {
        sim_time limit = end_of_patience(walker);
        sim_time soon = now + patience_of(walker);

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
    if (stop != MACHINE_STOP_TIME || is_hung(walker))
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
            tell_end(walker, stop, walk);
            return;
        }
        if (has_failed(walker)) {
            tell_end(walker, stop, walk);
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
    walk->key = key_of(walker);
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
    tell_end(walker, stop, walk);
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
    tell_end(walker, stop, walk);
    watcher->plain = false;
    walk->strayed = watcher->strayed;
    walk->when = machine_now(walker->machine);
    walk->wire = watcher_wire(watcher);
    walk->key = key_of(walker);
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
