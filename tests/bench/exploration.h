/* SPDX-License-Identifier: Apache-2.0 */
/* What it costs to explore all timings. */
#ifndef TESTS_BENCH_EXPLORATION_H
#define TESTS_BENCH_EXPLORATION_H

#include <stdbool.h>

/*
 * Prints schedules a second and core, the time to explore the data stage of `workshop`, how steps
 * grow with words and interrupts, and what a second core gives. `late` copies behind its start,
 * `growth` is tests/explore/firmware/growth.c. False when an exploration went wrong.
 */
bool measure_exploration(const char *workshop, const char *late, const char *growth);

#endif
