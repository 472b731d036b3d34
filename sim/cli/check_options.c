/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/check_options.h"

#include "sim/cli/cli.h"
#include "sim/cli/quantity.h"

#include <getopt.h>
#include <string.h>

static const char help[] =
    "Usage: fencepost check [OPTION]... IMAGE...\n"
    "Tests a USB device as compliance suites do: every standard request in every state, all\n"
    "descriptors, halts, refused requests, broken-off transfers, suspend. IMAGE is firmware as "
    "for\n"
    "'fencepost run', and the DMA rules are checked meanwhile.\n"
    "\n"
    "  --list                      the cases, with the clause of USB 2.0 behind each\n"
    "  --only=PATTERN              only cases whose name fits, e.g. 'suspend-*'. May be given\n"
    "                              several times\n"
    "  --except=PATTERN            not these cases. May be given several times\n"
    "  --show=CASE                 print the conversation of one case for this device: a file for\n"
    "                              'fencepost run --host=FILE.usb', to look at a failure closely\n"
    "  --report=FORMAT:FILE,...    also write the results as junit or json; FILE - is standard\n"
    "                              output, without anything else\n"
    "  --dma=realistic|eager|lazy|random\n"
    "                              when EasyDMA reads and writes RAM (realistic)\n"
    "  --seed=N                    for --dma=random (0)\n" SILICON_HELP BOARD_HELP
    "  --color=auto|always|never   colour; auto is: on a terminal, unless NO_COLOR is set\n"
    "  --help                      this text\n"
    "\n"
    "Reading the table: 'pass', 'FAIL' with the reason, 'n/a' when the device has nothing that "
    "the\n"
    "case could test, 'missing' when a case came to no result, which counts as a failure. Where\n"
    "chapter 9 leaves the answer open, a case only asks that the device answers and lives on.\n"
    "Each case begins with a snapshot of its state (Attached, Default, Address, Configured), so a\n"
    "failure in one is not the fault of another.\n"
    "\n"
    "A failure in three steps:\n"
    "\n"
    "  fencepost check firmware.elf\n"
    "  fencepost check --show=halt firmware.elf > halt.usb\n"
    "  fencepost run --verbose --host=halt.usb firmware.elf\n"
    "\n"
    "Exit status: 0 compliant and no finding, 1 not, 2 wrong usage or input.\n";

enum option_id {
    OPTION_LIST = 256,
    OPTION_ONLY,
    OPTION_EXCEPT,
    OPTION_SHOW,
    OPTION_REPORT,
    OPTION_DMA,
    OPTION_SEED,
    OPTION_COLOUR,
};

static const struct option long_options[] = {
    {"list", no_argument, NULL, OPTION_LIST},
    {"only", required_argument, NULL, OPTION_ONLY},
    {"except", required_argument, NULL, OPTION_EXCEPT},
    {"show", required_argument, NULL, OPTION_SHOW},
    {"report", required_argument, NULL, OPTION_REPORT},
    {"dma", required_argument, NULL, OPTION_DMA},
    {"seed", required_argument, NULL, OPTION_SEED},
    SILICON_LONG_OPTIONS,
#define PORT BOARD_LONG_OPTION
#include "sim/board/ports.def"
#undef PORT
    BOARD_FILE_OPTION,
    {"color", required_argument, NULL, OPTION_COLOUR},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

const char *check_options_help(void)
{
    return help;
}

static bool refuse(const char *option, const char *argument, const char *reason)
{
    (void)cli_usage_error("check", "--%s=%s: %s", option, argument, reason);
    return false;
}

/* `word` is FORMAT:FILE; it is cut in two. */
static bool read_report(struct check_options *options, char *word)
{
    char *colon = strchr(word, ':');
    struct check_report report = {NULL, NULL};

    if (!colon || !colon[1])
        return refuse("report", word, "needs a file, as in junit:FILE; - is standard output");
    *colon = '\0';
    if (!strcmp(word, "junit"))
        report.emit = comply_emit_junit;
    else if (!strcmp(word, "json"))
        report.emit = comply_emit_json;
    else
        return refuse("report", word, "not one of: junit, json");
    if (options->reports == CHECK_REPORTS)
        return refuse("report", word, "too many reports");
    report.path = strcmp(colon + 1, "-") != 0 ? colon + 1 : NULL;
    if (!report.path && check_options_own_output(options))
        return refuse("report", word, "standard output is wanted for another report too");
    options->report[options->reports++] = report;
    return true;
}

static bool read_reports(struct check_options *options, char *words)
{
    bool good = true;

    while (good && words) {
        char *word = words;

        words = strchr(word, ',');
        if (words)
            *words++ = '\0';
        good = read_report(options, word);
    }
    return good;
}

static bool read_pattern(struct check_patterns *patterns, const char *option, const char *pattern)
{
    if (patterns->count == CHECK_PATTERNS)
        return refuse(option, pattern, "too many patterns");
    patterns->pattern[patterns->count++] = pattern;
    return true;
}

static bool read_dma(struct check_options *options, const char *argument)
{
    static const char *const names[] = {[CHOICE_REALISTIC] = "realistic",
                                        [CHOICE_EAGER] = "eager",
                                        [CHOICE_LAZY] = "lazy",
                                        [CHOICE_RANDOM] = "random"};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (!strcmp(names[i], argument)) {
            options->machine.dma = (enum choice_policy)i;
            return true;
        }
    }
    return refuse("dma", argument, "not one of: realistic, eager, lazy, random");
}

static bool read_colour(struct check_options *options, const char *argument)
{
    if (strcmp(argument, "auto") != 0 && strcmp(argument, "always") != 0 &&
        strcmp(argument, "never") != 0)
        return refuse("color", argument, "not one of: auto, always, never");
    options->colour = cli_wants_colour(argument);
    return true;
}

static bool read_option(struct check_options *options, int id, char *argument)
{
    if (board_words_know(id)) {
        board_words_read(&options->board, &options->machine.board, id, argument);
        return true;
    }
    switch (id) {
    case OPTION_LIST:
        options->list = true;
        return true;
    case OPTION_ONLY:
        return read_pattern(&options->only, "only", argument);
    case OPTION_EXCEPT:
        return read_pattern(&options->except, "except", argument);
    case OPTION_SHOW:
        options->show = argument;
        return true;
    case OPTION_REPORT:
        return read_reports(options, argument);
    case OPTION_DMA:
        return read_dma(options, argument);
    case OPTION_SEED:
        return quantity_number(argument, &options->machine.seed) ||
               refuse("seed", argument, "not a number");
    case OPTION_COLOUR:
        return read_colour(options, argument);
    case OPTION_SILICON:
    case OPTION_ERRATUM:
    case OPTION_UNDOCUMENTED:
        return silicon_options_read(&options->silicon, "check", id, argument);
    default:
        options->help = true;
        return true;
    }
}

bool check_options_own_output(const struct check_options *options)
{
    for (unsigned i = 0; i < options->reports; i++)
        if (!options->report[i].path)
            return true;
    return false;
}

int check_options_read(struct check_options *options, int argc, char **argv)
{
    int id;

    *options = (struct check_options){.machine = {.host = HOST_MANUAL},
                                      .colour = cli_wants_colour("auto")};
    opterr = 0;
    optind = 1;
    while ((id = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        if (id == ':')
            return cli_usage_error("check", "%s: needs a value", argv[optind - 1]);
        if (id == '?')
            return cli_usage_error("check", "%s: no such option, or not in this form",
                                   argv[optind - 1]);
        if (!read_option(options, id, optarg))
            return EXIT_USAGE;
    }
    options->machine.silicon = silicon_options_settle(&options->silicon);
    options->images = argv + optind;
    options->image_count = (unsigned)(argc - optind);
    if (!options->image_count && !options->help && !options->list)
        return cli_usage_error("check", "no firmware image given");
    return board_words_settle(&options->board, &options->machine.board);
}
