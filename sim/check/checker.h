/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The race detector: sees every observation of a run, touches nothing.
 *
 * What it knows is part of the registered state, so that after a snapshot was restored its findings
 * are those of that moment.
 */
#ifndef SIM_CHECK_CHECKER_H
#define SIM_CHECK_CHECKER_H

#include "sim/check/finding.h"

struct checker;

/* Which barriers keep an access of the CPU before or behind one of EasyDMA. */
enum memory_model {
    MEMORY_MODEL_ARMV7M,    /* DMB and DSB: what the architecture asks for */
    MEMORY_MODEL_CORTEX_M4, /* recorded compiler barriers too: the core keeps the order itself */
};

/* What is made of a missing barrier. */
enum fence_findings { FENCES_WARN, FENCES_ERROR, FENCES_OFF };

/* All zero is the default. */
struct checker_options {
    rule_set rules_off; /* are not asked; 0: all rules */
    enum memory_model memory_model;
    enum fence_findings fences; /* FENCES_OFF: FEN001 and FEN002 are not asked */
    /* The memory object (variable, array) that contains `address`. NULL: nothing is known. */
    bool (*object_at)(void *owner, guest_addr address, struct byte_range *object);
    /* Whether `window`, of a transfer that was started at `site`, reaches past the end of the
     * object, or of the part of an object, that it begins in: `object`. NULL: nothing is known. */
    bool (*object_left)(void *owner, const struct site *site, struct byte_range window,
                        struct byte_range *object);
    void *object_owner;
    guest_addr main_stack_top; /* initial MSP, from the vector table; 0: not known */
};

/* What was looked at: a clean verdict is worth as much as this. Plain state. */
struct checker_counts {
    uint64_t transfers;     /* started */
    uint64_t windows;       /* of these, those that own bytes of RAM: what can be raced for */
    uint64_t bytes;         /* moved by EasyDMA */
    uint64_t accesses;      /* CPU accesses to open windows that a rule looked at */
    uint64_t barriers;      /* DMB, DSB and recorded compiler barriers the CPU executed */
    uint64_t not_followed;  /* transfers not checked: too many were open at a time */
    uint64_t findings_lost; /* accesses that broke a rule when the list of findings was full */
    uint64_t unmodelled;    /* things the firmware touched that are not modelled */
};

/*
 * Subscribes to `trace` and registers its memory with `state`; both must outlive it. To be called
 * while the machine is being set up: before it runs and before a snapshot is taken.
 *
 * options  copied; NULL: all rules.
 */
struct checker *checker_create(struct trace *trace, struct state *state,
                               const struct checker_options *options);

/* The subscription and the registration cannot be taken back: the machine must not run and no
 * snapshot may be taken or restored afterwards. */
void checker_destroy(struct checker *checker);

/* Power-on: forgets everything, findings and counts too. To be called after trace_reset. */
void checker_reset(struct checker *checker);

bool checker_rule_is_on(const struct checker *checker, enum rule_id rule);

/* How severe breaking `rule` is in this run. Findings carry it too. */
enum severity checker_severity(const struct checker *checker, enum rule_id rule);

/* The findings in order of first occurrence. Owned by the checker, valid until the machine runs
 * on or is restored. */
unsigned checker_finding_count(const struct checker *checker);
const struct finding *checker_finding(const struct checker *checker, unsigned index);

/*
 * Another run has shown that bytes of `transfer` were never initialised and reached the host
 * (BUF005). `map`: bit n is byte n of the window, as far as the evidence goes.
 */
void checker_add_uninitialised(struct checker *checker, const struct transfer *transfer,
                               const uint8_t map[EVIDENCE_BYTES / 8]);

/* Another run has shown where the CPU was at the store that finding `index`, a RELEASE, is about.
 */
void checker_tell_store(struct checker *checker, unsigned index, const struct site *site);

const struct checker_counts *checker_counted(const struct checker *checker);

#endif
