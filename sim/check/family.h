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

struct rule_family {
    /* Which accesses (enum watch_kind, or-ed) to the open windows of such transfers the rules that
     * are on want to see. */
    uint32_t (*watches)(const struct checker *checker, enum dma_direction direction);
    /* The CPU accessed (OBS_CPU_STORE or OBS_CPU_LOAD) at least a byte of an open window. */
    void (*accessed)(struct checker *checker, const struct transfer *transfer,
                     const struct observation *access);
};

extern const struct rule_family ownership_rules;

/* `rule`, if it is on, is broken by an access to the window of `transfer`. */
void checker_report_access(struct checker *checker, enum rule_id rule,
                           const struct transfer *transfer, const struct observation *access);

#endif
