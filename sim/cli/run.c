/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost run: one image, one host, one verdict. */
#include "sim/cli/run.h"
#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/report/suppressions.h"
#include "sim/usb/descriptor.h"

#include <stdio.h>
#include <string.h>

/* After the host is done the firmware goes on a little: what it does last is checked too. */
enum { SETTLE_MS = 10 };

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

    /* With --on-fault=continue more may follow; a lock-up is what ends the run then. */
    if (run->faulted && !seen->fault.lockup)
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

    run->checker = checked_attach(run->machine, &run->options.checked);
    trace_subscribe(trace, TRACE_KIND(FAULT), keep_fault, run);
    if (run->options.console)
        trace_subscribe(trace, TRACE_KIND(CONSOLE), print_console, run);
    else if (!run->options.quiet && !reports_own_output(&run->options.reports))
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

    if (run->options.suppressions &&
        suppressions_load(&run->suppressions, run->options.suppressions, &failure) != STATUS_OK)
        return cli_failure(&failure);
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
    return run_conclude(run, stop);
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
    suppressions_free(run->suppressions);
    reports_free(&run->options.reports);
    text_free(&run->replay);
    heap_release(run);
    return cli_finish(code);
}
