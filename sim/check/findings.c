/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/check/findings.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"

#include <assert.h>
#include <string.h>

enum {
    FINDING_PAGES = 2,
    /*
     * A store by another instruction belongs to the same copy when it follows this closely (4 us).
     * The steps of a copy loop come within tens of cycles, even unoptimised; a later reuse of the
     * buffer by other code comes after a wait.
     */
    SWEEP_GAP = 256,
    /* Bytes of code that an unrolled copy with its head and tail spans. */
    ROUTINE_SPAN = 512,
    IPSR_MASK = 0x1ff,
};

struct finding_slot {
    struct finding finding;
    uint8_t rest[FINDING_PAGES * STATE_PAGE - sizeof(struct finding)];
};

_Static_assert(sizeof(struct finding_slot) == FINDING_PAGES * STATE_PAGE, "whole pages");

void findings_init(struct findings *findings, struct trace *trace, struct state *state)
{
    *findings = (struct findings){
        .trace = trace,
        .slots = heap_allocate(FINDING_SLOTS, sizeof(struct finding_slot)),
        .empty = heap_allocate(FINDING_SLOTS, sizeof(struct finding_slot)),
    };
    state_register_paged(state, "check.findings", findings->slots,
                         FINDING_SLOTS * sizeof(struct finding_slot), findings->empty,
                         findings->changed);
}

void findings_finish(struct findings *findings)
{
    heap_release(findings->slots);
    heap_release(findings->empty);
    *findings = (struct findings){0};
}

void findings_forget(struct findings *findings)
{
    memset(findings->slots, 0, FINDING_SLOTS * sizeof *findings->slots);
    memset(findings->changed, 0, sizeof findings->changed);
}

unsigned findings_count(const struct findings *findings)
{
    unsigned count = 0;

    while (count < FINDING_SLOTS && findings->slots[count].finding.occurrences)
        count++;
    return count;
}

const struct finding *findings_get(const struct findings *findings, unsigned index)
{
    assert(index < findings_count(findings));
    return &findings->slots[index].finding;
}

static struct finding *take_slot(struct findings *findings)
{
    unsigned slot = findings_count(findings);

    if (slot == FINDING_SLOTS)
        return NULL;
    for (unsigned page = slot * FINDING_PAGES; page < (slot + 1) * FINDING_PAGES; page++)
        findings->changed[page / 32] |= bit32(page % 32);
    return &findings->slots[slot].finding;
}

static struct finding_place *find_place(struct finding *finding, guest_addr pc)
{
    for (uint32_t i = 0; i < finding->places; i++) {
        if (finding->place[i].pc == pc)
            return &finding->place[i];
    }
    return NULL;
}

/* A known instruction, in whatever transfer with the same start, is the same bug. */
static struct finding *known(struct findings *findings, enum rule_id rule,
                             const struct transfer *transfer, guest_addr pc)
{
    for (unsigned i = 0; i < findings_count(findings); i++) {
        struct finding *finding = &findings->slots[i].finding;

        if (finding->rule == (uint32_t)rule && finding->transfer.start.pc == transfer->start.pc &&
            find_place(finding, pc))
            return finding;
    }
    return NULL;
}

/* Part of the copy that is going on: same transfer, same context of execution, soon after. */
static struct finding *going_on(struct findings *findings, enum rule_id rule,
                                const struct transfer *transfer, const struct observation *seen)
{
    const struct obs_access *access = &seen->access;

    for (unsigned i = 0; i < findings_count(findings); i++) {
        struct finding *finding = &findings->slots[i].finding;
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
        struct finding *finding = &findings->slots[i].finding;

        if (finding->rule == (uint32_t)rule && finding->latest != transfer->number &&
            finding->transfer.start.pc == transfer->start.pc &&
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

static struct finding *begin(struct findings *findings, enum rule_id rule,
                             const struct transfer *transfer, struct finding_access first,
                             const struct site *site)
{
    struct finding *finding = take_slot(findings);

    if (!finding)
        return NULL;
    finding->rule = (uint32_t)rule;
    finding->occurrences = 1;
    finding->latest = transfer->number;
    finding->first = first;
    finding->moved_before = transfer->moved;
    finding->touched_low = UINT32_MAX;
    memcpy(&finding->site, site, sizeof *site);
    memcpy(&finding->transfer, transfer, sizeof *transfer);
    return finding;
}

static void mark_place(struct finding *finding, guest_addr pc)
{
    struct finding_place *place = find_place(finding, pc);

    if (!place && finding->places < FINDING_PLACES) {
        place = &finding->place[finding->places++];
        place->pc = pc;
    }
    if (place)
        place->accesses++;
}

static void mark_bytes(struct finding *finding, const struct obs_access *access)
{
    const struct transfer *transfer = &finding->transfer;

    for (uint32_t i = 0; i < access->size; i++) {
        uint32_t offset = access->address + i - transfer->window.start;

        if (offset >= transfer->window.size)
            continue;
        finding->touched_low = offset < finding->touched_low ? offset : finding->touched_low;
        finding->touched_high = offset > finding->touched_high ? offset : finding->touched_high;
        if (offset < EVIDENCE_BYTES)
            finding->touched_map[offset / 8] |= (uint8_t)(1u << offset % 8);
    }
}

/* An instruction that was not seen with this start before. */
static struct finding *newcomer(struct findings *findings, enum rule_id rule,
                                const struct transfer *transfer, const struct observation *seen)
{
    struct finding *finding;
    struct site site;

    trace_site(findings->trace, &site);
    finding = same_routine(findings, rule, transfer, &seen->access, &site);
    return finding ? finding : begin(findings, rule, transfer, access_of(seen), &site);
}

static void count_occurrence(struct finding *finding, const struct transfer *transfer)
{
    if (finding->latest != transfer->number) {
        finding->latest = transfer->number;
        finding->occurrences++;
    }
}

bool findings_add_access(struct findings *findings, enum rule_id rule,
                         const struct transfer *transfer, const struct observation *seen)
{
    struct finding *finding = known(findings, rule, transfer, seen->access.pc);

    if (!finding)
        finding = going_on(findings, rule, transfer, seen);
    if (!finding)
        finding = newcomer(findings, rule, transfer, seen);
    if (!finding)
        return false;

    count_occurrence(finding, transfer);
    finding->current = access_of(seen);
    mark_place(finding, seen->access.pc);
    if (finding->transfer.number == transfer->number) {
        finding->accesses++;
        finding->last = finding->current;
        mark_bytes(finding, &seen->access);
    }
    return true;
}

bool findings_add_event(struct findings *findings, enum rule_id rule,
                        const struct transfer *transfer, const struct site *site,
                        struct byte_range about)
{
    const struct finding_access event = {
        .when = site->when, .pc = site->pc, .exception = site->xpsr & IPSR_MASK};
    struct finding *finding = known(findings, rule, transfer, site->pc);

    if (!finding)
        finding = begin(findings, rule, transfer, event, site);
    if (!finding)
        return false;

    count_occurrence(finding, transfer);
    finding->current = event;
    mark_place(finding, site->pc);
    if (finding->transfer.number == transfer->number) {
        finding->last = event;
        finding->about = about;
    }
    return true;
}

void findings_follow(struct findings *findings, const struct transfer *transfer)
{
    for (unsigned i = 0; i < findings_count(findings); i++) {
        struct finding *finding = &findings->slots[i].finding;

        if (finding->transfer.number == transfer->number)
            memcpy(&finding->transfer, transfer, sizeof *transfer);
    }
}
