/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/debug_options.h"

#include "sim/cli/cli.h"
#include "sim/cli/quantity.h"

#include <getopt.h>
#include <string.h>

enum { DEFAULT_PORT = 3333, DEFAULT_HISTORY_MB = 256 };

static const char help[] =
    "Usage: fencepost debug [OPTION]... IMAGE...\n"
    "Puts firmware on a simulated nRF52840 under gdb. While the CPU stands still, so do EasyDMA\n"
    "and the USB host; stopping changes nothing. Time can be walked backwards.\n"
    "\n"
    "The first five minutes, in two terminals:\n"
    "\n"
    "  fencepost debug firmware.elf\n"
    "  gdb-multiarch firmware.elf -ex 'target extended-remote 127.0.0.1:3333'\n"
    "\n"
    "  (gdb) break USBD_IRQHandler     as usual; there may be any number of breakpoints\n"
    "  (gdb) continue\n"
    "  (gdb) monitor dma               which bytes EasyDMA owns, and how far it is\n"
    "  (gdb) watch buffer[0]           stops behind the store; any number of these too\n"
    "  (gdb) continue                  stops at DMA races by itself, with the report\n"
    "  (gdb) reverse-continue          back to the last breakpoint, store or race\n"
    "  (gdb) monitor why               where each byte of the last packet came from\n"
    "  (gdb) monitor stop-on setup     stops when the host sends SETUP; see monitor stop-on\n"
    "  (gdb) monitor help              everything else\n"
    "\n"
    "docs/debugging.md goes on from here. With -x scripts/fencepost.gdb there are shorter words.\n"
    "\n"
    "  --port=N                    TCP port, 0 for any that is free (3333)\n"
    "  --listen=ADDRESS            IPv4 address to listen at (127.0.0.1, this computer only)\n"
    "  --unix=PATH                 listen at a Unix socket instead\n"
    "  --stdio                     gdb starts the simulator itself and talks through a pipe\n"
    "  --history=MB                memory for going back; 0: none (256)\n"
    "  --replay=TOKEN              the machine of a report's replay line: its host, timing and "
    "seed\n"
    "  --host=linux|windows|macos|manual\n"
    "                              whose enumeration the host follows; manual: none (linux)\n"
    "  --host=FILE.usb             what the host does instead, as text: docs/host-language.md\n"
    "  --dma=realistic|eager|lazy|random\n"
    "                              when EasyDMA reads and writes RAM (realistic)\n"
    "  --seed=N                    for --dma=random (0)\n"
    "  --store-buffer[=N] --on-fault=WHAT --heap=FUNCTION --rules=LIST --fences=WHAT\n"
    "  --memory-model=WHAT\n"
    "                              as in 'fencepost run --help'\n" SILICON_HELP BOARD_HELP
    "  --help                      this text\n"
    "\n"
    "Exit status: 0 the session was ended, 2 wrong usage or input.\n";

enum option_id {
    OPTION_PORT = 256,
    OPTION_LISTEN,
    OPTION_UNIX,
    OPTION_STDIO,
    OPTION_HISTORY,
    OPTION_REPLAY,
    OPTION_HOST,
    OPTION_COURSE, /* what a replay token says too */
    OPTION_CHECK,  /* what is looked for in the run */
};

static const struct option long_options[] = {
    {"port", required_argument, NULL, OPTION_PORT},
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"unix", required_argument, NULL, OPTION_UNIX},
    {"stdio", no_argument, NULL, OPTION_STDIO},
    {"history", required_argument, NULL, OPTION_HISTORY},
    {"replay", required_argument, NULL, OPTION_REPLAY},
    {"host", required_argument, NULL, OPTION_HOST},
    {"dma", required_argument, NULL, OPTION_COURSE},
    {"seed", required_argument, NULL, OPTION_COURSE},
    {"store-buffer", optional_argument, NULL, OPTION_COURSE},
    {"on-fault", required_argument, NULL, OPTION_COURSE},
    {"heap", required_argument, NULL, OPTION_CHECK},
    {"rules", required_argument, NULL, OPTION_CHECK},
    {"fences", required_argument, NULL, OPTION_CHECK},
    {"memory-model", required_argument, NULL, OPTION_CHECK},
    SILICON_LONG_OPTIONS,
#define PORT BOARD_LONG_OPTION
#include "sim/board/ports.def"
#undef PORT
    BOARD_FILE_OPTION,
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

const char *debug_options_help(void)
{
    return help;
}

static bool read_number(const char *option, const char *text, uint64_t most, uint64_t *number)
{
    if (quantity_number(text, number) && *number <= most)
        return true;
    (void)cli_usage_error("debug", "--%s=%s: not a number up to %llu", option, text,
                          (unsigned long long)most);
    return false;
}

static bool read_option(struct debug_options *options, const struct option *option, int id,
                        const char *argument)
{
    uint64_t number = 0;

    if (board_words_know(id)) {
        board_words_read(&options->run.board, &options->run.machine.board, id, argument);
        return true;
    }
    switch (id) {
    case OPTION_PORT:
        if (!read_number("port", argument, UINT16_MAX, &number))
            return false;
        options->port = (uint16_t)number;
        return true;
    case OPTION_LISTEN:
        options->address = argument;
        options->address_given = strcmp(argument, "127.0.0.1") != 0;
        return true;
    case OPTION_UNIX:
        options->unix_path = argument;
        return true;
    case OPTION_STDIO:
        options->stdio = true;
        return true;
    case OPTION_HISTORY:
        if (!read_number("history", argument, 65536, &number))
            return false;
        options->history_bytes = (size_t)number << 20;
        return true;
    case OPTION_REPLAY:
        options->token = argument;
        return true;
    case OPTION_HOST:
        if (!strpbrk(argument, "./"))
            options->run.course = "host"; /* of a file a token does not say where it is */
        if (strcmp(argument, "manual") != 0)
            return run_options_take(&options->run, "host", argument);
        options->run.machine.host = HOST_MANUAL;
        return true;
    case OPTION_COURSE:
        options->run.course = option->name;
        return run_options_take(&options->run, option->name, argument);
    case OPTION_CHECK:
        return run_options_take(&options->run, option->name, argument);
    case OPTION_SILICON:
    case OPTION_ERRATUM:
    case OPTION_UNDOCUMENTED:
        options->run.course = option->name;
        return silicon_options_read(&options->run.silicon, "debug", id, argument);
    default:
        options->run.help = true;
        return true;
    }
}

static int check_together(const struct debug_options *options)
{
    if (options->token && options->run.course)
        return cli_usage_error("debug", "--%s: the token of --replay says it already",
                               options->run.course);
    if (!options->run.image_count)
        return cli_usage_error("debug", "no firmware image given");
    return -1;
}

int debug_options_read(struct debug_options *options, int argc, char **argv)
{
    int which = 0;
    int id;

    *options = (struct debug_options){.address = "127.0.0.1",
                                      .port = DEFAULT_PORT,
                                      .history_bytes = (size_t)DEFAULT_HISTORY_MB << 20};
    opterr = 0;
    optind = 1;
    while ((id = getopt_long(argc, argv, ":h", long_options, &which)) != -1) {
        if (id == ':')
            return cli_usage_error("debug", "%s: needs a value", argv[optind - 1]);
        if (id == '?')
            return cli_usage_error("debug", "%s: no such option, or not in this form",
                                   argv[optind - 1]);
        if (!read_option(options, &long_options[which], id, optarg))
            return EXIT_USAGE;
        if (options->run.help)
            return -1;
    }
    options->run.machine.silicon = silicon_options_settle(&options->run.silicon);
    options->run.images = argv + optind;
    options->run.image_count = (unsigned)(argc - optind);
    return board_words_settle(&options->run.board, &options->run.machine.board) < 0
               ? check_together(options)
               : EXIT_USAGE;
}
