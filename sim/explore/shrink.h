/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shrinking: a failing timing with as few answers that are not usual as possible, and as small
 * ones.
 */
#ifndef SIM_EXPLORE_SHRINK_H
#define SIM_EXPLORE_SHRINK_H

#include "sim/explore/campaign.h"

/* The same failure: same kind, and for a finding same rule and place. */
bool walks_fail_alike(const struct walk *one, const struct walk *other);

/* Runs that are worth it for a timing that somebody reads. */
enum { SHRINK_USUAL = 2000 };

/*
 * Leaves in `answers` what is needed for the failure `wanted`; returns how many are left. Each step
 * is a run; there are at most `most`, and what is left then still fails. 0: `answers` stays as it
 * is. `tries` (may be NULL) is how many there were. Answers that do not show the failure at all are
 * returned as they are.
 */
uint32_t shrink(struct walker *walker, struct choice_answer *answers, uint32_t count,
                const struct walk *wanted, unsigned most, unsigned *tries);

#endif
