/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A timing: the answers to single questions of a run (sim/core/choice.h). All other questions are
 * answered by the policies.
 *
 * Questions are numbered in the order in which a run asks them, from 1. Up to the first answer that
 * differs two runs of one plan are the same, so a number means the same question in both.
 */
#ifndef SIM_EXPLORE_TIMING_H
#define SIM_EXPLORE_TIMING_H

#include "sim/core/choice.h"
#include "sim/core/schedule.h"

#include <stdbool.h>
#include <stddef.h>

/* Answers a plan or a token can hold; a timing that was shortened has a few. */
enum { TIMING_MAX = CHOICE_ANSWERS };

/* Ascending by number, each number once. Plain data. */
struct timing {
    uint32_t count; /* 0: as the policies say */
    struct choice_answer answer[TIMING_MAX];
};

/* Lets `timing`, which is copied, answer what `chooser` asks, and makes the scheduler ask about
 * ties.
 */
void timing_install(const struct timing *timing, struct chooser *chooser,
                    struct scheduler *scheduler);

/* Makes the scheduler ask about ties, and nothing else. */
void timing_ask_ties(struct chooser *chooser, struct scheduler *scheduler);

#endif
