/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of spim-no-release-fence.c: a release fence stands before the start. */
#include "firmware/bugs/parts/spim_device.h"

static uint8_t frame[4];

int main(void)
{
    spim_open();
    NRF_SPIM0->EVENTS_END = 0;
    NRF_SPIM0->TXD_PTR = DMA_POINTER(frame);
    NRF_SPIM0->TXD_MAXCNT = sizeof frame;
    NRF_SPIM0->RXD_MAXCNT = 0;
    for (unsigned i = 0; i < sizeof frame; i++)
        ((volatile uint8_t *)frame)[i] = (uint8_t)(0x10 + i);
    dma_start();
    NRF_SPIM0->TASKS_START = 1;
    spim_wait();
    program_exit(0);
}
