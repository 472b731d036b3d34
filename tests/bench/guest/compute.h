/* SPDX-License-Identifier: Apache-2.0 */
/* What the benchmark calculates, on the host as well as in the guest. */
#ifndef TESTS_BENCH_GUEST_COMPUTE_H
#define TESTS_BENCH_GUEST_COMPUTE_H

#include <stdint.h>

/* How many rounds the guest calculates: about a hundred million instructions. */
enum { COMPUTE_ROUNDS = 600 };

/* Copies, checksums, sorts and multiplies matrices `rounds` times; the result depends on every
 * step. The same on every IEEE 754 machine. */
uint32_t compute(uint32_t rounds);

#endif
