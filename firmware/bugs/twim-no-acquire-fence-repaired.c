/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of twim-no-acquire-fence.c: an acquire fence stands between. */
#include "firmware/bugs/parts/twim_device.h"

static uint8_t which[] = {0xd0};
static uint8_t answer[4];
static volatile uint8_t identity;

int main(void)
{
    twim_open(0x76);
    twim_prepare(which, sizeof which, answer, sizeof answer);
    twim_start(sizeof answer);
    while (!NRF_TWIM0->EVENTS_STOPPED)
        ;
    dma_end();
    identity = *(volatile uint8_t *)answer;
    program_exit(0);
}
