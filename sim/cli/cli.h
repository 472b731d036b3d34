/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program `fencepost`: its commands, and the conventions they share.
 *
 * Results go to standard output, errors to standard error as "fencepost: subject: reason".
 * Exit codes: 0 clean, 1 findings (or the firmware failed), 2 wrong usage or input.
 */
#ifndef SIM_CLI_CLI_H
#define SIM_CLI_CLI_H

#include "sim/base/compiler.h"
#include "sim/base/status.h"
#include "sim/check/rule.h"

#include <stdbool.h>

#define CLI_VERSION "0.1.0"

enum exit_code { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_USAGE = 2 };

/* What main() returns. */
int cli_main(int argc, char **argv);

/* Commands. argv[0] is the command's own name; each returns an exit code. */
int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_explore(int argc, char **argv);
int command_debug(int argc, char **argv);
int command_inspect(int argc, char **argv);
int command_regs(int argc, char **argv);
int command_peripherals(int argc, char **argv);
int command_rules(int argc, char **argv);
int command_errata(int argc, char **argv);

/* "fencepost: TEXT" on standard error; returns EXIT_USAGE. */
int cli_error(const char *format, ...) PRINTF_LIKE(1, 2);

/* The line of `failure` on standard error; returns EXIT_USAGE. */
int cli_failure(const struct failure *failure);

/* An error of usage: the line, and where help is. Returns EXIT_USAGE. */
int cli_usage_error(const char *command, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * Reads the arguments of a command that takes nothing but names. Returns -1 when all are `known`,
 * else the exit code after `help` or an error of usage ("NAME: no such WHAT ...") was printed.
 */
int cli_read_names(int argc, char **argv, const char *help, const char *what,
                   bool (*known)(const char *name));

/* Reads --rules=TEXT of `command`: which rules are off. On failure has said why and returns false.
 */
bool cli_read_rules(const char *command, const char *text, rule_set *off);

/* Writes to standard output; a failure (a full disk) is remembered for cli_finish. */
void cli_print(const char *text);

/* Flushes standard output. Returns `code`, or EXIT_USAGE with a line when output was lost. */
int cli_finish(int code);

/* Whether colour is wanted: `when` is "always", "never" or "auto" (a terminal, and no NO_COLOR). */
bool cli_wants_colour(const char *when);

#endif
