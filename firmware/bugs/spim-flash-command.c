/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command for a display is a constant and goes to EasyDMA as it is, from flash: the display
 * sees zeros. After InfiniTimeOrg/InfiniTime#2228 (constant data in flash) and apache/mynewt-core
 * PR#2711 (a missing check for RAM).
 */
#include "firmware/bugs/parts/spim_device.h"

static const uint8_t sleep_out[] = {0x11, 0x29, 0x2c};

int main(void)
{
    spim_open();
    NRF_SPIM0->EVENTS_END = 0;
    NRF_SPIM0->TXD_PTR = DMA_POINTER(sleep_out);
    NRF_SPIM0->TXD_MAXCNT = sizeof sleep_out;
    NRF_SPIM0->RXD_MAXCNT = 0;
    dma_start();
    NRF_SPIM0->TASKS_START = 1; // expect: BUF001
    spim_wait();
    program_exit(0);
}
