/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for the end of a transfer whose bytes take seconds on the wire. */
#include "firmware/bugs/parts/uarte_device.h"

enum { BAUD_1200 = 0x0004f000 };

static uint8_t line[255];

int main(void)
{
    uarte_open();
    NRF_UARTE0->BAUDRATE = BAUD_1200;
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(line);
    NRF_UARTE0->TXD_MAXCNT = sizeof line;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1;
    while (!NRF_UARTE0->EVENTS_ENDTX) {
    }
    program_exit(0);
}
