/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ownership: a byte of an open window belongs to the engine, and the CPU must not use it.
 *
 * The question is never whether this run went well: the byte may have been moved long before, and
 * the store may not have changed it.
 */
#include "sim/check/family.h"

#include "sim/base/compiler.h"

static const struct {
    enum rule_id rule;
    enum dma_direction direction; /* transfers it is about */
    enum observation_kind access; /* what the CPU must not do */
    enum watch_kind watch;        /* how to see that */
} rows[] = {
    {RULE_DMA001, DMA_READS_RAM, OBS_CPU_STORE, WATCH_STORES},
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

const struct rule_family ownership_rules = {.watches = watches, .accessed = accessed};
