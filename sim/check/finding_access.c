/* SPDX-License-Identifier: Apache-2.0 */
/* Which accesses of the CPU to a window belong to one bug. */
#include "sim/check/findings.h"

#include "sim/base/bits.h"

enum {
    /*
     * A store by another instruction belongs to the same copy when it follows this closely (4 us).
     * The steps of a copy loop come within tens of cycles, even unoptimised; a later reuse of the
     * buffer by other code comes after a wait.
     */
    SWEEP_GAP = 256,
    /* Bytes of code that an unrolled copy with its head and tail spans. */
    ROUTINE_SPAN = 512,
};

/* Part of the copy that is going on: same transfer, same context of execution, soon after. */
static struct finding *going_on(struct findings *findings, enum rule_id rule,
                                const struct transfer *transfer, const struct observation *seen)
{
    const struct obs_access *access = &seen->access;

    for (unsigned i = 0; i < findings_count(findings); i++) {
        struct finding *finding = findings_at(findings, i);
        const struct finding_access *before = &finding->current;

        if (finding->rule == (uint32_t)rule && finding->latest == transfer->number &&
            before->exception == access->exception && before->actor == access->actor &&
            seen->when - before->when <= SWEEP_GAP)
            return finding;
    }
    return NULL;
}

static bool is_near(const struct finding *finding, guest_addr pc)
{
    for (uint32_t i = 0; i < finding->places; i++) {
        if (pc - finding->place[i].pc + ROUTINE_SPAN <= 2 * ROUTINE_SPAN)
            return true;
    }
    return false;
}

/* How much deeper in the stack than at the start: the same for calls from the same place. */
static uint32_t depth(const struct site *site, const struct transfer *transfer)
{
    return transfer->start.r[13] - site->r[13];
}

/*
 * The same routine that entered its copy elsewhere this time: a copy of 8 bytes and one of 18 need
 * not have an instruction in common. (LR would tell its caller, but a routine may use it as a
 * scratch register.)
 */
static struct finding *same_routine(struct findings *findings, enum rule_id rule,
                                    const struct transfer *transfer,
                                    const struct obs_access *access, const struct site *site)
{
    for (unsigned i = 0; i < findings_count(findings); i++) {
        struct finding *finding = findings_at(findings, i);

        if (finding->rule == (uint32_t)rule && finding->latest != transfer->number &&
            findings_same_start(&finding->transfer, transfer) &&
            finding->first.exception == access->exception &&
            finding->first.actor == access->actor &&
            depth(&finding->site, &finding->transfer) == depth(site, transfer) &&
            is_near(finding, access->pc))
            return finding;
    }
    return NULL;
}

static struct finding_access access_of(const struct observation *seen)
{
    const struct obs_access *access = &seen->access;

    return (struct finding_access){
        .when = seen->when,
        .before = access->before,
        .after = access->after,
        .pc = access->pc,
        .address = access->address,
        .size = access->size,
        .exception = access->exception,
        .actor = (uint16_t)access->actor,
    };
}

static void mark_bytes(struct finding *finding, const struct observation *seen)
{
    const struct transfer *transfer = &finding->transfer;
    const struct obs_access *access = &seen->access;
    uint64_t value = seen->kind == OBS_CPU_STORE ? access->after : access->before;

    for (uint32_t i = 0; i < access->size; i++) {
        uint32_t offset = access->address + i - transfer->window.start;

        if (offset >= transfer->window.size)
            continue;
        finding->touched_low = offset < finding->touched_low ? offset : finding->touched_low;
        finding->touched_high = offset > finding->touched_high ? offset : finding->touched_high;
        if (offset < EVIDENCE_BYTES) {
            finding->touched_map[offset / 8] |= (uint8_t)(1u << offset % 8);
            finding->cpu[offset] = (uint8_t)(value >> 8 * i);
        }
    }
}

/* An instruction that was not seen with this start before. */
static struct finding *newcomer(struct findings *findings, enum finding_kind kind,
                                enum rule_id rule, const struct transfer *transfer,
                                const struct observation *seen)
{
    struct finding *finding;
    struct site site;

    trace_site(findings->trace, &site);
    finding = same_routine(findings, rule, transfer, &seen->access, &site);
    return finding ? finding
                   : findings_begin(findings, kind, rule, transfer, access_of(seen), &site);
}

static struct finding *add(struct findings *findings, enum finding_kind kind, enum rule_id rule,
                           const struct transfer *transfer, const struct observation *seen)
{
    struct finding *finding = findings_known(findings, rule, transfer, seen->access.pc);

    if (!finding)
        finding = going_on(findings, rule, transfer, seen);
    if (!finding)
        finding = newcomer(findings, kind, rule, transfer, seen);
    if (!finding)
        return NULL;

    finding_count(finding, transfer);
    finding->current = access_of(seen);
    finding_mark_place(finding, seen->access.pc);
    if (finding->transfer.number == transfer->number) {
        finding->accesses++;
        finding->last = finding->current;
        mark_bytes(finding, seen);
    }
    return finding;
}

bool findings_add_access(struct findings *findings, enum rule_id rule,
                         const struct transfer *transfer, const struct observation *seen)
{
    return add(findings, FINDING_ACCESS, rule, transfer, seen) != NULL;
}

bool findings_add_acquire(struct findings *findings, enum rule_id rule,
                          const struct transfer *transfer, const struct observation *seen,
                          bool compiler_ordered)
{
    struct finding *finding = add(findings, FINDING_ACQUIRE, rule, transfer, seen);

    if (finding && finding->transfer.number == transfer->number)
        finding->compiler_ordered = compiler_ordered;
    return finding != NULL;
}
