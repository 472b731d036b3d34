/* SPDX-License-Identifier: Apache-2.0 */
/* Loads from an address where nothing is. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    (void)*(volatile uint32_t *)0x70000000;
}
