/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules cost. */
#ifndef TESTS_BENCH_DETECTION_H
#define TESTS_BENCH_DETECTION_H

#include <stdbool.h>

/*
 * Prints how much longer code takes with all rules on than without a checker: `compute`, which
 * never touches USB, and `echo`, which does nothing but transfers with the host of `script`. False
 * when a run went wrong.
 */
bool measure_detection(const char *compute, const char *echo, const char *script);

#endif
