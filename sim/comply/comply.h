/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compliance run: does a device do what USB 2.0, chapter 9 demands of every device?
 *
 * Each case is a conversation (docs/host-language.md) written for the descriptors the device has,
 * and begins in one of the states of chapter 9.1. The device is brought to each state once; from
 * there every case starts with a snapshot, so no case can spoil another.
 *
 *     comply_create  ->  comply_run  ->  comply_print, comply_emit_junit, comply_emit_json
 */
#ifndef SIM_COMPLY_COMPLY_H
#define SIM_COMPLY_COMPLY_H

#include "sim/base/text.h"
#include "sim/usb/host.h"

/* The states in which a case can begin (USB 2.0, 9.1.1). */
enum comply_state {
    COMPLY_ATTACHED,   /* debounced, not reset yet */
    COMPLY_DEFAULT,    /* reset, address 0 */
    COMPLY_ADDRESS,    /* address 1 */
    COMPLY_CONFIGURED, /* in its first configuration */
    COMPLY_STATES,
};

enum comply_verdict {
    COMPLY_MISSING, /* no result: as bad as a failure */
    COMPLY_PASSED,
    COMPLY_FAILED,
    COMPLY_NOT_APPLICABLE, /* the device has nothing that could be tested; the reason says what */
    COMPLY_VERDICTS,
};

/*
 * Where the host and its device live. All functions get `owner`.
 */
struct comply_world {
    struct host *host; /* with HOST_MANUAL, just powered on */
    void *owner;
    /* Lets time pass until the host's outcome is not HOST_BUSY, or for `limit`. Returns NULL, or
     * why the device's own story has ended: "HardFault". The string lives until the next call. */
    const char *(*run)(void *owner, sim_time limit);
    /* Keeps everything as it is now; goes back to it. */
    void (*save)(void *owner, enum comply_state state);
    void (*restore)(void *owner, enum comply_state state);
    /* What else was wrong since the last restore, apart from the conversation: a sentence, or NULL.
     * May be NULL. */
    const char *(*complaint)(void *owner);
};

struct comply_case;

struct comply_result {
    const struct comply_case *subject;
    enum comply_verdict verdict;
    bool selected;     /* false: not asked for, and without a result */
    char *reason;      /* one sentence; NULL for a case that passed */
    char *text;        /* the conversation; NULL for cases about descriptors only */
    sim_time duration; /* virtual */
};

struct comply;

struct comply *comply_create(const struct comply_world *world);
void comply_destroy(struct comply *comply);

/* Which cases are wanted: those whose name fits one of the patterns (sim/base/glob.h). Returns
 * false when none does. Without a call: all. */
bool comply_select(struct comply *comply, const char *pattern);

/* Which are not, behind all calls of comply_select. Returns false when no name fits. */
bool comply_leave_out(struct comply *comply, const char *pattern);

bool comply_any_selected(const struct comply *comply);

/*
 * Does all selected cases. `progress` is called before each of them, and once behind the last with
 * NULL; it may be NULL.
 */
void comply_run(struct comply *comply,
                void (*progress)(void *owner, const struct comply_case *subject, unsigned done,
                                 unsigned all),
                void *owner);

unsigned comply_count(const struct comply *comply);
const struct comply_result *comply_result(const struct comply *comply, unsigned index);

/* How many selected cases have this verdict. */
unsigned comply_tally(const struct comply *comply, enum comply_verdict verdict);

/* No selected case failed or has no result. */
bool comply_passed(const struct comply *comply);

/* ---- Cases ---- */

/* The cases one after the other; NULL behind the last. */
const struct comply_case *comply_case_at(unsigned index);
const char *comply_case_name(const struct comply_case *subject);
const char *comply_case_clause(const struct comply_case *subject); /* "9.4.5" */
const char *comply_case_title(const struct comply_case *subject);
const char *comply_case_group(const struct comply_case *subject);
/* Numbers of Linux's usbtest that test the same, "11, 12"; "" if none does. */
const char *comply_case_usbtest(const struct comply_case *subject);
enum comply_state comply_case_state(const struct comply_case *subject);

const char *comply_state_name(enum comply_state state);       /* "Address" */
const char *comply_verdict_name(enum comply_verdict verdict); /* "pass" */

/* ---- Reports ---- */

/* The table: a line for each selected case, and reasons. */
void comply_print(struct text *text, const struct comply *comply, bool colour);

/* The conversation of a result, as a file that brings the device to the state by itself. */
void comply_print_conversation(struct text *text, const struct comply *comply,
                               const struct comply_result *result);

/* All cases with their clauses, without results. */
void comply_print_cases(struct text *text);

void comply_emit_junit(struct text *text, const struct comply *comply, const char *subject);
void comply_emit_json(struct text *text, const struct comply *comply, const char *subject);

#endif
