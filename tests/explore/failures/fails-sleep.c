/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for ever, asleep, with interrupts off in NVIC. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    *(volatile uint32_t *)0xe000e180 = 0xffffffff;
    *(volatile uint32_t *)0xe000e184 = 0xffffffff;
    for (;;)
        wait_for_interrupt();
}
