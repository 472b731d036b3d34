/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for ever, busily, with interrupts off. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    interrupts_disable();
    for (;;)
        ;
}
