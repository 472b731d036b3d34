/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fences: what keeps the CPU's accesses to a buffer on their side of the start and of the observed
 * end (Armv7-M Architecture Reference Manual, A3.7.3 Ordering requirements for memory accesses).
 *
 * That the object code executed here has the right order is for rule_ownership.c to say. Here the
 * question is whether anything obliges compiler and core to keep it: a DMB or DSB, or, where the
 * memory model of the Cortex-M4 is taken as given, a barrier for the compiler alone. The Armv7-M
 * model makes no difference between Normal memory and the Device memory of the start task: without
 * a barrier, neither order of two accesses to different ones of them is promised.
 *
 * A store is found among the last TRACE_RECENT_STORES; older ones are out of sight.
 */
#include "sim/check/family.h"

static bool compiler_barriers_count(const struct checker *checker)
{
    return checker_asked(checker)->memory_model == MEMORY_MODEL_CORTEX_M4;
}

/* Release: the last store into the window, and the start. The start alone is asked about: at the
 * capture of another window the CPU has gone on. */
static void opened(struct checker *checker, const struct transfer *transfer)
{
    const struct trace *trace = checker_trace(checker);
    struct recent_store store;
    struct recent_store same;

    if (transfer->direction != DMA_READS_RAM || !transfer->in_ram ||
        transfer->captured != SIM_TIME_NEVER)
        return;
    if (trace_unordered_store(trace, transfer->window, compiler_barriers_count(checker), &store))
        checker_report_release(checker, RULE_FEN001, transfer, &store,
                               !trace_unordered_store(trace, transfer->window, true, &same));
}

/* Acquire: the load that observed the end, and the first use of the window. */
static uint32_t watches_released(const struct checker *checker, enum dma_direction direction)
{
    if (!checker_rule_is_on(checker, RULE_FEN002))
        return 0;
    return direction == DMA_WRITES_RAM ? WATCH_LOADS : WATCH_STORES;
}

static void used_again(struct checker *checker, const struct transfer *transfer,
                       const struct observation *access)
{
    checker_report_acquire(checker, RULE_FEN002, transfer, access);
}

static void saw_barrier(struct checker *checker, const struct observation *seen)
{
    bool for_compiler = seen->barrier.kind == BARRIER_COMPILER;
    struct transfers *released = checker_released(checker);
    struct transfer *transfer;
    unsigned cursor = 0;

    if (seen->barrier.kind == BARRIER_ISB)
        return;
    while ((transfer = transfers_next(released, &cursor))) {
        if (for_compiler && !compiler_barriers_count(checker))
            transfer->compiler_ordered = true;
        else
            transfers_close(released, transfer);
    }
}

const struct rule_family fence_rules = {
    .opened = opened,
    .watches_released = watches_released,
    .used_again = used_again,
    .kinds = TRACE_KIND(BARRIER),
    .saw = saw_barrier,
};
