/* SPDX-License-Identifier: Apache-2.0 */
/* How many bytes go over the simulated bus, and what that costs. */
#ifndef TESTS_BENCH_THROUGHPUT_H
#define TESTS_BENCH_THROUGHPUT_H

#include <stdbool.h>

/*
 * Prints packets a frame of `echo`, a device that sends back what comes on a bulk endpoint, against
 * what full speed allows; instructions a second meanwhile; and conversations a second with
 * `workshop`, which is enumerated. False when a run went wrong.
 */
bool measure_throughput(const char *echo, const char *workshop);

#endif
