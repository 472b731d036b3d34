/* SPDX-License-Identifier: Apache-2.0 */
/*
 * END stays set from the transfer before and is taken for the end of this one: the answer is read
 * before it has come. After zephyrproject-rtos/zephyr#12453, where completion and its event part
 * company.
 */
#include "firmware/bugs/parts/spim_device.h"

static uint8_t command[4] = {0x05, 1, 2, 3};
static uint8_t answer[4];
static volatile uint8_t status;

static void transfer(void)
{
    NRF_SPIM0->TXD_PTR = DMA_POINTER(command);
    NRF_SPIM0->TXD_MAXCNT = sizeof command;
    NRF_SPIM0->RXD_PTR = DMA_POINTER(answer);
    NRF_SPIM0->RXD_MAXCNT = sizeof answer;
    dma_start();
    NRF_SPIM0->TASKS_START = 1;
    while (!NRF_SPIM0->EVENTS_END) // expect: PER011
        ;
    dma_end();
}

int main(void)
{
    spim_open();
    transfer();
    transfer();
    status = answer[1]; // expect: DMA002
    while (NRF_SPIM0->RXD_AMOUNT != sizeof answer)
        ;
    program_exit(0);
}
