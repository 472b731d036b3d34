/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost run: one image, one host, one verdict. */
#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/cli/run_options.h"
#include "sim/report/place.h"
#include "sim/report/report.h"
#include "sim/report/transcript.h"
#include "sim/usb/descriptor.h"

#include <stdio.h>
#include <string.h>

/* After the host is done the firmware goes on a little: what it does last is checked too. */
enum { SETTLE_MS = 10 };

struct run {
    struct run_options options;
    struct machine *machine;
    struct checker *checker;
    struct transcript *transcript;
    struct report_options report;
    struct text replay;
    /* The first fault that ended the run, kept until it is reported. */
    bool faulted;
    struct observation fault;
    struct site fault_site;
    char fault_cause[200];
};

/* ---- Watching the run ------------------------------------------------------------------------ */

static void print_lines(void *owner, const char *lines)
{
    (void)owner;
    cli_print(lines);
}

static void print_console(void *owner, const struct observation *seen)
{
    char *bytes = heap_allocate(seen->console.size + 1, 1);

    (void)owner;
    memcpy(bytes, seen->console.bytes, seen->console.size);
    cli_print(bytes);
    heap_release(bytes);
}

static void keep_fault(void *owner, const struct observation *seen)
{
    struct run *run = owner;

    if (run->faulted)
        return;
    run->faulted = seen->fault.lockup || seen->fault.exception == 3;
    run->fault = *seen;
    (void)snprintf(run->fault_cause, sizeof run->fault_cause, "%s",
                   seen->fault.cause ? seen->fault.cause : "");
    run->fault.fault.cause = run->fault_cause;
    trace_site(machine_trace(run->machine), &run->fault_site);
}

static void subscribe(struct run *run)
{
    struct trace *trace = machine_trace(run->machine);

    run->checker = checker_create(trace, machine_state(run->machine), NULL);
    trace_subscribe(trace, TRACE_KIND(FAULT), keep_fault, run);
    if (run->options.console)
        trace_subscribe(trace, TRACE_KIND(CONSOLE), print_console, run);
    else if (!run->options.quiet)
        run->transcript = transcript_create(
            trace, &run->report, run->options.verbose ? TRANSCRIPT_VERBOSE : TRANSCRIPT_NORMAL,
            print_lines, run);
}

/* ---- Telling how it ended -------------------------------------------------------------------- */

static void show_device(struct run *run)
{
    struct text text = {0};
    struct usb_device_view view = host_device_view(machine_host(run->machine));

    text_printf(&text, "\n");
    usb_print_device(&text, &view);
    text_printf(&text, "\n");
    cli_print(text_string(&text));
    text_free(&text);
}

/* Where the CPU is at the end, for runs that did not end by themselves. */
static void tell_where(struct run *run, struct text *text)
{
    struct site site;

    text_printf(text, "the firmware is %s\n", cpu_activity(machine_cpu(run->machine)));
    trace_site(machine_trace(run->machine), &site);
    print_backtrace(text, &run->report, &site);
}

/* One paragraph on the end of the run when it was not the regular one. True: the firmware failed.
 */
static bool tell_end(struct run *run, enum machine_stop stop, struct text *text)
{
    switch (stop) {
    case MACHINE_STOP_HOST_DONE:
    case MACHINE_STOP_CONDITION:
        return false;
    case MACHINE_STOP_OFF:
        text_printf(text, "the firmware switched the chip off (System OFF)\n");
        return false;
    case MACHINE_STOP_EXIT:
        if (machine_exit_code(run->machine))
            text_printf(text, "the firmware ended itself with exit code %d\n",
                        machine_exit_code(run->machine));
        return machine_exit_code(run->machine) != 0;
    case MACHINE_STOP_HOST_FAILED:
        text_printf(text, "the host gave up: %s\n", host_reason(machine_host(run->machine)));
        tell_where(run, text);
        return true;
    case MACHINE_STOP_FAULT:
        report_fault(text, &run->fault, &run->fault_site, &run->report);
        return true;
    case MACHINE_STOP_TIME:
        text_printf(text,
                    "time-out: neither host nor firmware came to an end within %.6g ms of virtual "
                    "time (--timeout)\n",
                    (double)run->options.timeout / (double)CYCLES_PER_MS);
        tell_where(run, text);
        return true;
    case MACHINE_STOP_ASLEEP:
        text_printf(text, "dead end: nothing is scheduled that could wake the CPU\n");
        tell_where(run, text);
        return true;
    }
    return true;
}

static int conclude(struct run *run, enum machine_stop stop)
{
    struct text text = {0};
    unsigned findings = checker_finding_count(run->checker);
    bool failed;

    for (unsigned i = 0; i < findings; i++) {
        report_finding(&text, checker_finding(run->checker, i), &run->report);
        text_printf(&text, "\n");
    }
    failed = tell_end(run, stop, &text);
    report_verdict(&text, run->checker, &run->report);
    cli_print(text_string(&text));
    text_free(&text);
    return failed || findings ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* ---- The story ------------------------------------------------------------------------------- */

static enum machine_stop execute(struct run *run)
{
    enum machine_stop stop;
    enum machine_stop after;

    machine_power_on(run->machine);
    stop = machine_run(run->machine, run->options.timeout);
    if (stop != MACHINE_STOP_HOST_DONE)
        return stop;
    after = machine_run(run->machine, SETTLE_MS * CYCLES_PER_MS);
    return after == MACHINE_STOP_TIME || after == MACHINE_STOP_ASLEEP ? stop : after;
}

static void write_replay(struct run *run, int argc, char **argv)
{
    text_printf(&run->replay, "fencepost");
    for (int i = 0; i < argc; i++)
        text_printf(&run->replay, " %s", argv[i]);
}

static int run_images(struct run *run)
{
    struct failure failure;
    enum machine_stop stop;

    if (machine_create(&run->machine, &run->options.machine, &failure) != STATUS_OK)
        return cli_failure(&failure);
    for (unsigned i = 0; i < run->options.image_count; i++) {
        if (machine_load(run->machine, run->options.images[i], &failure) != STATUS_OK)
            return cli_failure(&failure);
    }
    run->report = (struct report_options){.trace = machine_trace(run->machine),
                                          .image = machine_image(run->machine),
                                          .replay = text_string(&run->replay),
                                          .colour = run->options.colour};
    subscribe(run);
    stop = execute(run);
    if (run->transcript)
        transcript_finish(run->transcript);
    if (stop == MACHINE_STOP_HOST_DONE && run->transcript)
        show_device(run);
    return conclude(run, stop);
}

int command_run(int argc, char **argv)
{
    struct run *run = heap_allocate(1, sizeof *run);
    int code = run_options_read(&run->options, argc, argv);

    if (code < 0 && run->options.help) {
        cli_print(run_options_help());
        code = EXIT_CLEAN;
    } else if (code < 0) {
        write_replay(run, argc, argv);
        code = run_images(run);
    }
    if (run->transcript)
        transcript_destroy(run->transcript);
    if (run->checker)
        checker_destroy(run->checker);
    machine_destroy(run->machine);
    text_free(&run->replay);
    heap_release(run);
    return cli_finish(code);
}
