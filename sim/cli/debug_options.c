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
    "  --port=N                    TCP port, 0 for any that is free (3333)\n"
    "  --listen=ADDRESS            IPv4 address to listen at (127.0.0.1, this computer only)\n"
    "  --unix=PATH                 listen at a Unix socket instead\n"
    "  --stdio                     gdb starts the simulator itself and talks through a pipe\n"
    "  --history=MB                memory for going back; 0: none (256)\n"
    "  --host=linux|windows|macos|manual\n"
    "                              whose enumeration the host follows; manual: none (linux)\n"
    "  --dma=realistic|eager|lazy|random\n"
    "                              when EasyDMA reads and writes RAM (realistic)\n"
    "  --seed=N                    for --dma=random (0)\n" SILICON_HELP
    "  --help                      this text\n"
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
    "  (gdb) monitor stop-on setup     stops when the host sends SETUP; see monitor stop-on\n"
    "  (gdb) monitor help              everything else\n"
    "\n"
    "Exit status: 0 the session was ended, 2 wrong usage or input.\n";

enum option_id {
    OPTION_PORT = 256,
    OPTION_LISTEN,
    OPTION_UNIX,
    OPTION_STDIO,
    OPTION_HISTORY,
    OPTION_HOST,
    OPTION_DMA,
    OPTION_SEED,
};

static const struct option long_options[] = {
    {"port", required_argument, NULL, OPTION_PORT},
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"unix", required_argument, NULL, OPTION_UNIX},
    {"stdio", no_argument, NULL, OPTION_STDIO},
    {"history", required_argument, NULL, OPTION_HISTORY},
    {"host", required_argument, NULL, OPTION_HOST},
    {"dma", required_argument, NULL, OPTION_DMA},
    {"seed", required_argument, NULL, OPTION_SEED},
    SILICON_LONG_OPTIONS,
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char *const hosts[] = {[HOST_LINUX] = "linux",
                                    [HOST_WINDOWS] = "windows",
                                    [HOST_MACOS] = "macos",
                                    [HOST_MANUAL] = "manual"};
static const char *const policies[] = {[CHOICE_REALISTIC] = "realistic",
                                       [CHOICE_EAGER] = "eager",
                                       [CHOICE_LAZY] = "lazy",
                                       [CHOICE_RANDOM] = "random"};

const char *debug_options_help(void)
{
    return help;
}

/* The place of `text` among `words`, or -1 after having said that it has none. */
static int find_word(const char *option, const char *text, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (!strcmp(words[i], text))
            return i;
    }
    (void)cli_usage_error("debug", "--%s=%s: not one that exists", option, text);
    return -1;
}

static bool read_number(const char *option, const char *text, uint64_t most, uint64_t *number)
{
    if (quantity_number(text, number) && *number <= most)
        return true;
    (void)cli_usage_error("debug", "--%s=%s: not a number up to %llu", option, text,
                          (unsigned long long)most);
    return false;
}

static bool read_option(struct debug_options *options, int id, const char *argument)
{
    uint64_t number = 0;
    int word;

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
        options->target.history_bytes = (size_t)number << 20;
        return true;
    case OPTION_HOST:
        word = find_word("host", argument, hosts, ARRAY_LENGTH(hosts));
        options->target.machine.host = (enum host_profile)word;
        return word >= 0;
    case OPTION_DMA:
        word = find_word("dma", argument, policies, ARRAY_LENGTH(policies));
        options->target.machine.dma = (enum choice_policy)word;
        return word >= 0;
    case OPTION_SILICON:
    case OPTION_ERRATUM:
    case OPTION_UNDOCUMENTED:
        return silicon_options_read(&options->silicon, "debug", id, argument);
    case OPTION_SEED:
        return read_number("seed", argument, UINT64_MAX, &options->target.machine.seed);
    default:
        options->help = true;
        return true;
    }
}

int debug_options_read(struct debug_options *options, int argc, char **argv)
{
    int id;

    *options =
        (struct debug_options){.address = "127.0.0.1",
                               .port = DEFAULT_PORT,
                               .target = {.history_bytes = (size_t)DEFAULT_HISTORY_MB << 20}};
    opterr = 0;
    optind = 1;
    while ((id = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        if (id == ':')
            return cli_usage_error("debug", "%s: needs a value", argv[optind - 1]);
        if (id == '?')
            return cli_usage_error("debug", "%s: no such option, or not in this form",
                                   argv[optind - 1]);
        if (!read_option(options, id, optarg))
            return EXIT_USAGE;
        if (options->help)
            return -1;
    }
    options->target.machine.silicon = silicon_options_settle(&options->silicon);
    options->target.images = argv + optind;
    options->target.image_count = (unsigned)(argc - optind);
    if (!options->target.image_count)
        return cli_usage_error("debug", "no firmware image given");
    return -1;
}
