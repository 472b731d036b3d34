/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/run_options.h"

#include "sim/cli/cli.h"
#include "sim/cli/quantity.h"
#include "sim/mem/store_buffer.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { DEFAULT_TIMEOUT_S = 10, DEFAULT_STORE_BUFFER = 16 };

/* In two halves: C11 promises no longer literals. What decides the run ... */
static const char help_run[] =
    "Usage: fencepost run [OPTION]... IMAGE...\n"
    "Runs firmware on a simulated nRF52840 while a USB host enumerates it. IMAGE is an ELF file,\n"
    "Intel HEX, UF2 or a raw binary (app.bin, or app.bin@0x26000 when it does not begin at 0);\n"
    "source lines need an ELF with debug information (-g).\n"
    "\n"
    "  --host=linux|windows|macos  whose enumeration the host follows (linux)\n"
    "  --host=cdc|hid|msc|loopback|auto\n"
    "                              enumerate as Linux, then speak the class of the device: serial\n"
    "                              port, keyboard, disk, vendor endpoints that send data back, or\n"
    "                              all of these that its descriptors show\n"
    "  --host=hostile              enumerate, then misbehave at random, from --seed\n"
    "  --host=none                 nobody is plugged in: firmware that does without USB runs "
    "until\n"
    "                              --timeout, which is then no failure\n"
    "  --host=FILE.usb             what the host does instead, as text: docs/host-language.md\n"
    "  --timeout=TIME              give up after this much virtual time, e.g. 500ms (10s)\n"
    "  --dma=realistic|eager|lazy|random\n"
    "                              when EasyDMA reads and writes RAM: at a plausible pace, at\n"
    "                              once, as late as possible, or at random (realistic).\n"
    "                              Findings do not depend on it; the bytes the host gets do\n"
    "  --seed=N                    for --dma=random and --host=hostile; the same seed gives the\n"
    "                              same run (0)\n"
    "  --store-buffer[=N]          let EasyDMA see the last N (16) stores only behind a barrier, "
    "so\n"
    "                              that a missing fence shows on the wire\n" SILICON_HELP
    "  --differential              run on ideal silicon too (and on rev3, without --silicon), and "
    "say\n"
    "                              in one sentence what differs and which workaround is missing\n"
    "  --flash=FILE                flash and UICR begin with what FILE holds, and are saved there "
    "at\n"
    "                              the end; IMAGEs are written over it\n" BOARD_HELP;

/* ... and what is made of it. */
static const char help_report[] =
    "  --heap=NAME:free:ARG        NAME is a function that takes back a heap block, its argument\n"
    "                              ARG (from 0); also NAME:alloc:SIZE and NAME:realloc:ARG:SIZE.\n"
    "                              malloc and its kin are known. May be given several times\n"
    "  --rules=LIST                which rules are on: names or families, e.g. DMA,BUF003; with -\n"
    "                              all but these: -FEN,-PER006; none (all)\n"
    "  --fences=warn|error|off     what a missing barrier between CPU and EasyDMA is (warn)\n"
    "  --memory-model=armv7m|cortex-m4\n"
    "                              which barriers count: DMB and DSB, or recorded compiler "
    "barriers\n"
    "                              too, as the core keeps the order by itself (armv7m)\n"
    "  --uninitialised=auto|on|off look for bytes sent to the host that nothing has written, in a\n"
    "                              second run; auto: if the first took less than 2 s (auto)\n"
    "  --on-fault=stop|continue    whether a HardFault ends the run (stop)\n"
    "  --report=FORMAT:FILE,...    also report as json, sarif, junit or text to FILE; - is "
    "standard\n"
    "                              output, without anything else. --report=github prints\n"
    "                              annotations for workflows. May be given several times\n"
    "  --suppressions=FILE         findings to live with, one RULE WHERE:PATTERN -- REASON a "
    "line;\n"
    "                              WHERE is function, file or symbol: docs/suppressions.md\n"
    "  --quiet                     print findings and the verdict only\n"
    "  --verbose                   also print every packet, transfer and interrupt\n"
    "  --console                   print what the firmware prints, as it is, and findings\n"
    "  --color=auto|always|never   colour; auto is: on a terminal, unless NO_COLOR is set\n"
    "  --help                      this text\n"
    "\n"
    "Times are virtual: they do not depend on the speed of this computer.\n"
    "Exit status: 0 clean, 1 findings or failed firmware, 2 wrong usage or input.\n"
    "\n"
    "Example: fencepost run --dma=lazy --host=windows build/firmware/gcc-O2/usb-5.elf\n";

/* A word of an option and the value it stands for. */
struct word {
    const char *name;
    int value;
};

/* Those behind macos stand here for messages; hosts_talk_named knows them. */
static const struct word hosts[] = {{"linux", HOST_LINUX},
                                    {"windows", HOST_WINDOWS},
                                    {"macos", HOST_MACOS},
                                    {"auto", HOST_LINUX},
                                    {"cdc", HOST_LINUX},
                                    {"hid", HOST_LINUX},
                                    {"msc", HOST_LINUX},
                                    {"loopback", HOST_LINUX},
                                    {"hostile", HOST_LINUX},
                                    {"none", HOST_NONE},
                                    {NULL, 0}};
static const struct word policies[] = {{"realistic", CHOICE_REALISTIC},
                                       {"eager", CHOICE_EAGER},
                                       {"lazy", CHOICE_LAZY},
                                       {"random", CHOICE_RANDOM},
                                       {NULL, 0}};
static const struct word searches[] = {
    {"auto", UNINITIALISED_AUTO}, {"on", UNINITIALISED_ON}, {"off", UNINITIALISED_OFF}, {NULL, 0}};
static const struct word on_fault[] = {{"stop", false}, {"continue", true}, {NULL, 0}};
static const struct word colours[] = {{"auto", 0}, {"always", 0}, {"never", 0}, {NULL, 0}};

static const struct word fences[] = {
    {"warn", FENCES_WARN}, {"error", FENCES_ERROR}, {"off", FENCES_OFF}, {NULL, 0}};
static const struct word memory_models[] = {
    {"armv7m", MEMORY_MODEL_ARMV7M}, {"cortex-m4", MEMORY_MODEL_CORTEX_M4}, {NULL, 0}};

enum option_id {
    OPTION_HOST = 256,
    OPTION_TIMEOUT,
    OPTION_DMA,
    OPTION_SEED,
    OPTION_HEAP,
    OPTION_RULES,
    OPTION_UNINITIALISED,
    OPTION_FENCES,
    OPTION_MEMORY_MODEL,
    OPTION_ON_FAULT,
    OPTION_STORE_BUFFER,
    OPTION_COLOUR,
    OPTION_REPORT,
    OPTION_SUPPRESSIONS,
    OPTION_FLASH,
    OPTION_DIFFERENTIAL,
};

static const struct option long_options[] = {
    {"host", required_argument, NULL, OPTION_HOST},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"dma", required_argument, NULL, OPTION_DMA},
    {"seed", required_argument, NULL, OPTION_SEED},
#define PORT BOARD_LONG_OPTION
#include "sim/board/ports.def"
#undef PORT
    BOARD_FILE_OPTION,
    {"heap", required_argument, NULL, OPTION_HEAP},
    {"rules", required_argument, NULL, OPTION_RULES},
    {"fences", required_argument, NULL, OPTION_FENCES},
    {"memory-model", required_argument, NULL, OPTION_MEMORY_MODEL},
    {"uninitialised", required_argument, NULL, OPTION_UNINITIALISED},
    {"on-fault", required_argument, NULL, OPTION_ON_FAULT},
    {"store-buffer", optional_argument, NULL, OPTION_STORE_BUFFER},
    {"color", required_argument, NULL, OPTION_COLOUR},
    {"report", required_argument, NULL, OPTION_REPORT},
    {"suppressions", required_argument, NULL, OPTION_SUPPRESSIONS},
    {"flash", required_argument, NULL, OPTION_FLASH},
    SILICON_LONG_OPTIONS,
    {"differential", no_argument, NULL, OPTION_DIFFERENTIAL},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"console", no_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* Who reads them: other commands have these options, too. */
static const char *command = "run";

void run_options_print_help(void)
{
    cli_print(help_run);
    cli_print(help_report);
}

/* Finds `text` among `words`; on failure says which there are. */
static bool read_word(const char *option, const char *text, const struct word *words, int *value)
{
    char choices[120] = "";

    for (const struct word *word = words; word->name; word++) {
        if (!strcmp(word->name, text)) {
            *value = word->value;
            return true;
        }
        if (*choices)
            strncat(choices, ", ", sizeof choices - strlen(choices) - 1);
        strncat(choices, word->name, sizeof choices - strlen(choices) - 1);
    }
    (void)cli_usage_error(command, "--%s=%s: not one of: %s", option, text, choices);
    return false;
}

static const char *word_for(const struct word *words, int value)
{
    while (words->name && words->value != value)
        words++;
    return words->name;
}

const char *run_options_host(const struct run_options *options)
{
    if (options->machine.host_script)
        return options->machine.host_script;
    if (options->machine.talk)
        return hosts_talk_name(options->machine.talk);
    return word_for(hosts, (int)options->machine.host);
}

const char *run_options_fences(const struct run_options *options)
{
    return word_for(fences, (int)options->checked.checker.fences);
}

const char *run_options_memory_model(const struct run_options *options)
{
    return word_for(memory_models, (int)options->checked.checker.memory_model);
}

const char *run_options_dma(const struct run_options *options)
{
    return word_for(policies, (int)options->machine.dma);
}

static bool read_store_buffer(struct run_options *options, const char *argument)
{
    uint64_t depth = DEFAULT_STORE_BUFFER;

    if (argument && (!quantity_number(argument, &depth) || depth < 1 || depth > STORE_BUFFER_MAX)) {
        (void)cli_usage_error(command, "--store-buffer=%s: not a number from 1 to %d", argument,
                              STORE_BUFFER_MAX);
        return false;
    }
    options->machine.store_buffer = (uint32_t)depth;
    return true;
}

/* A built-in host, or a file: its name has a dot or a slash. */
static bool read_host(struct run_options *options, const char *text)
{
    int value = HOST_SCRIPT;
    enum host_talk talk = hosts_talk_named(text);

    options->machine.talk = talk == TALKS ? TALK_NONE : talk;
    if (talk != TALKS)
        value = HOST_LINUX;
    else if (!strpbrk(text, "./") && !read_word("host", text, hosts, &value))
        return false;
    options->machine.host = (enum host_profile)value;
    options->machine.host_script = value == HOST_SCRIPT ? text : NULL;
    return true;
}

static bool read_heap(struct run_options *options, const char *argument)
{
    unsigned n = options->checked.heap_count;
    int length;

    if (n == HEAP_FUNCTIONS) {
        (void)cli_usage_error(command, "--heap: at most %d functions", HEAP_FUNCTIONS);
        return false;
    }
    length = snprintf(options->heap_words[n], sizeof options->heap_words[n], "%s", argument);
    if (length >= (int)sizeof options->heap_words[n] ||
        !heap_function_read(&options->heap[n], options->heap_words[n])) {
        (void)cli_usage_error(command, "--heap=%s: not like NAME:free:0 or NAME:alloc:0", argument);
        return false;
    }
    options->heap_arguments[n] = argument;
    options->checked.heap = options->heap;
    options->checked.heap_count++;
    return true;
}

static bool read_rules(struct run_options *options, const char *argument)
{
    options->rules = argument;
    return cli_read_rules(command, argument, &options->checked.checker.rules_off);
}

static bool read_option(struct run_options *options, int id, const char *argument)
{
    int value = 0;

    if (board_words_know(id)) {
        board_words_read(&options->board, &options->machine.board, id, argument);
        return true;
    }
    switch (id) {
    case OPTION_HOST:
        return read_host(options, argument);
    case OPTION_DMA:
        if (!read_word("dma", argument, policies, &value))
            return false;
        options->machine.dma = (enum choice_policy)value;
        return true;
    case OPTION_HEAP:
        return read_heap(options, argument);
    case OPTION_RULES:
        return read_rules(options, argument);
    case OPTION_FENCES:
        if (!read_word("fences", argument, fences, &value))
            return false;
        options->checked.checker.fences = (enum fence_findings)value;
        return true;
    case OPTION_MEMORY_MODEL:
        if (!read_word("memory-model", argument, memory_models, &value))
            return false;
        options->checked.checker.memory_model = (enum memory_model)value;
        return true;
    case OPTION_UNINITIALISED:
        if (!read_word("uninitialised", argument, searches, &value))
            return false;
        options->search = (enum uninitialised_search)value;
        return true;
    case OPTION_ON_FAULT:
        if (!read_word("on-fault", argument, on_fault, &value))
            return false;
        options->machine.faults_continue = value;
        return true;
    case OPTION_COLOUR:
        if (!read_word("color", argument, colours, &value))
            return false;
        options->colour = cli_wants_colour(argument);
        return true;
    case OPTION_TIMEOUT:
        if (quantity_time(argument, &options->timeout))
            return true;
        (void)cli_usage_error(command, "--timeout=%s: not a time such as 2s, 500ms or 100us",
                              argument);
        return false;
    case OPTION_STORE_BUFFER:
        return read_store_buffer(options, argument);
    case OPTION_SEED:
        if (quantity_number(argument, &options->machine.seed))
            return true;
        (void)cli_usage_error(command, "--seed=%s: not a number", argument);
        return false;
    case OPTION_REPORT:
        return reports_read(&options->reports, argument);
    case OPTION_SILICON:
    case OPTION_ERRATUM:
    case OPTION_UNDOCUMENTED:
        return silicon_options_read(&options->silicon, command, id, argument);
    case OPTION_DIFFERENTIAL:
        options->differential = true;
        return true;
    case OPTION_SUPPRESSIONS:
        options->suppressions = argument;
        return true;
    case OPTION_FLASH:
        options->flash = argument;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    case 'v':
        options->verbose = true;
        return true;
    case 'c':
        options->console = true;
        return true;
    default:
        options->help = true;
        return true;
    }
}

bool run_options_take(struct run_options *options, const char *name, const char *argument)
{
    const struct option *option = long_options;

    while (strcmp(option->name, name) != 0)
        option++;
    return read_option(options, option->val, argument);
}

/* What a replay token says already. */
static void note_course(struct run_options *options, int id)
{
    static const int course[] = {OPTION_HOST,    OPTION_TIMEOUT,  OPTION_DMA,
                                 OPTION_SEED,    OPTION_ON_FAULT, OPTION_STORE_BUFFER,
                                 OPTION_SILICON, OPTION_ERRATUM,  OPTION_UNDOCUMENTED};

    if (id == OPTION_HOST && options->machine.host_script)
        return; /* a token says which conversation it was, not where it is */
    for (size_t i = 0; i < ARRAY_LENGTH(course) && !options->course; i++) {
        for (const struct option *option = long_options; option->name; option++) {
            if (course[i] == id && option->val == id)
                options->course = option->name;
        }
    }
}

static int check_together(const struct run_options *options)
{
    if (options->quiet + options->verbose + options->console > 1)
        return cli_usage_error(command,
                               "only one of --quiet, --verbose and --console can be given");
    if (options->differential &&
        (options->verbose || options->console || options->suppressions || options->reports.count))
        return cli_usage_error(command,
                               "--differential prints one sentence: no --verbose, --console, "
                               "--report or --suppressions");
    if (!reports_check(&options->reports))
        return EXIT_USAGE;
    if (reports_own_output(&options->reports) && (options->verbose || options->console))
        return cli_usage_error(command,
                               "--report=...:- leaves no room for --verbose and --console");
    if (!options->image_count)
        return cli_usage_error(command, "no firmware image given");
    return -1;
}

int run_options_read(struct run_options *options, int argc, char **argv)
{
    int id;

    *options = (struct run_options){.timeout = DEFAULT_TIMEOUT_S * CYCLES_PER_SECOND,
                                    .colour = cli_wants_colour("auto")};
    command = argv[0];
    opterr = 0;
    optind = 1;
    while ((id = getopt_long(argc, argv, ":qvch", long_options, NULL)) != -1) {
        if (id == ':')
            return cli_usage_error(command, "%s: needs a value", argv[optind - 1]);
        if (id == '?' && optopt && optopt < 256)
            return cli_usage_error(command, "-%c: no such option", optopt);
        if (id == '?')
            return cli_usage_error(command, "%s: no such option, or not in this form",
                                   argv[optind - 1]);
        if (!read_option(options, id, optarg))
            return EXIT_USAGE;
        note_course(options, id);
        if (options->help)
            return -1;
    }
    options->machine.silicon = silicon_options_settle(&options->silicon);
    options->images = argv + optind;
    options->image_count = (unsigned)(argc - optind);
    return board_words_settle(&options->board, &options->machine.board) < 0
               ? check_together(options)
               : EXIT_USAGE;
}
