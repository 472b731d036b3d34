/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/explore.h"

#include "sim/base/heap.h"
#include "sim/cli/cli.h"
#include "sim/cli/quantity.h"
#include "sim/explore/shrink.h"
#include "sim/explore/strategy.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_DELAY = 16, DEFAULT_ROUNDS = 2, DEFAULT_DEPTH = 3, WORKERS_MAX = 256 };

static const char help[] =
    "Usage: fencepost explore [OPTION]... IMAGE...\n"
    "Runs the firmware with every timing of EasyDMA, the interrupts and the host that could make\n"
    "a difference, and says whether it ever misbehaves.\n"
    "\n"
    "EasyDMA's words, its end, the host's tokens and the interrupts are put before and behind "
    "every\n"
    "access of the CPU that they could conflict with; what cannot be told apart is run once. So a\n"
    "search is complete within bounds that are printed with the verdict, or it shows the shortest\n"
    "failing timing it found, as a story and as a token for 'fencepost replay' and 'debug "
    "--replay'.\n"
    "\n"
    "What counts as failure: a finding of severity error, an answer to the host that the usual\n"
    "timing does not give, a stall, a conversation that fails, a hang, a fault, a non-zero exit.\n"
    "\n"
    "How to search:\n"
    "  --strategy=NAME       exhaustive (default): all of it, each state once\n"
    "                        random: any branch at each decision; for firmware too large for all\n"
    "                        pct: few changes of priority, with a known chance to miss a bug\n"
    "                        coverage: from states in which a new order of accesses was seen\n"
    "  --budget=5s|N         stop after so much time, or after N steps (the same on any machine)\n"
    "  --all                 go on after the first failure\n"
    "  --jobs=N              processes; default one a core. Results do not depend on it\n"
    "  --seed=N --depth=N    of random, pct, coverage; pct: how many orders a bug depends on (3)\n"
    "  --shrink=N            at most N runs (2000) to leave out what a failing timing does not "
    "need;\n"
    "                        0: it is told as it was found\n"
    "  --slice=I/N           one of N parts of the search, for scripts/campaign\n"
    "  --known=FILE          what other slices have learnt is shared; - is standard input\n"
    "  --checkpoint=FILE     where a search that is stopped can be resumed (IMAGE.checkpoint); "
    "none\n"
    "  --resume=FILE         go on with such a search: the same options, the same image\n"
    "\n"
    "What to search:\n"
    "  --from=F --to=G       only from the entry of function F (--from=F,3: its third) to that of "
    "G\n"
    "                        (--to=G,return: to its return); else from power-on to the end of the\n"
    "                        conversation\n"
    "  --deviations=N        up to N times (0) something unusual: a handshake is lost, SETUP "
    "comes\n"
    "                        in mid-transfer, a read ends early with its status stage, the bus is\n"
    "                        reset; a token of a stream, READY, a crystal or the regulator is as\n"
    "                        fast or as slow as allowed\n"
    "  --preemptions=N       at most N events (any number) come between accesses of the running "
    "CPU\n"
    "  --rounds=N            decisions at one access of a loop while nothing happens (2)\n"
    "  --frame-places=N      places of a frame, where it matters, for tokens that are waited for "
    "(2)\n"
    "  --interrupt-delay=N   instructions until an interrupt is recognised whose cause cannot be\n"
    "                        moved, as SysTick (16)\n"
    "  --patience=N          a control transfer that makes no progress in N frames is a hang\n"
    "                        (default: as long as the host waits, 5 s)\n"
    "  --ties                events of one instant in any order\n"
    "  --usual-host          the host's tokens come at their usual times\n"
    "  --any-answer          the host may be answered otherwise than in the usual timing: for "
    "firmware\n"
    "                        that tells times or counters by intent\n"
    "  --whole               findings do not end a walk: compare what the host receives\n"
    "\n"
    "Output:\n"
    "  --json                progress and result as lines of JSON, for CI\n"
    "  --coverage=lcov:FILE  lines of the firmware that were executed, for genhtml; as branches,\n"
    "                        which orders of its accesses were seen (one worker)\n"
    "  --emit-test=FILE.c    a CMocka test that fails while the failure is there\n"
    "\n"
    "Host, memory model, fences, heap, time-out, seed and store buffer are options of 'fencepost\n"
    "run' and mean the same here.\n"
    "\n"
    "Exit status: 0 clean, 1 a failure was found, 2 wrong usage or input.\n"
    "\n"
    "Examples:\n"
    "  fencepost explore --from=ep0in_start --to=ep0in_end firmware.elf\n"
    "  fencepost explore --deviations=1 --budget=60s --all firmware.elf\n";

const char *explore_options_help(void)
{
    return help;
}

static int wrong(const char *option, const char *value, const char *what)
{
    return cli_usage_error("explore", "--%s=%s: %s", option, value, what);
}

static bool read_number(const char *value, uint64_t lowest, uint64_t highest, uint64_t *number)
{
    return quantity_number(value, number) && *number >= lowest && *number <= highest;
}

static int read_u32(const char *option, const char *value, uint32_t lowest, uint32_t highest,
                    uint32_t *into)
{
    uint64_t number;

    if (!read_number(value, lowest, highest, &number))
        return cli_usage_error("explore", "--%s=%s: not a number from %u to %u", option, value,
                               lowest, highest);
    *into = (uint32_t)number;
    return -1;
}

/* "5s": host time; "5000": steps. */
static int read_budget(struct explore_options *options, const char *value)
{
    sim_time time;

    if (read_number(value, 1, UINT64_MAX, &options->campaign.budget))
        return -1;
    options->campaign.budget = 0;
    if (!quantity_time(value, &time))
        return wrong("budget", value, "neither a time such as 5s nor a number of steps");
    options->seconds = (double)time / (double)CYCLES_PER_SECOND;
    return -1;
}

static int read_strategy(struct explore_options *options, const char *value)
{
    options->campaign.strategy = strategy_named(value);
    if (!options->campaign.strategy)
        return wrong("strategy", value, "not one of: exhaustive, random, pct, coverage");
    return -1;
}

static int read_slice(struct explore_options *options, const char *value)
{
    char *slash;
    unsigned long slice = strtoul(value, &slash, 10);
    uint64_t slices;

    if (*slash != '/' || !read_number(slash + 1, 1, 1000000, &slices) || slice < 1 ||
        slice > slices)
        return wrong("slice", value, "not like 1/4");
    options->campaign.slice = (unsigned)slice - 1;
    options->campaign.slices = (unsigned)slices;
    return -1;
}

static int read_to(struct explore_options *options, char *value)
{
    char *comma = strchr(value, ',');

    if (comma && strcmp(comma, ",return") != 0)
        return wrong("to", value, "behind the function only ',return' can stand");
    if (comma)
        *comma = '\0';
    options->campaign.walker.to_returns = comma != NULL;
    options->campaign.walker.to = value;
    return -1;
}

/* "F", or "F,3": its third entry. */
static int read_from(struct explore_options *options, char *value)
{
    struct walker_options *walker = &options->campaign.walker;
    char *comma = strchr(value, ',');

    walker->from = value;
    if (!comma)
        return -1;
    *comma = '\0';
    return read_u32("from", comma + 1, 1, 1000000, &walker->from_count);
}

static int read_coverage(struct explore_options *options, const char *value)
{
    if (strncmp(value, "lcov:", 5) != 0 || !value[5])
        return wrong("coverage", value, "not like lcov:FILE");
    options->lcov = value + 5;
    return -1;
}

static int read_valued(struct explore_options *options, const char *name, char *value)
{
    struct walker_options *walker = &options->campaign.walker;

    if (!strcmp(name, "strategy"))
        return read_strategy(options, value);
    if (!strcmp(name, "budget"))
        return read_budget(options, value);
    if (!strcmp(name, "jobs"))
        return read_u32(name, value, 1, WORKERS_MAX, &options->campaign.workers);
    if (!strcmp(name, "shrink"))
        return read_u32(name, value, 0, 1000000, &options->shrink);
    if (!strcmp(name, "depth"))
        return read_u32(name, value, 1, 16, &options->campaign.depth);
    if (!strcmp(name, "deviations"))
        return read_u32(name, value, 0, 4, &walker->bounds.deviations);
    if (!strcmp(name, "patience"))
        return read_u32(name, value, 1, 100000, &walker->bounds.patience);
    if (!strcmp(name, "preemptions")) {
        walker->bounds.bounded = true;
        return read_u32(name, value, 0, 1000, &walker->bounds.preemptions);
    }
    if (!strcmp(name, "frame-places"))
        return read_u32(name, value, 1, 16, &walker->bounds.places);
    if (!strcmp(name, "rounds"))
        return read_u32(name, value, 1, 1000, &walker->bounds.rounds);
    if (!strcmp(name, "interrupt-delay"))
        return read_u32(name, value, 0, 4096, &walker->bounds.interrupt_delay);
    if (!strcmp(name, "slice"))
        return read_slice(options, value);
    if (!strcmp(name, "to"))
        return read_to(options, value);
    if (!strcmp(name, "coverage"))
        return read_coverage(options, value);
    if (!strcmp(name, "from"))
        return read_from(options, value);
    if (!strcmp(name, "resume"))
        options->resume = value;
    else if (!strcmp(name, "checkpoint"))
        options->checkpoint = value;
    else if (!strcmp(name, "known"))
        options->known = value;
    else
        options->emit_test = value;
    return -1;
}

static void read_switch(struct explore_options *options, const char *name)
{
    struct walk_bounds *bounds = &options->campaign.walker.bounds;

    if (!strcmp(name, "all"))
        options->campaign.first_only = false;
    else if (!strcmp(name, "ties"))
        bounds->ties = true;
    else if (!strcmp(name, "usual-host"))
        bounds->host_waits = true;
    else if (!strcmp(name, "any-answer"))
        bounds->any_answer = true;
    else if (!strcmp(name, "whole"))
        bounds->whole = true;
    else
        options->json = true;
}

static const char *const valued[] = {
    "strategy", "budget",   "jobs",        "depth",  "deviations",  "rounds", "interrupt-delay",
    "slice",    "to",       "coverage",    "from",   "emit-test",   "resume", "checkpoint",
    "known",    "patience", "preemptions", "shrink", "frame-places"};
static const char *const switches[] = {"all", "ties", "usual-host", "any-answer", "whole", "json"};

static const char *find(const char *const *names, size_t count, const char *argument, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) == size && !strncmp(names[i], argument, size))
            return names[i];
    }
    return NULL;
}

/* An option of explore alone. -2: it is none. */
static int read_own(struct explore_options *options, int argc, char **argv, int *at)
{
    char *argument = argv[*at];
    char *equals = strchr(argument, '=');
    size_t size = equals ? (size_t)(equals - argument) : strlen(argument);
    const char *name;

    if (strncmp(argument, "--", 2) != 0 || size < 3)
        return -2;
    name = find(switches, ARRAY_LENGTH(switches), argument + 2, size - 2);
    if (name && !equals) {
        read_switch(options, name);
        return -1;
    }
    name = find(valued, ARRAY_LENGTH(valued), argument + 2, size - 2);
    if (!name)
        return -2;
    if (equals)
        return read_valued(options, name, equals + 1);
    if (*at + 1 == argc)
        return cli_usage_error("explore", "%s: needs a value", argument);
    return read_valued(options, name, argv[++*at]);
}

static int check_together(struct explore_options *options)
{
    const struct campaign_options *campaign = &options->campaign;

    if (campaign->walker.to && !campaign->walker.from)
        return cli_usage_error("explore", "--to needs --from");
    if (options->run.differential || options->run.verbose || options->run.console)
        return cli_usage_error("explore", "--differential, --verbose and --console are for "
                                          "'fencepost run'");
    if (options->json && reports_use_output(&options->run.reports))
        return cli_usage_error("explore", "--json leaves no room for a report on standard output");
    options->run.reports.silent = options->json;
    if (options->known && options->resume)
        return cli_usage_error("explore", "--known: the search that is resumed knows it already");
    if (campaign->strategy->pick && !campaign->budget && options->seconds <= 0)
        return cli_usage_error("explore", "--strategy=%s never ends: --budget=5s or --budget=1000",
                               campaign->strategy->name);
    return -1;
}

static unsigned count_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > WORKERS_MAX ? WORKERS_MAX : (unsigned)cores;
}

static void set_defaults(struct explore_options *options)
{
    *options =
        (struct explore_options){.shrink = SHRINK_USUAL,
                                 .campaign = {.strategy = &strategy_exhaustive,
                                              .depth = DEFAULT_DEPTH,
                                              .workers = count_cores(),
                                              .first_only = true,
                                              .walker.bounds = {.interrupt_delay = DEFAULT_DELAY,
                                                                .rounds = DEFAULT_ROUNDS,
                                                                .places = FRAME_PLACES}}};
}

/* What is not explore's own is run's. */
int explore_options_read(struct explore_options *options, int argc, char **argv)
{
    char **rest = heap_allocate((size_t)argc + 1, sizeof *rest);
    int count = 0;
    int code = -1;

    set_defaults(options);
    options->arguments = rest;
    rest[count++] = argv[0];
    for (int i = 1; i < argc && code == -1; i++) {
        code = read_own(options, argc, argv, &i);
        if (code == -2) {
            rest[count++] = argv[i];
            code = -1;
        }
    }
    if (code == -1)
        code = run_options_read(&options->run, count, rest);
    options->help = options->run.help;
    if (code != -1 || options->help)
        return code;
    if (options->lcov) /* what executed is known in one process */
        options->campaign.workers = 1;
    options->campaign.seed = options->run.machine.seed;
    options->campaign.walker.checked = &options->run.checked;
    return check_together(options);
}
