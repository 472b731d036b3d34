/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/guest/compute.h"

uint32_t run(void);

uint32_t run(void)
{
    return compute(COMPUTE_ROUNDS, PARTS);
}
