/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a family of rules (one rule_*.c file) plugs into the checker.
 *
 * A new family is a file with one `const struct rule_family`, its declaration below, its place in
 * the list in checker.c, and its rows in rules.def. A family asks questions about what it is shown
 * and reports; it cannot touch the machine.
 */
#ifndef SIM_CHECK_FAMILY_H
#define SIM_CHECK_FAMILY_H

#include "sim/check/checker.h"

/* What is NULL or 0 a family has no use for. */
struct rule_family {
    /* Which accesses (enum watch_kind, or-ed) to the open windows of such transfers the rules that
     * are on want to see. */
    uint32_t (*watches)(const struct checker *checker, enum dma_direction direction);
    /* The CPU accessed (OBS_CPU_STORE or OBS_CPU_LOAD) at least a byte of an open window. */
    void (*accessed)(struct checker *checker, const struct transfer *transfer,
                     const struct observation *access);
    /* The window of `transfer` became known: at its start, and again when EasyDMA captured another
     * one. The CPU is at the instruction that started it, the second time anywhere. */
    void (*opened)(struct checker *checker, const struct transfer *transfer);
    /* Ownership of the window ended; `transfer` says how. It is gone afterwards. */
    void (*released)(struct checker *checker, const struct transfer *transfer);
    /* The same as `watches`, for windows whose end was observed, until the channel or the window is
     * used again. */
    uint32_t (*watches_released)(const struct checker *checker, enum dma_direction direction);
    /* The CPU made its first access to such a window. It is not watched any more afterwards. */
    void (*used_again)(struct checker *checker, const struct transfer *transfer,
                       const struct observation *access);
    /* Observations it wants besides (TRACE_KIND(...) | ...), shown after the table of open
     * transfers has taken note of them. */
    uint32_t kinds;
    void (*saw)(struct checker *checker, const struct observation *seen);
    /* Memory of its own, `memory_size` bytes of plain state, zero at power-on: checker_memory. */
    const char *memory_name; /* "check.X" */
    size_t memory_size;
};

extern const struct rule_family ownership_rules;
extern const struct rule_family fence_rules;
extern const struct rule_family peripheral_rules;
extern const struct rule_family buffer_rules;
extern const struct rule_family stack_rules;
extern const struct rule_family heap_rules;
extern const struct rule_family turn_rules;

/* The memory of `family`: to look at, and to change. Snapshots are the larger for it only from the
 * first change on. */
const void *checker_memory(struct checker *checker, const struct rule_family *family);
void *checker_change_memory(struct checker *checker, const struct rule_family *family);

/* What all families share. */
struct transfers *checker_transfers(struct checker *checker);
struct transfers *checker_released(struct checker *checker);
struct trace *checker_trace(struct checker *checker);
const struct checker_options *checker_asked(const struct checker *checker);

/* `rule`, if it is on, is broken by an access to the window of `transfer`. */
void checker_report_access(struct checker *checker, enum rule_id rule,
                           const struct transfer *transfer, const struct observation *access);

/*
 * `rule`, if it is on, is broken by something that is no access to the window.
 *
 * site   the CPU at the guilty instruction; NULL: the start of the transfer is guilty itself.
 * about  the bytes it is about: a memory object, a heap block, a part of the stack; else empty.
 */
void checker_report(struct checker *checker, enum rule_id rule, const struct transfer *transfer,
                    const struct site *site, struct byte_range about);

/* `rule`, if it is on, is broken by the start of `newer` into the open window of `older`. */
void checker_report_overlap(struct checker *checker, enum rule_id rule,
                            const struct transfer *older, const struct transfer *newer);

/* `rule`, if it is on, is broken: no barrier between `store` and the start of `transfer`. */
void checker_report_release(struct checker *checker, enum rule_id rule,
                            const struct transfer *transfer, const struct recent_store *store,
                            bool compiler_ordered);

/* `rule`, if it is on, is broken: no barrier between the load that observed the end of `transfer`
 * and this first access to its window. */
void checker_report_acquire(struct checker *checker, enum rule_id rule,
                            const struct transfer *transfer, const struct observation *access);

/* `rule`, if it is on, is broken by a misuse at `site`. */
void checker_report_misuse(struct checker *checker, enum rule_id rule, const struct site *site,
                           const struct obs_misuse *misuse);

#endif
