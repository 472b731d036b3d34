/* SPDX-License-Identifier: Apache-2.0 */
/* Where a walk came to: its key, how it ended, and whether that is a failure. */
#include "sim/base/hash.h"
#include "sim/explore/walker_state.h"

#include <string.h>

enum { SETTLE_MS = 10, LR = 14 };

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

    if (!low || low >= msp || msp > walker->watcher.stack_top || low < RAM_BASE)
        return (struct byte_range){RAM_BASE, 0};
    return (struct byte_range){low, msp - low};
}

uint64_t walker_key(struct walker *walker)
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

sim_time walker_patience(const struct walker *walker)
{
    uint32_t frames = walker->options.bounds.patience;

    return frames ? frames * CYCLES_PER_MS : SIM_TIME_NEVER / 2;
}

/* When a control transfer that makes no progress is a hang. */
sim_time walker_end_of_patience(const struct walker *walker)
{
    const struct watch_state *state = &walker->watcher.state;

    return state->under_way ? state->progressed + walker_patience(walker) : SIM_TIME_NEVER;
}

bool walker_is_hung(const struct walker *walker)
{
    return machine_now(walker->machine) >= walker_end_of_patience(walker);
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

void walker_tell_end(struct walker *walker, enum machine_stop stop, struct walk *walk)
{
    const struct finding *finding;

    if (stop == MACHINE_STOP_HOST_DONE)
        stop = settle(walker);
    finding = first_error(walker);
    walk->end = end_of(walker, stop);
    if (walk->end == WALK_TIMEOUT && walker_is_hung(walker))
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
bool walker_has_failed(struct walker *walker)
{
    return !walker->options.bounds.whole &&
           (walker->watcher.state.differs || first_error(walker) != NULL);
}
