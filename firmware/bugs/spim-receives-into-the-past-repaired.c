/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of spim-receives-into-the-past.c: without a buffer, MAXCNT is 0. */
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
    NRF_SPIM0->RXD_PTR = DMA_POINTER(received);
    NRF_SPIM0->RXD_MAXCNT = received ? SIZE : 0;
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
        sum = (uint8_t)(sum + answer[i]);
    spim_wait();
    program_exit(0);
}
