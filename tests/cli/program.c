/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cli/program.h"

#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

void run_program(struct outcome *outcome, const char *arguments)
{
    char command[1024];
    size_t size;
    FILE *pipe;
    int status;

    /* Redirections first: the arguments may send standard output elsewhere. */
    (void)snprintf(command, sizeof command, "%s 2>&1 </dev/null %s", PROGRAM, arguments);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    size = fread(outcome->output, 1, sizeof outcome->output - 1, pipe);
    outcome->output[size] = '\0';
    status = pclose(pipe);
    outcome->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void assert_code(const struct outcome *outcome, int code)
{
    if (outcome->code != code)
        fail_msg("exit code %d instead of %d, output:\n%s", outcome->code, code, outcome->output);
}

void assert_says(const struct outcome *outcome, const char *text)
{
    if (!strstr(outcome->output, text))
        fail_msg("\"%s\" is not in the output:\n%s", text, outcome->output);
}

static void assert_error_lines(const struct outcome *outcome, const char *text, unsigned lines)
{
    unsigned count = 0;

    for (const char *at = outcome->output; *at; at++)
        count += *at == '\n';
    assert_code(outcome, 2);
    assert_says(outcome, text);
    if (count != lines || strncmp(outcome->output, "fencepost: ", 11) != 0)
        fail_msg("not %u line(s) beginning with \"fencepost: \":\n%s", lines, outcome->output);
}

void assert_one_line(const struct outcome *outcome, const char *text)
{
    assert_error_lines(outcome, text, 1);
}

void assert_usage_error(const struct outcome *outcome, const char *text)
{
    assert_error_lines(outcome, text, 2);
    assert_says(outcome, "--help");
}
