/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/plan.h"

enum { SETTLE_MS = 10 };

enum status plan_build(const struct plan *plan, struct machine **machine, struct failure *failure)
{
    enum status status = machine_create(machine, &plan->machine, failure);

    if (status != STATUS_OK)
        return status;
    if (plan->flash)
        status = machine_load_flash(*machine, plan->flash, failure);
    for (unsigned i = 0; i < plan->image_count && status == STATUS_OK; i++)
        status = machine_load(*machine, plan->images[i], failure);
    if (status != STATUS_OK) {
        machine_destroy(*machine);
        *machine = NULL;
    }
    if (status == STATUS_OK && plan->timing.count)
        timing_install(&plan->timing, machine_chooser(*machine), machine_scheduler(*machine));
    return status;
}

/* What the firmware does last belongs to the run, and so does what the board does later. */
static sim_time settling(const struct plan *plan, const struct machine *machine)
{
    sim_time now = machine_now(machine);
    sim_time last = machine_board_last_time(machine);

    last = last < plan->timeout ? last : plan->timeout;
    return (last > now ? last - now : 0) + SETTLE_MS * CYCLES_PER_MS;
}

enum machine_stop plan_run(const struct plan *plan, struct machine *machine)
{
    machine_power_on(machine);
    return plan_proceed(plan, machine);
}

enum machine_stop plan_proceed(const struct plan *plan, struct machine *machine)
{
    enum machine_stop stop = machine_run(machine, plan->timeout);
    enum machine_stop after;

    if (stop != MACHINE_STOP_HOST_DONE)
        return stop;
    after = machine_run(machine, settling(plan, machine));
    return after == MACHINE_STOP_TIME || after == MACHINE_STOP_ASLEEP ? stop : after;
}
