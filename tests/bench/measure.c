/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* wait4 */

#include "tests/bench/measure.h"

#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double cpu_clock(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double wall_clock(void)
{
    return seconds(CLOCK_MONOTONIC);
}

/* Starts the child with its output in a pipe and returns the pipe's reading end; -1 on failure. */
static int start(char *const argv[], pid_t *child)
{
    extern char **environ;
    posix_spawn_file_actions_t actions;
    int ends[2];
    int failed;

    if (pipe(ends))
        return -1;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    (void)posix_spawn_file_actions_addclose(&actions, ends[0]);
    (void)posix_spawn_file_actions_addclose(&actions, ends[1]);
    failed = posix_spawnp(child, argv[0], &actions, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    if (!failed)
        return ends[0];
    (void)close(ends[0]);
    return -1;
}

bool run_child(char *const argv[], struct text *output, struct cost *cost)
{
    double begin = wall_clock();
    struct rusage usage;
    char bytes[4096];
    ssize_t size;
    pid_t child;
    int status;
    int pipe_end = start(argv, &child);

    if (pipe_end < 0)
        return false;
    while ((size = read(pipe_end, bytes, sizeof bytes)) > 0) {
        if (output)
            text_append(output, bytes, (size_t)size);
    }
    (void)wait4(child, &status, 0, &usage);
    cost->wall = wall_clock() - begin;
    (void)close(pipe_end);
    cost->cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
    cost->peak_kib = usage.ru_maxrss;
    cost->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return true;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}
