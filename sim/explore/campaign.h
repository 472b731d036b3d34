/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An exploration: many timings of one plan, what they lead to, and how much of all was seen.
 *
 *     campaign_create  ->  checkpoint_load or campaign_know, if wanted  ->  campaign_run  ->  look,
 *     checkpoint_save  ->  campaign_destroy
 *
 * Deterministic: plan, options and number of steps decide everything, the number of workers
 * nothing.
 */
#ifndef SIM_EXPLORE_CAMPAIGN_H
#define SIM_EXPLORE_CAMPAIGN_H

#include "sim/explore/walker.h"

struct strategy;

struct campaign_progress {
    uint64_t steps;   /* walks from one decision to the next, or whole walks when sampling */
    uint64_t states;  /* distinct, but for time */
    uint64_t classes; /* ends that differ in what the host received, findings or state */
    uint64_t failures;
    uint64_t queue; /* steps known and not done */
    double covered; /* of the tree of decisions, 0..1; sampling: 0 */
    unsigned round;
    uint32_t horizon; /* sampling: steps of the longest walk */
    double missed;    /* pct: the chance that a bug of the depth looked for was missed */
    sim_time reached; /* the latest virtual time */
    bool lost;        /* more was possible in one step than could be kept */
};

struct campaign_options {
    struct walker_options walker;
    const struct strategy *strategy;
    uint64_t seed;
    uint32_t depth;     /* pct: of the bugs looked for */
    unsigned workers;   /* 0: one */
    uint64_t judged_by; /* stands for what walker.counts goes by */
    uint64_t budget;    /* steps of this call; 0: no bound */
    unsigned slice;     /* of `slices`, from 0: no path belongs to two, each belongs to one */
    unsigned slices;    /* 0: one */
    bool first_only;    /* stop at the first failure */
};

enum campaign_verdict {
    CAMPAIGN_COMPLETE, /* all classes within the bounds were explored */
    CAMPAIGN_STOPPED,  /* budget or caller */
    CAMPAIGN_FOUND,    /* stopped at a failure */
    CAMPAIGN_FULL,     /* no room for more states */
    CAMPAIGN_BROKEN,   /* a process died, or memory is short: campaign_reason */
};

enum { END_ANSWERS_MAX = 4096 };

/* One class of ends. */
struct campaign_class {
    uint64_t key;
    uint64_t wire;
    uint32_t end; /* enum walk_end */
    uint32_t rule;
    guest_addr pc;
    uint64_t reason; /* as of struct walk */
    sim_time when;
    uint64_t step; /* how many steps had been made when it was found */
    double raw;    /* timings, in cycles, that lead to it: by order of magnitude */
    uint32_t node;
    uint32_t answers; /* of one timing that leads there, ascending */
    struct choice_answer *answer;
};

struct campaign;

/* `plan` outlives it. Fails when an image cannot be loaded or a function is not there. */
MUST_CHECK enum status campaign_create(struct campaign **campaign, const struct plan *plan,
                                       const struct campaign_options *options,
                                       struct failure *failure);
void campaign_destroy(struct campaign *campaign);

/* Asked between batches of steps: true stops. For host time and Ctrl-C. NULL: never. */
typedef bool campaign_enough(void *owner, const struct campaign_progress *progress);
void campaign_on_pause(struct campaign *campaign, campaign_enough *enough, void *owner);

enum campaign_verdict campaign_run(struct campaign *campaign);

/* Why it broke; "" otherwise. */
const char *campaign_reason(const struct campaign *campaign);

/* What is known of sharing, to begin with more than the usual run shows; and what is known at the
 * end. `more`: the search has learnt what it did not know at its beginning. */
void campaign_know(struct campaign *campaign, const struct sharing *known);
const struct sharing *campaign_learned(const struct campaign *campaign, bool *more);

/* Fingerprint of the images, for tokens. */
uint64_t campaign_fingerprint(const struct campaign *campaign);

/* The usual run: how it ended. When it fails, that is the first failure. */
const struct walk *campaign_reference(const struct campaign *campaign);

const struct campaign_progress *campaign_progress(const struct campaign *campaign);
unsigned campaign_class_count(const struct campaign *campaign);
const struct campaign_class *campaign_class_at(const struct campaign *campaign, unsigned index);

/* The first failure in order of steps; NULL: none. */
const struct campaign_class *campaign_failure(const struct campaign *campaign);

/*
 * Copies the answers that `class`, a failure, needs to `answers` (room for class->answers), as few
 * and small as can be found out in `most` runs (shrink.h), and returns how many. `tries`: runs that
 * took; may be NULL.
 */
uint32_t campaign_shrink(struct campaign *campaign, const struct campaign_class *class,
                         struct choice_answer *answers, unsigned most, unsigned *tries);

/* Runs `answers` once more and tells `story`, which is the caller's to release. The machine is left
 * at its end, findings and all. False: the failure did not come again. */
struct story;
bool campaign_tell(struct campaign *campaign, const struct campaign_class *class,
                   const struct choice_answer *answers, uint32_t count, struct story *story);

/* The same for the usual run: all that is seen, nothing left out. */
void campaign_tell_usual(struct campaign *campaign, struct story *story);

/* Its machine and checker, to look at. */
struct walker *campaign_walker(struct campaign *campaign);

/* Answers of `class` as a timing; false when they are too many for one. */
bool campaign_timing(const struct campaign_class *class, struct timing *timing);

#endif
