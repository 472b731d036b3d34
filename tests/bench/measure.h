/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks, medians and child processes. */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include "sim/base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* What a child process cost. */
struct cost {
    double cpu;    /* seconds, user and system */
    double wall;   /* seconds, from before it was started until it was waited for */
    long peak_kib; /* largest resident set */
    int exit_code; /* -1: it did not end by itself */
};

/* Runs `argv` (NULL-terminated, looked up in PATH), and adds what it prints to `output` unless that
 * is NULL. False when it cannot be started. */
bool run_child(char *const argv[], struct text *output, struct cost *cost);

/* Seconds of this process; differences are what counts. */
double cpu_clock(void);
double wall_clock(void);

/* Sorts `values` and returns the one in the middle. count >= 1. */
double median(double *values, size_t count);

#endif
