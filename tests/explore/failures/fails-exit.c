/* SPDX-License-Identifier: Apache-2.0 */
/* Ends itself with an error, by semihosting. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    program_exit(1);
}
