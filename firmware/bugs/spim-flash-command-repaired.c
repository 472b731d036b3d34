/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of spim-flash-command.c: the command is copied to RAM. */
#include "firmware/bugs/parts/spim_device.h"

static const uint8_t sleep_out[] = {0x11, 0x29, 0x2c};
static uint8_t command[sizeof sleep_out];

int main(void)
{
    spim_open();
    memcpy(command, sleep_out, sizeof command);
    NRF_SPIM0->EVENTS_END = 0;
    NRF_SPIM0->TXD_PTR = DMA_POINTER(command);
    NRF_SPIM0->TXD_MAXCNT = sizeof command;
    NRF_SPIM0->RXD_MAXCNT = 0;
    dma_start();
    NRF_SPIM0->TASKS_START = 1;
    spim_wait();
    program_exit(0);
}
