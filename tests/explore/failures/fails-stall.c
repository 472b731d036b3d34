/* SPDX-License-Identifier: Apache-2.0 */
/* Refuses the request under way. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    NRF_USBD->TASKS_EP0STALL = 1;
}
