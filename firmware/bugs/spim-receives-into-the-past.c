/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A write passes no receive buffer, and the driver leaves RXD as it was. EasyDMA goes on storing
 * into the buffer of the read before, which its owner is working with. After apache/nuttx PR#1777.
 */
#include "firmware/bugs/parts/spim_device.h"

enum { SIZE = 8 };

static uint8_t command[SIZE] = {0x9f};
static uint8_t answer[SIZE];
static volatile uint8_t sum;

static void transfer(const uint8_t *sent, uint8_t *received)
{
    NRF_SPIM0->EVENTS_END = 0;
    NRF_SPIM0->TXD_PTR = DMA_POINTER(sent);
    NRF_SPIM0->TXD_MAXCNT = SIZE;
    if (received) {
        NRF_SPIM0->RXD_PTR = DMA_POINTER(received);
        NRF_SPIM0->RXD_MAXCNT = SIZE;
    }
    dma_start();
    NRF_SPIM0->TASKS_START = 1;
}

int main(void)
{
    spim_open();
    transfer(command, answer);
    spim_wait();
    transfer(command, NULL);
    for (unsigned i = 0; i < SIZE; i++)
        sum = (uint8_t)(sum + answer[i]); // expect: DMA002
    spim_wait();
    program_exit(0);
}
