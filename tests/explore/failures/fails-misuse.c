/* SPDX-License-Identifier: Apache-2.0 */
/* Uses EasyDMA outside Data RAM: a finding. */
#include "tests/explore/failures/misbehave.h"

static void misbehave(void)
{
    NRF_USBD->EPIN[1].PTR = 0x1000;
    NRF_USBD->EPIN[1].MAXCNT = 4;
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
}
