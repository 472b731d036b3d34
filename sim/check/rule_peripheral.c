/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Peripheral rules: what a manual forbids. The models notice it (sim/core/misuse.def); here each
 * kind becomes a rule, and the instruction that is guilty of it is found.
 */
#include "sim/check/family.h"

#include "sim/base/compiler.h"

#include <string.h>

/* Which instruction did it. */
enum culprit {
    CULPRIT_CURRENT, /* the one the CPU is at */
    CULPRIT_START,   /* the start of the transfer: it is noticed while EasyDMA works */
    CULPRIT_CAUSE,   /* the one that was reported as the cause */
    CULPRIT_KNOWN,   /* another family asks the question itself */
};

static const struct {
    enum rule_id rule;
    enum culprit culprit;
} rows[] = {
    [MISUSE_WRITE_READ_ONLY] = {RULE_PER005, CULPRIT_CURRENT},
    [MISUSE_RESERVED_BITS] = {RULE_PER005, CULPRIT_CURRENT},
    [MISUSE_NOT_READY] = {RULE_PER004, CULPRIT_CURRENT},
    [MISUSE_READ_NOT_READY] = {RULE_PER016, CULPRIT_CURRENT},
    [MISUSE_DISABLED] = {RULE_PER004, CULPRIT_CURRENT},
    [MISUSE_NO_HFXO] = {RULE_PER004, CULPRIT_CAUSE},
    [MISUSE_NO_VBUS] = {RULE_PER004, CULPRIT_CURRENT},
    [MISUSE_DMA_BUSY] = {RULE_PER001, CULPRIT_CURRENT},
    [MISUSE_DMA_OUTSIDE_RAM] = {RULE_BUF001, CULPRIT_KNOWN},
    [MISUSE_DMA_TOO_LONG] = {RULE_BUF006, CULPRIT_KNOWN},
    [MISUSE_DMA_OVER_HALF] = {RULE_BUF006, CULPRIT_START},
    [MISUSE_DMA_OVERTAKEN] = {RULE_USB008, CULPRIT_START},
    [MISUSE_DMA_DESCRIPTOR] = {RULE_PER002, CULPRIT_CURRENT},
    [MISUSE_DMA_REGISTER] = {RULE_PER003, CULPRIT_CURRENT},
    [MISUSE_DMA_LATCH] = {RULE_PER006, CULPRIT_CURRENT},
    [MISUSE_DISABLED_IN_FLIGHT] = {RULE_PER010, CULPRIT_CURRENT},
    [MISUSE_IN_OVERWRITTEN] = {RULE_PER007, CULPRIT_CURRENT},
    [MISUSE_OUT_DISCARDED] = {RULE_PER008, CULPRIT_CURRENT},
    [MISUSE_SIZE_MISMATCH] = {RULE_PER009, CULPRIT_START},
    [MISUSE_STATUS_TWICE] = {RULE_PER012, CULPRIT_CURRENT},
    [MISUSE_RUNNING] = {RULE_PER017, CULPRIT_CURRENT},
    [MISUSE_FLASH_WRITE] = {RULE_PER013, CULPRIT_CURRENT},
    [MISUSE_STALE_EVENT] = {RULE_PER011, CULPRIT_CURRENT},
    [MISUSE_W1C_MODIFIED] = {RULE_PER015, CULPRIT_CURRENT},
    [MISUSE_EVENT_CLEARED] = {RULE_PER014, CULPRIT_CURRENT},
    [MISUSE_NOTICE_CLEARED] = {RULE_USB001, CULPRIT_CURRENT},
    [MISUSE_NOTHING_TO_FETCH] = {RULE_USB002, CULPRIT_CURRENT},
    [MISUSE_ANSWER_TOO_LONG] = {RULE_USB003, CULPRIT_CURRENT},
    [MISUSE_STATUS_EARLY] = {RULE_USB004, CULPRIT_CURRENT},
    [MISUSE_ODD_BYTES] = {RULE_USB007, CULPRIT_CURRENT},
    [MISUSE_PACKET_LEFT] = {RULE_USB005, CULPRIT_KNOWN},
    [MISUSE_CONTROL_LEFT] = {RULE_USB006, CULPRIT_KNOWN},
};

_Static_assert(ARRAY_LENGTH(rows) == MISUSE_COUNT, "each misuse belongs to a rule");

/* Where the latest cause of something lies that does harm later. Plain state. */
struct cause_memory {
    uint32_t misuse; /* enum misuse + 1; 0: there was none */
    uint32_t unused;
    struct site site;
};

static void keep_cause(struct checker *checker, const struct obs_misuse *misuse)
{
    struct cause_memory *memory = checker_change_memory(checker, &peripheral_rules);

    memory->misuse = (uint32_t)misuse->misuse + 1;
    trace_site(checker_trace(checker), &memory->site);
}

static void find_site(struct checker *checker, const struct obs_misuse *misuse, struct site *site)
{
    const struct transfer *transfer = transfers_find(checker_transfers(checker), misuse->transfer);
    const struct cause_memory *cause = checker_memory(checker, &peripheral_rules);
    enum culprit culprit = rows[misuse->misuse].culprit;

    if (culprit == CULPRIT_START && transfer)
        memcpy(site, &transfer->start, sizeof *site);
    else if (culprit == CULPRIT_CAUSE && cause->misuse == (uint32_t)misuse->misuse + 1)
        memcpy(site, &cause->site, sizeof *site);
    else
        trace_site(checker_trace(checker), site);
}

static void saw_misuse(struct checker *checker, const struct observation *seen)
{
    const struct obs_misuse *misuse = &seen->misuse;
    enum rule_id rule = rows[misuse->misuse].rule;
    struct site site;

    if (rows[misuse->misuse].culprit == CULPRIT_KNOWN || !checker_rule_is_on(checker, rule))
        return;
    if (misuse->is_cause) {
        keep_cause(checker, misuse);
        return;
    }
    find_site(checker, misuse, &site);
    checker_report_misuse(checker, rule, &site, misuse);
}

const struct rule_family peripheral_rules = {.kinds = TRACE_KIND(MISUSE),
                                             .saw = saw_misuse,
                                             .memory_name = "check.causes",
                                             .memory_size = sizeof(struct cause_memory)};
