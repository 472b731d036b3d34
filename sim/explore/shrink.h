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

/*
 * Leaves in `answers` what is needed for the failure `wanted`; returns how many are left. Each step
 * is a run. `tries` (may be NULL) is how many there were. Answers that do not show the failure at
 * all are returned as they are.
 */
uint32_t shrink(struct walker *walker, struct choice_answer *answers, uint32_t count,
                const struct walk *wanted, unsigned *tries);

#endif
