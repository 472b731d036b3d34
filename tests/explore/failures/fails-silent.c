/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves one request without its answer; the next ones are answered. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    silent = 1;
}
