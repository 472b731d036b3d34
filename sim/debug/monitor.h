/* SPDX-License-Identifier: Apache-2.0 */
/* The `monitor` commands: what only a simulator knows. */
#ifndef SIM_DEBUG_MONITOR_H
#define SIM_DEBUG_MONITOR_H

#include "sim/debug/target.h"

/* Named points of a run to come back to. Starts as {0}; monitor_forget ends it. */
struct monitor {
    struct saved_point {
        char *name;
        struct kept *kept;
        struct saved_point *next;
    } * saved;
};

/* Does the command `line`, which is changed, and appends what it says. */
void monitor_command(struct monitor *monitor, struct target *target, char *line, struct text *out);

/* To be called before the target goes. */
void monitor_forget(struct monitor *monitor, struct target *target);

#endif
