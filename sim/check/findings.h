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
    enum severity severity[RULE_COUNT];
    struct finding_slot *slots; /* plain state, one registered region */
    struct finding_slot *empty; /* its baseline: all zeros */
    uint32_t changed[FINDING_SLOTS * 2 / 32];
};

/* Registers the list with `state`. Released with findings_finish. Severities are those of the
 * catalogue; who wants others sets them afterwards. */
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

/* As findings_add_access, for the first access to a window whose end was observed without a barrier
 * since. */
bool findings_add_acquire(struct findings *findings, enum rule_id rule,
                          const struct transfer *transfer, const struct observation *seen,
                          bool compiler_ordered);

/*
 * `rule` is broken by what the CPU did at `site`, which is no access to the window; `about` as in
 * struct finding. Counts it with the finding of the same instruction and the same start, or begins
 * one; false when the list is full and it was lost.
 */
bool findings_add_event(struct findings *findings, enum rule_id rule,
                        const struct transfer *transfer, const struct site *site,
                        struct byte_range about);

/* As findings_add_event at the start of `transfer`, about the bytes of its window in `map`. */
bool findings_add_bytes(struct findings *findings, enum rule_id rule,
                        const struct transfer *transfer, const uint8_t map[EVIDENCE_BYTES / 8]);

/* `newer` was started into the window of `older`. */
bool findings_add_overlap(struct findings *findings, enum rule_id rule,
                          const struct transfer *older, const struct transfer *newer);

/* `transfer` was just started, and no barrier orders `store` before that. */
bool findings_add_release(struct findings *findings, enum rule_id rule,
                          const struct transfer *transfer, const struct recent_store *store,
                          bool compiler_ordered);

/* A register was used wrongly at `site`; counted with the finding of the same instruction and
 * register. `transfer` is the open transfer it is about, or NULL. */
bool findings_add_misuse(struct findings *findings, enum rule_id rule,
                         const struct transfer *transfer, const struct site *site,
                         const struct obs_misuse *misuse);

/* `transfer` moved on: the findings about it tell the rest of its story too. */
void findings_follow(struct findings *findings, const struct transfer *transfer);

/* ---- For the files that add findings ----------------------------------------------------------
 */

/* As findings_get, to be changed. */
struct finding *findings_at(struct findings *findings, unsigned index);

/* A new finding, not counted with anything; NULL when the list is full. `transfer` may be NULL. */
struct finding *findings_begin(struct findings *findings, enum finding_kind kind, enum rule_id rule,
                               const struct transfer *transfer, struct finding_access first,
                               const struct site *site);

/* Were both started in the same place of the program? Where hardware starts a channel again the CPU
 * is anywhere: then it is the channel that counts. */
bool findings_same_start(const struct transfer *one, const struct transfer *other);

/* A known instruction, in whatever transfer with the same start, is the same bug; else NULL. */
struct finding *findings_known(struct findings *findings, enum rule_id rule,
                               const struct transfer *transfer, guest_addr pc);

/* Counts `transfer` as an occurrence unless it is counted already. */
void finding_count(struct finding *finding, const struct transfer *transfer);

/* The place `pc` of a finding or NULL, and a further access there. */
struct finding_place *finding_place_of(struct finding *finding, guest_addr pc);
void finding_mark_place(struct finding *finding, guest_addr pc);

#endif
