/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost run: one image, one host, one verdict. */
#include "sim/cli/run.h"
#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/cli/run_differential.h"
#include "sim/report/suppressions.h"
#include "sim/usb/descriptor.h"

#include <stdio.h>
#include <string.h>

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

static void count_reset(void *owner, const struct observation *observation)
{
    struct run *run = owner;

    run->resets++;
    run->reset_pc = observation->reset.pc;
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
    wire_log_attach(&run->log, trace);
    board_files_attach(&run->board_files, &run->options.machine.board, trace,
                       machine_wires(run->machine));
    trace_subscribe(trace, TRACE_KIND(FAULT), keep_fault, run);
    trace_subscribe(trace, TRACE_KIND(RESET), count_reset, run);
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

/* Where no token can stand for the run: its options say it all. */
static void write_command(struct run *run)
{
    text_printf(&run->replay, "fencepost");
    for (int i = 0; i < run->argc; i++)
        text_printf(&run->replay, " %s", run->argv[i]);
}

/* A misspelt name would quietly check nothing. */
static int check_heap_functions(const struct run *run)
{
    for (unsigned i = 0; i < run->options.checked.heap_count; i++) {
        if (!checked_has_function(run->machine, run->options.heap[i].name))
            return cli_error("--heap=%s: the image has no such function",
                             run->options.heap_arguments[i]);
    }
    return EXIT_CLEAN;
}

/* Last of all: the further runs begin with what the file holds. So does a replay, which therefore
 * leaves it alone. */
static int save_flash(const struct run *run, int code)
{
    struct failure failure;

    if (!run->plan.flash || run->token ||
        machine_save_flash(run->machine, run->plan.flash, &failure) == STATUS_OK)
        return code;
    return cli_failure(&failure);
}

/* A boot loader nobody loaded may do more than hand over. */
static void note_the_beginning(struct run *run)
{
    guest_addr begin = machine_begins_at(run->machine);

    if (begin)
        text_printf(
            &run->note,
            "note: nothing is loaded at address 0; the run began with the vector table at "
            "0x%08x, as behind a boot loader; give that too, or a SoftDevice, if the firmware "
            "needs it (fencepost inspect)\n",
            begin);
}

static int run_images(struct run *run)
{
    struct failure failure;
    enum machine_stop stop;
    int code;

    if (run->options.suppressions &&
        suppressions_load(&run->suppressions, run->options.suppressions, &failure) != STATUS_OK)
        return cli_failure(&failure);
    if (plan_build(&run->plan, &run->machine, &failure) != STATUS_OK)
        return cli_failure(&failure);
    if (check_heap_functions(run) != EXIT_CLEAN)
        return EXIT_USAGE;
    note_the_beginning(run);
    run->fingerprint = token_fingerprint(run->machine);
    if (run->token &&
        token_check(run->token, run->token_check, run->fingerprint, &failure) != STATUS_OK)
        return cli_failure(&failure);
    run_write_replay(run, &run->replay, &run->plan);
    if (!run->replay.length)
        write_command(run);
    run->report = (struct report_options){.trace = machine_trace(run->machine),
                                          .image = machine_image(run->machine),
                                          .replay = text_string(&run->replay),
                                          .colour = run->options.colour,
                                          .code = machine_peek,
                                          .code_owner = run->machine};
    subscribe(run);
    stop = plan_run(&run->plan, run->machine);
    if (run->transcript)
        transcript_finish(run->transcript);
    if (stop == MACHINE_STOP_HOST_DONE && run->transcript)
        show_device(run);
    run_explore(run);
    code = board_files_save(&run->board_files, run_conclude(run, stop));
    return save_flash(run, code);
}

static void release(struct run *run)
{
    transcript_destroy(run->transcript);
    run_explore_free(run);
    wire_log_free(&run->log);
    board_files_free(&run->board_files);
    checker_destroy(run->checker);
    machine_destroy(run->machine);
    suppressions_free(run->suppressions);
    reports_free(&run->options.reports);
    board_file_free(&run->options.board.file);
    text_free(&run->replay);
    heap_release(run);
}

/* The plan that the options of `fencepost run` describe. */
static void plan_from_options(struct run *run, int argc, char **argv)
{
    run->argc = argc;
    run->argv = argv;
    run->plan = (struct plan){.machine = run->options.machine,
                              .timeout = run->options.timeout,
                              .image_count = run->options.image_count,
                              .flash = run->options.flash,
                              .images = run->options.images};
}

int command_run(int argc, char **argv)
{
    struct run *run = heap_allocate(1, sizeof *run);
    int code = run_options_read(&run->options, argc, argv);

    if (code < 0 && run->options.help) {
        run_options_print_help();
        code = EXIT_CLEAN;
    } else if (code < 0) {
        plan_from_options(run, argc, argv);
        code = run->options.differential ? run_differential(&run->plan, &run->options)
                                         : run_images(run);
    }
    release(run);
    return cli_finish(code);
}

/* ---- Again ----------------------------------------------------------------------------------- */

static const char replay_help[] =
    "Usage: fencepost replay [OPTION]... TOKEN IMAGE...\n"
    "Repeats a run bit by bit. TOKEN comes from a report; it stands for host, timing and seed of "
    "the\n"
    "run and fits its image only. A host that followed a conversation needs it again, with\n"
    "--host=FILE.usb, and so does what was plugged in: --board, --uart0 and the like.\n"
    "\n"
    "Options are those of 'fencepost run' that do not change the run, for instance --verbose.\n"
    "\n"
    "Exit status: 0 clean, 1 findings or failed firmware, 2 wrong usage or input.\n"
    "\n"
    "Example: fencepost replay 4000-1N5C-N6T4-0RR build/firmware/gcc-O2/usb-5.elf\n";

/* The token comes first among the arguments, then the images. */
static int plan_from_token(struct run *run)
{
    struct run_options *options = &run->options;
    struct failure failure;

    if (options->course)
        return cli_usage_error("replay", "--%s: the token says it already", options->course);
    if (options->differential)
        return cli_usage_error("replay", "--differential: belongs to 'fencepost run'");
    if (options->image_count < 2)
        return cli_usage_error("replay", "a token and a firmware image are needed");
    run->token = options->images[0];
    run->plan.image_count = options->image_count - 1;
    run->plan.images = options->images + 1;
    run->plan.flash = options->flash;
    if (token_read(&run->plan, &run->token_check, run->token, &failure) != STATUS_OK)
        return cli_failure(&failure);
    if (run->plan.machine.host == HOST_SCRIPT && !options->machine.host_script)
        return cli_usage_error("replay", "%s: also needs the conversation, --host=FILE.usb",
                               run->token);
    if (run->plan.machine.host != HOST_SCRIPT && options->machine.host_script)
        return cli_usage_error("replay", "--host: the token says it already");
    run->plan.machine.host_script = options->machine.host_script;
    run->plan.machine.board = options->machine.board;
    options->machine = run->plan.machine;
    options->timeout = run->plan.timeout;
    return run_images(run);
}

int command_replay(int argc, char **argv)
{
    struct run *run = heap_allocate(1, sizeof *run);
    int code = run_options_read(&run->options, argc, argv);

    if (code < 0 && run->options.help) {
        cli_print(replay_help);
        code = EXIT_CLEAN;
    } else if (code < 0) {
        code = plan_from_token(run);
    }
    release(run);
    return cli_finish(code);
}
