/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a finding's report that tell what happened over time. Inside sim/report. */
#ifndef SIM_REPORT_STORY_H
#define SIM_REPORT_STORY_H

#include "sim/report/report.h"

/* Whether the CPU loaded, where it used the window. */
static inline bool finding_is_load(const struct finding *finding)
{
    return finding->rule == RULE_DMA002 ||
           (finding->kind == FINDING_ACQUIRE && finding->transfer.direction == DMA_WRITES_RAM);
}

/* Who did what, where: the guilty instruction, and what it was at odds with. */
void print_sides(struct text *text, const struct finding *finding,
                 const struct report_options *options);

/* RELEASE, ACQUIRE: what object code, compiler, architecture and core each say of the order. */
void print_order(struct text *text, const struct finding *finding,
                 const struct report_options *options);

/* What the engine and the CPU did, in the order they did it. */
void print_timeline(struct text *text, const struct finding *finding,
                    const struct report_options *options);

/* The bytes of the window before, as moved, and after; those that may differ are marked. */
void print_pictures(struct text *text, const struct finding *finding,
                    const struct report_options *options);

/*
 * The memory a rule about buffers is about, in words: an object, a stack frame, a heap block.
 * Returns what it is called, or NULL, with nothing appended, when there is nothing to say.
 */
const char *print_about(struct text *text, const struct finding *finding,
                        const struct report_options *options);

/* What the host receives at the extremes of timing; nothing when no witness is known. */
void print_witness(struct text *text, const struct finding *finding,
                   const struct report_options *options);

#endif
