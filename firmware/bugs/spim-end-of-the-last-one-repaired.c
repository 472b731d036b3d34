/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of spim-end-of-the-last-one.c: END is cleared before each start. */
#include "firmware/bugs/parts/spim_device.h"

static uint8_t command[4] = {0x05, 1, 2, 3};
static uint8_t answer[4];
static volatile uint8_t status;

static void transfer(void)
{
    NRF_SPIM0->EVENTS_END = 0;
    NRF_SPIM0->TXD_PTR = DMA_POINTER(command);
    NRF_SPIM0->TXD_MAXCNT = sizeof command;
    NRF_SPIM0->RXD_PTR = DMA_POINTER(answer);
    NRF_SPIM0->RXD_MAXCNT = sizeof answer;
    dma_start();
    NRF_SPIM0->TASKS_START = 1;
    while (!NRF_SPIM0->EVENTS_END)
        ;
    dma_end();
}

int main(void)
{
    spim_open();
    transfer();
    transfer();
    status = answer[1];
    if (status != command[1])
        program_exit(1);
    program_exit(0);
}
