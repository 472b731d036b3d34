/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FEN001: who stored last into a buffer. At the start of a transfer only the instruction is known,
 * which mostly is one of memcpy; who called that has been forgotten. The same run again tells: now
 * it is known which store to look at.
 */
#ifndef SIM_EXPLORE_LAST_STORE_H
#define SIM_EXPLORE_LAST_STORE_H

#include "sim/check/checker.h"
#include "sim/explore/plan.h"

/*
 * Runs `plan` again, up to the start of the last transfer concerned, and completes the findings of
 * `checker`, that of the first run. Does not run anything when no finding needs it. Fails when an
 * image cannot be loaded again.
 */
MUST_CHECK enum status last_store_search(const struct plan *plan, struct checker *checker,
                                         struct failure *failure);

#endif
