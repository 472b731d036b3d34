/* SPDX-License-Identifier: Apache-2.0 */
/* Has no configuration from now on, or a device descriptor of another length: the host cannot live
 * with either, and says so in other words. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    changed = interrupts & 1 ? 18 : 1;
}
