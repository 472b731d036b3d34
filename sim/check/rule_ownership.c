/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ownership: a byte of an open window belongs to the engine. The CPU must not use it, and no other
 * transfer either, unless both only read.
 *
 * The question is never whether this run went well: the byte may have been moved long before, and
 * the store may not have changed it.
 */
#include "sim/check/family.h"

#include "sim/base/compiler.h"

#include <string.h>

static const struct {
    enum rule_id rule;
    enum dma_direction direction; /* transfers it is about */
    enum observation_kind access; /* what the CPU must not do */
    enum watch_kind watch;        /* how to see that */
} rows[] = {
    {RULE_DMA001, DMA_READS_RAM, OBS_CPU_STORE, WATCH_STORES},
    {RULE_DMA002, DMA_WRITES_RAM, OBS_CPU_LOAD, WATCH_LOADS},
    {RULE_DMA003, DMA_WRITES_RAM, OBS_CPU_STORE, WATCH_STORES},
};

static uint32_t watches(const struct checker *checker, enum dma_direction direction)
{
    uint32_t kinds = 0;

    for (unsigned i = 0; i < ARRAY_LENGTH(rows); i++) {
        if (rows[i].direction == direction && checker_rule_is_on(checker, rows[i].rule))
            kinds |= (uint32_t)rows[i].watch;
    }
    return kinds;
}

static void accessed(struct checker *checker, const struct transfer *transfer,
                     const struct observation *access)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(rows); i++) {
        if (rows[i].direction == (enum dma_direction)transfer->direction &&
            rows[i].access == access->kind)
            checker_report_access(checker, rows[i].rule, transfer, access);
    }
}

static bool one_writes(const struct transfer *one, const struct transfer *two)
{
    return one->direction == DMA_WRITES_RAM || two->direction == DMA_WRITES_RAM;
}

static bool same_block(struct checker *checker, const struct transfer *one,
                       const struct transfer *two)
{
    const struct trace *trace = checker_trace(checker);

    return !strcmp(trace_channel(trace, one->channel)->block,
                   trace_channel(trace, two->channel)->block);
}

/*
 * A serial master keeps the two directions apart by itself. Started by one task, each byte is sent
 * before the one that is received in its stead is complete. Started by a shortcut of the block, the
 * second direction begins when all of the first has been read. A cipher (chained channels of one
 * block) writes what it has read before.
 */
static bool in_place(struct checker *checker, const struct transfer *one,
                     const struct transfer *two)
{
    const struct transfer *read = one->direction == DMA_READS_RAM ? one : two;
    const struct transfer *written = read == one ? two : one;

    if (one->direction == two->direction || !same_block(checker, one, two))
        return false;
    if (read->opened == written->opened || (read->chained && written->chained))
        return written->window.start <= read->window.start;
    return read->opened < written->opened && written->trigger == DMA_BY_SHORTCUT;
}

/* RADIO with CCM or AAR on the fly: one works its way through the packet behind the other. */
static bool chained(struct checker *checker, const struct transfer *one, const struct transfer *two)
{
    return one->chained && two->chained && !same_block(checker, one, two);
}

static bool collide(struct checker *checker, const struct transfer *one, const struct transfer *two)
{
    if (one->channel == two->channel) /* they come one after the other, seen by the CPU or not */
        return false;
    return one->in_ram && two->in_ram && one_writes(one, two) &&
           ranges_overlap(one->window, two->window) && !in_place(checker, one, two) &&
           !chained(checker, one, two);
}

static void opened(struct checker *checker, const struct transfer *transfer)
{
    const struct transfer *other;
    unsigned cursor = 0;

    while ((other = transfers_next(checker_transfers(checker), &cursor))) {
        bool came_first = other->number < transfer->number;

        if (collide(checker, other, transfer))
            checker_report_overlap(checker, RULE_DMA004, came_first ? other : transfer,
                                   came_first ? transfer : other);
    }
}

const struct rule_family ownership_rules = {
    .watches = watches, .accessed = accessed, .opened = opened};
