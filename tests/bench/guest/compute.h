/* SPDX-License-Identifier: Apache-2.0 */
/* What the benchmark calculates, on the host as well as in the guest. */
#ifndef TESTS_BENCH_GUEST_COMPUTE_H
#define TESTS_BENCH_GUEST_COMPUTE_H

#include <stdint.h>

/* How many rounds the guest calculates: about a hundred million instructions. */
enum { COMPUTE_ROUNDS = 600 };

/* What a round does; a guest of one part shows what that kind of code costs. */
enum compute_part {
    COMPUTE_COPY = 1,
    COMPUTE_CRC = 2,
    COMPUTE_SORT = 4,
    COMPUTE_FP = 8,
    COMPUTE_ALL = 15,
};

/* Copies, checksums, sorts and multiplies matrices `rounds` times; the result depends on every
 * step. `parts` are of enum compute_part. The same on every little-endian IEEE 754 machine. */
uint32_t compute(uint32_t rounds, uint32_t parts);

#endif
