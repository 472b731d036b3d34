/* SPDX-License-Identifier: Apache-2.0 */
/* `fencepost run --differential`: ideal and real silicon side by side, in one sentence. */
#ifndef SIM_CLI_RUN_DIFFERENTIAL_H
#define SIM_CLI_RUN_DIFFERENTIAL_H

#include "sim/cli/run_options.h"
#include "sim/explore/plan.h"

/* Runs `plan` on both; the real silicon is the plan's, or revision 3 when that is ideal. Returns
 * the exit code: 0 when nothing differs and nothing is wrong. */
int run_differential(const struct plan *plan, const struct run_options *options);

#endif
