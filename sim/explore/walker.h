/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine that runs from one decision to the next.
 *
 * Whatever has a time of its own - a step of EasyDMA, the host's next token, an interrupt - is
 * postponed when it is asked for. It happens at the latest moment its bounds allow, unless somebody
 * decides earlier. The walker stops behind every access of the CPU that something postponed could
 * conflict with, and when the CPU sleeps: these are the decisions, and their branches are what may
 * happen now, or nothing.
 *
 * Between two such accesses it makes no difference when a thing happens, so one representative
 * stands for all instants (docs/explore.md).
 */
#ifndef SIM_EXPLORE_WALKER_H
#define SIM_EXPLORE_WALKER_H

#include "sim/check/checker.h"
#include "sim/explore/checked.h"
#include "sim/explore/keep.h"
#include "sim/explore/plan.h"
#include "sim/explore/sharing.h"

enum { RETRO_VALUES = 6 };

enum branch_kind {
    BRANCH_WAIT,      /* nothing happens before the next decision */
    BRANCH_DMA,       /* EasyDMA goes on, through the word at `through` or to its end (0) */
    BRANCH_HOST,      /* the host does the next thing */
    BRANCH_INTERRUPT, /* the pending interrupt is recognised */
};

/* What may happen at a decision. Plain data. */
struct branch {
    uint16_t kind;     /* enum branch_kind */
    uint16_t instance; /* DMA: channel; HOST: HOST_NOW, or so many places of a frame later */
    guest_addr through;
};

enum { HOST_NOW, FRAME_PLACES = 2 /* where nothing else is said */ };

enum { BRANCHES_MAX = 24, FORCED_MAX = 12, LOG_MAX = 8192, RETRO_MAX = 1024 };

/* A question that was answered as usual and could be answered otherwise: ties, turns of the host,
 * what is as fast or as slow as allowed. */
struct retro {
    uint32_t number;
    uint32_t others; /* bit n: `value` n is one */
    uint32_t value[RETRO_VALUES];
};

enum walk_end {
    WALK_DECISION, /* it is not over */
    WALK_CLEAN,    /* the conversation, or the window, reached its end */
    WALK_FINDING,
    WALK_ANSWER, /* the host received something else than in the reference run */
    WALK_FAULT,
    WALK_EXIT, /* non-zero exit code */
    WALK_HOST_FAILED,
    WALK_TIMEOUT,
    WALK_ASLEEP,
    WALK_OFF,
    WALK_HANG, /* nothing leads on from here, or a control transfer made no progress for too long */
    WALK_ENDS,
};

/* Why the host was answered otherwise. */
enum answer_reason {
    ANSWER_OTHER,
    ANSWER_GIVEN_UP /* it was NAKed until it gave the request up */
};

/* How far postponed things can still wait; more allows all that less does. */
struct slack {
    uint32_t dma;
    uint32_t host;
    uint32_t interrupt;
    uint32_t unready; /* cycles until the host may send; less is more */
};

/* Where a walk came to. Plain data, may lie in shared memory. */
struct walk {
    uint32_t end;        /* enum walk_end */
    uint32_t rule;       /* FINDING: of the first error */
    guest_addr pc;       /* FINDING: of the guilty access; else where the CPU was */
    guest_addr function; /* end: that `pc` is in, or `pc` */
    uint64_t reason;     /* ANSWER: enum answer_reason; no end, host gives up: what the host says or
                            waits     for, as a fingerprint; else 0 */
    guest_addr at; /* decision: the access behind which it is made (its PC); 0: the CPU sleeps */
    uint64_t key;  /* of the state, with what the host has received; end: class */
    uint64_t wire; /* fingerprint of what the host has received */
    sim_time when;
    sim_time failed; /* when it became a failure */
    struct slack slack;
    uint32_t branches;
    struct branch branch[BRANCHES_MAX];
    double raw;    /* instants of time that this step stands for */
    uint32_t kept; /* bytes of the kept state; 0: it did not fit */
    uint32_t retros;
    struct retro retro[RETRO_MAX];
    uint32_t lost;    /* questions that did not fit there, branches that did not fit above */
    uint32_t strayed; /* replay: answers that went beyond the bounds */
    uint32_t answers;
    uint32_t overflow; /* answers that did not fit: the walk cannot be replayed */
    struct choice_answer answer[LOG_MAX]; /* in the order they were given; a later one replaces */
};

struct walk_bounds {
    uint32_t interrupt_delay; /* instructions between request and recognition */
    uint32_t rounds;          /* decisions at one instruction while nothing happens */
    uint32_t deviations;      /* of the host, other than its next token as usual */
    uint32_t
        preemptions;   /* where `bounded`: how often something may come between two accesses of
                          the running CPU; else it comes while the CPU sleeps, or at its latest */
    uint32_t patience; /* frames a control transfer may make no progress; 0: as the host likes */
    uint32_t places;   /* of a frame, evenly spaced, at which a token that is waited for comes when
                          one found no room: 1 to 16; 0: FRAME_PLACES */
    bool bounded;      /* the number of pre-emptions is */
    bool ties;         /* events of one instant are handled in any order */
    bool any_answer;   /* the host may be answered otherwise than in the usual run */
    bool whole;        /* findings and other answers do not end a walk */
    bool host_waits;   /* the host's tokens are not explored: as usual */
};

struct walker;

struct walker_options {
    struct walk_bounds bounds;
    const char *from;    /* function at whose entry exploring begins; NULL: at power-on */
    const char *to;      /* function at whose entry (after from) a walk ends; NULL: as a run ends */
    bool to_returns;     /* at its return instead */
    uint32_t from_count; /* which entry of `from`; 0: the first */
    const struct checked_options *checked; /* NULL: all rules, heap functions with known names */
    /* Whether a finding of severity error is a failure; NULL: it is. Asked once for each rule and
     * place, in any process. */
    bool (*counts)(void *owner, struct machine *machine, const struct finding *finding);
    void *counts_owner;
};

/* `known` is read, `learned` is added to. Both, and `plan`, outlive the walker. */
MUST_CHECK enum status walker_create(struct walker **walker, const struct plan *plan,
                                     const struct walker_options *options,
                                     const struct sharing *known, struct sharing *learned,
                                     struct failure *failure);
void walker_destroy(struct walker *walker);

/* Goes from power-on to where exploring begins, and makes that the root. False: the run ended
 * before; `walk` says how. */
bool walker_begin(struct walker *walker, struct walk *walk);

/* Runs from the root to the end as usual, and remembers the answers as reference. */
void walker_reference(struct walker *walker, struct walk *walk);

/*
 * From the state `kept` (NULL: the root) takes `branch` and goes on to the next decision or the
 * end. `forced` questions are answered so. The new state is copied to `bytes` (`room`; may be 0).
 */
void walker_step(struct walker *walker, const uint8_t *kept, const struct branch *branch,
                 const struct choice_answer *forced, unsigned forced_count, uint8_t *bytes,
                 size_t room, struct walk *walk);

/* As walker_step, from where the machine is. */
void walker_go_on(struct walker *walker, const struct branch *branch, uint8_t *bytes, size_t room,
                  struct walk *walk);

/* From now on the host deviates by chance, within the bound, and other things that are not decided
 * about are otherwise than usual; the chances are those of `seed`. 0: all is as usual again. */
void walker_take_chances(struct walker *walker, uint64_t seed);

/* From the root to the end with `answers` (ascending) and everything else as usual. */
void walker_replay(struct walker *walker, const struct choice_answer *answers, uint32_t count,
                   struct walk *walk);

/* What the question that the latest replay was given answer `index` to is usually answered. */
uint32_t walker_usual(const struct walker *walker, uint32_t index);

/* Tells `story` what it sees from now on; NULL: nobody. */
struct story;
void walker_tell(struct walker *walker, struct story *story);

/* Back to a kept state (NULL: the root). */
void walker_restore(struct walker *walker, const uint8_t *kept);

struct machine *walker_machine(struct walker *walker);
struct checker *walker_checker(struct walker *walker);

const char *walk_end_name(enum walk_end end);

#endif
