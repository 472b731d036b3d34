/* SPDX-License-Identifier: Apache-2.0 */
/* Has no configuration from now on: the host cannot live with that. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    changed = 18;
}
