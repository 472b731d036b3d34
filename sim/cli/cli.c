/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/cli.h"

#include "sim/cpu/cpu.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *brief;
} commands[] = {
    {"run", command_run, "run a firmware image, let a USB host talk to it, report DMA races"},
    {"check", command_check, "test a device against USB 2.0, chapter 9: a table of cases"},
    {"replay", command_replay, "repeat a run bit by bit, from the token of a report"},
    {"explore", command_explore, "all timings of EasyDMA, interrupts and host within a bound"},
    {"debug", command_debug, "run firmware under gdb, forwards and backwards"},
    {"inspect", command_inspect, "say what an image is, without running it"},
    {"peripherals", command_peripherals, "show what is modelled of the chip, and the deviations"},
    {"regs", command_regs, "show the registers that are modelled"},
    {"errata", command_errata, "show the silicon that can be simulated, and its errata"},
    {"rules", command_rules, "show the rules that are checked, and explain one"},
};

/* Set when standard output could not take everything; errno of that moment. */
static int lost_output;

static void complain(const char *format, va_list values)
{
    (void)fputs("fencepost: ", stderr);
    (void)vfprintf(stderr, format, values);
    (void)fputc('\n', stderr);
}

int cli_error(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    complain(format, values);
    va_end(values);
    return EXIT_USAGE;
}

int cli_failure(const struct failure *failure)
{
    return cli_error("%s", failure->message);
}

int cli_usage_error(const char *command, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    complain(format, values);
    va_end(values);
    (void)fprintf(stderr, "Try 'fencepost %s%s--help'.\n", command, *command ? " " : "");
    return EXIT_USAGE;
}

bool cli_read_rules(const char *command, const char *text, rule_set *off)
{
    char wrong[24];

    if (rules_read(off, text, wrong, sizeof wrong))
        return true;
    (void)cli_usage_error(command, "--rules=%s: '%s' is no rule ('fencepost rules' lists them)",
                          text, wrong);
    return false;
}

void cli_print(const char *text)
{
    if (fputs(text, stdout) == EOF && !lost_output)
        lost_output = errno;
}

int cli_finish(int code)
{
    if (fflush(stdout) == EOF && !lost_output)
        lost_output = errno;
    if (!lost_output)
        return code;
    return cli_error("standard output: cannot be written: %s", strerror(lost_output));
}

bool cli_wants_colour(const char *when)
{
    const char *no_colour = getenv("NO_COLOR");

    if (strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    return isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
}

int cli_read_names(int argc, char **argv, const char *help, const char *what,
                   bool (*known)(const char *name))
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            cli_print(help);
            return cli_finish(EXIT_CLEAN);
        }
        if (argv[i][0] == '-')
            return cli_usage_error(argv[0], "%s: no such option", argv[i]);
        if (!known(argv[i]))
            return cli_usage_error(argv[0], "%s: no such %s ('fencepost %s' lists them)", argv[i],
                                   what, argv[0]);
    }
    return -1;
}

static int show_help(void)
{
    cli_print(
        "Usage: fencepost COMMAND [OPTION]... [ARGUMENT]...\n"
        "Runs unmodified nRF52840 firmware on a simulated chip, lets a simulated USB host talk\n"
        "to it, and reports every DMA race it could have on silicon.\n"
        "\n"
        "Commands:\n");
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
        char line[120];

        (void)snprintf(line, sizeof line, "  %-11s %s\n", commands[i].name, commands[i].brief);
        cli_print(line);
    }
    cli_print("\n"
              "  fencepost COMMAND --help   explains a command and its options\n"
              "  fencepost --version        version, and the CPU engine it runs on\n"
              "\n"
              "Exit status: 0 clean, 1 findings or failed firmware, 2 wrong usage or input.\n"
              "\n"
              "Begin with: fencepost run firmware.elf\n");
    return cli_finish(EXIT_CLEAN);
}

static int show_version(void)
{
    cli_print("fencepost " CLI_VERSION " (");
    cli_print(cpu_engine_name());
    cli_print(")\n");
    return cli_finish(EXIT_CLEAN);
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    }
    return NULL;
}

int cli_main(int argc, char **argv)
{
    const struct command *command;

    if (argc < 2)
        return cli_usage_error("", "no command given");
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
        return show_help();
    if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
        return show_version();
    command = find_command(argv[1]);
    if (!command && access(argv[1], F_OK) == 0)
        return cli_usage_error("", "%s: not a command; did you mean 'fencepost run %s'?", argv[1],
                               argv[1]);
    if (!command)
        return cli_usage_error("", "%s: no such command", argv[1]);
    return command->run(argc - 1, argv + 1);
}
