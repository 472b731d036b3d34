/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/debug/monitor.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"

#include <string.h>

void monitor_command(struct monitor *monitor, struct target *target, char *line, struct text *out)
{
    (void)monitor;
    if (!strncmp(line, "reset", 5)) {
        target_restart(target);
        return;
    }
    text_printf(out, "%s: no such command\n", line);
}

void monitor_forget(struct monitor *monitor)
{
    (void)monitor;
}
