/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/check/findings.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"

#include <assert.h>
#include <string.h>

enum { FINDING_PAGES = 2, IPSR_MASK = 0x1ff };

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
    for (unsigned rule = 0; rule < RULE_COUNT; rule++)
        findings->severity[rule] = rule_describe((enum rule_id)rule)->severity;
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

struct finding *findings_at(struct findings *findings, unsigned index)
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

struct finding_place *finding_place_of(struct finding *finding, guest_addr pc)
{
    for (uint32_t i = 0; i < finding->places; i++) {
        if (finding->place[i].pc == pc)
            return &finding->place[i];
    }
    return NULL;
}

bool findings_same_start(const struct transfer *one, const struct transfer *other)
{
    bool by_hardware = one->trigger != DMA_BY_CPU || other->trigger != DMA_BY_CPU;

    return one->start.pc == other->start.pc || (by_hardware && one->channel == other->channel);
}

struct finding *findings_known(struct findings *findings, enum rule_id rule,
                               const struct transfer *transfer, guest_addr pc)
{
    for (unsigned i = 0; i < findings_count(findings); i++) {
        struct finding *finding = &findings->slots[i].finding;

        if (finding->rule == (uint32_t)rule && findings_same_start(&finding->transfer, transfer) &&
            finding_place_of(finding, pc))
            return finding;
    }
    return NULL;
}

struct finding *findings_begin(struct findings *findings, enum finding_kind kind, enum rule_id rule,
                               const struct transfer *transfer, struct finding_access first,
                               const struct site *site)
{
    struct finding *finding = take_slot(findings);

    if (!finding)
        return NULL;
    finding->rule = (uint32_t)rule;
    finding->kind = (uint32_t)kind;
    finding->severity = (uint32_t)findings->severity[rule];
    finding->occurrences = 1;
    finding->first = first;
    finding->touched_low = UINT32_MAX;
    memcpy(&finding->site, site, sizeof *site);
    if (transfer) {
        finding->latest = transfer->number;
        finding->moved_before = transfer->moved;
        memcpy(&finding->transfer, transfer, sizeof *transfer);
    }
    return finding;
}

void finding_mark_place(struct finding *finding, guest_addr pc)
{
    struct finding_place *place = finding_place_of(finding, pc);

    if (!place && finding->places < FINDING_PLACES) {
        place = &finding->place[finding->places++];
        place->pc = pc;
    }
    if (place)
        place->accesses++;
}

void finding_count(struct finding *finding, const struct transfer *transfer)
{
    if (finding->latest != transfer->number) {
        finding->latest = transfer->number;
        finding->occurrences++;
    }
}

/* What the CPU did at `site`, when that is no access to the window. */
static struct finding_access event_at(const struct site *site)
{
    return (struct finding_access){
        .when = site->when, .pc = site->pc, .exception = site->xpsr & IPSR_MASK};
}

bool findings_add_event(struct findings *findings, enum rule_id rule,
                        const struct transfer *transfer, const struct site *site,
                        struct byte_range about)
{
    const struct finding_access event = event_at(site);
    struct finding *finding = findings_known(findings, rule, transfer, site->pc);

    if (!finding)
        finding = findings_begin(findings, FINDING_EVENT, rule, transfer, event, site);
    if (!finding)
        return false;

    finding_count(finding, transfer);
    finding->current = event;
    finding_mark_place(finding, site->pc);
    if (finding->transfer.number == transfer->number) {
        finding->last = event;
        finding->about = about;
    }
    return true;
}

bool findings_add_bytes(struct findings *findings, enum rule_id rule,
                        const struct transfer *transfer, const uint8_t map[EVIDENCE_BYTES / 8])
{
    struct finding *finding;

    if (!findings_add_event(findings, rule, transfer, &transfer->start, (struct byte_range){0, 0}))
        return false;
    finding = findings_known(findings, rule, transfer, transfer->start.pc);
    if (finding->transfer.number != transfer->number)
        return true; /* a repeat: the evidence is that of the first time */
    memcpy(finding->touched_map, map, sizeof finding->touched_map);
    for (uint32_t i = 0; i < EVIDENCE_BYTES; i++) {
        if (!finding_touched(finding, i))
            continue;
        finding->touched_low = i < finding->touched_low ? i : finding->touched_low;
        finding->touched_high = i;
    }
    finding->about = (struct byte_range){transfer->window.start + finding->touched_low,
                                         finding->touched_high - finding->touched_low + 1};
    return true;
}

bool findings_add_overlap(struct findings *findings, enum rule_id rule,
                          const struct transfer *older, const struct transfer *newer)
{
    const struct finding_access event = event_at(&newer->start);
    struct finding *finding = findings_known(findings, rule, older, newer->start.pc);

    if (!finding)
        finding = findings_begin(findings, FINDING_OVERLAP, rule, older, event, &newer->start);
    if (!finding)
        return false;

    finding_count(finding, older);
    finding->current = event;
    finding_mark_place(finding, event.pc);
    if (finding->transfer.number == older->number) {
        finding->last = event;
        finding->rival = (struct finding_rival){.opened = newer->opened,
                                                .number = newer->number,
                                                .window = newer->window,
                                                .channel = newer->channel,
                                                .direction = newer->direction,
                                                .trigger = newer->trigger};
    }
    return true;
}

/* One missing barrier is one bug, whichever instruction was the last that stored. */
static struct finding *known_release(struct findings *findings, enum rule_id rule,
                                     const struct transfer *transfer)
{
    for (unsigned i = 0; i < findings_count(findings); i++) {
        struct finding *finding = &findings->slots[i].finding;

        if (finding->rule == (uint32_t)rule && findings_same_start(&finding->transfer, transfer) &&
            finding->transfer.channel == transfer->channel)
            return finding;
    }
    return NULL;
}

bool findings_add_release(struct findings *findings, enum rule_id rule,
                          const struct transfer *transfer, const struct recent_store *store,
                          bool compiler_ordered)
{
    const struct finding_access first = {
        .when = transfer->opened, .pc = store->pc, .address = store->address, .size = store->size};
    const struct site site = {.when = transfer->opened, .pc = store->pc};
    struct finding *finding = known_release(findings, rule, transfer);

    if (!finding)
        finding = findings_begin(findings, FINDING_RELEASE, rule, transfer, first, &site);
    if (!finding)
        return false;

    finding_count(finding, transfer);
    finding->current = first;
    finding_mark_place(finding, store->pc);
    if (finding->transfer.number == transfer->number) {
        finding->accesses = 1;
        finding->last = first;
        finding->compiler_ordered = compiler_ordered;
    }
    return true;
}

/* What a shortcut or the PPI did is not the fault of the instruction that was under way. */
static struct finding *known_misuse(struct findings *findings, enum rule_id rule,
                                    const struct obs_misuse *misuse, guest_addr pc)
{
    for (unsigned i = 0; i < findings_count(findings); i++) {
        struct finding *finding = &findings->slots[i].finding;

        if (finding->rule == (uint32_t)rule && finding->misuse.address == misuse->address &&
            finding->misuse.trigger == (uint32_t)misuse->trigger &&
            (misuse->trigger != DMA_BY_CPU || finding_place_of(finding, pc)))
            return finding;
    }
    return NULL;
}

bool findings_add_misuse(struct findings *findings, enum rule_id rule,
                         const struct transfer *transfer, const struct site *site,
                         const struct obs_misuse *misuse)
{
    const struct finding_access event = event_at(site);
    struct finding *finding = known_misuse(findings, rule, misuse, site->pc);

    if (finding) {
        finding->occurrences++;
    } else {
        finding = findings_begin(findings, FINDING_MISUSE, rule, transfer, event, site);
        if (!finding)
            return false;
        finding->last = event;
        finding->misuse = (struct finding_misuse){.misuse = (uint32_t)misuse->misuse,
                                                  .address = misuse->address,
                                                  .value = misuse->value,
                                                  .transfer = misuse->transfer,
                                                  .trigger = (uint32_t)misuse->trigger};
    }
    finding->current = event;
    finding_mark_place(finding, site->pc);
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
