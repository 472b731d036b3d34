/* SPDX-License-Identifier: Apache-2.0 */
/* The list of findings, inside sim/check: what belongs to one bug is decided here. */
#ifndef SIM_CHECK_FINDINGS_H
#define SIM_CHECK_FINDINGS_H

#include "sim/check/finding.h"

/* Distinct bugs kept in full; more are only counted. Each takes two snapshot pages. */
enum { FINDING_SLOTS = 64 };

struct finding_slot;

struct findings {
    struct trace *trace;
    struct finding_slot *slots; /* plain state, one registered region */
    struct finding_slot *empty; /* its baseline: all zeros */
    uint32_t changed[FINDING_SLOTS * 2 / 32];
};

/* Registers the list with `state`. Released with findings_finish. */
void findings_init(struct findings *findings, struct trace *trace, struct state *state);
void findings_finish(struct findings *findings);

/* Empties the list. */
void findings_forget(struct findings *findings);

unsigned findings_count(const struct findings *findings);
const struct finding *findings_get(const struct findings *findings, unsigned index);

/*
 * `rule` is broken by the CPU access `seen` to the window of `transfer`. Extends the finding the
 * access belongs to, or begins one; false when the list is full and it was lost.
 */
bool findings_add_access(struct findings *findings, enum rule_id rule,
                         const struct transfer *transfer, const struct observation *seen);

/*
 * `rule` is broken by what the CPU did at `site`, which is no access to the window; `about` as in
 * struct finding. Counts it with the finding of the same instruction and the same start, or begins
 * one; false when the list is full and it was lost.
 */
bool findings_add_event(struct findings *findings, enum rule_id rule,
                        const struct transfer *transfer, const struct site *site,
                        struct byte_range about);

/* `transfer` moved on: the findings about it tell the rest of its story too. */
void findings_follow(struct findings *findings, const struct transfer *transfer);

#endif
