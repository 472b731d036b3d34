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

struct choice_answer {
    uint32_t number;
    uint32_t value;
};

/* Answers a plan or a token can hold; a timing that was shortened has a few. */
enum { TIMING_MAX = 160 };

/* Ascending by number, each number once. Plain data. */
struct timing {
    uint32_t count; /* 0: as the policies say */
    struct choice_answer answer[TIMING_MAX];
};

/*
 * Lets `timing` answer what `chooser` asks; it must stay where it is as long as the machine runs.
 * Also makes the scheduler ask about ties. A value out of the bounds of its question, as a damaged
 * token may have it, is taken for the nearest that is allowed.
 */
void timing_install(const struct timing *timing, struct chooser *chooser,
                    struct scheduler *scheduler);

/* Makes the scheduler ask about ties, and nothing else. */
void timing_ask_ties(struct chooser *chooser, struct scheduler *scheduler);

/* `value`, or the nearest that is within the bounds of `choice`. */
uint32_t answer_within(uint32_t value, const struct choice *choice);

/* The answer to question `number` among `count` ascending ones, or NULL. */
const struct choice_answer *answer_find(const struct choice_answer *answers, size_t count,
                                        uint32_t number);

#endif
