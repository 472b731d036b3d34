/* SPDX-License-Identifier: Apache-2.0 */
/* Has another release number from now on: the host takes that as it is. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    changed = 13;
}
