/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a finding's report that tell what happened over time. Inside sim/report. */
#ifndef SIM_REPORT_STORY_H
#define SIM_REPORT_STORY_H

#include "sim/report/report.h"

/* What the engine and the CPU did, in the order they did it. */
void print_timeline(struct text *text, const struct finding *finding,
                    const struct report_options *options);

/* The bytes of the window before, as moved, and after; those that may differ are marked. */
void print_pictures(struct text *text, const struct finding *finding,
                    const struct report_options *options);

#endif
