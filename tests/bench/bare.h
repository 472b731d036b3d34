/* SPDX-License-Identifier: Apache-2.0 */
/* Unicorn alone, without a hook: what any simulator on it could reach without tricks. */
#ifndef TESTS_BENCH_BARE_H
#define TESTS_BENCH_BARE_H

#include <stdbool.h>
#include <stdint.h>

/* Runs the flat image `path` until it reaches `finish`. Gives its result and the CPU time, from
 * before the first instruction, translation included. False when the file cannot be read or the
 * engine fails. */
bool bare_run(const char *path, uint32_t *result, double *cpu_seconds);

#endif
