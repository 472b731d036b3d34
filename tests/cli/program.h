/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the built program as a shell would, and looks at what it prints. */
#ifndef TESTS_CLI_PROGRAM_H
#define TESTS_CLI_PROGRAM_H

struct outcome {
    int code;           /* exit code; 128 + n when it ended by signal n */
    char output[65536]; /* standard output and standard error, as they came */
};

/* Runs "fencepost ARGUMENTS" through the shell. */
void run_program(struct outcome *outcome, const char *arguments);

/* Fails the test with the whole output unless the exit code is `code`. */
void assert_code(const struct outcome *outcome, int code);

/* Fails the test with the whole output unless it contains `text`. */
void assert_says(const struct outcome *outcome, const char *text);

/* Fails the test unless the output is one line that begins with "fencepost: " and has `text`. */
void assert_one_line(const struct outcome *outcome, const char *text);

/* As assert_one_line, for errors of usage: a second line tells where help is. */
void assert_usage_error(const struct outcome *outcome, const char *text);

#endif
