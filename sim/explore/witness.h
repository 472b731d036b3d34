/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Witnesses: what leaves the chip when EasyDMA is as fast as it may be, and when it is as slow.
 *
 * A race is a bug whichever side wins. The two extremes of the same run show that it matters: the
 * whole machine runs once with every EasyDMA delay at its lowest and once at its highest, and the
 * packets are compared.
 */
#ifndef SIM_EXPLORE_WITNESS_H
#define SIM_EXPLORE_WITNESS_H

#include "sim/check/finding.h"
#include "sim/explore/plan.h"
#include "sim/explore/wire_log.h"

enum { EXTREME_EAGER, EXTREME_LAZY, EXTREMES };

/* Both extremes of a plan. Released with extremes_free. */
struct extremes {
    struct plan plan[EXTREMES];
    struct wire_log log[EXTREMES];
};

/* Two packets that could have left the chip in the same place. They belong to the logs. */
struct witness {
    const struct wire_packet *packet[EXTREMES];
};

/* Runs `plan` at both extremes. On failure nothing is allocated. */
MUST_CHECK enum status extremes_run(struct extremes *extremes, const struct plan *plan,
                                    struct failure *failure);
void extremes_free(struct extremes *extremes);

/*
 * The packets that show `finding`, of a run whose wire was `log`: those of the transfer concerned,
 * of a later one from the same start, or else the first that differ. False when
 * nobody outside can tell the extremes apart.
 */
bool extremes_witness(const struct extremes *extremes, const struct wire_log *log,
                      const struct finding *finding, struct witness *witness);

#endif
