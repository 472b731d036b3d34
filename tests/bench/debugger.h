/* SPDX-License-Identifier: Apache-2.0 */
/* What the debugger costs: steps both ways, and its answers over a pipe. */
#ifndef TESTS_BENCH_DEBUGGER_H
#define TESTS_BENCH_DEBUGGER_H

#include <stdbool.h>

/*
 * Prints a table. `busy` is a guest that computes for more than a second of virtual time, `usb`
 * firmware that mostly sleeps, `program` the simulator. False: a step back found another state than
 * the one that was.
 */
bool measure_debugger(const char *program, const char *busy, const char *usb);

#endif
