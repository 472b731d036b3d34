/* SPDX-License-Identifier: Apache-2.0 */
/* Stops at an assertion that is a BKPT: without a debugger, a HardFault. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    __asm__ volatile("bkpt 0");
}
