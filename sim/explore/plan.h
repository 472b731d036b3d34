/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run as something that can be repeated: what it is made of, and what it does from power-on to
 * its end. All that explores timings and memory contents runs the same plan with other options.
 */
#ifndef SIM_EXPLORE_PLAN_H
#define SIM_EXPLORE_PLAN_H

#include "sim/explore/timing.h"
#include "sim/soc/machine.h"

struct plan {
    struct machine_options machine;
    sim_time timeout;     /* virtual, for the host's conversation */
    const char *flash;    /* file that flash and UICR begin with; NULL: none */
    struct timing timing; /* answers that differ from what the options say */
    unsigned image_count;
    char *const *images; /* paths */
};

/* A machine with the images of `plan` loaded, not switched on yet. Released with machine_destroy;
 * on failure nothing is allocated. */
MUST_CHECK enum status plan_build(const struct plan *plan, struct machine **machine,
                                  struct failure *failure);

/* Switches the machine on and runs it to its end. After the host is done the firmware goes on a
 * little: what it does last belongs to the run. */
enum machine_stop plan_run(const struct plan *plan, struct machine *machine);

/* The same for a machine that was switched on just now. */
enum machine_stop plan_proceed(const struct plan *plan, struct machine *machine);

#endif
