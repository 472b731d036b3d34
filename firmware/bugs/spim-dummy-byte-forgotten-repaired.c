/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spim-dummy-byte-forgotten, repaired: the command has room for the dummy byte.
 */
#include "firmware/bugs/parts/spim_device.h"

static uint8_t answer[8];

__attribute__((noinline)) static void exchange(const uint8_t *sent, uint32_t size)
{
    NRF_SPIM0->EVENTS_END = 0;
    NRF_SPIM0->TXD_PTR = DMA_POINTER(sent);
    NRF_SPIM0->TXD_MAXCNT = size;
    NRF_SPIM0->RXD_PTR = DMA_POINTER(answer);
    NRF_SPIM0->RXD_MAXCNT = sizeof answer;
    dma_start();
    NRF_SPIM0->TASKS_START = 1;
    spim_wait();
}

__attribute__((noinline)) static void fast_read(uint32_t address)
{
    uint8_t command[5];

    command[0] = 0x0b;
    command[1] = (uint8_t)(address >> 16);
    command[2] = (uint8_t)(address >> 8);
    command[3] = (uint8_t)address;
    command[4] = 0;
    exchange(command, 5);
    /* Its own work is not over: the call is no jump. */
    answer[0] = 0;
}

int main(void)
{
    spim_open();
    fast_read(0x1000);
    program_exit(0);
}
