/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BUF005: bytes that leave the chip although nothing has written them since reset.
 *
 * Exact, and free for ordinary runs: the same run again with other contents of never-written RAM,
 * compared on the wire. A byte that differs between two runs that are otherwise the same, packet by
 * packet and cycle by cycle, can only come from there, however often it was copied on the way.
 */
#ifndef SIM_EXPLORE_UNINITIALISED_H
#define SIM_EXPLORE_UNINITIALISED_H

#include "sim/check/checker.h"
#include "sim/explore/plan.h"
#include "sim/explore/wire_log.h"

struct uninitialised {
    uint64_t compared; /* packets */
    bool diverged;     /* the firmware did something else: packets behind that were not compared */
    sim_time when;     /* of the first packet that is another one, or missing */
    struct wire_packet packet; /* that packet */
};

/*
 * Runs `plan` again and compares it with `log`, what left the chip in the first run. What it finds
 * becomes findings of `checker`, that of the first run. Fails when an image cannot be loaded
 * again.
 */
MUST_CHECK enum status uninitialised_search(const struct plan *plan, const struct wire_log *log,
                                            struct checker *checker, struct uninitialised *result,
                                            struct failure *failure);

#endif
