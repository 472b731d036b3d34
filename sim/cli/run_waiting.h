/* SPDX-License-Identifier: Apache-2.0 */
/* What a firmware waits for, in words. Inside sim/cli. */
#ifndef SIM_CLI_RUN_WAITING_H
#define SIM_CLI_RUN_WAITING_H

#include "sim/explore/waiting.h"
#include "sim/report/report.h"

/* A line for each thing it polls, and one for the interrupts that could reach it. */
void print_waiting(struct text *text, const struct report_options *options,
                   const struct waiting *waiting);

#endif
