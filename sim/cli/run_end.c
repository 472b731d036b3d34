/* SPDX-License-Identifier: Apache-2.0 */
/* How a run ended: in one word for programs, one line and one paragraph for people. */
#include "sim/cli/run.h"
#include "sim/cli/run_waiting.h"

#include "sim/report/place.h"
#include "sim/report/style.h"

#include <stdio.h>

static const char *const names[] = {
    [MACHINE_STOP_TIME] = "time-out",          [MACHINE_STOP_CONDITION] = "condition",
    [MACHINE_STOP_HOST_DONE] = "host-done",    [MACHINE_STOP_HOST_FAILED] = "host-failed",
    [MACHINE_STOP_EXIT] = "firmware-exit",     [MACHINE_STOP_FAULT] = "fault",
    [MACHINE_STOP_ASLEEP] = "asleep-for-good", [MACHINE_STOP_OFF] = "system-off",
};

static void print_fault(struct text *text, const struct run *run)
{
    text_printf(text, "%s", run->fault.fault.lockup ? "lock-up, " : "");
    print_exception(text, run->fault.fault.exception);
    text_printf(text, ": %s", run->fault_cause);
}

/* Without a host nobody was to bring the run to an end. */
static bool is_alone(const struct run *run)
{
    return run->options.machine.host == HOST_NONE;
}

/* Returns whether the firmware failed. */
static bool print_reason(struct text *text, const struct run *run, enum machine_stop stop)
{
    int code = machine_exit_code(run->machine);

    switch (stop) {
    case MACHINE_STOP_HOST_DONE:
    case MACHINE_STOP_CONDITION:
        return false;
    case MACHINE_STOP_OFF:
        text_printf(text, "the firmware switched the chip off (System OFF)");
        return false;
    case MACHINE_STOP_EXIT:
        if (code)
            text_printf(text, "the firmware ended itself with exit code %d", code);
        return code != 0;
    case MACHINE_STOP_HOST_FAILED:
        text_printf(text, "the host gave up: %s", host_reason(machine_host(run->machine)));
        return true;
    case MACHINE_STOP_FAULT:
        print_fault(text, run);
        return true;
    case MACHINE_STOP_TIME:
        if (is_alone(run))
            return false;
        text_printf(text,
                    "time-out: neither host nor firmware came to an end within %.6g ms of virtual "
                    "time (--timeout); the host is ",
                    (double)run->options.timeout / (double)CYCLES_PER_MS);
        host_print_activity(text, machine_host(run->machine));
        return true;
    case MACHINE_STOP_ASLEEP:
        if (is_alone(run))
            return false;
        text_printf(text, "dead end: nothing is scheduled that could wake the CPU");
        return true;
    }
    return true;
}

struct run_end run_end_of(struct run *run, enum machine_stop stop)
{
    struct text reason = {0};
    struct run_end end = {.name = names[stop], .when = machine_now(run->machine)};

    end.failed = print_reason(&reason, run, stop);
    (void)snprintf(run->reason, sizeof run->reason, "%s", text_string(&reason));
    end.reason = *run->reason ? run->reason : NULL;
    text_free(&reason);
    return end;
}

static bool is_stuck(enum machine_stop stop)
{
    return stop == MACHINE_STOP_HOST_FAILED || stop == MACHINE_STOP_TIME ||
           stop == MACHINE_STOP_ASLEEP;
}

void run_end_look(struct run *run, enum machine_stop stop)
{
    if (is_stuck(stop))
        waiting_look(run->machine, &run->waiting);
}

/* A firmware that starts over and over waits for nothing. */
static void print_resets(struct text *text, const struct run *run)
{
    text_printf(text, "  it was reset %u time%s, the last time at ", run->resets,
                run->resets == 1 ? "" : "s");
    print_code(text, &run->report, run->reset_pc);
    text_printf(text, "\n");
}

void run_end_explain(struct text *text, struct run *run, enum machine_stop stop)
{
    struct site site;

    if (stop == MACHINE_STOP_FAULT) {
        report_fault(text, &run->fault, &run->fault_site, &run->report);
        return;
    }
    if (stop == MACHINE_STOP_OFF)
        text_printf(text, "%s\n", run->reason);
    if (!is_stuck(stop))
        return;
    /* It did not end by itself, so where it is tells why. */
    text_printf(text, "the firmware is %s\n", cpu_activity(machine_cpu(run->machine)));
    if (run->resets)
        print_resets(text, run);
    print_waiting(text, &run->report, &run->waiting);
    trace_site(machine_trace(run->machine), &site);
    print_backtrace(text, &run->report, &site);
}
